"""A stamp changes when, and only when, something that matters changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.dev.stamps import digest, digest_of_tree, is_current, stamp

WITHOUT = frozenset({"node_modules", ".test.ts"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "page.ts").write_text("one")
    (tmp_path / "package.json").write_text("{}")
    return tmp_path


def test_same_tree_has_the_same_digest(folder: Path) -> None:
    assert digest_of_tree(folder, without=WITHOUT) == digest_of_tree(folder, without=WITHOUT)


@pytest.mark.parametrize(
    ("name", "text"),
    [("src/page.ts", "two"), ("src/new.ts", ""), ("package.json", "{ }")],
    ids=["changed", "added", "changed at the top"],
)
def test_digest_changes_with_what_matters(folder: Path, name: str, text: str) -> None:
    before = digest_of_tree(folder, without=WITHOUT)
    (folder / name).write_text(text)
    assert digest_of_tree(folder, without=WITHOUT) != before


def test_digest_changes_when_a_file_moves(folder: Path) -> None:
    before = digest_of_tree(folder, without=WITHOUT)
    (folder / "src" / "page.ts").rename(folder / "src" / "other.ts")
    assert digest_of_tree(folder, without=WITHOUT) != before


@pytest.mark.parametrize("name", ["node_modules/left.js", "src/page.test.ts"])
def test_digest_ignores_what_does_not_matter(folder: Path, name: str) -> None:
    before = digest_of_tree(folder, without=WITHOUT)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    assert digest_of_tree(folder, without=WITHOUT) == before


def test_digest_of_files_depends_on_the_facts_beside_them(folder: Path) -> None:
    files = [folder / "package.json"]
    assert digest(files, "3.11") != digest(files, "3.12")


def test_a_stamp_is_current_for_what_it_was_made_from_only(tmp_path: Path) -> None:
    file = tmp_path / "stamp"
    assert not is_current(file, "abc")
    stamp(file, "abc")
    assert is_current(file, "abc")
    assert not is_current(file, "abd")
