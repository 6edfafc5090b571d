"""The product with a fresh interpreter for each module, as on systems that cannot fork."""

from __future__ import annotations

import sys
from typing import Any

from streamcore.cli import main
from streamcore.core import process

if __name__ == "__main__":
    make_launcher = process.make_launcher

    def make_without_fork_server(*given: Any, preload: object = None, **named: Any) -> object:
        """Leave out where a fork server would find the SDK."""
        return make_launcher(*given, **named)

    # Before the core is imported, which takes the function from there.
    vars(process).update(make_launcher=make_without_fork_server)
    sys.exit(main())
