"""What may be done again only after a while, known here before Twitch has to refuse it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from streamcore.core.clock import Clock
from streamcore.core.errors import CommandError
from streamcore.protocol.errors import ErrorCode

__all__ = ["Cooldowns"]

_MAX_KNOWN = 500


class Cooldowns:
    """When each kind of deed may be done again; at most a few hundred are kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until_s: dict[str, float] = {}

    @contextlib.contextmanager
    def used(self, *deeds: tuple[str, float, str]) -> Iterator[None]:
        """Do something that has these cooldowns: a key, seconds, and the rule in words.

        Raises `CommandError` with `retry_after_ms` while one of them runs. They begin before the
        deed, so that two at once are not both let through, and are void when it fails.
        """
        for key, _, rule in deeds:
            left_s = self._left_s(key)
            if left_s > 0:
                raise CommandError(
                    ErrorCode.RATE_LIMITED,
                    f"{rule}: try again in {left_s:.0f} s.",
                    retry_after_ms=max(1, int(left_s * 1000)),
                )
        before = {key: self._until_s.get(key) for key, _, _ in deeds}
        for key, seconds, _ in deeds:
            self.begin(key, seconds)
        try:
            yield
        except CommandError as error:
            if error.body.code is not ErrorCode.TIMEOUT:
                self._restore(before)
            raise

    def begin(self, key: str, seconds: float) -> None:
        """Let a cooldown run from now."""
        now_s = self._clock.monotonic()
        if len(self._until_s) >= _MAX_KNOWN:
            self._until_s = {k: until for k, until in self._until_s.items() if until > now_s}
            while len(self._until_s) >= _MAX_KNOWN:
                del self._until_s[next(iter(self._until_s))]
        self._until_s[key] = now_s + seconds

    def _left_s(self, key: str) -> float:
        return self._until_s.get(key, 0.0) - self._clock.monotonic()

    def _restore(self, before: dict[str, float | None]) -> None:
        for key, until_s in before.items():
            if until_s is None:
                self._until_s.pop(key, None)
            else:
                self._until_s[key] = until_s
