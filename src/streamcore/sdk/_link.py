"""A module's line to the core: the port, and the real one that heals itself."""

from __future__ import annotations

import contextlib
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

import msgspec

from streamcore import __version__
from streamcore.protocol import PROTOCOL_VERSION
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import ModuleAuth
from streamcore.protocol.limits import MAX_PACKET_BYTES
from streamcore.sdk._time import Time
from streamcore.sdk._wire.connection import Connection, Refused, connect
from streamcore.sdk._wire.dial import BrokerGone, Dialer
from streamcore.sdk._wire.frames import WireError
from streamcore.sdk.errors import Disconnected, error_for

__all__ = ["Link", "LinkEnded", "Listener", "Reply", "WireLink"]

log = logging.getLogger(__name__)

NAMESPACE = "/module"
_ENVELOPE_BYTES = 256
_CONNECT_TIMEOUT_S = 10.0
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.2, 5.0
_GIVE_UP_S = 60.0
# Refusals that pass by themselves: the core is starting, stopping or busy.
_PASSING = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.TIMEOUT, ErrorCode.INTERNAL})

Reply = Callable[[object], None]
"""Sends the acknowledgement that the core waits for."""


class LinkEnded(Exception):
    """There will be no connection any more; `retry_later` when a fresh start may help."""

    def __init__(self, message: str, *, retry_later: bool) -> None:
        super().__init__(message)
        self.retry_later = retry_later


class Listener(Protocol):
    """Who takes what comes over the link; called on the loop, must not raise."""

    def received(self, name: str, body: bytes | msgspec.Raw, reply: Reply | None) -> None:
        """Take one event of the core."""

    def lost(self) -> None:
        """Take the news that the connection is gone for now."""


class Link(ABC):
    """What the runtime needs of the line to the core."""

    @property
    @abstractmethod
    def connected(self) -> bool:
        """Whether something can be sent right now."""

    @abstractmethod
    async def run(self, listener: Listener) -> None:
        """Keep the line up until `close`; raises LinkEnded when that is hopeless."""

    @abstractmethod
    def emit(self, name: str, payload: object) -> None:
        """Send without waiting; lost when there is no connection."""

    @abstractmethod
    async def call(self, name: str, payload: object, timeout_s: float) -> bytes:
        """Send and return the JSON of the answer; Disconnected, or CommandFailed (`timeout`)."""

    @abstractmethod
    def resume_with(self, token: str) -> None:
        """Use this token at the next reconnect."""

    @abstractmethod
    async def close(self) -> None:
        """Say goodbye and end `run`."""


class WireLink(Link):
    """Socket.IO over what the dialer gives; reconnects with a jittered, growing delay."""

    def __init__(self, dialer: Dialer, token: str | None, time: Time) -> None:
        self._dialer, self._token, self._time = dialer, token, time
        self._connection: Connection | None = None
        self._listener: Listener | None = None
        self._closing = False

    @property
    def connected(self) -> bool:
        """Whether something can be sent right now."""
        return self._connection is not None and self._connection.open

    async def run(self, listener: Listener) -> None:
        """Keep the line up until `close`; raises LinkEnded when that is hopeless."""
        self._listener = listener
        tries, down_since, was_connected = 0, self._time.monotonic(), False
        while not self._closing:
            try:
                self._connection = await self._connect()
            except Refused as refusal:
                if refusal.code not in _PASSING:
                    message = f"StreamCore refused this module: {refusal} [{refusal.code}]"
                    # Refused at a reconnect, the process is what is out of date, not the module.
                    raise LinkEnded(message, retry_later=was_connected) from refusal
                problem = str(refusal)
            except BrokerGone as error:
                raise LinkEnded(f"StreamCore is gone: {error}", retry_later=True) from error
            except (OSError, WireError) as error:
                problem = str(error) or type(error).__name__
            else:
                if was_connected:
                    away_s = self._time.monotonic() - down_since
                    log.info("connected to StreamCore again after %.1f s", away_s)
                was_connected = True
                await self._connection.ended.wait()
                tries, down_since, problem = 0, self._time.monotonic(), "the connection was lost"
            if self._closing:
                return
            if self._time.monotonic() - down_since > _GIVE_UP_S:
                raise LinkEnded(f"StreamCore cannot be reached: {problem}", retry_later=True)
            await self._time.sleep(_delay(tries))
            tries += 1

    async def _connect(self) -> Connection:
        auth = ModuleAuth(protocol=PROTOCOL_VERSION, token=self._token, sdk=f"python/{__version__}")
        return await connect(self._dialer, NAMESPACE, auth, self, timeout_s=_CONNECT_TIMEOUT_S)

    def received(
        self, connection: Connection, name: str, body: msgspec.Raw, id: int | None
    ) -> None:
        """Pass an event on."""
        # `welcome` may arrive in the same bytes as the acceptance, before `connect` returned.
        self._connection = connection
        reply: Reply | None = None
        if id is not None:
            number = id

            def reply(answer: object) -> None:
                connection.acknowledge(number, _encode(answer))

        if self._listener is not None:
            self._listener.received(name, body, reply)

    def lost(self, connection: Connection, reason: str) -> None:
        """Pass the loss on."""
        if not self._closing:
            # Once for each loss: the tries that follow are told by their end.
            log.warning("the connection to StreamCore was lost: %s; trying again", reason)
            if self._listener is not None:
                self._listener.lost()

    def emit(self, name: str, payload: object) -> None:
        """Send without waiting; lost when there is no connection."""
        if self._connection is not None:
            self._connection.emit(name, _encode(payload))

    async def call(self, name: str, payload: object, timeout_s: float) -> bytes:
        """Send and return the JSON of the answer; Disconnected, or CommandFailed (`timeout`)."""
        body = _encode(payload)
        if self._connection is None:
            raise Disconnected
        try:
            return await self._connection.call(name, body, timeout_s)
        except TimeoutError:
            message = f"StreamCore did not answer within {timeout_s:.0f} s."
            raise error_for(ErrorCode.TIMEOUT, message) from None
        except ConnectionError as error:
            raise Disconnected(f"The connection to StreamCore was lost: {error}") from error

    def resume_with(self, token: str) -> None:
        """Use this token at the next reconnect."""
        if self._token is not None:
            self._token = token

    async def close(self) -> None:
        """Say goodbye and end `run`."""
        self._closing = True
        if self._connection is not None:
            with contextlib.suppress(OSError):
                await self._connection.close()


def _encode(payload: object) -> bytes:
    """Encode, and refuse here what the core would cut the connection for."""
    body = msgspec.json.encode(payload)
    if len(body) > MAX_PACKET_BYTES - _ENVELOPE_BYTES:
        raise error_for(
            ErrorCode.TOO_LARGE,
            f"A packet may have {MAX_PACKET_BYTES // 1024} KiB; this one has {len(body)} bytes.",
        )
    return body


def _delay(tries: int) -> float:
    """Return the next wait: doubling up to the longest, with full jitter above a small floor."""
    ceiling = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(tries, 10))
    return float(0.05 + ceiling * int.from_bytes(os.urandom(2), "big") / 0xFFFF)
