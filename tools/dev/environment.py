"""The virtual environment: made, filled from the lock files, left alone when nothing changed."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tools.dev.console import TaskError, call, working
from tools.dev.layout import Checkout
from tools.dev.stamps import digest, is_current, stamp

__all__ = ["ensure_environment", "python_path"]


def ensure_environment(checkout: Checkout, *, with_tools: bool) -> None:
    """Make `.venv` hold what is locked; `with_tools` adds the test tools."""
    _ensure_venv(checkout)
    runtime, tools = checkout.root / "requirements.txt", checkout.root / "requirements-dev.txt"
    runtime_stamp = checkout.venv / "installed-runtime"
    tools_stamp = checkout.venv / "installed-tools"
    wanted_runtime = digest([runtime], platform.python_version())
    wanted_tools = digest([runtime, tools], platform.python_version())
    has_tools = is_current(tools_stamp, wanted_tools)
    if has_tools or (not with_tools and is_current(runtime_stamp, wanted_runtime)):
        return
    lock = tools if with_tools else runtime
    with working(f"Installing the Python packages of {lock.name}"):
        call(
            [
                *(checkout.python, "-m", "pip", "install", "--require-hashes", "-r", lock),
                *("--quiet", "--no-input", "--disable-pip-version-check"),
            ],
            cwd=checkout.root,
            failure="The Python packages could not be installed",
        )
    stamp(runtime_stamp, wanted_runtime)
    if with_tools:
        stamp(tools_stamp, wanted_tools)


def python_path(checkout: Checkout) -> dict[str, str]:
    """Return the environment in which a tool finds the package and the checkout's own tools."""
    return {"PYTHONPATH": os.pathsep.join([str(checkout.root / "src"), str(checkout.root)])}


def _ensure_venv(checkout: Checkout) -> None:
    """Make the virtual environment, or make it anew when it belongs to another Python."""
    version = platform.python_version()
    if checkout.python.exists() and _version_of(checkout.venv) == version:
        return
    if Path(sys.prefix).resolve() == checkout.venv.resolve():
        raise TaskError(
            f"The virtual environment {checkout.venv} is damaged and cannot mend itself. "
            "Delete that folder and start dev.py with a Python outside of it."
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise TaskError(
            f"Python {version} has no ensurepip, so it cannot make a virtual environment. "
            "On Debian and Ubuntu: apt-get install python3-venv; then start this again."
        )
    with working(f"Making .venv with Python {version}"):
        if checkout.venv.exists():
            shutil.rmtree(checkout.venv)
        try:
            venv.create(checkout.venv, with_pip=True, symlinks=sys.platform != "win32")
        except (OSError, subprocess.SubprocessError) as error:
            raise TaskError(
                f"The virtual environment {checkout.venv} could not be made: {error}"
            ) from error


def _version_of(folder: Path) -> str | None:
    """Read which Python a virtual environment was made with."""
    try:
        lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for line in lines:
        key, _, value = line.partition("=")
        if key.strip() == "version":
            return value.strip()
    return None
