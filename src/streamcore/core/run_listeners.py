"""Who is told of a module's life; a listener's fault is logged and goes no further."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["RunListeners"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunListeners:
    """The supervisor's three ways out, none of which a module's life hangs on."""

    on_change: Callable[[str], None]
    on_shutdown: Callable[[str, int], None]
    on_log: Callable[[str, str, str, str], None]

    def changed(self, module_id: str) -> None:
        """Say that the module's status is another one."""
        self._tell(module_id, lambda: self.on_change(module_id))

    def request_shutdown(self, module_id: str, deadline_ms: int) -> None:
        """Have the module asked politely to end."""
        self._tell(module_id, lambda: self.on_shutdown(module_id, deadline_ms))

    def write_log(self, module_id: str, stream: str, level: str, text: str) -> None:
        """Put a line into the module's log."""
        self._tell(module_id, lambda: self.on_log(module_id, stream, level, text))

    @staticmethod
    def _tell(module_id: str, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception:  # whoever listens, the module must be seen through
            logger.exception("a listener of %s failed", module_id)
