"""What every emote service is: where its lists are, and how they are read."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from streamcore.core.errors import StreamCoreError
from streamcore.core.integrations.emotes.services import Service
from streamcore.protocol.objects import Emote

__all__ = [
    "MAX_EMOTES",
    "EmoteSource",
    "Emotes",
    "SourceError",
    "each_readable",
    "is_sound",
    "picture",
]

MAX_EMOTES = 10_000
"""More emotes of one list are left out."""

_NAME_MAX = 100
_ID_MAX = 64
_ADDRESS_MAX = 300
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
_PATH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%")

T = TypeVar("T")
Emotes = Mapping[str, Emote]
"""A list of emotes by the word that stands for each in a text."""

_learning = threading.Lock()
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}


class SourceError(StreamCoreError):
    """A service could not be asked, or answered something that is no list of emotes."""


class EmoteSource(ABC):
    """One service, pure: it names addresses and reads answers, and asks nobody itself.

    The readers raise `SourceError` for an answer that is none; a single emote that is broken, or
    whose picture lies anywhere but at the service's own host, is left out.
    """

    service: Service

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def id(self) -> str:
        return self.service.id

    @property
    def name(self) -> str:
        return self.service.name

    @property
    @abstractmethod
    def global_address(self) -> str:
        """Where the emotes are that work in every channel."""

    @abstractmethod
    def channel_address(self, platform: str, channel_id: str) -> str | None:
        """Where a channel's emotes are; None for a platform that the service does not know."""

    @abstractmethod
    def read_global(self, answer: bytes) -> Emotes:
        """Read the list of the emotes that work in every channel."""

    @abstractmethod
    def read_channel(self, answer: bytes) -> Emotes:
        """Read the list of a channel's emotes."""

    def decode(self, answer: bytes, shape: type[T]) -> T:
        """Read an answer as a whole; raises `SourceError`."""
        try:
            return _decoder(shape).decode(answer)
        except _UNREADABLE as error:
            raise SourceError("its answer is no list of emotes") from error


def _decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    # Answers are read in threads, and msgspec takes a type in when it first meets it: two threads
    # that bring it the same new type at once make it crash the whole process (seen with 0.22.0).
    with _learning:
        if (known := _decoders.get(shape)) is None:
            known = _decoders[shape] = msgspec.json.Decoder(shape, strict=False)
    return known


def each_readable(raws: Iterable[msgspec.Raw], shape: type[T]) -> Iterable[T]:
    """Read every item of a list by itself, so that a broken one costs only itself."""
    decoder = _decoder(shape)
    for raw in raws:
        try:
            yield decoder.decode(raw)
        except _UNREADABLE:
            continue


def is_sound(name: str, emote_id: str) -> bool:
    """Tell whether a name can stand in a text as one word, and an id in an address."""
    is_word = 0 < len(name) <= _NAME_MAX and name.split() == [name] and name.isprintable()
    return is_word and len(emote_id) <= _ID_MAX and emote_id.isascii() and emote_id.isalnum()


def picture(address: str, *hosts: str) -> str | None:
    """Return an https address at one of the hosts, or None for any other.

    An address without a scheme (`//host/path`), as some services write it, gets one.
    """
    if address.startswith("//"):
        address = f"https:{address}"
    if len(address) > _ADDRESS_MAX or not address.startswith("https://"):
        return None
    host, _, path = address.removeprefix("https://").partition("/")
    return address if host in hosts and path and _PATH.issuperset(path) else None
