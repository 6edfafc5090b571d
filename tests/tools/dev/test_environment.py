"""The virtual environment is made for this Python and filled once for each state of the locks."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from tools.dev.console import TaskError
from tools.dev.environment import ensure_environment
from tools.dev.layout import Checkout

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout whose `.venv` has a Python that only notes what it is asked for."""
    made = Checkout(tmp_path)
    (tmp_path / "requirements.txt").write_text("a==1\n")
    (tmp_path / "requirements-dev.txt").write_text("a==1\nb==1\n")
    made.python.parent.mkdir(parents=True)
    made.python.write_text(f'#!/bin/sh\nshift 5\nbasename "$1" >> {tmp_path}/calls\n')
    made.python.chmod(0o755)
    (made.venv / "pyvenv.cfg").write_text(f"home = x\nversion = {platform.python_version()}\n")
    return made


def _calls(checkout: Checkout) -> list[str]:
    file = checkout.root / "calls"
    return file.read_text().split() if file.exists() else []


def test_packages_are_installed_once(checkout: Checkout) -> None:
    ensure_environment(checkout, with_tools=False)
    ensure_environment(checkout, with_tools=False)
    assert _calls(checkout) == ["requirements.txt"]


def test_tools_bring_the_runtime_with_them(checkout: Checkout) -> None:
    ensure_environment(checkout, with_tools=True)
    ensure_environment(checkout, with_tools=False)
    ensure_environment(checkout, with_tools=True)
    assert _calls(checkout) == ["requirements-dev.txt"]


def test_tools_are_added_to_a_runtime(checkout: Checkout) -> None:
    ensure_environment(checkout, with_tools=False)
    ensure_environment(checkout, with_tools=True)
    assert _calls(checkout) == ["requirements.txt", "requirements-dev.txt"]


def test_a_new_lock_is_installed(checkout: Checkout) -> None:
    ensure_environment(checkout, with_tools=False)
    (checkout.root / "requirements.txt").write_text("a==2\n")
    ensure_environment(checkout, with_tools=False)
    assert _calls(checkout) == ["requirements.txt", "requirements.txt"]


def test_a_failed_installation_is_tried_again(checkout: Checkout) -> None:
    good = checkout.python.read_text()
    checkout.python.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(TaskError, match="could not be installed"):
        ensure_environment(checkout, with_tools=False)
    checkout.python.write_text(good)
    ensure_environment(checkout, with_tools=False)
    assert _calls(checkout) == ["requirements.txt"]


def test_an_environment_of_another_python_is_made_anew(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout.venv / "pyvenv.cfg").write_text("version = 3.10.0\n")
    monkeypatch.setattr("venv.create", _fake_venv)
    ensure_environment(checkout, with_tools=False)
    assert (checkout.venv / "new").exists()
    assert (checkout.venv / "installed-runtime").exists()


def test_python_without_ensurepip_is_told_what_to_install(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.python.unlink()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(TaskError, match="apt-get install python3-venv"):
        ensure_environment(checkout, with_tools=False)


def _fake_venv(folder: Path, **options: object) -> None:
    python = Checkout(folder.parent).python
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    (folder / "new").touch()
