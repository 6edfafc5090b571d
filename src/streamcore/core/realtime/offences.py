"""What clients do that they must not: counted always, reported once a minute each."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from streamcore.core.clock import Clock

__all__ = ["Offence", "Offences"]

log = logging.getLogger(__name__)

REPORT_EVERY_S = 60.0
MAX_REPORTS_KEPT = 1000


class Offence(StrEnum):
    """The closed list of kinds; the text is what the log says."""

    BAD_FRAME = "sent a broken WebSocket frame"
    BINARY = "sent a binary packet"
    CONTROL_FLOOD = "sent too many WebSocket control frames"
    CROWD = "opened too many connections"
    EARLY = "spoke before it was greeted"
    EVENT_NAME = "sent an event that is not for this channel"
    FLOOD = "sent too many packets"
    MALFORMED = "sent a malformed packet"
    NO_CONNECT = "did not connect to a namespace in time"
    PACKET_TYPE = "sent a packet of a kind that is not accepted"
    RATE_LIMITED = "sent commands too fast"
    REFUSED = "was refused"
    SLOW = "does not read what it is sent"
    TOO_LARGE = "sent a packet that is too large"
    UNANSWERED = "has too many unanswered commands"
    UNKNOWN_NAMESPACE = "asked for an unknown namespace"


class Offences:
    """Counts by kind; one log line and one report per kind and offender every minute."""

    def __init__(self, report: Callable[[str, str], None], clock: Clock) -> None:
        self._report = report
        self._clock = clock
        self._reported_at: dict[tuple[str, Offence], float] = {}
        self.counts: Counter[str] = Counter()
        self.cuts = 0
        """How many connections were ended for one."""

    def record(self, who: str, offence: Offence) -> None:
        """Note what `who` did."""
        self.counts[offence.name.lower()] += 1
        now = self._clock.monotonic()
        key = (who, offence)
        last = self._reported_at.get(key)
        if last is not None and now - last < REPORT_EVERY_S:
            return
        if len(self._reported_at) >= MAX_REPORTS_KEPT:
            self._reported_at.clear()
        self._reported_at[key] = now
        log.warning("%s %s", who, offence.value)
        self._report(who, offence.value)
