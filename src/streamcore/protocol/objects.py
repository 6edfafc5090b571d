"""The things that many events share: people, pieces of text, amounts."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = [
    "Amount",
    "Badge",
    "Bet",
    "Choice",
    "Contribution",
    "Emote",
    "Fragment",
    "FragmentKind",
    "Person",
    "Phase",
    "Recipient",
    "Reply",
    "Role",
    "User",
]


class _Object(msgspec.Struct, frozen=True, kw_only=True):
    """Readers ignore fields they do not know, so that adding one is free."""


class Role(StrEnum):
    """What a person is in the channel."""

    BROADCASTER = "broadcaster"
    MODERATOR = "moderator"
    VIP = "vip"
    SUBSCRIBER = "subscriber"
    MEMBER = "member"
    FOLLOWER = "follower"
    VERIFIED = "verified"
    BOT = "bot"


class Badge(_Object, frozen=True, kw_only=True):
    """A mark beside a name: `set` and `id` as the platform names them."""

    set: str
    id: str
    title: str = ""
    image_url: str | None = None


class User(_Object, frozen=True, kw_only=True):
    """A person (or bot) on a platform; `id` is unique within the platform."""

    id: str
    login: str
    name: str
    avatar_url: str | None = None
    color: str | None = None
    roles: tuple[Role, ...] = ()
    badges: tuple[Badge, ...] = ()
    subscriber_months: int | None = None
    is_first_time: bool = False
    is_anonymous: bool = False


class Recipient(_Object, frozen=True, kw_only=True):
    """Who received a gift."""

    id: str
    login: str
    name: str


class Person(_Object, frozen=True, kw_only=True):
    """A person or a channel, as far as an event tells of more than one."""

    id: str
    login: str
    name: str


class Emote(_Object, frozen=True, kw_only=True):
    """A picture inside a text; one that `is_overlay` lies over the emote before it."""

    provider: str
    id: str
    animated: bool = False
    is_overlay: bool = False
    url: str = ""


class FragmentKind(StrEnum):
    """What a piece of a message is."""

    TEXT = "text"
    EMOTE = "emote"
    CHEERMOTE = "cheermote"
    MENTION = "mention"
    LINK = "link"


class Fragment(_Object, frozen=True, kw_only=True):
    """A piece of a message; the texts of all pieces joined are the message's text.

    `user` is who a mention means, `bits` what a cheermote is worth.
    """

    kind: FragmentKind
    text: str
    emote: Emote | None = None
    user: Person | None = None
    bits: int = 0


class Reply(_Object, frozen=True, kw_only=True):
    """The message that a chat message answers; `thread_id` is the first one of the talk."""

    message_id: str
    user_id: str
    user_name: str
    text: str = ""
    user_login: str = ""
    thread_id: str = ""


class Amount(_Object, frozen=True, kw_only=True):
    """Money or points: `value` in minor units, so that nothing is ever a float.

    `currency` is an ISO 4217 code or a unit (`bits`, `channel_points`); `display` is ready to show.
    12.34 EUR is `value=1234, exponent=2`.
    """

    value: int
    exponent: int
    currency: str
    display: str


class Contribution(_Object, frozen=True, kw_only=True):
    """What one person gave to something that many share.

    `kind` is the platform's word for what was given (`bits`, `subscription` …), `total` is in the
    units of the whole.
    """

    user: Person
    kind: str = ""
    total: int = 0


class Bet(_Object, frozen=True, kw_only=True):
    """What one person bet on an outcome; `won` is None until it is decided, and when lost."""

    user: Person
    points: int = 0
    won: int | None = None


class Choice(_Object, frozen=True, kw_only=True):
    """One answer of a poll or one outcome of a prediction.

    `votes` are all votes, or everybody who bet; `paid_votes` those of them that were bought with
    points; `points` is what was spent on it. `top` are those who bet most, `color` is the
    platform's word for an outcome's colour.
    """

    id: str
    title: str
    votes: int = 0
    points: int = 0
    paid_votes: int = 0
    color: str = ""
    top: tuple[Bet, ...] = ()


class Phase(StrEnum):
    """Where something that lasts stands."""

    BEGIN = "begin"
    PROGRESS = "progress"
    LOCK = "lock"
    END = "end"
