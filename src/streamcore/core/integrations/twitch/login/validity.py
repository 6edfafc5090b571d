"""The check that Twitch wants of every app: is the login still good, each hour.

Source: dev.twitch.tv/docs/authentication/validate-tokens.
"""

from __future__ import annotations

import asyncio
import logging

from streamcore.core.clock import Clock
from streamcore.core.errors import SecretsError
from streamcore.core.integrations.oauth import UnreachableError
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.waiting import nap

__all__ = ["keep_valid"]

_EVERY_S = 3600.0
_LOOK_EVERY_S = 60.0

_log = logging.getLogger(__name__)


async def keep_valid(client: Client, clock: Clock, doubt: asyncio.Event | None = None) -> None:
    """Check the login every hour, and at once when there is `doubt` about it.

    Raises `LoginLostError` when it is no longer good.

    By the wall clock too: the one for waiting may stand still while the machine sleeps, and the
    check is due when it wakes. Where Twitch cannot be asked, or a renewed login not be stored,
    it is tried again a minute later.
    """
    doubt = doubt or asyncio.Event()
    last_s, last_at = clock.monotonic(), clock.now()
    while True:
        await nap(clock, _LOOK_EVERY_S, doubt)
        waited_s = max(clock.monotonic() - last_s, (clock.now() - last_at).total_seconds())
        if waited_s < _EVERY_S and not doubt.is_set():
            continue
        doubt.clear()
        try:
            await client.identify()
        except (UnreachableError, SecretsError) as error:
            _log.warning("Twitch: the login could not be checked: %s", error)
        else:
            last_s, last_at = clock.monotonic(), clock.now()
