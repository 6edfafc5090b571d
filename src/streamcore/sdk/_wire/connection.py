"""One Socket.IO connection to one namespace: upgrade, heartbeats, events out and in, acks."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from typing import Protocol

import msgspec

from streamcore.protocol.limits import MAX_CORE_PACKET_BYTES
from streamcore.sdk._wire import frames, handshake, packets
from streamcore.sdk._wire.dial import Dialer
from streamcore.sdk._wire.frames import WireError

__all__ = ["Connection", "Receiver", "Refused", "connect"]

_PATH = "/socket.io/?EIO=4&transport=websocket"
_CLOSE_WAIT_S = 0.5
_SEND_AT_ONCE = 16
"""So many frames do not wait for more of them: the core can begin while we go on."""
_KEYS_AT_ONCE = 256
_READ_BYTES = 64 * 1024


class Refused(ConnectionError):
    """The core answered the connect with an error: its code and its sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Receiver(Protocol):
    """Who takes what a connection brings; called on the loop, must not raise."""

    def received(
        self, connection: Connection, name: str, body: msgspec.Raw, id: int | None
    ) -> None:
        """Take one event; with an `id` the peer waits for `connection.acknowledge(id, …)`."""

    def lost(self, connection: Connection, reason: str) -> None:
        """Take the news that an opened connection ended."""


async def connect(
    dialer: Dialer, namespace: str, auth: object, receiver: Receiver, *, timeout_s: float
) -> Connection:
    """Return a connection that the namespace accepted; raises `Refused`, `OSError`, `WireError`."""
    connection = Connection(dialer.host, namespace, auth, receiver)
    try:
        async with asyncio.timeout(timeout_s):
            sock = await dialer.dial()
            try:
                await asyncio.get_running_loop().create_connection(lambda: connection, sock=sock)
            except BaseException:
                sock.close()
                raise
            await connection.accepted
    except BaseException:
        connection.abort("the connect did not finish")
        raise
    return connection


