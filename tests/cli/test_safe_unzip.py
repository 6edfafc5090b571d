"""Zips from outside: nothing leaves the folder, nothing grows beyond what was said."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from streamcore.cli.safe_unzip import UnzipError, open_zip, unzip

LINK, PIPE = stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600


def _zip(file: Path, *members: tuple[str, bytes] | tuple[str, bytes, int]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            entry = zipfile.ZipInfo("x")
            entry.filename = member[0]
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (member[2] if len(member) > 2 else 0) << 16
            archive.writestr(entry, member[1])
    return file


def _unzip(file: Path, into: Path, *, max_bytes: int = 1000) -> None:
    into.mkdir()
    with open_zip(file) as archive:
        unzip(
            archive, into, belongs=lambda parts: parts[0] != "no", max_files=3, max_bytes=max_bytes
        )


def test_files_and_folders_are_written_for_this_user_alone(tmp_path: Path) -> None:
    members = (("a.txt", b"one"), ("deep/", b""), ("deep/er/b", b"two", stat.S_IFREG | 0o777))
    into = tmp_path / "into"
    _unzip(_zip(tmp_path / "x.zip", *members), into)
    assert (into / "a.txt").read_bytes() == b"one"
    assert (into / "deep" / "er" / "b").read_bytes() == b"two"
    assert (into / "deep" / "er" / "b").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([("../evil", b"")], id="parent"),
        pytest.param([("a/../../evil", b"")], id="parent within"),
        pytest.param([("/evil", b"")], id="absolute"),
        pytest.param([("a//evil", b"")], id="double slash"),
        pytest.param([("./evil", b"")], id="here"),
        pytest.param([("", b"")], id="no name"),
        pytest.param([("link", b"/etc", LINK)], id="link"),
        pytest.param([("pipe", b"", PIPE)], id="pipe"),
        pytest.param([("no/evil", b"")], id="does not belong"),
        pytest.param([("evil", b"1"), ("evil/x", b"2")], id="file as folder"),
        pytest.param([("evil/x", b"1"), ("evil", b"2")], id="folder as file"),
        pytest.param([(f"evil{n}", b"") for n in range(4)], id="too many"),
        pytest.param([("evil", bytes(1001))], id="too large"),
    ],
)
def test_an_attack_is_refused(tmp_path: Path, members: list[tuple[str, bytes]]) -> None:
    file = _zip(tmp_path / "x.zip", ("fine", b""), *members)
    with pytest.raises(UnzipError):
        _unzip(file, tmp_path / "into")
    assert not (tmp_path / "evil").exists()
    assert not Path("/evil").exists()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"2")
    with pytest.raises(UnzipError, match="'a' is in it twice"):
        _unzip(file, tmp_path / "into")


@pytest.mark.parametrize("offset", [8, 10], ids=["encrypted", "unknown compression"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, offset: int) -> None:
    file = _zip(tmp_path / "x.zip", ("a", b"content"))
    data = bytearray(file.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + offset] = data[central + offset] | 1
    file.write_bytes(data)
    with pytest.raises(UnzipError):
        _unzip(file, tmp_path / "into")


def test_a_size_that_is_a_lie_writes_no_more_than_it_said(tmp_path: Path) -> None:
    file = _zip(tmp_path / "x.zip", ("a", b"A" * 500_000))
    data = bytearray(file.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    file.write_bytes(data)
    with pytest.raises(UnzipError):
        _unzip(file, tmp_path / "into")
    assert (tmp_path / "into" / "a").stat().st_size <= 10


def test_a_zip_that_was_cut_is_refused(tmp_path: Path) -> None:
    file = _zip(tmp_path / "x.zip", ("a", bytes(range(256)) * 3))
    data = file.read_bytes()
    for broken in (data[: len(data) // 2], data.replace(data[60:80], bytes(20))):
        file.write_bytes(broken)
        with pytest.raises(UnzipError):
            _unzip(file, tmp_path / f"into{len(broken)}")
