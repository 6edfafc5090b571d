"""What the process tests share."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.process.rig import Rig


@pytest.fixture(
    params=[
        pytest.param(False, id="fresh"),
        pytest.param(
            True,
            id="forked",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone"),
        ),
    ]
)
async def rig(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    made = Rig(tmp_path, forks=request.param)
    await made.open()
    yield made
    await made.close()
