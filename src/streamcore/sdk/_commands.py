"""One method for each command: what a module can ask of platforms, OBS, the net and others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from streamcore.protocol import commands as c
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import RedemptionStatus
from streamcore.protocol.frames import PlatformInfo
from streamcore.sdk.errors import CommandFailed
from streamcore.sdk.results import (
    Ad,
    Clip,
    HttpResponse,
    Marker,
    Raid,
    StartedPoll,
    StartedPrediction,
    Viewers,
)

__all__ = ["Commands"]

T = TypeVar("T")

_HTTP_GRACE_S = 5.0


class _Ids(msgspec.Struct):
    """Whatever id a command gives back; a command for `all` platforms gives back none."""

    message_id: str = ""
    reward_id: str = ""
    id: str = ""


class _Platforms(msgspec.Struct):
    platforms: dict[str, PlatformInfo]


class Commands:
    """What a module can do; every method raises the errors of `streamcore.sdk.errors`.

    `platform` is a platform's id, or `all` for every connected platform that the manifest names.
    """

    async def execute(self, command: c.Command, *, timeout_s: float = 30.0) -> object:
        """Send any command of the protocol and return its result."""
        raise NotImplementedError

    # Chat

    async def send_message(
        self,
        text: str,
        platform: str,
        reply_to: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> str:
        """Write in the chat and return the message's id (empty for `all`).

        A text over the platform's limit is split at words, into at most three messages.
        """
        command = c.SendChat(
            msg=text, target=platform, reply_to=reply_to, idempotency_key=idempotency_key
        )
        return _read(await self.execute(command), _Ids).message_id

    async def send_chat(
        self,
        text: str,
        platform: str,
        reply_to: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> str:
        """Do the same as `send_message`, under the command's own name."""
        return await self.send_message(
            text, platform, reply_to=reply_to, idempotency_key=idempotency_key
        )

    async def delete_chat_message(self, message_id: str, platform: str) -> None:
        """Remove one message."""
        await self.execute(c.DeleteChatMessage(message_id=message_id, target=platform))

    async def clear_chat(self, platform: str) -> None:
        """Remove everything that is written in the chat."""
        await self.execute(c.ClearChat(target=platform))

    async def timeout_user(
        self, user_id: str, platform: str, duration_s: int, *, reason: str = ""
    ) -> None:
        """Silence a person (an id, or `@login`) for `duration_s` seconds."""
        await self.execute(
            c.TimeoutUser(user_id=user_id, target=platform, duration_s=duration_s, reason=reason)
        )

    async def ban_user(self, user_id: str, platform: str, *, reason: str = "") -> None:
        """Ban a person (an id, or `@login`) for good."""
        await self.execute(c.BanUser(user_id=user_id, target=platform, reason=reason))

    async def unban_user(self, user_id: str, platform: str) -> None:
        """Lift a ban or a time-out of a person (an id, or `@login`)."""
        await self.execute(c.UnbanUser(user_id=user_id, target=platform))

    async def warn_user(self, user_id: str, platform: str, reason: str) -> None:
        """Warn a person (an id, or `@login`), who has to confirm before writing again."""
        await self.execute(c.WarnUser(user_id=user_id, target=platform, reason=reason))

    async def set_chat_mode(
        self,
        platform: str,
        *,
        emote_only: bool | None = None,
        followers_only_minutes: int | None = None,
        subscribers_only: bool | None = None,
        slow_mode_s: int | None = None,
        unique_only: bool | None = None,
    ) -> None:
        """Change the chat's rules; what is left out stays as it is, 0 switches off."""
        await self.execute(
            c.SetChatMode(
                target=platform,
                emote_only=emote_only,
                followers_only_minutes=followers_only_minutes,
                subscribers_only=subscribers_only,
                slow_mode_s=slow_mode_s,
                unique_only=unique_only,
            )
        )

    async def get_viewers(
        self, platform: str, *, limit: int = 1000, after: str | None = None
    ) -> Viewers:
        """Return who is in the chat, as far as the platform tells, at most `limit` at once.

        The result's `after` reads the next ones; it is None when there are no more.
        """
        command = c.GetViewers(target=platform, limit=limit, after=after or "")
        return _read(await self.execute(command), Viewers)

    # Stream

    async def update_stream(
        self,
        platform: str,
        *,
        title: str | None = None,
        category: str | None = None,
        language: str | None = None,
        tags: Iterable[str] | None = None,
    ) -> None:
        """Change title, category (by name or id), language or tags; what is left out stays."""
        await self.execute(
            c.UpdateStream(
                target=platform,
                title=title,
                category=category,
                language=language,
                tags=None if tags is None else tuple(tags),
            )
        )

    async def create_clip(self, platform: str, *, title: str = "", duration_s: int = 30) -> Clip:
        """Make a clip of the last seconds."""
        command = c.CreateClip(target=platform, title=title, duration_s=duration_s)
        return _read(await self.execute(command), Clip)

    async def create_marker(self, platform: str, *, description: str = "") -> Marker:
        """Mark this moment in the recording."""
        command = c.CreateMarker(target=platform, description=description)
        return _read(await self.execute(command), Marker)

    async def start_ad(self, platform: str, *, duration_s: int = 30) -> Ad:
        """Run advertising; the answer says when the next may be asked for."""
        return _read(await self.execute(c.StartAd(target=platform, duration_s=duration_s)), Ad)

    async def start_raid(self, channel: str, platform: str) -> Raid:
        """Send the viewers to another channel, named by its login."""
        return _read(await self.execute(c.StartRaid(channel=channel, target=platform)), Raid)

    async def cancel_raid(self, platform: str) -> None:
        """Call off a raid that was announced and has not begun."""
        await self.execute(c.CancelRaid(target=platform))

    async def send_shoutout(self, channel: str, platform: str) -> None:
        """Recommend another channel, named by its login."""
        await self.execute(c.SendShoutout(channel=channel, target=platform))

    async def send_announcement(self, text: str, platform: str, *, color: str = "primary") -> None:
        """Write a highlighted message."""
        await self.execute(c.SendAnnouncement(msg=text, target=platform, color=color))

    # Rewards

    async def create_reward(
        self,
        title: str,
        cost: int,
        platform: str,
        *,
        prompt: str = "",
        needs_input: bool = False,
        cooldown_s: int = 0,
        is_enabled: bool = True,
    ) -> str:
        """Make a channel reward and return its id."""
        command = c.CreateReward(
            target=platform,
            title=title,
            cost=cost,
            prompt=prompt,
            needs_input=needs_input,
            cooldown_s=cooldown_s,
            is_enabled=is_enabled,
        )
        return _read(await self.execute(command), _Ids).reward_id

    async def update_reward(
        self,
        reward_id: str,
        platform: str,
        *,
        title: str | None = None,
        cost: int | None = None,
        prompt: str | None = None,
        needs_input: bool | None = None,
        cooldown_s: int | None = None,
        is_enabled: bool | None = None,
    ) -> None:
        """Change a reward that StreamCore made; what is left out stays."""
        await self.execute(
            c.UpdateReward(
                target=platform,
                reward_id=reward_id,
                title=title,
                cost=cost,
                prompt=prompt,
                needs_input=needs_input,
                cooldown_s=cooldown_s,
                is_enabled=is_enabled,
            )
        )

    async def delete_reward(self, reward_id: str, platform: str) -> None:
        """Remove a reward that StreamCore made."""
        await self.execute(c.DeleteReward(reward_id=reward_id, target=platform))

    async def set_redemption_status(
        self,
        reward_id: str,
        redemption_id: str,
        status: RedemptionStatus | str,
        platform: str,
    ) -> None:
        """Accept a redemption (`fulfilled`), or give the points back (`canceled`)."""
        await self.execute(
            c.SetRedemptionStatus(
                target=platform,
                reward_id=reward_id,
                redemption_id=redemption_id,
                status=RedemptionStatus(status),
            )
        )

    # Polls and predictions

    async def start_poll(
        self, title: str, choices: Iterable[str], platform: str, *, duration_s: int = 120
    ) -> StartedPoll:
        """Ask the viewers."""
        command = c.StartPoll(
            target=platform, title=title, choices=tuple(choices), duration_s=duration_s
        )
        return _read(await self.execute(command), StartedPoll)

    async def end_poll(self, poll_id: str, platform: str, *, show_results: bool = True) -> None:
        """End a poll now."""
        await self.execute(c.EndPoll(poll_id=poll_id, target=platform, show_results=show_results))

    async def start_prediction(
        self, title: str, outcomes: Iterable[str], platform: str, *, duration_s: int = 120
    ) -> StartedPrediction:
        """Let viewers bet points; the id of one of the result's outcomes resolves it."""
        command = c.StartPrediction(
            target=platform, title=title, outcomes=tuple(outcomes), duration_s=duration_s
        )
        return _read(await self.execute(command), StartedPrediction)

    async def lock_prediction(self, prediction_id: str, platform: str) -> None:
        """Take no more bets; the prediction waits to be resolved."""
        await self.execute(c.LockPrediction(prediction_id=prediction_id, target=platform))

    async def resolve_prediction(
        self, prediction_id: str, platform: str, *, outcome_id: str | None = None
    ) -> None:
        """Pay out the winning outcome; without one, cancel and give the points back."""
        await self.execute(
            c.ResolvePrediction(prediction_id=prediction_id, target=platform, outcome_id=outcome_id)
        )

    # OBS, the internet, other modules, the log

    async def obs_request(
        self, request_type: str, data: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """Ask OBS something in its own words: `obs_request("SetCurrentProgramScene", {…})`."""
        command = c.ObsRequest(request_type=request_type, data=dict(data or {}))
        return _read(await self.execute(command), dict[str, object])

    async def http_request(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
        timeout_s: float = 10.0,
    ) -> HttpResponse:
        """Fetch an `https` address whose host stands in the manifest's `network` list."""
        command = c.HttpRequest(
            url=url, method=method, headers=dict(headers or {}), body=body, timeout_s=timeout_s
        )
        return _read(await self.execute(command, timeout_s=timeout_s + _HTTP_GRACE_S), HttpResponse)

    async def call_module(self, module_id: str, name: str, /, **args: object) -> object:
        """Call another module's `on_call` handler and return its answer."""
        return await self.execute(c.CallModule(module_id=module_id, name=name, args=args))

    async def emit_event(self, name: str, data: Mapping[str, object] | None = None) -> str:
        """Put a `module_event` of this module in the log and return its id."""
        command = c.EmitEvent(name=name, data=dict(data or {}))
        return _read(await self.execute(command), _Ids).id

    async def get_platforms(self) -> dict[str, PlatformInfo]:
        """Return the state of the platforms that the manifest names, fresh from the core."""
        return _read(await self.execute(c.GetPlatforms()), _Platforms).platforms


def _read(result: object, shape: type[T]) -> T:
    try:
        return msgspec.convert(result, shape)
    except msgspec.ValidationError as error:
        raise CommandFailed(
            f"StreamCore's answer has an unknown shape: {error}", code=ErrorCode.INTERNAL
        ) from error
