"""The command line itself: version, help, and flags that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamcore import __version__
from tests.cli.shell import Shell


def test_the_version_is_told(shell: Shell) -> None:
    assert shell("--version") == (0, f"StreamCore {__version__}\n", "")


def test_help_names_every_command(shell: Shell) -> None:
    code, out, _ = shell("--help")
    assert code == 0
    for command in ("open", "stop", "doctor", "module", "events", "backup", "restore"):
        assert f"    {command} " in out
    code, out, _ = shell("module", "--help")
    assert code == 0
    for command in ("new", "check", "pack", "install", "list", "dev"):
        assert f"    {command} " in out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--colour"], "--colour"),
        (["fly"], "fly"),
        (["module"], "command"),
        (["module", "fly"], "fly"),
        (["events", "replay"], "file"),
        (["events", "replay", "x", "--speed", "fast"], "fast"),
        (["--port", "eighty"], "eighty"),
        (["--port", "70000"], "65535"),
        (["--log-level", "loud"], "loud"),
        (["restore"], "file"),
    ],
    ids=" ".join,
)
def test_what_is_not_understood_is_named(shell: Shell, arguments: list[str], named: str) -> None:
    assert named in shell.refuses(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["stop"],
        ["open"],
        ["backup"],
        ["restore", "x.zip"],
        ["module", "list"],
        ["module", "new", "my_bot"],
        ["events", "export", "x.jsonl"],
        [],
    ],
    ids=" ".join,
)
def test_a_wrong_environment_is_one_sentence_for_every_command(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("STREAMCORE_LOG_LEVEL", "loud")
    error = shell.refuses(*arguments)
    assert "'loud'" in error
    assert len(error.splitlines()) == 1


def test_the_home_may_be_named_behind_the_command(shell: Shell, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert shell("module", "new", "my_bot", "--home", other).code == 0
    assert (other / "modules" / "my_bot" / "backend.py").is_file()
    assert not shell.home.exists()
    assert str(other) in shell.refuses("stop", "--home", other)


@pytest.mark.parametrize(
    "arguments",
    [["open"], ["stop"], ["module", "list"], ["module", "dev", "."], ["events", "replay", "x"]],
    ids=" ".join,
)
def test_without_a_running_core_it_is_said(shell: Shell, arguments: list[str]) -> None:
    error = shell.refuses(*arguments)
    assert error == f"No StreamCore runs on {shell.home}. Start it first.\n"
