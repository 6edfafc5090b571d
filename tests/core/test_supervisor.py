"""The supervisor's life of modules, with a fake launcher and a clock that the test turns."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import Exit, LaunchSpec, Usage
from streamcore.core.supervisor import ModuleState, RunStatus, Supervisor
from streamcore.protocol.manifest import Limits
from tests.fakes.clock import ManualClock
from tests.fakes.launcher import FakeLauncher, FakeProcess

CRASH = Exit(1)


class NoDelay(random.Random):
    """Chance that always takes the longest delay, so that times are known."""

    def uniform(self, a: float, b: float) -> float:
        return b


class Stage:
    """A supervisor with everything around it replaced."""

    def __init__(self) -> None:
        self.launcher = FakeLauncher()
        self.clock = ManualClock()
        self.changes: list[tuple[str, ModuleState | None]] = []
        self.shutdowns: list[tuple[str, int]] = []
        self.log: list[tuple[str, str, str, str]] = []
        self.on_shutdown: Callable[[], None] = lambda: None
        self.supervisor = Supervisor(
            self.launcher,
            clock=self.clock,
            on_change=self._changed,
            request_shutdown=self._shut_down,
            write_log=lambda *line: self.log.append(line),
            random=NoDelay(),
        )

    def _changed(self, module_id: str) -> None:
        status = self.supervisor.status(module_id)
        self.changes.append((module_id, status.state if status else None))

    def _shut_down(self, module_id: str, deadline_ms: int) -> None:
        self.shutdowns.append((module_id, deadline_ms))
        self.on_shutdown()

    async def start(self, module_id: str = "bot") -> FakeProcess:
        await self.supervisor.start(module_id, lambda number: spec(module_id, number))
        await self.settle()
        return self.launcher.last

    async def start_ready(self, module_id: str = "bot") -> FakeProcess:
        process = await self.start(module_id)
        await self.ready()
        return process

    async def ready(self) -> None:
        self.supervisor.mark_ready(self.launcher.last.spec.principal)
        await self.settle()

    async def crash(self, how: Exit = CRASH) -> None:
        self.launcher.last.exit(how)
        await self.settle()

    async def settle(self) -> None:
        await self.clock.advance(0)

    def status(self, module_id: str = "bot") -> RunStatus:
        status = self.supervisor.status(module_id)
        assert status is not None
        return status

    def states(self) -> list[ModuleState | None]:
        """Return the states in the order they were told, without repetitions."""
        told = [state for _, state in self.changes]
        return [state for i, state in enumerate(told) if i == 0 or told[i - 1] != state]


def spec(module_id: str, generation: int, limits: Limits | None = None) -> LaunchSpec:
    here = Path("modules") / module_id
    return LaunchSpec(
        module_id, generation, here, "main.py", here / "data", limits=limits or Limits()
    )


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    closing = asyncio.create_task(made.supervisor.close(0))
    while not closing.done():
        await made.clock.advance(1)
    await closing


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


async def test_a_crash_is_remembered_with_its_last_words(stage: Stage) -> None:
    process = await stage.start_ready()
    process.say("welcome", stream="stdout")
    process.say("Traceback (most recent call last):", "ValueError: no")
    await stage.crash()
    status = stage.status()
    assert status.state is ModuleState.BACKING_OFF
    assert status.pid is None
    assert status.started_at is None
    assert status.last_error is not None
    assert status.last_error.at == stage.clock.now()
    assert status.last_error.exit == "exit code 1"
    assert status.last_error.lines == ("Traceback (most recent call last):", "ValueError: no")


async def test_last_words_are_the_last_and_short(stage: Stage) -> None:
    process = await stage.start_ready()
    process.say(*(str(number) for number in range(200)), "x" * 5000)
    await stage.crash()
    error = stage.status().last_error
    assert error is not None
    assert len(error.lines) == 50
    assert error.lines[0] == "151"
    assert len(error.lines[-1]) == 1000


async def test_a_module_that_says_nothing_on_stderr_is_heard_on_stdout(stage: Stage) -> None:
    process = await stage.start_ready()
    process.say("goodbye", stream="stdout")
    await stage.crash(Exit(0))
    error = stage.status().last_error
    assert error is not None
    assert error.lines == ("goodbye",)
    assert error.exit == "ended by itself (exit code 0)"


async def test_a_crashed_module_comes_back_after_its_back_off(stage: Stage) -> None:
    await stage.start_ready()
    for restarts, delay in enumerate((0.5, 1.0, 2.0), start=1):
        await stage.crash()
        await stage.clock.advance(delay - 0.1)
        assert stage.status().state is ModuleState.BACKING_OFF
        await stage.clock.advance(0.1)
        assert stage.status().state is ModuleState.STARTING
        assert stage.status().restarts == restarts
        await stage.ready()
    assert stage.states()[1:5] == [
        ModuleState.RUNNING,
        ModuleState.BACKING_OFF,
        ModuleState.STARTING,
        ModuleState.RUNNING,
    ]


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


async def test_five_crashes_in_two_minutes_are_a_failure(stage: Stage) -> None:
    await stage.start()
    for _ in range(4):
        stage.launcher.last.say("Traceback", "ImportError: nothing there")
        await stage.crash()
        await stage.clock.advance(10)
    stage.launcher.last.say("Traceback", "ImportError: nothing there")
    await stage.crash()
    status = stage.status()
    assert status.state is ModuleState.FAILED
    assert status.last_error is not None
    assert status.last_error.lines == ("Traceback", "ImportError: nothing there")
    assert any("5 crashes within 120 s" in line[3] for line in stage.log)
    await stage.clock.advance(500)
    assert len(stage.launcher.processes) == 5


async def test_a_failed_module_is_tried_again_three_times_at_most(stage: Stage) -> None:
    await stage.start()
    for _ in range(5):
        await stage.crash()
        await stage.clock.advance(10)
    for attempts in (6, 7):
        await stage.clock.advance(600)
        assert len(stage.launcher.processes) == attempts
        await stage.crash()
        assert stage.status().state is ModuleState.FAILED
    await stage.clock.advance(100_000)
    assert len(stage.launcher.processes) == 7


async def test_a_failed_module_can_be_started_by_hand(stage: Stage) -> None:
    await stage.start()
    for _ in range(5):
        await stage.crash()
        await stage.clock.advance(10)
    await stage.start_ready()
    assert stage.status().state is ModuleState.RUNNING
    assert stage.status().restarts == 0
    await stage.crash()
    assert stage.status().state is ModuleState.BACKING_OFF


async def test_a_module_that_asks_for_a_later_start_never_fails(stage: Stage) -> None:
    await stage.start()
    for _ in range(20):
        await stage.crash(Exit(75))
        assert stage.status().state is ModuleState.BACKING_OFF
        await stage.clock.advance(30)


async def test_a_module_that_is_not_ready_in_time_is_ended(stage: Stage) -> None:
    process = await stage.start()
    await stage.clock.advance(14.9)
    assert process.signals == []
    await stage.clock.advance(0.1)
    assert process.signals == ["terminate"]
    error = stage.status().last_error
    assert error is not None
    assert error.exit == "was not ready within 15 s"


async def test_a_module_that_does_not_answer_is_ended_and_comes_back(stage: Stage) -> None:
    process = await stage.start_ready()
    process.deaf = True
    stage.supervisor.ping_failed(process.spec.principal)
    await stage.settle()
    assert process.signals == ["terminate"]
    assert stage.shutdowns == []
    await stage.clock.advance(2)
    assert process.signals == ["terminate", "kill"]
    error = stage.status().last_error
    assert error is not None
    assert "did not answer" in error.exit
    await stage.clock.advance(1)
    assert stage.launcher.last is not process


async def test_a_start_that_the_system_refuses_is_a_crash(stage: Stage) -> None:
    stage.launcher.fault = OSError("no more processes")
    await stage.supervisor.start("bot", lambda number: spec("bot", number))
    await stage.settle()
    assert stage.status().state is ModuleState.BACKING_OFF
    error = stage.status().last_error
    assert error is not None
    assert error.exit == "could not be started: no more processes"
    stage.launcher.fault = None
    await stage.clock.advance(1)
    assert stage.status().state is ModuleState.STARTING


async def test_a_folder_that_vanished_is_a_crash(stage: Stage) -> None:
    def vanished(number: int) -> LaunchSpec:
        raise FileNotFoundError("modules/bot")

    await stage.supervisor.start("bot", vanished)
    await stage.clock.advance(60)
    assert stage.status().state is ModuleState.FAILED


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


async def test_a_module_in_trouble_does_not_touch_the_others(stage: Stage) -> None:
    good = await stage.start_ready("good")
    await stage.start("bad")
    for _ in range(5):
        await stage.crash()
        await stage.clock.advance(10)
    assert stage.status("bad").state is ModuleState.FAILED
    assert stage.status("good").state is ModuleState.RUNNING
    assert good.alive
    assert set(stage.supervisor.statuses()) == {"good", "bad"}


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


async def test_usage_is_measured_each_second_while_someone_runs(stage: Stage) -> None:
    usage = asyncio.create_task(stage.supervisor.run_usage())
    await stage.clock.advance(10)
    process = await stage.start_ready()
    process.used = Usage(cpu_percent=7.5, rss_mb=20)
    await stage.clock.advance(1)
    assert stage.status().cpu_percent == 7.5
    assert stage.status().rss_mb == 20
    await stage.crash()
    assert stage.status().rss_mb == 0
    await stage.clock.advance(5)
    await stage.ready()
    stage.launcher.last.used = Usage(rss_mb=30)
    await stage.clock.advance(1)
    assert stage.status().rss_mb == 30
    usage.cancel()
    await asyncio.gather(usage, return_exceptions=True)


async def test_too_much_memory_is_warned_of_and_then_a_crash(stage: Stage) -> None:
    usage = asyncio.create_task(stage.supervisor.run_usage())
    await stage.supervisor.start("bot", lambda number: spec("bot", number, Limits(memory_mb=100)))
    await stage.settle()
    await stage.ready()
    process = stage.launcher.last
    process.used = Usage(rss_mb=150)
    await stage.clock.advance(5)
    text = "uses 150 MB of memory, 100 MB are allowed"
    assert ("bot", "log", "warning", text) in stage.log
    assert process.alive
    await stage.clock.advance(12)
    assert not process.alive
    error = stage.status().last_error
    assert error is not None
    assert error.exit == text
    usage.cancel()
    await asyncio.gather(usage, return_exceptions=True)


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
