"""The front end's lock names every system's packages, and no address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.dev.npm_lock import complete


def _lock(folder: Path, packages: dict[str, Any]) -> Path:
    file = folder / "package-lock.json"
    file.write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    return file


def _packages(file: Path) -> dict[str, Any]:
    packages = json.loads(file.read_text(encoding="utf-8"))["packages"]
    assert isinstance(packages, dict)
    return packages


def _owner(**optional: str) -> dict[str, Any]:
    names = {name.replace("_", "-"): version for name, version in optional.items()}
    return {"version": "1.0.0", "optionalDependencies": names}


@pytest.mark.parametrize(
    ("name", "system", "processor"),
    [
        ("tool-darwin-arm64", ["darwin"], ["arm64"]),
        ("tool-win32-x64-msvc", ["win32"], ["x64"]),
        ("tool-linux-riscv64-musl", ["linux"], ["riscv64"]),
        ("tool-wasm32-wasi", None, ["wasm32"]),
    ],
)
def test_a_package_of_another_system_is_added(
    tmp_path: Path, name: str, system: list[str] | None, processor: list[str]
) -> None:
    file = _lock(tmp_path, {"": {}, "node_modules/tool": _owner(**{name: "1.0.0"})})
    assert complete(file) == [name]
    added = _packages(file)[f"node_modules/{name}"]
    assert added["version"] == "1.0.0"
    assert added["optional"] is True
    assert added.get("os") == system
    assert added["cpu"] == processor


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    there = {"version": "1.0.0", "integrity": "sha512-x", "os": ["linux"], "cpu": ["x64"]}
    packages = {
        "": {},
        "node_modules/tool": _owner(tool_linux_x64="1.0.0"),
        "node_modules/tool-linux-x64": there,
    }
    file = _lock(tmp_path, packages)
    assert complete(file) == []
    assert _packages(file) == packages


def test_a_package_below_its_owner_counts_as_there(tmp_path: Path) -> None:
    packages = {
        "": {},
        "node_modules/app/node_modules/tool": _owner(tool_linux_x64="2.0.0"),
        "node_modules/app/node_modules/tool-linux-x64": {"version": "2.0.0"},
    }
    assert complete(_lock(tmp_path, packages)) == []


@pytest.mark.parametrize(
    "optional", [{"fsevents": "2.3.3"}, {"tool_linux_x64": "^1.0.0"}], ids=["no system", "a range"]
)
def test_what_cannot_be_known_is_left_to_npm(tmp_path: Path, optional: dict[str, str]) -> None:
    file = _lock(tmp_path, {"": {}, "node_modules/tool": _owner(**optional)})
    assert complete(file) == []


def test_download_addresses_are_dropped(tmp_path: Path) -> None:
    package = {"version": "1.0.0", "resolved": "https://example.org/tool.tgz"}
    file = _lock(tmp_path, {"": {}, "node_modules/tool": package})
    complete(file)
    assert "resolved" not in file.read_text(encoding="utf-8")


def test_the_lock_of_the_front_end_is_whole(checkout_root: Path, tmp_path: Path) -> None:
    lock = checkout_root / "src" / "frontend" / "package-lock.json"
    copy = tmp_path / "package-lock.json"
    copy.write_bytes(lock.read_bytes())
    assert complete(copy) == [], "run `python dev.py lock`"
