"""The way out of one connection: each packet becomes one frame, written at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import msgspec

from streamcore.core.bus import Batch
from streamcore.core.realtime.limits import LinkLimits
from streamcore.core.realtime.packets import (
    ack_packet,
    ack_prefix,
    batch_packet,
    disconnect_packet,
    event_packet,
    text_frame,
)
from streamcore.core.realtime.wire import Wire

__all__ = ["SocketLink"]

# The library numbers its own acks from 1; these can never be mistaken for them.
_FIRST_ACK_ID = 1_000_000_000

_encode = msgspec.json.Encoder().encode


class SocketLink:
    """A session's view of its connection (`streamcore.core.bridge.link.Link`)."""

    def __init__(
        self, wire: Wire, namespace: str, limits: LinkLimits, closing: Callable[[str], None]
    ) -> None:
        self.namespace = namespace
        self._ack_prefix = ack_prefix(namespace)
        self._wire = wire
        self._out = wire.out
        self._limits = limits
        self._closing = closing
        self._is_open = True
        self._ack_ids = itertools.count(_FIRST_ACK_ID)
        self._calls: dict[int, asyncio.Future[bytes]] = {}
        self._credit = 0

    @property
    def buffered(self) -> int:
        """Return the bytes that the peer has not taken yet."""
        return self._out.buffered if self._is_open else 0

    @property
    def is_behind(self) -> bool:
        """Say whether the peer has not taken everything that was sent."""
        return self._out.is_behind

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call back each time the peer has taken everything after it was behind."""
        self._out.on_drained = callback

    def send(self, name: str, payload: object) -> None:
        """Send one event; does nothing when the connection is gone."""
        if self._is_open:
            body = _encode((name, payload))
            self._out.write(text_frame(event_packet(self.namespace, body)))

    def send_batch(self, batch: Batch) -> None:
        """Send a batch as one `events` packet; its frame is made once for all readers."""
        frame = batch.frames.get(self.namespace)
        if frame is None:
            frame = text_frame(batch_packet(self.namespace, batch.joined()))
            batch.frames[self.namespace] = frame
        self._grant_credit()
        self._out.write(frame)

    def answer(self, ack_id: int, result: object | None) -> None:
        """Send the ack of an event of the peer's."""
        if self._is_open:
            argument = b"" if result is None else _encode(result)
            self._out.write_soon(text_frame(ack_packet(self._ack_prefix, ack_id, argument)))

    async def call(self, name: str, payload: object, timeout_s: float) -> bytes:
        """Send one event and return the first argument of its ack as JSON.

        Raises TimeoutError, and ConnectionError when the connection goes first or when too many
        calls are unanswered.
        """
        if not self._is_open:
            raise ConnectionError("the connection is gone")
        if len(self._calls) >= self._limits.pending_calls:
            raise ConnectionError("too many unanswered calls")
        ack_id = next(self._ack_ids)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        body = _encode((name, payload))
        self._calls[ack_id] = answer
        self._grant_credit()
        try:
            self._out.write(text_frame(event_packet(self.namespace, body, ack_id)))
            async with asyncio.timeout(timeout_s):
                return await answer
        finally:
            self._calls.pop(ack_id, None)

    def answered(self, ack_id: int, argument: bytes) -> None:
        """The peer answered a call; an answer that nobody waits for is late and of no use."""
        answer = self._calls.get(ack_id)
        if answer is not None and not answer.done():
            answer.set_result(argument)

    def spend_credit(self) -> bool:
        """Say whether the peer owed us a packet in answer to one of ours."""
        if self._credit <= 0:
            return False
        self._credit -= 1
        return True

    def close(self, reason: str) -> None:
        """End the connection, politely if the peer lets us."""
        if not self._is_open:
            return
        self._out.write(text_frame(disconnect_packet(self.namespace)))
        self._wire.finish()
        self._closing(reason)

    def gone(self) -> None:
        """The connection is gone: whoever waits for an answer learns it."""
        self._is_open = False
        self._out.on_drained = None
        for answer in self._calls.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the connection is gone"))

    def _grant_credit(self) -> None:
        if self._credit < self._limits.ack_credit:
            self._credit += 1
