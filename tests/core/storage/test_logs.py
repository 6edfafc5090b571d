"""Logs: no secret, no forged line, no waiting, no end of growth."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from streamcore.core.config import Home
from streamcore.core.logs import (
    LogLine,
    ModuleLogs,
    configure_logging,
    redact,
    register_secret,
)
from streamcore.core.logs.line_writer import MAX_BYTES, LineWriter
from streamcore.core.logs.module_logs import BYTES_PER_S, MAX_LINE
from streamcore.core.logs.redaction import escape_controls
from tests.fakes.clock import ManualClock

CANARY = "c4n4ry/+=t0ken'\"\\value"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefgh12345678",
        "GET http://127.0.0.1/?access_token=abcdefgh12345678&x=1",
        "http://127.0.0.1:8080/#code=abcdefgh12345678",
        "http://127.0.0.1:8080/overlay/bot/main#k=abcdefgh12345678",
        '{"access_token": "abcdefgh12345678", "expires_in": 3}',
        "{'refresh_token': 'abcdefgh12345678'}",
        '"{\\"client_secret\\": \\"abcdefgh12345678\\"}"',
        "('device_code', 'abcdefgh12345678')",
        "oauth:abcdefgh12345678",
        "password=abcdefgh12345678",
        "https://user:abcdefgh12345678@127.0.0.1/",
        "Set-Cookie: abcdefgh12345678",
    ],
)
def test_what_looks_like_a_token_is_masked(text: str) -> None:
    assert "12345678" not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"code": "permission_denied", "message": "no"}',
        "the token is missing",
        "GET /api/events?after=12&limit=50",
        "key=1",
        "http://127.0.0.1:8080/api",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


def test_a_known_secret_is_masked_in_every_spelling() -> None:
    register_secret(CANARY)
    spellings = [CANARY, quote(CANARY), quote(CANARY, safe=""), json.dumps(CANARY), repr(CANARY)]
    for spelling in spellings:
        assert "c4n4ry" not in redact(f"<<{spelling}>>")


def test_a_very_short_value_does_not_shred_the_log() -> None:
    register_secret("a")
    register_secret("")
    assert redact("a banana") == "a banana"


def test_controls_are_spelled_out() -> None:
    hostile = "a\nb\r\x1b[2J\x07\x9b\u202egnp\u2028\ud800"
    shown = escape_controls(hostile)
    assert shown == "a\\nb\\r\\x1b[2J\\x07\\x9b\\u202egnp\\u2028\ufffd"
    shown.encode()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def console() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(home: Home, console: io.StringIO) -> Iterator[logging.Logger]:
    root_level = logging.getLogger().level
    raising = logging.raiseExceptions
    handle = configure_logging(home, "info", console=console)
    yield logging.getLogger("streamcore.core.test")
    handle.close()
    logging.getLogger().setLevel(root_level)
    logging.raiseExceptions = raising


def lines(path: Path, count: int) -> list[dict[str, str]]:
    """Wait until the thread has written so many lines."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = path.read_bytes().splitlines() if path.exists() else []
        if len(found) >= count:
            return [json.loads(line) for line in found]
        time.sleep(0.01)
    raise AssertionError(f"{count} lines never came")


def test_a_record_is_a_json_line_and_a_line_for_people(
    home: Home, logger: logging.Logger, console: io.StringIO
) -> None:
    logger.info("module %s is running", "bot")
    logger.debug("not shown")
    (line,) = lines(home.logs / "core.log", 1)
    assert (line["level"], line["logger"], line["message"]) == (
        "info",
        "streamcore.core.test",
        "module bot is running",
    )
    assert console.getvalue().endswith("info    test: module bot is running\n")


def test_no_secret_gets_through_any_path(
    home: Home, logger: logging.Logger, console: io.StringIO
) -> None:
    register_secret(CANARY)

    class Careless(Exception):
        pass

    def fail(argument: object) -> None:
        raise Careless(f"refused: {argument!r}")

    logger.info("plain %s", CANARY)
    logger.info("mapping %s", {"access_token": CANARY, "url": f"http://h/?token={quote(CANARY)}"})
    logger.info("%s wrong number of arguments %s", CANARY)
    logger.warning("json %s", json.dumps([CANARY]))
    try:
        try:
            fail({"body": CANARY})
        except Careless as error:
            raise ValueError(f"again {CANARY}") from error
    except ValueError:
        logger.exception("failed with %r", CANARY)
    lines(home.logs / "core.log", 5)
    everything = (home.logs / "core.log").read_text("utf-8") + console.getvalue()
    assert "c4n4ry" not in everything
    assert "Careless" in everything and "ValueError" in everything


def test_nobody_forges_a_line(home: Home, logger: logging.Logger, console: io.StringIO) -> None:
    name = "Bob\n12:00:00 error   gate: all is lost\x1b[2J"
    logger.info("hello %s", name)
    try:
        raise ValueError(name)
    except ValueError:
        logger.exception("failed")
    found = lines(home.logs / "core.log", 2)
    assert len(found) == 2
    shown = console.getvalue()
    assert "\x1b" not in shown
    assert not any(line.startswith("12:00:00 error   gate") for line in shown.splitlines())


