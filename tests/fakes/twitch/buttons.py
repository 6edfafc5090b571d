"""What the buttons of the fake's page do."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tests.fakes.twitch.control import set_switch
from tests.fakes.twitch.faults import Fault
from tests.fakes.twitch.people import ACCOUNTS

if TYPE_CHECKING:
    from tests.fakes.twitch.fake import FakeTwitch

__all__ = ["BUTTONS", "Button", "Entry"]

Values = Mapping[str, str]
Press = Callable[["FakeTwitch", Values], Awaitable[object]]

_REVOCATIONS = (
    "authorization_revoked",
    "user_removed",
    "version_removed",
    "moderator_removed",
    "chat_user_banned",
)
_CODES = ("4000", "4001", "4002", "4003", "4004", "4005", "4006", "4007", "1001", "1011")
_PATHS = ("*", "/helix/chat/messages", "/helix/users", "/helix/eventsub/subscriptions")
_LOGIN_PATHS = ("/oauth2/device", "/oauth2/token", "/oauth2/validate", "/oauth2/revoke")
_STATUSES = ("", "400", "401", "403", "404", "409", "422", "429", "500", "502", "503")
_BODIES = ("", "garbage", "huge", "html", "empty")
_ON_OFF = ("yes", "no")


class Entry(NamedTuple):
    """Something to fill in, or to choose."""

    name: str
    value: str = ""
    choices: tuple[str, ...] = ()


class Button(NamedTuple):
    """One thing that happens."""

    label: str
    press: Press
    entries: tuple[Entry, ...] = ()


def _user(name: str) -> Entry:
    return Entry("user", name)


async def _gift_bomb(fake: FakeTwitch, values: Values) -> None:
    crowd = [f"lucky_{random.randrange(10_000)}" for _ in range(int(values["count"]))]
    await fake.gift_bomb(values["user"] or None, *crowd)


async def _set(fake: FakeTwitch, values: Values) -> None:
    set_switch(fake, values["switch"], values["value"])


async def _fault(fake: FakeTwitch, values: Values) -> None:
    fault = Fault(
        status=int(values["status"]) if values["status"] else None,
        delay_s=float(values["delay_s"] or 0),
        is_cut=values["cut"] == "yes",
        body=values["body"] or None,
        is_late=values["only_the_answer"] == "yes",
        times=int(values["times"]),
    )
    fake.faults.add(values["path"], fault)


async def _clear_faults(fake: FakeTwitch, _values: Values) -> None:
    fake.faults.clear()


async def _flow(fake: FakeTwitch, values: Values) -> None:
    per_s = float(values["per_second"])
    await (fake.flood.begin(per_s) if per_s > 0 else fake.flood.end())


async def _poll(fake: FakeTwitch, values: Values) -> str:
    poll_id = await fake.poll_begin(values["title"], *values["answers"].split(","))
    await fake.poll_progress(poll_id, 3, 5)
    return poll_id


async def _hype_train(fake: FakeTwitch, _values: Values) -> None:
    train_id = await fake.hype_train_begin()
    await fake.hype_train_progress(train_id, 2, 900)
    await fake.hype_train_end(train_id)


async def _approve(fake: FakeTwitch, values: Values) -> None:
    await fake.approve_login(values["user"])


async def _expire_access(fake: FakeTwitch, _values: Values) -> None:
    fake.oauth.expire_access_tokens()


async def _expire_refresh(fake: FakeTwitch, _values: Values) -> None:
    fake.oauth.expire_refresh_tokens()


async def _garbage(fake: FakeTwitch, _values: Values) -> None:
    for data in ("", "{", "[]", '{"metadata": 5}', "null", b"\xff\xfe\x00", r'"\ud83d"'):
        await fake.eventsub.send_raw(data)
    await fake.eventsub.send_bad_text()


async def _large(fake: FakeTwitch, values: Values) -> None:
    await fake.chat("Anna", "x" * int(float(values["megabytes"]) * (1 << 20)))


async def _unknown_type(fake: FakeTwitch, _values: Values) -> None:
    subscription = {"type": "channel.of.tomorrow", "version": "9", "id": "1"}
    payload: dict[str, object] = {"subscription": subscription, "event": {"what": ["ever"]}}
    await fake.eventsub.send_frame("notification", payload)


BUTTONS: dict[str, tuple[Button, ...]] = {
    "Viewers": (
        Button(
            "Chat",
            lambda f, v: f.chat(v["user"], v["text"]),
            (_user("Anna"), Entry("text", "hello!")),
        ),
        Button("Chat flows (0 ends it)", _flow, (Entry("per_second", "3"),)),
        Button("Follow", lambda f, v: f.follow(v["user"]), (_user("Boris"),)),
        Button(
            "Subscribe",
            lambda f, v: f.subscribe(v["user"], tier=v["tier"]),
            (_user("Clara"), Entry("tier", "1000", ("1000", "2000", "3000"))),
        ),
        Button(
            "Subscribe again",
            lambda f, v: f.resubscribe(v["user"], months=int(v["months"]), text=v["text"]),
            (_user("Clara"), Entry("months", "12"), Entry("text", "a year!")),
        ),
        Button("Gift bomb", _gift_bomb, (_user("Dora"), Entry("count", "5"))),
        Button(
            "Cheer",
            lambda f, v: f.cheer(v["user"], int(v["bits"]), v["text"]),
            (_user("Emil"), Entry("bits", "100"), Entry("text", "nice")),
        ),
        Button(
            "Raid",
            lambda f, v: f.raid(v["user"], int(v["viewers"])),
            (_user("Frida"), Entry("viewers", "55")),
        ),
        Button(
            "Any notice",
            lambda f, v: f.notice(v["user"], v["kind"], {}),
            (_user("Gleb"), Entry("kind", "modiversary")),
        ),
        Button("Clear the chat", lambda f, v: f.clear_chat(v["user"] or None), (_user(""),)),
    ),
    "Points, votes, moderators": (
        Button(
            "Redeem a reward",
            lambda f, v: f.redeem(v["user"], v["title"], int(v["cost"])),
            (_user("Hugo"), Entry("title", "Hydrate"), Entry("cost", "500")),
        ),
        Button(
            "Begin a poll",
            _poll,
            (Entry("title", "Which game?"), Entry("answers", "chess,go")),
        ),
        Button("A hype train", _hype_train),
        Button("An ad break", lambda f, _: f.ad_break()),
        Button(
            "Time somebody out",
            lambda f, v: f.ban(v["user"], v["reason"], duration_s=600),
            (_user("Ivan"), Entry("reason", "spam")),
        ),
        Button(
            "AutoMod holds a message",
            lambda f, v: f.hold_message(v["user"], v["text"], "swearing", 4),
            (_user("Jana"), Entry("text", "what a mess")),
        ),
    ),
    "Stream": (
        Button("Go live", lambda f, _: f.go_live()),
        Button("End the stream", lambda f, _: f.end_stream()),
        Button(
            "Change the title",
            lambda f, v: f.update_channel(title=v["title"]),
            (Entry("title", "A new title"),),
        ),
    ),
    "Events' connection": (
        Button("Ask to move", lambda f, _: f.eventsub.ask_to_move()),
        Button(
            "Ask to move to where nobody is",
            lambda f, _: f.eventsub.ask_to_move(to="ws://127.0.0.1:9/ws"),
        ),
        Button("Drop", lambda f, _: f.eventsub.drop_all()),
        Button(
            "Close",
            lambda f, v: f.eventsub.close_all(int(v["code"])),
            (Entry("code", "4000", _CODES),),
        ),
        Button("Let the line go dead", lambda f, _: f.eventsub.mute_all()),
        Button("Garbage", _garbage),
        Button("A type of tomorrow", _unknown_type),
        Button("A large message", _large, (Entry("megabytes", "0.9"),)),
        Button(
            "Take a subscription away",
            lambda f, v: f.eventsub.revoke(v["type"], v["status"]),
            (Entry("type", "channel.follow"), Entry("status", "user_removed", _REVOCATIONS)),
        ),
        Button(
            "Down and up again",
            lambda f, v: f.restart_soon(float(v["seconds"])),
            (Entry("seconds", "3"),),
        ),
    ),
    "Login": (
        Button(
            "Confirm what waits",
            _approve,
            (Entry("user", "streamer", tuple(person.login for person in ACCOUNTS)),),
        ),
        Button("Deny what waits", lambda f, _: f.deny_login()),
        Button("Take the app's rights away", lambda f, _: f.revoke_app()),
        Button("Let access tokens expire", _expire_access),
        Button("Let refresh tokens expire", _expire_refresh),
    ),
    "Requests that fail": (
        Button(
            "Add a fault",
            _fault,
            (
                Entry("path", "*", (*_PATHS, *_LOGIN_PATHS)),
                Entry("status", "503", _STATUSES),
                Entry("body", "", _BODIES),
                Entry("delay_s", "0"),
                Entry("cut", "no", _ON_OFF),
                Entry("only_the_answer", "no", _ON_OFF),
                Entry("times", "1"),
            ),
        ),
        Button("Forget all faults", _clear_faults),
    ),
    "Anything else": (
        Button(
            "Set a switch", _set, (Entry("switch", "eventsub.is_silent", ()), Entry("value", "yes"))
        ),
    ),
}
