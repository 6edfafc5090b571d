"""The plan's rows, the figures and the measurements name the same things."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.figures import FIGURES, ROWS, Goal, at_least, at_most, figures_of
from benchmarks.plan import Plan
from benchmarks.report import results, table, write_json
from benchmarks.rows import MEASURES

PLAN = (
    *(f"P{number}" for number in range(1, 10)),
    "P9b",
    "P10",
    "P11",
    "P12",
    "P13",
    "P14",
    "P15",
    "P16",
    "P17",
)


def test_every_row_of_the_plan_has_figures_and_a_measurement() -> None:
    assert ROWS == PLAN
    assert tuple(MEASURES) == PLAN


@pytest.mark.parametrize("row", PLAN)
def test_a_row_is_judged_by_at_least_one_goal(row: str) -> None:
    assert any(figure.goal for figure in figures_of(row))
    assert MEASURES[row].__doc__


def test_an_unknown_row_is_refused_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["P1", "P99"]) == 2
    assert "P99" in capsys.readouterr().err


def test_an_unknown_figure_is_refused() -> None:
    with pytest.raises(KeyError):
        Plan().record("P1.nothing", 1.0)


@pytest.mark.parametrize(
    ("goal", "value", "is_met"),
    [
        (at_most(5), 5, True),
        (at_most(5), 5.01, False),
        (at_least(100), 100, True),
        (at_least(100), 99, False),
    ],
    ids=str,
)
def test_a_goal_includes_its_limit(goal: Goal, value: float, is_met: bool) -> None:
    assert goal.is_met(value) is is_met


def test_the_median_is_judged_and_the_table_says_so(tmp_path: Path) -> None:
    measured = {"P3.p99": [4.0, 9.0, 4.5], "P1.ratio": [90.0], "P1.plain": [25_000.0]}
    found = results(measured)
    assert [(result.key, result.median, result.met) for result in found] == [
        ("P1.plain", 25_000, None),
        ("P1.ratio", 90, False),
        ("P3.p99", 4.5, True),
    ]
    lines = table(found).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "4 – 9" in lines[-1]
    assert lines[-1].endswith("| met    |")
    file = tmp_path / "results" / "found.json"
    write_json(file, found, {"cores": 2})
    content = json.loads(file.read_bytes())
    assert content["machine"] == {"cores": 2}
    assert content["results"][2]["samples"] == measured["P3.p99"]
    assert set(measured) <= set(FIGURES)


def test_a_figure_by_the_clock_says_when_the_machine_was_busy() -> None:
    measured = {"P8.idle": [60.0], "P13.ready": [700.0], "P13.js": [180.0]}
    found = {result.key: result.was_busy for result in results(measured, {"P8", "P13"})}
    assert found == {"P8.idle": False, "P13.ready": True, "P13.js": False}
    assert "| met (busy) |" in table(results(measured, {"P13"}))


def test_more_runs_and_shorter_ones_can_be_asked_for() -> None:
    assert len(Plan().times(5)) == 5
    assert len(Plan(runs=2).times(5)) == 2
    quick = Plan(is_quick=True)
    assert (len(quick.times(5)), quick.seconds(8), quick.size(1_000)) == (1, 2, 100)
