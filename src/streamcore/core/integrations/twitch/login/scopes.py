"""Which of Twitch's scopes each permission needs: what a login asks for, and what it allows.

Source: dev.twitch.tv/docs/authentication/scopes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from streamcore.core.integrations.twitch.commands.scopes import SCOPES_OF
from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS, Wanted
from streamcore.protocol.commands import SendChat
from streamcore.protocol.permissions import Permission

__all__ = ["BOT_SCOPES", "DEFAULT", "SERVED", "Rights", "permission_of", "scopes_for"]

SERVED = tuple(
    permission
    for permission in Permission
    if permission
    not in {
        Permission.OBS_READ,
        Permission.OBS_CONTROL,
        Permission.NETWORK,
        Permission.MODULES_CALL,
    }
)
"""What a login can allow, in the protocol's order."""

DEFAULT = frozenset(SERVED) - {Permission.REWARDS_MANAGE, Permission.POLLS_MANAGE}
"""What is switched on until the streamer chooses: the dashboard itself uses all of it."""

BOT_SCOPES = SCOPES_OF[SendChat]
"""All that the second account is asked for: it speaks and does nothing else."""

_GROUPS = {
    Permission.CHAT_READ: ("user:read:chat", "user:read:emotes"),
    Permission.AUDIENCE_READ: (
        "bits:read",
        "channel:read:goals",
        "channel:read:hype_train",
        "channel:read:subscriptions",
        "moderator:read:followers",
        "moderator:read:shoutouts",
    ),
    Permission.DONATIONS_READ: ("channel:read:charity",),
    Permission.REWARDS_READ: ("channel:read:redemptions",),
    Permission.POLLS_READ: ("channel:read:polls", "channel:read:predictions"),
    Permission.STREAM_READ: ("channel:read:ads",),
    Permission.MODERATION_READ: (
        "channel:moderate",
        "channel:read:vips",
        "moderation:read",
        "moderator:manage:automod",
        "moderator:read:automod_settings",
        "moderator:read:banned_users",
        "moderator:read:moderators",
        "moderator:read:shield_mode",
        "moderator:read:suspicious_users",
        "moderator:read:unban_requests",
        "moderator:read:vips",
        "moderator:read:warnings",
    ),
}
"""To which permission it belongs when a scope opens events; the sentences are the protocol's."""

_PERMISSION_OF = {scope: permission for permission, group in _GROUPS.items() for scope in group}


class _Need(NamedTuple):
    """One of `scopes` has to be granted for all of a permission to work."""

    permission: Permission
    scopes: tuple[str, ...]


def permission_of(wanted: Wanted) -> Permission | None:
    """Return the permission that a subscription belongs to; None when it needs no right."""
    for scope in wanted.scopes:
        if scope in _PERMISSION_OF:
            return _PERMISSION_OF[scope]
    if wanted.scopes:
        raise LookupError(f"No permission stands for {wanted.scopes} of {wanted.type}.")
    return None


def _needs() -> Iterator[_Need]:
    for wanted in SUBSCRIPTIONS:
        if (permission := permission_of(wanted)) is not None:
            yield _Need(permission, wanted.scopes)
    for command, scopes in SCOPES_OF.items():
        for scope in scopes:
            if command.permission is not None:
                yield _Need(command.permission, (scope,))


_NEEDS = tuple(dict.fromkeys(_needs()))


def scopes_for(permissions: Collection[Permission]) -> tuple[str, ...]:
    """Return the fewest scopes that serve these permissions, sorted.

    A scope to manage something covers reading it, so that is not asked for beside it.
    """
    needs = [need.scopes for need in _NEEDS if need.permission in permissions]
    asked = {scopes[0] for scopes in needs if len(scopes) == 1}
    for scopes in needs:
        if asked.isdisjoint(scopes):
            asked.add(scopes[0])
    return tuple(sorted(asked))


@dataclass(frozen=True, slots=True)
class Rights:
    """What a login allows (`scopes`), and what of it is switched on."""

    scopes: frozenset[str]
    on: frozenset[Permission]

    def allow(self, permission: Permission) -> bool:
        """Tell whether all that belongs to a permission is allowed."""
        return all(
            not self.scopes.isdisjoint(need.scopes)
            for need in _NEEDS
            if need.permission is permission
        )

    @property
    def missing(self) -> frozenset[Permission]:
        """What is switched on and not, or not wholly, allowed."""
        return frozenset(each for each in self.on if not self.allow(each))

    @property
    def subscriptions(self) -> tuple[Wanted, ...]:
        """The subscriptions of what is switched on, whether they are allowed or not."""
        return tuple(w for w in SUBSCRIPTIONS if permission_of(w) in {None, *self.on})
