"""Every platform by its id: the only place, beside the app, that names a concrete one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING

import msgspec

from streamcore.core.integrations.base import BotStatus, Host, Integration
from streamcore.core.integrations.demo.integration import DemoIntegration
from streamcore.core.integrations.demo.play import FLAVOURS
from streamcore.core.integrations.demo.stand_in import StandIn
from streamcore.core.integrations.twitch.integration import TwitchIntegration
from streamcore.protocol.events import PlatformStateName

if TYPE_CHECKING:
    from streamcore.core.config import Settings

__all__ = ["Registry", "platform_record"]

_REACHABLE = frozenset({PlatformStateName.CONNECTED, PlatformStateName.DEGRADED})

_log = logging.getLogger(__name__)


class Registry:
    """Builds the integrations, starts and ends them; with `demo`, stand-ins take free places."""

    def __init__(self, host: Host, settings: Settings) -> None:
        makers: dict[str, Callable[[Host], Integration]] = {
            TwitchIntegration.id: lambda its_host: TwitchIntegration(
                its_host, settings.platform_env
            ),
        }
        integrations: dict[str, Integration] = {}
        if settings.demo:
            rate_per_s = settings.demo_rate / len(FLAVOURS)
            for flavour in FLAVOURS:
                demo = DemoIntegration(host, flavour, rate_per_s=rate_per_s)
                integrations[flavour.id] = StandIn(host, demo, makers.get(flavour.id))
        for platform_id, make in makers.items():
            if platform_id not in integrations:
                integrations[platform_id] = make(host)
        self._integrations: Mapping[str, Integration] = integrations

    def get(self, platform_id: str) -> Integration | None:
        """Return the integration of a platform, or None when there is none."""
        return self._integrations.get(platform_id)

    def all(self) -> tuple[Integration, ...]:
        """Return every integration."""
        return tuple(self._integrations.values())

    def platforms(self) -> list[dict[str, object]]:
        """Return every platform as the dashboard and scripts see it."""
        return [platform_record(each) for each in self.all()]

    def connected(self, platform_id: str) -> bool:
        """Tell whether commands can reach a platform now."""
        integration = self.get(platform_id)
        return integration is not None and integration.status.state in _REACHABLE

    def wishes_changed(self) -> None:
        """Tell every integration that modules may want other things than before."""
        for each in self.all():
            each.wishes_changed()

    async def start(self) -> None:
        """Reconnect every stored account in the background; a fault of one stops no other."""
        await _each("start", {each.id: each.start() for each in self.all()})

    async def close(self) -> None:
        """End every connection; accounts stay stored."""
        await _each("close", {each.id: each.close() for each in self.all()})


def platform_record(integration: Integration) -> dict[str, object]:
    """Return one platform in the shape of the API."""
    status = integration.status
    return {
        "id": integration.id,
        "name": integration.name,
        "state": str(status.state),
        "can_sign_in": integration.can_sign_in,
        "reason": status.reason.en,
        "reasons": msgspec.to_builtins(status.reason),
        "account": None if status.account is None else msgspec.to_builtins(status.account),
        "capabilities": sorted(status.capabilities),
        "scopes": sorted(status.scopes),
        "last_event_at": msgspec.to_builtins(status.last_event_at),
        "quota": status.quota,
        "permissions": [
            msgspec.to_builtins(each) | {"wanted_by": list(each.wanted_by)}
            for each in status.permissions
        ],
        "bot": None if status.bot is None else _bot_record(status.bot),
        "options": msgspec.to_builtins(list(status.options)),
        "health": msgspec.to_builtins(status.health),
    }


def _bot_record(bot: BotStatus) -> dict[str, object]:
    return {
        "state": str(bot.state),
        "reason": bot.reason.en,
        "reasons": msgspec.to_builtins(bot.reason),
        "account": msgspec.to_builtins(bot.account),
    }


async def _each(what: str, calls: Mapping[str, Coroutine[object, object, None]]) -> None:
    results = await asyncio.gather(*calls.values(), return_exceptions=True)
    for platform_id, result in zip(calls, results, strict=True):
        if isinstance(result, Exception):
            _log.error("%s: could not %s", platform_id, what, exc_info=result)
