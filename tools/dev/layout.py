"""Where things stand in the checkout."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HERE", "Checkout"]


@dataclass(frozen=True)
class Checkout:
    """The folders and files that the tasks work on."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        if sys.platform == "win32":
            return self.venv / "Scripts" / "python.exe"
        return self.venv / "bin" / "python"

    @property
    def frontend(self) -> Path:
        return self.root / "src" / "frontend"

    @property
    def static(self) -> Path:
        return self.root / "static_dist"

    def tool(self, name: str) -> str:
        """Return the path of a program that is installed in the virtual environment."""
        suffix = ".exe" if sys.platform == "win32" else ""
        return str(self.python.with_name(name + suffix))


HERE = Checkout(Path(__file__).resolve().parents[2])
