"""`main.py` with the app of `inside`: what runs in a core under experiment.

The start is the product's own, in its order and with nothing loaded earlier. With
STREAMCORE_CHAOS_RESTLESS a module that crashes is started again every time as after its first
crash: five crashes within two minutes would park it, and a thousand kills would take hours. All
other rules stay.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import streamcore.core.front as front
from streamcore.cli import main
from tests.chaos.loose_clock import LooseClock

if TYPE_CHECKING:
    from streamcore.core.app import App

__all__ = ["RESTLESS"]

RESTLESS = "STREAMCORE_CHAOS_RESTLESS"


def import_app() -> type[App]:
    """Import the rest of the core, when the product does."""
    import streamcore.core.restart_policy as restart_policy
    from tests.chaos.inside import ChaosApp

    if os.environ.get(RESTLESS):
        vars(restart_policy).update(BACK_OFF_S=restart_policy.BACK_OFF_S[:1], CRASHES=1_000_000)
    return ChaosApp


if __name__ == "__main__":
    vars(front).update(_import_app=import_app, SystemClock=LooseClock)
    sys.exit(main())
