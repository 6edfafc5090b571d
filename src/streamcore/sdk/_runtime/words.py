"""Which chat command a message is, and whether its cooldown and roles allow it now."""

from __future__ import annotations

from streamcore.protocol.events import ChatMessage, Origin
from streamcore.sdk._runtime.registry import WordHandler
from streamcore.sdk._time import Time

__all__ = ["WordGate", "split_word"]

_MANY = 2_000
_STALE = frozenset({Origin.CATCH_UP, Origin.REPLAY})


def split_word(text: str) -> tuple[str, str]:
    """Return a message's first word, without regard to case, and the rest of its text."""
    parts = text.split(None, 1)
    if not parts:
        return "", ""
    return parts[0].casefold(), parts[1].strip() if len(parts) > 1 else ""


class WordGate:
    """Remembers when each command was last used, by whom."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self._until: dict[tuple[str, str], float] = {}

    def admits(self, handler: WordHandler, event: ChatMessage) -> bool:
        """Tell whether the handler may run now; if so, its cooldowns begin."""
        if event.origin in _STALE:
            return False  # nobody waits for an answer to a command of an hour ago
        mark, user = handler.mark, event.user
        if mark.roles and (user is None or not set(mark.roles) & set(user.roles)):
            return False
        now = self._time.monotonic()
        person = f"{event.platform}/{user.id}" if user is not None else ""
        waits = [((handler.name, ""), mark.cooldown_s)]
        if mark.user_cooldown_s:
            waits.append(((handler.name, f"@{person}"), mark.user_cooldown_s))
        if any(self._until.get(key, now) > now for key, _ in waits):
            return False
        for key, seconds in waits:
            if seconds:
                self._until[key] = now + seconds
        if len(self._until) > _MANY:
            self._until = {key: until for key, until in self._until.items() if until > now}
        return True
