"""The packaged binary as a module's process: nothing of the core is loaded here."""

from __future__ import annotations

import runpy
from pathlib import Path

__all__ = ["run_module_host"]


def run_module_host() -> int:
    """Run the module that the first line of standard input describes."""
    import streamcore.sdk

    boot = Path(streamcore.sdk.__file__).parent / "_host" / "boot.py"
    runpy.run_path(str(boot), run_name="__main__")
    return 0
