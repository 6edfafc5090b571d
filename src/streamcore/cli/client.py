"""Calls the StreamCore that runs on a home, with the token of its `run.json`."""

from __future__ import annotations

import argparse
import http.client
import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from streamcore.cli.home import settings_from
from streamcore.core.errors import StartError, StreamCoreError
from streamcore.core.run_file import RunFile, read_run_file

__all__ = [
    "CallError",
    "NoAnswerError",
    "call",
    "dashboard_address",
    "running_instance",
    "wait_for_run_file",
]

TIMEOUT_S = 15.0
POLL_S = 0.1


class CallError(StreamCoreError):
    """The running core refused; the text says why."""


class NoAnswerError(CallError):
    """The running core did not answer at all."""


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
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            content = answer.read()
        return json.loads(content) if content else None
    except urllib.error.HTTPError as error:
        with error:
            raise CallError(_problem(error)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = " ".join(str(getattr(error, "reason", error)).split())
        raise NoAnswerError(f"StreamCore at {run.url} does not answer: {reason}") from error


def running_instance(flags: argparse.Namespace) -> RunFile:
    """Return the running core of this home; raises StartError when there is none."""
    home = settings_from(flags).home
    run = read_run_file(home.run_file)
    if run is None:
        raise StartError(f"No StreamCore runs on {home.root}. Start it first.")
    return run


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


def _problem(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(error.read())
        return str(problem.get("detail") or problem.get("title") or error)
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        return str(error)
