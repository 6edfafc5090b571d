"""Repeatable measurements of the running product: `python -m benchmarks` prints a table."""

from __future__ import annotations

import sys
from pathlib import Path

# As in main.py: the checkout keeps the package under src, and nothing needs to be installed.
_SOURCES = str(Path(__file__).resolve().parent.parent / "src")
if _SOURCES not in sys.path:
    sys.path.insert(0, _SOURCES)
