"""The last sign of life, kept on disk, so that a crash of the app is a gap like any other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import StorageError
from streamcore.core.integrations.base import NoteKeeper
from streamcore.core.integrations.note import Note

__all__ = ["LifeSign", "LifeSigns"]

_NAME = "twitch.life"
_EVERY_S = 60.0
_SOON_S = 5.0
_RECENTLY = timedelta(minutes=30)
"""A longer time without the app is no gap: nobody wants a night's follows as alerts."""

_log = logging.getLogger(__name__)


class LifeSign(msgspec.Struct, frozen=True, kw_only=True):
    """Up to when we have told everything, and the session that may still count at Twitch.

    While a gap is open, the one lies long before `alive_at`, when this was noted.
    """

    user_id: str
    alive_at: datetime
    told_until: datetime
    session_id: str = ""


class LifeSigns:
    """Notes one now and then; a disk that takes none costs no more than the gap's mark."""

    def __init__(self, notes: NoteKeeper, clock: Clock, user_id: str) -> None:
        self._note = Note(notes, _NAME, LifeSign)
        self._clock = clock
        self._user_id = user_id

    async def last(self) -> LifeSign | None:
        """Return the last one of this account, if it is no older than half an hour."""
        try:
            sign = await self._note.read()
        except StorageError as error:
            _log.warning("Twitch: the last sign of life: %s", error)
            return None
        if sign is None:
            return None
        age = self._clock.now() - sign.alive_at
        is_ours = sign.user_id == self._user_id
        return sign if is_ours and timedelta() <= age <= _RECENTLY else None

    async def run(self, now: Callable[[], LifeSign | None]) -> None:
        """Note what `now` returns, for ever; None means that there is nothing to say yet."""
        while True:
            sign = now()
            if sign is not None:
                await self.note(sign)
            await self._clock.sleep(_EVERY_S if sign is not None else _SOON_S)

    async def note(self, sign: LifeSign) -> None:
        """Note one."""
        try:
            await self._note.keep(sign)
        except StorageError as error:
            _log.debug("Twitch: no sign of life could be noted: %s", error)
