"""What moderators do; most of it is told as `channel.moderate` too."""

from __future__ import annotations

from tests.fakes.twitch import payloads
from tests.fakes.twitch.deeds.doing import Doing
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import MODERATOR, viewer

__all__ = ["ModeratorDeeds"]


class ModeratorDeeds(Doing):
    """The moderator is always the same one."""

    async def delete_message(self, user: str, message_id: str) -> None:
        event = payloads.message_delete(viewer(user), message_id)
        await self._tell("channel.chat.message_delete", event)
        await self._moderate(user, "delete", {"message_id": message_id, "message_body": ""})

    async def clear_chat(self, user: str | None = None) -> None:
        """Empty the chat, or only what one person wrote."""
        if user is None:
            await self._tell("channel.chat.clear", payloads.chat_clear())
            return
        event = payloads.chat_clear_user(viewer(user))
        await self._tell("channel.chat.clear_user_messages", event)

    async def chat_mode(
        self,
        *,
        emote: bool = False,
        follower_minutes: int | None = None,
        slow_s: int | None = None,
        subscriber: bool = False,
        unique: bool = False,
    ) -> None:
        """Set the chat's rules; what is left out is off."""
        event = payloads.chat_settings(
            emote=emote,
            follower_minutes=follower_minutes,
            slow_s=slow_s,
            subscriber=subscriber,
            unique=unique,
        )
        await self._tell("channel.chat_settings.update", event)

    async def ban(self, user: str, reason: str = "", *, duration_s: int | None = None) -> None:
        """Ban, or silence for `duration_s`: what the person wrote goes too."""
        event = payloads.ban(viewer(user), MODERATOR, reason, duration_s)
        await self._tell("channel.ban", event)
        await self.clear_chat(user)
        if duration_s is None:
            await self._moderate(user, "ban", {"reason": reason})
        else:
            await self._moderate(
                user, "timeout", {"reason": reason, "expires_at": event["ends_at"]}
            )

    async def unban(self, user: str) -> None:
        await self._tell("channel.unban", payloads.unban(viewer(user), MODERATOR))
        await self._moderate(user, "unban", {})

    async def warn(self, user: str, reason: str, *rules: str) -> None:
        event = payloads.warning(viewer(user), MODERATOR, reason, rules)
        await self._tell("channel.warning.send", event)
        content: Payload = {"reason": reason, "chat_rules_cited": list(rules) or None}
        await self._moderate(user, "warn", content)

    async def acknowledge_warning(self, user: str) -> None:
        await self._tell("channel.warning.acknowledge", payloads.warning_acknowledge(viewer(user)))

    async def mod(self, user: str) -> None:
        await self._tell("channel.moderator.add", payloads.role(viewer(user)))
        await self._moderate(user, "mod", {})

    async def unmod(self, user: str) -> None:
        await self._tell("channel.moderator.remove", payloads.role(viewer(user)))
        await self._moderate(user, "unmod", {})

    async def vip(self, user: str) -> None:
        await self._tell("channel.vip.add", payloads.role(viewer(user)))
        await self._moderate(user, "vip", {})

    async def unvip(self, user: str) -> None:
        await self._tell("channel.vip.remove", payloads.role(viewer(user)))
        await self._moderate(user, "unvip", {})

    async def ask_unban(self, user: str, text: str) -> str:
        """Ask to be let in again; returns the request's id."""
        request = new_id()
        event = payloads.unban_request(request, viewer(user), text)
        await self._tell("channel.unban_request.create", event)
        return request

    async def answer_unban(
        self, request: str, user: str, status: str = "denied", text: str = ""
    ) -> None:
        event = payloads.unban_request_resolve(
            request, viewer(user), MODERATOR, status=status, text=text
        )
        await self._tell("channel.unban_request.resolve", event)

    async def hold_message(self, user: str, text: str, category: str = "", level: int = 0) -> str:
        """Hold a message back; without a category because of a blocked term."""
        message_id = new_id()
        held = payloads.automod_hold(
            viewer(user), text, message_id=message_id, category=category, level=level
        )
        self._running[message_id] = held
        await self._tell("automod.message.hold", held)
        return message_id

    async def decide_message(self, message_id: str, status: str = "approved") -> None:
        event = payloads.automod_update(self._running.pop(message_id), MODERATOR, status)
        await self._tell("automod.message.update", event)

    async def shield_mode(self, *, is_active: bool = True) -> None:
        event = payloads.shield_mode(MODERATOR, is_active=is_active)
        await self._tell(f"channel.shield_mode.{'begin' if is_active else 'end'}", event)

    async def suspect(self, user: str, status: str = "active_monitoring") -> None:
        event = payloads.suspicious_update(viewer(user), MODERATOR, status)
        await self._tell("channel.suspicious_user.update", event)

    async def suspicious_chat(self, user: str, text: str) -> str:
        """Write as somebody who is watched: a chat message, and the watchers' own."""
        message_id = new_id()
        message = payloads.chat_message(viewer(user), text, message_id=message_id)
        await self._tell("channel.chat.message", message)
        event = payloads.suspicious_message(viewer(user), text, message_id=message_id)
        await self._tell("channel.suspicious_user.message", event)
        return message_id

    async def _moderate(self, user: str, action: str, content: Payload) -> None:
        event = payloads.moderate(viewer(user), MODERATOR, action, content)
        await self._tell("channel.moderate", event)
