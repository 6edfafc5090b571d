"""A bridge for every test."""

from __future__ import annotations

import pytest

from tests.core.bridge.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
