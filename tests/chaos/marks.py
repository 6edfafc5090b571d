"""What an experiment measured, held against its pass marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

__all__ = ["Mark", "Report", "percentile"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One measured value; `limit` is what it must not pass, None for what is only told."""

    text: str
    value: float
    unit: str = ""
    limit: float | None = None
    is_timing: bool = False
    """It goes by the clock, so it counts only where the machine does nothing else."""

    @property
    def met(self) -> bool:
        """Tell whether the value is within its limit."""
        return self.limit is None or self.value <= self.limit


@dataclass(slots=True)
class Report:
    """All marks of one experiment; `skipped` says why it could not run here."""

    name: str
    skipped: str = ""
    marks: list[Mark] = field(default_factory=list)

    def tell(self, text: str, value: float, unit: str = "") -> None:
        """Note a value that nothing depends on."""
        self.marks.append(Mark(text, value, unit))

    def at_most(self, text: str, value: float, limit: float, unit: str = "") -> None:
        """Note a value that must hold on every machine."""
        self.marks.append(Mark(text, value, unit, limit))

    def none(self, text: str, value: float) -> None:
        """Note a count that must be zero."""
        self.at_most(text, value, 0)

    def true(self, text: str, *, holds: bool) -> None:
        """Note a promise that must hold; shown as the number of times that it was broken."""
        self.at_most(f"broken: {text}", 0 if holds else 1, 0)

    def timing(self, text: str, value: float, limit: float, unit: str = "ms") -> None:
        """Note a value that goes by the clock."""
        self.marks.append(Mark(text, value, unit, limit, is_timing=True))

    def timings(
        self, text: str, samples_ms: Sequence[float], *, at: float = 0, limit_ms: float = 0
    ) -> None:
        """Note median, p95, p99 and max of durations; the one `at` that share has a limit."""
        self.at_most(f"{text}: not measured", 0 if samples_ms else 1, 0)
        if samples_ms:
            for name, share in (("median", 50), ("p95", 95), ("p99", 99), ("max", 100)):
                value = percentile(samples_ms, share)
                limit = limit_ms if share == at else None
                self.marks.append(Mark(f"{text}, {name}", value, "ms", limit, is_timing=True))

    def broken(self) -> list[Mark]:
        """Return the missed marks that hold on every machine."""
        return [mark for mark in self.marks if not mark.met and not mark.is_timing]

    def missed(self) -> list[Mark]:
        """Return all missed marks."""
        return [mark for mark in self.marks if not mark.met]

    def table(self) -> str:
        """Lay the marks out for a terminal."""
        if self.skipped:
            return f"{self.name}\n  skipped: {self.skipped}"
        width = max(len(mark.text) for mark in self.marks)
        return "\n".join([self.name, *(f"  {_line(mark, width)}" for mark in self.marks)])

    def content(self) -> dict[str, object]:
        """Return everything as plain values."""
        marks = [asdict(mark) | {"met": mark.met} for mark in self.marks]
        return {"name": self.name, "skipped": self.skipped, "marks": marks}


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * share // 100).__int__() - 1)]


def _line(mark: Mark, width: int) -> str:
    value = f"{mark.value:,.0f}" if mark.value == int(mark.value) else f"{mark.value:,.2f}"
    limit = "" if mark.limit is None else f"<= {mark.limit:g}"
    verdict = "" if mark.limit is None else "met" if mark.met else "MISSED"
    return f"{mark.text:<{width}} {value:>12} {mark.unit:<6} {limit:<10} {verdict}".rstrip()
