"""A core on an empty home for every test, and the fake platforms beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.e2e.browser import chromium
from tests.e2e.core_process import Core


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of this folder, and give whole products more time than single parts."""
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(60))


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    """Return a core that is not started yet."""
    core = Core(tmp_path / "home")
    yield core
    await core.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser
