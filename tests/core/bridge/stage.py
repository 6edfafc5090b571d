"""A bridge with everything around it replaced."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from streamcore.core.bridge.bridge import Bridge, BridgeServices
from streamcore.core.bridge.link import Session
from streamcore.core.bridge.module_session import ModuleSession
from streamcore.core.bridge.pages import ViewSession
from streamcore.core.bus import Bus
from streamcore.core.gatekeeper import Denial, Gatekeeper, Grants
from streamcore.core.principals import ModulePrincipal, ViewPrincipal
from streamcore.core.router import Router
from streamcore.protocol import PROTOCOL_VERSION
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.frames import (
    CommandAnswer,
    ModuleAuth,
    StateValue,
    ViewAuth,
)
from streamcore.protocol.manifest import Manifest
from streamcore.protocol.permissions import Permission
from tests.core.bridge.fakes import FakeLink, MemoryJournal
from tests.fakes.clock import ManualClock

__all__ = ["Stage", "code_of", "command", "raw"]

PLATFORMS = frozenset({"one"})


class _Platform:
    id = "one"
    is_connected = True
    capabilities = frozenset({"send_chat"})

    def __init__(self) -> None:
        self.executed: list[PlatformCommand] = []

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        self.executed.append(command)
        return {"message_id": f"m{len(self.executed)}"}


class _Store:
    def __init__(self) -> None:
        self.values: dict[tuple[str, str], bytes] = {}
        self.states: dict[tuple[str, str], StateValue] = {}

    async def storage_get(self, module_id: str, key: str) -> tuple[bool, bytes]:
        value = self.values.get((module_id, key))
        return value is not None, value or b""

    async def storage_set(self, module_id: str, key: str, value: bytes) -> None:
        self.values[module_id, key] = value

    async def storage_delete(self, module_id: str, key: str) -> bool:
        return self.values.pop((module_id, key), None) is not None

    async def storage_list(
        self, module_id: str, prefix: str, after: str, limit: int
    ) -> Sequence[str]:
        return sorted(key for owner, key in self.values if owner == module_id)

    async def state_all(self, module_id: str) -> dict[str, StateValue]:
        return {key: value for (owner, key), value in self.states.items() if owner == module_id}

    async def state_get(self, module_id: str, key: str) -> StateValue | None:
        return self.states.get((module_id, key))

    async def state_set(
        self, module_id: str, key: str, value: object, expected_revision: int | None
    ) -> int:
        former = self.states.get((module_id, key))
        revision = (former.revision if former else 0) + 1
        self.states[module_id, key] = StateValue(value=value, revision=revision)
        return revision


class _Idempotency:
    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], bytes] = {}

    async def seen(self, module_id: str, key: str) -> bytes | None:
        return self.answers.get((module_id, key))

    async def remember(self, module_id: str, key: str, answer: bytes) -> None:
        self.answers[module_id, key] = answer


class _Directory:
    def manifest(self, module_id: str) -> Manifest | None:
        return Manifest(
            id=module_id,
            name="Bot",
            version="1.0.0",
            requirements=("one",),
            permissions=(),
            entry_point="backend.py",
            state={"score": {"type": "integer", "minimum": 0}},
        )

    def digest(self, module_id: str) -> str:
        return "sha256:x"

    def data_dir(self, module_id: str) -> Path:
        return Path("data") / module_id

    async def module_settings(self, module_id: str) -> dict[str, object]:
        return {"greeting": "hi", "key": "secret"}

    async def view_settings(self, module_id: str) -> dict[str, object]:
        return {"greeting": "hi"}


class Stage:
    def __init__(self) -> None:
        self.denials: list[Denial] = []
        self.ready: list[ModulePrincipal] = []
        self.unresponsive: list[ModulePrincipal] = []
        self.logs: list[tuple[str, str, str, str]] = []
        self.current = 1
        self.clock = ManualClock()
        self.bus = Bus()
        self.journal = MemoryJournal(self.bus)
        self.gatekeeper = Gatekeeper(self.denials.append)
        self.idempotency = _Idempotency()
        self.platform = _Platform()
        platforms = {"one": self.platform}
        everyone: Callable[[], Iterable[_Platform]] = platforms.values
        self.bridge = Bridge(
            BridgeServices(
                bus=self.bus,
                journal=self.journal,
                gatekeeper=self.gatekeeper,
                router=Router(platforms.get, everyone),
                store=_Store(),
                idempotency=self.idempotency,
                directory=_Directory,
                platforms=everyone,
                write_log=lambda *line: self.logs.append(line),
                resume_token=lambda principal: f"resume-{principal.generation}",
                is_current=lambda principal: principal.generation == self.current,
                module_ready=self.ready.append,
                module_unresponsive=self.unresponsive.append,
                clock=self.clock,
                boot_id="boot",
                version="1",
            )
        )
        self.grant(Permission.CHAT_READ, Permission.CHAT_SEND)

    def grant(self, *permissions: Permission, calls: frozenset[str] = frozenset()) -> None:
        self.gatekeeper.set_grants(Grants("bot", frozenset(permissions), PLATFORMS, calls=calls))

    async def module(self, generation: int = 1) -> tuple[ModuleSession, FakeLink]:
        link = FakeLink()
        auth = ModuleAuth(protocol=PROTOCOL_VERSION)
        session = self.bridge.module_session(ModulePrincipal("bot", generation), auth, link)
        await session.opened()
        return session, link

    async def page(self) -> tuple[ViewSession, FakeLink]:
        link = FakeLink("/view")
        auth = ViewAuth(key="k", protocol=PROTOCOL_VERSION)
        session = self.bridge.view_session(ViewPrincipal("bot", "overlay"), auth, link)
        await session.opened()
        return session, link


def raw(**fields: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(fields))


async def handle(session: Session, name: str, payload: msgspec.Raw) -> object:
    """Do what the connection does with an event, and return its ack."""
    answer = session.handle(name, payload)
    return await answer if isinstance(answer, Coroutine) else answer


async def command(session: ModuleSession, **fields: object) -> CommandAnswer:
    answer = await handle(session, "command", raw(**fields))
    assert isinstance(answer, CommandAnswer)
    return answer


def code_of(answer: object) -> str | None:
    assert isinstance(answer, CommandAnswer)
    return answer.error.code if answer.error is not None else None
