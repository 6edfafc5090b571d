"""Waiting for several things at once, whichever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable

from streamcore.core.clock import Clock

__all__ = ["nap", "together"]


async def nap(clock: Clock, seconds: float, hint: asyncio.Event) -> None:
    """Sleep until the time is up or the hint is given; one that was given before counts."""
    both: list[asyncio.Task[object]] = [
        asyncio.create_task(clock.sleep(seconds)),
        asyncio.create_task(hint.wait()),
    ]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _ended(both)


async def together(*works: Coroutine[object, object, object]) -> None:
    """Run works until one of them ends, end the others, and raise what it raised.

    A task group would do, were it not that before Python 3.13 one that fails while it is cancelled
    raises its own errors and hides the cancellation: who tries again after errors never ends then.
    """
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _ended(tasks)
    for task in done:
        task.result()


async def _ended(tasks: Iterable[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
