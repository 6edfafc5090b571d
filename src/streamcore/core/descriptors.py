"""Room for as many sockets and pipes as a large household of modules needs."""

from __future__ import annotations

import contextlib
import sys

__all__ = ["raise_descriptor_limit"]

WANTED = 8192
"""A module takes seven; shells start programs with 1,024 on Linux and 256 on macOS."""


def raise_descriptor_limit() -> None:
    """Raise this process's own soft limit as far as its hard limit lets it; Windows has none."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = WANTED if hard == unlimited else min(WANTED, hard)
    if soft == unlimited or soft >= wanted:
        return
    with contextlib.suppress(OSError, ValueError):  # it stays as it is: enough for most
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
