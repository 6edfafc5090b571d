"""Events leave the log and come back, each of them once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from streamcore.cli.events import exporting, importing
from streamcore.protocol.events import ChatMessage, Donation, Event, Follow, ModuleEvent
from streamcore.protocol.objects import Amount, User
from tests.cli.shell import Shell, log_events, read_events

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ANN = User(id="1", login="ann", name="Анна 🎉")


def _stream() -> list[Event]:
    amount = Amount(value=550, exponent=2, currency="EUR", display="5,50 €")
    donation = Donation(platform="donations", donor="Ann", amount=amount)
    own = ModuleEvent(module_id="goal", name="reached", data={"total": [1, None, "x"]})
    chats = [
        ChatMessage(platform="one", user=ANN, text=f"привет {n}", source_id=f"c{n}", at=NOON)
        for n in range(7)
    ]
    return [Follow(platform="one", user=ANN, source_id="f1", at=NOON), *chats, donation, own]


def _same(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in ("seq", "origin")}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ten events a log of several pages."""
    monkeypatch.setattr(exporting, "PAGE", 3)
    monkeypatch.setattr(importing, "BATCH", 4)


@pytest.fixture
def exported(shell: Shell, tmp_path: Path) -> Path:
    """Return an export of a home with ten events."""
    log_events(shell.home, _stream())
    file = tmp_path / "events.jsonl"
    assert shell("events", "export", file) == (0, f"{file}: 10 events\n", "")
    return file


def test_an_export_holds_every_event_the_oldest_first(exported: Path) -> None:
    events = read_events(exported)
    assert [event["seq"] for event in events] == list(range(1, 11))
    assert [event["type"] for event in events][-2:] == ["donation", "module_event"]
    assert events[1]["text"] == "привет 0"
    assert events[8]["amount"]["display"] == "5,50 €"
    assert exported.stat().st_mode & 0o777 == 0o600


def test_an_import_into_a_fresh_home_gives_the_same_events(
    shell: Shell, exported: Path, tmp_path: Path
) -> None:
    other, again = tmp_path / "other", tmp_path / "again.jsonl"
    code, out, err = shell("events", "import", exported, home=other)
    assert (code, err) == (0, "")
    assert out == "10 events added, 0 were there already\n"
    assert shell("events", "export", again, home=other).code == 0
    former, now = read_events(exported), read_events(again)
    assert [_same(event) for event in now] == [_same(event) for event in former]
    assert {event["origin"] for event in now} == {"replay"}
    assert all(event["id"] for event in now)


def test_what_is_there_is_not_added_again(shell: Shell, exported: Path, tmp_path: Path) -> None:
    assert shell("events", "import", exported).out == "0 events added, 10 were there already\n"
    events = exported.read_bytes().splitlines(keepends=True)
    other, some = tmp_path / "other", tmp_path / "some.jsonl"
    some.write_bytes(b"".join(events[2:5] * 2))
    first = shell("events", "import", some, home=other)
    assert first.out == "3 events added, 0 were there already\n"
    second = shell("events", "import", exported, home=other)
    assert second.out == "7 events added, 3 were there already\n"
    third = shell("events", "import", exported, home=other)
    assert third.out == "0 events added, 10 were there already\n"


def test_events_that_are_not_logged_are_left_out(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    lines = [
        {"type": "viewer_count", "id": "a"},
        {"type": "weather", "id": "b"},
        {"type": "follow", "id": "c", "new_field": "x"},
    ]
    file.write_text("\n\n".join(map(json.dumps, lines)))
    code, out, _ = shell("events", "import", file)
    assert code == 0
    assert out.splitlines()[0] == "1 events added, 0 were there already"
    assert out.startswith("2 of types that this version does not log", out.index("\n") + 1)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "expected an event as JSON"),
        ("[1]", "'[1]'"),
        ('{"type": "follow"}', "expected an event with its id"),
        ('{"type": "follow", "id": 5}', "`$.id`"),
        ("[" * 100_000, "expected an event"),
        ("\ufffe\udcff", "expected an event"),
    ],
    ids=["json", "object", "id", "type", "deep", "bytes"],
)
def test_nothing_is_added_of_a_file_with_a_wrong_line(
    shell: Shell, exported: Path, tmp_path: Path, line: str, found: str
) -> None:
    with exported.open("ab") as file:
        file.write(line.encode(errors="surrogateescape"))
    error = shell.refuses("events", "import", exported, home=tmp_path / "other")
    assert "line 11: " in error
    assert found in error
    assert not (tmp_path / "other" / "streamcore.db").exists()


def test_what_is_not_there_is_said(shell: Shell, tmp_path: Path) -> None:
    assert "no event log" in shell.refuses("events", "export", tmp_path / "x")
    assert "No such file" in shell.refuses("events", "import", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_an_export_that_fails_leaves_the_former_file(
    shell: Shell, exported: Path, tmp_path: Path
) -> None:
    before = exported.read_bytes()
    database = shell.home / "streamcore.db"
    database.write_bytes(database.read_bytes()[:4096] + bytes(8192))
    error = shell.refuses("events", "export", exported)
    assert str(database) in error
    assert exported.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["events.jsonl"]
    assert "No such file" in shell.refuses("events", "export", tmp_path / "nowhere" / "x")


@pytest.mark.parametrize("speed", ["0", "0.5", "51", "nan"])
def test_a_speed_that_cannot_be_is_said(shell: Shell, speed: str) -> None:
    error = shell.refuses("events", "replay", "x", "--speed", speed)
    assert "from 1 to 50" in error
    assert speed in error
