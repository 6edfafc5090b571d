"""The session of one module process: welcome, ready, events and acks, commands, calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from streamcore.core.bridge.commands import CommandRunner
from streamcore.core.bridge.delivery import Delivery, DeliveryServices
from streamcore.core.bridge.link import Link
from streamcore.core.errors import CommandError
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.principals import ModulePrincipal
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.frames import (
    Ack,
    Call,
    CommandAnswer,
    GrantsChanged,
    Ready,
    ReadyAnswer,
    SettingsChanged,
    Shutdown,
    Welcome,
)

__all__ = ["ModuleSession", "ModuleSessionServices"]

log = logging.getLogger(__name__)

CALL_TIMEOUT_S = 25.0
"""Below the time that whoever asked is given for an answer."""
PING_TIMEOUT_S = 5.0
_ACK = msgspec.json.Decoder(Ack)
_READY = msgspec.json.Decoder(Ready)
_ANSWER = msgspec.json.Decoder(CommandAnswer)


@dataclass(frozen=True, slots=True)
class ModuleSessionServices:
    """The parts of the core that a module's session stands on."""

    delivery: DeliveryServices
    commands: CommandRunner
    gatekeeper: Gatekeeper
    welcome: Callable[[ModulePrincipal], Awaitable[Welcome]]
    catch_up: Callable[[str], frozenset[str]]
    is_ready: Callable[[ModulePrincipal], None]
    gone: Callable[[ModuleSession], None]
    """Called when the connection is gone."""


class ModuleSession:
    """One connection of one module process."""

    allowed = frozenset({"ready", "command", "ack"})

    def __init__(
        self, principal: ModulePrincipal, link: Link, services: ModuleSessionServices
    ) -> None:
        self.principal = principal
        self._link = link
        self._services = services
        self._wanted: tuple[str, ...] = ()
        self._cursor = 0
        self._delivery: Delivery | None = None
        self._pump: asyncio.Task[None] | None = None
        self._is_open = True
        self._acked_badly = False
        self.commands = 0
        """Commands received, for the usage figures."""

    @property
    def delivered(self) -> int:
        """Return how many events were sent, for the usage figures."""
        return self._delivery.delivered if self._delivery is not None else 0

    async def opened(self) -> None:
        """Say everything that the module needs at start."""
        welcome = await self._services.welcome(self.principal)
        self._cursor = welcome.cursor
        self._link.send("welcome", welcome)

    def handle_now(self, name: str, payload: msgspec.Raw) -> bool:
        """Take an `ack` at once: it is the hot path, and needs no answer."""
        if name != "ack":
            return False
        try:
            cursor = _ACK.decode(payload).cursor
        except msgspec.DecodeError:
            if not self._acked_badly:  # once: the module decides how often it does so
                log.warning("%s acknowledged something that is no cursor", self.principal)
            self._acked_badly = True
            return True
        if self._delivery is not None:
            self._delivery.ack(cursor)
        return True

    def handle(self, name: str, payload: msgspec.Raw) -> object | None:
        """Answer `ready` or carry out a `command`."""
        if name == "command":
            self.commands += 1
            return self._services.commands.run(self.principal, payload)
        try:
            ready = _READY.decode(payload)
        except msgspec.DecodeError as error:
            message = f"'ready' lists event types under 'subscribe'; found: {error}."
            return CommandAnswer(ok=False, error=ErrorBody(ErrorCode.INVALID_COMMAND, message))
        return self._subscribe(ready.subscribe)

    def _subscribe(self, wanted: tuple[str, ...]) -> ReadyAnswer:
        filter_, refused = self._services.gatekeeper.event_filter(self.principal, wanted)
        self._wanted = wanted
        if not self._is_open:
            return ReadyAnswer(refused=refused)
        if self._delivery is None:
            self._delivery = Delivery(
                self._services.delivery,
                self._link,
                self.principal.module_id,
                filter_,
                self._services.catch_up(self.principal.module_id),
                self._cursor,
            )
            # The session owns the task: `closed` ends it, and its failure ends the session.
            self._pump = asyncio.create_task(self._run_delivery(self._delivery))
            self._services.is_ready(self.principal)
        else:
            self._delivery.replace_filter(filter_)
        return ReadyAnswer(refused=refused)

    async def _run_delivery(self, delivery: Delivery) -> None:
        try:
            await delivery.run()
        except Exception:
            log.exception("delivery to %s failed; it has to connect again", self.principal)
            self._link.close("delivery failed")

    def grants_changed(self) -> None:
        """Apply changed grants to the open subscription and tell the module."""
        grants = self._services.gatekeeper.grants(self.principal.module_id)
        if self._delivery is not None:
            filter_, _ = self._services.gatekeeper.event_filter(self.principal, self._wanted)
            self._delivery.replace_filter(filter_)
        granted = tuple(sorted(grants.permissions)) if grants is not None else ()
        denied = tuple(sorted(grants.denied)) if grants is not None else ()
        self._link.send("grants", GrantsChanged(granted=granted, denied=denied))

    def settings_changed(self, settings: dict[str, object]) -> None:
        """Tell the module its new, validated settings."""
        self._link.send("settings", SettingsChanged(settings=settings))

    def shutdown(self, deadline_ms: int) -> None:
        """Ask the module to end by itself."""
        self._link.send("shutdown", Shutdown(deadline_ms=deadline_ms))

    async def call(self, name: str, args: dict[str, object], caller: str) -> object:
        """Call a handler of the module and return its answer; raises CommandError."""
        try:
            raw = await self._link.call(
                "call", Call(name=name, args=args, caller=caller), CALL_TIMEOUT_S
            )
            answer = _ANSWER.decode(raw)
        except TimeoutError as error:
            message = f"The module did not answer '{name}' within {CALL_TIMEOUT_S:.0f} s."
            raise CommandError(ErrorCode.TIMEOUT, message) from error
        except ConnectionError as error:
            message = f"The module went away while it was asked for '{name}'."
            raise CommandError(ErrorCode.NOT_FOUND, message) from error
        except msgspec.DecodeError as error:
            message = f"The module's answer to '{name}' has the wrong shape: {error}."
            raise CommandError(ErrorCode.INTERNAL, message) from error
        if answer.ok:
            return answer.result
        body = answer.error or ErrorBody(ErrorCode.INTERNAL, f"'{name}' failed in the module.")
        raise CommandError(body.code, body.message)

    async def ping(self) -> bool:
        """Tell whether the module's loop still turns."""
        try:
            await self._link.call("ping", {}, PING_TIMEOUT_S)
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def end(self, reason: str) -> None:
        """Cut the module off."""
        self._link.close(reason)

    def closed(self, reason: str) -> None:
        """The connection is gone."""
        if not self._is_open:
            return
        self._is_open = False
        if self._delivery is not None:
            self._delivery.close()
        if self._pump is not None:
            self._pump.cancel()
        self._services.gone(self)
