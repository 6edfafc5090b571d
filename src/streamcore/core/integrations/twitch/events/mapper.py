"""Twitch's notifications as the protocol's events: pure, and one source for each fact.

Twitch tells many facts several times; which of the tellings counts, and why, stands beside the
list of subscriptions (`eventsub/wanted.py`). Where a wanted type itself tells what another one
tells better, its mapping leaves it out:

- the chat's notices of raids and of charity donations, which have types of their own;
- the bits of a custom power-up, whose redemption has an id and what was typed.

The chat message of a cheer stays a chat message, that of a redemption too. What happens in other
channels of a shared chat is marked by that channel's id, and is never money of ours.

What cannot be read is a `platform_notice` and never an exception: one broken payload must not cost
the streamer the connection.
"""

from __future__ import annotations

import logging

import msgspec

from streamcore.core.integrations.twitch.events.audience import AUDIENCE
from streamcore.core.integrations.twitch.events.chat import CHAT
from streamcore.core.integrations.twitch.events.community import COMMUNITY
from streamcore.core.integrations.twitch.events.moderation import MODERATION
from streamcore.core.integrations.twitch.events.notices import NOTICES
from streamcore.core.integrations.twitch.events.polls import POLLS
from streamcore.core.integrations.twitch.events.reading import UnreadablePayloadError
from streamcore.core.integrations.twitch.events.rewards import REWARDS
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.core.integrations.twitch.events.stream import STREAM
from streamcore.core.integrations.twitch.events.table import Events, Mapping
from streamcore.protocol.events import PlatformNotice

__all__ = ["MAPPED", "to_events"]

_log = logging.getLogger(__name__)

MAPPED: dict[str, Mapping] = {
    **CHAT,
    **NOTICES,
    **AUDIENCE,
    **COMMUNITY,
    **REWARDS,
    **POLLS,
    **STREAM,
    **MODERATION,
}
"""How each subscription type that we know is read and mapped."""


def to_events(source: Source, raw: msgspec.Raw) -> Events:
    """Return what a notification says."""
    mapping = MAPPED.get(source.kind)
    if mapping is None:
        return _notice(source, source.kind)
    try:
        return mapping(source, raw)
    except UnreadablePayloadError as error:
        return _notice(source, error.name)
    except Exception:  # a fault of ours in one payload, and the next one may be a donation
        _log.exception("Twitch: a %.80s could not be mapped", source.kind)
        return _notice(source, "unreadable")


def _notice(source: Source, name: str) -> Events:
    return (PlatformNotice(**source.base(), name=name, raw_type=source.kind),)
