"""Settings and folders, read once at start: a flag wins over the environment over the default."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from streamcore.core.errors import StartError

__all__ = [
    "BACKUPS_NAME",
    "INDEX_NAME",
    "QUARANTINE_NAME",
    "RESERVE_NAME",
    "Home",
    "Settings",
    "load_settings",
]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8080
DEFAULT_DEMO_RATE = 2.0
MAX_DEMO_RATE = 5_000.0
LOG_LEVELS = ("debug", "info", "warning", "error")
RESERVE_NAME = "reserve.bin"
"""One mebibyte that is given back to a full disk, so that the last events can still be kept."""
BACKUPS_NAME = "backups"
QUARANTINE_NAME = "quarantine"
"""Where damaged databases are kept; nothing in it is ever removed by us."""
INDEX_NAME = "words.db"
"""The word index of the log; it can be removed at will and is made anew."""
PREFIX = "STREAMCORE_"


@dataclass(frozen=True)
class Home:
    """The data folder and what lies where in it."""

    root: Path

    @property
    def modules(self) -> Path:
        return self.root / "modules"

    @property
    def database(self) -> Path:
        return self.root / "streamcore.db"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def module_logs(self) -> Path:
        return self.logs / "modules"

    @property
    def module_data(self) -> Path:
        return self.root / "module_data"

    @property
    def backups(self) -> Path:
        return self.root / BACKUPS_NAME

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.bin"

    @property
    def secrets_key(self) -> Path:
        return self.root / "secrets.key"

    @property
    def run_file(self) -> Path:
        return self.root / "run.json"

    @property
    def lock_file(self) -> Path:
        return self.root / "streamcore.lock"

    @property
    def reserve_file(self) -> Path:
        return self.root / RESERVE_NAME

    def prepare(self) -> None:
        """Make the folders, private to the user; StartError when that is not possible."""
        try:
            for folder in (
                self.root,
                self.modules,
                self.logs,
                self.module_logs,
                self.module_data,
                self.backups,
            ):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # An older folder, or one the user made, may be open to others.
            with contextlib.suppress(PermissionError):
                self.root.chmod(0o700)
            # Rights alone do not tell: a read-only disk, a full quota and a container lie.
            probe = self.root / f".probe-{os.getpid()}"
            probe.write_bytes(b"StreamCore looks whether it may write here.")
            probe.unlink()
            # Whoever takes the lock would make its file readable for all.
            self.lock_file.touch(mode=0o600)
            self.lock_file.chmod(0o600)
        except OSError as error:
            reason = error.strerror or str(error)
            message = (
                f"StreamCore keeps its data in {self.root} and cannot write there ({reason}). "
                "Make the folder writable, or choose another one with --home."
            )
            raise StartError(message) from error


@dataclass(frozen=True)
class Settings:
    """How this start of the app was asked to be."""

    home: Home
    host: str
    port: int
    demo: bool
    demo_rate: float
    open_browser: bool
    log_level: str
    static_dir: Path
    bundled_modules: Path
    keyring: str
    """`system`, or `file` to keep the secrets' key in a file."""
    platform_env: Mapping[str, str]
    """Every STREAMCORE_* variable: the platforms' addresses are in it."""


def load_settings(flags: Mapping[str, object], environ: Mapping[str, str], root: Path) -> Settings:
    """Join flags, environment and defaults; `root` is the checkout's or the bundle's folder."""
    own = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}

    def asked(flag: str) -> str | None:
        value = flags.get(flag)
        return str(value) if value is not None else own.get(PREFIX + flag.upper())

    home = asked("home")
    return Settings(
        home=Home(Path(home).expanduser().absolute() if home else _default_home()),
        host=asked("host") or DEFAULT_HOST,
        port=_port(asked("port")),
        demo=bool(flags.get("demo")),
        demo_rate=_demo_rate(own.get("STREAMCORE_DEMO_RATE")),
        open_browser=not flags.get("no_browser"),
        log_level=_one_of("log level", (asked("log_level") or "info").lower(), LOG_LEVELS),
        static_dir=root / "static_dist",
        bundled_modules=root / "modules",
        keyring=_one_of("keyring", own.get("STREAMCORE_KEYRING", "system"), ("system", "file")),
        platform_env=own,
    )


def _default_home() -> Path:
    # Asked only when no folder was named: the import costs a start some milliseconds.
    from platformdirs import user_data_path

    return user_data_path("StreamCore", appauthor=False, roaming=True)


def _port(text: str | None) -> int:
    if text is None:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        message = f"The port must be a number from 0 (any free one) to 65535, found {text!r}."
        raise StartError(message)
    return int(text)


def _demo_rate(text: str | None) -> float:
    if text is None:
        return DEFAULT_DEMO_RATE
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= MAX_DEMO_RATE:
        message = (
            f"STREAMCORE_DEMO_RATE must be messages a second, above 0 and at most "
            f"{MAX_DEMO_RATE:.0f}, found {text!r}."
        )
        raise StartError(message)
    return rate


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise StartError(f"The {name} must be one of {', '.join(allowed)}, found {value!r}.")
    return value
