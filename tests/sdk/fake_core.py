"""A core for the SDK's tests: the wire on a real socket, by the real server library.

It lets everything through that the test did not forbid, and remembers what it was sent.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import itertools
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec
import socketio
import uvicorn

from streamcore.protocol.commands import COMMANDS, Command
from streamcore.protocol.events import Event

Answer = Callable[[Command], dict[str, object]]


class FakeCore:
    """Accepts modules on loopback TCP with a token, or over a broker's descriptors."""

    def __init__(self) -> None:
        self.welcome: dict[str, Any] = {
            "module_id": "bot",
            "granted": ["chat_read", "chat_send"],
            "denied": [],
            "settings": {},
            "state": {},
            "platforms": {"twitch": {"connected": True, "capabilities": ["send_chat"]}},
            "cursor": 0,
            "resume_token": "resume-1",
            "protocol": 1,
        }
        self.token = "launch-1"
        self.auths: list[dict[str, Any]] = []
        self.readies: list[list[str]] = []
        self.refused: dict[str, str] = {}
        self.acks: list[int] = []
        self.commands: list[Command] = []
        self.answers: dict[str, Answer] = {}
        self.refuse_connect: tuple[str, str] | None = None
        self.sids: list[str] = []
        self.port = 0
        self._numbers = itertools.count(1)
        self._sio = socketio.AsyncServer(
            async_mode="asgi", cors_allowed_origins=[], ping_interval=2, ping_timeout=2
        )
        for name, handler in (
            ("connect", self._connect),
            ("ready", self._ready),
            ("ack", self._ack),
            ("command", self._command),
        ):
            self._sio.on(name, handler, namespace="/module")
        self._config = uvicorn.Config(
            socketio.ASGIApp(self._sio),
            log_level="warning",
            lifespan="off",
            ws="websockets-sansio",
            http="h11",
        )
        self._server = uvicorn.Server(self._config)
        self._tasks: list[asyncio.Task[None]] = []
        self._brokers: list[socket.socket] = []

    async def __aenter__(self) -> FakeCore:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        self.port = listener.getsockname()[1]
        self._config.load()
        # `serve` would take over the test's signals, and wake up every tenth of a second.
        self._server.lifespan = self._config.lifespan_class(self._config)
        await self._server.startup([listener])
        self._listener = listener
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server.force_exit = True
        await self._server.shutdown([self._listener])
        for broker in self._brokers:
            broker.close()
        await self._sio.shutdown()

    def broker(self) -> socket.socket:
        """Return the module's end of a broker that hands over connections."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._brokers.append(ours)
        self._tasks.append(asyncio.create_task(self._hand_over(ours)))
        return theirs

    def close_brokers(self) -> None:
        """Hand over no connection any more."""
        for task in self._tasks:
            task.cancel()
        for broker in self._brokers:
            broker.close()

    async def send(self, *events: Event | dict[str, object]) -> None:
        """Deliver events as one packet; those without a number get the next one."""
        bodies = []
        for event in events:
            body = msgspec.to_builtins(event)
            if isinstance(event, Event) and event.durable and not event.seq:
                number = next(self._numbers)
                body |= {"seq": number, "id": event.id or f"e{number}"}
            bodies.append(body)
        await self.emit("events", bodies)

    async def emit(self, name: str, payload: object) -> None:
        """Send one packet to the newest connection."""
        await self._sio.emit(name, payload, to=self.sids[-1], namespace="/module")

    async def call(self, name: str, payload: object, timeout_s: float = 5) -> Any:
        """Send one packet and return the answer."""
        return await self._sio.call(
            name, payload, to=self.sids[-1], namespace="/module", timeout=timeout_s
        )

    async def cut(self) -> None:
        """Break the newest connection."""
        for sid in self.sids:
            with contextlib.suppress(KeyError):
                await self._sio.disconnect(sid, namespace="/module")

    def sent(self, kind: type[Command]) -> list[Any]:
        """Return the commands of one kind that came."""
        return [command for command in self.commands if isinstance(command, kind)]

    @staticmethod
    async def until(condition: Callable[[], object], timeout_s: float = 5) -> None:
        """Wait until something is true."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                await asyncio.sleep(0.005)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: dict[str, Any]) -> None:
        self.auths.append(auth)
        by_descriptor = environ["asgi.scope"].get("state", {}).get("module_id") is not None
        if self.refuse_connect is not None:
            code, message = self.refuse_connect
            raise socketio.exceptions.ConnectionRefusedError(
                message, {"code": code, "message": message}
            )
        if not by_descriptor and auth.get("token") not in (self.token, "resume-1"):
            message = "the token is not known"
            raise socketio.exceptions.ConnectionRefusedError(
                message, {"code": "permission_denied", "message": message}
            )
        self.sids.append(sid)
        self._tasks.append(asyncio.create_task(self._greet(sid)))

    async def _greet(self, sid: str) -> None:
        await self._sio.emit("welcome", self.welcome, to=sid, namespace="/module")

    async def _ready(self, sid: str, body: dict[str, Any]) -> dict[str, Any]:
        self.readies.append(body["subscribe"])
        refused: Sequence[str] = [name for name in body["subscribe"] if name in self.refused]
        return {
            "refused": [
                {"type": name, "permission": self.refused[name], "message": "not allowed"}
                for name in refused
            ]
        }

    async def _ack(self, sid: str, body: dict[str, Any]) -> None:
        self.acks.append(body["cursor"])

    async def _command(self, sid: str, body: dict[str, Any]) -> dict[str, Any]:
        command = msgspec.convert(body, COMMANDS[body["cmd"]])
        self.commands.append(command)
        answer = self.answers.get(body["cmd"])
        return answer(command) if answer is not None else {"ok": True, "result": {}}

    async def _hand_over(self, broker: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while await loop.sock_recv(broker, 1):
            ours, theirs = socket.socketpair()
            ours.setblocking(False)

            def protocol() -> asyncio.Protocol:
                made: asyncio.Protocol = self._config.http_protocol_class(  # type: ignore[call-arg]
                    config=self._config,
                    server_state=self._server.server_state,
                    app_state={"module_id": "bot"},
                )
                return made

            await loop.connect_accepted_socket(protocol, ours)
            _give(broker, theirs)
            theirs.close()


def _give(broker: socket.socket, connection: socket.socket) -> None:
    if sys.platform == "win32":
        raise NotImplementedError
    rights = array.array("i", [connection.fileno()])
    broker.sendmsg([b"K"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])


@contextlib.asynccontextmanager
async def fake_core() -> AsyncIterator[FakeCore]:
    """Run a fake core for one test."""
    async with FakeCore() as core:
        yield core
