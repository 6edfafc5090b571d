"""Crashes: their last words, the way back, and when it is given up."""

from __future__ import annotations

from streamcore.core.process import Exit, LaunchSpec
from streamcore.core.supervisor import ModuleState
from tests.core.supervisor.stage import Stage, spec


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
