"""`self.views`: messages to the module's own open pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from streamcore.protocol.commands import Command, ViewEmit

__all__ = ["Views"]


class Views:
    """Reaches every page of the module that is open in OBS or in the dashboard."""

    def __init__(self, execute: Callable[[Command], Awaitable[object]]) -> None:
        self._execute = execute

    async def emit(self, name: str, data: object = None, *, view: str | None = None) -> None:
        """Send a message to all open pages, or to those of one view of the manifest.

        A page that is closed misses it: what a page must know when it opens belongs in `state`.
        """
        await self._execute(ViewEmit(name=name, data=data, view_id=view))
