"""Platforms, chat, events, audit, the core itself, and the description of all of it."""

from __future__ import annotations

import json
from typing import Any

import httpx

from streamcore.core.integrations.base import AccountRole, LoginFailedError, Words
from streamcore.core.server import build_openapi
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.permissions import Permission
from tests.core.api.rig import Api
from tests.core.api.test_access import ROUTES


async def test_the_core_itself(api: Api, http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/system")).json()["home"] == str(api.rig.home.root)


async def test_the_core_can_be_ended(api: Api, http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/system/stop")).status_code == 202
    assert api.stops == [True]


async def test_platforms_are_listed(http: httpx.AsyncClient) -> None:
    listed = (await http.get("/api/platforms")).json()
    assert listed["next"] is None
    platform = listed["items"][0]
    assert set(platform) == {
        "id",
        "name",
        "state",
        "can_sign_in",
        "reason",
        "reasons",
        "account",
        "capabilities",
        "scopes",
        "last_event_at",
        "quota",
        "permissions",
        "bot",
        "options",
        "health",
    }
    assert (await http.get("/api/platforms/twitch")).json() == platform
    assert (await http.get("/api/platforms/none")).status_code == 404


async def test_a_login_begins_and_ends(api: Api, http: httpx.AsyncClient) -> None:
    bodies: list[dict[str, str] | None] = [None, {}]
    for body in bodies:
        flow = (await http.post("/api/platforms/twitch/connect", json=body)).json()
        assert flow == {
            "flow": "device",
            "user_code": "ABCD-EFGH",
            "verification_uri": "https://example.com/activate",
            "expires_at": "2026-01-01T00:00:00Z",
        }
    assert (await http.post("/api/platforms/twitch/connect")).status_code == 200
    ended = (await http.post("/api/platforms/twitch/disconnect")).json()
    assert ended["state"] == "disconnected"
    assert (await http.post("/api/platforms/none/connect")).status_code == 404
    # The login's code is as good as a token while it lives.
    assert "ABCD" not in json.dumps([row.detail for row in api.rig.rows])


async def test_a_login_can_ask_for_permissions_or_be_the_bots(
    api: Api, http: httpx.AsyncClient
) -> None:
    path = "/api/platforms/twitch"
    await http.post(f"{path}/connect", json={"permissions": ["chat_read", "polls_manage"]})
    await http.post(f"{path}/connect", json={"account": "bot"})
    assert (await http.post(f"{path}/cancel", json={"account": "bot"})).status_code == 200
    assert (await http.post(f"{path}/cancel")).status_code == 200
    assert (await http.post(f"{path}/disconnect", json={"account": "bot"})).status_code == 200
    streamer, bot = AccountRole.STREAMER, AccountRole.BOT
    assert api.platform.deeds == [
        ("connect", [Permission.CHAT_READ, Permission.POLLS_MANAGE], streamer),
        ("connect", None, bot),
        ("cancel", bot),
        ("cancel", streamer),
        ("disconnect", bot),
    ]
    assert [(row.command, row.detail) for row in api.rig.rows] == [
        ("connect_platform", "twitch"),
        ("connect_platform", "twitch bot"),
        ("cancel_login", "twitch bot"),
        ("cancel_login", "twitch"),
        ("disconnect_platform", "twitch bot"),
    ]
    bodies: tuple[object, ...] = (
        {"permissions": ["everything"]},
        {"account": "moderator"},
        {"scopes": []},
    )
    for body in bodies:
        assert (await http.post(f"{path}/connect", json=body)).status_code == 422
    assert (await http.post("/api/platforms/none/cancel")).status_code == 404


async def test_why_a_login_cannot_begin_is_told_in_both_languages(
    api: Api, http: httpx.AsyncClient
) -> None:
    words = Words("It is out of reach.", "Недоступно.")
    api.platform.trouble = LoginFailedError(ErrorCode.PLATFORM_NOT_CONNECTED, words)
    answer = await http.post("/api/platforms/twitch/connect")
    assert (answer.status_code, answer.json()["detail"]) == (409, words.en)
    assert answer.json()["reasons"] == {"en": words.en, "ru": words.ru}


async def test_options_are_switched_and_written_down(api: Api, http: httpx.AsyncClient) -> None:
    path = "/api/platforms/twitch/options"
    record = (await http.patch(path, json={"emotes": True})).json()
    assert record["options"] == [
        {"id": "emotes", "title": {"en": "emotes", "ru": ""}, "help": {"en": "", "ru": ""}}
        | {"value": True}
    ]
    assert [row.detail for row in api.rig.rows] == ["twitch: emotes=on"]
    bodies: tuple[object, ...] = ({"other": True}, {"emotes": "yes"}, ["emotes"])
    for body in bodies:
        assert (await http.patch(path, json=body)).status_code == 422
    assert api.platform.options == {"emotes": True}


async def test_a_token_is_given_in_a_second_step(api: Api, http: httpx.AsyncClient) -> None:
    api.platform.asks_token = True
    flow = (await http.post("/api/platforms/twitch/connect")).json()
    assert (flow["flow"], flow["fields"][0]["name"]) == ("token", "token")
    await http.post("/api/platforms/twitch/connect", json={"values": {"token": "abc"}})
    assert api.platform.answers == {"token": "abc"}
    refused = await http.post("/api/platforms/twitch/connect", json={"values": {"token": 5}})
    assert refused.status_code == 422


async def test_the_streamer_writes_in_the_chat(api: Api, http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/chat", json={"msg": "Привет", "target": "twitch"})
    assert answer.json() == {"results": {"twitch": {"ok": True}}}
    assert api.sent == [("Привет", "twitch")]
    assert [(row.kind, row.command, row.detail) for row in api.rig.rows] == [
        ("action", "send_chat", "twitch")
    ]


async def test_test_events_are_logged_and_paged(api: Api, http: httpx.AsyncClient) -> None:
    for number in range(5):
        body = {"type": "chat_message", "platform": "twitch", "text": f"hello {number}"}
        answer = (await http.post("/api/events/simulate", json=body)).json()
        event = answer["events"][0]
        assert (event["is_test"], event["origin"]) == (True, "simulated")
        assert event["seq"] > 0
    await http.post("/api/events/simulate", json={"type": "follow", "platform": "youtube"})
    assert await texts(http, {"type": "chat_message", "limit": 2}) == ["hello 4", "hello 3"]
    first = (await http.get("/api/events", params={"type": "chat_message", "limit": 2})).json()
    assert await texts(http, {"type": "chat_message", "before": first["next"]}) == [
        "hello 2",
        "hello 1",
        "hello 0",
    ]
    assert await texts(http, {"q": "3"}) == ["hello 3"]
    both = (await http.get("/api/events?type=follow,chat_message&limit=3")).json()
    assert [event["type"] for event in both["items"]] == ["follow"] + ["chat_message"] * 2
    assert both == (await http.get("/api/events?type=follow&type=chat_message&limit=3")).json()
    other = (await http.get("/api/events?platform=youtube")).json()
    assert [event["type"] for event in other["items"]] == ["follow"]


async def texts(http: httpx.AsyncClient, query: dict[str, Any]) -> list[str]:
    page = (await http.get("/api/events", params=query)).json()
    return [event["text"] for event in page["items"]]


async def test_a_test_event_that_is_none_is_refused(http: httpx.AsyncClient) -> None:
    for body in ({}, {"type": "none"}, {"scenario": "none"}, {"type": "chat_message", "text": 5}):
        answer = await http.post("/api/events/simulate", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert (await http.get("/api/events")).json() == {"items": [], "next": None}


async def test_the_audit_log_is_paged(api: Api, http: httpx.AsyncClient) -> None:
    api.rig.audit.record("denied", module_id="bot", command="send_chat", permission="chat_send")
    for target in ("one", "two"):
        await http.post("/api/chat", json={"msg": "x", "target": target})
    page = (await http.get("/api/audit?limit=2")).json()
    assert [row["detail"] for row in page["items"]] == ["two", "one"]
    rest = (await http.get("/api/audit", params={"before": page["next"]})).json()
    assert [row["command"] for row in rest["items"]] == ["send_chat"]
    denied = (await http.get("/api/audit?kind=denied&module_id=bot")).json()["items"]
    assert set(denied[0]) == {
        "id",
        "at",
        "kind",
        "module_id",
        "command",
        "permission",
        "detail",
    }
    assert (await http.get("/api/audit?kind=none")).status_code == 422


async def test_the_description_is_served(http: httpx.AsyncClient) -> None:
    described = (await http.get("/api/openapi.json")).json()
    assert described == json.loads(json.dumps(build_openapi()))


def test_the_description_is_complete() -> None:
    described = build_openapi()
    schemas = described["components"]["schemas"]
    for method, path in ROUTES:
        operation = described["paths"][path][method.lower()]
        good = next(status for status in operation["responses"] if status.startswith("2"))
        assert ("content" in operation["responses"][good]) is (good == "200")
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert operation["description"]
        assert ("security" in operation) is (path != "/api/session" or method != "POST")
    for name in ("ModuleRecord", "AuditRow", "LogLine", "ChatMessage", "DeviceFlow", "ApiProblem"):
        assert name in schemas
    references = set(_references(described))
    assert {name.rpartition("/")[2] for name in references} <= set(schemas)


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in _references(value)]
    if isinstance(node, list):
        return [found for value in node for found in _references(value)]
    return []
