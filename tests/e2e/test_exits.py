"""Every way of not starting and of ending: one clear sentence, the right exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.e2e.core_process import Core, write_module


async def _fails(core: Core, *flags: str) -> tuple[int, str, str]:
    process = await core.spawn(*flags)
    async with asyncio.timeout(15):
        stdout, stderr = await process.communicate()
    assert process.returncode is not None
    return process.returncode, stdout.decode(), stderr.decode()


async def test_a_taken_port_is_said(core: Core) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, stdout, stderr = await _fails(core, "--port", str(port))
    assert code == 2
    assert stdout == ""
    assert str(port) in stderr
    assert len(stderr.strip().splitlines()) == 1
    assert not (core.home / "run.json").exists()


async def test_an_unwritable_home_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, stderr = await _fails(Core(tmp_path / "file" / "home"))
    assert code == 2
    assert "home" in stderr
    assert len(stderr.strip().splitlines()) == 1


async def test_a_database_of_which_nothing_is_left_is_said(core: Core) -> None:
    await core.start()
    await core.simulate("donation")
    assert await core.stop() == 0
    database = core.home / "streamcore.db"
    wrong = os.urandom(database.stat().st_size)
    database.write_bytes(wrong)
    code, _, stderr = await _fails(core)
    assert code == 2
    assert "database" in stderr
    assert len(stderr.strip().splitlines()) == 1
    assert database.read_bytes() == wrong, "nothing is thrown away"


async def test_a_second_instance_points_at_the_first(core: Core) -> None:
    await core.start()
    code, stdout, stderr = await _fails(core)
    assert code == 3
    assert core.url in stdout
    assert stderr == ""
    assert (await core.api("GET", "/api/system"))["version"]


async def test_of_many_parallel_starts_one_wins(core: Core) -> None:
    processes = [await core.spawn() for _ in range(5)]
    try:
        codes: list[int] = []
        async with asyncio.timeout(30):
            finished = {asyncio.create_task(process.wait()) for process in processes}
            while len(codes) < 4:
                done, finished = await asyncio.wait(finished, return_when=asyncio.FIRST_COMPLETED)
                codes += [task.result() for task in done]
        assert codes == [3, 3, 3, 3]
        (winner,) = [process for process in processes if process.returncode is None]
        winner.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await winner.wait() == 0
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_well_within_eight_seconds(
    core: Core, number: signal.Signals
) -> None:
    # This module ignores its shutdown: it must not hold the exit up.
    stubborn = "from streamcore.sdk import BaseModule\nimport time\n\n\nclass Bot(BaseModule):\n"
    stubborn += "    async def teardown(self):\n        time.sleep(60)\n"
    write_module(core.home, "stubborn", stubborn)
    await core.start()
    await core.approve("stubborn")
    children = core.module_processes()
    assert children
    began = time.monotonic()
    os.kill(core.pid, number)
    assert await core.stop() == 0
    assert time.monotonic() - began < 8
    assert not (core.home / "run.json").exists()
    assert not any(child.is_running() and child.status() != "zombie" for child in children)


async def test_a_stale_run_file_is_recognised(core: Core) -> None:
    await core.start()
    await core.kill()
    assert (core.home / "run.json").exists()
    await core.start()
    assert (await core.api("GET", "/api/system"))["version"]


async def test_stop_command_ends_it(core: Core) -> None:
    await core.start()
    process = await core.spawn("stop")
    async with asyncio.timeout(15):
        stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr
    assert b"ended" in stdout


async def test_version_and_unknown_flags() -> None:
    core = Core(Path("unused"))
    code, stdout, _ = await _fails(core, "--version")
    assert code == 0
    assert stdout.startswith("StreamCore ")
    code, _, stderr = await _fails(core, "--colour")
    assert code == 2
    assert "--colour" in stderr
