"""The ceiling for request bodies."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from streamcore.core.http.answers import json_answer, send_answer
from streamcore.core.http.asgi import Receive, Scope, Send
from streamcore.core.http.body_limit import BodyLimit


async def echo_length(scope: Scope, receive: Receive, send: Send) -> None:
    length = 0
    while True:
        message = await receive()
        length += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send_answer(scope, send, json_answer(length))


async def swallow(scope: Scope, receive: Receive, send: Send) -> None:
    """As a framework does that makes an answer of its own out of any error."""
    try:
        await echo_length(scope, receive, send)
    except Exception:
        await send_answer(scope, send, json_answer("broken", 400))


def client(app: BodyLimit) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://core")


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 10


async def test_a_body_within_the_limit_arrives() -> None:
    async with client(BodyLimit(echo_length, 100)) as http:
        assert (await http.post("/", content=b"x" * 100)).json() == 100
        assert (await http.post("/", content=chunks(10))).json() == 100


async def test_an_announced_body_over_the_limit_is_not_read() -> None:
    async with client(BodyLimit(echo_length, 100)) as http:
        answer = await http.post("/", content=b"x" * 101)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_of_unknown_length_is_counted() -> None:
    for app in (echo_length, swallow):
        async with client(BodyLimit(app, 100)) as http:
            answer = await http.post("/", content=chunks(11))
        assert answer.status_code == 413


async def test_a_length_that_is_no_number_is_refused() -> None:
    async with client(BodyLimit(echo_length, 100)) as http:
        for length in ("1e1", "-1", "0x10", "9" * 400):
            answer = await http.post("/", content=b"x", headers={"content-length": length})
            assert answer.status_code == 413
