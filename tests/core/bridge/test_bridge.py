"""Sessions: welcome, ready, commands through the gate, calls, grants, pages, dashboards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streamcore.core.bridge.bridge import Bridge, BridgeServices
from streamcore.core.bridge.module_session import ModuleSession
from streamcore.core.bridge.pages import ViewSession
from streamcore.core.bus import Bus
from streamcore.core.errors import CommandError
from streamcore.core.gatekeeper import Denial, Gatekeeper, Grants
from streamcore.core.principals import DashboardPrincipal, ModulePrincipal, ViewPrincipal
from streamcore.core.router import Router
from streamcore.protocol import PROTOCOL_VERSION
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.events import ChatMessage, Donation
from streamcore.protocol.frames import (
    Call,
    CommandAnswer,
    GrantsChanged,
    ModuleAuth,
    ReadyAnswer,
    StateValue,
    ViewAuth,
    ViewWelcome,
    Welcome,
)
from streamcore.protocol.manifest import Manifest
from streamcore.protocol.permissions import Permission
from tests.core.bridge.fakes import FakeLink, MemoryJournal, eventually
from tests.fakes.clock import ManualClock

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


class _Stage:
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
                idempotency=_Idempotency(),
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


@pytest.fixture
def stage() -> _Stage:
    return _Stage()


def _raw(**fields: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(fields))


async def _command(session: ModuleSession, **fields: object) -> CommandAnswer:
    answer = await session.handle("command", _raw(**fields))
    assert isinstance(answer, CommandAnswer)
    return answer


def _code(answer: object) -> str | None:
    assert isinstance(answer, CommandAnswer)
    return answer.error.code if answer.error is not None else None


async def test_welcome_holds_everything_that_a_module_needs(stage: _Stage) -> None:
    await stage.journal.append([Donation(platform="one")])
    _, link = await stage.module()
    (welcome,) = link.named("welcome")
    assert isinstance(welcome, Welcome)
    assert welcome.granted == ("chat_read", "chat_send")
    assert welcome.settings["key"] == "secret"
    assert welcome.platforms["one"].connected
    assert welcome.cursor == 1, "a module that never ran starts at now"
    assert welcome.resume_token == "resume-1"


async def test_ready_subscribes_and_says_what_was_refused(stage: _Stage) -> None:
    session, link = await stage.module()
    answer = await session.handle("ready", _raw(subscribe=["chat_message", "donation", "zzz"]))
    assert isinstance(answer, ReadyAnswer)
    refused = [(refusal.type, refusal.permission) for refusal in answer.refused]
    assert refused == [("donation", "donations_read"), ("zzz", None)]
    assert stage.ready == [session.principal]
    await eventually(lambda: stage.journal.reads >= 0 and bool(stage.bus._groups))
    await stage.journal.append([ChatMessage(platform="one"), Donation(platform="one")])
    await stage.journal.append([ChatMessage(platform="elsewhere")])
    await eventually(lambda: len(link.events) == 1)
    assert link.events[0].type == "chat_message"


async def test_the_packet_of_the_spec_reaches_the_platform(stage: _Stage) -> None:
    session, _ = await stage.module()
    answer = await _command(session, cmd="send_chat", msg="Привет", target="one")
    assert answer == CommandAnswer(ok=True, result={"message_id": "m1"})
    assert len(stage.platform.executed) == 1


async def test_without_the_permission_it_is_dropped_and_recorded(stage: _Stage) -> None:
    stage.grant(Permission.CHAT_READ)
    session, _ = await stage.module()
    answer = await _command(session, cmd="send_chat", msg="Привет", target="one")
    assert _code(answer) == "permission_denied"
    assert answer.error is not None
    assert answer.error.permission == "chat_send"
    assert [denial.command for denial in stage.denials] == ["send_chat"]
    assert stage.platform.executed == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"cmd": "send_chat", "msg": "x", "target": "two"}, "platform_not_declared"),
        ({"cmd": "fly"}, "unknown_command"),
        ({"cmd": "send_chat", "msg": "x"}, "invalid_command"),
        ({"cmd": "send_chat", "msg": 5, "target": "one"}, "invalid_command"),
        ({"cmd": "send_chat", "msg": "x", "target": "one", "as": "admin"}, "invalid_command"),
        ({"msg": "x"}, "invalid_command"),
        ({"cmd": 5}, "invalid_command"),
        ({"cmd": "state_set", "key": "score", "value": -1}, "invalid_command"),
        ({"cmd": "call_module", "module_id": "b", "name": "n"}, "permission_denied"),
    ],
)
async def test_a_wrong_command_is_answered_with_its_reason(
    stage: _Stage, fields: dict[str, Any], code: str
) -> None:
    session, _ = await stage.module()
    assert _code(await _command(session, **fields)) == code


@pytest.mark.parametrize("payload", [b"[]", b'"x"', b"5", b"null", b"{"])
async def test_a_command_that_is_no_object_is_refused(stage: _Stage, payload: bytes) -> None:
    session, _ = await stage.module()
    assert _code(await session.handle("command", msgspec.Raw(payload))) == "invalid_command"


async def test_a_repeated_command_with_a_key_takes_effect_once(stage: _Stage) -> None:
    session, _ = await stage.module()
    packet = {"cmd": "send_chat", "msg": "x", "target": "one", "idempotency_key": "k"}
    first = await _command(session, **packet)
    second = await _command(session, **packet)
    assert first == second
    assert len(stage.platform.executed) == 1


async def test_storage_keeps_values(stage: _Stage) -> None:
    session, _ = await stage.module()
    await _command(session, cmd="storage_set", key="a", value={"n": [1, None]})
    answer = await _command(session, cmd="storage_get", key="a")
    result = msgspec.json.decode(msgspec.json.encode(answer.result))
    assert result == {"found": True, "value": {"n": [1, None]}}
    assert (await _command(session, cmd="storage_list")).result == {"keys": ["a"]}
    assert (await _command(session, cmd="storage_delete", key="a")).result == {"deleted": True}


async def test_state_reaches_the_modules_pages_with_its_revision(stage: _Stage) -> None:
    session, _ = await stage.module()
    await _command(session, cmd="state_set", key="score", value=1)
    _, page = await stage.page()
    (welcome,) = page.named("welcome")
    assert isinstance(welcome, ViewWelcome)
    assert welcome.state["score"] == StateValue(value=1, revision=1)
    assert welcome.settings == {"greeting": "hi"}, "a page never gets a secret"
    await _command(session, cmd="state_set", key="score", value=2)
    (change,) = page.named("state")
    assert msgspec.to_builtins(change) == {"key": "score", "value": 2, "revision": 2}


async def test_a_page_calls_its_own_modules_backend(stage: _Stage) -> None:
    _, link = await stage.module()
    link.answer = lambda _, call: CommandAnswer(ok=True, result=msgspec.to_builtins(call))
    page, _ = await stage.page()
    answer = await page.handle("call", _raw(name="roll", args={"sides": 6}))
    assert isinstance(answer, CommandAnswer)
    assert answer.result == msgspec.to_builtins(
        Call(name="roll", args={"sides": 6}, caller="view:overlay")
    )


async def test_a_call_to_a_module_that_is_not_there_or_hangs_is_said(stage: _Stage) -> None:
    page, _ = await stage.page()
    assert _code(await page.handle("call", _raw(name="roll"))) == "not_found"
    await stage.module()
    assert _code(await page.handle("call", _raw(name="roll"))) == "timeout"
    assert _code(await page.handle("call", _raw(nome="roll"))) == "invalid_command"


async def test_a_withdrawn_permission_holds_for_module_and_page(stage: _Stage) -> None:
    session, link = await stage.module()
    await session.handle("ready", _raw(subscribe=["chat_message"]))
    page, page_link = await stage.page()
    await page.handle("ready", _raw(subscribe=["chat_message"]))
    await stage.journal.append([ChatMessage(platform="one")])
    await eventually(lambda: len(link.events) == len(page_link.events) == 1)
    stage.grant(Permission.CHAT_SEND)
    assert link.named("grants") == [GrantsChanged(granted=("chat_send",), denied=())]
    await stage.journal.append([ChatMessage(platform="one")])
    await asyncio.sleep(0.02)
    assert len(link.events) == len(page_link.events) == 1


async def test_a_stale_or_unapproved_process_is_refused(stage: _Stage) -> None:
    with pytest.raises(CommandError, match="replaced"):
        await stage.module(generation=0)
    stage.gatekeeper.revoke("bot")
    with pytest.raises(CommandError, match="not allowed"):
        await stage.module()
    with pytest.raises(CommandError, match="protocol"):
        stage.bridge.module_session(ModulePrincipal("bot", 1), ModuleAuth(protocol=99), FakeLink())


async def test_a_second_connection_replaces_the_first(stage: _Stage) -> None:
    first, first_link = await stage.module()
    await first.handle("ready", _raw(subscribe=["chat_message"]))
    second, second_link = await stage.module()
    await second.handle("ready", _raw(subscribe=["chat_message"]))
    await stage.journal.append([ChatMessage(platform="one")])
    await eventually(lambda: len(second_link.events) == 1)
    assert first_link.closed_with is not None
    assert first_link.events == []
    first.closed("late")
    assert stage.bridge.counts("bot")[0] == 1


async def test_two_missed_pings_are_reported(stage: _Stage) -> None:
    _, link = await stage.module()
    task = asyncio.create_task(stage.bridge.run_health())
    await stage.clock.advance(5)
    assert stage.unresponsive == []
    await stage.clock.advance(5)
    assert stage.unresponsive == [ModulePrincipal("bot", 1)]
    link.answer = lambda *_: {}
    await stage.clock.advance(20)
    assert len(stage.unresponsive) == 1
    task.cancel()


async def test_pings_missed_while_the_computer_slept_count_for_nothing(stage: _Stage) -> None:
    await stage.module()
    task = asyncio.create_task(stage.bridge.run_health())
    for _ in range(5):
        await stage.clock.advance(4)
        stage.clock.jump_wall(3600)
        await stage.clock.advance(1)
    assert stage.unresponsive == []
    task.cancel()


async def test_a_dashboard_sees_everything_and_skips_when_it_is_slow(stage: _Stage) -> None:
    link = FakeLink("/dashboard")
    session = stage.bridge.dashboard_session(DashboardPrincipal("s"), link)
    await session.opened()
    await stage.journal.append([ChatMessage(platform="any"), Donation(platform="other")])
    await eventually(lambda: len(link.events) == 2)
    link.buffered = 10**7
    await stage.journal.append([Donation(platform="other")])
    await asyncio.sleep(0.02)
    link.buffered = 0
    await stage.journal.append([Donation(platform="other")])
    await eventually(lambda: len(link.events) == 3)
    assert [msgspec.to_builtins(gap) for gap in link.named("gap")] == [{"skipped": 1}]


async def test_log_lines_go_to_dashboards_that_opened_the_log(stage: _Stage) -> None:
    link = FakeLink("/dashboard")
    session = stage.bridge.dashboard_session(DashboardPrincipal("s"), link)
    await session.opened()
    stage.bridge.dashboards.push_log("bot", {"text": "a"})
    await session.handle("open_log", _raw(module_id="bot"))
    stage.bridge.dashboards.push_log("bot", {"text": "b"})
    stage.bridge.dashboards.push_log("other", {"text": "c"})
    await session.handle("close_log", _raw(module_id="bot"))
    stage.bridge.dashboards.push_log("bot", {"text": "d"})
    assert link.named("log_line") == [{"module_id": "bot", "line": {"text": "b"}}]
    session.closed("gone")
    assert len(stage.bridge.dashboards) == 0
