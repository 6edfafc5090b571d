"""Every refusal has one shape."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from streamcore.core.errors import SecretsError, StorageError
from tests.core.api.rig import Api
from tests.core.modules.rig import write_module

JSON = {"content-type": "application/json"}


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    return body


async def test_an_address_or_method_that_is_not_there(http: httpx.AsyncClient) -> None:
    assert_problem(await http.get("/api/nothing"), 404, "not_found")
    answer = await http.delete("/api/system")
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"
    assert_problem(await http.get("/api/system/"), 404, "not_found")


BROKEN = [
    b"{",
    b"",
    b"[]",
    b"null",
    b'"x"',
    b'{"msg": "x"}',
    b'{"msg": "x", "target": "t", "more": 1}',
    b'{"msg": 5, "target": "t"}',
    b'{"msg": NaN, "target": "t"}',
    b'{"msg": "\\ud800", "target": "t"}',
    b'{"msg": "\xff", "target": "t"}',
    b'{"msg": "", "target": "t"}',
    b"[" * 100_000,
]


async def test_a_body_that_does_not_fit(api: Api, http: httpx.AsyncClient) -> None:
    for body in BROKEN:
        answer = await http.post("/api/chat", content=body, headers=JSON)
        found = assert_problem(answer, 422, "invalid_input")
        assert found["errors"][0]["path"].startswith("$"), body[:50]
    assert api.sent == []


async def test_only_json_is_taken(api: Api, http: httpx.AsyncClient) -> None:
    body = b'{"msg": "x", "target": "t"}'
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "", "x"):
        answer = await http.post("/api/chat", content=body, headers={"content-type": media_type})
        assert_problem(answer, 415, "unsupported_media_type")
    assert api.sent == []


async def test_a_body_that_is_too_large(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/chat", content=b" " * (1024 * 1024 + 1), headers=JSON)
    assert_problem(answer, 413, "too_large")


async def test_a_parameter_that_does_not_fit(http: httpx.AsyncClient) -> None:
    body = assert_problem(await http.get("/api/events?limit=0"), 422, "invalid_input")
    assert body["errors"][0]["path"] == "limit"
    for query in ("limit=x", "after=-1", "before=1e3", "type=unknown", "limit=10000"):
        assert_problem(await http.get(f"/api/events?{query}"), 422, "invalid_input")


async def test_a_platforms_refusal_keeps_its_code(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/chat", json={"msg": "too often", "target": "twitch"})
    body = assert_problem(answer, 429, "rate_limited")
    assert body["retry_after_ms"] == 500


async def test_a_conflict_says_what_to_do(api: Api, http: httpx.AsyncClient) -> None:
    write_module(api.rig.home.modules, "greeter")
    await api.rig.look()
    body = assert_problem(await http.post("/api/modules/greeter/enable"), 409, "conflict")
    assert "Approve it first" in body["detail"]
    assert_problem(await http.post("/api/modules/nobody/enable"), 404, "not_found")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StorageError("the disk is full"), 507, "storage_failed"),
        (SecretsError("the keyring is locked"), 503, "secrets_unavailable"),
        (RuntimeError("a token: abc"), 500, "internal"),
    ],
)
async def test_trouble_inside_is_told_without_its_inside(
    api: Api,
    http: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(api.rig.modules, "list", fail)
    answer = await http.get("/api/modules")
    assert_problem(answer, status, code)
    assert "abc" not in answer.text
