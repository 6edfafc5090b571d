"""Starts, confines and ends the processes that modules run in."""

from __future__ import annotations

from streamcore.core.process.launcher import (
    AcceptLink,
    Exit,
    FdLink,
    IssueToken,
    Launcher,
    LaunchSpec,
    Link,
    ModuleProcess,
    OutputSink,
    TcpLink,
    Usage,
)
from streamcore.core.process.select import make_launcher

__all__ = [
    "AcceptLink",
    "Exit",
    "FdLink",
    "IssueToken",
    "LaunchSpec",
    "Launcher",
    "Link",
    "ModuleProcess",
    "OutputSink",
    "TcpLink",
    "Usage",
    "make_launcher",
]
