"""The whole server on a real home; only platforms and module processes are pretended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from streamcore.core.bus import Bus
from streamcore.core.clock import SystemClock
from streamcore.core.errors import CommandError
from streamcore.core.http.answers import json_answer, refuse
from streamcore.core.http.asgi import Receive, Scope, Send
from streamcore.core.integrations.base import Integration
from streamcore.core.integrations.registry import platform_record
from streamcore.core.journal import Journal
from streamcore.core.logs import ModuleLogs
from streamcore.core.principals import Principal
from streamcore.core.server import Server, Services, build_app
from streamcore.core.sessions import Sessions
from streamcore.core.simulator import Simulator
from streamcore.core.view_keys import ViewKeys
from streamcore.protocol.errors import ErrorCode
from tests.core.api.platform import PretendedPlatform
from tests.core.modules.rig import Rig, open_rig

__all__ = ["HOST", "Api", "open_api"]

HOST = "127.0.0.1:8080"


class Platforms:
    """One platform, `twitch`."""

    def __init__(self, platform: PretendedPlatform) -> None:
        self.platform = platform

    def platforms(self) -> Sequence[Mapping[str, object]]:
        return [platform_record(self.platform)]

    def get(self, platform_id: str) -> Integration | None:
        return self.platform if platform_id == "twitch" else None


class Api:
    """A server, what stands behind it, and a client with the streamer's token."""

    def __init__(self, rig: Rig, static_dir: Path, logs: ModuleLogs) -> None:
        clock = SystemClock()
        self.rig = rig
        self.sessions = Sessions(rig.store, clock)
        self.view_keys = ViewKeys(rig.store)
        self.logs = logs
        self.journal = Journal(rig.store, clock, Bus().publish)
        self.platform = PretendedPlatform()
        self.sent: list[tuple[str, str]] = []
        self.stops: list[bool] = []
        self.disconnected: list[Principal] = []
        self.hosts = frozenset({HOST, "localhost:8080"})
        self.services = Services(
            modules=rig.modules,
            journal=self.journal,
            platforms=Platforms(self.platform),
            audit=rig.audit,
            sessions=self.sessions,
            view_keys=self.view_keys,
            logs=logs,
            simulator=Simulator(self.journal.append, lambda: "twitch", clock),
            system=lambda: {"version": "1", "home": str(rig.home.root)},
            send_chat=self._send_chat,
            disconnect=self.disconnected.append,
            stop=lambda: self.stops.append(True),
            static_dir=static_dir,
            boot_id="boot",
            allowed_hosts=lambda: self.hosts,
        )
        self.server = self.build()

    def build(self, *, defer_api: bool = False) -> Server:
        return build_app(self.services, _named("modules"), _named("pages"), defer_api=defer_api)

    def client(self, token: str | None) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"} if token is not None else {}
        transport = httpx.ASGITransport(self.server, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=headers)

    async def _send_chat(self, msg: str, target: str) -> Mapping[str, object]:
        self.sent.append((msg, target))
        if msg == "too often":
            raise CommandError(ErrorCode.RATE_LIMITED, "Wait a moment.", retry_after_ms=500)
        return {target: {"ok": True}}


@asynccontextmanager
async def open_api(root: Path) -> AsyncIterator[Api]:
    """Open everything on a new home."""
    async with open_rig(root) as rig:
        logs = ModuleLogs(rig.home.module_logs, SystemClock(), lambda module_id, line: None)
        api = Api(rig, root / "static_dist", logs)
        await api.sessions.load()
        await api.view_keys.load()
        await api.journal.open()
        try:
            yield api
        finally:
            await api.journal.close()
            logs.close()


class _Named:
    """Says where a request went."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await refuse(scope, receive, send, json_answer(self._name))


_named = _Named
