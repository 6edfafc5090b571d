"""A module's log lines on their way to the core; never waits for anything."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable

from streamcore.protocol.commands import Log
from streamcore.sdk._runtime.pace import Pace

__all__ = ["LogSender"]

_WAITING = 1_000
_LONGEST = 8_000
_RETRY_S = 0.1
_LEVELS = ((logging.ERROR, "error"), (logging.WARNING, "warning"), (logging.INFO, "info"))


class LogSender(logging.Handler):
    """Sends records as `log` commands; the oldest waiting ones give way and are counted."""

    def __init__(self, send: Callable[[Log], bool], pace: Pace) -> None:
        super().__init__()
        self._send, self._pace = send, pace
        self._waiting: deque[Log] = deque()
        self._dropped = 0
        self._loop = asyncio.get_running_loop()
        self._is_scheduled = False
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record, from any thread."""
        try:
            text = self.format(record)
        except Exception:  # a broken format string is the author's, and no reason to fail
            text = f"{record.msg!r} {record.args!r}"
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}… ({len(text)} characters)"
        level = next((name for least, name in _LEVELS if record.levelno >= least), "debug")
        self._waiting.append(Log(level=level, text=text))
        if len(self._waiting) > _WAITING:
            self._waiting.popleft()
            self._dropped += 1
        if not self._is_scheduled and not self._loop.is_closed():
            self._is_scheduled = True
            self._loop.call_soon_threadsafe(self.send_waiting)

    def send_waiting(self) -> None:
        """Send as much as the pace and the connection allow; look again later for the rest."""
        self._is_scheduled = False
        if self._dropped and self._waiting and self._pace.try_take():
            dropped = Log(level="warning", text=f"{self._dropped} log lines were left out")
            if self._send(dropped):
                self._dropped = 0
        while self._waiting and self._pace.try_take():
            if not self._send(self._waiting[0]):
                break
            self._waiting.popleft()
        if self._waiting:
            self._is_scheduled = True
            self._loop.call_later(_RETRY_S, self.send_waiting)

    def spill(self) -> None:
        """Write what could not be sent to standard error: the module ends."""
        while self._waiting:
            line = self._waiting.popleft()
            sys.stderr.write(f"{line.level}: {line.text}\n")
        sys.stderr.flush()
