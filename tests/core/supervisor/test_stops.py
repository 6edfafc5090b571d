"""The end of a module: asked, then told, then forced."""

from __future__ import annotations

import asyncio

from streamcore.core.process import Exit
from streamcore.core.supervisor import ModuleState
from tests.core.supervisor.stage import CRASH, Stage, spec


async def test_stop_asks_first(stage: Stage) -> None:
    process = await stage.start_ready()
    stage.on_shutdown = lambda: process.exit(Exit(0))
    await stage.supervisor.stop("bot")
    assert stage.shutdowns == [("bot", 5000)]
    assert process.signals == []
    assert stage.supervisor.status("bot") is None
    assert stage.states()[-2:] == [ModuleState.STOPPING, None]
    await stage.clock.advance(1000)
    assert len(stage.launcher.processes) == 1


async def test_stop_terminates_and_kills_who_does_not_hear(stage: Stage) -> None:
    process = await stage.start_ready()
    process.deaf = True
    stopping = asyncio.create_task(stage.supervisor.stop("bot"))
    await stage.clock.advance(4.9)
    assert process.signals == []
    assert stage.status().state is ModuleState.STOPPING
    await stage.clock.advance(0.1)
    assert process.signals == ["terminate"]
    await stage.clock.advance(2)
    assert process.signals == ["terminate", "kill"]
    await stopping
    assert stage.supervisor.status("bot") is None


async def test_stop_does_not_wait_for_one_who_cannot_hear_yet(stage: Stage) -> None:
    process = await stage.start()
    await stage.supervisor.stop("bot")
    assert stage.shutdowns == []
    assert process.signals == ["terminate"]


async def test_stop_ends_a_back_off_and_a_failure_at_once(stage: Stage) -> None:
    await stage.start()
    await stage.crash()
    await stage.supervisor.stop("bot")
    assert stage.supervisor.status("bot") is None
    await stage.start()
    for _ in range(5):
        await stage.crash()
        await stage.clock.advance(10)
    assert stage.status().state is ModuleState.FAILED
    await stage.supervisor.stop("bot")
    assert stage.supervisor.status("bot") is None


async def test_a_stop_that_is_called_off_still_stops(stage: Stage) -> None:
    process = await stage.start_ready()
    stopping = asyncio.create_task(stage.supervisor.stop("bot"))
    await stage.settle()
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    await stage.clock.advance(5)
    assert not process.alive
    assert stage.supervisor.status("bot") is None


async def test_a_crash_while_stopping_is_a_stop(stage: Stage) -> None:
    process = await stage.start_ready()
    stage.on_shutdown = lambda: process.exit(CRASH)
    await stage.supervisor.stop("bot")
    assert stage.supervisor.status("bot") is None


async def test_start_while_stopping_starts_afterwards(stage: Stage) -> None:
    first = await stage.start_ready()
    stopping = asyncio.create_task(stage.supervisor.stop("bot"))
    await stage.settle()
    starting = asyncio.create_task(
        stage.supervisor.start("bot", lambda number: spec("bot", number))
    )
    await stage.settle()
    assert len(stage.launcher.processes) == 1
    await stage.clock.advance(5)
    await asyncio.gather(stopping, starting)
    await stage.settle()
    assert not first.alive
    assert stage.launcher.last.alive
    assert stage.launcher.last is not first


async def test_close_stops_everybody_at_once_and_starts_nobody(stage: Stage) -> None:
    processes = [await stage.start_ready(name) for name in ("one", "two", "three")]
    processes[1].deaf = True
    closing = asyncio.create_task(stage.supervisor.close(3))
    await stage.settle()
    assert sorted(stage.shutdowns) == [("one", 3000), ("three", 3000), ("two", 3000)]
    processes[0].exit(Exit(0))
    await stage.clock.advance(3)
    assert [process.signals for process in processes] == [[], ["terminate"], ["terminate"]]
    await stage.clock.advance(1)
    await closing
    assert processes[1].signals == ["terminate", "kill"]
    assert stage.launcher.closed
    assert stage.supervisor.statuses() == {}
    await stage.supervisor.start("one", lambda number: spec("one", number))
    await stage.settle()
    assert len(stage.launcher.processes) == 3
