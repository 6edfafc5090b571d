"""The code that a streamer confirms in a browser, as Twitch gave it out and as we take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from streamcore.core.clock import Clock
from streamcore.core.integrations.base import DeviceFlow
from streamcore.core.logs import register_secret
from streamcore.core.secrets import Secret

__all__ = ["DeviceAnswer", "DeviceCode", "device_code"]

_LONGEST_LIFE_S = 3600.0
_MIN_INTERVAL_S, _MAX_INTERVAL_S = 1.0, 60.0
_USER_CODE = re.compile(r"[\w-]{1,64}", re.ASCII)
_ADDRESS = re.compile(r"[!-~]{1,2048}")


class DeviceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What Twitch answers when a login begins."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: float = 1800
    interval: float = 5


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A login that waits for the streamer's confirmation."""

    device_code: Secret
    user_code: str
    verification_uri: str
    expires_at: datetime
    life_s: float
    interval_s: float

    @property
    def flow(self) -> DeviceFlow:
        """What the streamer sees of it."""
        return DeviceFlow(
            user_code=self.user_code,
            verification_uri=self.verification_uri,
            expires_at=self.expires_at,
        )


def device_code(answer: DeviceAnswer, clock: Clock) -> DeviceCode | None:
    """Return the code; None when a browser could not open its address, or nobody type it."""
    register_secret(answer.device_code)
    if not _is_web_address(answer.verification_uri) or not _USER_CODE.fullmatch(answer.user_code):
        return None
    life_s = min(max(answer.expires_in, 0.0), _LONGEST_LIFE_S)
    return DeviceCode(
        device_code=Secret(answer.device_code),
        user_code=answer.user_code,
        verification_uri=answer.verification_uri,
        expires_at=clock.now() + timedelta(seconds=life_s),
        life_s=life_s,
        interval_s=min(max(answer.interval, _MIN_INTERVAL_S), _MAX_INTERVAL_S),
    )


def _is_web_address(text: str) -> bool:
    if not _ADDRESS.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
