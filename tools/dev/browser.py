"""The browser of the browser tests: the system's own Chromium, found or (on Debian) installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tools.dev.console import TaskError, announce, call, working

__all__ = ["CHROMIUM_VARIABLE", "ensure_chromium", "find_chromium"]

CHROMIUM_VARIABLE = "STREAMCORE_TEST_CHROMIUM"
"""Names the browser to test with; found by `find_chromium` when unset."""

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
_DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji")


def find_chromium() -> Path | None:
    """Return the browser of this machine, or None."""
    named = os.environ.get(CHROMIUM_VARIABLE)
    if named:
        return Path(named)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((place for place in _usual_places() if place.is_file()), None)


def ensure_chromium(root: Path) -> Path | None:
    """Find a browser; as root on Debian install one; without any the browser tests are skipped."""
    found = find_chromium()
    if found is None and _is_debian_root():
        _install(root)
        found = find_chromium()
        if found is None:
            raise TaskError("Debian's chromium was installed, and yet no browser is on the PATH.")
    if found is None:
        announce(
            "No Chromium, Chrome or Edge found: the browser tests are skipped. "
            f"Install one, or name it in {CHROMIUM_VARIABLE}."
        )
    return found


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        return [
            Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
            for name in ("Google Chrome", "Chromium", "Microsoft Edge")
        ]
    if sys.platform == "win32":
        bases = [
            os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
        ]
        ends = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
        return [Path(base) / end for end in ends for base in bases if base]
    return [Path("/snap/bin/chromium"), Path("/opt/google/chrome/chrome")]


def _is_debian_root() -> bool:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    # Ubuntu's package of this name is a snap, which needs a running snapd.
    return "\nID=debian" in f"\n{release}"


def _install(root: Path) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    failure = f"Chromium could not be installed; name another browser in {CHROMIUM_VARIABLE}"
    with working("Installing Chromium for the browser tests"):
        call(["apt-get", "update", "-qq"], cwd=root, failure=failure, environment=quiet)
        call(
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *_DEBIAN_PACKAGES],
            cwd=root,
            failure=failure,
            environment=quiet,
        )
