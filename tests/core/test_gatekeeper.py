"""The gate: every command and event against every set of permissions."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamcore.core.gatekeeper import Denial, Gatekeeper, Grants
from streamcore.core.logged import LoggedEvent
from streamcore.core.principals import DashboardPrincipal, ModulePrincipal, ViewPrincipal
from streamcore.protocol.commands import COMMANDS, Command, OwnCommand, PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import EVENTS
from streamcore.protocol.permissions import PERMISSIONS, Permission

MODULE = ModulePrincipal("bot", 1)
_EXAMPLES: dict[type, object] = {str: "x", int: 1}


def _example(cls: type[Command], target: str = "here") -> Command:
    """Make a command with every required field filled in."""
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(cls):
        if not field.required:
            continue
        if field.name == "target":
            values["target"] = target
        elif field.name == "status":
            values["status"] = "fulfilled"
        elif field.name in {"choices", "outcomes"}:
            values[field.name] = ["a", "b"]
        else:
            values[field.name] = _EXAMPLES.get(field.type, "x")
    return msgspec.convert(values | {"cmd": cls.__struct_config__.tag}, cls)


def _gate(*permissions: Permission, platforms: frozenset[str] | None = None) -> Gatekeeper:
    gate = Gatekeeper(lambda _: None)
    reach = frozenset({"x"})
    gate.set_grants(Grants("bot", frozenset(permissions), platforms, network=reach, calls=reach))
    return gate


def test_what_is_wanted_of_a_platform_is_what_was_allowed_there() -> None:
    gate = Gatekeeper(lambda _: None)
    changes: list[str] = []
    gate.on_change(changes.append)
    read, send = Permission.CHAT_READ, Permission.CHAT_SEND
    gate.set_grants(Grants("b", frozenset({read, send}), frozenset({"x"})))
    gate.set_grants(Grants("a", frozenset({read}), None, denied=frozenset({send})))
    gate.set_grants(Grants("c", frozenset({read}), frozenset({"y"})))
    assert gate.wishes("x") == {read: ["a", "b"], send: ["b"]}
    assert gate.wishes("y") == {read: ["a", "c"]}
    gate.revoke("b")
    assert gate.wishes("x") == {read: ["a"]}
    assert changes == ["b", "a", "c", "b"]


permission_sets = st.frozensets(st.sampled_from(list(Permission)))


@given(permissions=permission_sets, name=st.sampled_from(sorted(COMMANDS)))
def test_a_command_passes_exactly_with_its_permission(
    permissions: frozenset[Permission], name: str
) -> None:
    command = _example(COMMANDS[name])
    denial = _gate(*permissions).check(MODULE, command)
    needed = command.permission
    assert (denial is None) == (needed is None or needed in permissions)
    if denial is not None:
        assert denial.code == ErrorCode.PERMISSION_DENIED
        assert denial.permission == needed


@given(
    permissions=permission_sets,
    platforms=st.none() | st.frozensets(st.sampled_from("abc")),
    name=st.sampled_from(sorted(EVENTS)),
    platform=st.sampled_from(["a", "b", "c", ""]),
)
def test_an_event_passes_exactly_with_its_permission_and_platform(
    permissions: frozenset[Permission],
    platforms: frozenset[str] | None,
    name: str,
    platform: str,
) -> None:
    gate = _gate(*permissions, platforms=platforms)
    filter_, refused = gate.event_filter(MODULE, [name])
    needed = EVENTS[name].permission
    has_permission = needed is None or needed in permissions
    has_platform = platforms is None or not platform or platform in platforms
    owner = "bot" if name == "module_event" else ""
    event = LoggedEvent(1, name, platform, owner, b"{}")
    assert filter_.admits(event) == (has_permission and has_platform)
    assert bool(refused) == (not has_permission)


@given(
    name=st.sampled_from(sorted(n for n, c in COMMANDS.items() if issubclass(c, PlatformCommand))),
    target=st.sampled_from(["a", "b", "c", "all"]),
    platforms=st.none() | st.frozensets(st.sampled_from("abc")),
)
def test_a_target_outside_the_declared_platforms_is_refused(
    name: str, target: str, platforms: frozenset[str] | None
) -> None:
    gate = _gate(*Permission, platforms=platforms)
    denial = gate.check(MODULE, _example(COMMANDS[name], target))
    is_inside = platforms is None or target == "all" or target in platforms
    assert (denial is None) == is_inside
    if denial is not None:
        assert denial.code == ErrorCode.PLATFORM_NOT_DECLARED


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_only_commands_on_own_data_need_no_permission(name: str) -> None:
    cls = COMMANDS[name]
    assert (cls.permission is None) == issubclass(cls, OwnCommand)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_nothing_passes_without_grants_or_from_a_page(name: str) -> None:
    gate = Gatekeeper(lambda _: None)
    command = _example(COMMANDS[name])
    assert gate.check(MODULE, command) is not None
    gate.set_grants(Grants("bot", frozenset(Permission), None))
    assert gate.check(ViewPrincipal("bot", "overlay"), command) is not None
    assert gate.check(DashboardPrincipal("s"), command) is None


def test_every_permission_guards_something_and_is_explained() -> None:
    used = {cls.permission for cls in EVENTS.values()} | {c.permission for c in COMMANDS.values()}
    assert used - {None} == set(Permission)
    assert PERMISSIONS.keys() == set(Permission)


def test_a_command_class_that_forgot_its_permission_is_refused() -> None:
    class _Forgotten(Command, frozen=True, kw_only=True):
        pass

    assert _gate(*Permission).check(MODULE, _Forgotten()) is not None


def test_other_modules_and_hosts_need_to_be_declared() -> None:
    gate = Gatekeeper(lambda _: None)
    gate.set_grants(Grants("bot", frozenset(Permission), None))
    for name in ("call_module", "http_request"):
        denial = gate.check(MODULE, _example(COMMANDS[name]))
        assert denial is not None
        assert denial.code == ErrorCode.PERMISSION_DENIED


def test_every_deny_is_recorded_and_every_change_told() -> None:
    denials: list[Denial] = []
    changes: list[str] = []
    gate = Gatekeeper(denials.append)
    gate.on_change(changes.append)
    command = _example(COMMANDS["send_chat"])
    gate.check(MODULE, command)
    gate.set_grants(Grants("bot", frozenset({Permission.CHAT_SEND}), None))
    gate.set_grants(Grants("bot", frozenset({Permission.CHAT_SEND}), None))
    assert gate.check(MODULE, command) is None
    gate.revoke("bot")
    gate.revoke("bot")
    gate.check(MODULE, command)
    assert [denial.command for denial in denials] == ["send_chat", "send_chat"]
    assert changes == ["bot", "bot"]


def test_an_unknown_event_type_is_refused_without_a_permission() -> None:
    _, refused = _gate(*Permission).event_filter(MODULE, ["nonsense", "nonsense"])
    assert [(refusal.type, refusal.permission) for refusal in refused] == [("nonsense", None)]
