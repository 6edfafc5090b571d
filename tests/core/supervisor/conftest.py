"""A supervisor for every test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.core.supervisor.stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    closing = asyncio.create_task(made.supervisor.close(0))
    while not closing.done():
        await made.clock.advance(1)
    await closing
