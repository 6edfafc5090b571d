"""Payloads and their events: what the community works for."""

from __future__ import annotations

from datetime import timedelta

from streamcore.protocol.events import CharityDonation, Goal, HypeTrain
from streamcore.protocol.objects import Amount, Contribution, Phase
from tests.core.integrations.twitch.events.cases.common import (
    ANNA,
    AT,
    PARTNER,
    STREAMER,
    Case,
    base,
    brief,
    who,
)
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import standing_still

__all__ = ["COMMUNITY"]

with standing_still(AT):
    TRAIN = payloads.hype_train(
        "train-1",
        level=2,
        total=700,
        progress=200,
        contributions=({**ANNA.fields(), "type": "bits", "total": 500},),
    )

with standing_still(AT):
    COMMUNITY = {
        "a hype train begins": Case(
            "channel.hype_train.begin",
            "2",
            payloads.hype_train_begin(TRAIN),
            HypeTrain(
                **base("hype_train:train-1:begin"),
                level=2,
                total=700,
                goal=500,
                train_id="train-1",
                progress=200,
                kind="regular",
                contributions=(Contribution(user=brief(ANNA), kind="bits", total=500),),
                started_at=AT,
                expires_at=AT + timedelta(seconds=300),
                best_level=4,
                best_total=2845,
            ),
        ),
        "a hype train goes on": Case(
            "channel.hype_train.progress",
            "2",
            TRAIN,
            HypeTrain(
                **base(),
                phase=Phase.PROGRESS,
                level=2,
                total=700,
                goal=500,
                train_id="train-1",
                progress=200,
                kind="regular",
                contributions=(Contribution(user=brief(ANNA), kind="bits", total=500),),
                started_at=AT,
                expires_at=AT + timedelta(seconds=300),
            ),
        ),
        "a shared treasure train": Case(
            "channel.hype_train.progress",
            "2",
            TRAIN
            | {
                "type": "treasure",
                "is_shared_train": True,
                "shared_train_participants": [
                    STREAMER.fields("broadcaster_user"),
                    PARTNER.fields("broadcaster_user"),
                ],
            },
            HypeTrain(
                **base(),
                phase=Phase.PROGRESS,
                level=2,
                total=700,
                goal=500,
                train_id="train-1",
                progress=200,
                kind="treasure",
                contributions=(Contribution(user=brief(ANNA), kind="bits", total=500),),
                started_at=AT,
                expires_at=AT + timedelta(seconds=300),
                is_shared=True,
                partners=(brief(PARTNER),),
            ),
        ),
        "a hype train ends": Case(
            "channel.hype_train.end",
            "2",
            payloads.hype_train_end(TRAIN),
            HypeTrain(
                **base("hype_train:train-1:end"),
                phase=Phase.END,
                level=2,
                total=700,
                train_id="train-1",
                kind="regular",
                contributions=(Contribution(user=brief(ANNA), kind="bits", total=500),),
                started_at=AT,
                cooldown_ends_at=AT + timedelta(seconds=3600),
            ),
        ),
        "a goal begins": Case(
            "channel.goal.begin",
            "1",
            payloads.goal("goal-1", kind="subscription", current=100, target=220, text="Help me"),
            Goal(
                **base("goal:goal-1:begin"),
                kind="subscription",
                description="Help me",
                current=100,
                target=220,
                goal_id="goal-1",
                started_at=AT,
            ),
        ),
        "a goal goes on": Case(
            "channel.goal.progress",
            "1",
            payloads.goal("goal-1", kind="subscription", current=120, target=220),
            Goal(
                **base(),
                phase=Phase.PROGRESS,
                kind="subscription",
                current=120,
                target=220,
                goal_id="goal-1",
                started_at=AT,
            ),
        ),
        "a goal ends": Case(
            "channel.goal.end",
            "1",
            payloads.goal("goal-1", kind="follow", current=220, target=220, is_achieved=True),
            Goal(
                **base("goal:goal-1:end"),
                phase=Phase.END,
                kind="follow",
                current=220,
                target=220,
                is_achieved=True,
                goal_id="goal-1",
                started_at=AT,
            ),
        ),
        "a donation for charity": Case(
            "channel.charity_campaign.donate",
            "1",
            payloads.charity_donation(ANNA, payloads.money(10005)),
            CharityDonation(
                **base("charity:id"),
                user=who(ANNA),
                amount=Amount(value=10005, exponent=2, currency="USD", display="100.05 USD"),
                charity="Example name",
                charity_url="https://www.example.com",
                campaign_id="campaign-1",
            ),
        ),
        "a donation in yen": Case(
            "channel.charity_campaign.donate",
            "1",
            payloads.charity_donation(ANNA, payloads.money(500, "JPY", decimal_places=0)),
            CharityDonation(
                **base("charity:id"),
                user=who(ANNA),
                amount=Amount(value=500, exponent=0, currency="JPY", display="500 JPY"),
                charity="Example name",
                charity_url="https://www.example.com",
                campaign_id="campaign-1",
            ),
        ),
        "a campaign begins": Case(
            "channel.charity_campaign.start",
            "1",
            payloads.campaign_start(
                payloads.campaign("c1", payloads.money(0), payloads.money(1500000))
            ),
            Goal(
                **base("campaign:c1:begin"),
                kind="charity",
                description="Example name",
                target=1500000,
                goal_id="c1",
                started_at=AT,
                current_amount=Amount(value=0, exponent=2, currency="USD", display="0.00 USD"),
                target_amount=Amount(
                    value=1500000, exponent=2, currency="USD", display="15000.00 USD"
                ),
            ),
        ),
        "a campaign goes on": Case(
            "channel.charity_campaign.progress",
            "1",
            payloads.campaign("c1", payloads.money(260000), payloads.money(1500000)),
            Goal(
                **base(),
                phase=Phase.PROGRESS,
                kind="charity",
                description="Example name",
                current=260000,
                target=1500000,
                goal_id="c1",
                current_amount=Amount(
                    value=260000, exponent=2, currency="USD", display="2600.00 USD"
                ),
                target_amount=Amount(
                    value=1500000, exponent=2, currency="USD", display="15000.00 USD"
                ),
            ),
        ),
        "a campaign ends": Case(
            "channel.charity_campaign.stop",
            "1",
            payloads.campaign_stop(
                payloads.campaign("c1", payloads.money(1500000), payloads.money(1500000))
            ),
            Goal(
                **base("campaign:c1:end", at=AT + timedelta(seconds=3600)),
                phase=Phase.END,
                kind="charity",
                description="Example name",
                current=1500000,
                target=1500000,
                is_achieved=True,
                goal_id="c1",
                current_amount=Amount(
                    value=1500000, exponent=2, currency="USD", display="15000.00 USD"
                ),
                target_amount=Amount(
                    value=1500000, exponent=2, currency="USD", display="15000.00 USD"
                ),
            ),
        ),
    }
