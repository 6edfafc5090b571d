"""What we know of the streamer's channel, to say what changed and what we missed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.protocol.events import Event, Origin, StreamOffline, StreamOnline, StreamUpdated

__all__ = ["Channel"]


class _Info(msgspec.Struct, frozen=True, kw_only=True):
    title: str = ""
    game_name: str = ""
    broadcaster_language: str = ""
    content_classification_labels: tuple[str, ...] | None = None


class _Stream(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    title: str = ""
    game_name: str = ""
    started_at: datetime | None = None


class _Infos(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Info, ...] = ()


class _Streams(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Stream, ...] = ()


class _Known(NamedTuple):
    """The fields of the channel that `stream_updated` can name as changed."""

    title: str = ""
    category: str = ""
    language: str = ""
    labels: frozenset[str] = frozenset()


class Channel:
    """Title, category, language, content labels and whether the stream runs."""

    def __init__(self, helix: Helix, user_id: str, clock: Clock) -> None:
        self._helix = helix
        self._user_id = user_id
        self._clock = clock
        self._known: _Known | None = None
        self._stream_id: str | None = None

    def observe(self, event: Event) -> Event:
        """Return the event with what only we can add: which fields of the channel changed."""
        if isinstance(event, StreamUpdated):
            new = _Known(event.title, event.category, event.language, frozenset(event.labels))
            old, self._known = self._known, new
            changed = tuple(
                name
                for name in new._fields
                if old is None or getattr(old, name) != getattr(new, name)
            )
            return replace(event, changed=changed)
        if isinstance(event, StreamOnline):
            self._stream_id = event.source_id.removeprefix("online:")
            known = self._known or _Known()
            return replace(
                event,
                title=event.title or known.title,
                category=event.category or known.category,
            )
        if isinstance(event, StreamOffline):
            self._stream_id = None
        return event

    async def reconcile(self) -> tuple[Event, ...]:
        """Ask how things stand after a time without events; returns what we missed."""
        infos = await self._helix.get("/channels", _Infos, {"broadcaster_id": self._user_id})
        streams = await self._helix.get("/streams", _Streams, {"user_id": self._user_id})
        for info in infos.data[:1]:
            self._known = _Known(
                info.title,
                info.game_name,
                info.broadcaster_language,
                frozenset(info.content_classification_labels or ()),
            )
        if streams.data:
            return self._is_live(streams.data[0])
        if self._stream_id is None:
            return ()
        ended, self._stream_id = self._stream_id, None
        return (
            StreamOffline(
                platform=PLATFORM,
                channel_id=self._user_id,
                at=self._clock.now(),
                origin=Origin.CATCH_UP,
                source_id=f"offline:{ended}",
            ),
        )

    def _is_live(self, stream: _Stream) -> tuple[Event, ...]:
        if stream.id == self._stream_id:
            return ()
        self._stream_id = stream.id
        at = stream.started_at or self._clock.now()
        return (
            StreamOnline(
                platform=PLATFORM,
                channel_id=self._user_id,
                at=at,
                origin=Origin.CATCH_UP,
                source_id=f"online:{stream.id}",
                started_at=at,
                title=stream.title,
                category=stream.game_name,
            ),
        )
