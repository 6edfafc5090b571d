"""A running edge: real servers on real sockets above a fake bridge."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from streamcore.core.clock import SystemClock
from streamcore.core.principals import DashboardPrincipal, ModulePrincipal, ViewPrincipal
from streamcore.core.realtime.http import HttpServer
from streamcore.core.realtime.limits import LinkLimits
from streamcore.core.realtime.realtime import Realtime
from streamcore.core.realtime.tokens import LaunchTokens
from tests.core.realtime.client import Client, open_client
from tests.core.realtime.fake_bridge import FakeBridge, FakeSession
from tests.core.realtime.raw import RawClient, open_raw, text

__all__ = ["Edge", "eventually", "joined_raw", "run_edge", "watching_raw"]

SESSION_TOKEN = "session-token"
VIEW_KEY = "view-key"


class Edge:
    """What a test of the edge may touch."""

    def __init__(self, limits: LinkLimits | None = None) -> None:
        self.tokens = LaunchTokens()
        self.bridge = FakeBridge(self.tokens)
        self.offences: list[tuple[str, str]] = []
        self.outdated: set[ModulePrincipal] = set()
        self.realtime = Realtime(
            self.bridge,
            tokens=self.tokens,
            check_session={SESSION_TOKEN: DashboardPrincipal("s1")}.get,
            check_view_key={VIEW_KEY: ViewPrincipal("bot", "overlay")}.get,
            is_current=lambda principal: principal not in self.outdated,
            on_offence=lambda who, what: self.offences.append((who, what)),
            clock=SystemClock(),
            limits=limits,
        )
        self.server = HttpServer(
            self._route, "127.0.0.1", 0, inherited_app=self.realtime.module_app
        )
        self.port = 0

    async def _route(self, scope: Any, receive: Any, send: Any) -> None:
        is_overlay = scope["path"].startswith("/overlay-io/")
        app = self.realtime.overlay_app if is_overlay else self.realtime.module_app
        await app(scope, receive, send)

    def token(self, module_id: str = "bot", generation: int = 1) -> str:
        """Make a launch token."""
        return self.tokens.issue(ModulePrincipal(module_id, generation))

    def auth(self, module_id: str = "bot", generation: int = 1) -> dict[str, object]:
        """Make the `auth` of a module."""
        return {"token": self.token(module_id, generation), "protocol": 1, "sdk": "test"}

    @asynccontextmanager
    async def module(self, module_id: str = "bot", **options: Any) -> AsyncIterator[Client]:
        """Connect as a module."""
        async with open_client(self.port, **options) as client:
            await client.join(self.auth(module_id))
            yield client

    @property
    def session(self) -> FakeSession:
        """The session that was opened last."""
        return self.bridge.sessions[-1]


@asynccontextmanager
async def run_edge(limits: LinkLimits | None = None) -> AsyncIterator[Edge]:
    """Run an edge and stop it in the order of the app."""
    edge = Edge(limits)
    edge.port = await edge.server.start()
    try:
        yield edge
    finally:
        await edge.realtime.close()
        await edge.server.stop()


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    """An edge with the limits of the product."""
    async with run_edge() as running:
        yield running


@pytest.fixture(autouse=True)
def no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a client does, the log holds no error and no traceback."""
    caplog.set_level(logging.DEBUG, logger="asyncio")
    yield
    loud = [
        record
        for record in caplog.get_records("call")
        if record.levelno >= logging.ERROR or record.exc_info
    ]
    assert not loud, [record.getMessage() for record in loud]


async def eventually(holds: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def joined_raw(edge: Edge, module_id: str) -> AsyncIterator[RawClient]:
    """Open a connection made of bytes that has joined as a module."""
    async with _joined(edge, "40/module," + json.dumps(edge.auth(module_id))) as client:
        yield client


@asynccontextmanager
async def watching_raw(edge: Edge) -> AsyncIterator[RawClient]:
    """Open a connection made of bytes that has joined as a dashboard."""
    async with _joined(edge, "40/dashboard," + json.dumps({"token": SESSION_TOKEN})) as client:
        yield client


@asynccontextmanager
async def _joined(edge: Edge, packet: str) -> AsyncIterator[RawClient]:
    async with open_raw(edge.port) as client:
        await client.receive(b"}")
        client.send(text(packet))
        await client.receive(b'["welcome",')
        yield client
