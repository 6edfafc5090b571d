"""A client that speaks Engine.IO and Socket.IO by hand, so that it can also speak them wrongly."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

__all__ = ["Client", "Refused", "open_client"]

WAIT_S = 5.0


class Refused(Exception):
    """The server answered a connect with an error."""

    def __init__(self, body: Any) -> None:
        super().__init__(str(body))
        self.body = body


class Client:
    """One WebSocket; `events` holds what came in beside answers, in order."""

    def __init__(self, socket: ClientConnection, namespace: str) -> None:
        self.socket = socket
        self.namespace = namespace
        self.events: deque[tuple[str, Any]] = deque()
        self.welcome: Any = None
        self._ids = itertools.count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()

    async def receive(self) -> str:
        """Return the next message that is not a ping."""
        while True:
            async with asyncio.timeout(WAIT_S):
                message = await self.socket.recv()
            assert isinstance(message, str)
            if message != "2":
                return message
            await self.socket.send("3")

    async def greeted(self) -> None:
        """Take the server's opening packet."""
        assert (await self.receive()).startswith("0{")

    async def join(self, auth: object, welcome: str = "welcome") -> Any:
        """Join the namespace and return the welcome; raises Refused."""
        text = "" if auth is None else json.dumps(auth)
        await self.socket.send(f"40{self.namespace},{text}")
        answer = await self.receive()
        if answer.startswith("44"):
            raise Refused(json.loads(answer[answer.index("{") :]))
        assert answer.startswith(f'40{self.namespace},{{"sid":'), answer
        name, self.welcome = await self.next_event()
        assert name == welcome
        return self.welcome

    async def emit(self, name: str, payload: object) -> None:
        """Send an event without an ack."""
        await self.socket.send(f"42{self.namespace},{json.dumps([name, payload])}")

    async def ask(self, name: str, payload: object) -> Any:
        """Send an event and return the first argument of its ack, or None."""
        ack_id = next(self._ids)
        await self.socket.send(f"42{self.namespace},{ack_id}{json.dumps([name, payload])}")
        return await self.answer(ack_id)

    async def answer(self, ack_id: int) -> Any:
        """Wait for an answer; events that come before it are kept."""
        start = f"43{self.namespace},{ack_id}["
        while True:
            message = await self.receive()
            if message.startswith(start):
                args = json.loads(message[len(start) - 1 :])
                return args[0] if args else None
            self._keep(message)

    async def next_event(self) -> tuple[str, Any]:
        """Return the next event's name and payload."""
        while not self.events:
            self._keep(await self.receive())
        return self.events.popleft()

    async def until_cut(self) -> None:
        """Read until the server ends the connection."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed:
            return

    async def is_alive(self) -> bool:
        """Say whether the connection still answers."""
        try:
            answer = await self.ask("command", {"cmd": "echo"})
        except ConnectionClosed:
            return False
        return bool(answer["ok"])

    def _keep(self, message: str) -> None:
        start = f"42{self.namespace},"
        assert message.startswith(start), message
        text = message[len(start) :].lstrip("0123456789")
        name, payload = json.loads(text)
        self.events.append((name, payload))


@asynccontextmanager
async def open_client(
    port: int, namespace: str = "/module", path: str = "/socket.io/", **options: Any
) -> AsyncIterator[Client]:
    """Open a WebSocket and take the greeting; the namespace is not joined yet."""
    url = f"ws://127.0.0.1:{port}{path}?EIO=4&transport=websocket"
    options.setdefault("max_size", None)
    async with connect(url, **options) as socket:
        client = Client(socket, namespace)
        await client.greeted()
        yield client
