"""The product without the allowance of commands a second: `main.py` with these numbers raised."""

from __future__ import annotations

import sys

import streamcore.protocol.limits as limits
from streamcore.cli import main

if __name__ == "__main__":
    # Before the core is imported: its defaults are read from here once. All else stays, the guard
    # included.
    vars(limits).update(COMMANDS_PER_S=1e9, COMMANDS_BURST=1e9)
    sys.exit(main())
