"""The gate in front of everything: who may knock at all, requests and upgrades alike.

A website that the streamer visits can reach the loopback interface. So the name it used (Host), the
place it comes from (Origin) and what the browser says of both (Sec-Fetch-Site) must be ours. A
connection that the core handed to a module by descriptor has none of these; it reaches the
modules' server and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from streamcore.core.http.answers import Answer, problem, refuse
from streamcore.core.http.asgi import ASGIApp, Receive, Scope, Send, values_of

__all__ = ["Guard", "judge"]

_log = logging.getLogger(__name__)

MODULE_SERVER = "/socket.io/"
PAGE_SERVER = "/overlay-io/"
# A module's page has an opaque origin: what it loads comes with `Origin: null` and "cross-site".
_ASSETS = ("/modules-view/", "/sdk/")
_OURS = (b"same-origin", b"none")

_MISDIRECTED = problem(421, "misdirected_request", "Misdirected Request")
_FORBIDDEN = problem(403, "forbidden_origin", "Forbidden")

_HeaderList = Sequence[tuple[bytes, bytes]]


class Guard:
    """Lets through what was addressed to us, from us; `allowed_hosts` is read at every request."""

    def __init__(self, app: ASGIApp, allowed_hosts: Callable[[], frozenset[str]]) -> None:
        self._app = app
        self._allowed_hosts = allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = judge(scope, self._allowed_hosts())
        if refusal is not None:
            # Nothing of the request is logged: its headers and address are an attacker's words.
            _log.debug("refused a request with status %d", refusal.status)
            await refuse(scope, receive, send, refusal)
            return
        # Nobody behind the gate can come to rely on a cookie: ports share them.
        headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
        await self._app({**scope, "headers": headers}, receive, send)


def judge(scope: Scope, hosts: frozenset[str]) -> Answer | None:
    """Return None when the request may go on, else the refusal."""
    if scope.get("state", {}).get("principal") is not None:
        return None if scope["path"].startswith(MODULE_SERVER) else _FORBIDDEN
    headers: _HeaderList = scope["headers"]
    if not _is_addressed_to_us(scope["path"], headers, hosts):
        return _MISDIRECTED
    if not _comes_from_us(scope, headers, hosts):
        return _FORBIDDEN
    return None


def _is_addressed_to_us(path: str, headers: _HeaderList, hosts: frozenset[str]) -> bool:
    # An absolute-form target carries a host of its own, which would win over the header.
    if not path.startswith("/"):
        return False
    found = values_of(headers, b"host")
    return len(found) == 1 and found[0].decode("latin-1") in hosts


def _comes_from_us(scope: Scope, headers: _HeaderList, hosts: frozenset[str]) -> bool:
    origins = values_of(headers, b"origin")
    sites = values_of(headers, b"sec-fetch-site")
    if len(origins) > 1 or len(sites) > 1:
        return False
    origin = origins[0].decode("latin-1") if origins else None
    site = sites[0] if sites else None
    is_asset = _is_asset(scope)
    if origin == "null":
        if not (is_asset or scope["path"].startswith(PAGE_SERVER)):
            return False
    elif origin is not None and origin not in {f"http://{host}" for host in hosts}:
        return False
    if site is None or site in _OURS:
        return True
    # Loads of an opaque page are "cross-site", never "same-site", which is another port of ours.
    return site == b"cross-site" and (is_asset or origin == "null")


def _is_asset(scope: Scope) -> bool:
    is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return is_read and scope["path"].startswith(_ASSETS)
