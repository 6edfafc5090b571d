"""Entry of StreamCore: finds the package and hands over to its command line."""

from __future__ import annotations

import sys
from pathlib import Path

# A packaged binary carries the package inside; a checkout keeps it under src.
sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from streamcore.cli import main

if __name__ == "__main__":
    sys.exit(main())
