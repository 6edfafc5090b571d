"""Keeps approved modules running, each in a process of its own."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from collections.abc import Callable, Mapping

from streamcore.core.clock import Clock
from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import Launcher
from streamcore.core.restart_policy import RestartPolicy
from streamcore.core.run_status import LastError, ModuleState, RunStatus
from streamcore.core.supervised import (
    TERMINATE_GRACE_S,
    Listeners,
    MakeSpec,
    SupervisedModule,
)

__all__ = [
    "STOP_DEADLINE_S",
    "LastError",
    "MakeSpec",
    "ModuleState",
    "RunStatus",
    "Supervisor",
]

logger = logging.getLogger(__name__)

STOP_DEADLINE_S = 5.0
_CLOSE_GRACE_S = 1.0


class Supervisor:
    """One module's end is never another's: each has its own life, policy and task."""

    def __init__(
        self,
        launcher: Launcher,
        *,
        clock: Clock,
        on_change: Callable[[str], None],
        request_shutdown: Callable[[str, int], None],
        write_log: Callable[[str, str, str, str], None],
        random: random.Random,
    ) -> None:
        self._launcher = launcher
        self._turns = asyncio.Semaphore(launcher.at_once)
        self._clock = clock
        self._listeners = Listeners(on_change, request_shutdown, write_log)
        self._random = random
        # One count for all: a number that was once a process of ours is never another one's.
        self._generations = itertools.count(1)
        self._modules: dict[str, SupervisedModule] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._closed = False

    async def start(self, module_id: str, make_spec: MakeSpec) -> None:
        """Begin to keep a module running; returns before it is ready.

        One that starts or runs already is left alone; one that has failed or waits for its next
        attempt is tried again at once, with a clean record.
        """
        async with self._lock(module_id):
            known = self._modules.get(module_id)
            if known is not None and known.status.state in _AT_WORK:
                known.make_spec = make_spec
                return
            await self._stop(module_id)
            self._start(module_id, make_spec)

    async def stop(self, module_id: str) -> None:
        """Stop keeping a module and wait until its process is gone."""
        async with self._lock(module_id):
            await self._stop(module_id)

    async def restart(self, module_id: str) -> None:
        """Stop and start a module that is being kept; its record of crashes is forgotten."""
        async with self._lock(module_id):
            known = self._modules.get(module_id)
            if known is None:
                return
            await self._stop(module_id)
            self._start(module_id, known.make_spec)

    def mark_ready(self, principal: ModulePrincipal) -> None:
        """The process has connected and said `ready`."""
        if module := self._current(principal):
            module.mark_ready()

    def ping_failed(self, principal: ModulePrincipal) -> None:
        """The process does not answer any more: end it, and count that as a crash."""
        if module := self._current(principal):
            module.condemn("did not answer for too long")

    def is_current(self, principal: ModulePrincipal) -> bool:
        """Tell whether this process lives; only then are its words the module's."""
        return self._current(principal) is not None

    def status(self, module_id: str) -> RunStatus | None:
        """Return where a module stands, or None when nobody asked to keep it running."""
        module = self._modules.get(module_id)
        return module.status if module else None

    def statuses(self) -> Mapping[str, RunStatus]:
        """Return every module that is being kept."""
        return {module_id: module.status for module_id, module in self._modules.items()}

    def measure(self) -> None:
        """Look at what each living process uses; a limit passed for long is its end."""
        for module in self._modules.values():
            module.measure()

    async def close(self, deadline_s: float = STOP_DEADLINE_S) -> None:
        """Stop every module at once and leave no process behind; nothing starts any more."""
        self._closed = True
        for module in self._modules.values():
            module.stop(deadline_s=deadline_s, grace_s=_CLOSE_GRACE_S)
        if self._tasks:
            await asyncio.wait(self._tasks.values())
        await self._launcher.close()

    def _start(self, module_id: str, make_spec: MakeSpec) -> None:
        if self._closed:
            return
        module = SupervisedModule(
            module_id,
            make_spec,
            launcher=self._launcher,
            turns=self._turns,
            clock=self._clock,
            policy=RestartPolicy(self._random),
            next_generation=lambda: next(self._generations),
            listeners=self._listeners,
        )
        self._modules[module_id] = module
        self._tasks[module_id] = asyncio.get_running_loop().create_task(
            self._keep(module), name=f"keep {module_id}"
        )

    async def _keep(self, module: SupervisedModule) -> None:
        await module.keep()
        del self._modules[module.module_id]
        del self._tasks[module.module_id]
        self._listeners.changed(module.module_id)

    async def _stop(self, module_id: str) -> None:
        module = self._modules.get(module_id)
        if module is not None:
            module.stop(deadline_s=STOP_DEADLINE_S, grace_s=TERMINATE_GRACE_S)
            # Unlike a plain await, this does not end the keeping when the caller is called off.
            await asyncio.wait({self._tasks[module_id]})

    def _current(self, principal: ModulePrincipal) -> SupervisedModule | None:
        module = self._modules.get(principal.module_id)
        return module if module is not None and module.is_current(principal) else None

    def _lock(self, module_id: str) -> asyncio.Lock:
        return self._locks.setdefault(module_id, asyncio.Lock())


_AT_WORK = frozenset({ModuleState.STARTING, ModuleState.RUNNING})
