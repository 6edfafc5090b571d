"""Starting, watching and ending a module's process, as a port."""

from __future__ import annotations

import os
import signal as signals
import socket
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from streamcore.core.principals import ModulePrincipal
from streamcore.protocol.manifest import Limits

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
]

_RETRY_LATER = 75  # EX_TEMPFAIL of sysexits.h
_HOPELESS = 78  # EX_CONFIG


@dataclass(frozen=True, slots=True)
class FdLink:
    """The child inherits a broker's descriptor and asks it for connections; it is the identity."""

    fd: int


@dataclass(frozen=True, slots=True)
class TcpLink:
    """The child connects over loopback and shows a launch token."""

    host: str
    port: int
    token: str = field(repr=False)


Link = FdLink | TcpLink

OutputSink = Callable[[str, str], None]
"""Called with `stdout` or `stderr` and one line without its end."""

AcceptLink = Callable[[socket.socket, ModulePrincipal], Awaitable[None]]
"""Given the core's end of a connection that a module asked its broker for."""

IssueToken = Callable[[ModulePrincipal], TcpLink]


@dataclass(frozen=True, slots=True)
class LaunchSpec:
    """Everything that the host process is told about the module it is to run."""

    module_id: str
    generation: int
    folder: Path
    entry_point: str
    data_dir: Path
    paths: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    language: str = "en"

    @property
    def principal(self) -> ModulePrincipal:
        """Return the identity that every connection of this process will have."""
        return ModulePrincipal(self.module_id, self.generation)


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended: by itself with a code, or by a signal."""

    code: int | None
    signal: int | None = None

    @classmethod
    def of(cls, returncode: int) -> Exit:
        """Translate `subprocess`'s number, in which a signal is negative."""
        return cls(None, -returncode) if returncode < 0 else cls(returncode)

    @property
    def retry_later(self) -> bool:
        """Tell whether the module said by its exit code that it is not to blame."""
        return self.code == _RETRY_LATER

    @property
    def hopeless(self) -> bool:
        """Tell whether the host found the module's file wrong: a retry finds the same."""
        return self.code == _HOPELESS

    def describe(self) -> str:
        """Say it to a person."""
        if self.signal is not None:
            try:
                name = signals.Signals(self.signal).name
            except ValueError:
                name = "signal"
            return f"ended by {name} ({self.signal})"
        if self.code == 0:
            return "ended by itself (exit code 0)"
        if self.retry_later:
            return f"asked to be started later (exit code {self.code})"
        if self.code is not None and self.code > 0xFFFF:
            return f"exit code 0x{self.code:08X}"  # Windows: an NTSTATUS
        return f"exit code {self.code}"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its children take from the machine; 100 % is one processor core."""

    cpu_percent: float = 0.0
    rss_mb: float = 0.0


class ModuleProcess(ABC):
    """A started module host; nothing of it outlives the process."""

    pid: int

    @abstractmethod
    async def wait(self) -> Exit:
        """Wait until it has ended and its last output was delivered; any number may wait."""

    @abstractmethod
    def terminate(self) -> None:
        """Ask the process and its children to end; does nothing after the end."""

    @abstractmethod
    def kill(self) -> None:
        """End the process and its children now; does nothing after the end."""

    @abstractmethod
    def usage(self) -> Usage:
        """Measure it; the CPU share is the one since the call before."""


class Launcher(ABC):
    """Starts module hosts in the strongest confinement that this system offers."""

    name: str
    level: str
    """The honest level of confinement, `S0` (none) to `S3`."""
    at_once: int = max(2, os.cpu_count() or 1)
    """So many hosts may start together: a fresh interpreter keeps one core busy."""

    async def prepare(self) -> None:  # noqa: B027 - most have nothing to do in advance
        """Do what the first launch would have to wait for; a launch is soon to be expected."""

    @abstractmethod
    async def launch(self, spec: LaunchSpec, on_output: OutputSink) -> ModuleProcess:
        """Start a host for `spec`; an `OSError` when the system refuses."""

    @abstractmethod
    async def close(self) -> None:
        """Kill what still runs and wait for it."""
