"""Commands for module authors that need no running core: new, check, pack, install."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from streamcore.bundle import read_bundle
from tests.cli.shell import Shell


@pytest.fixture
def folder(shell: Shell) -> Path:
    """Return a module as `module new` makes it."""
    assert shell("module", "new", "my_bot").code == 0
    return shell.home / "modules" / "my_bot"


def _edit(folder: Path, **fields: object) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | fields))


def test_a_new_module_is_in_order(shell: Shell) -> None:
    code, out, err = shell("module", "new", "my_bot", "--name", "Мой бот")
    folder = shell.home / "modules" / "my_bot"
    assert (code, err) == (0, "")
    assert str(folder) in out
    bundle = read_bundle(folder)
    assert bundle.problems == bundle.warnings == ()
    assert bundle.manifest is not None
    assert bundle.manifest.name == "Мой бот"
    code, out, err = shell("module", "check", folder)
    assert (code, err) == (0, "")
    assert out == f"✓ my_bot is in order ({bundle.digest})\n"
    assert sorted(path.name for path in shell.home.iterdir() if path.name.startswith(".")) == []


def test_a_module_that_is_there_is_not_written_over(shell: Shell, folder: Path) -> None:
    before = read_bundle(folder).digest
    assert "exists already" in shell.refuses("module", "new", "my_bot")
    assert read_bundle(folder).digest == before


@pytest.mark.parametrize("id_", ["x", "MyBot", "1bot", "my-bot", "../bot", "all", "con", "бот"])
def test_an_id_that_cannot_be_makes_no_folder(shell: Shell, id_: str) -> None:
    assert id_ in shell.refuses("module", "new", id_)
    assert not any((shell.home / "modules").glob("*")) if shell.home.exists() else True


def test_a_name_that_cannot_be_is_told_as_the_check_does(shell: Shell) -> None:
    error = shell.refuses("module", "new", "my_bot", "--name", "x" * 100)
    assert error.startswith("manifest.json $.name: expected ")


def test_check_lists_every_problem_with_what_to_do(shell: Shell, folder: Path) -> None:
    _edit(folder, version="one", permissions=["chat_raed"], entry_point="nothing.py")
    code, out, err = shell("module", "check", folder)
    assert (code, err) == (2, "")
    assert "✗ manifest.json $.version: expected " in out
    assert '"chat_raed" (did you mean "chat_read"?)' in out
    assert "$.entry_point" in out
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize("command", ["check", "pack", "install"])
def test_what_is_no_folder_is_said(shell: Shell, tmp_path: Path, command: str) -> None:
    error = shell.refuses("module", command, tmp_path / "nothing")
    assert str(tmp_path / "nothing") in error
    assert "expected" in error


def test_packing_twice_gives_the_same_bytes(shell: Shell, folder: Path, tmp_path: Path) -> None:
    (folder / "dist" / "tests").mkdir(parents=True)
    (folder / "dist" / "tests" / "page.html").write_text("<p>")
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    code, out, _ = shell("module", "pack", folder, "--out", one)
    assert code == 0
    assert f"{one}: 3 files" in out
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
    for left_behind in ("__pycache__/x.pyc", "tests/test_it.py", ".git/config", ".env"):
        (folder / left_behind).parent.mkdir(exist_ok=True)
        (folder / left_behind).write_text("")
    assert shell("module", "pack", folder, "--out", two).code == 0
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = archive.namelist()
    assert names == ["backend.py", "dist/tests/page.html", "manifest.json"]


def test_an_invalid_module_is_not_packed(shell: Shell, folder: Path, tmp_path: Path) -> None:
    _edit(folder, version="one")
    code, out, _ = shell("module", "pack", folder, "--out", tmp_path / "x.zip")
    assert code == 2
    assert "$.version" in out
    assert not (tmp_path / "x.zip").exists()


def test_a_pack_never_lies_in_the_module(
    shell: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    code, _, _ = shell("module", "pack", ".")
    assert code == 0
    assert (folder.parent / "my_bot-0.1.0.zip").is_file()
    assert sorted(path.name for path in folder.iterdir()) == ["backend.py", "manifest.json"]
    code, _, err = shell("module", "pack", ".", "--out", "x.zip")
    assert code == 2
    assert "x.zip" in err
    assert not Path("x.zip").exists()


def test_a_pack_that_cannot_be_written_leaves_nothing(
    shell: Shell, folder: Path, tmp_path: Path
) -> None:
    code, _, err = shell("module", "pack", folder, "--out", tmp_path / "nowhere" / "x.zip")
    assert code == 2
    assert "No such file or directory" in err
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_a_module_is_installed_and_the_former_one_kept(
    shell: Shell, folder: Path, tmp_path: Path, packed: bool
) -> None:
    source = folder
    if packed:
        source = tmp_path / "x.zip"
        assert shell("module", "pack", folder, "--out", source).code == 0
    other = tmp_path / "other"
    installed = other / "modules" / "my_bot"
    for number in range(2):
        code, out, err = shell("module", "install", source, home=other)
        assert (code, err) == (0, "")
        assert str(installed) in out
        assert ("trash" in out) == bool(number)
        assert read_bundle(installed).digest == read_bundle(folder).digest
    assert read_bundle(other / "trash" / "my_bot").manifest is not None
    assert not list(other.glob(".install*"))


def test_a_zipped_folder_is_a_module_too(shell: Shell, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"my_bot-main/{path.name}")
    other = tmp_path / "other"
    assert shell("module", "install", file, home=other).code == 0
    assert read_bundle(other / "modules" / "my_bot").digest == read_bundle(folder).digest


def _zip(file: Path, **contents: str) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("__", ".").replace("PARENT", "../"), content)
    return file


def test_what_is_no_module_is_not_installed(shell: Shell, tmp_path: Path) -> None:
    manifest = json.dumps({"id": "my_bot", "name": "x"})
    outside = json.dumps({"id": "../my_bot", "name": "x"})
    cases = {
        "every module has a manifest.json": _zip(tmp_path / "empty.zip", backend__py=""),
        "$.version": _zip(tmp_path / "old.zip", manifest__json=manifest),
        "../evil.py": _zip(tmp_path / "slip.zip", manifest__json=manifest, PARENTevil__py=""),
        "$.id": _zip(tmp_path / "id.zip", manifest__json=outside),
        "expected valid JSON": _zip(tmp_path / "broken.zip", manifest__json="{"),
        "whole zip": tmp_path / "no.zip",
    }
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for words, file in cases.items():
        error = shell.refuses("module", "install", file)
        assert words in error
        assert str(file) in error
    assert list((shell.home / "modules").iterdir()) == []
    assert not list(tmp_path.rglob("evil.py"))
