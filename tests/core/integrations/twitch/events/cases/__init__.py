"""Recorded shapes of every type that we take, each with the whole event that it becomes."""

from __future__ import annotations

from tests.core.integrations.twitch.events.cases.audience import AUDIENCE
from tests.core.integrations.twitch.events.cases.chat import CHAT
from tests.core.integrations.twitch.events.cases.common import Case
from tests.core.integrations.twitch.events.cases.community import COMMUNITY
from tests.core.integrations.twitch.events.cases.moderation import MODERATION
from tests.core.integrations.twitch.events.cases.notices import NOTICES
from tests.core.integrations.twitch.events.cases.points import POINTS
from tests.core.integrations.twitch.events.cases.stream import STREAM

__all__ = ["CASES", "Case"]

CASES: dict[str, Case] = {
    **CHAT,
    **NOTICES,
    **AUDIENCE,
    **COMMUNITY,
    **POINTS,
    **STREAM,
    **MODERATION,
}
