"""The HTTP upgrade that opens a WebSocket: our request, and a strict reading of the answer."""

from __future__ import annotations

from binascii import b2a_base64

from streamcore.sdk._wire.frames import WireError

try:
    # `hashlib` would load OpenSSL, which costs every module process some megabytes.
    from _sha1 import sha1  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from hashlib import sha1

__all__ = ["MAX_RESPONSE_BYTES", "accept_of", "check_response", "new_key", "request"]

MAX_RESPONSE_BYTES = 16 * 1024
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3


def new_key(random: bytes) -> bytes:
    """Return `Sec-WebSocket-Key` for 16 random bytes."""
    return b2a_base64(random, newline=False)


def request(host: str, path: str, key: bytes) -> bytes:
    """Return the upgrade request."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode("ascii")


def accept_of(key: bytes) -> bytes:
    """Return the answer that proves that the server understood `key`."""
    return b2a_base64(sha1(key + _GUID).digest(), newline=False)  # noqa: S324 - RFC 6455 says so


def check_response(head: bytes, key: bytes) -> None:
    """Accept only a 101 that answers our own key; `head` ends before the empty line."""
    status, *lines = head.split(b"\r\n")
    if not status.startswith(b"HTTP/1.1 101"):
        raise WireError(1002, f"the server refused the upgrade: {status[:100]!r}")
    headers: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip()
    if headers.get(b"upgrade", b"").lower() != b"websocket":
        raise WireError(1002, "the server's upgrade is not a WebSocket")
    if headers.get(b"sec-websocket-accept") != accept_of(key):
        raise WireError(1002, "the server answered another key")
    if headers.get(b"sec-websocket-extensions"):
        raise WireError(1010, "the server chose an extension that was not offered")
