"""Every step runs whatever happens to the others, and the summary tells which failed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.dev.console import TaskError
from tools.dev.steps import Step, attempt, run_steps


def _step(name: str, code: str, folder: Path, *, alone: bool = False) -> Step:
    return Step(name, (sys.executable, "-c", code), folder, alone=alone)


def test_all_good_steps_are_success(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    steps = [_step("one", "", tmp_path), _step("two", "", tmp_path, alone=True)]
    assert run_steps(steps) == 0
    assert "All 2 steps are good" in capfd.readouterr().out


def test_a_failed_step_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    steps = [
        _step("bad", "import sys; print('the reason'); sys.exit(3)", tmp_path),
        _step("good", "print('quiet')", tmp_path),
        _step("tests", "open('ran', 'w').close()", tmp_path, alone=True),
    ]
    assert run_steps(steps) == 1
    shown = capfd.readouterr().out
    assert "the reason" in shown
    assert "quiet" not in shown
    assert "Failed: bad\n" in shown
    assert (tmp_path / "ran").exists()


def test_a_missing_program_is_a_failed_step(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_steps([Step("gone", (str(tmp_path / "nothing"),), tmp_path)]) == 1
    assert "did not start" in capfd.readouterr().out


def test_a_step_gets_its_environment(tmp_path: Path) -> None:
    code = "import os, sys; sys.exit(os.environ['ASKED'] != 'yes')"
    step = Step("environment", (sys.executable, "-c", code), tmp_path, {"ASKED": "yes"})
    assert run_steps([step]) == 0


def test_a_failed_set_up_is_counted_and_stops_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise TaskError("no paper in the printer")

    built = attempt("build", work)
    assert run_steps([_step("tests", "", tmp_path)], before=[built]) == 1
    shown = capfd.readouterr().out
    assert "no paper in the printer" in shown
    assert "Failed: build\n" in shown
