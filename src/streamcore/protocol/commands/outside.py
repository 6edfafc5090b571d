"""Reaching OBS, the internet and other modules, always through the core."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.commands.base import Command
from streamcore.protocol.permissions import Permission

__all__ = ["CallModule", "HttpRequest", "ObsRequest"]


class ObsRequest(Command, frozen=True, kw_only=True):
    """Ask OBS something in its own words (`request_type` of its WebSocket protocol)."""

    permission: ClassVar[Permission | None] = Permission.OBS_CONTROL

    request_type: str
    data: dict[str, object] = {}


class HttpRequest(Command, frozen=True, kw_only=True):
    """Fetch an `https` address whose host stands in the manifest's `network` list.

    The result is `{"status": …, "headers": {…}, "body": …}`.
    """

    permission: ClassVar[Permission | None] = Permission.NETWORK

    url: str
    method: str = "GET"
    headers: dict[str, str] = {}
    body: str | None = None
    timeout_s: float = 10.0


class CallModule(Command, frozen=True, kw_only=True):
    """Call a handler of a module from the manifest's `calls` list; its answer is the result."""

    permission: ClassVar[Permission | None] = Permission.MODULES_CALL

    module_id: str
    name: str
    args: dict[str, object] = {}
