"""The closed list of what a streamer can allow a module, each with its sentence and risk."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["PERMISSIONS", "Permission", "PermissionInfo", "Risk"]


class Permission(StrEnum):
    """One thing that a streamer can allow a module; an unknown name makes a manifest invalid."""

    CHAT_READ = "chat_read"
    AUDIENCE_READ = "audience_read"
    DONATIONS_READ = "donations_read"
    REWARDS_READ = "rewards_read"
    POLLS_READ = "polls_read"
    STREAM_READ = "stream_read"
    MODERATION_READ = "moderation_read"
    OBS_READ = "obs_read"
    CHAT_SEND = "chat_send"
    CHAT_MODERATE = "chat_moderate"
    STREAM_MANAGE = "stream_manage"
    REWARDS_MANAGE = "rewards_manage"
    POLLS_MANAGE = "polls_manage"
    OBS_CONTROL = "obs_control"
    NETWORK = "network"
    MODULES_CALL = "modules_call"


class Risk(StrEnum):
    """How much harm a permission could do in the wrong hands; shown on the consent page."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class PermissionInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the consent page says about a permission: its risk and a plain sentence."""

    risk: Risk
    en: str
    ru: str


PERMISSIONS: dict[Permission, PermissionInfo] = {
    Permission.CHAT_READ: PermissionInfo(
        Risk.LOW, "Read the chat of your streams.", "Читать чат ваших трансляций."
    ),
    Permission.AUDIENCE_READ: PermissionInfo(
        Risk.LOW,
        "See new followers, subscribers, raids and viewer counts.",
        "Видеть новых фолловеров, подписчиков, рейды и число зрителей.",
    ),
    Permission.DONATIONS_READ: PermissionInfo(
        Risk.MEDIUM,
        "See donations: who sent them, how much and with what message.",
        "Видеть донаты: кто, сколько и с каким сообщением прислал.",
    ),
    Permission.REWARDS_READ: PermissionInfo(
        Risk.LOW,
        "See which channel rewards viewers redeem.",
        "Видеть, какие награды канала получают зрители.",
    ),
    Permission.POLLS_READ: PermissionInfo(
        Risk.LOW, "See polls and predictions.", "Видеть опросы и прогнозы."
    ),
    Permission.STREAM_READ: PermissionInfo(
        Risk.LOW,
        "See when you go live, your title, category and ads.",
        "Видеть начало и конец трансляции, её название, категорию и рекламу.",
    ),
    Permission.MODERATION_READ: PermissionInfo(
        Risk.MEDIUM,
        "See bans, warnings, unban requests and held messages.",
        "Видеть баны, предупреждения, просьбы о разбане и задержанные сообщения.",
    ),
    Permission.OBS_READ: PermissionInfo(
        Risk.LOW,
        "See the current scene and recording state in OBS.",
        "Видеть текущую сцену и состояние записи в OBS.",
    ),
    Permission.CHAT_SEND: PermissionInfo(
        Risk.MEDIUM,
        "Write in the chat in your name.",
        "Писать в чат от вашего имени.",
    ),
    Permission.CHAT_MODERATE: PermissionInfo(
        Risk.HIGH,
        "Delete messages, time out and ban viewers, change chat modes.",
        "Удалять сообщения, давать таймауты и баны, менять режимы чата.",
    ),
    Permission.STREAM_MANAGE: PermissionInfo(
        Risk.HIGH,
        "Change your title and category, start ads and raids, make clips and announcements.",
        "Менять название и категорию, запускать рекламу и рейды, делать клипы и объявления.",
    ),
    Permission.REWARDS_MANAGE: PermissionInfo(
        Risk.MEDIUM,
        "Create, change and delete channel rewards, accept and refund redemptions.",
        "Создавать, менять и удалять награды канала, принимать и возвращать их.",
    ),
    Permission.POLLS_MANAGE: PermissionInfo(
        Risk.MEDIUM,
        "Start and end polls and predictions.",
        "Запускать и завершать опросы и прогнозы.",
    ),
    Permission.OBS_CONTROL: PermissionInfo(
        Risk.HIGH,
        "Control OBS: switch scenes, show and hide sources, mute audio.",
        "Управлять OBS: переключать сцены, показывать и скрывать источники, глушить звук.",
    ),
    Permission.NETWORK: PermissionInfo(
        Risk.HIGH,
        "Exchange data with the internet addresses listed below.",
        "Обмениваться данными с адресами в интернете из списка ниже.",
    ),
    Permission.MODULES_CALL: PermissionInfo(
        Risk.MEDIUM,
        "Call the other modules listed below.",
        "Обращаться к другим модулям из списка ниже.",
    ),
}
