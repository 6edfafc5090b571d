"""Fixtures that tests of every part may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.dev.browser import CHROMIUM_VARIABLE, find_chromium


@pytest.fixture(scope="session")
def checkout_root() -> Path:
    """The folder of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The system's own Chromium; without one the test is skipped."""
    found = find_chromium()
    if found is None:
        pytest.skip(f"no Chromium, Chrome or Edge on this machine; {CHROMIUM_VARIABLE} names one")
    return found
