"""Not everybody starts at once: turns, and who gives one back when."""

from __future__ import annotations

from streamcore.core.process import Exit
from streamcore.core.supervised import TURN_S
from streamcore.core.supervisor import ModuleState
from tests.core.supervisor.stage import Stage, spec


def _launched(stage: Stage) -> list[str]:
    return [process.spec.module_id for process in stage.launcher.processes]


async def test_a_turn_is_over_when_the_module_is_ready() -> None:
    stage = Stage(at_once=2)
    for name in "abc":
        await stage.start(name)
    assert _launched(stage) == ["a", "b"]
    assert stage.status("c").state is ModuleState.STARTING
    assert stage.status("c").pid is None
    stage.supervisor.mark_ready(stage.launcher.processes[0].spec.principal)
    await stage.settle()
    assert _launched(stage) == ["a", "b", "c"]
    await stage.close()


async def test_a_turn_is_over_when_the_process_has_ended() -> None:
    stage = Stage(at_once=1)
    await stage.start("a")
    await stage.start("b")
    stage.launcher.processes[0].exit(Exit(1))
    await stage.settle()
    assert _launched(stage) == ["a", "b"]
    await stage.close()


async def test_a_slow_setup_keeps_nobody_waiting_for_long() -> None:
    stage = Stage(at_once=1)
    await stage.start("slow")
    await stage.start("next")
    await stage.clock.advance(TURN_S - 0.1)
    assert _launched(stage) == ["slow"]
    await stage.clock.advance(0.1)
    assert _launched(stage) == ["slow", "next"]
    # Its own deadline is what it was.
    await stage.clock.advance(15 - TURN_S)
    assert stage.status("slow").state is ModuleState.BACKING_OFF
    assert stage.status("slow").last_error is not None
    await stage.close()


async def test_a_module_that_waits_for_its_turn_can_be_stopped() -> None:
    stage = Stage(at_once=1)
    for name in "abc":
        await stage.start(name)
    await stage.supervisor.stop("b")
    assert stage.supervisor.status("b") is None
    stage.supervisor.mark_ready(stage.launcher.processes[0].spec.principal)
    await stage.settle()
    assert _launched(stage) == ["a", "c"]
    await stage.close()


async def test_a_turn_comes_back_when_the_launch_fails() -> None:
    stage = Stage(at_once=1)
    stage.launcher.fault = OSError("no more processes")
    await stage.supervisor.start("a", lambda number: spec("a", number))
    await stage.settle()
    assert stage.status("a").state is ModuleState.BACKING_OFF
    stage.launcher.fault = None
    await stage.start("b")
    assert _launched(stage) == ["b"]
    await stage.close()
