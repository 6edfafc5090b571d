"""A reader for every service."""

from __future__ import annotations

from collections.abc import Mapping

from streamcore.core.integrations.emotes.bttv import BetterTTV
from streamcore.core.integrations.emotes.ffz import FrankerFaceZ
from streamcore.core.integrations.emotes.services import SERVICES
from streamcore.core.integrations.emotes.seventv import SevenTV
from streamcore.core.integrations.emotes.source import EmoteSource

__all__ = ["emote_sources"]

_READERS = {reader.service: reader for reader in (BetterTTV, FrankerFaceZ, SevenTV)}


def emote_sources(urls: Mapping[str, str]) -> tuple[EmoteSource, ...]:
    """Return the sources in the order of the services; `urls` says where each is, by its id."""
    return tuple(_READERS[service](urls[service.id]) for service in SERVICES)
