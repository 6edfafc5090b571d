"""A backup holds all but the logins; a restore takes only backups and loses nothing."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zipfile
from pathlib import Path

import filelock
import pytest

from streamcore.protocol.events import Donation, Follow
from tests.cli.shell import Shell, log_events, read_events


@pytest.fixture
def home(shell: Shell) -> Path:
    """Return a home with two events, a module and what the module keeps."""
    log_events(shell.home, [Follow(platform="one"), Donation(platform="two")])
    assert shell("module", "new", "my_bot").code == 0
    data = shell.home / "module_data" / "my_bot"
    data.mkdir(parents=True)
    (data / "scores: all.txt").write_text("17")
    (shell.home / "secrets.bin").write_text("a login")
    (shell.home / "secrets.key").write_text("a key")
    return shell.home


def _events(shell: Shell, folder: Path) -> list[str]:
    assert shell("events", "export", folder / "events.jsonl").code == 0
    return [event["type"] for event in read_events(folder / "events.jsonl")]


def _backup(shell: Shell, file: Path) -> Path:
    code, out, err = shell("backup", file)
    assert (code, err) == (0, "")
    assert out.startswith(f"{file}: ")
    return file


def test_a_backup_holds_everything_but_logins(shell: Shell, home: Path, tmp_path: Path) -> None:
    file = _backup(shell, tmp_path / "x.zip")
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == [
            "module_data/my_bot/scores: all.txt",
            "modules/my_bot/backend.py",
            "modules/my_bot/manifest.json",
            "streamcore.db",
        ]
        assert archive.testzip() is None
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list(home.glob(".backup*"))


def test_without_a_name_a_backup_lies_in_the_home(shell: Shell, home: Path) -> None:
    assert shell("backup").code == 0
    assert shell("backup").code == 0
    files = list((home / "backups").iterdir())
    assert len(files) == 2
    assert all(file.suffix == ".zip" for file in files)


def test_a_file_that_is_there_is_not_written_over(shell: Shell, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "diary.txt"
    file.write_text("dear diary")
    assert "exists already" in shell.refuses("backup", file)
    assert file.read_text() == "dear diary"


def test_a_backup_that_cannot_be_written_is_said(shell: Shell, home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "file" in shell.refuses("backup", tmp_path / "file" / "x.zip")
    assert "No such file" in shell.refuses("backup", tmp_path / "nowhere" / "x.zip")


def test_an_empty_home_has_nothing_to_back_up(shell: Shell) -> None:
    assert "nothing to back up" in shell.refuses("backup")


def test_a_damaged_database_is_not_backed_up(shell: Shell, home: Path, tmp_path: Path) -> None:
    (home / "streamcore.db").write_bytes(os.urandom(8192))
    assert "could not be copied" in shell.refuses("backup", tmp_path / "x.zip")
    assert not list(tmp_path.glob("x.zip*"))


def test_odd_files_do_not_hinder_a_backup(shell: Shell, home: Path, tmp_path: Path) -> None:
    data = home / "module_data" / "my_bot"
    os.utime(data / "scores: all.txt", (0, 0))
    (data / "link").symlink_to(home / "secrets.bin")
    Path(os.fsdecode(os.fsencode(data) + b"/\xff")).write_text("")
    code, _, err = shell("backup", tmp_path / "x.zip")
    assert code == 0
    assert "not UTF-8" in err
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert "module_data/my_bot/scores: all.txt" in archive.namelist()
        assert "module_data/my_bot/link" not in archive.namelist()


def test_a_restore_brings_everything_back_and_keeps_what_was_there(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    file = _backup(shell, tmp_path / "x.zip")
    log_events(home, [Follow(platform="three")])
    (home / "module_data" / "my_bot" / "scores: all.txt").write_text("18")
    (home / "modules" / "my_bot" / "backend.py").unlink()
    code, out, err = shell("restore", file)
    assert (code, err) == (0, "")
    assert _events(shell, tmp_path) == ["follow", "donation"]
    assert (home / "module_data" / "my_bot" / "scores: all.txt").read_text() == "17"
    assert shell("module", "check", home / "modules" / "my_bot").code == 0
    assert (home / "secrets.bin").read_text() == "a login"
    (kept,) = (home / "backups").iterdir()
    assert str(kept) in out
    assert (kept / "module_data" / "my_bot" / "scores: all.txt").read_text() == "18"
    with contextlib.closing(sqlite3.connect(kept / "streamcore.db")) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (3,)
    assert shell("restore", file).code == 0, "a second restore in the same second"
    assert not list(home.glob(".restore*"))


def test_a_restore_makes_a_fresh_home(shell: Shell, home: Path, tmp_path: Path) -> None:
    file = _backup(shell, tmp_path / "x.zip")
    other = tmp_path / "other"
    assert shell("restore", file, home=other).code == 0
    assert (other / "modules" / "my_bot" / "manifest.json").is_file()
    again = shell("events", "export", tmp_path / "other.jsonl", home=other)
    assert again.out.endswith(": 2 events\n")


def _with(file: Path, backup: Path, changes: dict[str, bytes | None]) -> Path:
    """Write a copy of a backup with some files changed, added or left out (None)."""
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(file, "w") as target:
        contents = {name: source.read(name) for name in source.namelist()}
        for name, content in (contents | changes).items():
            if content is not None:
                target.writestr(name, content)
    return file


def _database(file: Path, *statements: str) -> bytes:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
    return file.read_bytes()


def test_an_automatic_copy_brings_the_database_back_and_leaves_modules_alone(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    copy = home / "backups" / "auto-20260101-000000.db"
    copy.parent.mkdir(exist_ok=True)
    with (
        contextlib.closing(sqlite3.connect(home / "streamcore.db")) as live,
        contextlib.closing(sqlite3.connect(copy)) as made,
    ):
        live.backup(made)
    log_events(home, [Follow(platform="three")])
    (home / "words.db").write_bytes(b"an index of what is now put aside")
    code, out, err = shell("restore", copy)
    assert (code, err) == (0, "")
    assert _events(shell, tmp_path) == ["follow", "donation"]
    assert (home / "modules" / "my_bot" / "backend.py").exists()
    assert (home / "module_data" / "my_bot" / "scores: all.txt").read_text() == "17"
    assert not (home / "words.db").exists()
    kept = Path(out.strip().rpartition(" is in ")[2])
    assert sorted(path.name for path in kept.iterdir()) == ["streamcore.db", "words.db"]


def test_what_is_no_backup_changes_nothing(shell: Shell, home: Path, tmp_path: Path) -> None:
    backup = _backup(shell, tmp_path / "good.zip")
    foreign = _database(tmp_path / "foreign.db", "CREATE TABLE theirs (x)")
    (tmp_path / "newer.db").write_bytes((home / "streamcore.db").read_bytes())
    newer = _database(tmp_path / "newer.db", "PRAGMA user_version = 99")
    damaged = (home / "streamcore.db").read_bytes()[:4096] + os.urandom(40960)
    cases: dict[str, dict[str, bytes | None]] = {
        "'../evil'": {"../evil": b""},
        "'modules/../../evil'": {"modules/../../evil": b""},
        "'/evil'": {"/evil": b""},
        "'secrets.bin' does not belong": {"secrets.bin": b"theirs"},
        "'run.json' does not belong": {"run.json": b"{}"},
        "'modules' does not belong": {"modules": b""},
        "found none": {"streamcore.db": None},
        "another program": {"streamcore.db": foreign},
        "newer version": {"streamcore.db": newer},
        "database is damaged": {"streamcore.db": damaged},
        "not a database": {"streamcore.db": b"no database at all" * 100},
    }
    before = _tree(home)
    for words, changes in cases.items():
        file = _with(tmp_path / "bad.zip", backup, changes)
        error = shell.refuses("restore", file)
        assert f"{file} is not a backup of StreamCore: " in error
        assert words in error
        assert "Nothing was changed." in error
        assert len(error.splitlines()) == 1
    (tmp_path / "no.zip").write_bytes(b"no zip")
    assert "whole zip" in shell.refuses("restore", tmp_path / "no.zip")
    assert "No such file" in shell.refuses("restore", tmp_path / "nowhere.zip")
    assert _tree(home) == before
    assert not list(tmp_path.rglob("evil"))


def _tree(home: Path) -> dict[str, bytes]:
    files = (path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def test_a_home_in_use_is_not_touched(shell: Shell, home: Path, tmp_path: Path) -> None:
    backup = _backup(shell, tmp_path / "x.zip")
    assert shell("events", "export", tmp_path / "x.jsonl").code == 0
    before = _tree(home)
    with filelock.FileLock(home / "streamcore.lock"):
        for command in (("restore", backup), ("events", "import", tmp_path / "x.jsonl")):
            error = shell.refuses(*command)
            assert error == (
                f"StreamCore runs on {home} and uses its data. End it first: main.py stop\n"
            )
    assert _tree(home) == before


@pytest.mark.parametrize("good", range(6))
def test_a_restore_that_fails_half_way_puts_everything_back(
    shell: Shell, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: int
) -> None:
    backup = _backup(shell, tmp_path / "x.zip")
    before = _tree(home)
    rename, moved = Path.rename, 0

    def fail_once(self: Path, target: Path) -> Path:
        nonlocal moved
        moved += 1
        if moved == good + 1:
            raise PermissionError(13, "Permission denied", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    assert "Permission denied" in shell.refuses("restore", backup)
    assert _tree(home) == before
