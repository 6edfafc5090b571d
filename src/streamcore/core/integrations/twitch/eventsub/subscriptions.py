"""Makes the subscriptions of a session, and clears away what dead sessions left behind."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch.api.helix import Helix, RefusedError
from streamcore.core.integrations.twitch.backoff import Backoff
from streamcore.core.integrations.twitch.eventsub.wanted import Wanted, condition
from streamcore.core.integrations.twitch.login.scopes import Rights

__all__ = ["Subscriptions"]

_EXISTS = 409
_FOR_GOOD = frozenset({400, 401, 403, 404, 410})
_RETRY_AFTER_S = 10.0
_MAX_PAGES = 10

_log = logging.getLogger(__name__)


class _Transport(msgspec.Struct, frozen=True, kw_only=True):
    session_id: str = ""


class _Existing(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: str = ""
    transport: _Transport = _Transport()


class _Page(msgspec.Struct, frozen=True, kw_only=True):
    cursor: str | None = None


class _Listing(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Existing, ...] = ()
    pagination: _Page = _Page()


@dataclass(slots=True)
class _Round:
    """One round of asking: what is to be asked again, and what was refused for good."""

    again: list[Wanted] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


class Subscriptions:
    """What is wanted follows `rights`; what lives is made anew for every session."""

    def __init__(self, helix: Helix, url: str, user_id: str, rights: Rights, clock: Clock) -> None:
        self._helix = helix
        self._url = url
        self._user_id = user_id
        self.rights = rights
        self._clock = clock
        self._sessions: list[str] = []

    async def establish(self, session_id: str, backoff: Backoff) -> dict[str, str]:
        """Subscribe to everything; returns what Twitch refused for good, with its reason.

        Goes on asking for what it refused for the moment: an old session still counts for a while
        after it died.
        """
        self._sessions.append(session_id)
        refused = {
            w.type: f"missing scope {' or '.join(w.scopes)}"
            for w in self.rights.subscriptions
            if not self._may(w)
        }
        wanted = [w for w in self.rights.subscriptions if self._may(w)]
        while wanted:
            result = await self._ask(wanted, session_id)
            refused |= result.refused
            wanted = result.again
            if wanted:
                _log.warning("Twitch: %d subscriptions have to wait", len(wanted))
                await self._clear(session_id)
                await self._clock.sleep(_RETRY_AFTER_S + backoff.next_s())
        return refused

    def _may(self, wanted: Wanted) -> bool:
        return not wanted.scopes or not self.rights.scopes.isdisjoint(wanted.scopes)

    async def _ask(self, wanted: list[Wanted], session_id: str) -> _Round:
        result = _Round()
        async with asyncio.TaskGroup() as tasks:
            for each in wanted:
                tasks.create_task(self._create(each, session_id, result))
        return result

    async def _create(self, wanted: Wanted, session_id: str, result: _Round) -> None:
        body = {
            "type": wanted.type,
            "version": wanted.version,
            "condition": condition(wanted, self._user_id),
            "transport": {"method": "websocket", "session_id": session_id},
        }
        try:
            await self._helix.post(self._url, body, msgspec.Raw)
        except RefusedError as error:
            if error.status == _EXISTS:
                return
            if error.status in _FOR_GOOD:
                _log.warning("Twitch: no subscription to %s: %s", wanted.type, error)
                result.refused[wanted.type] = str(error)
            else:
                result.again.append(wanted)
        except (CommandError, UnreachableError):
            result.again.append(wanted)

    async def _clear(self, session_id: str) -> None:
        """Delete what our dead sessions left: it counts against the limits until Twitch notices."""
        own = set(self._sessions) - {session_id}
        try:
            for existing in await self._existing():
                if existing.status.startswith("websocket_") or existing.transport.session_id in own:
                    await self._helix.delete(self._url, {"id": existing.id})
        except (CommandError, UnreachableError) as error:
            _log.warning("Twitch: old subscriptions could not be cleared: %s", error)

    async def _existing(self) -> list[_Existing]:
        found: list[_Existing] = []
        params: dict[str, str] = {}
        for _ in range(_MAX_PAGES):
            listing = await self._helix.get(self._url, _Listing, params)
            found.extend(listing.data)
            if not listing.pagination.cursor:
                break
            params = {"after": listing.pagination.cursor}
        return found
