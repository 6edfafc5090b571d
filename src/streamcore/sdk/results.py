"""What commands give back, where it is more than one word."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

__all__ = [
    "Ad",
    "Clip",
    "HttpResponse",
    "Marker",
    "Option",
    "Raid",
    "StartedPoll",
    "StartedPrediction",
    "Viewer",
    "Viewers",
]


class Ad(msgspec.Struct, frozen=True, kw_only=True):
    """Advertising that was started: for how long, and when the next may be asked for."""

    duration_s: int = 0
    retry_after_s: int = 0
    message: str = ""


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """A clip that was just made; at `edit_url` the streamer can cut it."""

    clip_id: str = ""
    url: str = ""
    edit_url: str = ""
    title: str = ""
    duration_s: float = 0.0


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


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """A moment that was marked, in seconds from the stream's beginning."""

    marker_id: str = ""
    position_s: int = 0


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that viewers can choose."""

    id: str = ""
    title: str = ""


class Raid(msgspec.Struct, frozen=True, kw_only=True):
    """A raid that was announced; the streamer can still begin it at once, or call it off."""

    channel_id: str = ""
    starts_within_s: int = 0


class StartedPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll that runs."""

    poll_id: str = ""
    choices: tuple[Option, ...] = ()


class StartedPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """A prediction that runs; the id of one of its `outcomes` resolves it."""

    prediction_id: str = ""
    outcomes: tuple[Option, ...] = ()


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the chat."""

    id: str
    login: str = ""
    name: str = ""


class Viewers(msgspec.Struct, frozen=True, kw_only=True):
    """Some of those in the chat, how many there are in all, and what reads the next ones."""

    viewers: tuple[Viewer, ...] = ()
    total: int = 0
    after: str | None = None

    def __iter__(self) -> Iterator[Viewer]:
        return iter(self.viewers)

    def __len__(self) -> int:
        return len(self.viewers)
