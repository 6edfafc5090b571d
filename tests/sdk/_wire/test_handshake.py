"""The upgrade: our request and the answers that are refused."""

from __future__ import annotations

import pytest

from streamcore.sdk._wire.frames import WireError
from streamcore.sdk._wire.handshake import accept_of, check_response, new_key, request

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3
GOOD = {
    b"Upgrade": b"WebSocket",
    b"Connection": b"Upgrade",
    b"Sec-WebSocket-Accept": b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
}


def head(headers: dict[bytes, bytes], status: bytes = b"HTTP/1.1 101 Switching Protocols") -> bytes:
    return b"\r\n".join((status, *(name + b": " + value for name, value in headers.items())))


def test_the_accept_value_is_the_one_of_the_standard() -> None:
    assert accept_of(KEY) == GOOD[b"Sec-WebSocket-Accept"]


def test_a_key_is_sixteen_bytes_in_base64() -> None:
    assert new_key(bytes(16)) == b"AAAAAAAAAAAAAAAAAAAAAA=="


def test_the_request_names_the_host_and_asks_for_a_websocket() -> None:
    lines = request("streamcore", "/socket.io/?EIO=4", KEY).decode().split("\r\n")
    assert lines[0] == "GET /socket.io/?EIO=4 HTTP/1.1"
    assert "Host: streamcore" in lines
    assert "Upgrade: websocket" in lines
    assert lines[-2:] == ["", ""]


def test_a_right_answer_is_accepted() -> None:
    check_response(head(GOOD), KEY)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(head(GOOD, b"HTTP/1.1 200 OK"), id="no upgrade"),
        pytest.param(head(GOOD | {b"Upgrade": b"h2c"}), id="another protocol"),
        pytest.param(head(GOOD | {b"Sec-WebSocket-Accept": b"x"}), id="another key"),
        pytest.param(
            head(GOOD | {b"Sec-WebSocket-Extensions": b"permessage-deflate"}), id="an extension"
        ),
        pytest.param(b"", id="nothing"),
    ],
)
def test_every_other_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(WireError):
        check_response(answer, KEY)
