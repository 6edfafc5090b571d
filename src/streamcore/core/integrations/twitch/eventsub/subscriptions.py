"""What is wanted and what lives are two lists; whatever happens, they are brought together."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import Words
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.eventsub.calls import Calls
from streamcore.core.integrations.twitch.eventsub.frames import Subscription
from streamcore.core.integrations.twitch.eventsub.refusals import (
    Refusal,
    explained,
    of_answer,
    of_status,
)
from streamcore.core.integrations.twitch.eventsub.wanted import Wanted
from streamcore.core.integrations.twitch.login.scopes import Rights
from streamcore.core.integrations.twitch.waiting import nap

__all__ = ["Subscriptions"]

_AT_ONCE = 6
_CLEARED_AGAIN_S = 1.0
_OLD_SESSIONS = 20
_THE_CHAT = frozenset({"channel.chat.message", "channel.chat.notification"})

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Missing:
    """A subscription that is wanted and does not live."""

    refusal: Refusal
    since: datetime
    again_s: float | None


class Subscriptions:
    """Keeps what lives in a session equal to what the login's rights allow.

    `changed` hears after each round: whether it brought a new session to life, and since when
    something was missing that lives now.
    """

    def __init__(
        self,
        calls: Calls,
        rights: Rights,
        *,
        clock: Clock,
        chance: random.Random,
        changed: Callable[[bool, datetime | None], None],
    ) -> None:
        self._calls = calls
        self._rights = rights
        self._clock = clock
        self._backoff = Backoff(chance, first_s=2.0)
        self._limit = Backoff(chance, first_s=20.0, cap_s=120.0)
        self._changed = changed
        self._wake = asyncio.Event()
        self._live: dict[Wanted, str] = {}
        self._missing: dict[Wanted, _Missing] = {}
        self._gone: set[Wanted] = set()
        self._old_sessions: list[str] = []

    @property
    def is_alive(self) -> bool:
        """Tell whether anything at all is subscribed in the present session."""
        return bool(self._live)

    @property
    def trouble(self) -> Words:
        """What the streamer should know of what Twitch does not send.

        A right that the login does not have is no trouble: the platform's permissions show it.
        Neither is a type that Twitch does not know, unless it is the chat; the log tells it.
        """
        refused = {
            wanted: missing.refusal
            for wanted, missing in self._missing.items()
            if missing.refusal is not Refusal.NOT_NOW or wanted.type in _THE_CHAT
        }
        refused |= dict.fromkeys(self._gone, Refusal.GONE)
        return explained(refused)

    def left_behind(self, session_ids: Sequence[str]) -> None:
        """Hear of sessions that were ours and may still count against the limits."""
        self._old_sessions = [*self._old_sessions, *session_ids][-_OLD_SESSIONS:]

    def rights_changed(self, rights: Rights) -> None:
        """Take over what the login allows and what is switched on from now on."""
        self._rights = rights
        self._missing = {
            wanted: missing
            for wanted, missing in self._missing.items()
            if missing.refusal is not Refusal.RIGHTS
        }
        self._wake.set()

    def revoked(self, subscription: Subscription) -> None:
        """Twitch ended a subscription."""
        for wanted, subscription_id in self._live.items():
            if subscription_id == subscription.id or (
                not subscription_id and wanted.type == subscription.type
            ):
                del self._live[wanted]
                self._miss(wanted, of_status(subscription.status))
                self._wake.set()
                return

    async def keep(self, session_id: str) -> None:
        """Make what is wanted live in a new session and keep it so; ends by cancellation only."""
        self._live.clear()
        self._backoff.reset()
        self._limit.reset()
        missing, self._missing = self._missing, {}
        try:
            while True:
                self._wake.clear()
                was_alive = self.is_alive
                await self._reconcile(session_id)
                since = [each.since for w, each in missing.items() if self._came_back(w, each)]
                self._changed(self.is_alive and not was_alive, min(since, default=None))
                await self._until_due()
                missing = dict(self._missing)
        finally:
            self.left_behind([session_id])

    def _came_back(self, wanted: Wanted, missing: _Missing) -> bool:
        """Tell whether events were lost: of what we had no right to, none were ours."""
        return wanted in self._live and missing.refusal is not Refusal.RIGHTS

    async def _reconcile(self, session_id: str) -> None:
        wanted = [w for w in self._rights.subscriptions if self._may(w) and w not in self._gone]
        for each in [w for w in self._live if w not in wanted]:
            await self._end(each, session_id)
        now_s = self._clock.monotonic()
        asked = [w for w in wanted if w not in self._live and self._is_due(w, now_s)]
        waiting = iter(asked)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(self._make_each(waiting, session_id))
        await self._after_limits(session_id)
        self._missing = {w: each for w, each in self._missing.items() if w in wanted}

    async def _make_each(self, waiting: Iterable[Wanted], session_id: str) -> None:
        for wanted in waiting:
            try:
                made = await self._calls.make(wanted, session_id)
            except (CommandError, UnreachableError) as error:
                self._refused(wanted, error)
            else:
                self._live[wanted] = made
                self._missing.pop(wanted, None)

    def _refused(self, wanted: Wanted, error: Exception) -> None:
        _log.warning("Twitch: no subscription to %s: %s", wanted.type, error)
        self._miss(wanted, of_answer(error))

    async def _after_limits(self, session_id: str) -> None:
        """Make room where a limit was hit: sessions that died count for a while longer."""
        limited = [each for each in self._missing.values() if each.refusal is Refusal.LIMIT]
        if limited:
            wait_s = _CLEARED_AGAIN_S if await self._clear(session_id) else self._limit.next_s()
            for each in limited:
                each.again_s = self._clock.monotonic() + wait_s

    def _miss(self, wanted: Wanted, refusal: Refusal) -> None:
        if refusal is Refusal.GONE:
            self._gone.add(wanted)
        wait_s = refusal.again_after_s
        if refusal is Refusal.BUSY:
            wait_s = self._backoff.next_s()
        again_s = None if wait_s is None else self._clock.monotonic() + wait_s
        before = self._missing.get(wanted)
        since = before.since if before is not None else self._clock.now()
        self._missing[wanted] = _Missing(refusal, since, again_s)

    async def _end(self, wanted: Wanted, session_id: str) -> None:
        try:
            await self._calls.end(wanted, self._live.pop(wanted), session_id)
        except (CommandError, UnreachableError) as error:
            _log.warning("Twitch: %s could not be unsubscribed: %s", wanted.type, error)

    async def _clear(self, session_id: str) -> bool:
        """Delete what our dead sessions left; another computer of the streamer keeps its own."""
        own = set(self._old_sessions) - {session_id}
        has_cleared = False
        try:
            for existing in await self._calls.list():
                if existing.is_dead or existing.transport.session_id in own:
                    await self._calls.delete(existing.id)
                    has_cleared = True
        except (CommandError, UnreachableError) as error:
            _log.warning("Twitch: old subscriptions could not be cleared: %s", error)
        return has_cleared

    def _may(self, wanted: Wanted) -> bool:
        return not wanted.scopes or not self._rights.scopes.isdisjoint(wanted.scopes)

    def _is_due(self, wanted: Wanted, now_s: float) -> bool:
        missing = self._missing.get(wanted)
        return missing is None or (missing.again_s is not None and missing.again_s <= now_s)

    async def _until_due(self) -> None:
        due = [each.again_s for each in self._missing.values() if each.again_s is not None]
        if not due:
            await self._wake.wait()
        elif not self._wake.is_set():
            await nap(self._clock, max(0.0, min(due) - self._clock.monotonic()), self._wake)
