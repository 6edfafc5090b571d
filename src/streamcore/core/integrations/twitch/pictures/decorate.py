"""Putting pictures into an event: pure, and cheap enough for every message of a raid."""

from __future__ import annotations

from msgspec.structs import replace

from streamcore.core.integrations.emotes.words import Words, with_emotes
from streamcore.core.integrations.twitch.pictures.badges import Badges, with_pictures
from streamcore.core.integrations.twitch.pictures.cheermotes import Cheermotes, with_cheermotes
from streamcore.protocol.events import Event

__all__ = ["decorated"]


def decorated(event: Event, words: Words, badges: Badges, cheermotes: Cheermotes) -> Event:
    """Return the event with pictures where some are known; the texts in it stay the same.

    Of the people in an event only `user` has badges: Twitch tells them of who writes.
    """
    user = event.user
    if user is not None and user.badges:
        event = replace(event, user=replace(user, badges=with_pictures(user.badges, badges)))
    fragments = getattr(event, "fragments", ())
    if fragments:
        found = with_cheermotes(with_emotes(fragments, words), cheermotes)
        if found is not fragments:
            event = replace(event, fragments=found)
    return event
