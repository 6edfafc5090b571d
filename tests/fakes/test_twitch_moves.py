"""The fake moves a session to a new address, in every way that this can go."""

from __future__ import annotations

from tests.fakes.client import Client
from tests.fakes.twitch import FakeTwitch


async def test_a_move_tells_each_event_on_one_socket(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    old, session_id = await client.listen()
    await fake.eventsub.ask_to_move()
    told = (await old.frame("session_reconnect"))["payload"]["session"]
    assert (told["status"], told["keepalive_timeout_seconds"]) == ("reconnecting", None)
    await fake.chat("Anna", "before")
    assert await old.texts(1) == ["before"], "the old socket goes on until the new is welcomed"
    new = await client.open(url=told["reconnect_url"])
    assert await new.session() == session_id
    await fake.chat("Anna", "after")
    assert await new.texts(1) == ["after"]
    assert fake.eventsub.notifications == 2
    await old.socket.close()
    await fake.chat("Anna", "later")
    assert await new.texts(1) == ["later"]


async def test_a_move_can_double_and_reorder(fake: FakeTwitch, client: Client) -> None:
    fake.eventsub.doubles_moves = True
    fake.eventsub.move_lag_s = 0.1
    await client.sign_in()
    old, _ = await client.listen()
    await fake.eventsub.ask_to_move()
    url = (await old.frame("session_reconnect"))["payload"]["session"]["reconnect_url"]
    await fake.chat("Anna", "first")
    new = await client.open(url=url)
    await new.session()
    await fake.chat("Anna", "second")
    assert await new.texts(1) == ["second"]
    assert await old.texts(2) == ["first", "second"], "late, each socket in its own order"


async def test_a_move_that_comes_too_late_ends_the_session(
    fake: FakeTwitch, client: Client
) -> None:
    fake.eventsub.reconnect_grace_s = 0.05
    await client.sign_in()
    old, _ = await client.listen()
    await fake.eventsub.ask_to_move()
    assert await old.closed() == 4004
    assert not fake.eventsub.living


async def test_a_move_to_a_wrong_address_is_refused(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    old, _ = await client.listen()
    assert await (await client.open("?move=nonsense")).closed() == 4007
    await fake.eventsub.ask_to_move()
    url = (await old.frame("session_reconnect"))["payload"]["session"]["reconnect_url"]
    await old.socket.close()
    assert await (await client.open(url=url)).closed() == 4007, (
        "the old socket was closed too early"
    )
