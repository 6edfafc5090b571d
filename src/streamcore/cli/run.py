"""Runs the app: one instance for a home, a line when it is ready, a clean end on every signal."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
import threading
import webbrowser

import filelock

from streamcore import __version__
from streamcore.cli.home import settings_from
from streamcore.core.config import Settings
from streamcore.core.errors import StartError
from streamcore.core.run_file import read_run_file

__all__ = ["run"]

EXIT_RUNNING_ALREADY = 3
FIRST_INSTANCE_WAIT_S = 20.0
"""A computer that is just starting up, with all its programs, may need that long for the first."""
STOP_DEADLINE_S = 7.5
"""Exit happens within 8 s; what is not done by then is recovered at the next start."""


def run(flags: argparse.Namespace) -> int:
    """Run until a signal ends it; return the exit code of `interfaces`: 0, 2 or 3."""
    # Until there is a loop to end in order, there is nothing to put in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        settings = settings_from(flags)
        settings.home.prepare()
        lock = filelock.FileLock(settings.home.lock_file, blocking=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return _join_first_instance(settings)
        with lock:
            return asyncio.run(_run(settings))
    except StartError as error:
        print(f"StreamCore cannot start: {error}", file=sys.stderr)
        return error.exit_code


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    # Next to nothing of what is imported from here on is ever garbage: looking for it would take a
    # tenth of the start. `Front` turns the collector on again when all is there.
    gc.disable()
    # Socket.IO's library comes with a client that nobody uses here. Where its HTTP library happens
    # to be installed, on a developer's computer, that would take 0.2 s and 9 MB.
    sys.modules.setdefault("aiohttp", None)  # type: ignore[arg-type] # as the import system has it
    # The core is imported only by the one instance that will run.
    from streamcore.core.front import Front

    front = Front(settings, stop=stop.set)
    try:
        await front.open()
        print(f"StreamCore {__version__} ready at {front.url}", flush=True)
        if settings.open_browser:
            _open_beside(front.dashboard_address())
        await front.run_until(stop)
    finally:
        try:
            async with asyncio.timeout(STOP_DEADLINE_S):
                await front.close()
        except TimeoutError:
            print("StreamCore: the end took too long and was cut short.", file=sys.stderr)
            os._exit(0)
    return 0


def _open_beside(address: str) -> None:
    """Open the browser without waiting for it: one in a terminal returns only when it is left."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is None:
            continue
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            # Windows loops take no signal handlers; Python's own runs on the main thread.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def _join_first_instance(settings: Settings) -> int:
    """Show the dashboard of the instance that runs already."""
    from streamcore.cli.client import CallError, dashboard_address, wait_for_run_file

    running = read_run_file(settings.home.run_file) or wait_for_run_file(
        settings.home.run_file, FIRST_INSTANCE_WAIT_S
    )
    if running is None:
        raise StartError(
            f"another StreamCore uses {settings.home.root} and is not ready yet. "
            "Wait a moment, or end it and start again."
        )
    print(f"StreamCore runs already at {running.url}", flush=True)
    if not settings.open_browser:
        return EXIT_RUNNING_ALREADY
    try:
        webbrowser.open(dashboard_address(running))
    except CallError as error:
        raise StartError(f"the StreamCore that runs already does not answer: {error}") from error
    return 0
