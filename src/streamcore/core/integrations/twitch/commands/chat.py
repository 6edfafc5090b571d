"""Writing in the chat: cut at words, paced, and honest about what Twitch dropped."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.text import split_message
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.commands.pacing import Pacer
from streamcore.protocol.commands import SendChat
from streamcore.protocol.errors import ErrorCode

__all__ = ["TEXT_LIMIT", "Chat"]

TEXT_LIMIT = 500
_WINDOW_S = 30.0
_LIMIT_OF_OWNER = 100
_LIMIT_OF_GUEST = 20


class _DropReason(msgspec.Struct, frozen=True, kw_only=True):
    code: str = ""
    message: str = ""


class _Sent(msgspec.Struct, frozen=True, kw_only=True):
    message_id: str = ""
    is_sent: bool = True
    drop_reason: _DropReason | None = None


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Sent, ...] = ()


class Chat:
    """The streamer's chat, written to by one account.

    Twitch allows an account 100 messages in 30 s where it is broadcaster or moderator, else 20.
    """

    def __init__(self, helix: Helix, clock: Clock, *, channel_id: str, sender_id: str) -> None:
        self._helix = helix
        self._channel_id = channel_id
        self._sender_id = sender_id
        limit = _LIMIT_OF_OWNER if sender_id == channel_id else _LIMIT_OF_GUEST
        self._pacer = Pacer(clock, limit=limit, window_s=_WINDOW_S)

    async def send(self, command: SendChat) -> Mapping[str, object]:
        """Send a text in up to three messages; a reply answers with its first."""
        parts = split_message(command.msg, TEXT_LIMIT)
        await self._pacer.take(len(parts))
        ids = [await self._post(parts[0], command.reply_to)]
        ids.extend([await self._post(part, None) for part in parts[1:]])
        return {"message_id": ids[0], "message_ids": ids}

    async def _post(self, text: str, reply_to: str | None) -> str:
        body = {
            "broadcaster_id": self._channel_id,
            "sender_id": self._sender_id,
            "message": text,
        }
        if reply_to is not None:
            body["reply_parent_message_id"] = reply_to
        answer = await self._helix.post("/chat/messages", body, _Answer)
        if not answer.data:
            raise CommandError(
                ErrorCode.REJECTED_BY_PLATFORM, "Twitch did not say what became of the message."
            )
        sent = answer.data[0]
        if not sent.is_sent:
            why = sent.drop_reason.message if sent.drop_reason is not None else ""
            raise CommandError(
                ErrorCode.REJECTED_BY_PLATFORM,
                f"Twitch did not deliver the message: {why or 'it gave no reason'}",
            )
        return sent.message_id
