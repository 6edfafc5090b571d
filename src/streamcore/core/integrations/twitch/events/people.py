"""Twitch's people and texts as the protocol's: badges to roles, fragments to fragments."""

from __future__ import annotations

import re

from streamcore.core.integrations.twitch.events import wire
from streamcore.protocol.objects import (
    Badge,
    Emote,
    Fragment,
    FragmentKind,
    Person,
    Role,
    User,
)

__all__ = [
    "ANONYMOUS",
    "STAND_INS",
    "fragments",
    "giver",
    "moderator",
    "participants",
    "partner",
    "person",
    "tier",
    "user",
    "who",
]

ANONYMOUS = User(id="", login="", name="Anonymous", is_anonymous=True)

STAND_INS = frozenset({"ananonymousgifter", "ananonymouscheerer"})
"""The accounts under which Twitch shows people who want no name."""
_EMOTES = "https://static-cdn.jtvnw.net/emoticons/v2"
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
    if not badges:
        return User(
            id=user_id,
            login=login or "",
            name=name or login or "",
            color=color or None,
            is_first_time=is_first_time,
        )
    return User(
        id=user_id,
        login=login or "",
        name=name or login or "",
        color=color or None,
        roles=tuple(dict.fromkeys([_ROLES[b.set_id] for b in badges if b.set_id in _ROLES])),
        badges=tuple([Badge(set=b.set_id, id=b.id) for b in badges]),
        subscriber_months=_months(badges),
        is_first_time=is_first_time,
    )


def _months(badges: tuple[wire.Badge, ...]) -> int | None:
    for badge in badges:
        if badge.set_id in {"subscriber", "founder"} and badge.info and badge.info.isdecimal():
            return int(badge.info)
    return None


def who(data: wire.OfUser) -> User:
    """Return whom a notification is about."""
    return user(data.user_id, data.user_login, data.user_name)


def giver(user_id: str | None, login: str | None, name: str | None) -> User:
    """Return who paid; Twitch lends its own accounts to those who stay anonymous."""
    return ANONYMOUS if login in STAND_INS else user(user_id, login, name)


def moderator(data: wire.OfModerator | wire.Deed) -> User | None:
    """Return who acted, when it was somebody."""
    if not data.moderator_user_id:
        return None
    return user(data.moderator_user_id, data.moderator_user_login, data.moderator_user_name)


def person(user_id: str, login: str | None, name: str | None) -> Person:
    """Return a person in short."""
    return Person(id=user_id, login=login or "", name=name or login or "")


def partner(data: wire.InSharedChat) -> Person | None:
    """Return the other channel from which a shared chat brought this; None for our own."""
    source = data.source_broadcaster_user_id
    if not source or source == data.broadcaster_user_id:
        return None
    return person(source, data.source_broadcaster_user_login, data.source_broadcaster_user_name)


def participants(found: tuple[wire.Participant, ...] | None) -> tuple[Person, ...]:
    """Return the channels that share something."""
    return tuple(
        person(each.broadcaster_user_id, each.broadcaster_user_login, each.broadcaster_user_name)
        for each in found or ()
    )


def tier(code: str | None) -> int:
    """Return 1, 2 or 3; what Twitch may add later counts as the lowest."""
    return _TIERS.get(code or "", 1)


def _emote_url(emote_id: str, *, animated: bool) -> str:
    """Return the address of an emote's picture."""
    return f"{_EMOTES}/{emote_id}/{'animated' if animated else 'static'}/dark/2.0"


def fragments(message: wire.Message | None) -> tuple[Fragment, ...]:
    """Return a message in pieces; links, which Twitch leaves in the text, are pieces too."""
    if message is None:
        return ()
    if not message.fragments:
        return tuple(_texts(message.text))
    pieces: list[Fragment] = []
    for piece in message.fragments:
        kind = _KINDS.get(piece.type)
        if kind is None:
            pieces += _texts(piece.text)
        else:
            pieces.append(_piece(kind, piece))
    return tuple(pieces)


def _texts(text: str) -> list[Fragment]:
    if "://" not in text:  # nearly all of them
        return [Fragment(kind=FragmentKind.TEXT, text=text)] if text else []
    return [
        Fragment(kind=FragmentKind.LINK if _LINK.fullmatch(part) else FragmentKind.TEXT, text=part)
        for part in _LINK.split(text)
        if part
    ]


def _piece(kind: FragmentKind, piece: wire.MessageFragment) -> Fragment:
    if kind is FragmentKind.EMOTE and piece.emote is not None:
        animated = "animated" in (piece.emote.format or ())
        url = _emote_url(piece.emote.id, animated=animated)
        emote = Emote(provider="twitch", id=piece.emote.id, animated=animated, url=url)
        return Fragment(kind=kind, text=piece.text, emote=emote)
    if piece.mention is not None and piece.mention.user_id:
        named = piece.mention
        meant = person(named.user_id, named.user_login, named.user_name)
        return Fragment(kind=kind, text=piece.text, user=meant)
    bits = 0 if piece.cheermote is None else piece.cheermote.bits
    return Fragment(kind=kind, text=piece.text, bits=bits)
