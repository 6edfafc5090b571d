"""Fixtures of the tests of the fakes themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.client import Client
from tests.fakes.twitch import FakeTwitch


@pytest.fixture
async def fake() -> AsyncIterator[FakeTwitch]:
    async with FakeTwitch() as made:
        yield made


@pytest.fixture
async def client(fake: FakeTwitch) -> AsyncIterator[Client]:
    """A client that knows nothing but the documentation."""
    async with Client(fake) as made:
        yield made
