"""Twitch's people and texts as the protocol's: badges to roles, fragments to fragments."""

from __future__ import annotations

import re

from streamcore.core.integrations.twitch.events import wire
from streamcore.protocol.objects import Badge, Emote, Fragment, FragmentKind, Recipient, Role, User

__all__ = ["ANONYMOUS", "emote_url", "fragments", "recipient", "tier", "user"]

ANONYMOUS = User(id="", login="", name="Anonymous", is_anonymous=True)

_EMOTE_URL = "https://static-cdn.jtvnw.net/emoticons/v2/{id}/{form}/dark/2.0"
_LINK = re.compile(r"(https?://[^\s]+)")
_ROLES = {
    "broadcaster": Role.BROADCASTER,
    "moderator": Role.MODERATOR,
    "lead_moderator": Role.MODERATOR,
    "vip": Role.VIP,
    "subscriber": Role.SUBSCRIBER,
    "founder": Role.SUBSCRIBER,
    "partner": Role.VERIFIED,
    "bot-badge": Role.BOT,
}
_KINDS = {
    "emote": FragmentKind.EMOTE,
    "cheermote": FragmentKind.CHEERMOTE,
    "mention": FragmentKind.MENTION,
}
_TIERS = {"1000": 1, "2000": 2, "3000": 3}


def user(
    user_id: str | None,
    login: str | None,
    name: str | None,
    *,
    color: str | None = None,
    badges: tuple[wire.Badge, ...] | None = None,
    is_first_time: bool = False,
) -> User:
    """Return a person; one without an id is the anonymous one."""
    if not user_id:
        return ANONYMOUS
    badges = badges or ()
    return User(
        id=user_id,
        login=login or "",
        name=name or login or "",
        color=color or None,
        roles=tuple(dict.fromkeys(_ROLES[b.set_id] for b in badges if b.set_id in _ROLES)),
        badges=tuple(Badge(set=b.set_id, id=b.id) for b in badges),
        subscriber_months=_months(badges),
        is_first_time=is_first_time,
    )


def _months(badges: tuple[wire.Badge, ...]) -> int | None:
    for badge in badges:
        if badge.set_id in {"subscriber", "founder"} and badge.info and badge.info.isdecimal():
            return int(badge.info)
    return None


def recipient(notice: wire.SubGiftNotice) -> Recipient:
    """Return who got a gift."""
    return Recipient(
        id=notice.recipient_user_id,
        login=notice.recipient_user_login,
        name=notice.recipient_user_name or notice.recipient_user_login,
    )


def tier(code: str | None) -> int:
    """Return 1, 2 or 3; what Twitch may add later counts as the lowest."""
    return _TIERS.get(code or "", 1)


def emote_url(emote_id: str, *, animated: bool) -> str:
    """Return the address of an emote's picture."""
    return _EMOTE_URL.format(id=emote_id, form="animated" if animated else "static")


def fragments(message: wire.Message | None) -> tuple[Fragment, ...]:
    """Return a message in pieces; links, which Twitch leaves in the text, are pieces too."""
    if message is None:
        return ()
    pieces = message.fragments or (wire.MessageFragment(text=message.text),)
    return tuple(fragment for piece in pieces for fragment in _pieces(piece))


def _pieces(piece: wire.MessageFragment) -> tuple[Fragment, ...]:
    kind = _KINDS.get(piece.type, FragmentKind.TEXT)
    if kind is FragmentKind.TEXT:
        return tuple(_text(part) for part in _LINK.split(piece.text) if part)
    if kind is FragmentKind.EMOTE and piece.emote is not None:
        animated = "animated" in (piece.emote.format or ())
        url = emote_url(piece.emote.id, animated=animated)
        emote = Emote(provider="twitch", id=piece.emote.id, animated=animated, url=url)
        return (Fragment(kind=kind, text=piece.text, emote=emote),)
    bits = 0 if piece.cheermote is None else piece.cheermote.bits
    return (Fragment(kind=kind, text=piece.text, bits=bits),)


def _text(part: str) -> Fragment:
    kind = FragmentKind.LINK if _LINK.fullmatch(part) else FragmentKind.TEXT
    return Fragment(kind=kind, text=part)
