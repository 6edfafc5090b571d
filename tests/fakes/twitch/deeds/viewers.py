"""What viewers do: write, follow, subscribe, give, cheer, raid."""

from __future__ import annotations

from tests.fakes.twitch import payloads
from tests.fakes.twitch.deeds.doing import Doing
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import STREAMER, viewer

__all__ = ["ViewerDeeds"]


class ViewerDeeds(Doing):
    """A name is enough: the same name is always the same person."""

    async def chat(
        self,
        user: str,
        text: str,
        *,
        badges: tuple[str, ...] = (),
        message_id: str = "",
        kind: str = "text",
    ) -> str:
        """Write in the chat; returns the message's id."""
        message_id = message_id or new_id()
        event = payloads.chat_message(
            viewer(user), text, message_id=message_id, badges=badges, kind=kind
        )
        await self._tell("channel.chat.message", event)
        return message_id

    async def chat_from_partner(self, partner: str, user: str, text: str) -> str:
        """Write in the chat of a channel with which ours is shared."""
        message_id = new_id()
        event = payloads.chat_message(viewer(user), text, message_id=message_id)
        await self._tell("channel.chat.message", payloads.from_partner(event, viewer(partner)))
        return message_id

    async def follow(self, user: str) -> None:
        event = payloads.follow(viewer(user))
        self.crowd.followed(viewer(user), str(event["followed_at"]))
        await self._tell("channel.follow", event)

    async def notice(
        self, user: str | None, kind: str, content: Payload | None = None, *, text: str = ""
    ) -> None:
        """Send any notice of the chat; no user means an anonymous one."""
        person = viewer(user) if user is not None else None
        event = payloads.chat_notification(person, kind, content, text=text, system=f"{kind}!")
        await self._tell("channel.chat.notification", event)

    async def notice_from_partner(
        self, partner: str, user: str, kind: str, content: Payload | None = None
    ) -> None:
        """Send a notice of a channel with which ours is shared (`sub` as `shared_chat_sub`)."""
        shared = f"shared_chat_{kind}"
        event = payloads.chat_notification(viewer(user), shared, content, system=f"{kind}!")
        await self._tell("channel.chat.notification", payloads.from_partner(event, viewer(partner)))

    async def subscribe(self, user: str, *, tier: str = "1000", is_prime: bool = False) -> None:
        content: Payload = {"sub_tier": tier, "is_prime": is_prime, "duration_months": 1}
        self.crowd.subscribed(viewer(user), tier=tier)
        await self._tell("channel.subscribe", payloads.subscribe(viewer(user), tier=tier))
        await self.notice(user, "sub", content)

    async def resubscribe(
        self, user: str, *, months: int, text: str = "", tier: str = "1000"
    ) -> None:
        content: Payload = {
            "cumulative_months": months,
            "duration_months": 1,
            "streak_months": None,
            "sub_tier": tier,
            "is_prime": False,
            "is_gift": False,
            "gifter_is_anonymous": None,
            "gifter_user_id": None,
            "gifter_user_name": None,
            "gifter_user_login": None,
        }
        event = payloads.subscription_message(viewer(user), months, text, tier=tier)
        await self._tell("channel.subscription.message", event)
        await self.notice(user, "resub", content, text=text)

    async def end_subscription(self, user: str, *, tier: str = "1000") -> None:
        await self._tell("channel.subscription.end", payloads.subscribe(viewer(user), tier=tier))

    async def gift(self, user: str | None, *recipients: str, group: str | None = None) -> None:
        """Give subscriptions one by one; `group` makes them parts of a bomb."""
        for name in recipients:
            if group is None:
                await self._given(user, 1)
            await self._tell("channel.subscribe", payloads.subscribe(viewer(name), is_gift=True))
            content: Payload = {
                "duration_months": 1,
                "cumulative_total": None if user is None else len(recipients),
                **viewer(name).fields("recipient_user"),
                "sub_tier": "1000",
                "community_gift_id": group,
            }
            await self.notice(user, "sub_gift", content)

    async def gift_bomb(
        self,
        user: str | None,
        *recipients: str,
        count: int | None = None,
        notice_last: bool = False,
    ) -> str:
        """Give subscriptions at once; `count` above the recipients leaves some gifts out."""
        group = new_id()
        total = len(recipients) if count is None else count
        content: Payload = {
            "id": group,
            "total": total,
            "sub_tier": "1000",
            "cumulative_total": None if user is None else total,
        }
        await self._given(user, total)
        if not notice_last:
            await self.notice(user, "community_sub_gift", content)
        await self.gift(user, *recipients, group=group)
        if notice_last:
            await self.notice(user, "community_sub_gift", content)
        return group

    async def _given(self, user: str | None, total: int) -> None:
        person = viewer(user) if user is not None else None
        await self._tell("channel.subscription.gift", payloads.subscription_gift(person, total))

    async def cheer(self, user: str, bits: int, text: str = "") -> None:
        """Cheer: a chat message, a use of bits, and the older kind for who asked for it."""
        words = f"Cheer{bits} {text}".strip()
        person = viewer(user)
        message = payloads.chat_message(person, words, message_id=new_id())
        await self._tell("channel.chat.message", message)
        await self._tell("channel.bits.use", payloads.bits_use(person, bits, words))
        await self._tell("channel.cheer", payloads.cheer(person, bits, words))

    async def power_up(self, user: str, bits: int, text: str = "") -> None:
        """Send a message with an effect."""
        await self.chat(user, text, kind="power_ups_message_effect")
        event = payloads.bits_use(viewer(user), bits, text, kind="power_up")
        await self._tell("channel.bits.use", event)

    async def custom_power_up(self, user: str, title: str, bits: int, text: str = "") -> None:
        """Buy one of the streamer's own effects: a redemption, and a use of bits."""
        event = payloads.custom_power_up(viewer(user), bits, title, text)
        await self._tell("channel.custom_power_up_redemption.add", event)
        used = payloads.bits_use(viewer(user), bits, text, kind="custom_power_up")
        used["custom_power_up"] = {"title": title, "reward_id": f"power-up-{title.lower()}"}
        await self._tell("channel.bits.use", used)

    async def watch_streak(self, user: str, streams: int, points: int = 450) -> None:
        content: Payload = {"streak_count": streams, "channel_points_awarded": points}
        await self.notice(user, "watch_streak", content)

    async def raid(self, user: str, viewers: int) -> None:
        """Raid the channel: the event, and the notice of it in the chat."""
        person = viewer(user)
        await self._tell("channel.raid", payloads.raid(person, viewers))
        content = {**person.fields(), "viewer_count": viewers, "profile_image_url": ""}
        await self.notice(user, "raid", content)

    async def raid_out(self, user: str, viewers: int) -> None:
        """Raid somebody with our viewers."""
        await self._tell("channel.raid", payloads.raid(viewer(user), viewers, is_ours=True))

    async def shoutout(self, user: str, viewers: int = 0, *, moderator: str = "") -> None:
        by = viewer(moderator) if moderator else STREAMER
        event = payloads.shoutout_create(viewer(user), by, viewers)
        await self._tell("channel.shoutout.create", event)

    async def shoutout_received(self, user: str, viewers: int = 0) -> None:
        await self._tell(
            "channel.shoutout.receive", payloads.shoutout_receive(viewer(user), viewers)
        )
