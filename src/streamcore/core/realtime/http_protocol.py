"""HTTP/1.1 below the app: uvicorn's protocol with deadlines, a crowd limit and a calm log."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from streamcore.core.realtime.calm import Calm

__all__ = ["HttpProtocol"]

HEADER_DEADLINE_S = 10.0
MAX_CONNECTIONS = 512

log = logging.getLogger(__name__)
log.addFilter(Calm())


class HttpProtocol(H11Protocol):
    """One HTTP connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = log
        self._header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class has it
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            log.warning("more than %d connections at once; one was dropped", MAX_CONNECTIONS)
            transport.abort()
            return
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_awaiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_busy():
            self._stop_awaiting()
        elif self.conn.their_state is h11.IDLE:
            # A part of the next request came, which stopped the base class's own timer.
            self._await_headers()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; an app at work on its beginning has nobody to answer any more.

        The base class answers beside the app, whose own answer or whose answer so far then breaks
        the rules of the protocol, with a traceback for each.
        """
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()

    def _is_busy(self) -> bool:
        """Say whether a request is being served, or the connection is no longer ours."""
        cycle: RequestResponseCycle | None = self.cycle
        return (
            (cycle is not None and not cycle.response_complete)
            or self.transport.get_protocol() is not self
            or self.transport.is_closing()
        )

    def _await_headers(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(HEADER_DEADLINE_S, self._late)

    def _stop_awaiting(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _late(self) -> None:
        self._header_timer = None
        log.warning("a request's headers did not come in %d s", HEADER_DEADLINE_S)
        self.transport.abort()
