"""The supervisor over real processes: crashes, kills, stops, and nobody left."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import psutil
import pytest

from streamcore.core.clock import SystemClock
from streamcore.core.principals import ModulePrincipal
from streamcore.core.supervisor import LastError, ModuleState, RunStatus, Supervisor
from tests.core.process.rig import Rig

# Says that it is ready, and ends when the core says so.
GOOD = """
import sys
print(f"ready {spec['generation']}", flush=True)
with open("orders", "ab+") as orders:
    import time
    while not orders.read():
        time.sleep(0.01)
say("bye")
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(f"ready {spec['generation']}", flush=True)
while True: time.sleep(60)
"""
BROKEN = "import nothing_of_this_name"


class NoDelay(random.Random):
    """Chance that never waits."""

    def uniform(self, a: float, b: float) -> float:
        return 0.0


class House:
    """A supervisor whose modules say `ready` on their output."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.supervisor = Supervisor(
            rig.launcher,
            clock=SystemClock(),
            on_change=lambda module_id: None,
            request_shutdown=self._shut_down,
            write_log=self._hear,
            random=NoDelay(),
        )

    async def start(self, module_id: str, script: str) -> None:
        await self.supervisor.start(
            module_id, lambda number: self.rig.spec(script, module_id, generation=number)
        )

    async def reaches(self, module_id: str, state: ModuleState) -> RunStatus:
        def there() -> bool:
            status = self.supervisor.status(module_id)
            return status is not None and status.state is state

        await self.rig.until(there)
        status = self.supervisor.status(module_id)
        assert status is not None
        return status

    def _hear(self, module_id: str, stream: str, level: str, text: str) -> None:
        self.rig.lines.append((f"{module_id}/{stream}", text))
        if text.startswith("ready "):
            self.supervisor.mark_ready(ModulePrincipal(module_id, int(text.split()[1])))

    def _shut_down(self, module_id: str, deadline_ms: int) -> None:
        (self.rig.root / "data" / module_id / "orders").write_text("go", encoding="utf-8")


@pytest.fixture
async def house(rig: Rig) -> AsyncIterator[House]:
    made = House(rig)
    yield made
    await made.supervisor.close(0.1)


async def test_a_module_that_crashes_at_import_fails_with_its_traceback(house: House) -> None:
    await house.start("broken", BROKEN)
    status = await house.reaches("broken", ModuleState.FAILED)
    assert status.restarts == 4
    error = status.last_error
    assert isinstance(error, LastError)
    assert error.exit == "exit code 1"
    assert error.lines[0] == "Traceback (most recent call last):"
    assert error.lines[-1] == "ModuleNotFoundError: No module named 'nothing_of_this_name'"


async def test_a_killed_module_is_back_and_the_others_go_on(house: House) -> None:
    await house.start("one", GOOD)
    await house.start("two", GOOD)
    one = await house.reaches("one", ModuleState.RUNNING)
    two = await house.reaches("two", ModuleState.RUNNING)
    assert one.pid is not None
    psutil.Process(one.pid).kill()
    await house.rig.until(lambda: house.supervisor.status("one") != one)
    again = await house.reaches("one", ModuleState.RUNNING)
    assert again.pid not in (None, one.pid)
    assert again.generation > one.generation
    assert again.restarts == 1
    assert house.supervisor.status("two") == two


async def test_a_module_that_is_asked_to_stop_ends_by_itself(house: House) -> None:
    await house.start("one", GOOD)
    status = await house.reaches("one", ModuleState.RUNNING)
    await house.supervisor.stop("one")
    assert ("one/stdout", "bye") in house.rig.lines
    assert house.supervisor.status("one") is None
    assert status.pid is not None
    assert not psutil.pid_exists(status.pid)


async def test_close_leaves_no_process_whatever_it_ignores(house: House) -> None:
    pids = []
    for number in range(3):
        await house.start(f"deaf_{number}", DEAF)
    for number in range(3):
        pids.append((await house.reaches(f"deaf_{number}", ModuleState.RUNNING)).pid)
    await house.supervisor.close(0.1)
    assert not any(pid and psutil.pid_exists(pid) for pid in pids)
