"""A module's connection: welcome, ready, grants, replacement, pings."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.principals import ModulePrincipal
from streamcore.protocol.events import ChatMessage, Donation
from streamcore.protocol.frames import (
    GrantsChanged,
    ModuleAuth,
    ReadyAnswer,
    Welcome,
)
from streamcore.protocol.permissions import Permission
from tests.core.bridge.fakes import FakeLink, eventually
from tests.core.bridge.stage import Stage, handle, raw


async def test_welcome_holds_everything_that_a_module_needs(stage: Stage) -> None:
    await stage.journal.append([Donation(platform="one")])
    _, link = await stage.module()
    (welcome,) = link.named("welcome")
    assert isinstance(welcome, Welcome)
    assert welcome.granted == ("chat_read", "chat_send")
    assert welcome.settings["key"] == "secret"
    assert welcome.platforms["one"].connected
    assert welcome.cursor == 1, "a module that never ran starts at now"
    assert welcome.resume_token == "resume-1"


async def test_ready_subscribes_and_says_what_was_refused(stage: Stage) -> None:
    session, link = await stage.module()
    answer = await handle(session, "ready", raw(subscribe=["chat_message", "donation", "zzz"]))
    assert isinstance(answer, ReadyAnswer)
    refused = [(refusal.type, refusal.permission) for refusal in answer.refused]
    assert refused == [("donation", "donations_read"), ("zzz", None)]
    assert stage.ready == [session.principal]
    await eventually(lambda: stage.journal.reads >= 0 and bool(stage.bus._groups))
    await stage.journal.append([ChatMessage(platform="one"), Donation(platform="one")])
    await stage.journal.append([ChatMessage(platform="elsewhere")])
    await eventually(lambda: len(link.events) == 1)
    assert link.events[0].type == "chat_message"


async def test_bad_acks_are_reported_once_for_each_connection(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    session, _ = await stage.module()
    for _ in range(300):
        assert session.handle_now("ack", raw(cursor="x"))
    assert caplog.text.count("no cursor") == 1


async def test_a_withdrawn_permission_holds_for_module_and_page(stage: Stage) -> None:
    session, link = await stage.module()
    await handle(session, "ready", raw(subscribe=["chat_message"]))
    page, page_link = await stage.page()
    await handle(page, "ready", raw(subscribe=["chat_message"]))
    await stage.journal.append([ChatMessage(platform="one")])
    await eventually(lambda: len(link.events) == len(page_link.events) == 1)
    stage.grant(Permission.CHAT_SEND)
    assert link.named("grants") == [GrantsChanged(granted=("chat_send",), denied=())]
    await stage.journal.append([ChatMessage(platform="one")])
    await asyncio.sleep(0.02)
    assert len(link.events) == len(page_link.events) == 1


async def test_a_stale_or_unapproved_process_is_refused(stage: Stage) -> None:
    with pytest.raises(CommandError, match="replaced"):
        await stage.module(generation=0)
    stage.gatekeeper.revoke("bot")
    with pytest.raises(CommandError, match="not allowed"):
        await stage.module()
    with pytest.raises(CommandError, match="protocol"):
        stage.bridge.module_session(ModulePrincipal("bot", 1), ModuleAuth(protocol=99), FakeLink())


async def test_a_second_connection_replaces_the_first(stage: Stage) -> None:
    first, first_link = await stage.module()
    await handle(first, "ready", raw(subscribe=["chat_message"]))
    second, second_link = await stage.module()
    await handle(second, "ready", raw(subscribe=["chat_message"]))
    await stage.journal.append([ChatMessage(platform="one")])
    await eventually(lambda: len(second_link.events) == 1)
    assert first_link.closed_with is not None
    assert first_link.events == []
    first.closed("late")
    assert stage.bridge.counts("bot")[0] == 1


async def test_two_missed_pings_are_reported(stage: Stage) -> None:
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


async def test_a_process_that_stays_away_is_reported(stage: Stage) -> None:
    session, _ = await stage.module()
    task = asyncio.create_task(stage.bridge.run_health())
    session.closed("does not read what it is sent")
    await stage.clock.advance(10)
    assert stage.unresponsive == []
    await stage.clock.advance(5)
    assert stage.unresponsive == [session.principal]
    await stage.clock.advance(30)
    assert len(stage.unresponsive) == 1
    task.cancel()


async def test_a_process_that_comes_back_or_has_ended_is_left_alone(stage: Stage) -> None:
    session, _ = await stage.module()
    task = asyncio.create_task(stage.bridge.run_health())
    session.closed("lost")
    await stage.clock.advance(10)
    session, link = await stage.module()
    link.answer = lambda *_: {}
    await stage.clock.advance(30)
    session.closed("the process ended")
    stage.current = 2
    await stage.clock.advance(30)
    assert stage.unresponsive == []
    task.cancel()


async def test_pings_missed_while_the_computer_slept_count_for_nothing(stage: Stage) -> None:
    await stage.module()
    task = asyncio.create_task(stage.bridge.run_health())
    for _ in range(5):
        await stage.clock.advance(4)
        stage.clock.jump_wall(3600)
        await stage.clock.advance(1)
    assert stage.unresponsive == []
    task.cancel()
