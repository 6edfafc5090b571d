"""Who is meant: people named by id or by login, asked once and remembered for a while."""

from __future__ import annotations

import re
from collections import OrderedDict

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.protocol.errors import ErrorCode

__all__ = ["People", "Person"]

_KEEP_S = 600.0
_MAX_KNOWN = 500
_LOGIN = re.compile(r"[a-z0-9_]{1,25}")
_ID = re.compile(r"[0-9]{1,20}")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An account on Twitch."""

    id: str
    login: str = ""
    display_name: str = ""


class _People(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[Person, ...] = ()


class People:
    """Finds accounts; logins change hands rarely, so an answer is good for ten minutes."""

    def __init__(self, helix: Helix, clock: Clock) -> None:
        self._helix = helix
        self._clock = clock
        self._known: OrderedDict[str, tuple[Person, float]] = OrderedDict()

    async def id_of(self, named: str) -> str:
        """Return the id of who is named by `user_id`: an id is taken as it is, else a login."""
        name = named.strip()
        if _ID.fullmatch(name):
            return name
        return (await self.by_login(name)).id

    async def by_login(self, named: str) -> Person:
        """Return the account with a login, with or without `@`; raises `not_found`."""
        login = named.strip().removeprefix("@").lower()
        if not _LOGIN.fullmatch(login):
            raise CommandError(
                ErrorCode.INVALID_COMMAND,
                f"{named[:40]!r} is no login: expected a user's id, or @ and the name that stands "
                "in the address of the channel (letters a to z, digits, _).",
            )
        known = self._known.get(login)
        if known is not None and self._clock.monotonic() - known[1] < _KEEP_S:
            return known[0]
        answer = await self._helix.get("/users", _People, {"login": login})
        for person in answer.data:
            self._remember(login, person)
            return person
        raise CommandError(
            ErrorCode.NOT_FOUND,
            f"Nobody on Twitch has the login {login!r}: check the spelling.",
        )

    def _remember(self, login: str, person: Person) -> None:
        self._known[login] = (person, self._clock.monotonic())
        self._known.move_to_end(login)
        while len(self._known) > _MAX_KNOWN:
            self._known.popitem(last=False)
