"""Fixtures of the tests of Twitch's commands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.core.integrations.twitch.commands.at_work import AtWork, at_work


@pytest.fixture
async def desk() -> AsyncIterator[AtWork]:
    """Every command of Twitch, allowed, against a fake of its own."""
    async with at_work() as made:
        yield made
