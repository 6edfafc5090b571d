"""Test events are marked, believable and checked."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from streamcore.core.errors import InvalidInputError
from streamcore.core.simulator import Simulator
from streamcore.core.simulator.believable import BELIEVABLE
from streamcore.core.simulator.scenarios import SCENARIOS
from streamcore.protocol.events import EVENTS, Event
from tests.fakes.clock import ManualClock


class _QuickClock(ManualClock):
    async def sleep(self, seconds: float) -> None:
        self._monotonic += seconds


async def _append(events: Sequence[Event]) -> Sequence[Event | None]:
    return list(events)


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(_append, lambda: "demo", _QuickClock())


@pytest.mark.parametrize("name", sorted(EVENTS))
async def test_every_type_can_be_simulated(simulator: Simulator, name: str) -> None:
    (body,) = await simulator.simulate({"type": name, "platform": "somewhere"})
    event = msgspec.json.decode(body, type=EVENTS[name])
    assert event.is_test
    assert event.origin == "simulated"
    assert event.platform == "somewhere"
    assert event.source_id


def test_believable_values_belong_to_known_types() -> None:
    assert BELIEVABLE.keys() <= EVENTS.keys()


async def test_given_fields_win(simulator: Simulator) -> None:
    (body,) = await simulator.simulate({"type": "chat_message", "text": "Привет"})
    event = msgspec.json.decode(body)
    assert event["text"] == "Привет"
    (piece,) = event["fragments"]
    assert (piece["kind"], piece["text"]) == ("text", "Привет")


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({}, "type"),
        ({"type": "nonsense"}, "type"),
        ({"type": ["follow"]}, "type"),
        ({"type": "follow", "colour": "red"}, "colour"),
        ({"type": "chat_message", "text": 5}, ""),
        ({"type": "follow", "at": "yesterday"}, ""),
        ({"type": "event_gap", "from": "2026-01-31T20:00:00"}, "from"),
        ({"scenario": "nonsense"}, "scenario"),
        ({"scenario": "raid_storm", "speed": 0}, "speed"),
        ({"scenario": "raid_storm", "speed": True}, "speed"),
        ({"scenario": "raid_storm", "rate": 1}, "rate"),
    ],
)
async def test_a_wrong_request_says_where(
    simulator: Simulator, request_: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await simulator.simulate(request_)
    assert caught.value.field == field


async def test_times_are_given_as_text_and_kept_in_utc(simulator: Simulator) -> None:
    request = {
        "type": "event_gap",
        "at": "2026-01-31T20:05:00Z",
        "from": "2026-01-31T23:00:00+03:00",
    }
    (body,) = await simulator.simulate(request)
    event = msgspec.json.decode(body)
    assert (event["at"], event["from"]) == ("2026-01-31T20:05:00Z", "2026-01-31T20:00:00Z")


async def test_a_test_event_cannot_pose_as_a_real_one(simulator: Simulator) -> None:
    request = {"type": "donation", "is_test": False, "origin": "live", "seq": 7}
    (body,) = await simulator.simulate(request)
    event = msgspec.json.decode(body)
    assert event["is_test"] is True
    assert event["origin"] == "simulated"
    assert event["seq"] == 0


@pytest.mark.parametrize("name", sorted(SCENARIOS))
async def test_scenarios_play_to_their_end(simulator: Simulator, name: str) -> None:
    events = [msgspec.json.decode(b) for b in await simulator.simulate({"scenario": name})]
    assert len(events) >= 20
    assert all(event["is_test"] for event in events)


async def test_a_gift_bomb_is_bound_by_its_group(simulator: Simulator) -> None:
    bodies = await simulator.simulate({"scenario": "gift_bomb", "speed": 100})
    events = [msgspec.json.decode(body) for body in bodies]
    assert events[0]["type"] == events[-1]["type"] == "gift_subscription_bomb"
    assert (events[0]["is_complete"], events[-1]["is_complete"]) == (False, True)
    assert len(events[-1]["recipients"]) == events[0]["count"] == len(events) - 2
    assert len({event["group_id"] for event in events}) == 1
