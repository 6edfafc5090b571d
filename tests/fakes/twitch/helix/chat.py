"""Writing in the chat."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import STREAMER, Person

__all__ = ["FakeChat", "SentMessage"]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What came in at the chat's send endpoint and was delivered."""

    id: str
    text: str
    reply_to: str | None
    at: float
    sender: Person = STREAMER


@dataclass(slots=True)
class FakeChat:
    """Keeps what was sent and hands it to `on_sent`, which shows it in the chat."""

    on_sent: Callable[[SentMessage], Awaitable[None]]
    sent: list[SentMessage] = field(default_factory=list)
    drop_next: list[str] = field(default_factory=list)
    """Reasons for which the next chat messages are dropped, with status 200."""

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("POST", "/chat/messages", self._send, ("user:write:chat",))]

    async def _send(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        text = str(body.get("message", ""))
        if body.get("sender_id") != grant.user.id:
            return problem(400, "The ID in sender_id must match the user ID in the access token")
        if body.get("broadcaster_id") != STREAMER.id:
            return problem(404, "The broadcaster was not found")
        if not text.strip():
            return problem(400, "The message field is required")
        if len(text) > 500:
            return problem(422, "The message is too large")
        if self.drop_next:
            reason: Payload = {"code": "msg_rejected", "message": self.drop_next.pop(0)}
            dropped: Payload = {"message_id": "", "is_sent": False, "drop_reason": reason}
            return JSONResponse({"data": [dropped]})
        sent = SentMessage(
            new_id(), text, body.get("reply_parent_message_id"), time.time(), grant.user
        )
        self.sent.append(sent)
        await self.on_sent(sent)
        return JSONResponse({"data": [{"message_id": sent.id, "is_sent": True}]})
