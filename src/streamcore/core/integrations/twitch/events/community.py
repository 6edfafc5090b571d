"""What the whole community works for: hype trains, goals, charity campaigns and their donations."""

from __future__ import annotations

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import participants, person, who
from streamcore.core.integrations.twitch.events.reading import Count, Items, Text, Time
from streamcore.core.integrations.twitch.events.source import Source, moment
from streamcore.core.integrations.twitch.events.table import mapping, phase_id, phases
from streamcore.protocol.events import CharityDonation, Goal, HypeTrain
from streamcore.protocol.objects import Amount, Contribution, Phase

__all__ = ["COMMUNITY"]


class _Contribution(wire.Wire, frozen=True, kw_only=True):
    user_id: Text
    user_login: Text = ""
    user_name: Text = ""
    type: Text = ""
    total: Count = 0


class _HypeTrain(wire.InChannel, frozen=True, kw_only=True):
    id: Text
    total: Count = 0
    progress: Count = 0
    goal: Count = 0
    top_contributions: Items[_Contribution] | None = None
    shared_train_participants: Items[wire.Participant] | None = None
    level: Count = 1
    started_at: Time | None = None
    expires_at: Time | None = None
    ended_at: Time | None = None
    cooldown_ends_at: Time | None = None
    is_shared_train: bool = False
    type: Text = ""
    all_time_high_level: Count | None = None
    all_time_high_total: Count | None = None


class _Goal(wire.InChannel, frozen=True, kw_only=True):
    id: Text
    type: Text = ""
    description: Text | None = None
    current_amount: Count = 0
    target_amount: Count = 0
    started_at: Time | None = None
    is_achieved: bool = False
    ended_at: Time | None = None


class _Money(wire.Wire, frozen=True, kw_only=True):
    value: Count
    decimal_places: Count
    currency: Text


class _Campaign(wire.Wire, frozen=True, kw_only=True):
    """Here, and only here, the channel's fields are called `broadcaster_…` without `_user`."""

    id: Text
    charity_name: Text = ""
    current_amount: _Money
    target_amount: _Money
    started_at: Time | None = None
    stopped_at: Time | None = None


class _Donation(wire.OfUser, frozen=True, kw_only=True):
    id: Text
    campaign_id: Text = ""
    charity_name: Text = ""
    charity_website: Text | None = None
    amount: _Money


def _hype_train(source: Source, data: _HypeTrain, phase: Phase) -> HypeTrain:
    when = {Phase.BEGIN: data.started_at, Phase.END: data.ended_at}.get(phase)
    return HypeTrain(
        **source.base(phase_id("hype_train", data.id, phase), at=moment(when)),
        phase=phase,
        train_id=data.id,
        level=data.level,
        total=data.total,
        progress=data.progress,
        goal=data.goal,
        kind=data.type,
        contributions=tuple(
            Contribution(
                user=person(each.user_id, each.user_login, each.user_name),
                kind=each.type,
                total=each.total,
            )
            for each in data.top_contributions or ()
        ),
        started_at=moment(data.started_at),
        expires_at=moment(data.expires_at),
        cooldown_ends_at=moment(data.cooldown_ends_at),
        best_level=data.all_time_high_level,
        best_total=data.all_time_high_total,
        is_shared=data.is_shared_train,
        partners=tuple(
            each
            for each in participants(data.shared_train_participants)
            if each.id != source.channel_id
        ),
    )


def _goal(source: Source, data: _Goal, phase: Phase) -> Goal:
    when = {Phase.BEGIN: data.started_at, Phase.END: data.ended_at}.get(phase)
    return Goal(
        **source.base(phase_id("goal", data.id, phase), at=moment(when)),
        phase=phase,
        goal_id=data.id,
        kind=data.type,
        description=data.description or "",
        current=data.current_amount,
        target=data.target_amount,
        is_achieved=data.is_achieved,
        started_at=moment(data.started_at),
    )


def _campaign(source: Source, data: _Campaign, phase: Phase) -> Goal:
    when = {Phase.BEGIN: data.started_at, Phase.END: data.stopped_at}.get(phase)
    current, target = _amount(data.current_amount), _amount(data.target_amount)
    return Goal(
        **source.base(phase_id("campaign", data.id, phase), at=moment(when)),
        phase=phase,
        goal_id=data.id,
        kind="charity",
        description=data.charity_name,
        current=current.value,
        target=target.value,
        is_achieved=phase is Phase.END and current.value >= target.value,
        started_at=moment(data.started_at),
        current_amount=current,
        target_amount=target,
    )


def _donation(source: Source, data: _Donation) -> CharityDonation:
    return CharityDonation(
        **source.base(f"charity:{data.id}"),
        user=who(data),
        amount=_amount(data.amount),
        charity=data.charity_name,
        charity_url=data.charity_website or "",
        campaign_id=data.campaign_id,
    )


def _amount(money: _Money) -> Amount:
    exponent = money.decimal_places
    digits = str(money.value).rjust(exponent + 1, "0")
    whole = f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits
    return Amount(
        value=money.value,
        exponent=exponent,
        currency=money.currency,
        display=f"{whole} {money.currency}",
    )


_LASTING = {"begin": Phase.BEGIN, "progress": Phase.PROGRESS, "end": Phase.END}

COMMUNITY = {
    **phases("channel.hype_train", _HypeTrain, _hype_train, **_LASTING),
    **phases("channel.goal", _Goal, _goal, **_LASTING),
    **phases(
        "channel.charity_campaign",
        _Campaign,
        _campaign,
        start=Phase.BEGIN,
        progress=Phase.PROGRESS,
        stop=Phase.END,
    ),
    "channel.charity_campaign.donate": mapping(_Donation, _donation),
}
