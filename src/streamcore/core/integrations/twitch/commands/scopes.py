"""Which of Twitch's scopes a login needs for each command."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from streamcore.protocol.commands import (
    BanUser,
    CancelRaid,
    ClearChat,
    Command,
    CreateClip,
    CreateMarker,
    CreateReward,
    DeleteChatMessage,
    DeleteReward,
    EndPoll,
    GetViewers,
    LockPrediction,
    ResolvePrediction,
    SendAnnouncement,
    SendChat,
    SendShoutout,
    SetChatMode,
    SetRedemptionStatus,
    StartAd,
    StartPoll,
    StartPrediction,
    StartRaid,
    TimeoutUser,
    UnbanUser,
    UpdateReward,
    UpdateStream,
    WarnUser,
)

__all__ = ["SCOPES_OF"]

_BANS = ("moderator:manage:banned_users",)
_BROADCAST = ("channel:manage:broadcast",)
_MESSAGES = ("moderator:manage:chat_messages",)
_POLLS = ("channel:manage:polls",)
_PREDICTIONS = ("channel:manage:predictions",)
_RAIDS = ("channel:manage:raids",)
_REWARDS = ("channel:manage:redemptions",)

SCOPES_OF: Mapping[type[Command], tuple[str, ...]] = MappingProxyType(
    {
        SendChat: ("user:write:chat",),
        DeleteChatMessage: _MESSAGES,
        ClearChat: _MESSAGES,
        TimeoutUser: _BANS,
        BanUser: _BANS,
        UnbanUser: _BANS,
        WarnUser: ("moderator:manage:warnings",),
        SetChatMode: ("moderator:manage:chat_settings",),
        UpdateStream: _BROADCAST,
        CreateClip: ("clips:edit",),
        CreateMarker: _BROADCAST,
        StartAd: ("channel:edit:commercial",),
        StartRaid: _RAIDS,
        CancelRaid: _RAIDS,
        SendShoutout: ("moderator:manage:shoutouts",),
        SendAnnouncement: ("moderator:manage:announcements",),
        CreateReward: _REWARDS,
        UpdateReward: _REWARDS,
        DeleteReward: _REWARDS,
        SetRedemptionStatus: _REWARDS,
        StartPoll: _POLLS,
        EndPoll: _POLLS,
        StartPrediction: _PREDICTIONS,
        LockPrediction: _PREDICTIONS,
        ResolvePrediction: _PREDICTIONS,
        GetViewers: ("moderator:read:chatters",),
    }
)
"""Every command that Twitch serves; a login needs all scopes that stand beside it.

Source: dev.twitch.tv/docs/authentication/scopes.
"""
