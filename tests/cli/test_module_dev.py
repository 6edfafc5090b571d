"""`module dev` beside a running core: every saved change is tried at once."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.core_process import ROOT, Core, until, write_module

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

SAYING = """
from streamcore.sdk import BaseModule


class Bot(BaseModule):
    async def setup(self):
        self.log.info("this is {}")
"""


class _Author:
    """Runs the command and reads what it prints."""

    def __init__(self) -> None:
        self.said = ""
        self.process: asyncio.subprocess.Process | None = None

    async def begin(self, home: Path, folder: Path) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, ROOT / "main.py", "--home", home, "module", "dev", folder),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        while chunk := await self.process.stdout.read(65536):
            self.said += chunk.decode()

    async def hears(self, words: str) -> None:
        await until(lambda: words in self.said, within_s=15, what=f"{words!r} in {self.said!r}")

    def interrupt(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    async def ends(self) -> int:
        assert self.process is not None
        async with asyncio.timeout(10):
            await self._reading
            return await self.process.wait()


async def test_changes_are_tried_until_the_author_or_the_core_ends(
    core: Core, tmp_path: Path
) -> None:
    former = write_module(core.home, "my_bot", SAYING.format("the former module"))
    (former / "diary.txt").write_text("the only copy")
    await core.start()
    source = write_module(tmp_path / "work", "my_bot", SAYING.format("one"))
    (source / ".editor").write_text("hidden files stay at home")
    author, next_day = _Author(), _Author()
    try:
        await author.begin(core.home, source)
        await author.hears("— my_bot 1.0.0 started")
        await author.hears("this is one")
        assert await core.state("my_bot") == "running"
        assert (core.home / "trash" / "my_bot" / "diary.txt").read_text() == "the only copy"
        assert not (core.home / "modules" / "my_bot" / ".editor").exists()

        (source / "backend.py").write_text(SAYING.format("two"))
        await author.hears("this is two")

        manifest = json.loads((source / "manifest.json").read_text())
        (source / "manifest.json").write_text(json.dumps(manifest | {"version": "two"}))
        await author.hears("✗ manifest.json $.version: expected ")
        assert await core.state("my_bot") == "running", "the last good one goes on"

        (source / "manifest.json").write_text(json.dumps(manifest | {"version": "2.0.0"}))
        await author.hears("— my_bot 2.0.0 started")
        assert len(list((core.home / "trash").iterdir())) == 1, "its own copies are not kept"
        assert author.said.count("this is one") == 1
        author.interrupt()
        assert await author.ends() == 0
        assert "Traceback" not in author.said

        await next_day.begin(core.home, source)
        await next_day.hears("— my_bot 2.0.0 started")
        await core.stop()
        assert await next_day.ends() == 2
        assert f"StreamCore at {core.url} does not answer" in next_day.said
        assert "Traceback" not in next_day.said
    finally:
        author.kill()
        next_day.kill()
