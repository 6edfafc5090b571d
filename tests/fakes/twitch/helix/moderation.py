"""Keeping order in the chat: bans, warnings, deleted messages, chat modes, who is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.twitch.helix.endpoints import Endpoint, no_content, paged, problem
from tests.fakes.twitch.oauth import Grant
from tests.fakes.twitch.payloads import Payload, broadcaster, message_delete, stamp
from tests.fakes.twitch.people import BOT, MODERATOR, STREAMER, Person, by_id

__all__ = ["FakeModeration"]

Deliver = Callable[[str, Payload], Awaitable[object]]

_TIMEOUT_MAX_S = 1_209_600
_CHATTERS_PER_PAGE = 1000
_MESSAGES_MAX = 1000


@dataclass(slots=True)
class FakeModeration:
    """What moderators of the channel did; a change is delivered to who subscribed to it."""

    deliver: Deliver
    banned: dict[str, int | None] = field(default_factory=dict)
    """By user id: the seconds of a time-out, None for good."""
    reasons: dict[str, str] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Person] = field(default_factory=dict)
    """Messages that can be deleted, and who wrote them."""
    deleted: list[str] = field(default_factory=list)
    settings: dict[str, object] = field(
        default_factory=lambda: {
            "emote_mode": False,
            "follower_mode": False,
            "follower_mode_duration": None,
            "slow_mode": False,
            "slow_mode_wait_time": None,
            "subscriber_mode": False,
            "unique_chat_mode": False,
        }
    )
    moderators: set[str] = field(default_factory=lambda: {MODERATOR.id})
    chatters: list[Person] = field(default_factory=lambda: [STREAMER, BOT])
    conflicts: int = 0
    """How often somebody else is just changing the same ban."""

    def endpoints(self) -> list[Endpoint]:
        bans = ("moderator:manage:banned_users",)
        return [
            Endpoint(
                "DELETE", "/moderation/chat", self._delete, ("moderator:manage:chat_messages",)
            ),
            Endpoint("POST", "/moderation/bans", self._ban, bans),
            Endpoint("DELETE", "/moderation/bans", self._unban, bans),
            Endpoint("POST", "/moderation/warnings", self._warn, ("moderator:manage:warnings",)),
            Endpoint(
                "GET",
                "/moderation/moderators",
                self._moderators,
                ("moderation:read", "channel:manage:moderators"),
            ),
            Endpoint("PATCH", "/chat/settings", self._set, ("moderator:manage:chat_settings",)),
            Endpoint("GET", "/chat/chatters", self._chatters, ("moderator:read:chatters",)),
        ]

    def record(self) -> Payload:
        """Return what was done, for who asks from another process."""
        return {
            "banned": dict(self.banned),
            "warned": dict(self.warned),
            "deleted": list(self.deleted),
            "settings": dict(self.settings),
        }

    def wrote(self, message_id: str, person: Person) -> None:
        """Remember a message, which may be deleted while it is among the last ones."""
        self.messages[message_id] = person
        if len(self.messages) > _MESSAGES_MAX:
            del self.messages[next(iter(self.messages))]

    def _refused(self, request: Request, grant: Grant) -> Response | None:
        query = request.query_params
        if not query.get("broadcaster_id") or not query.get("moderator_id"):
            return problem(400, "The parameters broadcaster_id and moderator_id are required")
        if query["moderator_id"] != grant.user.id:
            return problem(401, "The ID in moderator_id must match the user ID in the access token")
        if query["broadcaster_id"] != STREAMER.id:
            return problem(403, "The user is not one of the broadcaster's moderators")
        if grant.user != STREAMER and grant.user.id not in self.moderators:
            return problem(403, "The user is not one of the broadcaster's moderators")
        return None

    async def _delete(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        message_id = request.query_params.get("message_id")
        if message_id is None:
            self.deleted.extend(self.messages)
            self.messages.clear()
            await self.deliver("channel.chat.clear", broadcaster())
            return no_content()
        author = self.messages.get(message_id)
        if author is None:
            return problem(404, "The message was not found")
        if author == STREAMER:
            return problem(400, "You may not delete the broadcaster's messages")
        if author.id in self.moderators:
            return problem(400, "You may not delete another moderator's messages")
        del self.messages[message_id]
        self.deleted.append(message_id)
        await self.deliver("channel.chat.message_delete", message_delete(author, message_id))
        return no_content()

    async def _ban(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        data = (await request.json()).get("data", {})
        person, duration = by_id(str(data.get("user_id"))), data.get("duration")
        reason = str(data.get("reason", ""))
        if person is None:
            return problem(400, "The user specified in the user_id field was not found")
        if len(reason) > 500:
            return problem(400, "The text in the reason field is too long")
        if duration is not None and not 1 <= int(duration) <= _TIMEOUT_MAX_S:
            return problem(400, "The value in the duration field is not valid")
        if person == STREAMER or person.id in self.moderators:
            deed = "banned" if duration is None else "put in a timeout"
            return problem(400, f"The user specified in the user_id field may not be {deed}.")
        if self.banned.get(person.id, 0) is None:
            return problem(400, "The user specified in the user_id field is already banned.")
        if self.conflicts > 0:
            self.conflicts -= 1
            return problem(
                409, "You may not update the user's ban state. Please retry your request"
            )
        self.banned[person.id] = duration
        self.reasons[person.id] = reason
        ends_at = None if duration is None else stamp(float(duration))
        event: Payload = {
            **person.fields(),
            **broadcaster(),
            **grant.user.fields("moderator_user"),
            "reason": reason,
            "banned_at": stamp(),
            "ends_at": ends_at,
            "is_permanent": duration is None,
        }
        await self.deliver("channel.ban", event)
        made: Payload = {
            "broadcaster_id": STREAMER.id,
            "moderator_id": grant.user.id,
            "user_id": person.id,
            "created_at": stamp(),
            "end_time": ends_at,
        }
        return JSONResponse({"data": [made]})

    async def _unban(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        person = by_id(request.query_params.get("user_id", ""))
        if person is None or person.id not in self.banned:
            return problem(400, "The user specified in the user_id query parameter is not banned")
        if self.conflicts > 0:
            self.conflicts -= 1
            return problem(
                409, "You may not update the user's ban state. Please retry your request"
            )
        del self.banned[person.id]
        event = {**person.fields(), **broadcaster(), **grant.user.fields("moderator_user")}
        await self.deliver("channel.unban", event)
        return no_content()

    async def _warn(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        data = (await request.json()).get("data", {})
        person, reason = by_id(str(data.get("user_id"))), str(data.get("reason", ""))
        if person is None or not reason or len(reason) > 500:
            return problem(400, "The user_id and reason fields are required")
        if person == STREAMER or person.id in self.moderators:
            return problem(400, "The user specified in the user_id field may not be warned")
        self.warned[person.id] = reason
        event: Payload = {
            **broadcaster(),
            **grant.user.fields("moderator_user"),
            **person.fields(),
            "reason": reason,
            "chat_rules_cited": None,
        }
        await self.deliver("channel.warning.send", event)
        return JSONResponse({"data": [{"user_id": person.id, "reason": reason}]})

    async def _moderators(self, request: Request, grant: Grant) -> Response:
        if request.query_params.get("broadcaster_id") != grant.user.id:
            return problem(401, "The ID in broadcaster_id must match the user ID in the token")
        asked = set(request.query_params.getlist("user_id")) or self.moderators
        found = [
            person for i in sorted(asked & self.moderators) if (person := by_id(i)) is not None
        ]
        return JSONResponse({"data": [person.fields() for person in found], "pagination": {}})

    async def _set(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        body = await request.json()
        slow, follow = body.get("slow_mode_wait_time"), body.get("follower_mode_duration")
        if slow is not None and not (body.get("slow_mode") and 3 <= slow <= 120):
            return problem(400, "The slow_mode_wait_time field must be set to a valid value")
        if follow is not None and not (body.get("follower_mode") and 0 <= follow <= 129_600):
            return problem(400, "The follower_mode_duration field must be set to a valid value")
        if not body or not body.keys() <= self.settings.keys():
            return problem(400, "Nothing to change")
        self.settings.update(body)
        for mode, length in (
            ("slow_mode", "slow_mode_wait_time"),
            ("follower_mode", "follower_mode_duration"),
        ):
            if not self.settings[mode]:
                self.settings[length] = None
        shown: Payload = {
            **broadcaster(),
            "emote_mode": self.settings["emote_mode"],
            "follower_mode": self.settings["follower_mode"],
            "follower_mode_duration_minutes": self.settings["follower_mode_duration"],
            "slow_mode": self.settings["slow_mode"],
            "slow_mode_wait_time_seconds": self.settings["slow_mode_wait_time"],
            "subscriber_mode": self.settings["subscriber_mode"],
            "unique_chat_mode": self.settings["unique_chat_mode"],
        }
        await self.deliver("channel.chat_settings.update", shown)
        return JSONResponse({"data": [{"broadcaster_id": STREAMER.id, **self.settings}]})

    async def _chatters(self, request: Request, grant: Grant) -> Response:
        if (refused := self._refused(request, grant)) is not None:
            return refused
        people = [person.fields() for person in self.chatters]
        return paged(request, people, usual=100, most=_CHATTERS_PER_PAGE, total=len(people))
