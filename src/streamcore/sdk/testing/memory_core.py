"""The core's side of a module, in memory: grants, answers, and a log of events with a cursor."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from streamcore.protocol.commands import (
    COMMANDS,
    TARGET_ALL,
    Command,
    EmitEvent,
    GetPlatforms,
    GetViewers,
    OwnCommand,
    PlatformCommand,
    StartPoll,
    StartPrediction,
    command_name,
)
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.events import EPOCH, EVENTS, Event, ModuleEvent, Origin, event_type
from streamcore.protocol.frames import (
    Ack,
    CommandAnswer,
    PlatformInfo,
    Ready,
    ReadyAnswer,
    Refusal,
    Welcome,
)
from streamcore.sdk._link import Link, Listener, Reply
from streamcore.sdk.errors import Disconnected, PermissionDenied, StreamCoreError, error_for
from streamcore.sdk.testing.own_data import OwnData

__all__ = ["Answer", "MemoryCore"]

Answer = Mapping[str, object] | Exception | Callable[[Command], object]
"""What a command gets: a result, an error to raise in the module, or a function that decides."""

_ANY = "*"
_IDS = {
    "send_chat": "message_id",
    "create_reward": "reward_id",
    "start_poll": "poll_id",
    "start_prediction": "prediction_id",
    "create_clip": "clip_id",
}


class MemoryCore(Link):
    """Stands where the wire and the core are; outlives the lives of the module under test."""

    def __init__(
        self,
        module_id: str,
        permissions: Iterable[str],
        requirements: Iterable[str],
        settings: Mapping[str, object],
    ) -> None:
        self.module_id = module_id
        self.granted = set(permissions)
        self.requirements = frozenset(requirements)
        self.connected_platforms = {name for name in self.requirements if name != _ANY}
        self.settings = dict(settings)
        self.data = OwnData()
        self.answers: dict[str, Answer] = {}
        self.commands: list[Command] = []
        self.denied: list[Command] = []
        self.cursor = 0
        self._subscribed: frozenset[str] = frozenset()
        self._missed: list[Event] = []
        self._listener: Listener | None = None
        self._gone = asyncio.Event()
        self._numbers = itertools.count(1)
        self._first_answers: dict[str, object] = {}

    # The line, as the module's runtime sees it

    @property
    def connected(self) -> bool:
        """Whether the module is alive."""
        return self._listener is not None

    async def run(self, listener: Listener) -> None:
        """Welcome the module and hold the line until it closes."""
        self._gone.clear()
        self._listener = listener
        self.send("welcome", self._welcome())
        await self._gone.wait()

    def emit(self, name: str, payload: object) -> None:
        """Take an acknowledgement; everything else needs no memory."""
        if self.connected and isinstance(payload, Ack):
            self.cursor = max(self.cursor, payload.cursor)

    async def call(self, name: str, payload: object, timeout_s: float) -> bytes:
        """Answer `ready` or a command."""
        if not self.connected:
            raise Disconnected
        await asyncio.sleep(0)  # as on a wire, the answer is never there at once
        if isinstance(payload, Ready):
            return msgspec.json.encode(self._subscribe(payload))
        # Through JSON and back: what could not travel fails here as it would on the wire.
        sent = msgspec.json.encode(payload)
        kind = COMMANDS[msgspec.json.decode(sent)["cmd"]]
        return msgspec.json.encode(self._answer(msgspec.json.decode(sent, type=kind)))

    def resume_with(self, token: str) -> None:
        """There is nothing to resume in memory."""

    async def close(self) -> None:
        """Let go of the module."""
        self.drop()

    # What the harness does

    def send(self, name: str, payload: object, reply: Reply | None = None) -> None:
        """Send one packet to the module."""
        if self._listener is not None:
            self._listener.received(name, msgspec.json.encode(payload), reply)

    def drop(self) -> None:
        """End the line without a word."""
        self._listener = None
        self._gone.set()

    def admits(self, event: Event) -> bool:
        """Tell whether the module may see the event and asked for it."""
        name, needed = event_type(event), event.permission
        return (
            name in self._subscribed
            and (needed is None or needed in self.granted)
            and (not event.platform or self._declared(event.platform))
        )

    def deliver(self, event: Event) -> None:
        """Number an event as the log does and send it; unacknowledged, it comes again."""
        count = next(self._numbers)
        number = count if event.durable else 0
        now = datetime.now(UTC)
        event = msgspec.structs.replace(
            event,
            id=event.id or f"event-{count}",
            seq=number,
            at=now if event.at == EPOCH else event.at,
            received_at=now if event.received_at == EPOCH else event.received_at,
        )
        if self.admits(event):
            if event.durable and event.money_class:
                self._missed.append(event)
            self.send("events", [event])

    def redeliver(self) -> None:
        """Send again what the last life did not acknowledge, as the core does after a crash."""
        self._missed = [event for event in self._missed if event.seq > self.cursor]
        again = [msgspec.structs.replace(e, origin=Origin.CATCH_UP) for e in self._missed]
        if again:
            self.send("events", again)

    def platform_infos(self) -> dict[str, PlatformInfo]:
        """Return what the module is told of its platforms."""
        capabilities = tuple(
            sorted(name for name, cls in COMMANDS.items() if issubclass(cls, PlatformCommand))
        )
        names = self.connected_platforms | (self.requirements - {_ANY})
        return {
            name: PlatformInfo(
                connected=name in self.connected_platforms, capabilities=capabilities
            )
            for name in sorted(names)
        }

    # Inside

    def _welcome(self) -> Welcome:
        return Welcome(
            module_id=self.module_id,
            granted=tuple(sorted(self.granted)),
            denied=(),
            settings=self.settings,
            state=self.data.state,
            platforms=self.platform_infos(),
            cursor=self.cursor,
            resume_token="",
            protocol=1,
        )

    def _subscribe(self, ready: Ready) -> ReadyAnswer:
        self._subscribed = frozenset(ready.subscribe)
        missing = {
            name: permission
            for name in ready.subscribe
            if (permission := EVENTS[name].permission) is not None
            and permission not in self.granted
        }
        return ReadyAnswer(
            refused=tuple(
                Refusal(type=name, permission=permission, message=f"it needs '{permission}'")
                for name, permission in missing.items()
            )
        )

    def _answer(self, command: Command) -> CommandAnswer:
        try:
            self._gate(command)
            key = command.idempotency_key
            if key is not None and key in self._first_answers:
                return CommandAnswer(ok=True, result=self._first_answers[key])
            self.commands.append(command)
            result = self._carry_out(command)
            if key is not None:
                self._first_answers[key] = result
        except StreamCoreError as error:
            if isinstance(error, PermissionDenied):
                self.denied.append(command)
            retry = None if error.retry_after_s is None else int(error.retry_after_s * 1000)
            body = ErrorBody(ErrorCode(error.code), error.message, error.permission, retry)
            return CommandAnswer(ok=False, error=body)
        return CommandAnswer(ok=True, result=result)

    def _gate(self, command: Command) -> None:
        name, needed = command_name(command), command.permission
        if needed is not None and needed not in self.granted:
            message = f"'{name}' needs the permission '{needed}'."
            raise error_for(ErrorCode.PERMISSION_DENIED, message, needed)
        if not isinstance(command, PlatformCommand | GetViewers) or command.target == TARGET_ALL:
            return
        if not self._declared(command.target):
            message = f"'{command.target}' is not among the manifest's requirements."
            raise error_for(ErrorCode.PLATFORM_NOT_DECLARED, message)
        if command.target not in self.connected_platforms:
            message = f"'{command.target}' is not connected."
            raise error_for(ErrorCode.PLATFORM_NOT_CONNECTED, message)

    def _carry_out(self, command: Command) -> object:
        name = command_name(command)
        answer: object = self.answers.get(name)
        if callable(answer):
            answer = answer(command)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        match command:
            case EmitEvent():
                event = ModuleEvent(module_id=self.module_id, name=command.name, data=command.data)
                self.deliver(event)
                return {"id": "", "seq": 0}
            case GetPlatforms():
                return {"platforms": self.platform_infos()}
            case OwnCommand():
                return self.data.run(command)
        made: dict[str, object] = {}
        if name in _IDS:
            made[_IDS[name]] = f"{name}-{len(self.commands)}"
        if isinstance(command, StartPoll):
            made["choices"] = _options(command.choices)
        elif isinstance(command, StartPrediction):
            made["outcomes"] = _options(command.outcomes)
        return made

    def _declared(self, platform: str) -> bool:
        return platform in self.requirements or _ANY in self.requirements


def _options(titles: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": str(number), "title": title} for number, title in enumerate(titles, 1)]
