"""Generated files are compared, named when stale, and made again the same way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import generate


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    return tmp_path


def test_generating_makes_every_file_and_then_nothing_is_stale(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main([]) == 0
    assert capsys.readouterr().out.count("made: ") == len(generate.generated_files())
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_check_names_each_stale_file_and_the_command(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate.main([])
    capsys.readouterr()
    page = root / "docs" / "protocol.md"
    page.write_bytes(page.read_bytes() + b"edited by hand\n")
    (root / "schemas" / "manifest.schema.json").unlink()
    assert generate.main(["--check"]) == 1
    shown = capsys.readouterr().out
    assert shown.splitlines()[:2] == [
        "stale: docs/protocol.md",
        "stale: schemas/manifest.schema.json",
    ]
    assert "python dev.py generate" in shown
    assert page.read_text(encoding="utf-8").endswith("edited by hand\n")


def test_every_generated_file_says_so_in_line_one() -> None:
    for name, text in generate.generated_files().items():
        assert "Made by `python dev.py generate`" in text.splitlines()[0], name
