"""Writing in the chat: by whom, cut at words, in turns, and honest about what Twitch dropped.

Source: dev.twitch.tv/docs/api/reference, "Send Chat Message".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError, StreamCoreError
from streamcore.core.integrations.text import split_message
from streamcore.core.integrations.twitch.api.helix import RefusedError
from streamcore.core.integrations.twitch.commands.pacing import (
    LIMIT_OF_GUEST,
    LIMIT_OF_MODERATOR,
    Pacer,
)
from streamcore.core.integrations.twitch.quoting import quoted
from streamcore.core.integrations.twitch.speakers import Speaker, Speakers
from streamcore.protocol.commands import SendChat
from streamcore.protocol.errors import ErrorCode

__all__ = ["STREAMER", "TEXT_LIMIT", "Chat"]

TEXT_LIMIT = 500
STREAMER = "dashboard"
"""The sender of what the streamer does in the dashboard; no module may have this id."""

_REPEAT_S = 30.0
_RECENT_MAX = 100
_ASK_AGAIN_S = 300.0
_HOLD_S = 5.0
_TOO_MANY = 429

_log = logging.getLogger(__name__)


class _DropReason(msgspec.Struct, frozen=True, kw_only=True):
    message: str | None = None


class _Sent(msgspec.Struct, frozen=True, kw_only=True):
    message_id: str | None = None
    is_sent: bool = True
    drop_reason: _DropReason | None = None


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Sent, ...] = ()


class _Moderators(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[msgspec.Raw, ...] = ()


class Chat:
    """The streamer's chat, written to by whom `speakers` says.

    Each account has its own limit: the streamer's is that of a moderator, the bot's as soon as
    Twitch confirms that it is one. What the bot cannot write, the streamer's account does.
    """

    def __init__(self, clock: Clock, channel_id: str, speakers: Speakers) -> None:
        self._clock = clock
        self._channel_id = channel_id
        self._speakers = speakers
        self._pacer = Pacer(clock, preferred=STREAMER)
        self._pacer.allow(LIMIT_OF_MODERATOR)
        self._bot_pacer = Pacer(clock, preferred=STREAMER)
        self._bot_speaks = asyncio.Event()
        self._recent: dict[tuple[str, str], float] = {}

    async def run(self) -> None:
        """Give out turns to write, and keep asking whether the bot is a moderator."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._pacer.run())
            tasks.create_task(self._bot_pacer.run())
            tasks.create_task(self._watch_bot())

    async def send(self, command: SendChat, sender: str) -> Mapping[str, object]:
        """Send a text in up to three messages; a reply answers with its first."""
        parts = split_message(command.msg, TEXT_LIMIT)
        speaker, streamer = self._speakers.of(sender), self._speakers.streamer
        if speaker is not streamer:
            self._bot_speaks.set()
            try:
                return await self._write(speaker, self._bot_pacer, sender, parts, command.reply_to)
            except Speakers.FALLBACK as error:
                _log.warning("Twitch: the bot cannot write, the streamer does: %s", error)
        return await self._write(streamer, self._pacer, sender, parts, command.reply_to)

    async def _write(
        self,
        speaker: Speaker,
        pacer: Pacer,
        sender: str,
        parts: tuple[str, ...],
        reply_to: str | None,
    ) -> Mapping[str, object]:
        ids: list[str] = []
        async with pacer.turn(sender, len(parts)):
            try:
                for part in parts:
                    ids.append(await self._post(speaker, part, None if ids else reply_to))
            except StreamCoreError as error:
                if isinstance(error, RefusedError) and error.status == _TOO_MANY:
                    pacer.hold((error.body.retry_after_ms or 0) / 1000 or _HOLD_S)
                if not ids:
                    raise
                raise _cut_short(error, len(ids), len(parts)) from error
        return {"message_id": ids[0], "message_ids": ids}

    async def _post(self, speaker: Speaker, text: str, reply_to: str | None) -> str:
        body = {
            "broadcaster_id": self._channel_id,
            "sender_id": speaker.user_id,
            "message": text,
        }
        if reply_to is not None:
            body["reply_parent_message_id"] = reply_to
        is_repeat = self._is_repeat(speaker, text)
        answer = await speaker.client.helix.post("/chat/messages", body, _Answer)
        if not answer.data:
            raise CommandError(
                ErrorCode.REJECTED_BY_PLATFORM, "Twitch did not say what became of the message."
            )
        sent = answer.data[0]
        if not sent.is_sent:
            # The codes behind the reasons change at random, by Twitch's own word: they are told
            # and nothing is concluded from them.
            why = quoted(sent.drop_reason.message or "") if sent.drop_reason is not None else ""
            hint = (
                " The same text was written less than 30 s before: change it, or wait."
                if is_repeat
                else ""
            )
            raise CommandError(
                ErrorCode.REJECTED_BY_PLATFORM,
                f"Twitch did not deliver the message: {why or 'it gave no reason'}{hint}",
            )
        self._remember(speaker, text)
        return sent.message_id or ""

    def _is_repeat(self, speaker: Speaker, text: str) -> bool:
        written_s = self._recent.get((speaker.user_id, text))
        return written_s is not None and self._clock.monotonic() - written_s < _REPEAT_S

    def _remember(self, speaker: Speaker, text: str) -> None:
        self._recent.pop((speaker.user_id, text), None)
        self._recent[speaker.user_id, text] = self._clock.monotonic()
        while len(self._recent) > _RECENT_MAX:
            del self._recent[next(iter(self._recent))]

    async def _watch_bot(self) -> None:
        while await self._bot_speaks.wait():
            bot = self._speakers.bot
            is_moderator = bot is not None and await self._is_moderator(bot)
            self._bot_pacer.allow(LIMIT_OF_MODERATOR if is_moderator else LIMIT_OF_GUEST)
            self._bot_speaks.clear()
            await self._clock.sleep(_ASK_AGAIN_S)

    async def _is_moderator(self, bot: Speaker) -> bool:
        params = {"broadcaster_id": self._channel_id, "user_id": bot.user_id}
        try:
            answer = await self._speakers.streamer.client.helix.get(
                "/moderation/moderators", _Moderators, params, is_background=True
            )
        except StreamCoreError as error:
            # Not known is as good as no: the lower limit is never wrong.
            _log.info("Twitch: whether the bot is a moderator is not known: %s", error)
            return False
        return bool(answer.data)


def _cut_short(error: StreamCoreError, sent: int, whole: int) -> CommandError:
    text = f"Only {sent} of {whole} messages were sent, then: {error}"
    if isinstance(error, CommandError):
        return CommandError(error.body.code, text, retry_after_ms=error.body.retry_after_ms)
    return CommandError(ErrorCode.PLATFORM_NOT_CONNECTED, text)
