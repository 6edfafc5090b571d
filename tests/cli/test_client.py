"""Calls to a core that refuses, is not there any more, or is something else."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streamcore.core.run_file import RunFile, write_run_file
from tests.cli.shell import Shell


def _run_file(home: Path, port: int) -> None:
    home.mkdir(exist_ok=True)
    run = RunFile(
        url=f"http://127.0.0.1:{port}",
        port=port,
        pid=os.getpid(),
        token="secret",
        version="1",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    write_run_file(home / "run.json", run)


@contextlib.contextmanager
def _answering(answer: bytes) -> Iterator[int]:
    """Answer every connection with the same bytes; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _http(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
        status.encode(),
        len(body),
        body,
    )


@pytest.mark.parametrize("command", [["open"], ["stop"], ["module", "list"]], ids=" ".join)
@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n", _http("200 OK", b"<html>"), _http("200 OK", b"{}")[:-9]],
    ids=["nothing", "another protocol", "another site", "cut"],
)
def test_whoever_else_listens_there_is_no_core(
    shell: Shell, command: list[str], answer: bytes
) -> None:
    with _answering(answer) as port:
        _run_file(shell.home, port)
        error = shell.refuses(*command)
    assert error.startswith(f"StreamCore at http://127.0.0.1:{port} does not answer: ")
    assert len(error.splitlines()) == 1
    assert "secret" not in error


def test_a_core_that_has_just_gone_does_not_answer(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    _run_file(shell.home, port)
    assert "does not answer" in shell.refuses("module", "list")
    code, out, _ = shell("doctor")
    assert code == 2
    assert f"✗ StreamCore at http://127.0.0.1:{port} does not answer" in out


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"title": "Forbidden", "detail": "The token is not valid."}', "The token is not valid."),
        (b"[1]", "HTTP Error 403: Forbidden"),
        (b"", "HTTP Error 403: Forbidden"),
    ],
    ids=["problem", "no problem", "empty"],
)
def test_a_refusal_is_told_in_the_cores_words(shell: Shell, body: bytes, said: str) -> None:
    with _answering(_http("403 Forbidden", body)) as port:
        _run_file(shell.home, port)
        assert shell.refuses("module", "list") == f"{said}\n"


def test_a_replay_ends_when_the_core_is_gone(shell: Shell, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    _run_file(shell.home, port)
    events = tmp_path / "x.jsonl"
    events.write_text('{"type": "follow"}\n' * 100)
    assert len(shell.refuses("events", "replay", events).splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": 1}'])
def test_a_broken_run_file_is_no_core(shell: Shell, content: bytes) -> None:
    shell.home.mkdir()
    (shell.home / "run.json").write_bytes(content)
    assert "No StreamCore runs on" in shell.refuses("stop")
