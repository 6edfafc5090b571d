"""Which platform serves a command: finds it, asks it, and turns every failure into a reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from streamcore.core.errors import CommandError
from streamcore.protocol.commands import TARGET_ALL, PlatformCommand, command_name
from streamcore.protocol.errors import ErrorBody, ErrorCode

__all__ = ["Platform", "Router"]

log = logging.getLogger(__name__)

DEADLINE_S = 15.0


class Platform(Protocol):
    """What the router needs of a platform."""

    @property
    def id(self) -> str:
        """Return the platform's id."""

    @property
    def is_connected(self) -> bool:
        """Tell whether an account is connected."""

    @property
    def capabilities(self) -> frozenset[str]:
        """Return the names of the commands that it can carry out."""

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry a command out and return its result; refuses what the platform cannot do."""


class Router:
    """Sends a command to the platform it is for, or to all of them."""

    def __init__(
        self,
        find: Callable[[str], Platform | None],
        everyone: Callable[[], Iterable[Platform]],
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._find = find
        self._everyone = everyone
        self._deadline_s = deadline_s

    async def execute(
        self, command: PlatformCommand, *, sender: str, platforms: frozenset[str] | None
    ) -> Mapping[str, object]:
        """Carry a command out; `platforms` is the sender's whitelist, None for no limit.

        With the target `all` the result holds an answer for each platform under `results`.
        Raises CommandError.
        """
        if command.target == TARGET_ALL:
            return {"results": await self.execute_everywhere(command, sender, platforms)}
        platform = self._find(command.target)
        if platform is None or not platform.is_connected:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                f"'{command.target}' is not connected. Connect it on the Platforms page.",
            )
        return await self._ask(platform, command, sender)

    async def execute_everywhere(
        self, command: PlatformCommand, sender: str, platforms: frozenset[str] | None
    ) -> dict[str, dict[str, object]]:
        """Carry a command out on every connected platform of the whitelist, side by side."""
        targets = [
            platform
            for platform in self._everyone()
            if platform.is_connected and (platforms is None or platform.id in platforms)
        ]
        if not targets:
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                "No platform is connected. Connect one on the Platforms page.",
            )
        answers = await asyncio.gather(*(self._try(p, command, sender) for p in targets))
        return {platform.id: answer for platform, answer in zip(targets, answers, strict=True)}

    async def _try(
        self, platform: Platform, command: PlatformCommand, sender: str
    ) -> dict[str, object]:
        try:
            return {"ok": True, "result": await self._ask(platform, command, sender)}
        except CommandError as error:
            return {"ok": False, "error": error.body}

    async def _ask(
        self, platform: Platform, command: PlatformCommand, sender: str
    ) -> Mapping[str, object]:
        # What a platform cannot do it refuses itself: only it knows whether that is for good, or
        # for the lack of a right that the streamer can give.
        name = command_name(command)
        try:
            async with asyncio.timeout(self._deadline_s):
                return await platform.execute(command, sender)
        except CommandError:
            raise
        except TimeoutError as error:
            raise CommandError(
                ErrorCode.TIMEOUT,
                f"'{platform.id}' did not answer '{name}' within {self._deadline_s:.0f} s; "
                "whether it was done is not known.",
            ) from error
        except Exception as error:
            # A platform's adapter is where the outside begins: whatever breaks there is told to
            # the sender as a failure and goes no further.
            log.exception("'%s' failed on '%s'", name, platform.id)
            body = ErrorBody(ErrorCode.INTERNAL, f"'{name}' failed on '{platform.id}'.")
            raise CommandError(body.code, body.message) from error
