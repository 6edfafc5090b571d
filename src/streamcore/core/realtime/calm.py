"""A log filter for what clients can provoke: each kind of record once a minute."""

from __future__ import annotations

import asyncio
import logging
import time

__all__ = ["Calm"]

REPEAT_AFTER_S = 60.0
MAX_KINDS = 1000


class Calm(logging.Filter):
    """Lets each kind of record pass once a minute, so that no client can flood the log."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0] if record.exc_info else None
        if error is asyncio.CancelledError:
            # A request that the stop of the server ended: no news to anybody.
            return False
        key = (str(record.msg), error)
        now = time.monotonic()
        last = self._last.get(key)
        if last is not None and now - last < REPEAT_AFTER_S:
            return False
        if len(self._last) >= MAX_KINDS:
            self._last.clear()
        self._last[key] = now
        return True
