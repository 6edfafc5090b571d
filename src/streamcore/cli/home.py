"""Turns flags and environment into settings, the same way for every command."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import filelock

from streamcore.core.config import Home, Settings, load_settings
from streamcore.core.errors import StartError

__all__ = ["resting", "settings_from"]


def settings_from(flags: argparse.Namespace) -> Settings:
    """Return the settings that the flags and the environment ask for; raises StartError."""
    given = {
        "home": flags.home,
        "host": flags.host,
        "port": flags.port,
        "demo": flags.demo or None,
        "no_browser": flags.no_browser,
        "log_level": flags.log_level,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    return load_settings(wanted, os.environ, Path(__file__).resolve().parents[3])


@contextlib.contextmanager
def resting(home: Home) -> Iterator[None]:
    """Keep StreamCore from starting on this home; StartError when it runs there already."""
    home.prepare()
    try:
        with filelock.FileLock(home.lock_file, blocking=False):
            yield
    except filelock.Timeout as error:
        raise StartError(
            f"StreamCore runs on {home.root} and uses its data. End it first: main.py stop"
        ) from error
