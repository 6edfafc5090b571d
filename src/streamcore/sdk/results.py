"""What commands give back, where it is more than one word."""

from __future__ import annotations

import msgspec

__all__ = ["Clip", "HttpResponse", "Viewer"]


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """A clip that was just made."""

    clip_id: str = ""
    url: str = ""


class HttpResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What an internet address answered to `http_request`."""

    status: int
    headers: dict[str, str] = {}
    body: str = ""

    @property
    def ok(self) -> bool:
        """Whether the status says that it worked."""
        return 200 <= self.status < 300

    def json(self) -> object:
        """Return the body read as JSON; raises `ValueError` when it is none."""
        return msgspec.json.decode(self.body)


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the chat."""

    id: str
    login: str = ""
    name: str = ""
