"""What is wrong at the moment, from several places, as one sentence for the streamer."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from streamcore.core.integrations.base import Words

__all__ = ["Place", "Troubles"]


class Place(IntEnum):
    """Where something can be wrong, what matters most first."""

    LINK = 0
    STORE = 1
    SILENCE = 2
    SUBSCRIPTIONS = 3


class Troubles:
    """Tells the one that matters most, and that all is well when none is left.

    All is well only when the link has lived once: until then the platform is connecting.
    """

    def __init__(self, tell: Callable[[Words], None]) -> None:
        self._tell = tell
        self._now: dict[Place, Words] = {}
        self._has_lived = False

    def note(self, place: Place, trouble: Words) -> None:
        """Note what is wrong in a place; no words mean that nothing is."""
        if trouble:
            self._now[place] = trouble
        else:
            self._now.pop(place, None)
            self._has_lived = self._has_lived or place is Place.LINK
        if self._now:
            self._tell(self._now[min(self._now)])
        elif self._has_lived:
            self._tell(Words())
