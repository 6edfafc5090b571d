"""Modules over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.core.api.rig import Api
from tests.core.modules.rig import eventually, write_module

VIEW = {"id": "main", "title": {"en": "Main"}, "path": "main.html", "width": 640, "height": 480}
SETTINGS = {
    "type": "object",
    "properties": {
        "greeting": {"type": "string", "default": "Hi", "maxLength": 5},
        "key": {"type": "string", "format": "secret"},
    },
}
RECORD_KEYS = {
    "id",
    "source",
    "manifest",
    "state",
    "problems",
    "digest",
    "granted",
    "consent",
    "changed",
    "sandbox",
    "usage",
    "restarts",
    "last_error",
}


@pytest.fixture
async def greeter(api: Api) -> AsyncIterator[Path]:
    folder = write_module(api.rig.home.modules, "greeter", views=[VIEW], settings=SETTINGS)
    await api.rig.look()
    yield folder


async def approve(api: Api, http: httpx.AsyncClient, *permissions: str) -> httpx.Response:
    digest = (await http.get("/api/modules/greeter")).json()["digest"]
    body = {"digest": digest, "permissions": list(permissions)}
    answer = await http.post("/api/modules/greeter/approve", json=body)
    await api.rig.ready("greeter")
    return answer


async def test_the_record_has_its_shape(api: Api, http: httpx.AsyncClient, greeter: Path) -> None:
    listed = (await http.get("/api/modules")).json()
    assert listed["next"] is None
    assert [record["id"] for record in listed["items"]] == ["greeter"]
    record = (await http.get("/api/modules/greeter")).json()
    assert record == listed["items"][0]
    assert set(record) >= RECORD_KEYS
    assert record["state"] == "awaiting_consent"
    assert record["manifest"]["permissions"] == ["chat_read", "chat_send"]
    assert set(record["usage"]) == {"cpu_percent", "rss_mb", "events_per_s", "commands_per_s"}
    assert record["sandbox"]["level"] == "S0"
    assert (record["consent"], record["changed"], record["last_error"]) == (None, None, None)


async def test_the_life_of_a_module(api: Api, http: httpx.AsyncClient, greeter: Path) -> None:
    approved = (await approve(api, http, "chat_read")).json()
    assert approved["state"] in ("starting", "running")
    assert approved["granted"] == ["chat_read"]
    assert set(approved["consent"]) == {"digest", "permissions", "requirements", "network", "at"}
    assert (await http.get("/api/modules/greeter")).json()["state"] == "running"
    changed = await http.patch("/api/modules/greeter/permissions", json={"chat_read": False})
    assert changed.json()["granted"] == []
    changed = await http.patch("/api/modules/greeter/permissions", json={"chat_send": True})
    assert changed.json()["granted"] == ["chat_send"]
    assert (await http.post("/api/modules/greeter/disable", json={})).json()["state"] == "disabled"
    assert (await http.post("/api/modules/greeter/enable")).json()["state"] == "starting"
    await api.rig.ready("greeter")
    assert (await http.post("/api/modules/greeter/restart")).json()["state"] == "starting"
    (greeter / "backend.py").write_text("print()\n", encoding="utf-8")
    await api.rig.look()
    record = (await http.get("/api/modules/greeter")).json()
    assert record["state"] == "awaiting_consent"
    assert record["changed"]["code"] is True
    assert set(record["changed"]["added"]) == {"permissions", "requirements", "network"}


async def test_a_stale_digest_is_a_conflict(http: httpx.AsyncClient, greeter: Path) -> None:
    body = {"digest": "sha256:00", "permissions": []}
    answer = await http.post("/api/modules/greeter/approve", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("permissions", [["everything"], "chat_read", [1], None])
async def test_a_wish_that_is_none_is_refused(
    http: httpx.AsyncClient, greeter: Path, permissions: object
) -> None:
    digest = (await http.get("/api/modules/greeter")).json()["digest"]
    body = {"digest": digest, "permissions": permissions}
    answer = await http.post("/api/modules/greeter/approve", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert (await http.get("/api/modules/greeter")).json()["state"] == "awaiting_consent"


@pytest.mark.parametrize("change", [{"chat_read": 1}, {"chat_read": "no"}, {"x": True}, []])
async def test_a_change_that_is_none_is_refused(
    api: Api, http: httpx.AsyncClient, greeter: Path, change: object
) -> None:
    await approve(api, http, "chat_read")
    answer = await http.patch("/api/modules/greeter/permissions", json=change)
    assert answer.status_code == 422
    assert (await http.get("/api/modules/greeter")).json()["granted"] == ["chat_read"]


async def test_settings_are_checked_and_secrets_never_come_back(
    http: httpx.AsyncClient, greeter: Path
) -> None:
    path = "/api/modules/greeter/settings"
    assert (await http.get(path)).json() == {"greeting": "Hi", "key": {"set": False}}
    stored = await http.put(path, json={"greeting": "Yo", "key": "s3cret"})
    assert stored.json() == {"greeting": "Yo", "key": {"set": True}}
    assert "s3cret" not in (await http.get(path)).text
    refused = await http.put(path, json={"greeting": "too long", "key": 5})
    assert refused.status_code == 422
    refused = await http.put(path, json={"greeting": "too long", "key": "abc"})
    assert [problem["path"] for problem in refused.json()["errors"]] == ["$.greeting"]
    assert "abc" not in refused.text
    nan = b'{"greeting": NaN}'
    answer = await http.put(path, content=nan, headers={"content-type": "application/json"})
    assert answer.status_code == 422


async def test_views_have_addresses_for_obs(
    api: Api, http: httpx.AsyncClient, greeter: Path
) -> None:
    listed = (await http.get("/api/modules/greeter/views")).json()
    view = listed["items"][0]
    key = await api.view_keys.key("greeter", "main")
    assert view == {**VIEW, "kind": "overlay", "url": view["url"]}
    assert view["url"] == f"http://127.0.0.1:8080/overlay/greeter/main#k={key}"
    named = await http.get("/api/modules/greeter/views", headers={"host": "localhost:8080"})
    assert named.json() == listed


async def test_a_rotated_key_replaces_the_former(
    api: Api, http: httpx.AsyncClient, greeter: Path
) -> None:
    former = await api.view_keys.key("greeter", "main")
    answer = (await http.post("/api/modules/greeter/views/main/rotate")).json()
    assert former not in answer["url"]
    assert api.view_keys.check(former) is None
    assert api.rig.hooks.ended == [("greeter", "main")]
    assert (await http.post("/api/modules/greeter/views/none/rotate")).status_code == 404


async def test_the_log_of_a_module(api: Api, http: httpx.AsyncClient, greeter: Path) -> None:
    for number in range(3):
        api.logs.write("greeter", "stdout", "info", f"line {number}")
    page = (await http.get("/api/modules/greeter/logs?limit=2")).json()
    assert [line["text"] for line in page["items"]] == ["line 2", "line 1"]
    assert set(page["items"][0]) == {"at", "stream", "level", "text"}
    rest = await http.get("/api/modules/greeter/logs", params={"after": page["next"]})
    assert [line["text"] for line in rest.json()["items"]] == ["line 0"]
    assert (await http.get("/api/modules/nobody/logs")).status_code == 404


async def test_a_module_is_removed(api: Api, http: httpx.AsyncClient, greeter: Path) -> None:
    await approve(api, http)
    key = await api.view_keys.key("greeter", "main")
    assert (await http.delete("/api/modules/greeter")).status_code == 204
    assert not greeter.exists()
    assert (await http.get("/api/modules/greeter")).status_code == 404
    assert api.view_keys.check(key) is None
    await eventually(lambda: api.rig.launcher.living("greeter") == [])


async def test_pages_are_served_only_with_consent(
    api: Api, http: httpx.AsyncClient, stranger: httpx.AsyncClient, greeter: Path
) -> None:
    address = "/modules-view/greeter/main.html"
    assert (await stranger.get(address)).status_code == 404
    assert (await stranger.get("/overlay/greeter/main")).status_code == 404
    record = (await approve(api, http)).json()
    assert (await stranger.get(address)).status_code == 200
    assert record["digest"] in (await stranger.get("/overlay/greeter/main")).text
    assert (await stranger.get("/modules-view/greeter/backend.py")).status_code == 404
    await http.post("/api/modules/greeter/disable")
    assert (await stranger.get(address)).status_code == 404
