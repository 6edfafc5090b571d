"""Every allow and deny, with its reason; what is not known is denied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from streamcore.core.event_filter import EventFilter
from streamcore.core.principals import (
    DashboardPrincipal,
    ModulePrincipal,
    Principal,
    ViewPrincipal,
)
from streamcore.protocol.commands import (
    TARGET_ALL,
    CallModule,
    Command,
    HttpRequest,
    OwnCommand,
    PlatformCommand,
    command_name,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import EVENTS
from streamcore.protocol.frames import Refusal
from streamcore.protocol.permissions import Permission

__all__ = ["Denial", "Gatekeeper", "Grants"]


@dataclass(frozen=True, slots=True)
class Grants:
    """What the streamer allowed one module; `platforms` is None when it may touch all of them.

    `denied` are the permissions that it wished for and did not get.
    """

    module_id: str
    permissions: frozenset[Permission]
    platforms: frozenset[str] | None
    network: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    denied: frozenset[Permission] = frozenset()


@dataclass(frozen=True, slots=True)
class Denial:
    """A refused command: who, what, and why."""

    principal: Principal
    command: str
    code: ErrorCode
    message: str
    permission: str | None = None


class Gatekeeper:
    """Asked once per subscription and for every command, every time.

    `record` is told of every deny before the sender is.
    """

    def __init__(self, record: Callable[[Denial], None]) -> None:
        self._record = record
        self._grants: dict[str, Grants] = {}
        self._listeners: list[Callable[[str], None]] = []

    def grants(self, module_id: str) -> Grants | None:
        """Return what the module was allowed, None when nothing was."""
        return self._grants.get(module_id)

    def wishes(self, platform_id: str) -> Mapping[Permission, Sequence[str]]:
        """Return the permissions in force that concern a platform, each with its modules."""
        found: dict[Permission, list[str]] = {}
        for module_id, grants in sorted(self._grants.items()):
            if grants.platforms is None or platform_id in grants.platforms:
                for permission in grants.permissions:
                    found.setdefault(permission, []).append(module_id)
        return found

    def set_grants(self, grants: Grants) -> None:
        """Replace what a module is allowed; holds for the next command and the next event."""
        if self._grants.get(grants.module_id) != grants:
            self._grants[grants.module_id] = grants
            self._changed(grants.module_id)

    def revoke(self, module_id: str) -> None:
        """Take everything back."""
        if self._grants.pop(module_id, None) is not None:
            self._changed(module_id)

    def on_change(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the id of every module whose grants changed."""
        self._listeners.append(listener)

    def check(self, principal: Principal, command: Command) -> Denial | None:
        """Return None when the command is allowed; a deny is recorded and returned."""
        denial = self._judge(principal, command)
        if denial is not None:
            self._record(denial)
        return denial

    def event_filter(
        self, principal: Principal, wanted: Iterable[str]
    ) -> tuple[EventFilter, tuple[Refusal, ...]]:
        """Return the filter for what was wanted and granted, and what was refused and why."""
        if isinstance(principal, DashboardPrincipal):
            return EventFilter(frozenset(EVENTS), None, None), ()
        grants = self._grants.get(principal.module_id)
        allowed: set[str] = set()
        refused: list[Refusal] = []
        for name in dict.fromkeys(wanted):
            event = EVENTS.get(name)
            if event is None:
                message = f"'{name}' is no event type of this version; see the protocol reference."
                refused.append(Refusal(type=name, permission=None, message=message))
            elif grants is None or (
                event.permission is not None and event.permission not in grants.permissions
            ):
                permission = event.permission.value if event.permission else None
                message = f"Events of type '{name}' need the permission '{permission}'."
                refused.append(Refusal(type=name, permission=permission, message=message))
            else:
                allowed.add(name)
        platforms = grants.platforms if grants is not None else frozenset[str]()
        # Only who reads module events has a filter of its own; all others can share batches.
        module_id = principal.module_id if "module_event" in allowed else ""
        return EventFilter(frozenset(allowed), platforms, module_id), tuple(refused)

    def _judge(self, principal: Principal, command: Command) -> Denial | None:
        match principal:
            case DashboardPrincipal():
                return None
            case ViewPrincipal():
                return self._deny(
                    principal,
                    command,
                    ErrorCode.PERMISSION_DENIED,
                    "A page sends no commands; it calls its module's backend.",
                )
            case ModulePrincipal():
                return self._judge_module(principal, command)

    def _judge_module(self, principal: ModulePrincipal, command: Command) -> Denial | None:
        grants = self._grants.get(principal.module_id)
        if grants is None:
            message = "The streamer has not allowed this module to run."
            return self._deny(principal, command, ErrorCode.PERMISSION_DENIED, message)
        needed = command.permission
        if needed is None:
            if isinstance(command, OwnCommand):
                return None
            # A command that forgot to say what it needs must not become free for all.
            message = "This command declares no permission and is refused."
            return self._deny(principal, command, ErrorCode.PERMISSION_DENIED, message)
        if needed not in grants.permissions:
            message = (
                f"'{command_name(command)}' needs the permission '{needed}', which the streamer "
                "has not given. Ask for it in manifest.json under 'permissions'."
            )
            return self._deny(principal, command, ErrorCode.PERMISSION_DENIED, message, needed)
        return self._judge_reach(principal, command, grants)

    def _judge_reach(
        self, principal: ModulePrincipal, command: Command, grants: Grants
    ) -> Denial | None:
        if isinstance(command, PlatformCommand):
            inside = grants.platforms is None or command.target in grants.platforms
            if not inside and command.target != TARGET_ALL:
                message = (
                    f"'{command.target}' is not among the platforms of this module. "
                    "Add it in manifest.json under 'requirements'."
                )
                return self._deny(principal, command, ErrorCode.PLATFORM_NOT_DECLARED, message)
        if isinstance(command, CallModule) and command.module_id not in grants.calls:
            message = (
                f"'{command.module_id}' is not among the modules that this one may call. "
                "Add it in manifest.json under 'calls'."
            )
            return self._deny(
                principal, command, ErrorCode.PERMISSION_DENIED, message, Permission.MODULES_CALL
            )
        if isinstance(command, HttpRequest) and not grants.network:
            message = "No host is declared. Add it in manifest.json under 'network'."
            return self._deny(
                principal, command, ErrorCode.PERMISSION_DENIED, message, Permission.NETWORK
            )
        return None

    @staticmethod
    def _deny(
        principal: Principal,
        command: Command,
        code: ErrorCode,
        message: str,
        permission: Permission | None = None,
    ) -> Denial:
        value = permission.value if permission is not None else None
        return Denial(principal, command_name(command), code, message, value)

    def _changed(self, module_id: str) -> None:
        for listener in self._listeners:
            listener(module_id)
