"""What the person at the terminal sees, and how programs are started on their behalf."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["TaskError", "announce", "call", "colour", "working"]


class TaskError(Exception):
    """A task cannot go on; the text says what was expected, what was found and what to do."""


def announce(text: str) -> None:
    """Say what happens next."""
    print(colour(f"» {text}", "36"), flush=True)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Say what is being done, and afterwards how long it took."""
    announce(f"{text} …")
    started = time.monotonic()
    yield
    announce(f"{text}: done in {time.monotonic() - started:.1f} s")


def call(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    failure: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a program to its end; what it says is shown, and becomes one sentence, when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise TaskError(f"{failure} ({command[0]} did not start: {error})") from error
    if done.returncode != 0:
        print(done.stdout.rstrip(), flush=True)
        raise TaskError(f"{failure} (exit code {done.returncode}, see above)")


def colour(text: str, code: str) -> str:
    """Colour a text for a terminal that wants it."""
    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        return text
    return f"\033[{code}m{text}\033[0m"
