"""Carries out a module's commands: gate, at most once, then platform or the module's own data."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec

from streamcore.core.errors import CommandError, StreamCoreError
from streamcore.core.gatekeeper import Gatekeeper
from streamcore.core.principals import ModulePrincipal
from streamcore.core.router import Router
from streamcore.protocol.commands import COMMANDS, Command, PlatformCommand
from streamcore.protocol.errors import ErrorBody, ErrorCode
from streamcore.protocol.frames import CommandAnswer

__all__ = ["CommandRunner", "Idempotency", "OwnCommands"]

log = logging.getLogger(__name__)


class _Tagged(msgspec.Struct):
    cmd: str


_ANY_COMMAND = msgspec.json.Decoder(_Tagged)
_DECODERS: dict[str, msgspec.json.Decoder[Command]] = {
    name: msgspec.json.Decoder(cls) for name, cls in COMMANDS.items()
}


class Idempotency(Protocol):
    """Remembers the first answer to a command with a key."""

    async def seen(self, module_id: str, key: str) -> bytes | None:
        """Return the first answer, None when the key is new."""

    async def remember(self, module_id: str, key: str, answer: bytes) -> None:
        """Keep the first answer."""


OwnCommands = Callable[[ModulePrincipal, Command], Awaitable[object]]
"""Carries out what is no platform's matter and returns the result; raises CommandError."""


class CommandRunner:
    """Takes one raw command and returns its answer; never raises."""

    def __init__(
        self,
        gatekeeper: Gatekeeper,
        router: Router,
        own: OwnCommands,
        idempotency: Idempotency,
    ) -> None:
        self._gatekeeper = gatekeeper
        self._router = router
        self._own = own
        self._idempotency = idempotency
        self._under_way: set[tuple[str, str]] = set()

    async def run(self, principal: ModulePrincipal, payload: msgspec.Raw) -> CommandAnswer:
        """Decode, ask the gate, carry out."""
        try:
            command = _decode(payload)
            denial = self._gatekeeper.check(principal, command)
            if denial is not None:
                body = ErrorBody(denial.code, denial.message, denial.permission)
                return CommandAnswer(ok=False, error=body)
            if command.idempotency_key is None:
                return CommandAnswer(ok=True, result=await self._carry_out(principal, command))
            return await self._once(principal, command, command.idempotency_key)
        except CommandError as error:
            return CommandAnswer(ok=False, error=error.body)
        except StreamCoreError as error:
            return CommandAnswer(ok=False, error=ErrorBody(ErrorCode.INTERNAL, str(error)))
        except Exception:
            # The last line between a defect of ours and the module's connection.
            log.exception("a command of %s failed", principal)
            message = "StreamCore could not carry this out; its log says why."
            return CommandAnswer(ok=False, error=ErrorBody(ErrorCode.INTERNAL, message))

    async def _once(self, principal: ModulePrincipal, command: Command, key: str) -> CommandAnswer:
        mark = (principal.module_id, key)
        if mark in self._under_way:
            message = "A command with this idempotency_key is being carried out; ask again later."
            raise CommandError(ErrorCode.CONFLICT, message, retry_after_ms=1000)
        # Before anything is waited for: else the second of two could look for an answer too early
        # and take the mark when the first has given it back.
        self._under_way.add(mark)
        try:
            first = await self._idempotency.seen(principal.module_id, key)
            if first is not None:
                return msgspec.json.decode(first, type=CommandAnswer)
            result = await self._carry_out(principal, command)
            answer = CommandAnswer(ok=True, result=result)
            # Only what took effect is remembered: a failed command may be tried again.
            await self._idempotency.remember(principal.module_id, key, msgspec.json.encode(answer))
            return answer
        finally:
            self._under_way.discard(mark)

    async def _carry_out(self, principal: ModulePrincipal, command: Command) -> object:
        if not isinstance(command, PlatformCommand):
            return await self._own(principal, command)
        grants = self._gatekeeper.grants(principal.module_id)
        platforms = grants.platforms if grants is not None else frozenset[str]()
        result: Mapping[str, object] = await self._router.execute(
            command, sender=principal.module_id, platforms=platforms
        )
        return result


def _decode(payload: msgspec.Raw) -> Command:
    try:
        name = _ANY_COMMAND.decode(payload).cmd
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        message = f"A command is an object with 'cmd', for example send_chat; found: {error}."
        raise CommandError(ErrorCode.INVALID_COMMAND, message) from error
    decoder = _DECODERS.get(name)
    if decoder is None:
        message = f"'{name[:60]}' is no command of this version; see the protocol reference."
        raise CommandError(ErrorCode.UNKNOWN_COMMAND, message)
    try:
        return decoder.decode(payload)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        message = f"'{name}' does not have the right fields: {error}."
        raise CommandError(ErrorCode.INVALID_COMMAND, message) from error
