"""Commands about the StreamCore that runs: open its dashboard, end it, look at its health."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any

from streamcore import __version__
from streamcore.cli.home import settings_from
from streamcore.core.errors import StartError
from streamcore.core.run_file import RunFile, read_run_file

__all__ = [
    "CallError",
    "call",
    "dashboard_address",
    "doctor",
    "open_dashboard",
    "stop",
    "wait_for_run_file",
]

STOP_WAIT_S = 10.0
POLL_S = 0.1


class CallError(Exception):
    """The running core refused or did not answer; the text says why."""


def call(run: RunFile, method: str, path: str, body: object | None = None) -> Any:
    """Call the running core's API with its own token and return the decoded answer."""
    request = urllib.request.Request(  # noqa: S310 - the address is our own run.json's
        f"{run.url}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {run.token}", "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=15) as answer:
            content = answer.read()
    except urllib.error.HTTPError as error:
        raise CallError(_problem(error)) from error
    except OSError as error:
        raise CallError(f"StreamCore at {run.url} does not answer: {error}") from error
    return json.loads(content) if content else None


def dashboard_address(run: RunFile) -> str:
    """Return an address that opens the dashboard once, without another login."""
    code = call(run, "POST", "/api/session/code")["code"]
    return f"{run.url}/#code={code}"


def wait_for_run_file(path: Path, seconds: float) -> RunFile | None:
    """Wait for a core that is just starting."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = read_run_file(path)
        if run is not None:
            return run
        time.sleep(POLL_S)
    return None


def running_instance(flags: argparse.Namespace) -> RunFile:
    """Return the running core of this home; raises StartError when there is none."""
    settings = settings_from(flags)
    run = read_run_file(settings.home.run_file)
    if run is None:
        raise StartError(f"no StreamCore runs on {settings.home.root}. Start it first.")
    return run


def open_dashboard(flags: argparse.Namespace) -> int:
    """Open the dashboard in the browser, or print its address with --no-browser."""
    try:
        address = dashboard_address(running_instance(flags))
    except (StartError, CallError) as error:
        print(error, file=sys.stderr)
        return 2
    if flags.no_browser:
        print(address)
    else:
        webbrowser.open(address)
    return 0


def stop(flags: argparse.Namespace) -> int:
    """End the running core and wait until it is gone."""
    try:
        run = running_instance(flags)
        call(run, "POST", "/api/system/stop")
    except (StartError, CallError) as error:
        print(error, file=sys.stderr)
        return 2
    path = settings_from(flags).home.run_file
    end = time.monotonic() + STOP_WAIT_S
    while time.monotonic() < end:
        if read_run_file(path) is None:
            print("StreamCore has ended.")
            return 0
        time.sleep(POLL_S)
    print(f"StreamCore (process {run.pid}) has not ended within {STOP_WAIT_S:.0f} s.")
    return 2


def doctor(flags: argparse.Namespace) -> int:
    """Print what StreamCore stands on; exit code 2 when something needs a hand."""
    try:
        settings = settings_from(flags)
        settings.home.prepare()
    except StartError as error:
        print(f"✗ {error}")
        return 2
    print(f"StreamCore {__version__}, Python {platform.python_version()}, {platform.platform()}")
    findings = [
        (True, f"home folder {settings.home.root} can be written"),
        _look_at_dashboard(settings.static_dir),
        _look_at_database(settings.home.database),
    ]
    run = read_run_file(settings.home.run_file)
    if run is None:
        findings.append((True, "StreamCore is not running"))
    else:
        findings.append(_look_at_instance(run))
    for is_well, text in findings:
        print(f"{'✓' if is_well else '✗'} {text}")
    return 0 if all(is_well for is_well, _ in findings) else 2


def _look_at_dashboard(static_dir: Path) -> tuple[bool, str]:
    if (static_dir / "index.html").is_file():
        return True, "the dashboard is built"
    return False, f"the dashboard is not built into {static_dir}: run 'python dev.py run'"


def _look_at_database(database: Path) -> tuple[bool, str]:
    import sqlite3

    if not database.exists():
        return True, "no database yet; the first start makes it"
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
        try:
            (verdict,) = connection.execute("pragma quick_check(1)").fetchone()
            (schema,) = connection.execute("pragma user_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        return False, f"the database {database} cannot be read: {error}"
    if verdict != "ok":
        return False, f"the database {database} is damaged: {verdict}"
    return True, f"the database is sound (schema {schema})"


def _look_at_instance(run: RunFile) -> tuple[bool, str]:
    try:
        system = call(run, "GET", "/api/system")
    except CallError as error:
        return False, str(error)
    return True, f"StreamCore {system['version']} runs at {run.url} (process {run.pid})"


def _problem(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(error.read())
        return str(problem.get("detail") or problem.get("title") or error)
    except (ValueError, AttributeError):
        return str(error)
