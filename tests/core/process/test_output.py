"""Lines out of bytes, at a measured pace."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.process.bucket import TokenBucket
from streamcore.core.process.output import MAX_LINE_BYTES, LineSplitter, Output


def _split(*chunks: bytes) -> list[str]:
    lines = LineSplitter()
    return [line for chunk in chunks for line in lines.feed(chunk)] + list(lines.end())


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([b"one\ntwo\n"], ["one", "two"], id="two lines"),
        pytest.param([b"o", b"n", b"e\nt", b"wo"], ["one", "two"], id="pieces"),
        pytest.param([b"\n\na\n"], ["", "", "a"], id="empty lines"),
        pytest.param([b"a\r\nb\r\n"], ["a", "b"], id="Windows line ends"),
        pytest.param(["привет\n".encode()[:3], "привет\n".encode()[3:]], ["привет"], id="UTF-8"),
        pytest.param([b"\xff\n"], ["\N{REPLACEMENT CHARACTER}"], id="not UTF-8"),
    ],
)
def test_bytes_become_lines(chunks: list[bytes], lines: list[str]) -> None:
    assert _split(*chunks) == lines


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_long_line_is_cut(end: bytes) -> None:
    size = MAX_LINE_BYTES
    lines = _split(b"x" * (2 * size + 5) + end)
    assert [len(line) for line in lines] == [size, size, 5]


def test_a_line_without_end_is_never_kept_whole() -> None:
    lines = LineSplitter()
    for _ in range(1000):
        assert all(len(line) <= MAX_LINE_BYTES for line in lines.feed(b"x" * 1000))
    assert len("".join(lines.end())) <= MAX_LINE_BYTES


def test_a_bucket_lets_a_burst_pass_and_then_its_rate() -> None:
    bucket = TokenBucket(rate=10, burst=50)
    assert bucket.take(50, now=0) == 0
    assert bucket.take(10, now=0) == 1
    assert bucket.take(10, now=1) == 1
    assert bucket.take(10, now=5) == 0
    assert bucket.take(50, now=1000) == 0
    assert bucket.take(1, now=1000) == pytest.approx(0.1)


LINE = b"x" * 1023 + b"\n"


async def _turns(count: int = 1000) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_exceeds_the_rate_is_read_and_its_amount_told() -> None:
    lines: list[str] = []
    output = Output(lambda stream, line: lines.append(line))
    reader = asyncio.StreamReader()
    task = asyncio.create_task(output.pump("stdout", reader))
    reader.feed_data(LINE * 900 + b"half a line")
    await _turns()
    assert 256 <= len(lines) < 300
    assert set(map(len, lines)) == {1023}
    kept = len(lines)
    assert not reader._buffer, "nobody waits for a reader"  # type: ignore[attr-defined]
    output.finish()
    reader.feed_data(b" of nonsense\nlast words\n")
    reader.feed_eof()
    await task
    told, last = lines[kept:]
    assert told.startswith(f"({900 - kept + 1} lines, ")
    assert last == "last words"


async def test_a_flood_without_end_has_to_wait() -> None:
    lines: list[str] = []
    output = Output(lambda stream, line: lines.append(line))
    reader = asyncio.StreamReader()
    task = asyncio.create_task(output.pump("stdout", reader))
    reader.feed_data(LINE * 8192)
    await _turns()
    assert len(lines) < 300
    assert len(reader._buffer) > 4 * 1024 * 1024  # type: ignore[attr-defined]
    output.finish()
    reader.feed_eof()
    await task
    # The rest of a dead process is taken at once, but not without end.
    assert len(lines) < 1024
    assert "lines, " in "".join(lines)


async def test_what_is_left_at_the_end_is_delivered_at_once() -> None:
    lines: list[str] = []
    output = Output(lambda stream, line: lines.append(f"{stream}: {line}"))
    reader = asyncio.StreamReader()
    reader.feed_data(b"one\n" + b"y" * 300 * 1024 + b"\nlast")
    reader.feed_eof()
    output.finish()
    async with asyncio.timeout(5):
        await output.pump("stderr", reader)
    assert lines[0] == "stderr: one"
