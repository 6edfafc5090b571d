"""Every command that a module can send."""

from __future__ import annotations

from streamcore.protocol.commands.base import Command, OwnCommand, PlatformCommand
from streamcore.protocol.commands.chat import (
    BanUser,
    ClearChat,
    DeleteChatMessage,
    SendChat,
    SetChatMode,
    TimeoutUser,
    UnbanUser,
    WarnUser,
)
from streamcore.protocol.commands.outside import CallModule, HttpRequest, ObsRequest
from streamcore.protocol.commands.own import (
    EmitEvent,
    GetPlatforms,
    GetViewers,
    Log,
    StateGet,
    StateSet,
    StorageDelete,
    StorageGet,
    StorageList,
    StorageSet,
    ViewEmit,
)
from streamcore.protocol.commands.polls import (
    EndPoll,
    LockPrediction,
    ResolvePrediction,
    StartPoll,
    StartPrediction,
)
from streamcore.protocol.commands.rewards import (
    CreateReward,
    DeleteReward,
    SetRedemptionStatus,
    UpdateReward,
)
from streamcore.protocol.commands.stream import (
    CancelRaid,
    CreateClip,
    CreateMarker,
    SendAnnouncement,
    SendShoutout,
    StartAd,
    StartRaid,
    UpdateStream,
)

__all__ = [
    "COMMANDS",
    "TARGET_ALL",
    "BanUser",
    "CallModule",
    "CancelRaid",
    "ClearChat",
    "Command",
    "CreateClip",
    "CreateMarker",
    "CreateReward",
    "DeleteChatMessage",
    "DeleteReward",
    "EmitEvent",
    "EndPoll",
    "GetPlatforms",
    "GetViewers",
    "HttpRequest",
    "LockPrediction",
    "Log",
    "ObsRequest",
    "OwnCommand",
    "PlatformCommand",
    "ResolvePrediction",
    "SendAnnouncement",
    "SendChat",
    "SendShoutout",
    "SetChatMode",
    "SetRedemptionStatus",
    "StartAd",
    "StartPoll",
    "StartPrediction",
    "StartRaid",
    "StateGet",
    "StateSet",
    "StorageDelete",
    "StorageGet",
    "StorageList",
    "StorageSet",
    "TimeoutUser",
    "UnbanUser",
    "UpdateReward",
    "UpdateStream",
    "ViewEmit",
    "WarnUser",
    "command_name",
]

TARGET_ALL = "all"
"""The `target` that means every connected platform among the module's `requirements`."""


def command_name(command: Command | type[Command]) -> str:
    """Return the tag of a command (`send_chat`), as it stands in `cmd` on the wire."""
    return str(command.__struct_config__.tag)


_ALL: tuple[type[Command], ...] = (
    SendChat,
    DeleteChatMessage,
    ClearChat,
    TimeoutUser,
    BanUser,
    UnbanUser,
    WarnUser,
    SetChatMode,
    UpdateStream,
    CreateClip,
    CreateMarker,
    StartAd,
    StartRaid,
    CancelRaid,
    SendShoutout,
    SendAnnouncement,
    CreateReward,
    UpdateReward,
    DeleteReward,
    SetRedemptionStatus,
    StartPoll,
    EndPoll,
    StartPrediction,
    LockPrediction,
    ResolvePrediction,
    ObsRequest,
    HttpRequest,
    CallModule,
    StorageGet,
    StorageSet,
    StorageDelete,
    StorageList,
    StateGet,
    StateSet,
    ViewEmit,
    EmitEvent,
    Log,
    GetPlatforms,
    GetViewers,
)

COMMANDS: dict[str, type[Command]] = {command_name(cls): cls for cls in _ALL}
"""Every command class by its `cmd`."""
