"""The plot is well-formed and holds every series."""

from __future__ import annotations

from xml.etree import ElementTree

from benchmarks.plot import plot


def test_a_plot_names_its_series_and_sizes() -> None:
    drawing = plot("cost", {"clients": {8: 1.0, 16: 1.5}, "modules": {4: 2.0, 8: 7.0}})
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
    texts = [element.text for element in root.iter() if element.text]
    assert {"clients", "modules", "16", "8"} <= set(texts)
