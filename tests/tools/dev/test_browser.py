"""The browser of the tests is the one that is named, else the first on the PATH."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.dev import browser


def test_the_named_browser_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(browser.CHROMIUM_VARIABLE, str(tmp_path / "mine"))
    assert browser.find_chromium() == tmp_path / "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="programs end in .exe there")
def test_chromium_is_preferred_over_edge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(browser.CHROMIUM_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("msedge", "chromium"):
        (tmp_path / name).touch(mode=0o755)
    assert browser.find_chromium() == tmp_path / "chromium"


def test_no_browser_is_said_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(browser.CHROMIUM_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_usual_places", list)
    assert browser.ensure_chromium(tmp_path) is None
    assert "browser tests are skipped" in capsys.readouterr().out
