"""Payloads and their events: rewards, polls and predictions."""

from __future__ import annotations

from datetime import timedelta

from streamcore.protocol.events import (
    Poll,
    Prediction,
    RedemptionStatus,
    RewardChanged,
    RewardRedemption,
    RewardRedemptionUpdated,
)
from streamcore.protocol.objects import Bet, Choice, Emote, Fragment, FragmentKind, Phase
from tests.core.integrations.twitch.events.cases.common import ANNA, AT, BOB, Case, base, brief, who
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import standing_still

__all__ = ["POINTS"]

with standing_still(AT):
    POLL = payloads.poll(
        "p1",
        "Where?",
        [
            payloads.choice(1, "Forest", votes=12, paid=7),
            payloads.choice(2, "Desert", votes=0),
        ],
        points_per_vote=10,
    )
    BETS = payloads.prediction(
        "q1",
        "Win?",
        [
            payloads.outcome(1, "Yes", users=1, points=500, top=[payloads.predictor(ANNA, 500)]),
            payloads.outcome(2, "No", users=0),
        ],
    )

with standing_still(AT):
    POINTS = {
        "a reward made": Case(
            "channel.channel_points_custom_reward.add",
            "1",
            payloads.reward("reward-1", "Hydrate", 100, prompt="Drink!", is_input_required=True),
            RewardChanged(
                **base("reward:reward-1:added"),
                reward_id="reward-1",
                title="Hydrate",
                cost=100,
                change="added",
                is_input_required=True,
                prompt="Drink!",
                color="#FA1ED2",
                image_url="https://static-cdn.jtvnw.net/default-4.png",
            ),
        ),
        "a reward changed": Case(
            "channel.channel_points_custom_reward.update",
            "1",
            payloads.reward("reward-1", "Hydrate", 150, is_paused=True, image=True),
            RewardChanged(
                **base(),
                reward_id="reward-1",
                title="Hydrate",
                cost=150,
                is_paused=True,
                color="#FA1ED2",
                image_url="https://static-cdn.jtvnw.net/custom-reward-1-4.png",
            ),
        ),
        "a reward removed": Case(
            "channel.channel_points_custom_reward.remove",
            "1",
            payloads.reward("reward-1", "Hydrate", 150, is_enabled=False),
            RewardChanged(
                **base("reward:reward-1:removed"),
                reward_id="reward-1",
                title="Hydrate",
                cost=150,
                change="removed",
                is_enabled=False,
                color="#FA1ED2",
                image_url="https://static-cdn.jtvnw.net/default-4.png",
            ),
        ),
        "a redemption": Case(
            "channel.channel_points_custom_reward_redemption.add",
            "1",
            payloads.redemption(
                ANNA, "Song", 500, redemption_id="r1", reward_id="reward-2", text="Kyoto"
            ),
            RewardRedemption(
                **base("redemption:r1"),
                user=who(ANNA),
                reward_id="reward-2",
                title="Song",
                cost=500,
                redemption_id="r1",
                input="Kyoto",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="Kyoto"),),
            ),
        ),
        "a redemption refunded": Case(
            "channel.channel_points_custom_reward_redemption.update",
            "1",
            payloads.redemption(
                ANNA,
                "Song",
                500,
                redemption_id="r1",
                reward_id="reward-2",
                text="Kyoto",
                status="canceled",
            ),
            RewardRedemptionUpdated(
                **base("redemption:r1:canceled"),
                user=who(ANNA),
                reward_id="reward-2",
                title="Song",
                cost=500,
                redemption_id="r1",
                input="Kyoto",
                status=RedemptionStatus.CANCELED,
            ),
        ),
        "a reward of the platform": Case(
            "channel.channel_points_automatic_reward_redemption.add",
            "2",
            payloads.automatic_redemption(
                ANNA, "send_highlighted_message", 100, "Kappa", redemption_id="r2"
            ),
            RewardRedemption(
                **base("redemption:r2"),
                user=who(ANNA),
                title="send_highlighted_message",
                cost=100,
                redemption_id="r2",
                input="Kappa",
                fragments=(
                    Fragment(
                        kind=FragmentKind.EMOTE,
                        text="Kappa",
                        emote=Emote(
                            provider="twitch",
                            id="25",
                            url="https://static-cdn.jtvnw.net/emoticons/v2/25/static/dark/2.0",
                        ),
                    ),
                ),
                is_automatic=True,
                status=RedemptionStatus.FULFILLED,
            ),
        ),
        "a poll begins": Case(
            "channel.poll.begin",
            "1",
            payloads.poll(
                "p1",
                "Where?",
                [payloads.choice(1, "Forest"), payloads.choice(2, "Desert")],
                points_per_vote=10,
            ),
            Poll(
                **base("poll:p1:begin"),
                poll_id="p1",
                title="Where?",
                choices=(
                    Choice(id="1", title="Forest"),
                    Choice(id="2", title="Desert"),
                ),
                started_at=AT,
                ends_at=AT + timedelta(seconds=60),
                points_per_vote=10,
            ),
        ),
        "a poll goes on": Case(
            "channel.poll.progress",
            "1",
            POLL,
            Poll(
                **base(),
                phase=Phase.PROGRESS,
                poll_id="p1",
                title="Where?",
                choices=(
                    Choice(id="1", title="Forest", votes=12, points=70, paid_votes=7),
                    Choice(id="2", title="Desert"),
                ),
                started_at=AT,
                ends_at=AT + timedelta(seconds=60),
                points_per_vote=10,
            ),
        ),
        "a poll ends": Case(
            "channel.poll.end",
            "1",
            payloads.poll_end(POLL),
            Poll(
                **base("poll:p1:end", at=AT + timedelta(seconds=60)),
                phase=Phase.END,
                poll_id="p1",
                title="Where?",
                choices=(
                    Choice(id="1", title="Forest", votes=12, points=70, paid_votes=7),
                    Choice(id="2", title="Desert"),
                ),
                started_at=AT,
                ends_at=AT + timedelta(seconds=60),
                points_per_vote=10,
                status="completed",
            ),
        ),
        "a prediction begins": Case(
            "channel.prediction.begin",
            "1",
            payloads.prediction(
                "q1", "Win?", [payloads.outcome(1, "Yes"), payloads.outcome(2, "No")]
            ),
            Prediction(
                **base("prediction:q1:begin"),
                prediction_id="q1",
                title="Win?",
                outcomes=(
                    Choice(id="1", title="Yes", color="blue"),
                    Choice(id="2", title="No", color="pink"),
                ),
                started_at=AT,
                locks_at=AT + timedelta(seconds=120),
            ),
        ),
        "a prediction goes on": Case(
            "channel.prediction.progress",
            "1",
            BETS,
            Prediction(
                **base(),
                phase=Phase.PROGRESS,
                prediction_id="q1",
                title="Win?",
                outcomes=(
                    Choice(
                        id="1",
                        title="Yes",
                        votes=1,
                        points=500,
                        color="blue",
                        top=(Bet(user=brief(ANNA), points=500),),
                    ),
                    Choice(id="2", title="No", color="pink"),
                ),
                started_at=AT,
                locks_at=AT + timedelta(seconds=120),
            ),
        ),
        "a prediction is locked": Case(
            "channel.prediction.lock",
            "1",
            payloads.prediction_lock(BETS),
            Prediction(
                **base("prediction:q1:lock", at=AT + timedelta(seconds=120)),
                phase=Phase.LOCK,
                prediction_id="q1",
                title="Win?",
                outcomes=(
                    Choice(
                        id="1",
                        title="Yes",
                        votes=1,
                        points=500,
                        color="blue",
                        top=(Bet(user=brief(ANNA), points=500),),
                    ),
                    Choice(id="2", title="No", color="pink"),
                ),
                started_at=AT,
                locks_at=AT + timedelta(seconds=120),
            ),
        ),
        "a prediction is decided": Case(
            "channel.prediction.end",
            "1",
            payloads.prediction_end(
                payloads.prediction(
                    "q1",
                    "Win?",
                    [
                        payloads.outcome(
                            1, "Yes", users=1, points=500, top=[payloads.predictor(ANNA, 500, 900)]
                        ),
                        payloads.outcome(
                            2,
                            "No",
                            users=1,
                            points=400,
                            top=[payloads.predictor(BOB, 400) | {"user_id": int(BOB.id)}],
                        ),
                    ],
                ),
                1,
            ),
            Prediction(
                **base("prediction:q1:end", at=AT + timedelta(seconds=180)),
                phase=Phase.END,
                prediction_id="q1",
                title="Win?",
                outcomes=(
                    Choice(
                        id="1",
                        title="Yes",
                        votes=1,
                        points=500,
                        color="blue",
                        top=(Bet(user=brief(ANNA), points=500, won=900),),
                    ),
                    Choice(
                        id="2",
                        title="No",
                        votes=1,
                        points=400,
                        color="pink",
                        top=(Bet(user=brief(BOB), points=400),),
                    ),
                ),
                winning_outcome_id="1",
                started_at=AT,
                status="resolved",
            ),
        ),
    }
