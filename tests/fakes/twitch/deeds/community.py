"""What the community does together: hype trains, goals, charity, shared chats, advertising."""

from __future__ import annotations

from tests.fakes.twitch import payloads
from tests.fakes.twitch.deeds.doing import Doing
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import STREAMER, viewer

__all__ = ["CommunityDeeds"]


class CommunityDeeds(Doing):
    """What lasts is named by the id that its beginning returns."""

    async def hype_train_begin(self, level: int = 1, total: int = 137, by: str = "Anna") -> str:
        top: Payload = {**viewer(by).fields(), "type": "bits", "total": total}
        train = payloads.hype_train(new_id(), level=level, total=total, contributions=(top,))
        self._running[str(train["id"])] = train
        await self._tell("channel.hype_train.begin", payloads.hype_train_begin(train))
        return str(train["id"])

    async def hype_train_progress(self, train_id: str, level: int, total: int) -> None:
        changed = {"level": level, "total": total, "progress": total}
        await self._go_on("channel.hype_train.progress", train_id, **changed)

    async def hype_train_end(self, train_id: str) -> None:
        ended = payloads.hype_train_end(self._running.pop(train_id))
        await self._tell("channel.hype_train.end", ended)

    async def goal_begin(self, kind: str, current: int, target: int, text: str = "") -> str:
        event = payloads.goal(new_id(), kind=kind, current=current, target=target, text=text)
        return await self._begin("channel.goal.begin", event)

    async def goal_progress(self, goal_id: str, current: int) -> None:
        await self._go_on("channel.goal.progress", goal_id, current_amount=current)

    async def goal_end(self, goal_id: str, *, is_achieved: bool = True) -> None:
        ended = {**self._running.pop(goal_id), "is_achieved": is_achieved}
        await self._tell("channel.goal.end", {**ended, "ended_at": payloads.stamp()})

    async def charity_start(self, target: int, currency: str = "USD") -> str:
        none, aim = payloads.money(0, currency), payloads.money(target, currency)
        state = payloads.campaign(new_id(), none, aim)
        self._running[str(state["id"])] = state
        await self._tell("channel.charity_campaign.start", payloads.campaign_start(state))
        return str(state["id"])

    async def charity_donate(
        self, campaign_id: str, user: str, value: int, currency: str = "USD"
    ) -> None:
        """Give money for the charity: the donation, and the chat's notice of it."""
        amount = payloads.money(value, currency)
        person = viewer(user)
        event = payloads.charity_donation(person, amount, campaign_id=campaign_id)
        await self._tell("channel.charity_campaign.donate", event)
        content: Payload = {"charity_name": event["charity_name"], "amount": amount}
        notice = payloads.chat_notification(person, "charity_donation", content, system="Donated!")
        await self._tell("channel.chat.notification", notice)

    async def charity_progress(self, campaign_id: str, value: int, currency: str = "USD") -> None:
        now = payloads.money(value, currency)
        await self._go_on("channel.charity_campaign.progress", campaign_id, current_amount=now)

    async def charity_stop(self, campaign_id: str) -> None:
        stopped = payloads.campaign_stop(self._running.pop(campaign_id))
        await self._tell("channel.charity_campaign.stop", stopped)

    async def shared_chat_begin(self, *partners: str) -> str:
        session = new_id()
        await self._shared("begin", session, *partners)
        return session

    async def shared_chat_update(self, session: str, *partners: str) -> None:
        await self._shared("update", session, *partners)

    async def shared_chat_end(self, session: str) -> None:
        event = payloads.shared_chat(session, STREAMER)
        await self._tell("channel.shared_chat.end", event)

    async def _shared(self, phase: str, session: str, *partners: str) -> None:
        people = [STREAMER, *(viewer(partner) for partner in partners)]
        event = payloads.shared_chat(session, STREAMER, *people)
        await self._tell(f"channel.shared_chat.{phase}", event)

    async def ad_break(self, duration_s: int = 60, *, is_automatic: bool = False) -> None:
        event = payloads.ad_break(duration_s, is_automatic=is_automatic)
        await self._tell("channel.ad_break.begin", event)
