"""What every module may do with its own data."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import OwnCommand, PlatformCommand
from streamcore.protocol.permissions import Permission

__all__ = [
    "EmitEvent",
    "GetPlatforms",
    "GetViewers",
    "Log",
    "StateGet",
    "StateSet",
    "StorageDelete",
    "StorageGet",
    "StorageList",
    "StorageSet",
    "ViewEmit",
]


class StorageGet(OwnCommand, frozen=True, kw_only=True):
    """Read a value; the result is `{"found": bool, "value": …}`."""

    key: str


class StorageSet(OwnCommand, frozen=True, kw_only=True):
    """Keep a JSON value across restarts (16 MiB for all of a module's keys together)."""

    key: str
    value: object


class StorageDelete(OwnCommand, frozen=True, kw_only=True):
    """Forget a value; the result is `{"deleted": bool}`."""

    key: str


class StorageList(OwnCommand, frozen=True, kw_only=True):
    """List keys; the result is `{"keys": [...]}`, sorted, at most 1,000 after `after`."""

    prefix: str = ""
    after: str = ""


class StateGet(OwnCommand, frozen=True, kw_only=True):
    """Read replicated state; the result is `{"found": bool, "value": …, "revision": n}`."""

    key: str


class StateSet(OwnCommand, frozen=True, kw_only=True):
    """Change replicated state; the module's pages see it at once.

    With `expected_revision` the change is made only when nobody else was faster (`conflict`).
    The result is `{"revision": n}`.
    """

    key: str
    value: object
    expected_revision: int | None = None


class ViewEmit(OwnCommand, frozen=True, kw_only=True):
    """Send a message to the module's open pages, or to those of one view."""

    name: str
    data: object = None
    view_id: str | None = None


class EmitEvent(OwnCommand, frozen=True, kw_only=True):
    """Put a `module_event` of the module in the log; the result is `{"id": …, "seq": n}`.

    They are empty and 0 when the log had it already, from before a crash of StreamCore.
    """

    name: str
    data: dict[str, object] = {}


class Log(OwnCommand, frozen=True, kw_only=True):
    """Write a line into the module's log that the streamer can read."""

    level: str
    text: str


class GetPlatforms(OwnCommand, frozen=True, kw_only=True):
    """Read the state of the platforms that the module declared."""


class GetViewers(PlatformCommand, frozen=True, kw_only=True):
    """Read who is in the chat, as far as the platform tells.

    The result is `{"viewers": [{"id", "login", "name"}], "total": n, "after": …}`: at most `limit`
    (1 to 1,000) of them, how many there are in all, and the `after` that reads the next ones (null
    after the last).
    """

    permission: ClassVar[Permission | None] = Permission.CHAT_READ

    limit: int = 1000
    after: str = ""
