"""A session and its subscriptions, as the server keeps them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.twitch.eventsub.socket import Socket
from tests.fakes.twitch.payloads import Payload, stamp

__all__ = ["DEATHS", "FakeSession", "FakeSubscription"]

DEATHS = {
    4000: "websocket_internal_error",
    4001: "websocket_received_inbound_traffic",
    4002: "websocket_failed_ping_pong",
    4003: "websocket_connection_unused",
    4004: "websocket_failed_to_reconnect",
    4005: "websocket_network_timeout",
    4006: "websocket_network_error",
}
"""What is said of the subscriptions of a session that ended with a code; else: disconnected."""

_SUBJECTS = ("broadcaster_user_id", "to_broadcaster_user_id", "from_broadcaster_user_id")


@dataclass(slots=True)
class FakeSubscription:
    """One subscription of one session."""

    id: str
    type: str
    version: str
    condition: Payload
    session_id: str
    user_id: str = ""
    """Whose token made it."""
    cost: int = 0
    status: str = "enabled"
    created_at: str = field(default_factory=stamp)
    died_at: float | None = None

    def as_json(self) -> Payload:
        return {
            "id": self.id,
            "status": self.status,
            "type": self.type,
            "version": self.version,
            "cost": self.cost,
            "condition": self.condition,
            "transport": {"method": "websocket", "session_id": self.session_id},
            "created_at": self.created_at,
        }

    def is_about(self, event: Mapping[str, object]) -> bool:
        """Tell whether an event concerns the channel, and the reward, that was asked for."""
        for name in _SUBJECTS:
            wanted = self.condition.get(name)
            if wanted and event.get(name, wanted) != wanted:
                return False
        reward_id = self.condition.get("reward_id")
        if reward_id:
            reward = event.get("reward", event)
            return isinstance(reward, Mapping) and reward.get("id") == reward_id
        return True


@dataclass(slots=True, eq=False)
class FakeSession:
    """A session and the socket that it lives on at the moment."""

    id: str
    socket: Socket
    keepalive_s: float
    user_id: str | None = None
    """Who subscribed first: nobody else may."""
    subscriptions: dict[str, FakeSubscription] = field(default_factory=dict)
    last_frame_at: float = field(default_factory=time.monotonic)
    move_key: str | None = None
    """While it is asked to move: what the new address holds."""
    leaving: Socket | None = None
    """The socket that was asked to move, until it is closed."""
    held: list[str] = field(default_factory=list)
    """Frames that come late, on the old socket, after a move."""
    is_alive: bool = True

    @property
    def hears(self) -> bool:
        """Tell whether something that is written to it can arrive."""
        return self.is_alive and self.socket.is_open and not self.socket.is_mute
