"""What moderators do and see."""

from __future__ import annotations

from collections.abc import Callable

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import fragments, moderator, who
from streamcore.core.integrations.twitch.events.reading import Count, Items, Text, Time
from streamcore.core.integrations.twitch.events.source import Source, moment, second
from streamcore.core.integrations.twitch.events.table import mapping
from streamcore.protocol.events import (
    AutomodMessage,
    RoleChanged,
    ShieldMode,
    SuspiciousUser,
    UnbanRequest,
    UserBanned,
    UserUnbanned,
    UserWarned,
)
from streamcore.protocol.objects import Role

__all__ = ["MODERATION"]


class _Ban(wire.Deed, frozen=True, kw_only=True):
    user_id: Text
    reason: Text | None = None
    banned_at: Time | None = None
    ends_at: Time | None = None
    is_permanent: bool | None = None


class _Unban(wire.Deed, frozen=True, kw_only=True):
    user_id: Text


class _Warning(wire.Deed, frozen=True, kw_only=True):
    user_id: Text
    reason: Text | None = None
    chat_rules_cited: Items[Text] | None = None


class _Role(wire.OfUser, frozen=True, kw_only=True):
    user_id: Text


class _UnbanRequest(wire.Deed, frozen=True, kw_only=True):
    id: Text
    text: Text | None = None
    resolution_text: Text | None = None
    status: Text = ""
    created_at: Time | None = None


class _Automod(wire.Wire, frozen=True, kw_only=True):
    category: Text = ""
    level: Count = 0


class _Held(wire.Deed, frozen=True, kw_only=True):
    message_id: Text
    message: wire.Message = wire.Message()
    reason: Text | None = None
    automod: _Automod | None = None
    status: Text = ""
    held_at: Time | None = None


class _Shield(wire.OfModerator, frozen=True, kw_only=True):
    started_at: Time | None = None
    ended_at: Time | None = None


class _SuspiciousMessage(wire.Message, frozen=True, kw_only=True):
    message_id: Text = ""


class _Suspicious(wire.Deed, frozen=True, kw_only=True):
    user_id: Text
    low_trust_status: Text = ""
    types: Items[Text] | None = None
    ban_evasion_evaluation: Text | None = None
    message: _SuspiciousMessage | None = None


def _ban(source: Source, data: _Ban) -> UserBanned:
    at = moment(data.banned_at) or source.at
    ends_at = None if data.is_permanent else moment(data.ends_at)
    return UserBanned(
        **source.base(f"ban:{data.user_id}:{second(at)}", at=at),
        user=who(data),
        moderator=moderator(data),
        reason=data.reason or "",
        ends_at=ends_at,
        duration_s=None if ends_at is None else max(0, round((ends_at - at).total_seconds())),
        is_permanent=ends_at is None if data.is_permanent is None else data.is_permanent,
    )


def _unban(source: Source, data: _Unban) -> UserUnbanned:
    return UserUnbanned(**source.base(), user=who(data), moderator=moderator(data))


def _warned(source: Source, data: _Warning) -> UserWarned:
    return UserWarned(
        **source.base(),
        user=who(data),
        moderator=moderator(data),
        reason=data.reason or "",
        rules=data.chat_rules_cited or (),
    )


def _acknowledged(source: Source, data: _Warning) -> UserWarned:
    return UserWarned(**source.base(), user=who(data), is_acknowledged=True)


def _role(role: Role, *, is_added: bool) -> Callable[[Source, _Role], RoleChanged]:
    def changed(source: Source, data: _Role) -> RoleChanged:
        return RoleChanged(**source.base(), user=who(data), role=role, is_added=is_added)

    return changed


def _unban_request(source: Source, data: _UnbanRequest) -> UnbanRequest:
    status = data.status.lower() or "pending"
    return UnbanRequest(
        **source.base(f"unban_request:{data.id}:{status}", at=moment(data.created_at)),
        user=who(data),
        moderator=moderator(data),
        request_id=data.id,
        text=data.text or "",
        status=status,
        answer=data.resolution_text or "",
    )


def _held(source: Source, data: _Held) -> AutomodMessage:
    status = data.status.lower() or "held"
    seen = data.automod or _Automod()
    return AutomodMessage(
        **source.base(
            f"automod:{data.message_id}:{status}",
            at=moment(data.held_at) if status == "held" else None,
        ),
        user=who(data),
        moderator=moderator(data),
        message_id=data.message_id,
        text=data.message.text,
        fragments=fragments(data.message),
        category=seen.category,
        level=seen.level,
        reason=data.reason or "",
        status=status,
    )


def _shield(*, is_active: bool) -> Callable[[Source, _Shield], ShieldMode]:
    def switched(source: Source, data: _Shield) -> ShieldMode:
        at = moment(data.started_at if is_active else data.ended_at) or source.at
        base = source.base(f"shield:{second(at)}:{'on' if is_active else 'off'}", at=at)
        return ShieldMode(**base, moderator=moderator(data), is_active=is_active)

    return switched


def _suspicious(source: Source, data: _Suspicious) -> SuspiciousUser:
    message = data.message or _SuspiciousMessage()
    return SuspiciousUser(
        **source.base(f"suspicious:{message.message_id}" if message.message_id else ""),
        user=who(data),
        moderator=moderator(data),
        status=data.low_trust_status,
        text=message.text,
        fragments=fragments(message) if message.text else (),
        message_id=message.message_id,
        kinds=data.types or (),
        ban_evasion=data.ban_evasion_evaluation or "",
    )


MODERATION = {
    "channel.ban": mapping(_Ban, _ban),
    "channel.unban": mapping(_Unban, _unban),
    "channel.warning.send": mapping(_Warning, _warned),
    "channel.warning.acknowledge": mapping(_Warning, _acknowledged),
    "channel.moderator.add": mapping(_Role, _role(Role.MODERATOR, is_added=True)),
    "channel.moderator.remove": mapping(_Role, _role(Role.MODERATOR, is_added=False)),
    "channel.vip.add": mapping(_Role, _role(Role.VIP, is_added=True)),
    "channel.vip.remove": mapping(_Role, _role(Role.VIP, is_added=False)),
    "channel.unban_request.create": mapping(_UnbanRequest, _unban_request),
    "channel.unban_request.resolve": mapping(_UnbanRequest, _unban_request),
    "automod.message.hold": mapping(_Held, _held),
    "automod.message.update": mapping(_Held, _held),
    "channel.shield_mode.begin": mapping(_Shield, _shield(is_active=True)),
    "channel.shield_mode.end": mapping(_Shield, _shield(is_active=False)),
    "channel.suspicious_user.message": mapping(_Suspicious, _suspicious),
    "channel.suspicious_user.update": mapping(_Suspicious, _suspicious),
}
