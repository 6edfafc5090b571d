"""The fake's HTTP API: who may call, how often, and what can go wrong on the way."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.fakes.client import Client
from tests.fakes.twitch import FakeTwitch
from tests.fakes.twitch.faults import Fault

MESSAGE = {"broadcaster_id": "1001", "sender_id": "1001", "message": "hello"}


def is_readable(answer: httpx.Response) -> bool:
    """Tell whether somebody who expects data would find some."""
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and "data" in body


async def test_token_client_and_scope_are_checked(client: Client) -> None:
    await client.sign_in("user:read:chat")
    headers = {"Authorization": f"Bearer {client.tokens['access_token']}", "Client-Id": "another"}
    assert (await client.http.get("/helix/users", headers=headers)).status_code == 401
    refused = await client.helix("POST", "/chat/messages", json=MESSAGE)
    assert refused.status_code == 401
    assert "user:write:chat" in refused.json()["message"]


async def test_nobody_writes_in_anothers_name(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in(user="streamer_bot")
    assert (await client.helix("POST", "/chat/messages", json=MESSAGE)).status_code == 400
    own = await client.helix("POST", "/chat/messages", json=MESSAGE | {"sender_id": "1002"})
    assert own.json()["data"][0]["is_sent"]
    assert fake.helix.chat.sent[0].sender.login == "streamer_bot"


async def test_each_person_has_a_bucket(fake: FakeTwitch, client: Client) -> None:
    fake.helix.limit = 3
    await client.sign_in()
    left = [
        int((await client.helix("GET", "/users")).headers["Ratelimit-Remaining"]) for _ in range(3)
    ]
    assert left == [2, 1, 0]
    empty = await client.helix("GET", "/users")
    assert empty.status_code == 429
    assert time.time() < int(empty.headers["Ratelimit-Reset"]) + 1 <= time.time() + 62
    await client.sign_in(user="streamer_bot")
    assert (await client.helix("GET", "/users")).status_code == 200


async def test_users_are_found_by_id_and_by_login(client: Client) -> None:
    await client.sign_in()
    query = [("id", "1002"), ("login", "anna"), ("id", "999999999")]
    found = (await client.helix("GET", "/users", params=query)).json()["data"]
    assert [user["login"] for user in found] == ["streamer_bot", "anna"]


async def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    await client.sign_in()
    assert (await client.helix("POST", "/chat/messages", content=b"{")).status_code == 400


@pytest.mark.parametrize(
    ("fault", "size"),
    [
        pytest.param(Fault(body="garbage"), 0, id="garbage"),
        pytest.param(Fault(body="huge"), 5_000_000, id="huge"),
        pytest.param(Fault(status=502, body="html"), 0, id="html"),
        pytest.param(Fault(body="empty"), 0, id="empty"),
    ],
)
async def test_an_answer_can_be_nonsense(
    fake: FakeTwitch, client: Client, fault: Fault, size: int
) -> None:
    await client.sign_in()
    fake.faults.add("/helix/users", fault)
    answer = await client.helix("GET", "/users")
    assert len(answer.content) >= size
    assert not is_readable(answer)
    assert is_readable(await client.helix("GET", "/users"))


async def test_a_connection_can_break_off(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    fake.faults.add("*", Fault(is_cut=True))
    with pytest.raises(httpx.TransportError):
        await client.helix("GET", "/users")
    assert (await client.helix("GET", "/users")).status_code == 200


async def test_only_the_answer_can_get_lost(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    fake.faults.add("/helix/chat/messages", Fault(status=500, is_late=True))
    assert (await client.helix("POST", "/chat/messages", json=MESSAGE)).status_code == 500
    assert fake.sent_messages == ["hello"]


async def test_faults_come_in_order_and_as_often_as_ordered(
    fake: FakeTwitch, client: Client
) -> None:
    await client.sign_in()
    fake.faults.add("/helix/users", Fault(status=503, times=2))
    fake.faults.add("/helix/users", Fault(status=500, delay_s=0.05))
    codes = [(await client.helix("GET", "/users")).status_code for _ in range(4)]
    assert codes == [503, 503, 500, 200]
