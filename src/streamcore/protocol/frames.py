"""The packets of each channel: `/module`, `/view` and `/dashboard`.

Events travel as `events` with a list of encoded events; commands as `command` with a command of
`streamcore.protocol.commands` and an acknowledgement of `CommandAnswer`.
"""

from __future__ import annotations

import msgspec

from streamcore.protocol.errors import ErrorBody

__all__ = [
    "Ack",
    "Call",
    "CommandAnswer",
    "DashboardAuth",
    "Gap",
    "GrantsChanged",
    "ModuleAuth",
    "PlatformInfo",
    "Ready",
    "ReadyAnswer",
    "Refusal",
    "SettingsChanged",
    "Shutdown",
    "StateChanged",
    "StateValue",
    "ViewAuth",
    "ViewCall",
    "ViewMessage",
    "ViewModule",
    "ViewWelcome",
    "Welcome",
]


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Unknown fields are ignored, so that adding one is free."""


class ModuleAuth(_Frame, frozen=True, kw_only=True):
    """`auth` of `/module`; over an inherited descriptor there is no token.

    The token is the launch token at first and the resume token of `welcome` on a reconnect.
    """

    protocol: int
    token: str | None = None
    sdk: str = ""


class ViewAuth(_Frame, frozen=True, kw_only=True):
    """`auth` of `/view`: the key of one view."""

    key: str
    protocol: int


class DashboardAuth(_Frame, frozen=True, kw_only=True):
    """`auth` of `/dashboard`: a session token."""

    token: str


class PlatformInfo(_Frame, frozen=True, kw_only=True):
    """What a module is told about a platform that it declared."""

    connected: bool
    capabilities: tuple[str, ...] = ()


class StateValue(_Frame, frozen=True, kw_only=True):
    """One key of the replicated state; `revision` grows with every change."""

    value: object
    revision: int


class Welcome(_Frame, frozen=True, kw_only=True):
    """`welcome` of `/module`: everything that a module needs at start."""

    module_id: str
    granted: tuple[str, ...]
    denied: tuple[str, ...]
    settings: dict[str, object]
    state: dict[str, StateValue]
    platforms: dict[str, PlatformInfo]
    cursor: int
    resume_token: str
    protocol: int
    data_dir: str = ""


class Ready(_Frame, frozen=True, kw_only=True):
    """`ready` of a module or a page: which event types it wants."""

    subscribe: tuple[str, ...] = ()


class Refusal(_Frame, frozen=True, kw_only=True):
    """An event type that the grants do not cover; `permission` is None for an unknown type."""

    type: str
    permission: str | None
    message: str = ""


class ReadyAnswer(_Frame, frozen=True, kw_only=True):
    """The acknowledgement of `ready`."""

    refused: tuple[Refusal, ...] = ()


class Ack(_Frame, frozen=True, kw_only=True):
    """`ack`: every durable event up to `cursor` is dealt with."""

    cursor: int


class CommandAnswer(_Frame, frozen=True, kw_only=True, omit_defaults=True):
    """The acknowledgement of `command` and of `call`."""

    ok: bool
    result: object = None
    error: ErrorBody | None = None


class Call(_Frame, frozen=True, kw_only=True):
    """`call` to a module: somebody asks for a handler by name; the ack is a `CommandAnswer`.

    `caller` is `view:<view id>`, `module:<module id>` or `dashboard`.
    """

    name: str
    args: dict[str, object]
    caller: str


class SettingsChanged(_Frame, frozen=True, kw_only=True):
    """`settings`: the new, validated values."""

    settings: dict[str, object]


class GrantsChanged(_Frame, frozen=True, kw_only=True):
    """`grants`: a permission was given or withdrawn."""

    granted: tuple[str, ...]
    denied: tuple[str, ...]


class Shutdown(_Frame, frozen=True, kw_only=True):
    """`shutdown`: the module is ended when the deadline passes."""

    deadline_ms: int


class Gap(_Frame, frozen=True, kw_only=True):
    """`gap`: this many events were skipped because the reader was too slow."""

    skipped: int


class ViewWelcome(_Frame, frozen=True, kw_only=True):
    """`welcome` of `/view`.

    `boot_id` is new at every start of the core, `digest` with every change of the module's files:
    a page whose digest is another one reloads itself.
    """

    module_id: str
    view_id: str
    granted: tuple[str, ...]
    settings: dict[str, object]
    state: dict[str, StateValue]
    platforms: dict[str, PlatformInfo]
    module_running: bool
    boot_id: str
    digest: str
    protocol: int


class StateChanged(_Frame, frozen=True, kw_only=True):
    """`state` to pages: one key has a new value."""

    key: str
    value: object
    revision: int


class ViewMessage(_Frame, frozen=True, kw_only=True):
    """`message` to pages: what the module sent by `view_emit`."""

    name: str
    data: object = None


class ViewModule(_Frame, frozen=True, kw_only=True):
    """`module` to pages: whether the module behind the page runs."""

    running: bool


class ViewCall(_Frame, frozen=True, kw_only=True):
    """`call` of a page to its own module's backend; the ack is a `CommandAnswer`."""

    name: str
    args: dict[str, object] = {}
