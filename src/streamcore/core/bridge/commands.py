"""Carries out a module's commands: gate, at most once, then platform or the module's own data."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol, Union

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


_COMMAND: msgspec.json.Decoder[Command] = msgspec.json.Decoder(
    Union[tuple(COMMANDS.values())]  # noqa: UP007 - made at run time
)
_TAG = msgspec.json.Decoder(_Tagged)
_DECODERS: dict[str, msgspec.json.Decoder[Command]] = {
    name: msgspec.json.Decoder(cls) for name, cls in COMMANDS.items()
}


class Idempotency(Protocol):
    """Remembers the first answer to a command with a key."""

    async def seen(self, module_id: str, key: str) -> bytes | None:
        """Return the first answer, None when the key is new."""

    async def remember(self, module_id: str, key: str, answer: bytes) -> None:
        """Keep the first answer."""


OwnCommands = Callable[[ModulePrincipal, Command], object]
"""Carries out what is no platform's matter; raises CommandError.

Returns the result, or a coroutine for it when something must be waited for.
"""


class CommandRunner:
    """Takes one raw command and returns its answer; never raises.

    A refusal, and what needs no waiting, is there at once; for all else there is a coroutine.
    """

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

    def run(
        self, principal: ModulePrincipal, payload: msgspec.Raw
    ) -> CommandAnswer | Coroutine[Any, Any, CommandAnswer]:
        """Decode, ask the gate, carry out."""
        try:
            command = _decode(payload)
            denial = self._gatekeeper.check(principal, command)
            if denial is not None:
                body = ErrorBody(denial.code, denial.message, denial.permission)
                return CommandAnswer(ok=False, error=body)
            if command.idempotency_key is not None:
                work = self._once(principal, command, command.idempotency_key)
                return self._waited(principal, work)
            result = self._carry_out(principal, command)
            # The usual case first: asking for the abstract class is slow.
            if not isinstance(result, dict) and isinstance(result, Coroutine):
                return self._waited(principal, _succeeded(result))
            return CommandAnswer(ok=True, result=result)
        except Exception as error:
            return _failed(principal, error)

    @staticmethod
    async def _waited(
        principal: ModulePrincipal, work: Coroutine[Any, Any, CommandAnswer]
    ) -> CommandAnswer:
        try:
            return await work
        except Exception as error:
            return _failed(principal, error)

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
            result = self._carry_out(principal, command)
            if isinstance(result, Coroutine):
                result = await result
            answer = CommandAnswer(ok=True, result=result)
            # Only what took effect is remembered: a failed command may be tried again.
            await self._idempotency.remember(principal.module_id, key, msgspec.json.encode(answer))
            return answer
        finally:
            self._under_way.discard(mark)

    def _carry_out(self, principal: ModulePrincipal, command: Command) -> object:
        if isinstance(command, PlatformCommand):
            return self._on_platform(principal, command)
        return self._own(principal, command)

    async def _on_platform(
        self, principal: ModulePrincipal, command: PlatformCommand
    ) -> Mapping[str, object]:
        grants = self._gatekeeper.grants(principal.module_id)
        platforms = grants.platforms if grants is not None else frozenset[str]()
        return await self._router.execute(command, sender=principal.module_id, platforms=platforms)


async def _succeeded(work: Coroutine[Any, Any, object]) -> CommandAnswer:
    return CommandAnswer(ok=True, result=await work)


def _failed(principal: ModulePrincipal, error: Exception) -> CommandAnswer:
    if isinstance(error, CommandError):
        return CommandAnswer(ok=False, error=error.body)
    if isinstance(error, StreamCoreError):
        return CommandAnswer(ok=False, error=ErrorBody(ErrorCode.INTERNAL, str(error)))
    # The last line between a defect of ours and the module's connection.
    log.error("a command of %s failed", principal, exc_info=error)
    message = "StreamCore could not carry this out; its log says why."
    return CommandAnswer(ok=False, error=ErrorBody(ErrorCode.INTERNAL, message))


def _decode(payload: msgspec.Raw) -> Command:
    try:
        return _COMMAND.decode(payload)
    except msgspec.DecodeError:
        return _decode_in_steps(payload)


def _decode_in_steps(payload: msgspec.Raw) -> Command:
    """Find out what exactly is wrong with a command."""
    try:
        name = _TAG.decode(payload).cmd
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
