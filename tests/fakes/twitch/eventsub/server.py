"""The fake's EventSub at work: it welcomes, watches, moves and ends sessions, and tells events."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import asdict
from urllib.parse import parse_qs, urlsplit

from websockets.http11 import Request

from tests.fakes.twitch.eventsub import rules
from tests.fakes.twitch.eventsub.frames import frame, notification, session_frame
from tests.fakes.twitch.eventsub.sessions import DEATHS, FakeSession, FakeSubscription
from tests.fakes.twitch.eventsub.socket import Socket
from tests.fakes.twitch.eventsub.switches import Switches
from tests.fakes.twitch.payloads import Payload, new_id

__all__ = ["PATH", "FakeEventSub"]

PATH = "/ws"
_KEEPALIVE_S = (10, 600)
_CONGESTED = 1 << 20
_DRAIN_WITHIN_S = 10.0


class FakeEventSub(Switches):
    """All sessions of one server; `deliver` reaches whoever subscribed to the type."""

    __slots__ = (
        "_tasks",
        "closed_with",
        "connections",
        "deaths",
        "sessions",
        "sockets",
        "told",
        "url",
    )

    def __init__(self) -> None:
        super().__init__()
        self.url = ""
        self.connections = 0
        self.deaths = 0
        """How many sessions ended that somebody listened to."""
        self.told: Counter[str] = Counter()
        """By type, what was written to a socket that stood, repetitions not counted."""
        self.closed_with: list[int] = []
        self.sessions: dict[str, FakeSession] = {}
        self.sockets: set[Socket] = set()
        self._tasks: dict[Socket, set[asyncio.Task[None]]] = {}

    def __call__(self, **_: object) -> Socket:
        """Make the socket for a request to upgrade; called by the HTTP server."""
        socket = Socket(self)
        self.sockets.add(socket)
        return socket

    # What can be asked.

    @property
    def notifications(self) -> int:
        """How many were written to a socket that stood, repetitions not counted."""
        return self.told.total()

    @property
    def living(self) -> list[FakeSession]:
        return [session for session in self.sessions.values() if session.is_alive]

    def subscribed(self) -> set[str]:
        """Return the types that living sessions subscribed to."""
        return {s.type for session in self.living for s in session.subscriptions.values()}

    def all_subscriptions(self) -> list[FakeSubscription]:
        """Return what is listed and counts: of living sessions, and of the dead for a while."""
        self._forget_dead()
        return [s for session in self.sessions.values() for s in session.subscriptions.values()]

    # What the HTTP side does.

    def subscribe(
        self, asked: rules.Asked, authorised: Collection[str]
    ) -> FakeSubscription | rules.Refusal:
        """Make a subscription, or say with Twitch's words why not."""
        refusal = rules.unreadable(asked, self.unknown_types)
        if refusal is not None:
            return refusal
        session = self.sessions.get(asked.session_id)
        if session is None or not session.is_alive:
            return rules.Refusal(
                400, "websocket transport session does not exist or has already disconnected"
            )
        if (refusal := rules.forbidden(asked, self.moderators)) is not None:
            return refusal
        if session.user_id not in (None, asked.user_id):
            return rules.Refusal(
                400, "websocket transport cannot have subscriptions created by different users"
            )
        for other in session.subscriptions.values():
            if (other.type, other.version) == (asked.type, asked.version) and (
                other.condition == asked.condition
            ):
                return rules.Refusal(409, other.id)
        counting = [s for s in self.all_subscriptions() if s.user_id == asked.user_id]
        cost = rules.cost_of(asked, authorised)
        refusal = rules.over_limit(asked, cost, session, counting, self.limits)
        if refusal is not None:
            return refusal
        session.user_id = asked.user_id
        made = FakeSubscription(
            id=new_id(),
            type=asked.type,
            version=asked.version,
            condition=dict(asked.condition),
            session_id=session.id,
            user_id=asked.user_id,
            cost=cost,
        )
        session.subscriptions[made.id] = made
        return made

    def unsubscribe(self, subscription_id: str, user_id: str) -> bool:
        for session in self.sessions.values():
            found = session.subscriptions.get(subscription_id)
            if found is not None and found.user_id == user_id:
                del session.subscriptions[subscription_id]
                return True
        return False

    # What happens on the channel.

    async def deliver(self, kind: str, event: Payload, *, message_id: str | None = None) -> int:
        """Send a notification to everybody who subscribed; returns how many that were."""
        reached = 0
        if self.is_silent:
            return reached
        for session in self.living:
            if not session.hears:
                continue
            for subscription in session.subscriptions.values():
                if subscription.type == kind and subscription.is_about(event):
                    self._notify(session, subscription, event, message_id or new_id())
                    reached += 1
        self.told[kind] += reached
        await self.drain()
        return reached

    def _notify(
        self, session: FakeSession, subscription: FakeSubscription, event: Payload, message_id: str
    ) -> None:
        text = notification(subscription, event, message_id, is_batch=self.is_batched)
        for _ in range(self.repeat_each):
            self._send(session, text)
        for _ in range(self.echo_each):
            again = notification(subscription, event, new_id(), is_batch=self.is_batched)
            self._send(session, again)

    async def drain(self) -> None:
        """Wait while a client takes less than it is sent."""
        end = time.monotonic() + _DRAIN_WITHIN_S
        while any(s.waiting > _CONGESTED for s in self.sockets) and time.monotonic() < end:
            await asyncio.sleep(0.005)

    # What goes wrong.

    async def send_raw(self, data: str | bytes) -> None:
        """Send anything at all, as Twitch never should; bytes go as a binary frame."""
        for session in self.living:
            session.socket.send(data)

    async def send_bad_text(self, data: str = "fffe00") -> None:
        """Send a text frame that is no UTF-8; `data` is in hexadecimal digits."""
        for session in self.living:
            session.socket.send_text(bytes.fromhex(data))

    async def send_frame(self, kind: str, payload: Payload | None = None) -> None:
        """Send a well-formed frame of any kind, known or not."""
        for session in self.living:
            self._send(session, frame(kind, payload or {}))

    async def revoke(self, kind: str, status: str) -> None:
        """End the subscriptions of a type, as when rights are taken away."""
        for session in self.living:
            for subscription in list(session.subscriptions.values()):
                if subscription.type == kind:
                    subscription.status = status
                    del session.subscriptions[subscription.id]
                    payload: Payload = {"subscription": subscription.as_json()}
                    self._send(session, frame("revocation", payload, subscription))

    async def ask_to_move(self, *, to: str | None = None) -> None:
        """Tell every session to go on at a new address; `to` is one where nobody is."""
        for session in self.living:
            session.move_key, session.leaving = new_id(), session.socket
            url = to or f"{self.url}?move={session.move_key}"
            told = session_frame("session_reconnect", session.id, reconnect_url=url)
            session.socket.send(told)
            asyncio.get_running_loop().call_later(
                self.reconnect_grace_s, self._end_grace, session, session.socket
            )

    async def close_all(self, code: int) -> None:
        """Close every socket with a code."""
        for session in self.living:
            self._die(session, DEATHS.get(code, "websocket_disconnected"))
            session.socket.close(code)

    async def drop_all(self) -> None:
        """Cut every connection without a word, as a network does."""
        for socket in list(self.sockets):
            socket.abort()

    async def mute_all(self) -> None:
        """Let the line go dead half-way: nothing more is read, answered, sent or noticed."""
        for session in self.living:
            session.socket.mute()

    async def lose_mute(self) -> None:
        """Notice what `mute_all` did, as a server does in the end."""
        for session in self.living:
            if session.socket.is_mute:
                self._die(session, DEATHS[4005])
                session.socket.abort()

    async def wait_closed(self) -> None:
        """Wait until no socket is left."""
        while self.sockets:
            await asyncio.sleep(0.005)

    def as_switches(self) -> Mapping[str, object]:
        """Return what can be set, with its value."""
        return {name: value for name, value in asdict(self).items() if name != "moderators"}

    # What a socket tells (see `Owner`).

    def requested(self, socket: Socket, request: Request) -> None:
        self.connections += 1
        if self.refuse_connections > 0:
            self.refuse_connections -= 1
            socket.abort()
            return
        if self.answers_nothing:
            return
        address = urlsplit(request.path)
        if address.path != PATH:
            socket.reject(404, "not found")
            return
        socket.accept(request)
        if self.welcomes_nothing:
            return
        query = parse_qs(address.query)
        if "move" in query:
            self._move(socket, query["move"][0])
            return
        session = FakeSession(new_id(), socket, self._keepalive(query))
        self.sessions[session.id] = session
        self._welcome(session, socket)
        self._watch(socket, self._end_unused(session, socket))

    def heard(self, socket: Socket) -> None:
        for session in self.living:
            if session.socket is socket:
                self._die(session, DEATHS[4001])
        socket.close(4001, "client sent inbound traffic")

    def lost(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        for task in self._tasks.pop(socket, ()):
            task.cancel()
        if socket.close_code:
            self.closed_with.append(socket.close_code)
        for session in self.living:
            if session.socket is socket:
                self._die(session, "websocket_disconnected")

    # How a session goes.

    def _keepalive(self, query: Mapping[str, list[str]]) -> float:
        try:
            asked = int(query["keepalive_timeout_seconds"][0])
        except (KeyError, ValueError):
            return self.keepalive_s
        low, high = _KEEPALIVE_S
        return min(max(asked, low), high)

    def _welcome(self, session: FakeSession, socket: Socket) -> None:
        socket.send(session_frame("session_welcome", session.id, keepalive_s=session.keepalive_s))
        session.last_frame_at = time.monotonic()
        self._watch(socket, self._keep_alive(session, socket))
        self._watch(socket, self._ping(session, socket))

    def _move(self, socket: Socket, key: str) -> None:
        session = next((s for s in self.living if s.move_key == key), None)
        if self.refuse_moves > 0 or session is None:
            self.refuse_moves = max(0, self.refuse_moves - 1)
            socket.close(4007, "invalid reconnect")
            return
        session.move_key = None
        # From here on the new socket is the one that events go to; the old one has its grace.
        session.socket = socket
        self._welcome(session, socket)
        held, session.held = session.held, []
        if session.leaving is not None and held:
            asyncio.get_running_loop().call_later(self.move_lag_s, _send_all, session.leaving, held)

    def _end_grace(self, session: FakeSession, old: Socket) -> None:
        if session.is_alive and session.socket is old:
            for text in session.held:
                old.send(text)
            self._die(session, DEATHS[4004])
        old.close(4004, "reconnect grace time expired")

    def _die(self, session: FakeSession, status: str) -> None:
        session.is_alive = False
        self.deaths += bool(session.subscriptions)
        for subscription in session.subscriptions.values():
            subscription.status = status
            subscription.died_at = time.monotonic()
        self._forget_dead()

    def _forget_dead(self) -> None:
        if self.keep_dead_subscriptions:
            return
        forgotten_at = time.monotonic() - self.dead_count_for_s
        for session in list(self.sessions.values()):
            ages = [s.died_at or 0.0 for s in session.subscriptions.values()]
            if not session.is_alive and max(ages, default=0.0) <= forgotten_at:
                del self.sessions[session.id]

    def _watch(self, socket: Socket, work: Coroutine[object, object, None]) -> None:
        self._tasks.setdefault(socket, set()).add(asyncio.create_task(work))

    async def _keep_alive(self, session: FakeSession, socket: Socket) -> None:
        while session.socket is socket:
            every_s = session.keepalive_s * self.keepalive_share
            wait_s = session.last_frame_at + every_s - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            elif self.is_silent:
                await asyncio.sleep(every_s)
            else:
                self._send(session, frame("session_keepalive", {}))

    async def _ping(self, session: FakeSession, socket: Socket) -> None:
        while True:
            await asyncio.sleep(self.ping_every_s)
            pongs = socket.pongs
            socket.ping()
            await asyncio.sleep(self.pong_within_s)
            if socket.pongs == pongs and not socket.is_mute:
                if session.socket is socket and session.is_alive:
                    self._die(session, DEATHS[4002])
                socket.close(4002, "client failed ping-pong")

    async def _end_unused(self, session: FakeSession, socket: Socket) -> None:
        await asyncio.sleep(self.unused_after_s)
        if not session.subscriptions and session.socket is socket:
            self._die(session, DEATHS[4003])
            socket.close(4003, "connection unused")

    def _send(self, session: FakeSession, text: str) -> None:
        if self.delay_s > 0:
            asyncio.get_running_loop().call_later(self.delay_s, self._write, session, text)
        else:
            self._write(session, text)

    def _write(self, session: FakeSession, text: str) -> None:
        session.last_frame_at = time.monotonic()
        if self.move_lag_s > 0 and session.move_key is not None:
            session.held.append(text)
            return
        session.socket.send(text)
        old = session.leaving
        if self.doubles_moves and old is not None and old is not session.socket:
            asyncio.get_running_loop().call_later(self.move_lag_s, old.send, text)


def _send_all(socket: Socket, texts: Sequence[str]) -> None:
    for text in texts:
        socket.send(text)
