"""Node.js is found or asked for in one sentence; packages and pages are made only when needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools.dev.console import TaskError
from tools.dev.layout import Checkout
from tools.dev.node import BUILT, Node, ensure_built, ensure_packages, find_node

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    frontend = tmp_path / "checkout" / "src" / "frontend"
    frontend.mkdir(parents=True)
    (frontend / "package.json").write_text(json.dumps({"engines": {"node": ">=20.19"}}))
    (frontend / "package-lock.json").write_text("{}")
    return Checkout(tmp_path / "checkout")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands first and alone on the PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _script(folder: Path, name: str, body: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
    file.chmod(0o755)
    return file


def _npm(programs: Path, *, builds: tuple[str, ...] = BUILT) -> Node:
    """An npm that notes what it was asked for and builds these files."""
    made = "\n".join(
        f"mkdir -p $(dirname ../../static_dist/{name}); touch ../../static_dist/{name}"
        for name in builds
    )
    npm = _script(
        programs,
        "npm",
        f'echo "$1" >> {programs}/calls\n'
        f'case "$1" in ci) mkdir -p node_modules;; run) {made}\n;; esac',
    )
    return Node(str(npm), (20, 19))


def _calls(programs: Path) -> list[str]:
    file = programs / "calls"
    return file.read_text().split() if file.exists() else []


def test_missing_node_is_asked_for(checkout: Checkout, programs: Path) -> None:
    with pytest.raises(TaskError, match=r"needs Node\.js 20\.19 or newer .* found none"):
        find_node(checkout)


def test_old_node_is_named_with_its_version(checkout: Checkout, programs: Path) -> None:
    _script(programs, "node", "echo v18.20.4")
    _script(programs, "npm", "true")
    with pytest.raises(TaskError, match=r"found 18\.20"):
        find_node(checkout)


def test_node_without_npm_is_not_enough(checkout: Checkout, programs: Path) -> None:
    _script(programs, "node", "echo v22.1.0")
    with pytest.raises(TaskError, match="no npm on the PATH"):
        find_node(checkout)


def test_new_enough_node_is_used(checkout: Checkout, programs: Path) -> None:
    _script(programs, "node", "echo v22.1.0")
    npm = _script(programs, "npm", "true")
    assert find_node(checkout) == Node(str(npm), (22, 1))


def test_packages_are_installed_once_for_each_lock(checkout: Checkout, programs: Path) -> None:
    node = _npm(programs)
    ensure_packages(checkout, node)
    ensure_packages(checkout, node)
    assert _calls(programs) == ["ci"]
    (checkout.frontend / "package-lock.json").write_text('{"new": true}')
    ensure_packages(checkout, node)
    assert _calls(programs) == ["ci", "ci"]


def test_pages_are_built_once_for_each_state_of_the_sources(
    checkout: Checkout, programs: Path
) -> None:
    node = _npm(programs)
    ensure_built(checkout, node)
    ensure_built(checkout, node)
    assert _calls(programs) == ["ci", "run"]
    (checkout.frontend / "page.ts").write_text("export {}")
    ensure_built(checkout, node)
    assert _calls(programs) == ["ci", "run", "run"]


def test_a_lost_page_is_built_again(checkout: Checkout, programs: Path) -> None:
    node = _npm(programs)
    ensure_built(checkout, node)
    (checkout.static / "index.html").unlink()
    ensure_built(checkout, node)
    assert _calls(programs) == ["ci", "run", "run"]


def test_an_incomplete_build_is_refused_by_name(checkout: Checkout, programs: Path) -> None:
    node = _npm(programs, builds=("index.html",))
    with pytest.raises(TaskError, match=r"left out sdk/v1/streamcore\.js, overlay/wrapper\.js"):
        ensure_built(checkout, node)
    assert not (checkout.static / ".built-from").exists()


def test_a_failed_build_is_one_sentence(checkout: Checkout, programs: Path) -> None:
    npm = _script(programs, "npm", 'mkdir -p node_modules; [ "$1" = ci ]')
    with pytest.raises(TaskError, match=r"could not be built \(exit code 1"):
        ensure_built(checkout, Node(str(npm), (20, 19)))
    assert not checkout.static.exists()