class Connection(asyncio.BufferedProtocol):
    """Lives from `connection_made` to `connection_lost`; all calls belong to the loop's thread."""

    def __init__(self, host: str, namespace: str, auth: object, receiver: Receiver) -> None:
        self._loop = asyncio.get_running_loop()
        self._host, self._namespace, self._receiver = host, namespace, receiver
        self._auth = msgspec.json.encode(auth)
        self._prefix = f"42{namespace},".encode()
        self._ack_prefix = f"43{namespace},".encode()
        self._masks = b""
        self._masks_used = 0
        self._key = handshake.new_key(os.urandom(16))
        self._head: bytearray | None = bytearray()
        self._reader = frames.FrameReader(MAX_CORE_PACKET_BYTES)
        # asyncio's own way to read makes a fresh buffer of 256 KiB each time, which costs more
        # than all that is done with a small packet.
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._transport: asyncio.Transport | None = None
        self._out: list[bytes] = []
        self._will_flush = False
        self._answers: dict[int, tuple[asyncio.Future[bytes], float]] = {}
        self._next_deadline = math.inf
        self._deadline_timer: asyncio.TimerHandle | None = None
        self._next_id = 0
        self._heard_at = self._loop.time()
        self._silence_s = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._open = False
        self._reason = ""
        self._may_write = asyncio.Event()
        self._may_write.set()
        self.accepted: asyncio.Future[None] = self._loop.create_future()
        self.ended = asyncio.Event()

    # What the owner does.

    @property
    def open(self) -> bool:
        """Whether the namespace accepted us and the link still stands."""
        return self._open

    def emit(self, name: str, body: bytes) -> None:
        """Send an event without waiting; silently nothing when the link is gone."""
        if self._open:
            self._write(b'%s["%s",%s]' % (self._prefix, name.encode(), body))

    async def call(self, name: str, body: bytes, timeout_s: float) -> bytes:
        """Send an event and return the JSON of its acknowledgement.

        Raises TimeoutError, and `ConnectionError` when cut off.
        """
        if not self._may_write.is_set():
            async with asyncio.timeout(timeout_s):
                await self._may_write.wait()
        if not self._open:
            raise ConnectionError(self._reason or "not connected")
        self._next_id += 1
        number = self._next_id
        answer: asyncio.Future[bytes] = self._loop.create_future()
        deadline = self._loop.time() + timeout_s
        self._answers[number] = answer, deadline
        if deadline < self._next_deadline:
            self._expire_at(deadline)
        self._write(b'%s%d["%s",%s]' % (self._prefix, number, name.encode(), body))
        try:
            return await answer
        finally:
            del self._answers[number]

    def acknowledge(self, id: int, body: bytes) -> None:
        """Answer an event that asked for it."""
        if self._open:
            self._write(b"%s%d[%s]" % (self._ack_prefix, id, body))

    async def close(self) -> None:
        """Say goodbye, let what was written go out, and end."""
        if self._open:
            self._write(packets.encode_packet(packets.Kind.DISCONNECT, self._namespace))
            self._flush()
        self._end("closed by the module")
        if self._transport is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_WAIT_S):
                    await self.ended.wait()
            self._transport.abort()

    def abort(self, reason: str) -> None:
        """End at once."""
        self._end(reason)
        if self._transport is not None:
            self._transport.abort()

    # What the transport does.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio promises it
        self._transport = transport
        transport.write(handshake.request(self._host, _PATH, self._key))

    def get_buffer(self, sizehint: int) -> memoryview:
        """Say where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Cut the bytes into frames and deal with each."""
        data = bytes(self._buffer[:nbytes])
        self._heard_at = self._loop.time()
        try:
            if self._head is not None:
                data = self._finish_upgrade(self._head, data)
            for frame in self._reader.feed(data):
                if self._reason:
                    return
                self._take(frame)
        except WireError as error:
            self._fail(error)
        # Behind those whom an answer has just woken: what they send now leaves in the same turn.
        self._flush_soon()

    def eof_received(self) -> None:
        """Let the transport close itself."""
        self._end("the core closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        """Release everybody who waits."""
        self._end(str(exc) if exc else "the core closed the connection")
        self.ended.set()

    def pause_writing(self) -> None:
        """Hold back new calls: the core does not read."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """Let calls go on."""
        self._may_write.set()

    # Inside.

    def _finish_upgrade(self, head: bytearray, data: bytes) -> bytes:
        head += data
        end = head.find(b"\r\n\r\n")
        if end < 0:
            if len(head) > handshake.MAX_RESPONSE_BYTES:
                raise WireError(1002, "the answer to the upgrade has no end")
            return b""
        handshake.check_response(bytes(head[:end]), self._key)
        self._head = None
        return bytes(head[end + 4 :])

    def _take(self, frame: frames.Frame) -> None:
        opcode, payload = frame
        if opcode == frames.TEXT:
            self._take_text(payload)
        elif opcode == frames.PING:
            self._send(frames.PONG, payload)
        elif opcode == frames.CLOSE:
            self._send(frames.CLOSE, payload[:2])
            self._end("the core closed the connection")
        elif opcode == frames.BINARY:
            raise WireError(1003, "the core sent a binary frame")

    def _take_text(self, payload: bytes) -> None:
        if not payload.isascii():
            try:
                payload.decode()
            except UnicodeDecodeError as error:
                raise WireError(1007, "the core sent text that is not UTF-8") from error
        kind = payload[0] if payload else -1
        if payload.startswith(self._ack_prefix):
            self._take_answer(payload)
        elif kind == packets.ENGINE_MESSAGE:
            self._take_packet(packets.decode_packet(payload))
        elif kind == packets.ENGINE_PING:
            self._write(b"3" + payload[1:])
        elif kind == packets.ENGINE_OPEN:
            ping = packets.decode_open(payload)
            self._silence_s = (ping.ping_interval + ping.ping_timeout) / 1000
            self._watch_silence()
            self._write(packets.encode_packet(packets.Kind.CONNECT, self._namespace, self._auth))
        elif kind == packets.ENGINE_CLOSE:
            self._end("the core closed the connection")
        elif kind not in (packets.ENGINE_NOOP, packets.ENGINE_PONG):
            raise WireError(1003, f"unknown packet {payload[:8]!r}")

    def _take_answer(self, payload: bytes) -> None:
        start = len(self._ack_prefix)
        end = payload.find(b"[", start, start + packets.MAX_ID_DIGITS + 1)
        number = payload[start:end]
        if end < 0 or not number.isdigit():
            raise WireError(1002, "an acknowledgement is broken: it has no number")
        waiting = self._answers.get(int(number))
        argument = packets.first_argument(payload[end:])
        if waiting is not None and not waiting[0].done():
            waiting[0].set_result(argument)

    def _take_packet(self, packet: packets.Packet) -> None:
        if packet.namespace != self._namespace:
            return
        if packet.kind is packets.Kind.EVENT:
            name, body = packets.split_event(packet.data)
            self._receiver.received(self, name, body, packet.id)
        elif packet.kind is packets.Kind.CONNECT:
            self._open = True
            if not self.accepted.done():
                self.accepted.set_result(None)
        elif packet.kind is packets.Kind.CONNECT_ERROR:
            refusal = _refusal(packet.data)
            if not self.accepted.done():
                self.accepted.set_exception(refusal)
            self._end(str(refusal))
        else:
            self._end("the core ended the session")

    def _write(self, payload: bytes) -> None:
        self._send(frames.TEXT, payload)

    def _send(self, opcode: int, payload: bytes) -> None:
        # Frames of one turn of the loop leave in one system call.
        self._out.append(frames.encode_frame(opcode, payload, self._next_mask()))
        if len(self._out) >= _SEND_AT_ONCE:
            self._flush()
        else:
            self._flush_soon()

    def _next_mask(self) -> bytes:
        """Return four random bytes; the system is asked for many at once."""
        used = self._masks_used
        if used == len(self._masks):
            self._masks, used = os.urandom(4 * _KEYS_AT_ONCE), 0
        self._masks_used = used + 4
        return self._masks[used : used + 4]

    def _flush_soon(self) -> None:
        if not self._will_flush:
            self._will_flush = True
            self._loop.call_soon(self._flush_now)

    def _flush_now(self) -> None:
        self._will_flush = False
        self._flush()

    def _flush(self) -> None:
        if self._out and self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def _expire_at(self, deadline: float) -> None:
        """Look at the deadlines then: one timer for all calls costs next to nothing each."""
        if self._deadline_timer is not None:
            self._deadline_timer.cancel()
        self._next_deadline = deadline
        self._deadline_timer = self._loop.call_at(deadline, self._expire)

    def _expire(self) -> None:
        self._deadline_timer, self._next_deadline = None, math.inf
        now = self._loop.time()
        for answer, deadline in self._answers.values():
            if deadline <= now and not answer.done():
                answer.set_exception(TimeoutError())
        left = [deadline for _, deadline in self._answers.values() if deadline > now]
        if left:
            self._expire_at(min(left))

    def _watch_silence(self) -> None:
        """End the link when not even a heartbeat came for an interval and its grace."""
        quiet_until = self._heard_at + self._silence_s
        if self._loop.time() >= quiet_until:
            self.abort("the core went silent")
        else:
            self._watch = self._loop.call_at(quiet_until + 0.01, self._watch_silence)

    def _fail(self, error: WireError) -> None:
        self._out.append(frames.encode_close(error.close_code, os.urandom(4)))
        self._flush()
        if not self.accepted.done():
            self.accepted.set_exception(error)
        self._end(f"the core broke the protocol: {error}")

    def _end(self, reason: str) -> None:
        """Do once what every end of a connection asks for."""
        if self._reason:
            return
        self._flush()
        self._reason = reason or "closed"
        was_open, self._open = self._open, False
        self._may_write.set()
        for timer in (self._watch, self._deadline_timer):
            if timer is not None:
                timer.cancel()
        if self._transport is not None:
            self._transport.close()
        if not self.accepted.done():
            self.accepted.set_exception(ConnectionError(self._reason))
            self.accepted.exception()  # nobody may be waiting any more
        for answer, _ in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError(self._reason))
        if was_open:
            self._receiver.lost(self, self._reason)


class _RefusalBody(msgspec.Struct):
    code: str = ""
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


def _refusal(data: bytes) -> Refused:
    """Read `{"code", "message"}`, which some servers put one level deeper, under `data`."""
    try:
        outer = msgspec.json.decode(data, type=_RefusalBody)
        inner = msgspec.json.decode(outer.data, type=_RefusalBody | None)
    except msgspec.MsgspecError:
        return Refused("internal", "the core refused the connection")
    best = inner if inner is not None and inner.code else outer
    return Refused(best.code or "internal", best.message or outer.message or "refused")
