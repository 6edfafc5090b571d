"""What we know of the streamer's channel, to say what changed and what we missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

import msgspec
from msgspec.structs import replace

from streamcore.core.clock import Clock
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.api.pages import Page
from streamcore.core.integrations.twitch.events.source import PLATFORM, Base
from streamcore.protocol.events import Event, Origin, StreamOffline, StreamOnline, StreamUpdated
from streamcore.protocol.ids import new_id
from streamcore.protocol.permissions import Permission

__all__ = ["Channel"]


class _Info(msgspec.Struct, frozen=True, kw_only=True):
    title: str = ""
    game_id: str = ""
    game_name: str = ""
    broadcaster_language: str = ""
    content_classification_labels: tuple[str, ...] | None = None


class _Stream(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    title: str = ""
    game_name: str = ""
    started_at: datetime | None = None


class _Base(Base):
    origin: Origin


class _Known(NamedTuple):
    """The fields of the channel that `stream_updated` can name as changed."""

    title: str = ""
    category: str = ""
    language: str = ""
    labels: frozenset[str] = frozenset()


class Channel:
    """Title, category, language, content labels and whether the stream runs."""

    tells = ("stream_offline", "stream_online", "stream_updated")
    permission = Permission.STREAM_READ
    scopes: frozenset[str] = frozenset()
    watched: ClassVar[tuple[type[Event], ...]] = (StreamOffline, StreamOnline, StreamUpdated)

    def __init__(self, helix: Helix, user_id: str, clock: Clock) -> None:
        self._helix = helix
        self._user_id = user_id
        self._clock = clock
        self._known: _Known | None = None
        self._stream_id: str | None = None
        self._told = 0

    def observe(self, event: Event) -> Event:
        """Return the event with what only we can add: which fields of the channel changed."""
        self._told += 1
        if isinstance(event, StreamUpdated):
            new = _Known(event.title, event.category, event.language, frozenset(event.labels))
            return replace(event, changed=self._changed(new))
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

    async def missed(self, since: datetime | None) -> Sequence[Event] | None:
        """Ask how things stand; a stream that runs is told even when there was no gap."""
        told = self._told
        params = {"broadcaster_id": self._user_id}
        infos = await self._helix.get("/channels", Page[_Info], params, is_background=True)
        params = {"user_id": self._user_id}
        streams = await self._helix.get("/streams", Page[_Stream], params, is_background=True)
        if told != self._told:
            return ()  # what was told live meanwhile may be newer than the answers
        return [*self._updated(infos.data[:1]), *self._on_air(streams.data[:1])]

    def _changed(self, new: _Known) -> tuple[str, ...]:
        old, self._known = self._known, new
        return tuple(
            name for name in new._fields if old is None or getattr(old, name) != getattr(new, name)
        )

    def _updated(self, infos: Sequence[_Info]) -> list[Event]:
        is_first = self._known is None
        for info in infos:
            new = _Known(
                info.title,
                info.game_name,
                info.broadcaster_language,
                frozenset(info.content_classification_labels or ()),
            )
            changed = self._changed(new)
            if changed and not is_first:
                now = self._clock.now()
                return [
                    StreamUpdated(
                        **self._base(f"updated:{new_id()}", now),
                        title=info.title,
                        category=info.game_name,
                        category_id=info.game_id,
                        language=info.broadcaster_language,
                        labels=info.content_classification_labels or (),
                        changed=changed,
                    )
                ]
        return []

    def _on_air(self, streams: Sequence[_Stream]) -> list[Event]:
        stream_id = streams[0].id if streams else None
        before, self._stream_id = self._stream_id, stream_id
        if stream_id == before:
            return []
        now = self._clock.now()
        events: list[Event] = []
        if before is not None:
            events.append(StreamOffline(**self._base(f"offline:{before}", now)))
        for stream in streams:
            at = stream.started_at or now
            events.append(
                StreamOnline(
                    **self._base(f"online:{stream.id}", at),
                    started_at=at,
                    title=stream.title,
                    category=stream.game_name,
                )
            )
        return events

    def _base(self, source_id: str, at: datetime) -> _Base:
        return _Base(
            platform=PLATFORM,
            channel_id=self._user_id,
            at=at,
            origin=Origin.CATCH_UP,
            source_id=source_id,
        )
