"""Turns flags and environment into settings, the same way for every command."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from streamcore.core.config import Settings, load_settings

__all__ = ["settings_from"]


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
