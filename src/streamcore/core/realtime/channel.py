"""One connection: who it is, and everything it sends, checked before anybody sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from streamcore.core.bridge.link import Session
from streamcore.core.clock import Clock
from streamcore.core.principals import ModulePrincipal, Principal
from streamcore.core.realtime import packets
from streamcore.core.realtime.limits import LinkLimits
from streamcore.core.realtime.offences import Offence, Offences
from streamcore.core.realtime.parties import Parties, Party
from streamcore.core.realtime.strict import MalformedError, strict_args, strict_object
from streamcore.core.realtime.tasks import OwnedTasks
from streamcore.core.realtime.turns import Turns
from streamcore.core.realtime.wire import Wire
from streamcore.core.realtime.writer import SocketLink
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.frames import CommandAnswer

__all__ = ["Channel", "ChannelServices"]

_NOTHING = msgspec.Raw(b"null")
# What the layer below reports after it has begun to close the connection with a fitting code.
_CLOSED_BELOW = frozenset({Offence.BAD_FRAME, Offence.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class ChannelServices:
    """What all connections share."""

    parties: Parties
    offences: Offences
    tasks: OwnedTasks
    limits: LinkLimits
    clock: Clock


class Channel:
    """Receives a wire's messages; events and acks go to the session, the rest to the library.

    The identity is fixed when the first namespace is joined and never changes after that.
    """

    def __init__(
        self, wire: Wire, services: ChannelServices, inherited: ModulePrincipal | None
    ) -> None:
        self.wire = wire
        self.inherited = inherited
        """Whose descriptor the connection is, when the transport itself is the identity."""
        self.library_id = ""
        """How the library below calls the connection."""
        self.principal: Principal | None = None
        self.link: SocketLink | None = None
        self._services = services
        self._now = services.clock.monotonic
        self._session: Session | None = None
        self._turns: Turns | None = None
        self._party: Party | None = None
        self._is_stranger = inherited is None
        self._attempts = 0
        self._was_refused = False
        self._is_connected = False
        self._is_joined = False
        self._has_ended = False
        self._event_prefix = b""
        """How an event of the namespace that was joined begins; nothing before that."""
        self._at_end: list[Callable[[], None]] = []
        limits = services.limits
        self._deadline = asyncio.get_running_loop().call_later(
            limits.inherited_deadline_s if inherited else limits.connect_deadline_s, self._late
        )
        wire.bind(self, services.limits)

    # --- life -------------------------------------------------------------------------------

    @property
    def is_free(self) -> bool:
        """Say whether a namespace may still be joined."""
        return self._session is None and not self._has_ended

    def join(self, principal: Principal) -> bool:
        """Fix who this is; False when that party has too many connections already."""
        party = self._services.parties.join(principal)
        if party is None:
            self._offence(Offence.CROWD, str(principal))
            return False
        self.principal, self._party, self._is_joined = principal, party, True
        if isinstance(principal, ModulePrincipal):
            self.wire.out.limit(self._services.limits, has_cursor=True)
        return True

    def at_end(self, callback: Callable[[], None]) -> None:
        """Call back when the connection is gone."""
        self._at_end.append(callback)

    def make_link(self, namespace: str) -> SocketLink:
        """Make the session's view of this connection."""
        self.link = SocketLink(self.wire, namespace, self._services.limits, self._closing)
        return self.link

    def accept(self, session: Session) -> None:
        """Remember the session; it is greeted once the peer was told that it is connected."""
        self._session = session
        self._turns = Turns(
            session,
            self._services.tasks,
            self._answer,
            self._give_up,
            within_s=self._services.limits.answer_within_s,
        )
        self._known()

    def refuse(self, *, namespace_is_known: bool) -> None:
        """The peer may not join; the connection ends at its deadline."""
        self._was_refused = True
        self._offence(Offence.REFUSED if namespace_is_known else Offence.UNKNOWN_NAMESPACE)
        self._leave()
        self.principal = self.link = None

    def connected(self) -> None:
        """The peer was told that it is connected: begin."""
        if self._has_ended or self._turns is None:
            return
        self._is_connected = True
        if self.link is not None:
            self._event_prefix = packets.event_prefix(self.link.namespace)
        self._deadline.cancel()
        self._turns.greet()

    def end(self, reason: str) -> None:
        """The connection is gone or going: tell the session, once."""
        if self._has_ended:
            return
        self._has_ended = True
        self._deadline.cancel()
        if self.link is not None:
            self.link.gone()
        if self._turns is not None:
            self._turns.stop()
        if self._session is not None:
            self._session.closed(reason)
        self._leave()
        self._known()
        for callback in self._at_end:
            callback()

    def drop(self, reason: str) -> None:
        """End the connection at once."""
        self.wire.abort()
        self.end(reason)

    def cut(self, offence: Offence) -> None:
        """End the connection because of what the peer did."""
        if self._has_ended:
            return
        self._offence(offence)
        self._services.offences.cuts += 1
        if offence not in _CLOSED_BELOW:
            self.wire.abort()
        self.end(offence.value)

    # --- what comes in (Receiver) -----------------------------------------------------------

    def lost(self) -> None:
        self.end("the connection was lost")

    def offended(self, offence: Offence) -> None:
        self.cut(offence)

    def received(self, data: bytes) -> None:
        if self._has_ended:
            return
        if not self._pay(len(data)):
            self.cut(Offence.FLOOD)
            return
        try:
            prefix = self._event_prefix
            if prefix and (event := packets.parse_event(data, prefix)) is not None:
                self._event(*event)
            elif data[:1] == b"4":
                self._message(packets.parse(data), data)
            elif data == packets.PONG:
                self.wire.pass_on(data)
            elif data == packets.CLOSE:
                self.wire.pass_on(data)
                self.wire.linger()
            else:
                self.cut(Offence.PACKET_TYPE)
        except MalformedError:
            self.cut(Offence.MALFORMED)

    def _pay(self, size: int) -> bool:
        if self.link is not None and self.link.spend_credit():
            return True
        if self._party is None or not self._is_connected:
            self._attempts += 1
            return self._attempts <= self._services.limits.connect_attempts
        cost = 1 + size / self._services.limits.flood_chunk_bytes
        return self._party.packets.take(self._now(), cost) == 0

    def _message(self, packet: packets.Packet, data: bytes) -> None:
        if packet.kind == packets.CONNECT:
            if packet.ack_id is not None:
                raise MalformedError("a number on a connect")
            if packet.body:
                strict_object(packet.body, self._services.limits.depth)
            self.wire.pass_on(data)
            return
        link = self.link
        if not self._is_connected or link is None:
            raise MalformedError("not connected to a namespace")
        if packet.namespace != link.namespace:
            raise MalformedError("another namespace than the one that was joined")
        if packet.kind == packets.EVENT:
            self._event(packet.ack_id, packet.body)
        elif packet.kind == packets.ACK:
            self._ack(link, packet)
        elif packet.body or packet.ack_id is not None:
            raise MalformedError("content on a disconnect")
        else:
            self.wire.pass_on(data)
            self.wire.linger()
            self.end("the peer disconnected")

    def _event(self, ack_id: int | None, body: bytes) -> None:
        session, turns, party = self._session, self._turns, self._party
        if session is None or turns is None or party is None:
            raise MalformedError("not connected to a namespace")
        limits = self._services.limits
        name, args = strict_args(body, limits.depth)
        if not 1 <= len(args) <= 2:
            raise MalformedError("an event is a name and at most one payload")
        if not isinstance(name, str):
            raise MalformedError("an event's name is text")
        if name not in session.allowed:
            self.cut(Offence.EVENT_NAME)
            return
        payload = args[1] if len(args) == 2 else _NOTHING
        if turns.is_greeted and session.handle_now(name, payload):
            if ack_id is not None:
                self._send_answer(ack_id, None)
            return
        wait_s = party.commands.take(self._now())
        if wait_s > 0:
            self._hold_back(Offence.RATE_LIMITED, ack_id, wait_s)
        elif party.unanswered >= limits.unanswered_commands:
            self._hold_back(Offence.UNANSWERED, ack_id, 0.1)
        else:
            party.unanswered += 1
            turns.take(name, payload, ack_id)

    def _ack(self, link: SocketLink, packet: packets.Packet) -> None:
        if packet.ack_id is None:
            raise MalformedError("an ack without a number")
        _, args = strict_args(packet.body, self._services.limits.depth)
        link.answered(packet.ack_id, bytes(args[0]) if args else b"null")

    # --- answers ----------------------------------------------------------------------------

    def _hold_back(self, offence: Offence, ack_id: int | None, wait_s: float) -> None:
        """Tell a party that is too fast when to come again; the command is not run."""
        self._offence(offence)
        if ack_id is not None:
            message = f"This connection {offence.value}; wait before the next one."
            retry_after_ms = max(1, round(wait_s * 1000))
            error = ErrorBody(ErrorCode.RATE_LIMITED, message, None, retry_after_ms)
            self._send_answer(ack_id, CommandAnswer(ok=False, error=error))

    def _answer(self, ack_id: int | None, result: object | None) -> None:
        """A turn is over."""
        party = self._party
        if party is not None:
            party.unanswered -= 1
        if ack_id is not None:
            self._send_answer(ack_id, result)

    def _send_answer(self, ack_id: int, result: object | None) -> None:
        if self.link is not None:
            self.link.answer(ack_id, result)

    # --- endings ----------------------------------------------------------------------------

    def _late(self) -> None:
        if self._was_refused:
            self.wire.finish()
            self.end("refused")
        else:
            self.cut(Offence.NO_CONNECT)

    def _closing(self, reason: str) -> None:
        """The session closes the connection; it is told so itself when its own work is done."""
        asyncio.get_running_loop().call_soon(self.end, reason)

    def _give_up(self, reason: str) -> None:
        if self.link is not None:
            self.link.close(reason)

    def _leave(self) -> None:
        if self._is_joined and self._party is not None:
            self._is_joined = False
            self._services.parties.leave(self._party)

    def _known(self) -> None:
        """Whoever this is, it is no stranger at the door any more."""
        if self._is_stranger:
            self._is_stranger = False
            self._services.parties.stranger_left()

    def _offence(self, offence: Offence, who: str | None = None) -> None:
        name = who or str(self.principal or self.inherited or "somebody unknown")
        self._services.offences.record(name, offence)
