"""Every experiment in its short form: the promises that must hold on every machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos.experiments import EXPERIMENTS
from tests.chaos.plan import Plan

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and its kin are of POSIX systems"),
]


@pytest.mark.parametrize("name", EXPERIMENTS)
async def test_short_form(name: str, tmp_path: Path) -> None:
    report = await EXPERIMENTS[name](Plan(), tmp_path / "home")
    print(report.table())  # noqa: T201 - shown when the test fails
    if report.skipped:
        pytest.skip(report.skipped)
    assert report.broken() == []
