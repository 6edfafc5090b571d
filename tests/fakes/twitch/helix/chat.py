"""Writing in the chat."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, no_content, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload, chat_notification, new_id, shoutout_create
from tests.fakes.twitch.people import STREAMER, Person, by_id

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
    deliver: Callable[[str, Payload], Awaitable[object]]
    sent: list[SentMessage] = field(default_factory=list)
    drop_next: list[str] = field(default_factory=list)
    """Reasons for which the next chat messages are dropped, with status 200."""

    banned: set[str] = field(default_factory=set)
    """The ids of accounts that may not write."""
    announced: list[Payload] = field(default_factory=list)
    shouted: list[Person] = field(default_factory=list)
    viewers: int = 42
    """Without any there are no shoutouts."""

    def endpoints(self) -> list[Endpoint]:
        announce, shout = "moderator:manage:announcements", "moderator:manage:shoutouts"
        return [
            Endpoint("POST", "/chat/messages", self._send, ("user:write:chat",)),
            Endpoint("POST", "/chat/announcements", self._announce, (announce,)),
            Endpoint("POST", "/chat/shoutouts", self._shout, (shout,)),
        ]

    async def _announce(self, request: Request, grant: Grant) -> Response:
        if request.query_params.get("moderator_id") != grant.user.id:
            return problem(401, "The ID in moderator_id must match the user ID in the token")
        body = await request.json()
        text, color = str(body.get("message", ""))[:500], str(body.get("color", "primary"))
        if not text.strip():
            return problem(400, "The message field may not contain an empty string")
        if color not in {"blue", "green", "orange", "purple", "primary"}:
            return problem(400, "The specified color is not valid")
        self.announced.append({"text": text, "color": color})
        content: Payload = {"color": color.upper()}
        event = chat_notification(grant.user, "announcement", content, text=text)
        await self.deliver("channel.chat.notification", event)
        return no_content()

    async def _shout(self, request: Request, grant: Grant) -> Response:
        query = request.query_params
        if query.get("moderator_id") != grant.user.id:
            return problem(401, "The ID in moderator_id must match the user ID in the token")
        target = by_id(query.get("to_broadcaster_id", ""))
        if target is None or target == STREAMER:
            return problem(400, "The ID in to_broadcaster_id is not valid")
        if not self.viewers:
            return problem(400, "The broadcaster is not streaming live or does not have viewers")
        if target in self.shouted:
            return problem(429, "The cooldown period for shoutouts to this one has not expired")
        self.shouted.append(target)
        event = shoutout_create(target, grant.user, self.viewers)
        await self.deliver("channel.shoutout.create", event)
        return no_content()

    async def _send(self, request: Request, grant: Grant) -> Response:
        body = await request.json()
        text = str(body.get("message", ""))
        if body.get("sender_id") != grant.user.id:
            return problem(400, "The ID in sender_id must match the user ID in the access token")
        if body.get("broadcaster_id") != STREAMER.id:
            return problem(404, "The broadcaster was not found")
        if grant.user.id in self.banned:
            return problem(403, "The sender is not permitted to send chat messages")
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
