"""How the fake's EventSub behaves and misbehaves: plain values, set by a test or by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.twitch.eventsub.rules import Limits

__all__ = ["Switches"]


@dataclass(slots=True, eq=False)
class Switches:
    """Each is good from now on; what is about a socket's beginning, for the next ones."""

    keepalive_s: float = 10.0
    """What the welcome announces to who does not ask for another time."""
    keepalive_share: float = 0.5
    """After which part of that time a quiet session hears a keepalive; Twitch itself waits for
    nearly all of it."""
    unused_after_s: float = 10.0
    reconnect_grace_s: float = 30.0
    ping_every_s: float = 30.0
    pong_within_s: float = 10.0
    limits: Limits = field(default_factory=Limits)
    moderators: set[str] = field(default_factory=set)
    """Ids of who moderates the streamer's channel, besides the streamer."""
    unknown_types: frozenset[str] = frozenset()
    """Types that are refused as if there were none of that name, as of an older Twitch."""
    keep_dead_subscriptions: bool = False
    """What a dead session subscribed to is listed and counts for ever…"""
    dead_count_for_s: float = 0.0
    """… or for this long."""

    is_silent: bool = False
    """Connections stand, but nothing is said on them, keepalives included."""
    refuse_connections: int = 0
    """How many of the next sockets are cut before they are opened."""
    refuse_moves: int = 0
    """How many of the next moves are refused with 4007."""
    answers_nothing: bool = False
    """Sockets are accepted, and their handshake never answered."""
    welcomes_nothing: bool = False
    """Sockets are opened and never welcomed."""

    repeat_each: int = 1
    """How often each frame is sent, with the same message id…"""
    echo_each: int = 0
    """… and how often more with ids of their own."""
    is_batched: bool = False
    """Notifications have the newer form for several events."""
    delay_s: float = 0.0
    """By how much every frame is late."""
    doubles_moves: bool = False
    """After a move both sockets tell everything, until the old one is closed."""
    move_lag_s: float = 0.0
    """By how much the old socket is behind the new one while a session moves."""
