"""The listening sockets: loopback only, never shared with another program."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import sys

from streamcore.core.errors import StartError

__all__ = ["open_listeners"]

log = logging.getLogger(__name__)

_LOOPBACK_NAMES = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
_OTHER_FAMILY = {"127.0.0.1": "::1", "::1": "127.0.0.1"}
_BACKLOG = 128
_SEND_BUFFER = 256 * 1024
"""What the system keeps for a client that does not read, rather than up to 4 MB of its own choice:
its memory stays small, and we learn soon who stopped."""


def open_listeners(host: str, port: int) -> list[socket.socket]:
    """Listen on `host`, and on the other family's loopback too when there is one.

    A browser may take `localhost` for either; the first one must work, the second is a courtesy.
    Raises StartError.
    """
    address = _LOOPBACK_NAMES.get(host, host)
    if not _is_loopback(address):
        raise StartError(
            f"StreamCore listens on this computer only: expected 127.0.0.1, ::1 or localhost as "
            f"the host, found {host}. Start it without --host."
        )
    try:
        listeners = [_listen(address, port)]
    except OSError as error:
        raise StartError(_why(address, port, error)) from error
    port = listeners[0].getsockname()[1]
    other = _OTHER_FAMILY.get(address)
    if other is not None:
        try:
            listeners.append(_listen(other, port))
        except OSError as error:
            log.info("not listening on %s port %d: %s", other, port, error.strerror)
    return listeners


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # The loop turns Nagle's algorithm off (40 ms on every second small write) only for sockets
    # that name their protocol; what they accept inherits it.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # Windows lets a later program steal an address that is merely reusable.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # Here this only means: connections of the last run that still fade away do not hinder.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _why(address: str, port: int, error: OSError) -> str:
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
        return (
            f"Port {port} on {address} is taken by another program. "
            f"Close that program, or start StreamCore with --port 0 to use a free port."
        )
    if error.errno in (errno.EACCES, getattr(errno, "WSAEACCES", None)):
        return (
            f"The system does not let StreamCore use port {port} on {address}. "
            f"Start it with --port 0 to use a free port."
        )
    return f"StreamCore cannot listen on {address} port {port}: {error.strerror or error}."
