"""What Twitch's refusals mean, and what to do about each.

Told by the status and, where one status has several meanings, by a word in Twitch's text. Such
texts may change: then the general sentence of the status remains, with Twitch's words behind it.
Source: the response codes of each endpoint on dev.twitch.tv/docs/api/reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.api.helix import RefusedError
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
    command_name,
)
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.permissions import PERMISSIONS

__all__ = ["RULES", "Rule", "explained", "not_allowed"]


class Rule(NamedTuple):
    """One meaning of a status: for texts that hold one of `words`, or for all when there are none.

    `retry_after_s` is what Twitch's rules say where its answer does not.
    """

    status: int
    code: ErrorCode
    text: str
    words: tuple[str, ...] = ()
    retry_after_s: float | None = None


_REJECTED = ErrorCode.REJECTED_BY_PLATFORM
_NOT_LIVE = "The stream is not live: start it first."
_AFFILIATE = "Twitch offers this to affiliates and partners only."
_AUTOMOD = Rule(
    400, _REJECTED, "Twitch's AutoMod did not let the text pass.", ("automod", "failed")
)
_CONCURRENT = Rule(
    409, ErrorCode.CONFLICT, "Somebody else is changing this person's standing now.", (), 2.0
)
_NOT_BANNABLE = (
    Rule(400, ErrorCode.CONFLICT, "This person is banned already.", ("already banned",)),
    Rule(
        400,
        _REJECTED,
        "This person cannot be silenced: neither the broadcaster nor Twitch's staff can, and a "
        "moderator has to be made a viewer first.",
        ("may not be", "may not ban", "cannot be banned", "cannot be"),
    ),
    _CONCURRENT,
)
_REWARD_RULES = (
    Rule(403, _REJECTED, f"{_AFFILIATE} Rewards need it.", ("partner", "affiliate")),
    Rule(
        403,
        _REJECTED,
        "Only the app that made a reward may change it or settle what was redeemed of it, and "
        "StreamCore did not make this one: change it on Twitch, or make one with create_reward.",
    ),
    Rule(404, ErrorCode.NOT_FOUND, "There is no such reward any more: its id may be old."),
    Rule(
        400,
        ErrorCode.CONFLICT,
        "Another reward has this title: choose another one.",
        ("unique", "duplicate"),
    ),
    Rule(
        400,
        _REJECTED,
        "The channel has its 50 rewards: delete one first.",
        ("maximum number", "too many"),
    ),
    _AUTOMOD,
)

RULES: Mapping[type[Command], tuple[Rule, ...]] = {
    SendChat: (
        Rule(
            400,
            ErrorCode.NOT_FOUND,
            "The message to reply to is not there any more: send it without reply_to.",
            ("reply",),
        ),
        Rule(
            403,
            _REJECTED,
            "The account that speaks may not write in this chat: it is banned or timed out, or "
            "the chat's mode keeps it out.",
        ),
        Rule(422, ErrorCode.TOO_LARGE, "The message is too long for Twitch."),
    ),
    SendAnnouncement: (
        Rule(429, ErrorCode.RATE_LIMITED, "Twitch takes one announcement in 2 seconds.", (), 2.0),
        Rule(400, _REJECTED, "Twitch did not let the text pass.", ("review", "automod")),
    ),
    SendShoutout: (
        Rule(
            400,
            _REJECTED,
            "A shoutout needs a live stream with at least one viewer: start it first.",
            ("live", "viewer"),
        ),
        Rule(403, _REJECTED, "This channel cannot get a shoutout from yours."),
        Rule(
            429,
            ErrorCode.RATE_LIMITED,
            "Twitch takes one shoutout in 2 minutes, and one an hour for the same channel.",
            (),
            120.0,
        ),
    ),
    DeleteChatMessage: (
        Rule(
            400,
            _REJECTED,
            "Messages of the broadcaster and of moderators cannot be deleted.",
            ("may not delete", "moderator", "broadcaster's"),
        ),
        Rule(
            404,
            ErrorCode.NOT_FOUND,
            "There is no such message: it is deleted already, or older than 6 hours.",
        ),
    ),
    ClearChat: (),
    BanUser: _NOT_BANNABLE,
    TimeoutUser: _NOT_BANNABLE,
    UnbanUser: (
        Rule(
            400,
            ErrorCode.CONFLICT,
            "This person is neither banned nor timed out: there is nothing to lift.",
            ("not banned", "not be unbanned"),
        ),
        _CONCURRENT,
    ),
    WarnUser: (
        Rule(400, _REJECTED, "This person cannot be warned.", ("may not be", "cannot be")),
        _CONCURRENT,
    ),
    SetChatMode: (),
    UpdateStream: (
        Rule(
            400,
            _REJECTED,
            "Twitch's AutoMod did not let a tag pass: choose another one.",
            ("automod",),
        ),
        Rule(
            400,
            ErrorCode.INVALID_COMMAND,
            "Twitch does not take these tags: at most 10 of 25 letters and digits each.",
            ("tag",),
        ),
        Rule(400, _REJECTED, "This category is closed to your age or region.", ("restricted",)),
    ),
    CreateClip: (
        Rule(404, _REJECTED, _NOT_LIVE),
        Rule(403, _REJECTED, "Clips are switched off, or not allowed to you, on this channel."),
        Rule(400, _REJECTED, "No clips can be made in this category.", ("clippable",)),
        _AUTOMOD,
    ),
    CreateMarker: (
        Rule(
            404,
            _REJECTED,
            "A marker needs a live stream that is being recorded: start it, and switch past "
            "broadcasts on in Twitch's settings.",
        ),
        Rule(403, _REJECTED, "The stream that runs cannot be marked."),
    ),
    StartAd: (
        Rule(
            400,
            ErrorCode.RATE_LIMITED,
            "Twitch wants a pause between two commercials: try later.",
            ("cooldown", "retry_after"),
        ),
        Rule(400, _REJECTED, _AFFILIATE, ("partner", "affiliate")),
        Rule(400, _REJECTED, _NOT_LIVE, ("live",)),
        Rule(403, _REJECTED, _AFFILIATE),
        Rule(
            429, ErrorCode.RATE_LIMITED, "Twitch wants a pause between two commercials.", (), 60.0
        ),
    ),
    StartRaid: (
        Rule(400, _REJECTED, "This channel takes no raids from yours.", ("accept", "blocked")),
        Rule(400, _REJECTED, "Your raid is too big for this channel.", ("too many",)),
        Rule(404, ErrorCode.NOT_FOUND, "The channel was not found: check its login."),
        Rule(409, ErrorCode.CONFLICT, "A raid is under way already: cancel it first."),
        Rule(429, ErrorCode.RATE_LIMITED, "Twitch takes 10 raids in 10 minutes.", (), 60.0),
    ),
    CancelRaid: (
        Rule(404, ErrorCode.NOT_FOUND, "No raid waits to begin: there is nothing to call off."),
        Rule(429, ErrorCode.RATE_LIMITED, "Twitch takes 10 such requests in 10 minutes.", (), 60.0),
    ),
    CreateReward: _REWARD_RULES,
    UpdateReward: _REWARD_RULES,
    DeleteReward: _REWARD_RULES,
    SetRedemptionStatus: (
        *_REWARD_RULES[:2],
        Rule(
            404,
            ErrorCode.NOT_FOUND,
            "No such redemption waits: it is settled already, or an id is wrong.",
        ),
    ),
    StartPoll: (
        Rule(
            400,
            ErrorCode.CONFLICT,
            "A poll runs already: end it first, or wait.",
            ("already", "running"),
        ),
        _AUTOMOD,
        Rule(403, _REJECTED, _AFFILIATE),
    ),
    EndPoll: (
        Rule(404, ErrorCode.NOT_FOUND, "There is no such poll: its id may be old."),
        Rule(
            400, ErrorCode.CONFLICT, "The poll does not run any more.", ("must be active", "active")
        ),
        Rule(403, _REJECTED, _AFFILIATE),
    ),
    StartPrediction: (
        Rule(
            400,
            ErrorCode.CONFLICT,
            "A prediction runs already: resolve or cancel it first.",
            ("already", "running"),
        ),
        _AUTOMOD,
        Rule(403, _REJECTED, _AFFILIATE),
    ),
    LockPrediction: (
        Rule(404, ErrorCode.NOT_FOUND, "There is no such prediction: its id may be old."),
        Rule(
            400, ErrorCode.CONFLICT, "The prediction takes no bets any more.", ("status", "active")
        ),
        Rule(403, _REJECTED, _AFFILIATE),
    ),
    ResolvePrediction: (
        Rule(404, ErrorCode.NOT_FOUND, "There is no such prediction, or no such outcome in it."),
        Rule(400, ErrorCode.CONFLICT, "The prediction has ended already.", ("status", "active")),
        Rule(403, _REJECTED, _AFFILIATE),
    ),
    GetViewers: (),
}
"""For each command what may be refused, the particular before the general."""

_GENERAL = (
    Rule(401, _REJECTED, "Twitch does not allow this to the account that is connected."),
    Rule(429, ErrorCode.RATE_LIMITED, "Twitch takes no more of these for now."),
    Rule(403, _REJECTED, "Twitch does not allow this on your channel."),
    Rule(404, ErrorCode.NOT_FOUND, "Twitch does not know what this is about: an id may be old."),
    Rule(400, ErrorCode.INVALID_COMMAND, "Twitch does not take this."),
)


def explained(command: Command, error: RefusedError) -> CommandError:
    """Return a refusal in words that say what to do, with Twitch's own behind them."""
    if error.is_missing_scope:
        return not_allowed(command)
    heard = error.reason.lower()
    for rule in (*RULES.get(type(command), ()), *_GENERAL):
        if rule.status == error.status and _fits(rule, heard):
            retry_after_ms = error.body.retry_after_ms
            if rule.retry_after_s is not None:
                retry_after_ms = max(retry_after_ms or 0, int(rule.retry_after_s * 1000))
            text = f"{rule.text} (Twitch: {error.status}, {error.reason})"
            return CommandError(rule.code, text, retry_after_ms=retry_after_ms)
    return CommandError(error.body.code, str(error), retry_after_ms=error.body.retry_after_ms)


def not_allowed(command: Command) -> CommandError:
    """Return the refusal of a command for which the login lacks a scope."""
    permission = command.permission
    what = f"“{PERMISSIONS[permission].en}” ({permission})" if permission is not None else "it"
    return CommandError(
        ErrorCode.UNSUPPORTED_BY_PLATFORM,
        f"The login at Twitch does not cover {command_name(command)}: the streamer has to allow "
        f"{what} for Twitch on the Platforms page.",
    )


def _fits(rule: Rule, heard: str) -> bool:
    return not rule.words or any(word in heard for word in rule.words)
