"""What `doctor` finds on homes in every state."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from streamcore.cli.doctor import _dashboard
from streamcore.core.migrations import SCHEMA_VERSION
from streamcore.protocol.events import Follow
from tests.cli.shell import Shell, log_events


def test_an_empty_home_is_well_but_for_what_is_not_built(shell: Shell) -> None:
    _, out, err = shell("doctor")
    assert err == ""
    assert out.startswith("StreamCore ")
    assert f"✓ The home folder {shell.home} can be written." in out
    assert "✓ There is no database yet" in out
    assert "✓ StreamCore is not running." in out


def test_a_sound_database_is_named(shell: Shell) -> None:
    log_events(shell.home, [Follow(platform="one")])
    assert f"✓ The database is sound (schema {SCHEMA_VERSION})." in shell("doctor").out


def test_a_dashboard_that_is_not_built_is_said(tmp_path: Path) -> None:
    assert not _dashboard(tmp_path).is_well
    (tmp_path / "index.html").write_text("")
    assert _dashboard(tmp_path).is_well


@pytest.mark.parametrize("content", [os.urandom(8192), b"SQLite format 3\0" + bytes(8192)])
def test_a_damaged_database_is_said(shell: Shell, content: bytes) -> None:
    shell.home.mkdir()
    (shell.home / "streamcore.db").write_bytes(content)
    code, out, _ = shell("doctor")
    assert code == 2
    assert f"✗ The database {shell.home / 'streamcore.db'} is damaged" in out
    assert "main.py restore" in out


def test_a_database_of_a_newer_version_is_said(shell: Shell) -> None:
    log_events(shell.home, [Follow(platform="one")])
    with contextlib.closing(sqlite3.connect(shell.home / "streamcore.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    code, out, _ = shell("doctor")
    assert code == 2
    assert "is of a newer StreamCore (its schema is 99" in out


def test_a_home_that_cannot_be_is_said(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, out, _ = shell("doctor", home=tmp_path / "file" / "home")
    assert code == 2
    assert "✗ StreamCore keeps its data in " in out
    assert "--home" in out
