"""The command line on an empty home, in this process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.e2e.core_process import Core


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the developer has set out of the tests."""
    for name in [name for name in os.environ if name.startswith("STREAMCORE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STREAMCORE_KEYRING", "file")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return a shell whose commands work on the home `tmp_path/home`."""
    return Shell(tmp_path / "home", capsys)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    """Return a core on the shell's home that is not started yet."""
    core = Core(tmp_path / "home")
    yield core
    await core.close()
