"""Fixtures of the tests of Twitch."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.core.integrations.twitch.rig import TwitchRig, twitch_rig


@pytest.fixture
async def rig() -> AsyncIterator[TwitchRig]:
    """A Twitch integration against a fake of its own."""
    async with twitch_rig() as made:
        yield made
