"""Pages of a module: its state, its settings, calls to its backend."""

from __future__ import annotations

import msgspec

from streamcore.protocol.frames import (
    Call,
    CommandAnswer,
    StateValue,
    ViewWelcome,
)
from tests.core.bridge.stage import Stage, code_of, command, handle, raw


async def test_state_reaches_the_modules_pages_with_its_revision(stage: Stage) -> None:
    session, _ = await stage.module()
    await command(session, cmd="state_set", key="score", value=1)
    _, page = await stage.page()
    (welcome,) = page.named("welcome")
    assert isinstance(welcome, ViewWelcome)
    assert welcome.state["score"] == StateValue(value=1, revision=1)
    assert welcome.settings == {"greeting": "hi"}, "a page never gets a secret"
    await command(session, cmd="state_set", key="score", value=2)
    (change,) = page.named("state")
    assert msgspec.to_builtins(change) == {"key": "score", "value": 2, "revision": 2}


async def test_a_page_calls_its_own_modules_backend(stage: Stage) -> None:
    _, link = await stage.module()
    link.answer = lambda _, call: CommandAnswer(ok=True, result=msgspec.to_builtins(call))
    page, _ = await stage.page()
    answer = await handle(page, "call", raw(name="roll", args={"sides": 6}))
    assert isinstance(answer, CommandAnswer)
    assert answer.result == msgspec.to_builtins(
        Call(name="roll", args={"sides": 6}, caller="view:overlay")
    )


async def test_a_call_to_a_module_that_is_not_there_or_hangs_is_said(stage: Stage) -> None:
    page, _ = await stage.page()
    assert code_of(await handle(page, "call", raw(name="roll"))) == "not_found"
    await stage.module()
    assert code_of(await handle(page, "call", raw(name="roll"))) == "timeout"
    assert code_of(await handle(page, "call", raw(nome="roll"))) == "invalid_command"
