"""The module of the measurements that need many: listens to the chat and does nothing with it."""

from __future__ import annotations

__all__ = ["LISTENING"]

LISTENING = """
from streamcore.sdk import BaseModule, on_event


class Listening(BaseModule):
    count = 0

    @on_event("chat_message")
    async def hear(self, event):
        self.count += 1
"""
