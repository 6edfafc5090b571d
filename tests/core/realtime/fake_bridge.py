"""A bridge that notes what its sessions are told, and answers by name."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec

from streamcore.core.bridge.link import Link
from streamcore.core.bus import Batch
from streamcore.core.errors import CommandError
from streamcore.core.logged import LoggedEvent
from streamcore.core.principals import (
    DashboardPrincipal,
    ModulePrincipal,
    Principal,
    ViewPrincipal,
)
from streamcore.core.realtime.tokens import LaunchTokens
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import CommandAnswer, ModuleAuth, ViewAuth

__all__ = ["FakeBridge", "FakeSession", "batch"]

_ALLOWED = {
    "/module": frozenset({"ready", "command", "ack"}),
    "/view": frozenset({"ready", "call"}),
    "/dashboard": frozenset({"open_log", "close_log"}),
}


class FakeSession:
    """Answers `command` with its own arguments.

    `{"cmd": "wait"}` and a slow `ready` wait for `release`, `stuck` ones even when they are
    cancelled, `{"cmd": "crash"}` fails; what says `at_once` is done without waiting.
    """

    def __init__(self, principal: Principal, link: Link, tokens: LaunchTokens) -> None:
        self.principal = principal
        self.link = link
        self.allowed = _ALLOWED[link.namespace]
        self.handled: list[tuple[str, Any]] = []
        self.acked: list[Any] = []
        self.reasons: list[str] = []
        self.release = asyncio.Event()
        self._tokens = tokens

    async def opened(self) -> None:
        if str(self.principal) == "module:speechless":
            raise RuntimeError("on purpose")
        welcome: dict[str, object] = {"who": str(self.principal)}
        if isinstance(self.principal, ModulePrincipal):
            welcome["resume_token"] = self._tokens.resume(self.principal)
        self.link.send("welcome", welcome)

    def handle_now(self, name: str, payload: msgspec.Raw) -> bool:
        if name != "ack":
            return False
        self.acked.append(msgspec.json.decode(payload))
        return True

    def handle(self, name: str, payload: msgspec.Raw) -> object | None:
        found = msgspec.json.decode(payload)
        self.handled.append((name, found))
        if isinstance(found, dict) and found.get("at_once"):
            if found.get("cmd") == "crash":
                raise RuntimeError("on purpose")
            return CommandAnswer(ok=True, result=found)
        return self._handle(name, found)

    async def _handle(self, name: str, found: Any) -> object | None:
        if isinstance(found, dict) and found.get("stuck"):
            while not self.release.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await self.release.wait()
            return CommandAnswer(ok=True, result="too late")
        if name not in ("command", "call"):
            await asyncio.sleep(0)
            if isinstance(found, dict) and found.get("slow"):
                await self.release.wait()
            return {"took": name}
        if isinstance(found, dict) and found.get("cmd") == "wait":
            await self.release.wait()
        if isinstance(found, dict) and found.get("cmd") == "crash":
            raise RuntimeError("on purpose")
        return CommandAnswer(ok=True, result=found)

    def closed(self, reason: str) -> None:
        self.reasons.append(reason)


class FakeBridge:
    """Opens a fake session for everybody.

    Except the module called `unwanted`; it fails on `breaking`, the session of `speechless` does.
    """

    def __init__(self, tokens: LaunchTokens) -> None:
        self.sessions: list[FakeSession] = []
        self._tokens = tokens

    def module_session(
        self, principal: ModulePrincipal, auth: ModuleAuth, link: Link
    ) -> FakeSession:
        if principal.module_id == "unwanted":
            raise CommandError(ErrorCode.PERMISSION_DENIED, "not this one")
        if principal.module_id == "breaking":
            raise RuntimeError("on purpose")
        return self._open(principal, link)

    def view_session(self, principal: ViewPrincipal, auth: ViewAuth, link: Link) -> FakeSession:
        return self._open(principal, link)

    def dashboard_session(self, principal: DashboardPrincipal, link: Link) -> FakeSession:
        return self._open(principal, link)

    def open_sessions(self) -> list[FakeSession]:
        """Return the sessions that nobody closed."""
        return [session for session in self.sessions if not session.reasons]

    def _open(self, principal: Principal, link: Link) -> FakeSession:
        session = FakeSession(principal, link, self._tokens)
        self.sessions.append(session)
        return session


def batch(bodies: Sequence[bytes]) -> Batch:
    """Make a batch of encoded events, numbered from 1."""
    return Batch(
        tuple(LoggedEvent(seq, "chat_message", "", "", body) for seq, body in enumerate(bodies, 1))
    )
