"""What Twitch's notifications say: unknown fields pass, absent ones have a default."""

from __future__ import annotations

from datetime import datetime

import msgspec

__all__ = [
    "AnnouncementNotice",
    "Badge",
    "BitsUse",
    "ChannelUpdate",
    "ChatClear",
    "ChatClearUser",
    "ChatMessage",
    "ChatMessageDelete",
    "ChatNotification",
    "Follow",
    "Message",
    "MessageFragment",
    "Raid",
    "StreamOffline",
    "StreamOnline",
]


class _Wire(msgspec.Struct, frozen=True, kw_only=True):
    """What Twitch documents as possibly null is optional, the rest has a neutral default."""


class Badge(_Wire, frozen=True, kw_only=True):
    set_id: str = ""
    id: str = ""
    info: str | None = None


class EmoteRef(_Wire, frozen=True, kw_only=True):
    id: str = ""
    format: tuple[str, ...] | None = None


class Cheermote(_Wire, frozen=True, kw_only=True):
    prefix: str = ""
    bits: int = 0
    tier: int = 0


class MessageFragment(_Wire, frozen=True, kw_only=True):
    type: str = "text"
    text: str = ""
    emote: EmoteRef | None = None
    cheermote: Cheermote | None = None


class Message(_Wire, frozen=True, kw_only=True):
    text: str = ""
    fragments: tuple[MessageFragment, ...] | None = None


class Cheer(_Wire, frozen=True, kw_only=True):
    bits: int = 0


class Reply(_Wire, frozen=True, kw_only=True):
    parent_message_id: str = ""
    parent_message_body: str | None = None
    parent_user_id: str = ""
    parent_user_name: str | None = None


class _InChannel(_Wire, frozen=True, kw_only=True):
    broadcaster_user_id: str = ""


class _InSharedChat(_InChannel, frozen=True, kw_only=True):
    source_broadcaster_user_id: str | None = None
    source_message_id: str | None = None


class ChatMessage(_InSharedChat, frozen=True, kw_only=True):
    chatter_user_id: str
    chatter_user_login: str = ""
    chatter_user_name: str = ""
    message_id: str
    message: Message = Message()
    message_type: str = "text"
    badges: tuple[Badge, ...] | None = None
    cheer: Cheer | None = None
    color: str | None = None
    reply: Reply | None = None


class ChatMessageDelete(_InChannel, frozen=True, kw_only=True):
    target_user_id: str = ""
    target_user_login: str = ""
    target_user_name: str = ""
    message_id: str


class ChatClearUser(_InChannel, frozen=True, kw_only=True):
    target_user_id: str
    target_user_login: str = ""
    target_user_name: str = ""


class ChatClear(_InChannel, frozen=True, kw_only=True):
    pass


class SubNotice(_Wire, frozen=True, kw_only=True):
    sub_tier: str | None = None
    is_prime: bool | None = None
    duration_months: int | None = None


class ResubNotice(_Wire, frozen=True, kw_only=True):
    cumulative_months: int | None = None
    duration_months: int | None = None
    streak_months: int | None = None
    sub_tier: str | None = None
    is_prime: bool | None = None
    is_gift: bool | None = None


class SubGiftNotice(_Wire, frozen=True, kw_only=True):
    duration_months: int | None = None
    cumulative_total: int | None = None
    recipient_user_id: str = ""
    recipient_user_login: str = ""
    recipient_user_name: str = ""
    sub_tier: str | None = None
    community_gift_id: str | None = None


class CommunitySubGiftNotice(_Wire, frozen=True, kw_only=True):
    id: str = ""
    total: int = 0
    sub_tier: str | None = None


class UpgradeNotice(_Wire, frozen=True, kw_only=True):
    sub_tier: str | None = None


class AnnouncementNotice(_Wire, frozen=True, kw_only=True):
    color: str | None = None


class WatchStreakNotice(_Wire, frozen=True, kw_only=True):
    streak_count: int | None = None


class ChatNotification(_InSharedChat, frozen=True, kw_only=True):
    chatter_user_id: str | None = None
    chatter_user_login: str | None = None
    chatter_user_name: str | None = None
    chatter_is_anonymous: bool | None = None
    color: str | None = None
    badges: tuple[Badge, ...] | None = None
    system_message: str | None = None
    message_id: str = ""
    message: Message | None = None
    notice_type: str = ""
    sub: SubNotice | None = None
    resub: ResubNotice | None = None
    sub_gift: SubGiftNotice | None = None
    community_sub_gift: CommunitySubGiftNotice | None = None
    prime_paid_upgrade: UpgradeNotice | None = None
    announcement: AnnouncementNotice | None = None
    watch_streak: WatchStreakNotice | None = None


class Follow(_InChannel, frozen=True, kw_only=True):
    user_id: str
    user_login: str = ""
    user_name: str = ""
    followed_at: datetime | None = None


class PowerUp(_Wire, frozen=True, kw_only=True):
    type: str = ""


class CustomPowerUp(_Wire, frozen=True, kw_only=True):
    name: str = ""
    title: str = ""


class BitsUse(_InChannel, frozen=True, kw_only=True):
    user_id: str | None = None
    user_login: str | None = None
    user_name: str | None = None
    bits: int = 0
    type: str = ""
    message: Message | None = None
    power_up: PowerUp | None = None
    custom_power_up: CustomPowerUp | None = None


class Raid(_Wire, frozen=True, kw_only=True):
    from_broadcaster_user_id: str
    from_broadcaster_user_login: str = ""
    from_broadcaster_user_name: str = ""
    to_broadcaster_user_id: str = ""
    viewers: int = 0


class StreamOnline(_InChannel, frozen=True, kw_only=True):
    id: str = ""
    type: str = "live"
    started_at: datetime | None = None


class StreamOffline(_InChannel, frozen=True, kw_only=True):
    id: str | None = None


class ChannelUpdate(_InChannel, frozen=True, kw_only=True):
    title: str = ""
    language: str = ""
    category_id: str = ""
    category_name: str = ""
