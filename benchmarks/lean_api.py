"""A send endpoint that costs next to nothing, in front of the fake platform that does the rest."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Awaitable, Callable

import msgspec

__all__ = ["LeanApi"]

_JSON = b"content-type: application/json\r\n"


class LeanApi:
    """Answers messages to the chat by itself; every other request is passed on to `behind`.

    A framework's server takes as long for a request as the product does for a whole round.
    """

    def __init__(self, path: str, behind: int, echo: Callable[[str], Awaitable[None]]) -> None:
        self.came: dict[str, float] = {}
        """When a text came to the endpoint."""
        self._path = path.encode()
        self._behind = behind
        self._echo = echo
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen and return the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        """Take no more connections."""
        if self._server is not None:
            self._server.close()

    def take(self, transport: asyncio.Transport, head: bytes, body: bytes) -> None:
        """Answer one request."""
        method, target, _ = head.split(b" ", 2)
        if method != b"POST" or target != self._path:
            self._spawn(self._pass_on(transport, head, body))
            return
        came = time.time()
        text = msgspec.json.decode(body)["message"]
        self.came[text] = came
        answer = msgspec.json.encode({"data": [{"message_id": str(came), "is_sent": True}]})
        transport.write(_response(200, _JSON, answer))
        self._spawn(self._echo(text))

    async def _pass_on(self, transport: asyncio.Transport, head: bytes, body: bytes) -> None:
        transport.write(await asyncio.to_thread(self._ask, head.decode("latin-1"), body))

    def _ask(self, head: str, body: bytes) -> bytes:
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        connection = http.client.HTTPConnection("127.0.0.1", self._behind, timeout=5)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return _response(answer.status, _JSON, answer.read())
        finally:
            connection.close()

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Connection(asyncio.Protocol):
    def __init__(self, api: LeanApi) -> None:
        self._api = api
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = self._data.partition(b"\r\n\r\n")
        if not end:
            return
        lowered = head.lower()
        at = lowered.find(b"content-length: ")
        size = int(lowered[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) >= size:
            self._data = body[size:]
            self._api.take(self._transport, head, body[:size])


def _response(status: int, headers: bytes, body: bytes) -> bytes:
    if status == http.client.NO_CONTENT:
        return b"HTTP/1.1 204 -\r\n\r\n"
    head = b"HTTP/1.1 %d -\r\n%scontent-length: %d\r\n\r\n" % (status, headers, len(body))
    return head + body
