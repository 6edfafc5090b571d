"""Forking from a clean parent: what it holds, what its end means, and what is left behind."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from streamcore.core.process import Exit, ModuleProcess
from tests.core.process.rig import Rig
from tests.fakes.clock import ManualClock

if sys.platform != "linux":
    pytest.skip("forks on Linux alone", allow_module_level=True)

SLEEP = "import time\nsay('up')\ntime.sleep(60)\n"
HOW = (
    "import sys\nsay('forked' if 'streamcore.sdk._host.fork_server' in sys.modules else 'fresh')\n"
)


@pytest.fixture
async def forking(tmp_path: Path) -> AsyncIterator[Rig]:
    made = Rig(tmp_path, forks=True)
    await made.open()
    yield made
    await made.close()


async def _server_of(module: ModuleProcess) -> psutil.Process:
    """Return the fork server: our other child that runs the hosts' program."""
    (server,) = (
        child
        for child in psutil.Process().children()
        if child.pid != module.pid
        and child.status() != psutil.STATUS_ZOMBIE
        and child.cmdline() == psutil.Process(module.pid).cmdline()
    )
    return server


async def _how(rig: Rig) -> str:
    rig.lines.clear()
    process = await rig.launch(HOW)
    assert await process.wait() == Exit(0)
    return rig.said()[0]


async def test_modules_are_forked_and_are_our_own_children(forking: Rig) -> None:
    assert await _how(forking) == "forked"
    process = await forking.launch("import os\nsay(os.getppid() == spec['parent_pid'])")
    await process.wait()
    assert forking.said()[-1] == "True"


async def test_what_was_prepared_is_used(forking: Rig) -> None:
    await forking.launcher.prepare()
    (server,) = (
        child for child in psutil.Process().children() if "host.py" in " ".join(child.cmdline())
    )
    module = await forking.launch(SLEEP)
    assert await _server_of(module) == server


async def test_the_fork_server_has_one_thread_one_socket_and_nothing_of_ours(
    forking: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMCORE_SECRET", "not-for-modules")
    module = await forking.launch("secret = 'kept-by-this-one'\n" + SLEEP)
    await forking.hears("up")
    server = await _server_of(module)
    assert server.num_threads() == 1
    assert server.cwd() == "/"
    assert server.net_connections() == []
    folder = Path(f"/proc/{server.pid}/fd")
    open_files = {int(fd.name): str(fd.readlink()) for fd in folder.iterdir()}
    assert open_files.pop(0).startswith("socket:")
    assert open_files == {1: os.devnull, 2: os.devnull}
    assert set(server.environ()) <= {"LANG", "LC_CTYPE", "PATH", "TZ"}
    memory = _memory_of(server.pid)
    assert b"recv_fds" in memory
    for ours in (b"not-for-modules", b"kept-by-this-one", str(forking.root / "data").encode()):
        assert ours not in memory


async def test_the_end_of_the_fork_server_is_not_the_modules_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ManualClock()
    rig = Rig(tmp_path, forks=True, clock=clock)
    await rig.open()
    try:
        module = await rig.launch(SLEEP)
        await rig.hears("up")
        server = await _server_of(module)
        with caplog.at_level(logging.WARNING):
            server.kill()
            await rig.until(lambda: server.status() == psutil.STATUS_ZOMBIE)
            assert [await _how(rig) for _ in range(3)] == ["fresh"] * 3
        assert caplog.text.count("the fork server is gone (it ended)") == 1
        await clock.advance(1)
        assert await _how(rig) == "forked"
        # A second death so soon after the first: the pause has doubled.
        again = await _server_of(module)
        again.kill()
        await rig.until(lambda: again.status() == psutil.STATUS_ZOMBIE)
        assert await _how(rig) == "fresh"
        await clock.advance(1)
        assert await _how(rig) == "fresh"
        await clock.advance(1)
        assert await _how(rig) == "forked"
        assert psutil.Process(module.pid).is_running()
        module.kill()
        assert await module.wait() == Exit(None, signal.SIGKILL)
    finally:
        await rig.close()


async def test_without_the_sdk_to_load_modules_start_fresh(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig(tmp_path, forks=True, preload=("/nowhere",))
    await rig.open()
    try:
        with caplog.at_level(logging.WARNING):
            assert [await _how(rig) for _ in range(2)] == ["fresh"] * 2
        assert caplog.text.count("the fork server is gone") == 1
    finally:
        await rig.close()


async def test_a_fork_server_that_does_not_answer_is_replaced(
    forking: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamcore.core.process._forks._ANSWER_S", 0.2)
    module = await forking.launch(SLEEP)
    await forking.hears("up")
    server = await _server_of(module)
    server.suspend()
    assert await _how(forking) == "fresh"
    assert not server.is_running()
    module.kill()
    await module.wait()


async def test_many_start_at_once(forking: Rig) -> None:
    processes = await asyncio.gather(*(forking.launch(SLEEP) for _ in range(30)))
    await forking.until(lambda: forking.said().count("up") == 30)
    assert len({process.pid for process in processes}) == 30


async def test_a_kill_right_after_the_launch_is_not_lost(forking: Rig) -> None:
    for _ in range(20):
        process = await forking.launch(SLEEP)
        process.kill()
        assert await process.wait() == Exit(None, signal.SIGKILL)


async def test_two_hundred_killed_modules_leave_nothing(forking: Rig) -> None:
    module = await forking.launch(SLEEP)
    await forking.hears("up")
    server = await _server_of(module)

    def held() -> tuple[int, int, int]:
        return psutil.Process().num_fds(), server.num_fds(), len(psutil.Process().children())

    def tasks() -> int:
        return len(asyncio.all_tasks())

    before, tasks_before = held(), tasks()
    for _ in range(20):
        batch = await asyncio.gather(*(forking.launch(SLEEP) for _ in range(10)))
        for process in batch:
            os.kill(process.pid, signal.SIGKILL)
        await asyncio.gather(*(process.wait() for process in batch))
    await forking.until(lambda: held() == before and tasks() == tasks_before)
    assert await _server_of(module) == server
    module.kill()


async def test_what_a_module_leaves_behind_is_reaped_once_it_ends(forking: Rig) -> None:
    process = await forking.launch(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            os.close(1), os.close(2)
            time.sleep(60)
        """
    )
    assert await process.wait() == Exit(0)
    (left,) = (
        child
        for child in psutil.Process().children()
        if child.cmdline() and child.pid != process.pid and child.num_fds() == 2
    )
    left.kill()
    await forking.until(lambda: left.status() == psutil.STATUS_ZOMBIE)
    assert await _how(forking) == "forked"
    await forking.until(lambda: not left.is_running())


async def test_the_end_of_the_launcher_ends_the_fork_server(tmp_path: Path) -> None:
    rig = Rig(tmp_path, forks=True)
    await rig.open()
    module = await rig.launch(SLEEP)
    await rig.hears("up")
    server = await _server_of(module)
    await rig.close()
    assert not server.is_running()
    assert not psutil.pid_exists(module.pid)


def _memory_of(pid: int) -> bytes:
    """Return everything that a process could have written down."""
    found = b""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            extent, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(part, 16) for part in extent.split("-"))
                memory.seek(start)
                found += memory.read(end - start)
    return found
