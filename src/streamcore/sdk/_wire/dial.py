"""Ways to a connected socket: loopback TCP, or a descriptor handed over by the core's broker."""

from __future__ import annotations

import asyncio
import socket
import sys
from abc import ABC, abstractmethod

__all__ = ["BrokerDialer", "BrokerGone", "Dialer", "TcpDialer"]


class BrokerGone(ConnectionError):
    """The broker's other end is closed: the core will never hand over a connection again."""


class Dialer(ABC):
    """Gives a fresh connected socket each time it is asked."""

    host: str
    """What goes into the `Host` header."""

    @abstractmethod
    async def dial(self) -> socket.socket:
        """Return a connected, non-blocking socket."""

    def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Let go of what dialling needs."""


class TcpDialer(Dialer):
    """Connects to the core's port."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self.host = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def dial(self) -> socket.socket:
        """Return a connected, non-blocking socket."""
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.setblocking(False)
            await asyncio.get_running_loop().sock_connect(connection, self._address)
        except BaseException:
            connection.close()
            raise
        return connection


class BrokerDialer(Dialer):
    """Asks the core on an inherited descriptor for an already connected one.

    The module needs no `socket()` call, and the descriptor itself is its identity.
    """

    host = "streamcore"

    def __init__(self, fd: int) -> None:
        self._broker = socket.socket(fileno=fd)
        self._broker.setblocking(False)

    async def dial(self) -> socket.socket:
        """Return a connected, non-blocking socket."""
        if sys.platform == "win32":
            raise BrokerGone("descriptors cannot be handed over on this system")
        loop = asyncio.get_running_loop()
        readable: asyncio.Future[None] = loop.create_future()
        try:
            await loop.sock_sendall(self._broker, b"C")
            loop.add_reader(self._broker, _wake, readable)
            try:
                await readable
            finally:
                loop.remove_reader(self._broker)
            data, fds, _, _ = socket.recv_fds(self._broker, 1, 1)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise BrokerGone("the core closed the broker") from error
        if not data:
            raise BrokerGone("the core closed the broker")
        if not fds:
            raise ConnectionRefusedError("the core handed over no connection")
        connection = socket.socket(fileno=fds[0])
        connection.setblocking(False)
        return connection

    def close(self) -> None:
        """Give the descriptor back: there will be no connection any more."""
        self._broker.close()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
