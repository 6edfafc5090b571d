"""In whose name a message is written: the streamer's, or that of a second account, the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streamcore.core.integrations.oauth import LoginLostError, UnreachableError

if TYPE_CHECKING:
    from streamcore.core.integrations.twitch.client import Client

__all__ = ["Speaker", "Speakers"]

_DASHBOARD = "dashboard"


@dataclass(frozen=True, slots=True)
class Speaker:
    """An account that can write in the chat: its own way to Twitch, and its user id."""

    client: Client
    user_id: str


class Speakers:
    """The accounts that can write now; ask anew for every message, for the bot comes and goes.

    What a module writes goes out as the bot while one is connected. When that fails with one of
    `FALLBACK`, the streamer's own account takes over; the bot's loss is told by the bot itself.
    """

    FALLBACK = (LoginLostError, UnreachableError)

    def __init__(self, streamer: Speaker, bot: Callable[[], Speaker | None]) -> None:
        self.streamer = streamer
        self._bot = bot

    @property
    def bot(self) -> Speaker | None:
        """The bot, None while none is connected."""
        return self._bot()

    def of(self, sender: str) -> Speaker:
        """Return who writes what `sender` sends: what the streamer types is never the bot's."""
        return self.streamer if sender == _DASHBOARD else (self._bot() or self.streamer)
