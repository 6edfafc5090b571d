"""What every command is carried out with, and how its fields are held to Twitch's limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.commands.cooldowns import Cooldowns
from streamcore.core.integrations.twitch.commands.people import People
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import Event

__all__ = ["Desk", "Result", "checked_number", "checked_text", "invalid", "one_of", "unreadable"]

Result = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Desk:
    """The streamer's side of Twitch while the account is connected."""

    helix: Helix
    clock: Clock
    channel_id: str
    people: People
    cooldowns: Cooldowns
    publish: Callable[[Sequence[Event]], Awaitable[None]]

    @property
    def as_broadcaster(self) -> dict[str, str]:
        return {"broadcaster_id": self.channel_id}

    @property
    def as_moderator(self) -> dict[str, str]:
        """The streamer moderates: the broadcaster may do all that a moderator may."""
        return {"broadcaster_id": self.channel_id, "moderator_id": self.channel_id}


def invalid(text: str) -> CommandError:
    return CommandError(ErrorCode.INVALID_COMMAND, text)


def unreadable(what: str) -> CommandError:
    """Return the error for an answer without the thing that was asked for."""
    return CommandError(
        ErrorCode.REJECTED_BY_PLATFORM, f"Twitch accepted this but did not say what {what} it made."
    )


def checked_text(name: str, value: str, *, most: int, least: int = 0) -> str:
    """Return the text without blanks around it; raises when it is too short or too long."""
    text = value.strip()
    if len(text) < least:
        raise invalid(f"{name} is empty: expected {least} to {most} characters.")
    if len(text) > most:
        raise invalid(f"{name} has {len(text)} characters, expected at most {most}: shorten it.")
    return text


def checked_number(name: str, value: int, *, least: int, most: int) -> int:
    """Return the number; raises when Twitch would not take it."""
    if not least <= value <= most:
        raise invalid(f"{name} is {value}, expected {least} to {most}.")
    return value


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return the value; raises when it is none of those that Twitch knows."""
    if value not in allowed:
        raise invalid(f"{name} is {value[:40]!r}, expected one of {', '.join(allowed)}.")
    return value
