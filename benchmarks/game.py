"""A PC that is busy with a game and an encoder: one process a core that takes all it can get."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["busy_pc"]


@contextmanager
def busy_pc() -> Iterator[None]:
    """Keep every core busy at ordinary priority."""
    spinning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
        for process in spinning:
            process.wait()
