"""What channel points buy: rewards, polls, predictions."""

from __future__ import annotations

from typing import Any, cast

from tests.fakes.twitch import payloads
from tests.fakes.twitch.deeds.doing import Doing
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import viewer

__all__ = ["PointsDeeds"]

_REWARD = "channel.channel_points_custom_reward"


class PointsDeeds(Doing):
    """Rewards and votes; what lasts is named by the id that its beginning returns."""

    async def reward_add(self, title: str, cost: int, *, reward_id: str = "") -> str:
        event = payloads.reward(reward_id or new_id(), title, cost)
        return await self._begin(f"{_REWARD}.add", event)

    async def reward_update(self, reward_id: str, **changed: object) -> None:
        """Change fields of a reward that was added, by Twitch's names."""
        await self._go_on(f"{_REWARD}.update", reward_id, **changed)

    async def reward_remove(self, reward_id: str) -> None:
        await self._tell(f"{_REWARD}.remove", self._running.pop(reward_id))

    async def redeem(
        self, user: str, title: str, cost: int, text: str = "", *, reward_id: str = ""
    ) -> str:
        """Redeem a reward; words that were asked for stand in the chat too."""
        event = payloads.redemption(viewer(user), title, cost, reward_id=reward_id, text=text)
        if text:
            message = payloads.chat_message(viewer(user), text, message_id=new_id())
            message["channel_points_custom_reward_id"] = cast(Payload, event["reward"])["id"]
            await self._tell("channel.chat.message", message)
        return await self._begin(f"{_REWARD}_redemption.add", event)

    async def redemption_update(self, redemption_id: str, status: str = "fulfilled") -> None:
        await self._go_on(f"{_REWARD}_redemption.update", redemption_id, status=status)

    async def redeem_automatic(
        self,
        user: str,
        kind: str = "send_highlighted_message",
        points: int = 100,
        text: str = "",
    ) -> None:
        """Redeem one of Twitch's own rewards; a highlighted message stands in the chat."""
        if kind == "send_highlighted_message":
            message = payloads.chat_message(
                viewer(user), text, message_id=new_id(), kind="channel_points_highlighted"
            )
            await self._tell("channel.chat.message", message)
        event = payloads.automatic_redemption(viewer(user), kind, points, text)
        await self._tell("channel.channel_points_automatic_reward_redemption.add", event)

    async def poll_begin(self, title: str, *answers: str, points_per_vote: int = 0) -> str:
        choices = [payloads.choice(number, answer) for number, answer in enumerate(answers, 1)]
        event = payloads.poll(new_id(), title, choices, points_per_vote=points_per_vote)
        return await self._begin("channel.poll.begin", event)

    async def poll_progress(self, poll_id: str, *votes: int) -> None:
        """Tell how many votes each answer has now."""
        choices = [
            payloads.choice(int(each["id"]), each["title"], votes=count)
            for each, count in zip(self._parts(poll_id, "choices"), votes, strict=True)
        ]
        await self._go_on("channel.poll.progress", poll_id, choices=choices)

    async def poll_end(self, poll_id: str, status: str = "completed") -> None:
        ended = payloads.poll_end(self._running.pop(poll_id), status)
        await self._tell("channel.poll.end", ended)

    async def prediction_begin(self, title: str, *answers: str) -> str:
        outcomes = [payloads.outcome(number, answer) for number, answer in enumerate(answers, 1)]
        event = payloads.prediction(new_id(), title, outcomes)
        return await self._begin("channel.prediction.begin", event)

    async def prediction_progress(self, prediction_id: str, *points: int) -> None:
        """Tell how many points are bet on each outcome now, by one person each."""
        outcomes = [
            payloads.outcome(
                int(each["id"]),
                each["title"],
                users=1 if bet else 0,
                points=bet,
                top=[payloads.predictor(viewer("Gambler"), bet)] if bet else [],
            )
            for each, bet in zip(self._parts(prediction_id, "outcomes"), points, strict=True)
        ]
        await self._go_on("channel.prediction.progress", prediction_id, outcomes=outcomes)

    async def prediction_lock(self, prediction_id: str) -> None:
        locked = payloads.prediction_lock(self._running[prediction_id])
        self._running[prediction_id] = locked
        await self._tell("channel.prediction.lock", locked)

    async def prediction_end(
        self, prediction_id: str, winner: int | None = None, *, status: str = ""
    ) -> None:
        """Decide for an outcome by its number, or give all bets back."""
        how = status or ("canceled" if winner is None else "resolved")
        ended = payloads.prediction_end(self._running.pop(prediction_id), winner, status=how)
        await self._tell("channel.prediction.end", ended)

    def _parts(self, name: str, of: str) -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", self._running[name][of])
