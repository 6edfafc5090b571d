"""The fake's EventSub keeps Twitch's rules, so that it finds a client's errors."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from tests.fakes.client import ALL_SCOPES, Client
from tests.fakes.twitch import FakeTwitch
from tests.fakes.twitch.eventsub.kinds import KINDS

OWN: dict[str, Any] = {"broadcaster_user_id": "1001"}


async def test_a_session_begins_with_a_welcome(client: Client) -> None:
    frame = await (await client.open()).frame()
    session = frame["payload"]["session"]
    assert frame["metadata"].keys() == {"message_id", "message_type", "message_timestamp"}
    assert (session["status"], session["keepalive_timeout_seconds"]) == ("connected", 10)
    assert session["reconnect_url"] is None


@pytest.mark.parametrize(("asked", "given"), [("30", 30), ("5", 10), ("9000", 600), ("x", 10)])
async def test_the_keepalive_can_be_asked_for(client: Client, asked: str, given: int) -> None:
    frame = await (await client.open(f"?keepalive_timeout_seconds={asked}")).frame()
    assert frame["payload"]["session"]["keepalive_timeout_seconds"] == given


async def test_a_notification_says_which_subscription_it_is_of(
    fake: FakeTwitch, client: Client
) -> None:
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.chat("Anna", "hello")
    frame = await reader.frame()
    assert frame["metadata"]["subscription_type"] == "channel.chat.message"
    assert frame["metadata"]["subscription_version"] == "1"
    assert frame["payload"]["subscription"]["status"] == "enabled"
    assert frame["payload"]["event"]["chatter_user_name"] == "Anna"


@pytest.mark.parametrize(
    ("kind", "version", "ids", "status"),
    [
        ("channel.nonsense", "1", OWN, 400),
        ("channel.update", "1", OWN, 400),
        ("channel.follow", "1", OWN, 410),
        ("channel.follow", "2", OWN, 400),
        ("channel.follow", "2", {**OWN, "moderator_user_id": "1003"}, 403),
        ("channel.chat.message", "1", {**OWN, "user_id": "1002"}, 403),
        ("channel.chat.message", "1", {**OWN, "user_id": "1001", "more": "1"}, 400),
        ("channel.subscribe", "1", {"broadcaster_user_id": "7"}, 403),
        ("channel.bits.use", "1", OWN, 403),
        ("channel.moderate", "2", {**OWN, "moderator_user_id": "1001"}, 403),
        ("channel.raid", "1", OWN, 400),
        (
            "channel.raid",
            "1",
            {"to_broadcaster_user_id": "1", "from_broadcaster_user_id": "2"},
            400,
        ),
    ],
)
async def test_what_may_not_be_asked_is_refused(
    client: Client, kind: str, version: str, ids: dict[str, str], status: int
) -> None:
    await client.sign_in(ALL_SCOPES)
    session_id = await (await client.open()).session()
    answer = await client.subscribe(session_id, kind, version, **ids)
    assert answer.status_code == status, answer.text


async def test_every_type_is_given_to_who_may_have_it_and_to_nobody_else(client: Client) -> None:
    await client.sign_in(" ".join(sorted({min(g) for rule in KINDS.values() for g in rule.scopes})))
    session_id = await (await client.open()).session()
    stranger = Client(client.fake)
    async with stranger:
        await stranger.sign_in("")
        other_id = await (await stranger.open()).session()
        for (kind, version), rule in KINDS.items():
            ids = dict.fromkeys(rule.required or ("to_broadcaster_user_id",), "1001")
            made = await client.subscribe(session_id, kind, version, **ids)
            assert (made.status_code, made.json().get("total_cost")) == (202, 0), made.text
            if rule.scopes:
                refused = await stranger.subscribe(other_id, kind, version, **ids)
                assert refused.status_code == 403, kind


async def test_what_exists_is_named(client: Client) -> None:
    await client.sign_in()
    _, session_id = await client.listen()
    (own,) = client.fake.eventsub.all_subscriptions()
    again = await client.subscribe(session_id)
    assert (again.status_code, again.json()["id"]) == (409, own.id)


async def test_a_session_belongs_to_one_person(client: Client) -> None:
    await client.sign_in()
    _, session_id = await client.listen()
    await client.sign_in(user="streamer_bot")
    mixed = await client.subscribe(session_id, broadcaster_user_id="1001", user_id="1002")
    assert mixed.status_code == 400
    assert "different users" in mixed.text


async def test_a_fourth_session_is_one_too_many(client: Client) -> None:
    await client.sign_in()
    for _ in range(3):
        await client.listen()
    fourth = await (await client.open()).session()
    answer = await client.subscribe(fourth, "channel.update", "2", **OWN)
    assert answer.status_code == 429
    assert answer.json()["message"] == "number of websocket transports limit exceeded"


async def test_the_same_is_given_so_often_only(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.limits.transports = 9
    await client.sign_in()
    for _ in range(3):
        await client.listen()
    answer = await client.subscribe(await (await client.open()).session())
    assert answer.json()["message"] == "maximum subscriptions with type and condition exceeded"


async def test_other_channels_cost(client: Client) -> None:
    await client.sign_in()
    session_id = await (await client.open()).session()
    answers = [
        await client.subscribe(session_id, "stream.online", broadcaster_user_id=f"{other}")
        for other in range(11)
    ]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[9].json()["total_cost"] == answers[9].json()["max_total_cost"] == 10


async def test_a_session_holds_so_many_subscriptions(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.limits.per_transport = 1
    await client.sign_in()
    _, session_id = await client.listen()
    full = await client.subscribe(session_id, "channel.update", "2", **OWN)
    assert full.status_code == 429


async def test_a_dead_session_is_listed_and_counts_for_a_while(
    fake: FakeTwitch, client: Client
) -> None:
    fake.eventsub.dead_count_for_s = 60
    fake.eventsub.limits.transports = 1
    await client.sign_in()
    reader, _ = await client.listen()
    reader.socket.transport.abort()
    await reader.closed()
    while fake.eventsub.living:
        await asyncio.sleep(0.005)
    listed = (await client.helix("GET", "/eventsub/subscriptions")).json()
    (dead,) = listed["data"]
    assert (dead["status"], listed["total"]) == ("websocket_disconnected", 1)
    session_id = await (await client.open()).session()
    assert (await client.subscribe(session_id)).status_code == 429
    query = {"id": dead["id"]}
    assert (await client.helix("DELETE", "/eventsub/subscriptions", params=query)).is_success
    assert (await client.subscribe(session_id)).status_code == 202


async def test_the_list_has_one_filter_at_a_time_and_pages(client: Client) -> None:
    await client.sign_in()
    _, session_id = await client.listen()
    await client.subscribe(session_id, "channel.update", "2", **OWN)
    path = "/eventsub/subscriptions"
    one = (await client.helix("GET", path, params={"type": "channel.update"})).json()
    assert [each["type"] for each in one["data"]] == ["channel.update"]
    both = {"type": "channel.update", "status": "enabled"}
    assert (await client.helix("GET", path, params=both)).status_code == 400
    first = (await client.helix("GET", path, params={"first": "1"})).json()
    after = first["pagination"]["cursor"]
    rest = (await client.helix("GET", path, params={"first": "1", "after": after})).json()
    assert [first["data"][0]["type"], rest["data"][0]["type"]] == [
        "channel.chat.message",
        "channel.update",
    ]
    assert rest["pagination"] == {}


async def test_a_bot_pays_nothing_for_a_channel_that_knows_the_app(client: Client) -> None:
    await client.sign_in()
    await client.sign_in(user="streamer_bot")
    session_id = await (await client.open()).session()
    answer = await client.subscribe(session_id, "stream.online", **OWN)
    assert answer.json()["total_cost"] == 0


# How sessions end.


async def test_an_unused_session_is_closed(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.unused_after_s = 0.05
    assert await (await client.open()).closed() == 4003


async def test_data_from_the_client_closes(client: Client) -> None:
    reader = await client.open()
    await reader.session()
    await reader.socket.send("hello")
    assert await reader.closed() == 4001


async def test_a_missed_pong_closes(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.ping_every_s = fake.eventsub.pong_within_s = 0.05
    good = await client.open()
    await good.session()
    raw_reader, raw_writer = await asyncio.open_connection("127.0.0.1", _port(fake))
    raw_writer.write(
        b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    async with asyncio.timeout(5):
        data = await raw_reader.read()
    raw_writer.close()
    assert (4002).to_bytes(2, "big") in data
    assert len(fake.eventsub.living) == 1, "who answers pings stays"


@pytest.mark.parametrize("code", [4000, 4005, 4006])
async def test_a_session_can_be_closed_with_any_code(
    fake: FakeTwitch, client: Client, code: int
) -> None:
    reader = await client.open()
    await reader.session()
    await fake.eventsub.close_all(code)
    assert await reader.closed() == code


async def test_a_dead_line_says_nothing_and_notices_nothing(
    fake: FakeTwitch, client: Client
) -> None:
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.eventsub.mute_all()
    await fake.chat("Anna", "into the void")
    reader.socket.transport.abort()
    assert fake.eventsub.notifications == 0
    await asyncio.sleep(0.05)
    assert len(fake.eventsub.living) == 1
    await fake.eventsub.lose_mute()
    assert not fake.eventsub.living


async def test_what_is_written_to_a_cut_socket_does_not_count(
    fake: FakeTwitch, client: Client
) -> None:
    await client.sign_in()
    await client.listen()
    await fake.eventsub.drop_all()
    assert await fake.eventsub.deliver("channel.chat.message", OWN) == 0


async def test_a_revocation_names_its_cause(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.eventsub.revoke("channel.chat.message", "moderator_removed")
    frame = await reader.frame("revocation")
    assert frame["payload"]["subscription"]["status"] == "moderator_removed"
    assert "event" not in frame["payload"]
    assert not fake.eventsub.subscribed()


# Misbehaviour.


async def test_a_frame_can_come_twice_with_the_same_id_and_with_others(
    fake: FakeTwitch, client: Client
) -> None:
    fake.eventsub.repeat_each, fake.eventsub.echo_each = 2, 1
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.chat("Anna", "hello")
    ids = [(await reader.frame())["metadata"]["message_id"] for _ in range(3)]
    assert ids[0] == ids[1] != ids[2]


async def test_notifications_can_have_the_newer_form(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.is_batched = True
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.chat("Anna", "hello")
    payload = (await reader.frame())["payload"]
    assert payload["events"][0]["data"]["message"]["text"] == "hello"
    assert "event" not in payload


async def test_a_quiet_session_hears_keepalives_and_a_busy_one_does_not(
    fake: FakeTwitch, client: Client
) -> None:
    fake.eventsub.keepalive_s = 0.2
    await client.sign_in()
    reader, _ = await client.listen()
    assert (await reader.frame("session_keepalive"))["payload"] == {}
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        await fake.chat("Anna", "hello")
        frame = json.loads(await reader.socket.recv())
        assert frame["metadata"]["message_type"] == "notification"
        await asyncio.sleep(0.02)


async def test_a_black_hole_opens_and_never_answers(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.answers_nothing = True
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.open()
    fake.eventsub.answers_nothing, fake.eventsub.welcomes_nothing = False, True
    reader = await client.open()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.frame()


async def test_a_restart_comes_back_on_the_same_port(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.restart()
    assert await reader.closed() == 1006
    again, _ = await client.listen()
    await fake.chat("Anna", "hello again")
    assert await again.texts(1) == ["hello again"]


async def test_a_flood_is_written_as_ordered(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    reader, _ = await client.listen()
    await fake.flood.begin(2000, 0.2)
    while fake.flood.is_running:
        await asyncio.sleep(0.005)
    offered = fake.flood.report.offered
    assert 350 <= offered <= 400
    frames = [await reader.frame() for _ in range(offered)]
    assert len({frame["metadata"]["message_id"] for frame in frames}) == offered
    assert len({frame["payload"]["event"]["message_id"] for frame in frames}) == offered


def _port(fake: FakeTwitch) -> int:
    return int(fake.url.rpartition(":")[2])
