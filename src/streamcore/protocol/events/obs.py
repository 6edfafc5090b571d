"""The state of OBS (permission `obs_read`)."""

from __future__ import annotations

from typing import ClassVar

from streamcore.protocol.events.base import Event
from streamcore.protocol.permissions import Permission

__all__ = ["ObsState"]


class ObsState(Event, frozen=True, kw_only=True):
    """OBS changed; `changed` says what, a field that is None was not told."""

    permission: ClassVar[Permission | None] = Permission.OBS_READ

    changed: str = ""
    is_connected: bool | None = None
    scene: str | None = None
    is_streaming: bool | None = None
    is_recording: bool | None = None
    source: str | None = None
    is_visible: bool | None = None
    is_muted: bool | None = None
