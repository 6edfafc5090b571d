"""How thoroughly to measure, and where the figures go."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import FIGURES

__all__ = ["Plan"]


@dataclass(slots=True)
class Plan:
    """One call of the benchmarks; `record` collects what a row measured."""

    runs: int | None = None
    is_quick: bool = False
    cache: Path = Path("benchmarks/results")
    """Where long logs are kept between calls."""
    busy: set[str] = field(default_factory=set)
    """The rows before or after which the machine was slow to wake anybody."""
    measured: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def times(self, usual: int) -> range:
        """Return the runs of a row: what was asked for, or what is usual for it."""
        return range(self.runs or (1 if self.is_quick else usual))

    def seconds(self, usual: float) -> float:
        """Return how long a run takes."""
        return usual / 4 if self.is_quick else usual

    def size(self, usual: int) -> int:
        """Return how long a history is."""
        return usual // 10 if self.is_quick else usual

    def record(self, key: str, value: float) -> None:
        """Add one sample of a figure."""
        if key not in FIGURES:
            raise KeyError(key)
        self.measured[key].append(value)
        figure = FIGURES[key]
        print(f"  {figure.row:<4} {figure.title:<52} {value:>14,.3f} {figure.unit}", flush=True)

    @contextmanager
    def home(self) -> Iterator[Path]:
        """Make an empty home folder and remove it afterwards."""
        with tempfile.TemporaryDirectory(prefix="streamcore-bench-") as folder:
            yield Path(folder) / "home"
