"""The loader on real folders, with a clock that the test turns."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from streamcore.core.clock import SystemClock
from streamcore.core.loader import Found, Loader
from tests.bundle.folders import make_folder
from tests.fakes.clock import ManualClock


class Watched:
    """A running loader and what it said."""

    def __init__(self, root: Path) -> None:
        self.user = root / "user"
        self.bundled = root / "bundled"
        self.user.mkdir()
        self.bundled.mkdir()
        self.clock = ManualClock()
        self.seen: list[Mapping[str, Found]] = []
        self.loader = Loader(
            [("user", self.user), ("bundled", self.bundled)], self.seen.append, self.clock
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.loader.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def looks(self, seconds: float) -> None:
        """Turn the clock in small steps, each look's thread having the time that it needs."""
        for _ in range(round(seconds / 0.25)):
            await self.clock.advance(0.25)
            async with self.loader._lock:  # a look that has begun is over when this is ours
                pass
            await self.clock.advance(0)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


async def test_a_scan_finds_the_modules_of_every_root(watched: Watched) -> None:
    make_folder(watched.user, folder_name="mine", id="mine")
    make_folder(watched.bundled, folder_name="theirs", id="theirs")
    found = await watched.loader.scan()
    assert {key: value.source for key, value in found.items()} == {
        "mine": "user",
        "theirs": "bundled",
    }
    assert all(value.bundle.problems == () for value in found.values())
    assert watched.loader.found == found
    assert watched.seen == []


async def test_the_users_module_wins(watched: Watched) -> None:
    make_folder(watched.user, version="2.0.0")
    bundled = make_folder(watched.bundled)
    found = (await watched.loader.scan())["my_super_bot"]
    assert found.source == "user"
    assert found.shadowed == bundled
    assert found.bundle.manifest is not None
    assert found.bundle.manifest.version == "2.0.0"


async def test_the_bundled_module_returns_when_the_users_goes(watched: Watched) -> None:
    user = make_folder(watched.user)
    make_folder(watched.bundled)
    await watched.loader.scan()
    shutil.rmtree(user)
    found = (await watched.loader.scan())["my_super_bot"]
    assert found.source == "bundled"
    assert found.shadowed is None


async def test_two_folders_cannot_have_one_id(watched: Watched) -> None:
    make_folder(watched.user)
    make_folder(watched.user, folder_name="copy_of_it")
    found = await watched.loader.scan()
    assert found["my_super_bot"].bundle.problems == ()
    assert found["copy_of_it"].bundle.problems[0].path == "$.id"


async def test_a_broken_folder_is_found_as_one(watched: Watched) -> None:
    (watched.user / "broken").mkdir()
    make_folder(watched.user)
    found = await watched.loader.scan()
    assert found["broken"].bundle.manifest is None
    assert found["my_super_bot"].bundle.manifest is not None


async def test_leftovers_and_hidden_folders_are_no_modules(watched: Watched) -> None:
    for name in (".git", "__pycache__", "bot.partial"):
        (watched.user / name).mkdir()
    (watched.user / "readme.txt").write_text("", encoding="utf-8")
    assert await watched.loader.scan() == {}


async def test_missing_roots_are_empty(tmp_path: Path) -> None:
    loader = Loader([("user", tmp_path / "nowhere")], lambda found: None, ManualClock())
    assert await loader.scan() == {}


@pytest.mark.skipif(sys.platform == "win32", reason="a file in a folder's place differs there")
async def test_a_root_that_cannot_be_read_for_a_moment_keeps_its_modules(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    make_folder(watched.user)
    await watched.loader.scan()
    watched.user.rename(watched.user.with_name("away"))
    watched.user.write_text("not a folder", encoding="utf-8")
    assert set(await watched.loader.scan()) == {"my_super_bot"}
    assert "cannot be read" in caplog.text
    watched.user.unlink()
    watched.user.with_name("away").rename(watched.user)
    found = await watched.loader.scan()
    assert found["my_super_bot"].bundle.problems == ()


def _add(watched: Watched) -> None:
    make_folder(watched.user, folder_name="added", id="added")


def _change_code(watched: Watched) -> None:
    (watched.user / "my_super_bot" / "backend.py").write_text("x = 1\n", encoding="utf-8")


def _break(watched: Watched) -> None:
    (watched.user / "my_super_bot" / "manifest.json").write_text("{", encoding="utf-8")


def _remove(watched: Watched) -> None:
    shutil.rmtree(watched.user / "my_super_bot")


@pytest.mark.parametrize("change", [_add, _change_code, _break, _remove])
async def test_a_change_is_seen_within_two_seconds(
    watched: Watched, change: Callable[[Watched], None]
) -> None:
    make_folder(watched.user)
    before = await watched.loader.scan()
    async with watched.running():
        await watched.looks(1.25)
        assert watched.seen == []
        change(watched)
        await watched.looks(1.75)
        assert len(watched.seen) == 1
        assert watched.seen[0] != before
        assert watched.seen[0] == watched.loader.found
        await watched.looks(5)
        assert len(watched.seen) == 1


async def test_what_lies_there_at_the_start_is_told_at_once(watched: Watched) -> None:
    make_folder(watched.user)
    async with watched.running():
        await watched.looks(0.25)
        assert len(watched.seen) == 1
        assert watched.seen[0]["my_super_bot"].bundle.problems == ()
        await watched.looks(5)
        assert len(watched.seen) == 1


async def test_a_folder_that_is_being_written_is_waited_for(watched: Watched) -> None:
    await watched.loader.scan()
    folder = watched.user / "my_super_bot"
    async with watched.running():
        for number in range(12):
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.txt").write_text("", encoding="utf-8")
            await watched.looks(0.5)
        assert watched.seen == []
        make_folder(watched.user)
        await watched.looks(1.75)
        assert watched.seen[0]["my_super_bot"].bundle.problems == ()


async def test_a_folder_that_never_comes_to_rest_is_taken_in_the_end(watched: Watched) -> None:
    folder = make_folder(watched.user)
    await watched.loader.scan()
    async with watched.running():
        for number in range(40):
            (folder / "noise.txt").write_text("x" * number, encoding="utf-8")
            await watched.looks(0.5)
        assert watched.seen


async def test_a_failing_listener_does_not_end_the_looking(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Mapping[str, Found]] = []

    async def fail_once(found: Mapping[str, Found]) -> None:
        seen.append(found)
        if len(seen) == 1:
            raise RuntimeError("once")

    watched = Watched(tmp_path)
    watched.loader = Loader([("user", watched.user)], fail_once, watched.clock)
    async with watched.running():
        await watched.looks(0.25)
        _add(watched)
        await watched.looks(2)
        assert "could not be dealt with" in caplog.text
        make_folder(watched.user)
        await watched.looks(2)
    assert set(seen[-1]) == {"added", "my_super_bot"}


async def test_the_real_clock_sees_a_new_module(tmp_path: Path) -> None:
    seen = asyncio.Event()
    loader = Loader([("user", tmp_path)], lambda found: seen.set(), SystemClock(), poll_s=0.05)
    task = asyncio.create_task(loader.run())
    make_folder(tmp_path)
    async with asyncio.timeout(5):
        await seen.wait()
    task.cancel()
    assert loader.found["my_super_bot"].bundle.problems == ()
