"""Socket.IO over WebSocket with the standard library alone: light enough for every module."""
