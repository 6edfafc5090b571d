"""Draws a few growing costs as one SVG: size and cost both doubling from line to line."""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["plot"]

_WIDTH, _HEIGHT, _GAP, _TOP = 260, 220, 60, 50
_BASE = "#8b949e"
_LINE = "#7c5cff"


def plot(title: str, series: Mapping[str, Mapping[int, float]]) -> str:
    """Return the SVG; the dashed line is what exact proportion would cost."""
    width = _GAP + len(series) * (_WIDTH + _GAP)
    height = _TOP + _HEIGHT + _GAP
    panels = [
        _panel(name, costs, _GAP + number * (_WIDTH + _GAP))
        for number, (name, costs) in enumerate(series.items())
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            f'<text x="{_GAP}" y="24" font-size="14">{title} (both axes logarithmic; '
            "dashed: in proportion)</text>",
            *panels,
            "</svg>\n",
        ]
    )


def _panel(name: str, costs: Mapping[int, float], left: float) -> str:
    sizes = sorted(costs)
    low, high = min(costs.values()) / 1.5, max(costs.values()) * 1.5
    first = sizes[0]
    proportion = {size: costs[first] * size / first for size in sizes}

    def x(size: int) -> float:
        return left + _WIDTH * math.log(size / first) / math.log(sizes[-1] / first)

    def y(cost: float) -> float:
        share = math.log(min(max(cost, low), high) / low) / math.log(high / low)
        return _TOP + _HEIGHT * (1 - share)

    def line(values: Mapping[int, float], style: str) -> str:
        points = " ".join(f"{x(size):.1f},{y(values[size]):.1f}" for size in sizes)
        return f'<polyline points="{points}" fill="none" {style}/>'

    marks = [
        f'<circle cx="{x(size):.1f}" cy="{y(costs[size]):.1f}" r="3" fill="{_LINE}"/>'
        f'<text x="{x(size):.1f}" y="{y(costs[size]) - 8:.1f}" text-anchor="middle">'
        f"{costs[size]:.0f}</text>"
        f'<text x="{x(size):.1f}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    ]
    frame = (
        f'<path d="M{left},{_TOP}V{_TOP + _HEIGHT}H{left + _WIDTH}" fill="none" stroke="{_BASE}"/>'
        f'<text x="{left + _WIDTH / 2}" y="{_TOP + _HEIGHT + 36}" text-anchor="middle">'
        f"{name}</text>"
    )
    dashed = line(proportion, f'stroke="{_BASE}" stroke-dasharray="4 4"')
    solid = line(costs, f'stroke="{_LINE}" stroke-width="2"')
    return "\n".join([frame, dashed, solid, *marks])
