"""`main.py` with short waits between two attempts to connect; all other rules stay.

Fifty lost connections within minutes are what the growing waits are there to spare a platform.
"""

from __future__ import annotations

import sys

from streamcore.cli import main
from streamcore.core.integrations.twitch.backoff import Backoff

__all__: list[str] = []

if __name__ == "__main__":
    Backoff.__init__.__kwdefaults__ = {"first_s": 0.05, "cap_s": 0.5}
    sys.exit(main())
