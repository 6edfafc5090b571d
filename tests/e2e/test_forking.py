"""The running product on Linux: modules are forked, and no end of a process is another's."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.core_process import Core, until, write_module

if sys.platform != "linux":
    pytest.skip("forks on Linux alone", allow_module_level=True)

HOW = """
import sys
from streamcore.sdk import BaseModule


class Bot(BaseModule):
    async def setup(self):
        how = "forked" if "streamcore.sdk._host.fork_server" in sys.modules else "fresh"
        await self.storage.set("how", how)
"""

FALLING = """
import ctypes, os, signal, sys
from streamcore.sdk import BaseModule


class Bot(BaseModule):
    async def setup(self):
        {fall}
"""


FALLS = {
    "segfault": ("ctypes.string_at(0)", "SIGSEGV"),
    "abort": ("os.abort()", "SIGABRT"),
    "kill": ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "exit": ("os._exit(9)", "exit code 9"),
    "error": ("raise RuntimeError('no luck')", "exit code 1"),
}
"""What a module does, and how its end is told."""


async def _server(core: Core) -> psutil.Process:
    records = (await core.api("GET", "/api/modules"))["items"]
    modules = {record["pid"] for record in records}
    (server,) = (child for child in core.module_processes() if child.pid not in modules)
    return server


def _log(home: Path) -> str:
    return "".join(path.read_text("utf-8") for path in (home / "logs").glob("*.log"))


async def test_modules_outlive_what_they_were_forked_from(core: Core) -> None:
    for name in ("one", "two"):
        write_module(core.home, name, HOW)
    await core.start()
    for name in ("one", "two"):
        await core.approve(name)
        assert await core.stored(name, "how") == "forked"
    one, two = [await core.process_of(name) for name in ("one", "two")]
    server = await _server(core)
    server.kill()
    await until(lambda: not server.is_running() or server.status() == "zombie", what="it ended")
    two.kill()

    async def is_back() -> bool:
        record = await core.module("two")
        return bool(record and record["state"] == "running" and record["pid"] != two.pid)

    await until(is_back, what="the module is back without the fork server")
    assert _log(core.home).count("the fork server is gone") == 1
    assert (await core.process_of("one")).pid == one.pid
    assert one.is_running()
    await core.stop()
    assert not one.is_running()


async def test_every_way_to_fall_is_told(core: Core) -> None:
    for name, (fall, _) in FALLS.items():
        write_module(core.home, name, FALLING.format(fall=fall))
    await core.start()

    async def mine() -> dict[str, Any]:
        records = (await core.api("GET", "/api/modules"))["items"]
        return {record["id"]: record for record in records if record["id"] in FALLS}

    async def seen() -> bool:
        return (await mine()).keys() == FALLS.keys()

    await until(seen, what="all are seen")
    for name, record in (await mine()).items():
        body = {"digest": record["digest"], "permissions": []}
        await core.api("POST", f"/api/modules/{name}/approve", body)

    async def told() -> dict[str, str]:
        ends = {name: record["last_error"] for name, record in (await mine()).items()}
        return {name: end["exit"] for name, end in ends.items()} if all(ends.values()) else {}

    ends = await until(told, what="every end is told")
    assert {name: end for name, (_, end) in FALLS.items() if end not in ends[name]} == {}


async def test_a_killed_core_takes_its_fork_server_along(core: Core) -> None:
    write_module(core.home, "one", HOW)
    await core.start()
    await core.approve("one")
    children = core.module_processes()
    assert await _server(core) in children
    await core.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 3)
    assert alive == []
