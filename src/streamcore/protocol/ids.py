"""Unique ids that sort by the time they were made."""

from __future__ import annotations

import itertools
import secrets
import time

__all__ = ["new_id"]

_TAIL = secrets.token_hex(5)
_counter = itertools.count(secrets.randbits(16))


def new_id() -> str:
    """Return 30 lower-case hex digits: milliseconds, a counter, and this process's random tail.

    Ids of one process sort in the order they were made as long as the clock does not step back;
    the random tail keeps two processes apart.
    """
    return f"{time.time_ns() // 1_000_000:012x}{next(_counter) & 0xFFFFFFFF:08x}{_TAIL}"
