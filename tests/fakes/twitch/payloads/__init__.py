"""Notifications as Twitch documents them, every field included; one file for each group."""

from __future__ import annotations

from tests.fakes.twitch.payloads.audience import (
    bits_use,
    cheer,
    custom_power_up,
    follow,
    goal,
    hype_train,
    hype_train_begin,
    hype_train_end,
    raid,
    shoutout_create,
    shoutout_receive,
    subscribe,
    subscription_gift,
    subscription_message,
)
from tests.fakes.twitch.payloads.basics import Payload, broadcaster, message, new_id, stamp
from tests.fakes.twitch.payloads.chat import (
    chat_clear,
    chat_clear_user,
    chat_message,
    chat_notification,
    chat_settings,
    chatter,
    from_partner,
    message_delete,
)
from tests.fakes.twitch.payloads.stream import (
    ad_break,
    channel_update,
    shared_chat,
    stream_offline,
    stream_online,
)

__all__ = [
    "Payload",
    "ad_break",
    "bits_use",
    "broadcaster",
    "channel_update",
    "chat_clear",
    "chat_clear_user",
    "chat_message",
    "chat_notification",
    "chat_settings",
    "chatter",
    "cheer",
    "custom_power_up",
    "follow",
    "from_partner",
    "goal",
    "hype_train",
    "hype_train_begin",
    "hype_train_end",
    "message",
    "message_delete",
    "new_id",
    "raid",
    "shared_chat",
    "shoutout_create",
    "shoutout_receive",
    "stamp",
    "stream_offline",
    "stream_online",
    "subscribe",
    "subscription_gift",
    "subscription_message",
]
