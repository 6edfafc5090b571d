"""Who is knocking: turns a namespace and its `auth` into a session, or says why not."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

from streamcore.core.bridge.link import Link, Session
from streamcore.core.errors import CommandError
from streamcore.core.principals import (
    DashboardPrincipal,
    ModulePrincipal,
    Principal,
    ViewPrincipal,
)
from streamcore.core.realtime.channel import Channel
from streamcore.core.realtime.tokens import LaunchTokens
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import DashboardAuth, ModuleAuth, ViewAuth

__all__ = ["DASHBOARD", "MODULE", "VIEW", "Identify", "Sessions"]

MODULE = "/module"
VIEW = "/view"
DASHBOARD = "/dashboard"

_Auth = TypeVar("_Auth")
_P = TypeVar("_P", ViewPrincipal, ModulePrincipal, DashboardPrincipal)


class Sessions(Protocol):
    """What the bridge offers; each raises CommandError to refuse."""

    def module_session(
        self, principal: ModulePrincipal, auth: ModuleAuth, link: Link
    ) -> Session: ...

    def view_session(self, principal: ViewPrincipal, auth: ViewAuth, link: Link) -> Session: ...

    def dashboard_session(self, principal: DashboardPrincipal, link: Link) -> Session: ...


class Identify:
    """Checks a connect and opens its session."""

    def __init__(
        self,
        bridge: Sessions,
        *,
        tokens: LaunchTokens,
        check_session: Callable[[str], DashboardPrincipal | None],
        check_view_key: Callable[[str], ViewPrincipal | None],
        is_current: Callable[[ModulePrincipal], bool],
    ) -> None:
        self._bridge = bridge
        self._tokens = tokens
        self._check_session = check_session
        self._check_view_key = check_view_key
        self._is_current = is_current

    def __call__(self, channel: Channel, namespace: str, auth: object) -> None:
        """Give the channel its identity and session; raises CommandError to refuse."""
        if channel.inherited is not None and namespace != MODULE:
            message = f"A module's own link joins {MODULE}; found {namespace}."
            raise CommandError(ErrorCode.PERMISSION_DENIED, message)
        if namespace == MODULE:
            self._module(channel, _read(auth, ModuleAuth))
        elif namespace == VIEW:
            view_auth = _read(auth, ViewAuth)
            view = _known(self._check_view_key(view_auth.key))
            link = _join(channel, VIEW, view)
            channel.accept(self._bridge.view_session(view, view_auth, link))
        else:
            dashboard = _known(self._check_session(_read(auth, DashboardAuth).token))
            link = _join(channel, DASHBOARD, dashboard)
            channel.accept(self._bridge.dashboard_session(dashboard, link))

    def _module(self, channel: Channel, auth: ModuleAuth) -> None:
        if channel.inherited is not None:
            self._module_session(channel, channel.inherited, auth)
            return
        token = auth.token or ""
        principal = _known(self._tokens.redeem(token))
        try:
            self._module_session(channel, principal, auth)
        except Exception:
            self._tokens.restore(token)
            raise
        # Until `welcome` has brought the resume token, this one is all that the process has.
        channel.at_end(functools.partial(self._tokens.restore, token))

    def _module_session(
        self, channel: Channel, principal: ModulePrincipal, auth: ModuleAuth
    ) -> None:
        if not self._is_current(principal):
            message = "This process was replaced by a newer one; end it."
            raise CommandError(ErrorCode.CONFLICT, message)
        link = _join(channel, MODULE, principal)
        channel.accept(self._bridge.module_session(principal, auth, link))


def _read(auth: object, type_: type[_Auth]) -> _Auth:
    try:
        return msgspec.convert({} if auth is None else auth, type_)
    except msgspec.ValidationError as error:
        message = f"The 'auth' of the connect is not as expected: {error}."
        raise CommandError(ErrorCode.INVALID_COMMAND, message) from None


def _known(principal: _P | None) -> _P:
    if principal is None:
        message = "The token is not valid: it is wrong, was used before, or was withdrawn."
        raise CommandError(ErrorCode.PERMISSION_DENIED, message)
    return principal


def _join(channel: Channel, namespace: str, principal: Principal) -> Link:
    if not channel.join(principal):
        message = "Too many connections at once; close one first."
        raise CommandError(ErrorCode.RATE_LIMITED, message, retry_after_ms=1000)
    return channel.make_link(namespace)
