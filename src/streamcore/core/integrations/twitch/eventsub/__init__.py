"""EventSub over WebSocket: sockets, sessions, subscriptions."""
