"""Which emote services the streamer wants: all at first, kept as an adapter's note."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from streamcore.core.errors import StorageError
from streamcore.core.integrations.base import NoteKeeper, Option, Words
from streamcore.core.integrations.emotes.services import SERVICES, Service
from streamcore.core.integrations.note import Note

__all__ = ["EmoteChoice"]

_log = logging.getLogger(__name__)


class EmoteChoice:
    """The services as options of a platform, and who has to hear of a change at once."""

    def __init__(self, notes: NoteKeeper, note: str) -> None:
        self._note = Note(notes, note, list[str])
        self._off: frozenset[str] = frozenset()
        self._turn = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    def is_on(self, service_id: str) -> bool:
        """Tell whether a service may be asked."""
        return service_id not in self._off

    @property
    def options(self) -> tuple[Option, ...]:
        """The services as the streamer switches them."""
        return tuple(_option(service, value=self.is_on(service.id)) for service in SERVICES)

    async def load(self) -> None:
        """Take up what was chosen before.

        When that cannot be read they are all off: asking a service that was switched off is worse
        than missing its emotes.
        """
        try:
            self._off = frozenset(await self._note.read() or ())
        except StorageError as error:
            _log.error("Which emote services to ask is unreadable, so none is asked: %s", error)
            self._off = frozenset(service.id for service in SERVICES)

    async def choose(self, values: Mapping[str, bool]) -> None:
        """Switch services on or off, for good and at once.

        Raises `StorageError`, and has then changed nothing.
        """
        async with self._turn:  # two pages that switch at once must not undo each other
            wanted = {service.id: self.is_on(service.id) for service in SERVICES} | dict(values)
            off = sorted(service_id for service_id, is_on in wanted.items() if not is_on)
            await self._note.keep(off)
            self._off = frozenset(off)
        for listener in tuple(self._listeners):
            listener()

    @contextmanager
    def heard_by(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` after every change, for as long as this lasts."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)


def _option(service: Service, *, value: bool) -> Option:
    return Option(
        id=service.id,
        title=Words(f"Emotes of {service.name}", f"Эмоуты {service.name}"),
        help=Words(
            f"Shows the emotes that your viewers see with {service.name}. The app asks "
            f"{service.name} for the list of your channel's emotes, and tells it which channel "
            "that is.",
            f"Показывает эмоуты, которые ваши зрители видят с {service.name}. Приложение "
            f"запрашивает у {service.name} список эмоутов вашего канала и сообщает, какой это "
            "канал.",
        ),
        value=value,
    )
