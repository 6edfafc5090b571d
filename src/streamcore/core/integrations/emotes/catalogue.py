"""The services that the app knows, and what the streamer decides about each."""

from __future__ import annotations

from collections.abc import Mapping

from streamcore.core.integrations.emotes.bttv import BetterTTV
from streamcore.core.integrations.emotes.ffz import FrankerFaceZ
from streamcore.core.integrations.emotes.seventv import SevenTV
from streamcore.core.integrations.emotes.source import EmoteSource

__all__ = ["emote_sources"]


def emote_sources(environ: Mapping[str, str]) -> tuple[EmoteSource, ...]:
    """Return the services; where two have an emote of the same name, the earlier one counts.

    The order is that in which chat clients of many viewers look, so that the overlay shows what
    the viewers see.
    """
    return (FrankerFaceZ(environ), BetterTTV(environ), SevenTV(environ))
