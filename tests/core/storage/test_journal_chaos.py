"""What the log promises when its process is killed, and when the disk really is full."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

KILLS = 5
MODULE = "tests.core.storage.journal_child"


@contextmanager
def child(root: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", MODULE, *map(str, arguments)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def logged(path: Path) -> dict[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT seq, body ->> '$.id' FROM log ORDER BY seq")
        return dict(rows.fetchall())


@pytest.mark.chaos
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(
    tmp_path: Path, checkout_root: Path
) -> None:
    path = tmp_path / "streamcore.db"
    acked: dict[int, str] = {}
    chance = random.Random(7)
    for _ in range(KILLS):
        with child(checkout_root, path) as process:
            assert process.stdout is not None
            head = int(process.stdout.readline().split()[1])
            # Numbers go on above everything that was given out before the kill.
            assert head >= max(acked, default=0)
            stop_after = chance.randint(20, 600)
            for count, line in enumerate(process.stdout):
                if count == stop_after:
                    process.kill()
                # What is in the pipe was said before the end: it counts. A torn line does not.
                word, seq, id_ = line.split() if line.endswith("\n") else ("", "0", "")
                if word == "acked":
                    assert int(seq) not in acked
                    acked[int(seq)] = id_
    there = logged(path)
    assert len(acked) > KILLS * 20
    assert {seq: there.get(seq) for seq in acked} == acked
    assert len(set(there.values())) == len(there)


@pytest.mark.chaos
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
def test_a_full_disk_loses_nothing_and_is_recovered_from(
    tmp_path: Path, checkout_root: Path
) -> None:
    path = tmp_path / "streamcore.db"
    acked: dict[int, str] = {}
    before: dict[int, str] = {}
    with child(checkout_root, path, 2_000_000) as process:
        assert process.stdout is not None and process.stdin is not None
        for line in process.stdout:
            word, *rest = line.split()
            if word == "acked":
                acked[int(rest[0])] = rest[1]
            elif word == "full":
                assert "disk is full" in line
                before = dict(acked)
                assert {seq: logged(path).get(seq) for seq in before} == before
                process.stdin.write("go on\n")
                process.stdin.flush()
            elif word == "done":
                assert len(acked) == len(before) + 200
        assert process.wait(10) == 0
    assert logged(path) == acked
