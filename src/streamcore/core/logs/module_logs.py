"""What modules write: a file for each, a rate for each, and a tail in memory."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.logs.line_writer import FILES, LineWriter
from streamcore.core.logs.redaction import escape_controls, redact

__all__ = ["LogLine", "ModuleLogs"]

log = logging.getLogger(__name__)

BYTES_PER_S = 64 * 1024
MAX_LINE = 8 * 1024
TAIL = 200


class LogLine(msgspec.Struct, frozen=True):
    """One line of a module: its output, or what it wrote by `log`."""

    at: datetime
    stream: str
    level: str
    text: str


class _Stored(msgspec.Struct):
    """A line in the file; its number is the cursor of paging."""

    n: int
    at: datetime
    stream: str
    level: str
    text: str


_STORED = msgspec.json.Decoder(_Stored)


class _Module:
    """A module's budget, last lines and last number."""

    def __init__(self, path: Path, now: float, number: int) -> None:
        self.path = path
        self.number = number
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.budget = float(BYTES_PER_S)
        self.at = now
        self.dropped_lines = 0
        self.dropped_bytes = 0


class ModuleLogs:
    """`write` is called on the loop and never waits; files are written on a thread."""

    def __init__(self, folder: Path, clock: Clock, on_line: Callable[[str, LogLine], None]) -> None:
        self._folder = folder
        self._clock = clock
        self._on_line = on_line
        self._writer = LineWriter()
        self._modules: dict[str, _Module] = {}

    def write(self, module_id: str, stream: str, level: str, text: str) -> None:
        """Take a line; beyond 64 KiB a second lines are dropped, and their number is told."""
        module = self._module(module_id)
        now = self._clock.monotonic()
        module.budget = min(BYTES_PER_S, module.budget + (now - module.at) * BYTES_PER_S)
        module.at = now
        size = min(len(text), MAX_LINE) + 64
        if size > module.budget:
            module.dropped_lines += 1
            module.dropped_bytes += len(text)
            return
        if module.dropped_lines:
            self._tell_dropped(module_id, module)
        module.budget -= size
        self._add(module_id, module, stream, level, text)

    async def read(
        self, module_id: str, *, after: str | None, limit: int
    ) -> tuple[list[LogLine], str | None]:
        """Return lines, newest first, and what goes into `after` for the page behind them."""
        module = self._module(module_id)
        if module.dropped_lines:
            self._tell_dropped(module_id, module)
        below = int(after) if after is not None and after.isascii() and after.isdigit() else None
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()

        def settle() -> None:
            if not written.done():
                written.set_result(None)

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
                loop.call_soon_threadsafe(settle)

        self._writer.run(tell)
        await written
        found = await asyncio.to_thread(_read_back, module.path, below, limit + 1)
        lines = [LogLine(line.at, line.stream, line.level, line.text) for line in found[:limit]]
        return lines, str(found[limit - 1].n) if len(found) > limit else None

    def tail(self, module_id: str, n: int) -> list[str]:
        """Return the last lines of this run, oldest first."""
        module = self._modules.get(module_id)
        return list(module.tail)[-n:] if module is not None and n > 0 else []

    def close(self) -> None:
        """Write what is queued."""
        for module_id, module in self._modules.items():
            if module.dropped_lines:
                self._tell_dropped(module_id, module)
        self._writer.close()

    def _module(self, module_id: str) -> _Module:
        module = self._modules.get(module_id)
        if module is None:
            path = self._folder / f"{module_id}.log"
            module = _Module(path, self._clock.monotonic(), self._first_number())
            self._modules[module_id] = module
        return module

    def _first_number(self) -> int:
        """Start above every number of earlier runs without looking into their files."""
        return int(self._clock.now().timestamp() * 1000) * 1000

    def _tell_dropped(self, module_id: str, module: _Module) -> None:
        text = (
            f"{module.dropped_lines} lines ({module.dropped_bytes} characters) were dropped: "
            "a module may write 64 KiB a second"
        )
        module.dropped_lines = module.dropped_bytes = 0
        self._add(module_id, module, "log", "warning", text)

    def _add(self, module_id: str, module: _Module, stream: str, level: str, text: str) -> None:
        # Cut after redaction: half a secret is no longer recognised.
        clean = escape_controls(redact(text[: 2 * MAX_LINE]), keep="\n\t")
        if len(clean) > MAX_LINE:
            clean = clean[:MAX_LINE] + "…"
        module.number += 1
        line = LogLine(self._clock.now(), stream, level, clean)
        stored = _Stored(module.number, line.at, line.stream, line.level, line.text)
        module.tail.append(clean)
        self._writer.write(module.path, msgspec.json.encode(stored))
        try:
            self._on_line(module_id, line)
        except Exception:
            log.exception("a line of %s could not be handed on", module_id)


def _read_back(path: Path, below: int | None, limit: int) -> list[_Stored]:
    """Return the newest lines below a number."""
    found: list[_Stored] = []
    for line in _lines_back(path):
        try:
            stored = _STORED.decode(line)
        except msgspec.MsgspecError:
            continue  # torn by a crash
        if below is None or stored.n < below:
            found.append(stored)
            if len(found) == limit:
                break
    return found


def _lines_back(path: Path) -> Iterator[bytes]:
    for number in range(FILES):
        older = path if number == 0 else path.with_name(f"{path.name}.{number}")
        try:
            content = older.read_bytes()
        except OSError:
            continue
        yield from reversed(content.splitlines())
