"""What may be subscribed to: the refusals of Twitch's endpoint, in its order and its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.fakes.twitch.eventsub.kinds import GONE, KINDS, Kind
from tests.fakes.twitch.eventsub.sessions import FakeSession, FakeSubscription

__all__ = ["Asked", "Limits", "Refusal", "cost_of", "forbidden", "over_limit", "unreadable"]

_RAID = ("to_broadcaster_user_id", "from_broadcaster_user_id")
_UNAUTHORISED = "subscription missing proper authorization"


class Refusal(NamedTuple):
    """Twitch's status and sentence."""

    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to subscribe, and whose token came with it."""

    type: str
    version: str
    condition: Mapping[str, object]
    method: str
    session_id: str
    user_id: str
    scopes: Collection[str]


@dataclass(slots=True)
class Limits:
    """What one user may have by one app."""

    transports: int = 3
    per_transport: int = 300
    cost: int = 10
    same: int = 3
    """Subscriptions of one type and condition."""


def unreadable(asked: Asked, unknown_types: Collection[str] = ()) -> Refusal | None:
    """Return what is wrong with the request in itself; some types may be unknown by order."""
    if (asked.type, asked.version) in GONE:
        return Refusal(410, "the subscription type and version are no longer available")
    kind = KINDS.get((asked.type, asked.version))
    if kind is None or asked.type in unknown_types:
        return Refusal(400, "invalid subscription type and version")
    if asked.method != "websocket":
        return Refusal(400, "invalid transport and auth combination")
    if any(not isinstance(value, str) for value in asked.condition.values()):
        return Refusal(400, "a condition's values must be strings")
    given = {name for name, value in asked.condition.items() if value}
    if kind.condition == "raid":
        if len(given) != 1 or not given <= set(_RAID):
            return Refusal(400, f"the condition needs either {' or '.join(_RAID)}")
        return None
    if missing := set(kind.required) - given:
        return Refusal(400, f"missing condition: {', '.join(sorted(missing))}")
    if unknown := given - set(kind.required) - set(kind.optional):
        return Refusal(400, f"unknown condition: {', '.join(sorted(unknown))}")
    return None


def forbidden(asked: Asked, moderators: Collection[str]) -> Refusal | None:
    """Return why this token may not ask for it; `moderators` are those of the fake's channel."""
    kind = KINDS[asked.type, asked.version]
    if any(not group & set(asked.scopes) for group in kind.scopes):
        return Refusal(403, _UNAUTHORISED)
    if not kind.scopes:
        return None
    named = asked.condition.get("moderator_user_id", asked.condition.get("user_id"))
    if named is not None and named != asked.user_id:
        return Refusal(403, _UNAUTHORISED)
    if "B" in kind.condition and not _may_hear(kind, asked, moderators):
        return Refusal(403, _UNAUTHORISED)
    return None


def _may_hear(kind: Kind, asked: Asked, moderators: Collection[str]) -> bool:
    if asked.condition["broadcaster_user_id"] == asked.user_id or "U" in kind.condition:
        return True
    return "M" in kind.condition and asked.user_id in moderators


def cost_of(asked: Asked, authorised: Collection[str]) -> int:
    """Return 0 when the person in the condition has authorised the app, as for all with scopes."""
    kind = KINDS[asked.type, asked.version]
    return int(not kind.scopes and not any(v in authorised for v in asked.condition.values() if v))


def over_limit(
    asked: Asked,
    cost: int,
    session: FakeSession,
    counting: Sequence[FakeSubscription],
    limits: Limits,
) -> Refusal | None:
    """Return which limit this would pass; `counting` are all enabled ones of the same user."""
    others = {each.session_id for each in counting} - {session.id}
    if not session.subscriptions and len(others) >= limits.transports:
        return Refusal(429, "number of websocket transports limit exceeded")
    same = [s for s in counting if (s.type, s.condition) == (asked.type, asked.condition)]
    if len(same) >= limits.same:
        return Refusal(429, "maximum subscriptions with type and condition exceeded")
    if len(session.subscriptions) >= limits.per_transport:
        return Refusal(429, "number of subscriptions of the websocket transport exceeded")
    if sum(each.cost for each in counting) + cost > limits.cost:
        return Refusal(429, "maximum total cost exceeded")
    return None
