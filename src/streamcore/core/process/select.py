"""Picks the launcher of the system that we run on."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from streamcore.core.clock import Clock, SystemClock
from streamcore.core.process.launcher import AcceptLink, IssueToken, Launcher

__all__ = ["make_launcher"]


def make_launcher(
    host_command: Sequence[str],
    accept_link: AcceptLink,
    issue_token: IssueToken,
    *,
    clock: Clock | None = None,
    preload: Sequence[str] | None = None,
) -> Launcher:
    """Return this system's launcher; `host_command` starts a host that speaks our start line.

    `accept_link` serves connections over inherited descriptors, `issue_token` names the loopback
    address where there are none. `preload` are the folders from which a fork server may load the
    SDK, where the system has one; without them every module is a fresh interpreter.
    """
    if sys.platform == "win32":
        from streamcore.core.process._windows import WindowsLauncher

        return WindowsLauncher(host_command, issue_token)
    if sys.platform == "darwin":
        from streamcore.core.process._macos import MacLauncher

        return MacLauncher(host_command, accept_link, clock=clock or SystemClock())
    from streamcore.core.process._linux import LinuxLauncher

    return LinuxLauncher(host_command, accept_link, clock=clock or SystemClock(), preload=preload)
