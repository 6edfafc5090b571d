"""What every command has: the spec's packet shape, and on its class the permission."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from streamcore.protocol.events.base import _snake
from streamcore.protocol.permissions import Permission

__all__ = ["Command", "OwnCommand", "PlatformCommand"]


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="cmd",
    tag=_snake,
):
    """Something a module asks for; `cmd` is the tag on the wire.

    A command with an `idempotency_key` that was seen in the last 24 h is not done again: the first
    answer is given instead.
    """

    permission: ClassVar[Permission | None] = None
    """What the sender needs; None is for commands on the sender's own data only."""

    idempotency_key: str | None = None


class PlatformCommand(Command, frozen=True, kw_only=True):
    """A command that a platform carries out.

    `target` is a platform's id, or `all` for every connected platform that the module declared.
    """

    target: str


class OwnCommand(Command, frozen=True, kw_only=True):
    """A command on the module's own data, always allowed."""
