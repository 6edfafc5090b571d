"""Runs commands as `main.py` does and keeps what they said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from streamcore.cli import main
from streamcore.core.clock import SystemClock
from streamcore.core.journal import Journal
from streamcore.core.store import Store
from streamcore.protocol.events import Event

__all__ = ["Outcome", "Shell", "log_events", "read_events"]


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


class Shell:
    """A home and the commands on it."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *arguments: str | Path, home: Path | None = None) -> Outcome:
        """Run one command."""
        self._capsys.readouterr()
        words = ["--home", str(home or self.home), "--no-browser", *map(str, arguments)]
        try:
            code = main(words)
        except SystemExit as end:  # a flag that argparse refuses
            assert isinstance(end.code, int)
            code = end.code
        return Outcome(code, *self._capsys.readouterr())

    async def beside(self, *arguments: str | Path, home: Path | None = None) -> Outcome:
        """Run one command while the test's loop goes on."""
        return await asyncio.to_thread(self.__call__, *arguments, home=home)

    def refuses(self, *arguments: str | Path, home: Path | None = None) -> str:
        """Run a command that must fail as commands do; return its sentence."""
        code, out, err = self(*arguments, home=home)
        assert code == 2
        assert out == ""
        assert "Traceback" not in err
        return err


def log_events(home: Path, events: Sequence[Event]) -> None:
    """Log events into a home on which no core runs."""
    home.mkdir(exist_ok=True)

    async def append() -> None:
        store = await Store.open(home / "streamcore.db")
        journal = Journal(store, SystemClock(), lambda _: None)
        await journal.open()
        await journal.append(events)
        await journal.close()
        await store.close()

    asyncio.run(append())


def read_events(file: Path) -> list[dict[str, Any]]:
    """Read an export."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
