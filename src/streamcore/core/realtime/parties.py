"""Who is connected, and what each party and all strangers together have used of their limits."""

from __future__ import annotations

from streamcore.core.clock import Clock
from streamcore.core.principals import ModulePrincipal, Principal
from streamcore.core.realtime.bucket import TokenBucket
from streamcore.core.realtime.limits import LinkLimits

__all__ = ["Parties", "Party"]


class Party:
    """A module, a page or the dashboard: its connections share one allowance.

    So that neither a second connection nor a new one buys anybody more.
    """

    def __init__(self, name: str, limits: LinkLimits, now: float) -> None:
        self.name = name
        self.connections = 0
        self.unanswered = 0
        factor = limits.flood_factor
        self.commands = TokenBucket(limits.commands_per_s, limits.commands_burst, now)
        self.packets = TokenBucket(
            limits.commands_per_s * factor, limits.commands_burst * factor, now
        )

    def is_idle(self, now: float) -> bool:
        """Say whether the party can be forgotten without giving it anything."""
        return (
            not self.connections
            and not self.unanswered
            and self.commands.is_full(now)
            and self.packets.is_full(now)
        )


class Parties:
    """The parties by name, and the number of strangers at the door."""

    def __init__(self, limits: LinkLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._parties: dict[str, Party] = {}
        self._strangers = 0

    def admit_stranger(self) -> bool:
        """Let somebody in who has not said yet who it is, unless too many already are."""
        if self._strangers >= self._limits.strangers:
            return False
        self._strangers += 1
        return True

    def stranger_left(self) -> None:
        """A stranger went, or is known by now."""
        self._strangers -= 1

    def join(self, principal: Principal) -> Party | None:
        """Count one more connection of the party; None when it has enough."""
        now = self._clock.monotonic()
        name = str(principal)
        party = self._parties.get(name)
        if party is None:
            self._forget_idle(now)
            party = self._parties[name] = Party(name, self._limits, now)
        most = (
            self._limits.connections_per_module
            if isinstance(principal, ModulePrincipal)
            else self._limits.connections_per_party
        )
        if party.connections >= most:
            return None
        party.connections += 1
        return party

    def leave(self, party: Party) -> None:
        """One connection of the party is gone."""
        party.connections -= 1

    def _forget_idle(self, now: float) -> None:
        for name in [name for name, party in self._parties.items() if party.is_idle(now)]:
            del self._parties[name]
