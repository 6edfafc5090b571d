"""The fake's EventSub: sessions, subscriptions and delivery, with every way to misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.fakes.twitch.payloads import Payload, new_id, stamp

__all__ = ["FakeEventSub", "FakeSession", "FakeSubscription"]


@dataclass(slots=True)
class FakeSubscription:
    """One subscription of one session."""

    id: str
    type: str
    version: str
    condition: Payload
    session_id: str
    status: str = "enabled"

    def as_json(self) -> Payload:
        return {
            "id": self.id,
            "status": self.status,
            "type": self.type,
            "version": self.version,
            "cost": 0,
            "condition": self.condition,
            "transport": {"method": "websocket", "session_id": self.session_id},
            "created_at": stamp(),
        }


@dataclass(slots=True)
class FakeSession:
    """A session and the socket that it lives on at the moment."""

    id: str
    socket: ServerConnection
    subscriptions: dict[str, FakeSubscription] = field(default_factory=dict)
    last_frame_at: float = field(default_factory=time.monotonic)
    move_key: str | None = None
    is_alive: bool = True


class FakeEventSub:
    """Listens on a port of its own; `deliver` reaches whoever subscribed to the type."""

    def __init__(self) -> None:
        self.keepalive_s = 10.0
        """What the welcome announces; keepalives are sent twice as often as needed."""
        self.unused_after_s = 10.0
        self.reconnect_grace_s = 30.0
        self.is_silent = False
        self.repeat_each = 1
        self.refuse_connections = 0
        self.keep_dead_subscriptions = False
        self.max_transports = 3
        self.connections = 0
        self.closed_with: list[int] = []
        self.sessions: dict[str, FakeSession] = {}
        self._server: Server | None = None
        self._url = ""

    async def start(self, host: str, port: int = 0) -> str:
        """Listen and return the address."""
        self._server = await serve(self._connected, host, port, ping_interval=None)
        bound = next(iter(self._server.sockets)).getsockname()[1]
        self._url = f"ws://{host}:{bound}/ws"
        return self._url

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @property
    def living(self) -> list[FakeSession]:
        return [session for session in self.sessions.values() if session.is_alive]

    def subscribed(self) -> set[str]:
        """Return the types that living sessions subscribed to."""
        return {s.type for session in self.living for s in session.subscriptions.values()}

    def all_subscriptions(self) -> list[FakeSubscription]:
        return [s for session in self.sessions.values() for s in session.subscriptions.values()]

    def subscribe(
        self, kind: str, version: str, condition: Payload, session_id: str
    ) -> tuple[int, FakeSubscription | str]:
        """Return Twitch's status, and the subscription or the reason against it."""
        session = self.sessions.get(session_id)
        if session is None or not session.is_alive:
            return 400, "websocket transport session does not exist or has already disconnected"
        for other in session.subscriptions.values():
            if (other.type, other.condition) == (kind, condition):
                return 409, other
        same = [s for s in self.all_subscriptions() if (s.type, s.condition) == (kind, condition)]
        if len(same) >= self.max_transports:
            return 429, "number of websocket transports limit exceeded"
        made = FakeSubscription(new_id(), kind, version, condition, session_id)
        session.subscriptions[made.id] = made
        return 202, made

    def unsubscribe(self, subscription_id: str) -> bool:
        return any(
            session.subscriptions.pop(subscription_id, None) is not None
            for session in self.sessions.values()
        )

    async def deliver(self, kind: str, event: Payload, *, message_id: str | None = None) -> int:
        """Send a notification to everybody who subscribed; returns how many that were."""
        reached = 0
        if self.is_silent:
            return reached
        for session in self.living:
            for subscription in session.subscriptions.values():
                if subscription.type == kind and subscription.status == "enabled":
                    frame = _frame(
                        "notification",
                        {"subscription": subscription.as_json(), "event": event},
                        subscription,
                        message_id,
                    )
                    for _ in range(self.repeat_each):
                        await self._send(session, frame)
                    reached += 1
        return reached

    async def send_raw(self, data: str | bytes) -> None:
        """Send anything at all, as Twitch never should."""
        for session in self.living:
            await session.socket.send(data)

    async def revoke(self, kind: str, status: str) -> None:
        """End the subscriptions of a type, as when rights are taken away."""
        for session in self.living:
            for subscription in list(session.subscriptions.values()):
                if subscription.type == kind:
                    subscription.status = status
                    del session.subscriptions[subscription.id]
                    payload: Payload = {"subscription": subscription.as_json()}
                    await self._send(session, _frame("revocation", payload, subscription))

    async def ask_to_move(self) -> None:
        """Tell every session to go on at a new address."""
        for session in self.living:
            session.move_key = new_id()
            url = f"{self._url}?move={session.move_key}"
            payload = _session_payload(session.id, "reconnecting", None, url)
            await self._send(session, _frame("session_reconnect", payload))

    async def close_all(self, code: int) -> None:
        for session in self.living:
            await session.socket.close(code)

    async def drop_all(self) -> None:
        """Cut every connection without a word, as a network does."""
        for session in self.living:
            session.socket.transport.abort()

    async def _connected(self, socket: ServerConnection) -> None:
        self.connections += 1
        if self.refuse_connections > 0:
            self.refuse_connections -= 1
            socket.transport.abort()
            return
        request = socket.request
        query = parse_qs(urlsplit(request.path).query) if request is not None else {}
        session = await self._welcomed(socket, query.get("move", [""])[0])
        if session is None:
            return
        watchers = [
            asyncio.create_task(self._keep_alive(session, socket)),
            asyncio.create_task(self._end_unused(session, socket)),
        ]
        try:
            async for _ in socket:
                await socket.close(4001, "client sent inbound traffic")
        except ConnectionClosed:
            pass
        finally:
            for watcher in watchers:
                watcher.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)
            self.closed_with.append(socket.close_code or 0)
            if session.socket is socket:
                self._died(session)

    async def _welcomed(self, socket: ServerConnection, move_key: str) -> FakeSession | None:
        if not move_key:
            session = FakeSession(new_id(), socket)
            self.sessions[session.id] = session
        else:
            moving = [s for s in self.living if s.move_key == move_key]
            if not moving:
                await socket.close(4007, "invalid reconnect")
                return None
            session = moving[0]
            session.move_key = None
        payload = _session_payload(session.id, "connected", self.keepalive_s, None)
        await socket.send(_frame("session_welcome", payload))
        # From here on the new socket is the one that events go to; the old one has its grace.
        old, session.socket = session.socket, socket
        if old is not socket:
            asyncio.get_running_loop().call_later(self.reconnect_grace_s, _close_late, old)
        return session

    def _died(self, session: FakeSession) -> None:
        session.is_alive = False
        if self.keep_dead_subscriptions:
            for subscription in session.subscriptions.values():
                subscription.status = "websocket_disconnected"
        else:
            del self.sessions[session.id]

    async def _keep_alive(self, session: FakeSession, socket: ServerConnection) -> None:
        while session.socket is socket:
            wait_s = session.last_frame_at + self.keepalive_s / 2 - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            elif self.is_silent:
                await asyncio.sleep(self.keepalive_s / 2)
            else:
                await self._send(session, _frame("session_keepalive", {}))

    async def _end_unused(self, session: FakeSession, socket: ServerConnection) -> None:
        await asyncio.sleep(self.unused_after_s)
        if not session.subscriptions:
            await socket.close(4003, "connection unused")

    async def _send(self, session: FakeSession, frame: str) -> None:
        session.last_frame_at = time.monotonic()
        with contextlib.suppress(ConnectionClosed):
            await session.socket.send(frame)


def _close_late(socket: ServerConnection) -> None:
    socket.transport.abort()


def _session_payload(
    session_id: str, status: str, keepalive_s: float | None, reconnect_url: str | None
) -> Payload:
    return {
        "session": {
            "id": session_id,
            "status": status,
            "keepalive_timeout_seconds": keepalive_s,
            "reconnect_url": reconnect_url,
            "connected_at": stamp(),
        }
    }


def _frame(
    kind: str,
    payload: Payload,
    subscription: FakeSubscription | None = None,
    message_id: str | None = None,
) -> str:
    metadata: Payload = {
        "message_id": message_id or new_id(),
        "message_type": kind,
        "message_timestamp": stamp(),
    }
    if subscription is not None:
        metadata["subscription_type"] = subscription.type
        metadata["subscription_version"] = subscription.version
    return json.dumps({"metadata": metadata, "payload": payload})
