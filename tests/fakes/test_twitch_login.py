"""The fake's login refuses what Twitch's refuses."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.fakes.client import Client
from tests.fakes.twitch import CLIENT_ID, FakeTwitch


async def test_a_login_waits_for_somebodys_word(fake: FakeTwitch, client: Client) -> None:
    device = await client.device("user:read:chat bits:read")
    assert device["user_code"] in device["verification_uri"]
    waiting = await client.poll(device)
    assert (waiting.status_code, waiting.json()["message"]) == (400, "authorization_pending")
    await fake.approve_login()
    tokens = (await client.poll(device)).json()
    assert tokens["scope"] == ["user:read:chat", "bits:read"]
    assert tokens["token_type"] == "bearer"
    again = await client.poll(device)
    assert (again.status_code, again.json()["message"]) == (400, "invalid device code")


async def test_who_polls_too_fast_is_told_to_slow_down(fake: FakeTwitch, client: Client) -> None:
    fake.oauth.enforced_interval_s = 60
    device = await client.device()
    assert (await client.poll(device)).json()["message"] == "authorization_pending"
    assert (await client.poll(device)).json()["message"] == "slow_down"


async def test_a_denied_login_ends(fake: FakeTwitch, client: Client) -> None:
    device = await client.device()
    await fake.deny_login()
    assert (await client.poll(device)).json()["message"] == "access_denied"


async def test_a_code_expires(fake: FakeTwitch, client: Client) -> None:
    fake.oauth.login_expires_in_s = 0
    device = await client.device()
    assert (await client.poll(device)).json()["message"] == "invalid device code"
    assert not fake.oauth.pending_logins


async def test_a_secret_and_a_strange_client_are_refused(client: Client) -> None:
    secret = await client.form("token", grant_type="refresh_token", client_secret="s")
    assert (secret.status_code, secret.json()["message"]) == (403, "invalid client secret")
    strange = await client.http.post("/oauth2/device", data={"client_id": "x", "scopes": ""})
    assert strange.status_code == 400


async def test_a_refresh_token_is_good_once(client: Client) -> None:
    first = await client.sign_in()
    second = (await client.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    spent = await client.refresh(first["refresh_token"])
    assert (spent.status_code, spent.json()["message"]) == (400, "Invalid refresh token")
    assert (await client.refresh(second["refresh_token"])).status_code == 200


async def test_a_refresh_token_dies_after_its_time(fake: FakeTwitch, client: Client) -> None:
    tokens = await client.sign_in()
    fake.oauth.expire_refresh_tokens()
    assert (await client.refresh(tokens["refresh_token"])).status_code == 400


async def test_a_spent_token_stays_spent_when_the_answer_is_lost(
    fake: FakeTwitch, client: Client
) -> None:
    tokens = await client.sign_in()
    fake.oauth.lose_refresh_answer = True
    assert (await client.refresh(tokens["refresh_token"])).status_code == 500
    fake.oauth.lose_refresh_answer = False
    assert (await client.refresh(tokens["refresh_token"])).status_code == 400


async def test_validate_tells_whose_token_it_is(client: Client) -> None:
    tokens = await client.sign_in("user:read:chat", user="streamer_bot")
    good = await client.http.get(
        "/oauth2/validate", headers={"Authorization": f"OAuth {tokens['access_token']}"}
    )
    told = good.json()
    assert (told["login"], told["user_id"], told["scopes"]) == (
        "streamer_bot",
        "1002",
        ["user:read:chat"],
    )
    bad = await client.http.get("/oauth2/validate", headers={"Authorization": "OAuth nonsense"})
    assert (bad.status_code, bad.json()) == (
        401,
        {"status": 401, "message": "invalid access token"},
    )


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_either_token_can_be_revoked(client: Client, which: str) -> None:
    tokens = await client.sign_in()
    assert (await client.form("revoke", token=tokens[which])).status_code == 200
    assert (await client.helix("GET", "/users")).status_code == 401
    assert (await client.refresh(tokens["refresh_token"])).status_code == 400
    again = await client.form("revoke", token=tokens[which])
    assert (again.status_code, again.json()["message"]) == (400, "Invalid token")


async def test_people_have_logins_of_their_own(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in("user:read:chat")
    await client.sign_in("user:write:chat", user="streamer_bot")
    assert fake.oauth.scopes_of("streamer") == {"user:read:chat"}
    fake.oauth.revoke_everything("streamer")
    assert (await client.helix("GET", "/users")).json()["data"][0]["login"] == "streamer_bot"


async def test_the_activation_page_shows_what_is_asked_and_who_says_yes(client: Client) -> None:
    device = await client.device("user:read:chat moderator:manage:banned_users")
    page = await client.http.get(device["verification_uri"])
    assert device["user_code"] in page.text
    assert "moderator:manage:banned_users" in page.text
    assert re.findall(r"<button[^>]*>([^<]+)</button>", page.text) == ["Authorize", "Cancel"]
    said = await client.http.post(
        "/activate",
        data={"device-code": device["user_code"], "user": "streamer_bot", "decision": "authorize"},
    )
    assert "Streamer_Bot" in said.text
    tokens = (await client.poll(device)).json()
    client.tokens = tokens
    assert (await client.helix("GET", "/users")).json()["data"][0]["id"] == "1002"
    late = await client.http.get(device["verification_uri"])
    assert late.status_code == 404


async def test_cancel_on_the_page_denies(client: Client) -> None:
    device = await client.device()
    form = {"device-code": device["user_code"], "user": "streamer", "decision": "cancel"}
    await client.http.post("/activate", data=form)
    assert (await client.poll(device)).json()["message"] == "access_denied"


async def test_an_answer_can_be_held_after_the_token_was_spent(
    fake: FakeTwitch, client: Client
) -> None:
    tokens = await client.sign_in()
    fake.oauth.hold_refresh = asyncio.Event()
    asking = asyncio.create_task(client.refresh(tokens["refresh_token"]))
    while not fake.oauth.calls.get("refresh"):
        await asyncio.sleep(0.005)
    assert (await client.helix("GET", "/users")).status_code == 401, "the old token is dead"
    fake.oauth.hold_refresh.set()
    assert (await asking).status_code == 200


def test_the_client_id_looks_like_one() -> None:
    assert re.fullmatch(r"[a-z0-9]{30}", CLIENT_ID)
