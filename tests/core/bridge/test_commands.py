"""Commands of modules on their way through the gate."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from streamcore.protocol.frames import (
    CommandAnswer,
)
from streamcore.protocol.permissions import Permission
from tests.core.bridge.stage import Stage, code_of, command, handle


async def test_the_packet_of_the_spec_reaches_the_platform(stage: Stage) -> None:
    session, _ = await stage.module()
    answer = await command(session, cmd="send_chat", msg="Привет", target="one")
    assert answer == CommandAnswer(ok=True, result={"message_id": "m1"})
    assert len(stage.platform.executed) == 1


async def test_without_the_permission_it_is_dropped_and_recorded(stage: Stage) -> None:
    stage.grant(Permission.CHAT_READ)
    session, _ = await stage.module()
    answer = await command(session, cmd="send_chat", msg="Привет", target="one")
    assert code_of(answer) == "permission_denied"
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
        ({"cmd": "storage_set", "key": "к" * 257, "value": 1}, "too_large"),
        ({"cmd": "state_set", "key": "k" * 513, "value": 1}, "too_large"),
        ({"cmd": "state_set", "key": "score", "value": -1}, "invalid_command"),
        ({"cmd": "call_module", "module_id": "b", "name": "n"}, "permission_denied"),
    ],
)
async def test_a_wrong_command_is_answered_with_its_reason(
    stage: Stage, fields: dict[str, Any], code: str
) -> None:
    session, _ = await stage.module()
    assert code_of(await command(session, **fields)) == code


@pytest.mark.parametrize("payload", [b"[]", b'"x"', b"5", b"null", b"{"])
async def test_a_command_that_is_no_object_is_refused(stage: Stage, payload: bytes) -> None:
    session, _ = await stage.module()
    assert code_of(await handle(session, "command", msgspec.Raw(payload))) == "invalid_command"


async def test_a_repeated_command_with_a_key_takes_effect_once(stage: Stage) -> None:
    session, _ = await stage.module()
    packet = {"cmd": "send_chat", "msg": "x", "target": "one", "idempotency_key": "k"}
    first = await command(session, **packet)
    second = await command(session, **packet)
    assert first == second
    assert len(stage.platform.executed) == 1


async def test_a_repeat_that_overtakes_the_first_answer_takes_no_effect(stage: Stage) -> None:
    session, _ = await stage.module()
    packet = {"cmd": "send_chat", "msg": "x", "target": "one", "idempotency_key": "k"}
    memory, is_looked_up = stage.idempotency, asyncio.Event()

    async def look_up_late(module_id: str, key: str) -> bytes | None:
        found = memory.answers.get((module_id, key))
        await is_looked_up.wait()  # read before the first answer was kept, told after
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "seen", look_up_late)
        second = asyncio.create_task(command(session, **packet))
        await asyncio.sleep(0)
    first = await command(session, **packet)
    is_looked_up.set()
    answers = [first, await second]
    assert sorted(answer.ok for answer in answers) == [False, True]
    assert len(stage.platform.executed) == 1


async def test_storage_keeps_values(stage: Stage) -> None:
    session, _ = await stage.module()
    await command(session, cmd="storage_set", key="a", value={"n": [1, None]})
    answer = await command(session, cmd="storage_get", key="a")
    result = msgspec.json.decode(msgspec.json.encode(answer.result))
    assert result == {"found": True, "value": {"n": [1, None]}}
    assert (await command(session, cmd="storage_list")).result == {"keys": ["a"]}
    assert (await command(session, cmd="storage_delete", key="a")).result == {"deleted": True}


async def test_an_event_of_a_module_is_logged_once_though_the_core_died_before_the_answer(
    stage: Stage,
) -> None:
    fields = {"cmd": "emit_event", "name": "thanked", "data": {}, "idempotency_key": "thanks"}
    session, _ = await stage.module()
    first = await command(session, **fields)
    stage.idempotency.answers.clear()  # what a kill behind the commit of the event leaves
    again = await command(session, **fields)
    assert (first.ok, again.ok) == (True, True)
    assert again.result == {"id": "", "seq": 0}
    await command(session, **{**fields, "idempotency_key": "other thanks"})
    assert [row.type for row in stage.journal.rows] == ["module_event"] * 2
