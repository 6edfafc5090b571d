"""Every button of the fake's page does something, and says so."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import httpx
import pytest

from tests.fakes.client import Client
from tests.fakes.twitch import FakeTwitch
from tests.fakes.twitch.__main__ import main
from tests.fakes.twitch.buttons import BUTTONS
from tests.fakes.twitch.page import button_id

ALL_BUTTONS = [button for group in BUTTONS.values() for button in group]


async def test_every_button_does_what_it_says(client: Client) -> None:
    await client.sign_in()
    await client.listen()
    page = unescape((await client.http.get("/")).text)
    for button in ALL_BUTTONS:
        assert f">{button.label}</button>" in page
        if button.label == "Down and up again":
            continue
        pressed = await client.http.post(f"/act/{button_id(button.label)}", data={})
        assert pressed.status_code == 303
        after = (await client.http.get(pressed.headers["location"])).text
        (said,) = re.findall(r'role="status">([^<]*)<', after)
        assert unescape(said).startswith(f"{button.label}: ")
        assert "Error" not in said


async def test_the_server_can_be_restarted_from_its_page(fake: FakeTwitch, client: Client) -> None:
    restart = f"/act/{button_id('Down and up again')}"
    assert (await client.http.post(restart, data={"seconds": "0"})).status_code == 303
    while not await _is_up(client):
        await asyncio.sleep(0.02)
    assert fake.eventsub.connections == 0


async def _is_up(client: Client) -> bool:
    try:
        return (await client.http.get("/control/state")).is_success
    except httpx.TransportError:
        return False


async def test_what_is_typed_in_is_shown_as_text(fake: FakeTwitch, client: Client) -> None:
    await client.sign_in()
    message = {"broadcaster_id": "1001", "sender_id": "1001", "message": "<b>bold</b>"}
    await client.helix("POST", "/chat/messages", json=message)
    page = (await client.http.get("/", params={"said": "<script>"})).text
    assert fake.sent_messages == ["<b>bold</b>"]
    assert "<script" not in page
    assert "<b>" not in page


async def test_switches_are_set_by_name_and_kind(fake: FakeTwitch, client: Client) -> None:
    body = {"eventsub.is_silent": "yes", "oauth.token_expires_in_s": 5, "limits.cost": "7"}
    answer = (await client.http.post("/control/switch", json=body)).json()
    assert fake.eventsub.is_silent is True
    assert fake.oauth.token_expires_in_s == 5.0
    assert answer["limits.cost"] == fake.eventsub.limits.cost == 7
    for wrong in ({"eventsub.nonsense": 1}, {"oauth.interval_s": "soon"}):
        assert (await client.http.post("/control/switch", json=wrong)).status_code == 400


@pytest.mark.parametrize("name", ["stop", "start", "_echo", "wait_sent", "nonsense", "deliver"])
async def test_what_is_no_deed_cannot_be_ordered(client: Client, name: str) -> None:
    assert (await client.http.post(f"/control/{name}", json={})).status_code == 404


async def test_an_order_answers_what_was_told(client: Client) -> None:
    await client.sign_in()
    await client.listen()
    said = await client.http.post("/control/chat", json={"args": ["Anna", "hi"]})
    assert said.json()["told"] == {"channel.chat.message": 1}
    wrong = await client.http.post("/control/chat", json={"args": ["Anna"]})
    assert wrong.status_code == 400


def test_a_switch_that_is_none_ends_the_process(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "eventsub.nonsense=1"]) == 2
    assert "eventsub.nonsense" in capsys.readouterr().err
