"""The core's end of a module's inherited descriptor: hands out connected sockets on request."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys

from streamcore.core.clock import Clock
from streamcore.core.principals import ModulePrincipal
from streamcore.core.process.bucket import TokenBucket
from streamcore.core.process.launcher import AcceptLink

if sys.platform == "win32":
    raise ImportError("descriptors cannot be passed here: modules connect over loopback")

__all__ = ["Broker"]

logger = logging.getLogger(__name__)

_LINKS_PER_S = 2
_LINKS_BURST = 20


class Broker:
    """Serves one process: each byte that it writes asks for one connection.

    The child needs no `socket()` of its own, and there is no token that could be stolen: whoever
    holds the other end is the module. Asking too often is slowed down, not refused, so that a
    module which reconnects in a hurry is not lost.
    """

    def __init__(
        self, sock: socket.socket, principal: ModulePrincipal, accept: AcceptLink, clock: Clock
    ) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._principal = principal
        self._accept = accept
        self._clock = clock
        self._bucket = TokenBucket(rate=_LINKS_PER_S, burst=_LINKS_BURST)

    async def serve(self) -> None:
        """Hand out connections until the process closes its end, then wait for those in work."""
        loop = asyncio.get_running_loop()
        with self._sock:
            async with asyncio.TaskGroup() as links:
                try:
                    while await loop.sock_recv(self._sock, 1):
                        delay = self._bucket.take(1, self._clock.monotonic())
                        if delay > 0:
                            await self._clock.sleep(delay)
                        links.create_task(self._attach(self._hand_over()))
                except OSError as error:  # gone, or it asks without ever taking
                    logger.info("the broker of %s ends: %s", self._principal, error)

    def _hand_over(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._sock, [b"K"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)
        return ours

    async def _attach(self, ours: socket.socket) -> None:
        try:
            await self._accept(ours, self._principal)
        except Exception:  # one broken connection is that connection's end, not the module's
            logger.exception("a connection of %s could not be served", self._principal)
            ours.close()
