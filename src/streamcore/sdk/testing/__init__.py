"""Runs a module without a core: `async with ModuleHarness(Bot) as bot:`."""

from __future__ import annotations

from streamcore.sdk.testing.harness import ModuleHarness, load_module
from streamcore.sdk.testing.manual_time import ManualTime

__all__ = ["ManualTime", "ModuleHarness", "load_module"]
