"""`dev.py` as a person meets it: real processes, signals and exit codes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.dev.node import _IRRELEVANT, BUILT
from tools.dev.stamps import digest, digest_of_tree, stamp

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")

APPLICATION = """
import signal, sys
def end(number, frame):
    sys.exit(40 + number)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
print("ready", *sys.argv[1:], flush=True)
if "--wait" in sys.argv:
    signal.pause()
sys.exit(7)
"""


@pytest.fixture
def checkout(tmp_path: Path, checkout_root: Path) -> Path:
    """A checkout in which everything is set up, with a small application in place of ours."""
    shutil.copy(checkout_root / "dev.py", tmp_path)
    shutil.copytree(checkout_root / "tools", tmp_path / "tools")
    (tmp_path / "main.py").write_text(APPLICATION)
    frontend = tmp_path / "src" / "frontend"
    frontend.mkdir(parents=True)
    (frontend / "package.json").write_text('{"engines": {"node": ">=20"}}')
    for name in BUILT:
        file = tmp_path / "static_dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    built_from = digest_of_tree(frontend, without=_IRRELEVANT)
    stamp(tmp_path / "static_dist" / ".built-from", built_from)

    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    version = sys.version.split()[0]
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = {sys.prefix}\nversion = {version}\n")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "requirements-dev.txt").touch()
    locks = [tmp_path / "requirements.txt", tmp_path / "requirements-dev.txt"]
    stamp(tmp_path / ".venv" / "installed-runtime", digest(locks[:1], version))
    stamp(tmp_path / ".venv" / "installed-tools", digest(locks, version))

    programs = tmp_path / "programs"
    programs.mkdir()
    for name, says in {"node": "v20.19.0", "npm": ""}.items():
        (programs / name).write_text(f"#!/bin/sh\necho {says}\n")
        (programs / name).chmod(0o755)
    return tmp_path


def _start(checkout: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(checkout / "dev.py"), *arguments],
        env={"PATH": str(checkout / "programs")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_run_starts_the_demo_and_returns_its_exit_code(checkout: Path) -> None:
    with _start(checkout, "run", "--", "--port", "0") as task:
        out, _ = task.communicate(timeout=10)
    assert out == "ready --demo --port 0\n"
    assert task.returncode == 7


def test_run_without_demo(checkout: Path) -> None:
    with _start(checkout, "run", "--no-demo") as task:
        out, _ = task.communicate(timeout=10)
    assert out == "ready\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_run_hands_signals_to_the_application(checkout: Path, number: signal.Signals) -> None:
    with _start(checkout, "run", "--", "--wait") as task:
        assert task.stdout is not None
        assert task.stdout.readline() == "ready --demo --wait\n"
        task.send_signal(number)
        task.communicate(timeout=10)
    assert task.returncode == 40 + number


def test_a_missing_node_is_one_sentence_and_exit_code_2(checkout: Path) -> None:
    (checkout / "programs" / "node").unlink()
    with _start(checkout, "run") as task:
        out, error = task.communicate(timeout=10)
    assert task.returncode == 2
    assert out == ""
    assert error.count("\n") == 1
    assert "found none on the PATH" in error


def test_an_unknown_task_is_refused_with_the_list(checkout: Path) -> None:
    with _start(checkout, "dance") as task:
        _, error = task.communicate(timeout=10)
    assert task.returncode == 2
    assert "run" in error
    assert "test" in error


def test_old_pythons_can_read_as_far_as_the_sentence(checkout_root: Path) -> None:
    source = (checkout_root / "dev.py").read_text(encoding="ascii")
    before = source.index("sys.exit(")
    assert "f'" not in source[:before] and 'f"' not in source
    assert "from __future__" not in source.replace("`from __future__`", "")
    assert source.index("from tools") > before


def test_chaos_hands_its_options_on(checkout: Path) -> None:
    experiments = checkout / "tests" / "chaos"
    experiments.mkdir(parents=True)
    (experiments / "__main__.py").write_text("import sys\nprint(*sys.argv[1:])\nsys.exit(1)\n")
    with _start(checkout, "chaos", "C1", "C5", "--long", "--seed", "7") as task:
        out, _ = task.communicate(timeout=10)
    assert out == "C1 C5 --long --seed 7\n"
    assert task.returncode == 1
