"""A supervisor for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.core.supervisor.stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    await made.close()
