"""How many watch: told once a minute while the stream runs, and not asked while it does not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError, StorageError
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.events.source import PLATFORM
from streamcore.protocol.events import Event, StreamOffline, StreamOnline, ViewerCount

__all__ = ["Viewers"]

_EVERY_S = 60.0
_AGAIN_S = 10.0

_log = logging.getLogger(__name__)


class _Stream(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    viewer_count: int = 0


class _Streams(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Stream, ...] = ()


class Viewers:
    """Begins when an event says that the stream runs, ends when one says that it does not.

    Source: dev.twitch.tv/docs/api/reference, "Get Streams". A stream that has just begun may not
    be listed there for a moment: then it is asked again soon.
    """

    def __init__(
        self,
        helix: Helix,
        channel_id: str,
        clock: Clock,
        publish: Callable[[Sequence[Event]], Awaitable[None]],
    ) -> None:
        self._helix = helix
        self._channel_id = channel_id
        self._clock = clock
        self._publish = publish
        self._live = asyncio.Event()

    def observe(self, events: Sequence[Event]) -> None:
        """Notice beginnings and ends of the stream."""
        for event in events:
            if isinstance(event, StreamOnline):
                self._live.set()
            elif isinstance(event, StreamOffline):
                self._live.clear()

    async def run(self) -> None:
        """Tell the count for as long as the account is connected."""
        while await self._live.wait():
            is_told = await self._tell()
            await self._clock.sleep(_EVERY_S if is_told else _AGAIN_S)

    async def _tell(self) -> bool:
        try:
            streams = await self._helix.get(
                "/streams", _Streams, {"user_id": self._channel_id}, is_background=True
            )
            for stream in streams.data:
                await self._publish((self._count(stream),))
                return True
        except (CommandError, UnreachableError, StorageError) as error:
            _log.info("Twitch: the number of viewers is not known: %s", error)
        return False

    def _count(self, stream: _Stream) -> ViewerCount:
        now = self._clock.now()
        return ViewerCount(
            platform=PLATFORM,
            channel_id=self._channel_id,
            at=now,
            source_id=f"viewers:{stream.id}:{now.timestamp():.0f}",
            viewers=max(0, stream.viewer_count),
        )
