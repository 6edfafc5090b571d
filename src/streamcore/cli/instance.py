"""Commands about the StreamCore that runs: open its dashboard, end it."""

from __future__ import annotations

import argparse
import sys
import time
import webbrowser

import psutil

from streamcore.cli.client import call, dashboard_address, running_instance

__all__ = ["open_dashboard", "stop"]

STOP_WAIT_S = 10.0
POLL_S = 0.05


def open_dashboard(flags: argparse.Namespace) -> int:
    """Open the dashboard in the browser; print its address with --no-browser or without one."""
    address = dashboard_address(running_instance(flags))
    if flags.no_browser or not webbrowser.open(address):
        print(address)
    return 0


def stop(flags: argparse.Namespace) -> int:
    """End the running core and wait until its process is gone and its home is free."""
    run = running_instance(flags)
    call(run, "POST", "/api/system/stop")
    end = time.monotonic() + STOP_WAIT_S
    while time.monotonic() < end:
        if not _is_alive(run.pid):
            print("StreamCore has ended.")
            return 0
        time.sleep(POLL_S)
    print(
        f"StreamCore (process {run.pid}) has not ended within {STOP_WAIT_S:.0f} s. "
        "End that process by the means of the system.",
        file=sys.stderr,
    )
    return 2


def _is_alive(pid: int) -> bool:
    try:
        # A zombie has ended; whoever started it has only not looked yet.
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
