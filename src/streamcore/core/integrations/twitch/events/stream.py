"""The stream itself: when it runs, what it is called, and advertising."""

from __future__ import annotations

from datetime import timedelta

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import user
from streamcore.core.integrations.twitch.events.reading import Count, Items, Text, Time
from streamcore.core.integrations.twitch.events.source import Source, moment, second
from streamcore.core.integrations.twitch.events.table import mapping
from streamcore.protocol.events import AdBreak, StreamOffline, StreamOnline, StreamUpdated
from streamcore.protocol.objects import Phase

__all__ = ["STREAM", "ad_end_id"]

_LONGEST_BREAK_S = 3600


class _Online(wire.InChannel, frozen=True, kw_only=True):
    id: Text = ""
    started_at: Time | None = None


class _Offline(wire.InChannel, frozen=True, kw_only=True):
    id: Text | None = None


class _Update(wire.InChannel, frozen=True, kw_only=True):
    title: Text = ""
    language: Text = ""
    category_id: Text = ""
    category_name: Text = ""
    content_classification_labels: Items[Text] | None = None


class _AdBreak(wire.InChannel, frozen=True, kw_only=True):
    """Twitch's own example writes the number and the flag as text."""

    duration_seconds: Count = 0
    started_at: Time | None = None
    is_automatic: bool = False
    requester_user_id: Text | None = None
    requester_user_login: Text | None = None
    requester_user_name: Text | None = None


def ad_end_id(begin_id: str) -> str:
    """Return the natural id of a break's end from that of its beginning."""
    return f"{begin_id.removesuffix(f':{Phase.BEGIN.value}')}:{Phase.END.value}"


def _online(source: Source, data: _Online) -> StreamOnline:
    at = moment(data.started_at)
    base = source.base(f"online:{data.id}" if data.id else "", at=at)
    return StreamOnline(**base, started_at=at or source.at)


def _offline(source: Source, data: _Offline) -> StreamOffline:
    return StreamOffline(**source.base(f"offline:{data.id}" if data.id else ""))


def _update(source: Source, data: _Update) -> StreamUpdated:
    return StreamUpdated(
        **source.base(),
        title=data.title,
        category=data.category_name,
        category_id=data.category_id,
        language=data.language,
        labels=data.content_classification_labels or (),
    )


def _ad_break(source: Source, data: _AdBreak) -> AdBreak:
    at = moment(data.started_at) or source.at
    length_s = min(data.duration_seconds, _LONGEST_BREAK_S)
    return AdBreak(
        **source.base(f"ad:{second(at)}:{Phase.BEGIN.value}", at=at),
        user=user(data.requester_user_id, data.requester_user_login, data.requester_user_name)
        if data.requester_user_id
        else None,
        phase=Phase.BEGIN,
        duration_s=length_s,
        ends_at=at + timedelta(seconds=length_s),
        is_automatic=data.is_automatic,
    )


STREAM = {
    "stream.online": mapping(_Online, _online),
    "stream.offline": mapping(_Offline, _offline),
    "channel.update": mapping(_Update, _update),
    "channel.ad_break.begin": mapping(_AdBreak, _ad_break),
}
