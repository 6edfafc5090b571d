"""What Linux adds: hard limits from outside, a session, and nothing inherited."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading

import pytest

from streamcore.core.process import Exit
from streamcore.protocol.manifest import Limits
from tests.core.process.rig import Rig

if sys.platform != "linux":
    pytest.skip("Linux only", allow_module_level=True)

MIB = 2**20


async def test_limits_stand_before_the_module_runs(rig: Rig) -> None:
    process = await rig.launch(
        """
        import json, resource
        names = ("RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
        say(json.dumps({n: resource.getrlimit(getattr(resource, n)) for n in names}))
        say(open("/proc/self/oom_score_adj").read().strip())
        """
    )
    await process.wait()
    limits = json.loads(rig.said()[0])
    assert limits == {
        "RLIMIT_AS": [1024 * MIB, 1024 * MIB],
        "RLIMIT_FSIZE": [64 * MIB, 64 * MIB],
        "RLIMIT_NOFILE": [256, 256],
        "RLIMIT_CORE": [0, 0],
    }
    assert rig.said()[1] == "700"


async def test_a_memory_bomb_hits_its_own_limit(rig: Rig) -> None:
    process = await rig.launch(
        """
        try:
            bomb = [bytearray(16 * 2**20) for _ in range(1000)]
        except MemoryError:
            say("stopped")
        """,
        limits=Limits(memory_mb=64),
    )
    assert await process.wait() == Exit(0)
    assert rig.said() == ["stopped"]


async def test_only_the_pipes_and_the_link_are_inherited(rig: Rig) -> None:
    other = await rig.launch("import time; say('up'); time.sleep(60)")
    await rig.hears("up")
    process = await rig.launch(
        """
        import json, os
        fds = []
        for fd in range(256):
            try:
                os.fstat(fd)
                fds.append(fd)
            except OSError:
                pass
        say(json.dumps([fds, spec["link"]["fd"], os.getsid(0) == os.getpid()]))
        """
    )
    await process.wait()
    fds, link, own_session = json.loads(rig.said()[-1])
    assert fds == [0, 1, 2, link]
    assert own_session
    other.kill()


async def test_a_module_that_ignores_being_asked_is_killed(rig: Rig) -> None:
    process = await rig.launch(
        """
        import os, signal, time
        # Not `say`: it may be in the middle of the other one, which printing does not bear.
        signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"no\\n"))
        say("up")
        while True: time.sleep(60)
        """
    )
    await rig.hears("up")
    process.terminate()
    await rig.hears("no")
    process.kill()
    assert await process.wait() == Exit(None, signal.SIGKILL)


async def test_the_exit_is_not_kept_back_by_one_who_holds_the_pipe(rig: Rig) -> None:
    process = await rig.launch(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            say(os.getpid())
            time.sleep(60)
        """,
        limits=Limits(processes=2),
    )
    assert await process.wait() == Exit(0)
    os.kill(int(rig.said()[0]), signal.SIGKILL)


async def test_modules_are_started_from_the_main_thread_only(rig: Rig) -> None:
    spec = rig.spec("")
    errors: list[BaseException] = []

    def start_elsewhere() -> None:
        try:
            asyncio.run(rig.launcher.launch(spec, lambda stream, line: None))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=start_elsewhere)
    thread.start()
    thread.join()
    assert isinstance(errors[0], RuntimeError)
    assert "main thread" in str(errors[0])
