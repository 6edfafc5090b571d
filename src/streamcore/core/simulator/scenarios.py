"""Moments of a stream that are worth a rehearsal, as events with the pauses between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streamcore.core.simulator.believable import money, person
from streamcore.protocol.ids import new_id

__all__ = ["SCENARIOS", "Step"]

Step = tuple[float, dict[str, Any]]
"""Seconds to wait, then what to simulate."""

_NAMES = ("Mira", "Juno", "Kestrel", "Полина", "Otto", "Ника", "Theo", "Lumen", "Артём", "Sol")
_LINES = ("Hello!", "Всем привет!", "That was close", "GG", "Красиво!", "What game is this?")


def _viewer(number: int) -> dict[str, Any]:
    name = _NAMES[number % len(_NAMES)]
    return person(f"sim_viewer_{number}", f"{name}{number}")


def _raid_storm() -> Iterator[Step]:
    yield 0.0, {"type": "raid", "viewers": 500, "user": _viewer(0), "from": _viewer(0)}
    for number in range(40):
        yield 0.05, {"type": "chat_message", "text": "Raid!", "user": _viewer(number)}
        if number % 8 == 0:
            yield 0.0, {"type": "follow", "user": _viewer(number)}


def _gift_bomb() -> Iterator[Step]:
    count, group, giver = 50, new_id(), _viewer(1)
    bomb = {"type": "gift_subscription_bomb", "count": count, "user": giver, "group_id": group}
    yield 0.0, bomb
    recipients = []
    for number in range(count):
        viewer = _viewer(100 + number)
        recipient = {key: viewer[key] for key in ("id", "login", "name")}
        recipients.append(recipient)
        yield (
            0.02,
            {
                "type": "gift_subscription",
                "recipient": recipient,
                "user": giver,
                "group_id": group,
            },
        )
    yield 0.0, bomb | {"is_complete": True, "recipients": recipients}


def _donation_storm() -> Iterator[Step]:
    for number in range(20):
        viewer = _viewer(number)
        yield (
            0.1,
            {
                "type": "donation",
                "user": viewer,
                "donor": viewer["name"],
                "amount": money(100 * (1 + number % 7)),
                "text": _LINES[number % len(_LINES)],
            },
        )


def _chat_flood() -> Iterator[Step]:
    for number in range(300):
        line = _LINES[number % len(_LINES)]
        yield 0.01, {"type": "chat_message", "text": line, "user": _viewer(number)}


SCENARIOS = {
    "raid_storm": _raid_storm,
    "gift_bomb": _gift_bomb,
    "donation_storm": _donation_storm,
    "chat_flood": _chat_flood,
}
