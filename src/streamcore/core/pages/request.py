"""The little of a request that pages look at."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from streamcore.core.http.asgi import Receive, Scope, Send, values_of

__all__ = ["PageRequest"]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request that passed the gate, so that `host` is one of our own names."""

    scope: Scope
    receive: Receive
    send: Send

    @property
    def path(self) -> str:
        """The decoded path."""
        return str(self.scope["path"])

    @property
    def host(self) -> str:
        """Our name and port, as the caller used them."""
        return self.header(b"host")

    def header(self, name: bytes) -> str:
        """Return a header's first value, or an empty text."""
        values = values_of(self.scope["headers"], name)
        return bytes(values[0]).decode("latin-1") if values else ""

    def query(self, name: str) -> str:
        """Return a query parameter's first value, or an empty text."""
        text = bytes(self.scope.get("query_string", b"")).decode("latin-1")
        return parse_qs(text).get(name, [""])[0]

    @property
    def wants_document(self) -> bool:
        """Whether a browser is about to show the answer as a page."""
        mode = self.header(b"sec-fetch-mode")
        return mode == "navigate" or (not mode and "text/html" in self.header(b"accept"))
