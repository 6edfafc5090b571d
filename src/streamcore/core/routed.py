"""A platform's adapter as the router sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streamcore.core.integrations.base import Integration
from streamcore.core.integrations.registry import Registry
from streamcore.protocol.commands import PlatformCommand

__all__ = ["RoutedPlatform", "RoutedPlatforms"]


class RoutedPlatform:
    """One platform: is it connected, what can it do, do it."""

    def __init__(self, integration: Integration, registry: Registry) -> None:
        self.id = integration.id
        self._integration = integration
        self._registry = registry

    @property
    def is_connected(self) -> bool:
        """Tell whether commands can reach the platform now."""
        return self._registry.connected(self.id)

    @property
    def capabilities(self) -> frozenset[str]:
        """Return the names of the commands that it can carry out."""
        return self._integration.status.capabilities

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        """Carry a command out and return its result."""
        return await self._integration.execute(command, sender)


class RoutedPlatforms:
    """All platforms of the registry, which are the same as long as it lives."""

    def __init__(self, registry: Registry) -> None:
        self._platforms = {each.id: RoutedPlatform(each, registry) for each in registry.all()}

    def find(self, platform_id: str) -> RoutedPlatform | None:
        """Return a platform by its id."""
        return self._platforms.get(platform_id)

    def everyone(self) -> Iterable[RoutedPlatform]:
        """Return every platform, connected or not."""
        return self._platforms.values()
