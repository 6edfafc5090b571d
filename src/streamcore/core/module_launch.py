"""How a module's process starts: which interpreter, with what on its path, in which language."""

from __future__ import annotations

import compileall
import locale
import os
import sys
from pathlib import Path

import msgspec

import streamcore
from streamcore.bundle import Bundle
from streamcore.core.config import Home
from streamcore.core.process import LaunchSpec

__all__ = ["ModuleLaunch", "compile_sdk", "host_command", "host_paths"]


class ModuleLaunch:
    """Makes the start order of a module's next life."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._paths = host_paths()
        self._language = _system_language()

    def spec(self, bundle: Bundle, generation: int) -> LaunchSpec:
        """Return the order; the module's data folder is made when it is not there."""
        manifest = bundle.manifest
        if manifest is None or manifest.entry_point is None:
            raise ValueError(f"{bundle.id} has nothing to run")
        data_dir = self._home.module_data / bundle.id
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LaunchSpec(
            module_id=bundle.id,
            generation=generation,
            folder=bundle.folder,
            entry_point=manifest.entry_point,
            data_dir=data_dir,
            paths=self._paths,
            limits=manifest.limits,
            language=self._language,
        )


def host_command() -> list[str]:
    """Return how a module's process starts: an interpreter that runs nothing of its own first."""
    if getattr(sys, "frozen", False) or "__compiled__" in globals():
        return [sys.executable, "--module-host"]
    boot = Path(streamcore.__file__).parent / "sdk" / "_host" / "boot.py"
    return [sys.executable, "-I", "-S", "-B", str(boot)]


def compile_sdk() -> None:
    """Compile what every module's process imports: it runs with no right to write there."""
    package = Path(streamcore.__file__).parent
    for part in ("sdk", "protocol"):
        compileall.compile_dir(package / part, quiet=2)


def host_paths() -> tuple[str, ...]:
    """Return where a module's process finds the SDK and what it stands on."""
    package = Path(streamcore.__file__).parent.parent
    libraries = Path(msgspec.__file__).parent.parent
    return (str(package), str(libraries))


def _system_language() -> str:
    """Return the language of this computer among those that StreamCore speaks."""
    name = locale.getlocale()[0] or os.environ.get("LANG", "")
    return "ru" if name.lower().startswith(("ru", "russian")) else "en"
