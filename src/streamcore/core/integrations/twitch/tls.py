"""The certificates to trust, read once."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

__all__ = ["tls_context"]


@cache
def tls_context() -> ssl.SSLContext:
    """Return one context for HTTP and WebSocket: the certificates come with the app.

    A packaged Python may find none of the system's. Reading them takes too long for the loop.
    """
    return httpx.create_ssl_context()
