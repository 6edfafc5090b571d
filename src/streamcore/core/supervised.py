"""One module that is kept running: the life of its processes, from the start to the stop."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from streamcore.core.clock import Clock
from streamcore.core.limit_watch import LimitWatch
from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import Exit, Launcher, LaunchSpec, ModuleProcess, Usage
from streamcore.core.restart_policy import Park, RestartPolicy
from streamcore.core.run_status import LastError, ModuleState, RunStatus

__all__ = [
    "READY_DEADLINE_S",
    "TERMINATE_GRACE_S",
    "TURN_S",
    "Listeners",
    "MakeSpec",
    "SupervisedModule",
]

logger = logging.getLogger(__name__)

READY_DEADLINE_S = 15.0
TURN_S = 2.0
"""So long a module keeps its turn to start: one that waits in `setup` keeps nobody waiting."""
TERMINATE_GRACE_S = 2.0
_KILL_WAIT_S = 5.0
_LAST_LINES = 50
_LAST_LINE_CHARS = 1000
_LIMITS_EVERY_S = 4.0
"""A little less than the time between two measurements while nobody looks."""

_Wait = Coroutine[Any, Any, object]

MakeSpec = Callable[[int], LaunchSpec]
"""Given the generation of the next process, says what to launch."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told of a module's life; a listener's fault is logged and goes no further."""

    on_change: Callable[[str], None]
    on_shutdown: Callable[[str, int], None]
    on_log: Callable[[str, str, str, str], None]

    def changed(self, module_id: str) -> None:
        """Say that the module's status is another one."""
        self._tell(module_id, lambda: self.on_change(module_id))

    def request_shutdown(self, module_id: str, deadline_ms: int) -> None:
        """Have the module asked politely to end."""
        self._tell(module_id, lambda: self.on_shutdown(module_id, deadline_ms))

    def write_log(self, module_id: str, stream: str, level: str, text: str) -> None:
        """Put a line into the module's log."""
        self._tell(module_id, lambda: self.on_log(module_id, stream, level, text))

    @staticmethod
    def _tell(module_id: str, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception:  # whoever listens, the module must be seen through
            logger.exception("a listener of %s failed", module_id)


@dataclass(frozen=True, slots=True)
class _Ended:
    """A process ended and nobody had asked for it."""

    text: str
    counts: bool
    hopeless: bool = False


class SupervisedModule:
    """Starts a process, watches it, and starts the next one as the policy says."""

    def __init__(
        self,
        module_id: str,
        make_spec: MakeSpec,
        *,
        launcher: Launcher,
        turns: asyncio.Semaphore,
        clock: Clock,
        policy: RestartPolicy,
        next_generation: Callable[[], int],
        listeners: Listeners,
    ) -> None:
        self.module_id = module_id
        self.make_spec = make_spec
        self._launcher = launcher
        self._turns = turns
        self._clock = clock
        self._policy = policy
        self._next_generation = next_generation
        self._listeners = listeners
        self._state = ModuleState.STARTING
        self._generation = 0
        self._process: ModuleProcess | None = None
        self._started_at: datetime | None = None
        self._usage = Usage()
        self._limits: LimitWatch | None = None
        self._limits_at = 0.0
        self._restarts = 0
        self._last_error: LastError | None = None
        self._last_lines: dict[str, deque[str]] = {}
        self._ready = asyncio.Event()
        self._verdict: str | None = None
        self._condemned = asyncio.Event()
        self._stopping = asyncio.Event()
        self._deadline_s = 0.0
        self._grace_s = TERMINATE_GRACE_S

    @property
    def status(self) -> RunStatus:
        """Return the present moment as a value."""
        return RunStatus(
            state=self._state,
            generation=self._generation,
            pid=self._process.pid if self._process else None,
            restarts=self._restarts,
            last_error=self._last_error,
            started_at=self._started_at,
            cpu_percent=self._usage.cpu_percent,
            rss_mb=self._usage.rss_mb,
        )

    @property
    def alive(self) -> bool:
        """Tell whether a process of this module exists."""
        return self._process is not None

    def is_current(self, principal: ModulePrincipal) -> bool:
        """Tell whether `principal` is the process that lives now."""
        return self.alive and principal == ModulePrincipal(self.module_id, self._generation)

    def mark_ready(self) -> None:
        """The living process has said that it works."""
        self._ready.set()

    def condemn(self, verdict: str) -> None:
        """End the living process and count that as a crash for this reason."""
        if self.alive and self._verdict is None:
            self._verdict = verdict
            self._condemned.set()

    def stop(self, *, deadline_s: float, grace_s: float) -> None:
        """Let `keep` come to its end: a polite request, then a firm one, then the kill."""
        if not self._stopping.is_set():
            self._deadline_s = deadline_s
            self._grace_s = grace_s
            self._stopping.set()

    def measure(self) -> None:
        """Look at what the living process uses; a limit passed for long is its end."""
        if self._process is None or self._limits is None:
            return
        self._usage = self._process.usage()
        now = self._clock.monotonic()
        if now - self._limits_at < _LIMITS_EVERY_S:
            return
        self._limits_at = now
        breach = self._limits.check(self._usage.cpu_percent, self._usage.rss_mb, now)
        if breach is None:
            return
        if breach.final:
            self.condemn(breach.text)
        else:
            self._log("warning", breach.text)

    async def keep(self) -> None:
        """Keep the module running until `stop`; a failed one waits for it too."""
        try:
            await self._keep()
        except Exception as error:  # our own mistake; it must cost this module alone
            logger.exception("keeping %s running failed", self.module_id)
            self._last_error = LastError(at=self._clock.now(), exit=f"internal error: {error}")
            self._enter(ModuleState.FAILED)
            await self._stopping.wait()

    async def _keep(self) -> None:
        while (ended := await self._live()) is not None:
            self._last_error = LastError(
                at=self._clock.now(), exit=ended.text, lines=self._last_words()
            )
            decision = (
                self._policy.hopeless()
                if ended.hopeless
                else self._policy.ended(self._clock.monotonic(), counts=ended.counts)
            )
            if isinstance(decision, Park):
                self._log("error", f"{ended.text}; not started again: {decision.reason}")
                self._enter(ModuleState.FAILED)
                pause_s = decision.retry_after_s
            else:
                self._log("warning", f"{ended.text}; starting again in {decision.delay_s:.1f} s")
                self._enter(ModuleState.BACKING_OFF)
                pause_s = decision.delay_s
            if pause_s is None:
                await self._stopping.wait()
            else:
                await _first(None, self._stopping.wait(), self._clock.sleep(pause_s))
            if self._stopping.is_set():
                return
            self._restarts += 1

    async def _live(self) -> _Ended | None:
        """Live through one process; None when it was stopped on purpose."""
        self._generation = self._next_generation()
        self._last_lines.clear()
        self._ready.clear()
        self._condemned.clear()
        self._verdict = None
        self._enter(ModuleState.STARTING)
        with ExitStack() as turn:
            if not await self._gets_its(turn):
                return None
            return await self._live_out(turn)

    async def _gets_its(self, turn: ExitStack) -> bool:
        """Wait for the turn to start, which the stack gives back; False when a stop came first."""
        if not self._turns.locked():
            await self._turns.acquire()  # which does not wait
            turn.callback(self._turns.release)
            return True
        taken = asyncio.ensure_future(self._turns.acquire())
        try:
            await _first(taken, self._stopping.wait())
        finally:
            if taken.done():
                turn.callback(self._turns.release)
            else:
                taken.cancel()
        return not self._stopping.is_set()

    async def _live_out(self, turn: ExitStack) -> _Ended | None:
        try:
            spec = self.make_spec(self._generation)
            process = await self._launcher.launch(spec, self._on_output)
        except Exception as error:  # the system or the folder: a state, never the hub's end
            logger.warning("%s could not be started", self.module_id, exc_info=True)
            return _Ended(f"could not be started: {error}", counts=True)
        self._process = process
        self._limits = LimitWatch(spec.limits)
        self._started_at = self._clock.now()
        self._log("info", f"started (process {process.pid})")
        self._enter(ModuleState.STARTING)
        try:
            return await self._watch(process, turn)
        finally:
            self._process = None
            self._limits = None
            self._started_at = None
            self._usage = Usage()

    async def _watch(self, process: ModuleProcess, turn: ExitStack) -> _Ended | None:
        exited = asyncio.ensure_future(process.wait())
        try:
            is_over = await self._starts(exited, TURN_S)
            turn.close()
            if not is_over:
                await self._starts(exited, READY_DEADLINE_S - TURN_S)
            if not exited.done() and not self._stopping.is_set() and self._verdict is None:
                if self._ready.is_set():
                    self._policy.ready(self._clock.monotonic())
                    self._enter(ModuleState.RUNNING)
                    await _first(exited, *self._wishes_to_end())
                else:
                    self._verdict = f"was not ready within {READY_DEADLINE_S:.0f} s"
            if self._stopping.is_set():
                self._enter(ModuleState.STOPPING)
            if not exited.done():
                await self._end(process, exited)
            return self._ended(exited)
        finally:
            if not exited.done():
                process.kill()
                exited.cancel()

    async def _starts(self, exited: asyncio.Future[Exit], within_s: float) -> bool:
        """Wait until the start has come to an end of any kind; False when time was up first."""
        await _first(
            exited, *self._wishes_to_end(), self._ready.wait(), self._clock.sleep(within_s)
        )
        events = (self._ready, self._stopping, self._condemned)
        return exited.done() or any(event.is_set() for event in events)

    def _wishes_to_end(self) -> tuple[_Wait, _Wait]:
        return self._stopping.wait(), self._condemned.wait()

    async def _end(self, process: ModuleProcess, exited: asyncio.Future[Exit]) -> None:
        # A module that is not ready has nothing to put away, and one that hangs would not hear.
        if self._stopping.is_set() and self._ready.is_set() and self._verdict is None:
            deadline_ms = round(self._deadline_s * 1000)
            self._listeners.request_shutdown(self.module_id, deadline_ms)
            await _first(exited, self._clock.sleep(self._deadline_s))
        if not exited.done():
            process.terminate()
            await _first(exited, self._clock.sleep(self._grace_s))
        if not exited.done():
            process.kill()
            await _first(exited, self._clock.sleep(_KILL_WAIT_S))

    def _ended(self, exited: asyncio.Future[Exit]) -> _Ended | None:
        if not exited.done():
            logger.error("%s does not end even when it is killed", self.module_id)
        if self._stopping.is_set():
            self._log("info", "stopped")
            return None
        if self._verdict is not None or not exited.done():
            return _Ended(self._verdict or "could not be killed", counts=True)
        end = exited.result()
        return _Ended(end.describe(), counts=not end.retry_later, hopeless=end.hopeless)

    def _on_output(self, stream: str, line: str) -> None:
        last_lines = self._last_lines.setdefault(stream, deque(maxlen=_LAST_LINES))
        last_lines.append(line[:_LAST_LINE_CHARS])
        self._write(stream, "error" if stream == "stderr" else "info", line)

    def _last_words(self) -> tuple[str, ...]:
        return tuple(self._last_lines.get("stderr") or self._last_lines.get("stdout") or ())

    def _enter(self, state: ModuleState) -> None:
        self._state = state
        self._listeners.changed(self.module_id)

    def _log(self, level: str, text: str) -> None:
        self._write("log", level, text)

    def _write(self, stream: str, level: str, text: str) -> None:
        self._listeners.write_log(self.module_id, stream, level, text)


async def _first(kept: asyncio.Future[Any] | None, *waits: _Wait) -> None:
    """Wait until one of them is done; `kept` is left as it is, the others are called off."""
    tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait([*tasks, kept] if kept else tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
