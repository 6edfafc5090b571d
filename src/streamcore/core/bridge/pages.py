"""The sessions of modules' pages: receive state, pushes and events, call their own module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable

import msgspec

from streamcore.core.bridge.link import Link
from streamcore.core.bridge.lossy import LossyReader
from streamcore.core.bus import Bus
from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.principals import ViewPrincipal
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.frames import CommandAnswer, Ready, ReadyAnswer, ViewCall, ViewWelcome

__all__ = ["OpenPages", "ViewSession"]

CallOwnModule = Callable[[str, str, dict[str, object], str], Awaitable[object]]


class OpenPages:
    """Which pages are open, by module."""

    def __init__(self) -> None:
        self._sessions: defaultdict[str, set[ViewSession]] = defaultdict(set)

    def add(self, session: ViewSession) -> None:
        """A page connected."""
        self._sessions[session.principal.module_id].add(session)

    def remove(self, session: ViewSession) -> None:
        """A page went."""
        self._sessions[session.principal.module_id].discard(session)

    def of(self, module_id: str) -> tuple[ViewSession, ...]:
        """Return the open pages of a module."""
        return tuple(self._sessions.get(module_id, ()))

    def send(self, module_id: str, name: str, payload: object, view_id: str | None = None) -> int:
        """Send to every open page of the module (or of one view) and return how many."""
        sessions = [
            session
            for session in self.of(module_id)
            if view_id is None or session.principal.view_id == view_id
        ]
        for session in sessions:
            session.send(name, payload)
        return len(sessions)


class ViewSession:
    """One open page."""

    allowed = frozenset({"ready", "call"})

    def __init__(
        self,
        principal: ViewPrincipal,
        link: Link,
        *,
        bus: Bus,
        clock: Clock,
        gatekeeper: Gatekeeper,
        pages: OpenPages,
        welcome: Callable[[ViewPrincipal], Awaitable[ViewWelcome]],
        call: CallOwnModule,
    ) -> None:
        self.principal = principal
        self._link = link
        self._gatekeeper = gatekeeper
        self._pages = pages
        self._welcome = welcome
        self._call = call
        self._reader = LossyReader(bus, link, clock)
        self._wanted: tuple[str, ...] = ()
        self._is_open = True
        self._before_welcome: list[tuple[str, object]] | None = []

    async def opened(self) -> None:
        """Say what the page needs at start; what changes meanwhile follows the welcome."""
        self._pages.add(self)
        welcome = await self._welcome(self.principal)
        if self._is_open:
            self._link.send("welcome", welcome)
            waiting, self._before_welcome = self._before_welcome or [], None
            for name, payload in waiting:
                self._link.send(name, payload)

    def send(self, name: str, payload: object) -> None:
        """Push something to the page."""
        if self._before_welcome is not None:
            self._before_welcome.append((name, payload))
        else:
            self._link.send(name, payload)

    def handle_now(self, name: str, payload: msgspec.Raw) -> bool:
        """Nothing of a page is urgent enough."""
        return False

    async def handle(self, name: str, payload: msgspec.Raw) -> object | None:
        """Answer `ready` or carry a call to the module's backend."""
        try:
            if name == "ready":
                self._wanted = msgspec.json.decode(payload, type=Ready).subscribe
                return self.subscribe()
            call = msgspec.json.decode(payload, type=ViewCall)
            caller = f"view:{self.principal.view_id}"
            result = await self._call(self.principal.module_id, call.name, call.args, caller)
            return CommandAnswer(ok=True, result=result)
        except msgspec.DecodeError as error:
            body = ErrorBody(ErrorCode.INVALID_COMMAND, f"'{name}' has the wrong fields: {error}.")
            return CommandAnswer(ok=False, error=body)
        except CommandError as error:
            return CommandAnswer(ok=False, error=error.body)

    def subscribe(self) -> ReadyAnswer:
        """(Re)apply the grants to what the page wants."""
        filter_, refused = self._gatekeeper.event_filter(self.principal, self._wanted)
        if self._is_open:
            self._reader.listen(filter_)
        return ReadyAnswer(refused=refused)

    def grants_changed(self) -> None:
        """Grants of the page's module changed."""
        if self._wanted:
            self.subscribe()

    def end(self, reason: str) -> None:
        """Cut the page off (its key was replaced, its module was removed)."""
        self._link.close(reason)

    def closed(self, reason: str) -> None:
        """The connection is gone."""
        self._is_open = False
        self._pages.remove(self)
        self._reader.close()
