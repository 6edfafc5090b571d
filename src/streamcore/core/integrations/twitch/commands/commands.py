"""Everything that Twitch can be told to do: who may, by whom it is done, what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import capabilities, unsupported
from streamcore.core.integrations.twitch.api.helix import RefusedError
from streamcore.core.integrations.twitch.commands.chat import STREAMER, Chat
from streamcore.core.integrations.twitch.commands.clips import create_clip
from streamcore.core.integrations.twitch.commands.cooldowns import Cooldowns
from streamcore.core.integrations.twitch.commands.desk import Desk, Result
from streamcore.core.integrations.twitch.commands.highlights import send_announcement, send_shoutout
from streamcore.core.integrations.twitch.commands.moderation import (
    ban_user,
    clear_chat,
    delete_chat_message,
    set_chat_mode,
    timeout_user,
    unban_user,
    warn_user,
)
from streamcore.core.integrations.twitch.commands.people import People
from streamcore.core.integrations.twitch.commands.polls import (
    end_poll,
    lock_prediction,
    resolve_prediction,
    start_poll,
    start_prediction,
)
from streamcore.core.integrations.twitch.commands.refusals import explained, not_allowed
from streamcore.core.integrations.twitch.commands.rewards import (
    create_reward,
    delete_reward,
    set_redemption_status,
    update_reward,
)
from streamcore.core.integrations.twitch.commands.scopes import SCOPES_OF
from streamcore.core.integrations.twitch.commands.shares import Shares
from streamcore.core.integrations.twitch.commands.stream import (
    cancel_raid,
    create_marker,
    start_ad,
    start_raid,
    update_stream,
)
from streamcore.core.integrations.twitch.commands.viewers import get_viewers
from streamcore.core.integrations.twitch.speakers import Speakers
from streamcore.protocol import commands as c
from streamcore.protocol.commands import Command, PlatformCommand, SendChat
from streamcore.protocol.events import Event

__all__ = ["Commands"]

# Each takes a command of its own class only, which the lookup by class makes sure of.
_DEEDS: Mapping[type[Command], Callable[[Desk, Any], Awaitable[Result]]] = {
    c.DeleteChatMessage: delete_chat_message,
    c.ClearChat: clear_chat,
    c.TimeoutUser: timeout_user,
    c.BanUser: ban_user,
    c.UnbanUser: unban_user,
    c.WarnUser: warn_user,
    c.SetChatMode: set_chat_mode,
    c.UpdateStream: update_stream,
    c.CreateClip: create_clip,
    c.CreateMarker: create_marker,
    c.StartAd: start_ad,
    c.StartRaid: start_raid,
    c.CancelRaid: cancel_raid,
    c.SendShoutout: send_shoutout,
    c.SendAnnouncement: send_announcement,
    c.CreateReward: create_reward,
    c.UpdateReward: update_reward,
    c.DeleteReward: delete_reward,
    c.SetRedemptionStatus: set_redemption_status,
    c.StartPoll: start_poll,
    c.EndPoll: end_poll,
    c.StartPrediction: start_prediction,
    c.LockPrediction: lock_prediction,
    c.ResolvePrediction: resolve_prediction,
    c.GetViewers: get_viewers,
}


class Commands:
    """Carries commands out while the account is connected.

    Chat is written by whom `speakers` says, everything else is done as the streamer.
    """

    def __init__(
        self,
        clock: Clock,
        speakers: Speakers,
        scopes: Collection[str],
        publish: Callable[[Sequence[Event]], Awaitable[None]],
    ) -> None:
        helix, channel_id = speakers.streamer.client.helix, speakers.streamer.user_id
        self._allowed = _allowed_by(scopes)
        self._desk = Desk(
            helix=helix,
            clock=clock,
            channel_id=channel_id,
            people=People(helix, clock),
            cooldowns=Cooldowns(clock),
            publish=publish,
        )
        self._chat = Chat(clock, channel_id, speakers)
        self._shares = Shares(clock, helix.rate, preferred=STREAMER)

    def rights_changed(self, scopes: Collection[str]) -> None:
        """Carry out what these scopes allow from now on."""
        self._allowed = _allowed_by(scopes)

    @property
    def capabilities(self) -> frozenset[str]:
        """The commands that the login's scopes allow."""
        return capabilities(*self._allowed)

    async def run(self) -> None:
        """Keep the chat's pace, for as long as the account is connected."""
        await self._chat.run()

    async def execute(self, command: PlatformCommand, sender: str) -> Result:
        """Carry out a command, or raise `CommandError` with a sentence that says what to do."""
        kind = type(command)
        if kind not in SCOPES_OF:
            raise unsupported("Twitch", command)
        if kind not in self._allowed:
            raise not_allowed(command)
        try:
            if isinstance(command, SendChat):
                return await self._chat.send(command, sender)
            async with self._shares.place(sender):
                return await _DEEDS[kind](self._desk, command)
        except RefusedError as error:
            raise explained(command, error) from error


def _allowed_by(scopes: Collection[str]) -> frozenset[type[Command]]:
    granted = frozenset(scopes)
    return frozenset(command for command, needed in SCOPES_OF.items() if granted.issuperset(needed))
