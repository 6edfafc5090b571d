"""Files of a module: what may lie in its folder, what is served, what the digest covers."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from streamcore.bundle import Bundle, fingerprint, read_bundle
from streamcore.bundle import tree as trees
from tests.bundle.folders import make_folder, one

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def _digests(bundle: Bundle) -> str:
    assert bundle.problems == ()
    return bundle.digest


@needs_links
@pytest.mark.parametrize("target", ["../../secret.py", "/etc/hostname", "nowhere.py", "loop.py"])
def test_a_link_that_leads_out_is_refused(folder: Path, target: str) -> None:
    (folder.parent.parent / "secret.py").write_text("", encoding="utf-8")
    (folder / "loop.py").symlink_to(target)
    bundle = read_bundle(folder)
    problem = one(bundle.problems)
    assert problem.file == "loop.py"
    assert target in problem.found
    assert bundle.digest == ""


@needs_links
def test_a_link_to_a_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "page.html").write_text("", encoding="utf-8")
    (folder / "dist" / "more").symlink_to(outside)
    bundle = read_bundle(folder)
    assert one(bundle.problems).file == "dist/more"
    assert list(bundle.files) == ["overlay.html"]


@needs_links
def test_an_entry_point_that_leads_out_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text("", encoding="utf-8")
    (folder / "backend.py").unlink()
    (folder / "backend.py").symlink_to(tmp_path / "evil.py")
    paths = {problem.path for problem in read_bundle(folder).problems}
    assert "$.entry_point" in paths


@needs_links
def test_a_link_inside_is_served_as_its_file(folder: Path) -> None:
    (folder / "dist" / "page.html").symlink_to("overlay.html")
    bundle = read_bundle(folder)
    assert bundle.problems == ()
    assert bundle.files["page.html"] == folder.resolve() / "dist" / "overlay.html"


@needs_links
def test_a_module_folder_may_itself_be_a_link(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    bundle = read_bundle(folder)
    assert bundle.problems == ()
    assert bundle.id == "my_super_bot"
    assert bundle.folder == elsewhere.resolve()


def test_named_pipes_and_sockets_are_refused_and_never_opened(folder: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there are none in folders there")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s"))
        bundle = read_bundle(folder)
    assert [problem.file for problem in bundle.problems] == ["pipe", "s"]


def test_a_manifest_that_is_a_named_pipe_does_not_hang(folder: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there are none in folders there")
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    assert read_bundle(folder).manifest is None


def test_a_file_name_that_is_no_text_is_a_problem(folder: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("names are text there")
    (folder / os.fsdecode(b"\xff.py")).write_text("", encoding="utf-8")
    bundle = read_bundle(folder)
    assert one(bundle.problems).file == "\N{REPLACEMENT CHARACTER}.py"


def test_too_many_files_are_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MAX_ENTRIES", 10)
    for number in range(10):
        (folder / f"{number}.txt").write_text("", encoding="utf-8")
    bundle = read_bundle(folder)
    assert one(bundle.problems).file == "."
    assert bundle.digest == ""


def test_every_file_and_name_is_in_the_digest(folder: Path) -> None:
    seen = [_digests(read_bundle(folder))]
    (folder / "helper.py").write_text("x = 1\n", encoding="utf-8")
    seen.append(_digests(read_bundle(folder)))
    (folder / "helper.py").write_text("x = 2\n", encoding="utf-8")
    seen.append(_digests(read_bundle(folder)))
    (folder / "helper.py").rename(folder / "helpers.py")
    seen.append(_digests(read_bundle(folder)))
    (folder / "dist" / "overlay.html").write_text("<p>", encoding="utf-8")
    seen.append(_digests(read_bundle(folder)))
    assert len(set(seen)) == len(seen)
    (folder / "dist" / "overlay.html").write_text("<!doctype html>", encoding="utf-8")
    (folder / "helpers.py").unlink()
    assert _digests(read_bundle(folder)) == seen[0]


def test_a_border_between_files_cannot_be_moved(tmp_path: Path) -> None:
    first = make_folder(tmp_path / "first")
    second = make_folder(tmp_path / "second")
    for folder, parts in ((first, ("ab", "c")), (second, ("a", "bc"))):
        for name, part in zip(("x.txt", "y.txt"), parts, strict=True):
            (folder / name).write_text(part, encoding="utf-8")
    assert read_bundle(first).digest != read_bundle(second).digest


def test_the_digest_is_that_of_the_content_wherever_it_lies(tmp_path: Path) -> None:
    first = make_folder(tmp_path / "first")
    second = make_folder(tmp_path / "second")
    assert read_bundle(first).digest == read_bundle(second).digest


@pytest.mark.parametrize("place", ["__pycache__", ".git", "dist/__pycache__"])
def test_what_others_write_behind_the_author_is_no_part_of_it(folder: Path, place: str) -> None:
    before, mark = read_bundle(folder), fingerprint(folder)
    (folder / place).mkdir()
    (folder / place / "page.html").write_text("", encoding="utf-8")
    after = read_bundle(folder)
    assert after.digest == before.digest
    assert after.files == before.files
    assert fingerprint(folder) == mark


def test_what_is_no_part_of_it_can_be_neither_run_nor_shown(folder: Path, tmp_path: Path) -> None:
    make_folder(
        tmp_path,
        entry_point="__pycache__/x.py",
        views=[{"id": "a", "path": ".git/x.html"}],
    )
    for place, name in ((folder / "__pycache__", "x.py"), (folder / "dist" / ".git", "x.html")):
        place.mkdir()
        (place / name).write_text("", encoding="utf-8")
    paths = {problem.path for problem in read_bundle(folder).problems}
    assert paths == {"$.entry_point", "$.views[0].path"}


def test_the_fingerprint_notices_every_kind_of_change(folder: Path) -> None:
    marks = [fingerprint(folder)]
    (folder / "new.py").write_text("", encoding="utf-8")
    marks.append(fingerprint(folder))
    status = (folder / "backend.py").stat()
    (folder / "backend.py").write_text("print('HELLO')\n", encoding="utf-8")
    os.utime(folder / "backend.py", ns=(status.st_atime_ns, status.st_mtime_ns + 1000))
    marks.append(fingerprint(folder))
    (folder / "new.py").unlink()
    marks.append(fingerprint(folder))
    (folder / "dist" / "overlay.html").unlink()
    marks.append(fingerprint(folder))
    assert all(one != other for i, one in enumerate(marks) for other in marks[:i])
    assert fingerprint(folder) == marks[-1]
