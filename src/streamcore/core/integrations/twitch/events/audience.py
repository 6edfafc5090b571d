"""Who follows, stops subscribing, pays with bits, raids and recommends."""

from __future__ import annotations

from streamcore.core.integrations.twitch.events import wire
from streamcore.core.integrations.twitch.events.people import (
    fragments,
    giver,
    moderator,
    tier,
    user,
    who,
)
from streamcore.core.integrations.twitch.events.reading import Count, Text, Time
from streamcore.core.integrations.twitch.events.source import Source, follow_id, moment, second
from streamcore.core.integrations.twitch.events.table import mapping
from streamcore.protocol.events import (
    Cheer,
    Event,
    Follow,
    PlatformNotice,
    PowerUp,
    Raid,
    RaidOutgoing,
    Shoutout,
    SubscriptionEnded,
)

__all__ = ["AUDIENCE"]

_CHEERS = frozenset({"cheer", "combo"})


class _Follow(wire.OfUser, frozen=True, kw_only=True):
    user_id: Text
    followed_at: Time | None = None


class _SubscriptionEnd(wire.OfUser, frozen=True, kw_only=True):
    user_id: Text
    tier: Text | None = None
    is_gift: bool = False


class _Effect(wire.Wire, frozen=True, kw_only=True):
    type: Text = ""


class _BitsUse(wire.OfUser, frozen=True, kw_only=True):
    bits: Count
    type: Text = ""
    message: wire.Message | None = None
    power_up: _Effect | None = None


class _OwnEffect(wire.Wire, frozen=True, kw_only=True):
    id: Text = ""
    title: Text = ""
    bits: Count


class _PowerUpRedemption(wire.OfUser, frozen=True, kw_only=True):
    id: Text
    user_input: Text | None = None
    custom_power_up: _OwnEffect
    redeemed_at: Time | None = None


class _Raid(wire.Wire, frozen=True, kw_only=True):
    from_broadcaster_user_id: Text
    from_broadcaster_user_login: Text = ""
    from_broadcaster_user_name: Text = ""
    to_broadcaster_user_id: Text = ""
    to_broadcaster_user_login: Text = ""
    to_broadcaster_user_name: Text = ""
    viewers: Count = 0


class _Shoutout(wire.OfModerator, frozen=True, kw_only=True):
    viewer_count: Count = 0
    started_at: Time | None = None


class _ShoutoutCreate(_Shoutout, frozen=True, kw_only=True):
    to_broadcaster_user_id: Text
    to_broadcaster_user_login: Text = ""
    to_broadcaster_user_name: Text = ""


class _ShoutoutReceive(_Shoutout, frozen=True, kw_only=True):
    from_broadcaster_user_id: Text
    from_broadcaster_user_login: Text = ""
    from_broadcaster_user_name: Text = ""


def _follow(source: Source, data: _Follow) -> Follow:
    at = moment(data.followed_at) or source.at
    return Follow(**source.base(follow_id(data.user_id, at), at=at), user=who(data))


def _subscription_end(source: Source, data: _SubscriptionEnd) -> SubscriptionEnded:
    level = tier(data.tier)
    base = source.base(f"ended:{data.user_id}:{level}:{source.at:%Y-%m-%d}")
    return SubscriptionEnded(**base, user=who(data), tier=level, is_gift=data.is_gift)


def _bits(source: Source, data: _BitsUse) -> Event | None:
    if data.type == "custom_power_up":  # told by its redemption, which has an id
        return None
    payer = giver(data.user_id, data.user_login, data.user_name)
    text = data.message.text if data.message is not None else ""
    pieces = fragments(data.message)
    if data.type in _CHEERS:
        return Cheer(**source.base(), user=payer, bits=data.bits, text=text, fragments=pieces)
    if data.type == "power_up":
        return PowerUp(
            **source.base(),
            user=payer,
            bits=data.bits,
            power_up=data.power_up.type if data.power_up is not None else "",
            text=text,
            fragments=pieces,
        )
    raw_type = f"{source.kind}/{data.type}"
    return PlatformNotice(**source.base(), user=payer, name=data.type, text=text, raw_type=raw_type)


def _power_up(source: Source, data: _PowerUpRedemption) -> PowerUp:
    words = data.user_input or ""
    return PowerUp(
        **source.base(f"power_up:{data.id}", at=moment(data.redeemed_at)),
        user=giver(data.user_id, data.user_login, data.user_name),
        bits=data.custom_power_up.bits,
        power_up=data.custom_power_up.title,
        power_up_id=data.custom_power_up.id,
        is_custom=True,
        text=words,
        fragments=fragments(wire.Message(text=words)) if words else (),
    )


def _raid(source: Source, data: _Raid) -> Event:
    begins = user(
        data.from_broadcaster_user_id,
        data.from_broadcaster_user_login,
        data.from_broadcaster_user_name,
    )
    if data.from_broadcaster_user_id != source.channel_id:
        return Raid(**source.base(), user=begins, from_user=begins, viewers=data.viewers)
    target = user(
        data.to_broadcaster_user_id, data.to_broadcaster_user_login, data.to_broadcaster_user_name
    )
    return RaidOutgoing(**source.base(), user=begins, to_user=target, viewers=data.viewers)


def _shoutout(source: Source, data: _ShoutoutCreate) -> Shoutout:
    at = moment(data.started_at) or source.at
    return Shoutout(
        **source.base(f"shoutout:{data.to_broadcaster_user_id}:{second(at)}", at=at),
        user=moderator(data),
        to_user=user(
            data.to_broadcaster_user_id,
            data.to_broadcaster_user_login,
            data.to_broadcaster_user_name,
        ),
        viewers=data.viewer_count,
    )


def _shouted_out(source: Source, data: _ShoutoutReceive) -> Shoutout:
    at = moment(data.started_at) or source.at
    return Shoutout(
        **source.base(f"shouted_out:{data.from_broadcaster_user_id}:{second(at)}", at=at),
        user=user(
            data.from_broadcaster_user_id,
            data.from_broadcaster_user_login,
            data.from_broadcaster_user_name,
        ),
        viewers=data.viewer_count,
        is_received=True,
    )


AUDIENCE = {
    "channel.follow": mapping(_Follow, _follow),
    "channel.subscription.end": mapping(_SubscriptionEnd, _subscription_end),
    "channel.bits.use": mapping(_BitsUse, _bits),
    "channel.custom_power_up_redemption.add": mapping(_PowerUpRedemption, _power_up),
    "channel.raid": mapping(_Raid, _raid),
    "channel.shoutout.create": mapping(_ShoutoutCreate, _shoutout),
    "channel.shoutout.receive": mapping(_ShoutoutReceive, _shouted_out),
}
