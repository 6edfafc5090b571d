"""Every figure that is measured, by row, with its unit and its goal."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FIGURES", "ROWS", "Figure", "Goal", "at_least", "at_most", "figures_of"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit that a figure keeps, from above or from below."""

    limit: float
    is_ceiling: bool

    def is_met(self, value: float) -> bool:
        """Say whether a value keeps it."""
        return value <= self.limit if self.is_ceiling else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.is_ceiling else '≥'} {self.limit:,.10g}"


def at_most(limit: float) -> Goal:
    """Make a goal that a figure does not exceed."""
    return Goal(limit, is_ceiling=True)


def at_least(limit: float) -> Goal:
    """Make a goal that a figure reaches."""
    return Goal(limit, is_ceiling=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; without a goal it is there to explain the others."""

    key: str
    title: str
    unit: str
    goal: Goal | None = None

    @property
    def row(self) -> str:
        """Return the row of the plan that it belongs to."""
        return self.key.partition(".")[0]

    @property
    def is_by_the_clock(self) -> bool:
        """Say whether a neighbour who takes the processor makes it worse."""
        return self.unit in ("ms", "s", "×") or self.unit.endswith("/s")


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure("P1.plain", "plain python-socketio, 50 clients, full speed", "deliveries/s"),
        Figure("P1.bus", "bus → 50 clients, full speed", "deliveries/s"),
        Figure("P1.logged", "log → bus → 50 clients, full speed", "deliveries/s"),
        Figure("P1.bytes", "one event on the wire", "bytes"),
        Figure("P1.ratio", "bus → 50 clients over plain python-socketio", "×", at_least(100)),
        Figure("P1.ratio_cpu", "the same by processor time of the server", "×"),
        Figure("P2.loopback_p50", "bare loopback write, p50", "ms"),
        Figure("P2.loopback_p99", "bare loopback write, p99", "ms"),
        Figure("P2.bus_p50", "bus → 50 clients without the log, p50", "ms"),
        Figure("P2.bus_p99", "bus → 50 clients without the log, p99", "ms"),
        Figure("P2.log_p50", "log → bus → 50 clients, p50", "ms"),
        Figure("P2.log_p99", "log → bus → 50 clients, p99", "ms"),
        Figure("P2.p50", "delay at 1,000/s × 50 beyond loopback, p50", "ms", at_most(0.35)),
        Figure("P2.p99", "delay at 1,000/s × 50 beyond loopback, p99", "ms", at_most(0.9)),
        Figure("P3.rate", "events/s that were logged (5,000 offered)", "events/s", at_least(4_950)),
        Figure("P3.missing", "events that did not reach a client", "events", at_most(0)),
        Figure("P3.p50", "delay at 5,000/s × 50, p50", "ms"),
        Figure("P3.p99", "delay at 5,000/s × 50, p99", "ms", at_most(5)),
        Figure("P3.cpu", "CPU of the core, the demo stream included", "% of a core"),
        Figure("P3.growth", "memory gained after the first tenth", "MB", at_most(5)),
        Figure("P4.cpu", "CPU at 1,000/s × 50, log on, PC busy", "% of a core", at_most(20)),
        Figure("P4.idle", "the same while the PC is idle (as in P2)", "% of a core"),
        Figure("P4.source", "of that, the source alone", "% of a core"),
        Figure("P4.demo", "CPU when they come in bursts (demo, 50 bursts/s)", "% of a core"),
        Figure("P5.p50", "platform → module → send_chat → ack, p50", "ms", at_most(2)),
        Figure("P5.p99", "platform → module → send_chat → ack, p99", "ms", at_most(8)),
        Figure("P5.in", "of that: platform's socket → handler, p50", "ms"),
        Figure("P5.out", "of that: handler → platform's endpoint, p50", "ms"),
        Figure("P5.ack", "of that: endpoint → ack in the module, p50", "ms"),
        Figure("P5.core_ms", "CPU of the core for one of these, two events logged", "ms"),
        Figure("P6.p50", "command round trip, one at a time, p50", "ms", at_most(0.2)),
        Figure("P6.p99", "command round trip, one at a time, p99", "ms"),
        Figure(
            "P6.rate", "commands, 32 in flight, allowance lifted", "commands/s", at_least(25_000)
        ),
        Figure("P6.core_us", "CPU of the core for one of these", "µs"),
        Figure("P6.module_us", "CPU of the module for one of these", "µs"),
        Figure("P7.ready", "main.py to ready, log of 1,000,000 events", "s", at_most(0.35)),
        Figure("P7.modules", "50 modules running after ready", "s", at_most(1.5)),
        Figure("P8.idle", "RSS of the core, idle", "MB", at_most(70)),
        Figure("P8.clients", "… with 50 clients and 20 modules", "MB", at_most(90)),
        Figure("P8.events", "… and after 1,000,000 events", "MB", at_most(100)),
        Figure("P9.start", "one module: start → ready", "ms", at_most(30)),
        Figure("P9.uss", "one module: own memory (USS)", "MB", at_most(8)),
        Figure("P9.hundred", "100 modules: core ready → all ready", "s", at_most(2)),
        Figure("P9.hundred_mb", "100 modules: own memory together", "MB", at_most(800)),
        Figure("P9.hundred_cpu", "100 modules: CPU together, idle", "% of a core", at_most(2)),
        Figure("P9b.start", "fresh interpreter: start → ready", "s", at_most(0.15)),
        Figure("P9b.rss", "fresh interpreter: RSS", "MB", at_most(26)),
        Figure("P10.cpu", "idle core with 5 modules: CPU of the core", "% of a core", at_most(0.3)),
        Figure("P10.core_wakes", "wake-ups of the core", "1/s", at_most(5)),
        Figure("P10.module_wakes", "wake-ups of the liveliest module", "1/s", at_most(5)),
        Figure("P11.rate", "the log alone, full speed", "events/s", at_least(50_000)),
        Figure("P11.rate_cpu", "… CPU of one event, the source included", "µs"),
        Figure("P11.history", "events in the log", "events"),
        Figure("P11.append_p50", "append (19 chat, 1 donation), p50", "ms"),
        Figure("P11.append", "append (19 chat, 1 donation), p99", "ms", at_most(10)),
        Figure("P11.search", "search by person and text, the slowest of 8", "ms", at_most(50)),
        Figure("P11.page", "page of 100, the slowest of 4", "ms", at_most(10)),
        Figure("P12.clients", "CPU per event, worst doubling of clients", "×", at_most(2)),
        Figure("P12.modules", "CPU per event, worst doubling of modules", "×", at_most(2)),
        Figure("P12.history", "CPU per event, worst doubling of history", "×", at_most(2)),
        Figure("P13.ready", "dashboard ready in Chromium, first load", "ms", at_most(800)),
        Figure("P13.js", "JavaScript of the first load, gzip", "KB", at_most(220)),
        Figure("P14.gained", "20 deaf readers at 2,000/s: memory gained", "MB", at_most(50)),
        Figure("P14.cut", "… until the last is cut after it took nothing more", "s", at_most(2)),
        Figure("P14.missing", "… events that a healthy client lacks", "events", at_most(0)),
        Figure("P14.p99", "… delay of a healthy client, p99", "ms"),
        Figure("P15.ready", "a million events: restart until ready", "s", at_most(0.35)),
        Figure("P15.search", "… search by person and text, the slowest of 8", "ms", at_most(50)),
        Figure("P15.page", "… page of 100, the slowest of 4", "ms", at_most(10)),
        Figure("P15.walk", "… the whole log by pages of 500", "events/s"),
        Figure("P15.walk_cpu", "… CPU of the core for one of these", "µs", at_most(10)),
        Figure("P15.missed", "… ready → a module that missed all is live", "s", at_most(2)),
        Figure("P16.rate", "platform's chat logged (5,000 offered)", "events/s", at_least(4_950)),
        Figure("P16.lost", "… messages that are not in the log", "events", at_most(0)),
        Figure("P16.missing", "… that did not reach the client", "events", at_most(0)),
        Figure("P16.p50", "… platform's socket → client, p50", "ms"),
        Figure("P16.p99", "… platform's socket → client, p99", "ms"),
        Figure("P16.cpu", "… CPU of the core", "% of a core"),
        Figure("P16.fake_cpu", "… CPU of the fake platform", "% of a core"),
        Figure("P16.growth", "… memory gained after the first tenth", "MB", at_most(5)),
        Figure("P16.calm_p50", "the same at 1,000/s, p50", "ms"),
        Figure("P16.calm_p99", "the same at 1,000/s, p99", "ms"),
        Figure("P16.calm_cpu", "the same at 1,000/s, CPU of the core", "% of a core"),
        Figure("P16.ceiling", "the most that the core takes", "events/s"),
        Figure("P17.usual", "pictures of a usual message, 2 badges", "µs", at_most(10)),
        Figure("P17.long", "… of 500 characters, 10,000 emotes known", "µs", at_most(20)),
        Figure("P17.emotes", "… of 500 characters that are all emotes", "µs", at_most(100)),
        Figure("P17.list", "reading a list of 10,000 emotes, beside the loop", "ms"),
    )
}

ROWS: tuple[str, ...] = tuple(dict.fromkeys(figure.row for figure in FIGURES.values()))


def figures_of(row: str) -> tuple[Figure, ...]:
    """Return the figures of a row."""
    return tuple(figure for figure in FIGURES.values() if figure.row == row)