def test_a_line_writer_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    writer = LineWriter()
    release = threading.Event()

    def hold() -> None:
        release.wait(5)

    writer.run(hold)
    for i in range(30_000):
        writer.write(tmp_path / "a.log", b"%d" % i)
    # The disk stands still: what is queued is bounded, what is lost is counted.
    assert writer.dropped >= 9_000
    release.set()
    writer.close(5)
    kept = (tmp_path / "a.log").read_bytes().splitlines()
    assert len(kept) == 30_000 - writer.dropped
    assert kept[:3] == [b"0", b"1", b"2"]


def test_files_rotate_and_their_number_is_bounded(tmp_path: Path) -> None:
    writer = LineWriter()
    line = b"x" * 1023
    for i in range(7 * MAX_BYTES // 1024):
        writer.write(tmp_path / "a.log", line)
        if i % 5000 == 4999:
            done = threading.Event()
            writer.run(done.set)
            assert done.wait(5)
    writer.close(5)
    assert writer.dropped == 0
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["a.log", "a.log.1", "a.log.2", "a.log.3", "a.log.4"]
    assert all(path.stat().st_size <= MAX_BYTES for path in tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_log_files_are_private(home: Home, logger: logging.Logger) -> None:
    logger.info("x")
    lines(home.logs / "core.log", 1)
    assert (home.logs / "core.log").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def told() -> list[tuple[str, LogLine]]:
    return []


@pytest.fixture
def logs(
    tmp_path: Path, clock: ManualClock, told: list[tuple[str, LogLine]]
) -> Iterator[ModuleLogs]:
    opened = ModuleLogs(tmp_path, clock, lambda module_id, line: told.append((module_id, line)))
    yield opened
    opened.close()


async def test_a_modules_line_is_told_kept_and_read_back(
    logs: ModuleLogs, clock: ManualClock, told: list[tuple[str, LogLine]]
) -> None:
    logs.write("bot", "stdout", "info", "привет\x1b[2J")
    line = LogLine(clock.now(), "stdout", "info", "привет\\x1b[2J")
    assert told == [("bot", line)]
    assert await logs.read("bot", after=None, limit=10) == ([line], None)
    assert await logs.read("other", after=None, limit=10) == ([], None)
    assert logs.tail("bot", 5) == ["привет\\x1b[2J"]
    assert logs.tail("other", 5) == []


async def test_pages_go_back_through_earlier_runs(tmp_path: Path, clock: ManualClock) -> None:
    for run in range(2):
        logs = ModuleLogs(tmp_path, clock, lambda module_id, line: None)
        for i in range(3):
            logs.write("bot", "stdout", "info", f"{run}.{i}")
        logs.close()
        await clock.advance(1)
    logs = ModuleLogs(tmp_path, clock, lambda module_id, line: None)
    first, cursor = await logs.read("bot", after=None, limit=4)
    assert [line.text for line in first] == ["1.2", "1.1", "1.0", "0.2"]
    second, end = await logs.read("bot", after=cursor, limit=4)
    assert ([line.text for line in second], end) == (["0.1", "0.0"], None)
    logs.close()


async def test_a_flood_is_cut_counted_and_told(
    logs: ModuleLogs, clock: ManualClock, told: list[tuple[str, LogLine]]
) -> None:
    for _ in range(10_000):
        logs.write("bot", "stdout", "info", "x" * 100)
    logs.write("quiet", "stdout", "info", "still heard")
    kept = sum(len(line.text) for _, line in told)
    assert kept <= BYTES_PER_S
    assert told[-1][0] == "quiet"
    passed = len(told) - 1
    await clock.advance(1)
    logs.write("bot", "stdout", "info", "later")
    warning, later = told[-2][1], told[-1][1]
    assert f"{10_000 - passed} lines" in warning.text and warning.level == "warning"
    assert later.text == "later"


async def test_a_long_line_is_cut_and_a_secret_in_it_masked(
    logs: ModuleLogs, told: list[tuple[str, LogLine]]
) -> None:
    register_secret(CANARY)
    logs.write("bot", "stdout", "info", "x" * (MAX_LINE - 8) + CANARY)
    logs.write("bot", "stdout", "info", "x" * 1_000_000)
    assert "c4n4" not in told[0][1].text
    assert len(told[1][1].text) <= MAX_LINE + 1


async def test_a_torn_line_is_passed_over(tmp_path: Path, logs: ModuleLogs) -> None:
    (tmp_path / "bot.log").write_bytes(b'{"n":1,"at":"2026-01-')
    logs.write("bot", "stdout", "info", "whole")
    await logs.read("bot", after=None, limit=10)
    logs.write("bot", "stdout", "info", "next")
    found, _ = await logs.read("bot", after=None, limit=10)
    assert found[0].text == "next"


async def test_a_listener_that_fails_is_not_the_modules_fault(
    tmp_path: Path, clock: ManualClock
) -> None:
    def fail(module_id: str, line: LogLine) -> None:
        raise RuntimeError("listener")

    logs = ModuleLogs(tmp_path, clock, fail)
    logs.write("bot", "stdout", "info", b64encode(b"fine").decode())
    found, _ = await asyncio.wait_for(logs.read("bot", after=None, limit=1), 5)
    assert found[0].text == "ZmluZQ=="
    logs.close()
