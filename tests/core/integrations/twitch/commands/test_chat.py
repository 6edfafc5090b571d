"""Writing in the chat: paced, retried once, honest about what Twitch did with it."""

from __future__ import annotations

import pytest

from streamcore.core.errors import CommandError
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import ChatMessage
from tests.core.integrations.twitch.rig import TwitchRig

SEND = "/chat/messages"


async def refusal(rig: TwitchRig, text: str = "hi") -> CommandError:
    with pytest.raises(CommandError) as caught:
        await rig.send(text)
    return caught.value


async def test_a_reply_names_the_message_it_answers(rig: TwitchRig) -> None:
    await rig.log_in()
    message_id = await rig.fake.chat("Anna", "a question")
    result = await rig.send("an answer " + "word " * 120, reply_to=message_id)
    first, second = rig.fake.helix.chat.sent
    assert (first.reply_to, second.reply_to) == (message_id, None)
    assert result["message_id"] == first.id
    messages = await rig.host.wait_events(ChatMessage, 3)
    assert messages[1].reply_to is not None
    assert messages[1].reply_to.message_id == message_id


async def test_a_dropped_message_is_a_rejection_with_its_reason(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.helix.chat.drop_next = ["Your message is being checked by mods."]
    error = await refusal(rig)
    assert error.body.code is ErrorCode.REJECTED_BY_PLATFORM
    assert "checked by mods" in error.body.message
    assert rig.fake.helix.calls[SEND] == 1, "it is not tried again blindly"


@pytest.mark.parametrize("status", [429, 503])
async def test_a_passing_fault_is_tried_once_more(rig: TwitchRig, status: int) -> None:
    await rig.log_in()
    rig.fake.helix.failures[SEND] = [status]
    await rig.send("hi")
    assert rig.fake.sent_messages == ["hi"]
    assert rig.fake.helix.calls[SEND] == 2


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([429, 429], ErrorCode.RATE_LIMITED),
        ([503, 503], ErrorCode.REJECTED_BY_PLATFORM),
        ([500], ErrorCode.REJECTED_BY_PLATFORM),
        ([502], ErrorCode.REJECTED_BY_PLATFORM),
        ([400], ErrorCode.INVALID_COMMAND),
        ([401, 401], ErrorCode.REJECTED_BY_PLATFORM),
        ([403], ErrorCode.REJECTED_BY_PLATFORM),
        ([404], ErrorCode.NOT_FOUND),
        ([409], ErrorCode.CONFLICT),
        ([422], ErrorCode.TOO_LARGE),
        ([418], ErrorCode.REJECTED_BY_PLATFORM),
    ],
)
async def test_a_refusal_has_its_code(rig: TwitchRig, statuses: list[int], code: ErrorCode) -> None:
    await rig.log_in()
    rig.fake.helix.failures[SEND] = list(statuses)
    error = await refusal(rig)
    assert error.body.code is code
    assert (error.body.retry_after_ms is not None) is (statuses[0] in {429, 500, 502, 503})
    assert rig.fake.helix.calls[SEND] == len(statuses)
