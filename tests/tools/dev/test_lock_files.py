"""The lock files install anywhere: pinned, hashed, and without anybody's address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.dev.lock import HEADER

NAMES = ["requirements.txt", "requirements-dev.txt"]


def _pins(file: Path) -> dict[str, Requirement]:
    text = file.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for line in lines:
        assert "--hash=sha256:" in line, line
    pins = [Requirement(line.split("--hash")[0].strip()) for line in lines]
    return {pin.name.replace("_", "-").lower(): pin for pin in pins}


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned(checkout_root: Path, name: str) -> None:
    for pin in _pins(checkout_root / name).values():
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin


@pytest.mark.parametrize("name", NAMES)
def test_no_address_stands_in_a_lock(checkout_root: Path, name: str) -> None:
    text = (checkout_root / name).read_text(encoding="utf-8")
    assert text.startswith(HEADER)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_locks_hold_what_the_project_asks_for(checkout_root: Path) -> None:
    project = tomllib.loads((checkout_root / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = _pins(checkout_root / "requirements.txt")
    tools = _pins(checkout_root / "requirements-dev.txt")
    for wish in map(Requirement, project["project"]["dependencies"]):
        assert wish.specifier.contains(str(runtime[wish.name].specifier).removeprefix("=="))
    for wish in map(Requirement, project["dependency-groups"]["dev"]):
        assert wish.specifier.contains(str(tools[wish.name].specifier).removeprefix("=="))


def test_the_tools_lock_agrees_with_the_runtime(checkout_root: Path) -> None:
    tools = _pins(checkout_root / "requirements-dev.txt")
    for name, pin in _pins(checkout_root / "requirements.txt").items():
        assert tools[name].specifier == pin.specifier


@pytest.mark.parametrize(
    ("name", "system"),
    [("pywin32-ctypes", "win32"), ("secretstorage", "linux"), ("jeepney", "linux")],
)
def test_packages_of_one_system_stay_there(checkout_root: Path, name: str, system: str) -> None:
    marker = _pins(checkout_root / "requirements.txt")[name].marker
    assert marker is not None
    for platform in ("linux", "win32", "darwin"):
        assert marker.evaluate({"sys_platform": platform}) is (platform == system)


def test_the_front_end_lock_holds_no_download_address(checkout_root: Path) -> None:
    lock = (checkout_root / "src" / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
