"""The whole server on a real socket, where requests can be as crooked as they like."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from streamcore.core.http.asgi import Message
from streamcore.core.principals import ModulePrincipal
from streamcore.core.realtime.http import HttpServer
from tests.core.api.rig import Api, open_api

UPGRADE = (
    "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with open_api(tmp_path) as api:
        yield api


@pytest.fixture
async def port(api: Api) -> AsyncIterator[int]:
    server = HttpServer(api.server, "127.0.0.1", 0)
    port = await server.start()
    api.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"})
    yield port
    await server.stop()


async def exchange(port: int, text: str) -> tuple[int, str]:
    """Send a request as it stands and return the answer's status and all of its text."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.encode("latin-1"))
    answer = b""
    try:
        async with asyncio.timeout(5):
            while b"\r\n\r\n" not in answer and (chunk := await reader.read(65536)):
                answer += chunk
    finally:
        writer.close()
    return int(answer.split(b" ")[1]), answer.decode("latin-1")


@pytest.mark.parametrize("upgrade", ["", UPGRADE], ids=["request", "upgrade"])
@pytest.mark.parametrize(
    ("target", "headers", "expected"),
    [
        ("/healthz", "host: 127.0.0.1:{port}\r\n", {200, 404}),
        ("/healthz", "host: localhost:{port}\r\n", {200, 404}),
        ("/healthz", "host: evil.example\r\n", {421}),
        ("/healthz", "host: evil.example:{port}\r\n", {421}),
        ("/healthz", "host: 127.0.0.1\r\n", {421}),
        ("/healthz", "host: 127.1:{port}\r\n", {421}),
        ("/healthz", "host: localhost.:{port}\r\n", {421}),
        ("http://evil.example/healthz", "host: 127.0.0.1:{port}\r\n", {421}),
        ("http://127.0.0.1:{port}/healthz", "host: evil.example\r\n", {421}),
        ("//evil.example/healthz", "host: evil.example\r\n", {421}),
        # Two names, or none, are broken HTTP already: the parser refuses them before the gate.
        ("/healthz", "host: 127.0.0.1:{port}\r\nhost: evil.example\r\n", {400, 421}),
        ("/healthz", "host: evil.example\r\nHost: 127.0.0.1:{port}\r\n", {400, 421}),
        ("/healthz", "", {400, 421}),
        ("/healthz", "host: 127.0.0.1:{port}\r\norigin: http://evil.example\r\n", {403}),
        ("/healthz", "host: 127.0.0.1:{port}\r\norigin: null\r\n", {403}),
        ("/healthz", "host: 127.0.0.1:{port}\r\nsec-fetch-site: same-site\r\n", {403}),
    ],
)
async def test_a_crooked_request_does_not_get_past_the_gate(
    port: int, target: str, headers: str, expected: set[int], upgrade: str
) -> None:
    place = {"{port}": str(port)}
    for mark, value in place.items():
        target, headers = target.replace(mark, value), headers.replace(mark, value)
    status, text = await exchange(port, f"GET {target} HTTP/1.1\r\n{headers}{upgrade}\r\n")
    assert status in expected
    assert "set-cookie" not in text.lower()
    assert "access-control-allow-origin" not in text.lower()


async def test_a_request_of_the_older_http_needs_a_name_too(port: int) -> None:
    assert (await exchange(port, "GET /healthz HTTP/1.0\r\n\r\n"))[0] in (400, 421)


async def test_a_body_without_end_is_cut_off(port: int, api: Api) -> None:
    head = (
        f"POST /api/session HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
        "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    chunk = "10000\r\n" + " " * 0x10000 + "\r\n"
    assert (await exchange(port, head + chunk * 17))[0] == 413


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/socket.io/", '"modules"'),
        ("/socket.io/?EIO=4&transport=polling", '"modules"'),
        ("/overlay-io/", '"pages"'),
        ("/healthz", '"ok"'),
    ],
)
async def test_each_address_has_its_own_answerer(port: int, path: str, expected: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert expected in (await http.get(path)).text


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/system", "/socket.io", "/overlay/x/y"])
async def test_only_the_two_servers_take_websockets(port: int, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{UPGRADE}\r\n"
    assert (await exchange(port, request))[0] == 404


async def test_an_inherited_link_reaches_nothing_but_its_server(api: Api) -> None:
    for path, expected in (("/socket.io/", 200), ("/api/modules", 403), ("/healthz", 403)):
        sent: list[Message] = []

        async def send(message: Message, sent: list[Message] = sent) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {api.sessions.run_token()}".encode())],
            "state": {"principal": ModulePrincipal("bot", 1)},
        }
        await api.server(scope, _no_body, send)
        assert sent[0]["status"] == expected


async def test_the_interface_can_come_after_the_first_answer(api: Api) -> None:
    api.server = api.build(defer_api=True)
    async with api.client(api.sessions.run_token()) as http:
        assert (await http.get("/healthz")).status_code == 200
        answers = await asyncio.gather(*(http.get("/api/modules") for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
    await api.server.load_api()


def test_the_server_starts_without_the_frameworks_import(checkout_root: Path) -> None:
    program = (
        "import sys, streamcore.core.server\n"
        "heavy = {'fastapi', 'starlette', 'pydantic', 'jsonschema', 'httpx'} & set(sys.modules)\n"
        "sys.exit(f'imported too early: {heavy}' if heavy else 0)"
    )
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(checkout_root / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_a_server_that_asks_for_start_and_end_is_answered(api: Api) -> None:
    asked = iter(["lifespan.startup", "lifespan.shutdown"])
    said: list[str] = []

    async def receive() -> Message:
        return {"type": next(asked)}

    async def send(message: Message) -> None:
        said.append(message["type"])

    await api.server({"type": "lifespan"}, receive, send)
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
