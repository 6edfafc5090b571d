"""No module outlives a core that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[3]
COUNT = 5

# What the host does when the core has gone; each net has to hold alone.
END_OF_INPUT = "import os, time; say(os.getpid()); time.sleep(60)"
DEATH_SIGNAL = """
import ctypes, os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
say(os.getpid())
time.sleep(60)
"""


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@pytest.mark.chaos
@pytest.mark.parametrize(
    "way",
    [
        "fresh",
        pytest.param(
            "forks", marks=pytest.mark.skipif(sys.platform != "linux", reason="only there")
        ),
    ],
)
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(END_OF_INPUT, id="end of input"),
        pytest.param(
            DEATH_SIGNAL,
            id="parent-death signal",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only there"),
        ),
    ],
)
def test_a_killed_core_leaves_no_orphan(tmp_path: Path, script: str, way: str) -> None:
    (tmp_path / "main.py").write_text(script, encoding="utf-8")
    core = subprocess.Popen(
        [sys.executable, "-m", "tests.core.process.parent", str(tmp_path), str(COUNT), way],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
    )
    try:
        assert core.stdout is not None
        modules = [int(core.stdout.readline()) for _ in range(COUNT)]
        children = {child.pid for child in psutil.Process(core.pid).children()}
        assert children >= set(modules), "each is the core's own child"
        assert len(children - set(modules)) == (way == "forks"), "and so is a fork server"
        core.kill()
        core.wait()
        deadline = time.monotonic() + 5
        while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [pid for pid in children if _alive(pid)] == []
    finally:
        core.kill()
        core.wait()
        if core.stdout is not None:
            core.stdout.close()
