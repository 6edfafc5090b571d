"""Test events: one of any type with believable fields, or a scenario of many."""

from __future__ import annotations

from streamcore.core.simulator.simulator import Simulator

__all__ = ["Simulator"]
