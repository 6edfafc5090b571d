"""The fake platform beside a core under experiment, and what the core says of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.chaos.product import Victim
from tests.e2e.core_process import until

__all__ = ["gaps", "is_connected", "reaches", "state_of"]


async def state_of(victim: Victim) -> tuple[str, str]:
    """Return the platform's state and the reason that the streamer reads."""
    (platform,) = (await victim.api("GET", "/api/platforms"))["items"]
    return str(platform["state"]), str(platform["reason"])


async def is_connected(victim: Victim) -> bool:
    return (await state_of(victim))[0] == "connected"


async def reaches(victim: Victim, *states: str, within_s: float) -> bool:
    """Wait until the platform is in one of these states; False when it does not come to that."""

    async def is_there() -> bool:
        return (await state_of(victim))[0] in states

    try:
        await until(is_there, within_s=within_s)
    except AssertionError:
        return False
    return True


def gaps(home: Path) -> int:
    """Count the logged marks of a time of which nothing is known."""
    with closing(sqlite3.connect(f"file:{home / 'streamcore.db'}?mode=ro", uri=True)) as database:
        (count,) = database.execute(
            "SELECT count(*) FROM log JOIN kinds ON kinds.id = log.kind WHERE type = 'event_gap'"
        ).fetchone()
    return int(count)
