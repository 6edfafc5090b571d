"""The audit log: nothing recorded is lost, floods are counted, not listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamcore.core.audit import MAX_STREAKS, Audit, AuditRow
from streamcore.core.store import Store
from tests.fakes.clock import ManualClock


@pytest.fixture
def told() -> list[AuditRow]:
    return []


@pytest.fixture
def audit(store: Store, clock: ManualClock, told: list[AuditRow]) -> Audit:
    return Audit(store, clock, told.append)


def deny(audit: Audit, command: str = "send_chat", module_id: str = "bot") -> None:
    audit.record(
        "denied", module_id=module_id, command=command, permission="chat_send", detail="not granted"
    )


async def test_a_row_is_told_at_once_and_kept(
    audit: Audit, told: list[AuditRow], clock: ManualClock, store: Store
) -> None:
    deny(audit)
    (row,) = told
    assert (row.kind, row.module_id, row.command, row.permission, row.at) == (
        "denied",
        "bot",
        "send_chat",
        "chat_send",
        clock.now(),
    )
    assert await audit.page(before=None, limit=10) == ([row], None)
    again = Audit(store, clock, told.append)
    assert await again.page(before=None, limit=10) == ([row], None)


async def test_identical_denials_are_one_row_a_minute_with_their_number(
    audit: Audit, told: list[AuditRow], clock: ManualClock
) -> None:
    for _ in range(500):
        deny(audit)
    assert len(told) == 1
    await clock.advance(61)
    deny(audit)
    assert [row.detail for row in told] == [
        "not granted",
        "not granted (499 more times)",
        "not granted",
    ]


async def test_what_was_only_counted_is_written_at_the_end(
    audit: Audit, told: list[AuditRow]
) -> None:
    for _ in range(3):
        deny(audit)
    await audit.flush()
    rows, _ = await audit.page(before=None, limit=10)
    assert [row.detail for row in rows] == ["not granted (2 more times)", "not granted"]


async def test_other_commands_and_modules_have_rows_of_their_own(
    audit: Audit, told: list[AuditRow]
) -> None:
    deny(audit)
    deny(audit, command="ban_user")
    deny(audit, module_id="other")
    assert len(told) == 3


async def test_another_reason_for_the_same_command_is_a_row_of_its_own(
    audit: Audit, told: list[AuditRow]
) -> None:
    deny(audit)
    audit.record("denied", module_id="bot", command="send_chat", detail="not a declared platform")
    audit.record("denied", module_id="bot", detail="sent a malformed packet")
    audit.record("denied", module_id="bot", detail="sent too many packets")
    assert [(row.permission, row.detail) for row in told] == [
        ("chat_send", "not granted"),
        (None, "not a declared platform"),
        (None, "sent a malformed packet"),
        (None, "sent too many packets"),
    ]


async def test_made_up_commands_do_not_fill_the_log(audit: Audit, told: list[AuditRow]) -> None:
    for i in range(10_000):
        deny(audit, command=f"x{i}")
    assert len(told) <= MAX_STREAKS + 1


async def test_consents_and_actions_are_never_counted_together(
    audit: Audit, told: list[AuditRow]
) -> None:
    for _ in range(3):
        audit.record("action", command="restart", module_id="bot")
    assert len(told) == 3


async def test_pages_follow_each_other_and_filter(audit: Audit) -> None:
    for i in range(5):
        audit.record("action", module_id=f"m{i % 2}", detail=str(i))
    audit.record("consent", module_id="m0", detail="5")
    first, cursor = await audit.page(before=None, limit=4)
    assert [row.detail for row in first] == ["5", "4", "3", "2"]
    second, end = await audit.page(before=cursor, limit=4)
    assert ([row.detail for row in second], end) == (["1", "0"], None)
    only, _ = await audit.page(before=None, limit=9, module_id="m0", kind="action")
    assert [row.detail for row in only] == ["4", "2", "0"]


async def test_recording_never_fails_its_caller(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(row: AuditRow) -> None:
        raise RuntimeError("listener")

    store = await Store.open(tmp_path / "other.db")
    audit = Audit(store, clock, fail)
    await store.close()
    audit.record("action", detail="\ud800" + "x" * 10_000)
    await audit.flush()
    assert "could not be handed on" in caplog.text
    assert "could not be kept" in caplog.text


async def test_hostile_text_is_kept_short(audit: Audit, told: list[AuditRow]) -> None:
    audit.record("action", module_id="bot", detail="\ud800" + "x" * 10_000)
    await audit.flush()
    assert len(told[0].detail) == 500
