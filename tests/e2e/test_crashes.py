"""What dies comes back: modules by the supervisor, events by the log, nothing by chance."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.core_process import Core, until, write_module

COUNTING = """
import json
from streamcore.sdk import BaseModule, on_event


class Bot(BaseModule):
    async def setup(self):
        self.file = (self.data_dir / "seen").open("a", encoding="utf-8")

    @on_event("donation")
    async def count(self, event):
        async with event.once():
            self.file.write(json.dumps([event.seq, event.id, event.origin]) + "\\n")
            self.file.flush()
"""
"""Writes down every donation that it is given, each once across all its lives."""

FAILED_WITHIN_S = 30.0
"""Five crashes with four pauses between them, the longest of which may last four seconds."""

SILENT = "from streamcore.sdk import BaseModule\n\n\nclass Bot(BaseModule):\n    pass\n"


def _seen(core: Core, module_id: str = "counter") -> list[list[Any]]:
    path = core.home / "module_data" / module_id / "seen"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _write_counter(home: Path) -> None:
    write_module(home, "counter", COUNTING, permissions=("donations_read",))


async def _donate(core: Core, count: int) -> list[str]:
    return [(await core.simulate("donation"))["id"] for _ in range(count)]


async def test_a_killed_module_comes_back_and_misses_nothing(core: Core) -> None:
    _write_counter(core.home)
    write_module(core.home, "other", SILENT)
    await core.start()
    await core.approve("counter")
    await core.approve("other")
    other = await core.process_of("other")
    sent = await _donate(core, 3)
    await until(lambda: len(_seen(core)) == 3, what="three donations were seen")
    victim = await core.process_of("counter")
    victim.kill()
    sent += await _donate(core, 5)

    async def is_back() -> bool:
        record = await core.module("counter")
        return bool(record and record["state"] == "running" and record["pid"] != victim.pid)

    await until(is_back, within_s=10, what="the module is back")
    await until(lambda: {row[1] for row in _seen(core)} == set(sent), what="all were seen")
    ids = [row[1] for row in _seen(core)]
    assert len(ids) == len(set(ids))
    record = await core.module("counter")
    assert record is not None
    assert record["restarts"] == 1
    assert other.is_running(), "one module's death is not another's"


async def test_a_module_that_crashes_at_import_fails_with_its_traceback(core: Core) -> None:
    write_module(core.home, "broken", "import streamcore.sdk\nraise RuntimeError('no luck')\n")
    await core.start()
    await core.approve("broken", state="failed", within_s=FAILED_WITHIN_S)
    record = await core.module("broken")
    assert record is not None
    lines = "\n".join(record["last_error"]["lines"])
    assert "RuntimeError: no luck" in lines
    assert "backend.py" in lines
    assert "no luck" in await core.logs("broken")


async def test_zero_or_two_modules_in_one_file_fail_with_a_sentence(core: Core) -> None:
    write_module(core.home, "none_inside", "x = 1\n")
    two = SILENT + "\n\nclass Second(BaseModule):\n    pass\n"
    write_module(core.home, "two_inside", two)
    await core.start()
    for module_id in ("none_inside", "two_inside"):
        await core.approve(module_id, state="failed", within_s=FAILED_WITHIN_S)
        record = await core.module(module_id)
        assert record is not None
        assert "BaseModule" in "\n".join(record["last_error"]["lines"])


async def test_a_killed_core_leaves_no_orphan_and_loses_nothing(core: Core) -> None:
    _write_counter(core.home)
    write_module(core.home, "other", SILENT)
    await core.start()
    await core.approve("counter")
    await core.approve("other")
    acknowledged: list[str] = []
    for _ in range(5):
        await core.reaches("counter", "running")
        await core.reaches("other", "running")
        children = core.module_processes()
        modules = {(await core.process_of(name)).pid for name in ("counter", "other")}
        assert modules <= {child.pid for child in children}

        async def donate() -> None:
            while True:
                acknowledged.append((await core.simulate("donation"))["id"])

        donating = asyncio.create_task(donate())
        await asyncio.sleep(0.3)
        await core.kill()
        donating.cancel()
        await asyncio.gather(donating, return_exceptions=True)
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 3)
        assert alive == [], "0 orphans"
        await core.start()
    await core.reaches("counter", "running")
    await until(
        lambda: set(acknowledged) <= {row[1] for row in _seen(core)},
        what="every acknowledged donation was seen",
    )
    seen = _seen(core)
    assert [row[0] for row in seen] == sorted({row[0] for row in seen}), "in order, each once"
    assert any(row[2] == "catch_up" for row in seen) or len(seen) >= len(acknowledged)


async def test_a_changed_module_waits_for_consent_and_shows_the_difference(core: Core) -> None:
    _write_counter(core.home)
    await core.start()
    await core.approve("counter")
    write_module(core.home, "counter", COUNTING, permissions=("donations_read", "chat_send"))
    await core.reaches("counter", "awaiting_consent")
    record = await core.module("counter")
    assert record is not None
    assert record["changed"]["added"]["permissions"] == ["chat_send"]
    assert record["changed"]["removed"]["permissions"] == []
    await core.approve("counter")


async def test_a_bad_manifest_is_invalid_with_every_problem_and_stops_nothing(core: Core) -> None:
    folder = write_module(core.home, "messy", SILENT, permissions=("chat_reed", "fly"))
    (folder / "manifest.json").write_text(
        json.dumps({"id": "other_name", "name": "", "permissions": ["fly"], "version": "one"})
    )
    _write_counter(core.home)
    await core.start()
    await core.approve("counter")
    await core.reaches("messy", "invalid")
    record = await core.module("messy")
    assert record is not None
    paths = {problem["path"] for problem in record["problems"]}
    assert {"$.id", "$.permissions[0]", "$.version"} <= paths
    assert all(p["expected"] and p["found"] and p["file"] for p in record["problems"])
