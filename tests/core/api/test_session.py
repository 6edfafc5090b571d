"""Signing in with a one-time code, and out."""

from __future__ import annotations

from datetime import datetime

import httpx

from tests.core.api.rig import Api


async def test_a_code_becomes_a_session_once(api: Api, stranger: httpx.AsyncClient) -> None:
    code = api.sessions.new_code()
    answer = await stranger.post("/api/session", json={"code": code})
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expires_at"}
    assert datetime.fromisoformat(answer.json()["expires_at"]).tzinfo is not None
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    async with api.client(answer.json()["token"]) as http:
        assert (await http.get("/api/system")).status_code == 200
    again = await stranger.post("/api/session", json={"code": code})
    assert (again.status_code, again.json()["code"]) == (401, "invalid_code")


async def test_a_wrong_code_is_refused(stranger: httpx.AsyncClient) -> None:
    bodies: list[object] = [{"code": "wrong"}, {"code": ""}, {}, {"code": 5}, []]
    for body in (*bodies, {"code": "x" * 300}):
        answer = await stranger.post("/api/session", json=body)
        assert answer.status_code in (401, 422)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_signing_out_ends_the_session(api: Api, stranger: httpx.AsyncClient) -> None:
    answer = await stranger.post("/api/session", json={"code": api.sessions.new_code()})
    async with api.client(answer.json()["token"]) as http:
        assert (await http.delete("/api/session")).status_code == 204
        assert (await http.get("/api/system")).status_code == 401
    assert len(api.disconnected) == 1, "its open sockets end with it"


async def test_a_session_can_open_another_browser(
    http: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    code = (await http.post("/api/session/code")).json()["code"]
    answer = await stranger.post("/api/session", json={"code": code})
    assert answer.status_code == 200
