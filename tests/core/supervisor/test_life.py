"""A module's life under the supervisor: start, restart, output, use of the machine."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import Exit, Usage
from streamcore.core.supervisor import ModuleState, Supervisor
from streamcore.protocol.manifest import Limits
from tests.core.supervisor.stage import NoDelay, Stage, spec


async def test_a_module_starts_and_runs(stage: Stage) -> None:
    process = await stage.start()
    assert stage.status().state is ModuleState.STARTING
    assert stage.status().pid == process.pid
    assert stage.status().started_at == stage.clock.now()
    await stage.ready()
    assert stage.status().state is ModuleState.RUNNING
    assert stage.status().restarts == 0
    assert stage.status().last_error is None
    assert stage.states() == [ModuleState.STARTING, ModuleState.RUNNING]


async def test_nobody_asked_for_is_nobody(stage: Stage) -> None:
    assert stage.supervisor.status("bot") is None
    assert not stage.supervisor.is_current(ModulePrincipal("bot", 1))
    await stage.supervisor.stop("bot")
    await stage.supervisor.restart("bot")
    stage.supervisor.mark_ready(ModulePrincipal("bot", 1))
    stage.supervisor.ping_failed(ModulePrincipal("bot", 1))
    assert stage.launcher.processes == []


async def test_starting_twice_is_starting_once(stage: Stage) -> None:
    await asyncio.gather(stage.start(), stage.start())
    await stage.start_ready()
    await stage.start()
    assert len(stage.launcher.processes) == 1


async def test_each_process_is_a_generation_of_its_own(stage: Stage) -> None:
    first = await stage.start_ready()
    assert stage.supervisor.is_current(first.spec.principal)
    await stage.crash()
    assert not stage.supervisor.is_current(first.spec.principal)
    await stage.clock.advance(1)
    second = stage.launcher.last
    assert second.spec.generation > first.spec.generation
    assert stage.supervisor.is_current(second.spec.principal)
    assert not stage.supervisor.is_current(first.spec.principal)
    stage.supervisor.mark_ready(first.spec.principal)
    await stage.settle()
    assert stage.status().state is ModuleState.STARTING


async def test_restart_is_a_new_process_with_a_clean_record(stage: Stage) -> None:
    await stage.start_ready()
    await stage.crash()
    await stage.clock.advance(1)
    await stage.ready()
    process = stage.launcher.last
    stage.on_shutdown = lambda: process.exit(Exit(0))
    await stage.supervisor.restart("bot")
    await stage.settle()
    assert stage.launcher.last is not process
    assert stage.status().restarts == 0
    assert stage.status().last_error is None


async def test_output_goes_to_the_log_of_its_module(stage: Stage) -> None:
    process = await stage.start()
    process.say("one", stream="stdout")
    process.say("two")
    assert ("bot", "stdout", "info", "one") in stage.log
    assert ("bot", "stderr", "error", "two") in stage.log
    assert ("bot", "log", "info", f"started (process {process.pid})") in stage.log


async def test_a_failing_listener_does_not_end_the_module(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(module_id: str) -> None:
        raise RuntimeError("no dashboard")

    supervisor = Supervisor(
        stage.launcher,
        clock=stage.clock,
        on_change=fail,
        request_shutdown=lambda module_id, deadline: fail(module_id),
        write_log=lambda module_id, stream, level, text: fail(module_id),
        random=NoDelay(),
    )
    await supervisor.start("bot", lambda number: spec("bot", number))
    await stage.settle()
    supervisor.mark_ready(stage.launcher.last.spec.principal)
    await stage.settle()
    status = supervisor.status("bot")
    assert status is not None
    assert status.state is ModuleState.RUNNING
    stopping = asyncio.create_task(supervisor.stop("bot"))
    await stage.clock.advance(5)
    await stopping
    assert not stage.launcher.last.alive
    assert "no dashboard" in caplog.text


async def test_the_usage_of_a_living_process_is_its_status(stage: Stage) -> None:
    stage.supervisor.measure()
    process = await stage.start_ready()
    process.used = Usage(cpu_percent=7.5, rss_mb=20)
    stage.supervisor.measure()
    assert stage.status().cpu_percent == 7.5
    assert stage.status().rss_mb == 20
    await stage.crash()
    stage.supervisor.measure()
    assert stage.status().rss_mb == 0
    await stage.clock.advance(5)
    await stage.ready()
    stage.launcher.last.used = Usage(rss_mb=30)
    stage.supervisor.measure()
    assert stage.status().rss_mb == 30


async def test_too_much_memory_is_warned_of_and_then_a_crash(stage: Stage) -> None:
    await stage.supervisor.start("bot", lambda number: spec("bot", number, Limits(memory_mb=100)))
    await stage.settle()
    await stage.ready()
    process = stage.launcher.last
    process.used = Usage(rss_mb=150)
    text = "uses 150 MB of memory, 100 MB are allowed"
    for _ in range(2):
        await stage.clock.advance(5)
        stage.supervisor.measure()
        assert ("bot", "log", "warning", text) in stage.log
        assert process.alive
    await stage.clock.advance(5)
    stage.supervisor.measure()
    await stage.clock.advance(2)
    assert not process.alive
    error = stage.status().last_error
    assert error is not None
    assert error.exit == text
