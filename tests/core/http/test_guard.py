"""The gate: who may knock at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from streamcore.core.http.asgi import Message, Receive, Scope, Send
from streamcore.core.http.guard import Guard, judge
from streamcore.core.principals import ModulePrincipal

HOSTS = frozenset({"127.0.0.1:8080", "localhost:8080", "[::1]:8080"})
OURS = "http://127.0.0.1:8080"
HeaderPairs = Iterable[tuple[str, str]]

HOSTILE_HOSTS = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.1:8081",
    "127.0.0.1:08080",
    "127.0.0.1.:8080",
    "127.1:8080",
    "0.0.0.0:8080",
    "2130706433:8080",
    "0x7f.0.0.1:8080",
    "0177.0.0.1:8080",
    "localhost.:8080",
    "LOCALHOST.EVIL.EXAMPLE:8080",
    "localhost:8080.evil.example",
    "localhost.evil.example:8080",
    "user@127.0.0.1:8080",
    "127.0.0.1:8080@evil.example",
    "127.0.0.1:8080, evil.example",
    "127.0.0.1:8080#evil.example",
    "[::]:8080",
    "[::ffff:127.0.0.1]:8080",
    "::1:8080",
    "[::1%25lo]:8080",
    "localhost\u00e9:8080",
    "",
]


def request(
    path: str = "/",
    headers: HeaderPairs = (("host", "127.0.0.1:8080"),),
    *,
    method: str = "GET",
    kind: str = "http",
    **more: Any,
) -> Scope:
    scope: Scope = {
        "type": kind,
        "path": path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        **more,
    }
    if kind == "http":
        scope["method"] = method
    return scope


def status(scope: Scope) -> int:
    refusal = judge(scope, HOSTS)
    return 200 if refusal is None else refusal.status


def from_page(path: str, origin: str | None, site: str | None, **more: Any) -> Scope:
    headers = [("host", "127.0.0.1:8080")]
    if origin is not None:
        headers.append(("origin", origin))
    if site is not None:
        headers.append(("sec-fetch-site", site))
    return request(path, headers, **more)


@pytest.mark.parametrize("host", sorted(HOSTS))
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_our_own_names_are_let_through(host: str, kind: str) -> None:
    assert status(request("/socket.io/", [("host", host)], kind=kind)) == 200


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_any_other_name_is_misdirected(host: str, kind: str) -> None:
    assert status(request("/", [("host", host)], kind=kind)) == 421


def test_a_request_without_a_name_is_misdirected() -> None:
    assert status(request("/", [])) == 421


def test_two_names_are_misdirected_even_when_both_are_ours() -> None:
    twice = [("host", "127.0.0.1:8080"), ("host", "127.0.0.1:8080")]
    assert status(request("/", twice)) == 421


@pytest.mark.parametrize("target", ["http://evil.example/", "http://127.0.0.1:8080/", "*", ""])
def test_a_target_that_is_no_path_is_misdirected(target: str) -> None:
    assert status(request(target)) == 421


@pytest.mark.parametrize("path", ["/", "/api/system", "/overlay/bot/main", "/socket.io/"])
@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "https://127.0.0.1:8080",
        "http://127.0.0.1:9090",
        "http://127.0.0.1:8080.evil.example",
        "http://127.0.0.1:8080/",
        "HTTP://127.0.0.1:8080",
        "file://",
        "",
    ],
)
def test_a_foreign_origin_is_forbidden(path: str, origin: str) -> None:
    for kind in ("http", "websocket"):
        assert status(from_page(path, origin, None, kind=kind)) == 403


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_our_own_origin_is_let_through(host: str) -> None:
    assert status(from_page("/api/system", f"http://{host}", "same-origin")) == 200


def test_two_origins_are_forbidden() -> None:
    headers = [("host", "127.0.0.1:8080"), ("origin", OURS), ("origin", OURS)]
    assert status(request("/", headers)) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "Same-Origin", "new-kind"])
@pytest.mark.parametrize("path", ["/", "/api/modules", "/socket.io/", "/overlay/bot/main"])
def test_another_site_is_forbidden(site: str, path: str) -> None:
    assert status(from_page(path, None, site)) == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_site_and_the_address_bar_are_let_through(site: str) -> None:
    assert status(from_page("/", None, site)) == 200


@pytest.mark.parametrize("path", ["/modules-view/bot/app.js", "/sdk/v1/streamcore.js"])
@pytest.mark.parametrize("origin", ["null", None])
def test_an_opaque_page_may_load_files_of_modules(path: str, origin: str | None) -> None:
    assert status(from_page(path, origin, "cross-site")) == 200


@pytest.mark.parametrize("path", ["/modules-view/bot/app.js", "/sdk/v1/streamcore.js"])
def test_another_port_may_not_load_files_of_modules(path: str) -> None:
    assert status(from_page(path, None, "same-site")) == 403
    assert status(from_page(path, "http://127.0.0.1:9090", "same-site")) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_an_opaque_page_may_only_read(method: str) -> None:
    assert status(from_page("/modules-view/bot/app.js", "null", None, method=method)) == 403


def test_an_opaque_page_may_knock_at_the_server_of_pages_alone() -> None:
    assert status(from_page("/overlay-io/", "null", None, kind="websocket")) == 200
    assert status(from_page("/overlay-io/", "null", "cross-site", kind="websocket")) == 200
    assert status(from_page("/overlay-io/", None, "cross-site", kind="websocket")) == 403
    assert status(from_page("/socket.io/", "null", None, kind="websocket")) == 403


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("content_type", ["text/plain", "application/json", None])
@pytest.mark.parametrize(
    ("origin", "expected"), [(None, 200), ("null", 403), ("http://evil.example", 403), (OURS, 200)]
)
def test_what_a_form_sends_is_no_matter(
    method: str, content_type: str | None, origin: str | None, expected: int
) -> None:
    scope = from_page("/api/chat", origin, None, method=method)
    if content_type is not None:
        scope["headers"].append((b"content-type", content_type.encode()))
    assert status(scope) == expected


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("path", "expected"),
    [("/socket.io/", 200), ("/api/system", 403), ("/", 403), ("/overlay-io/", 403)],
)
def test_an_inherited_link_reaches_the_modules_server_alone(
    kind: str, path: str, expected: int
) -> None:
    scope = request(
        path,
        [("host", "streamcore")],
        kind=kind,
        state={"principal": ModulePrincipal("bot", 1)},
    )
    assert status(scope) == expected


async def test_cookies_do_not_get_past_the_gate() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    headers = [("host", "127.0.0.1:8080"), ("cookie", "a=1"), ("x-kept", "1")]
    await Guard(app, lambda: HOSTS)(request("/", headers), _nothing, _ignore)
    assert [name for name, _ in seen[0]["headers"]] == [b"host", b"x-kept"]


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ({"websocket.http.response": {}}, {"type": "websocket.http.response.start", "status": 421}),
        ({}, {"type": "websocket.close", "code": 1008}),
    ],
    ids=["with a status", "without"],
)
async def test_an_upgrade_is_refused_before_it_is_one(
    extensions: dict[str, object], expected: dict[str, object]
) -> None:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("it got past the gate")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = request("/socket.io/", [("host", "evil")], kind="websocket", extensions=extensions)
    await Guard(app, lambda: HOSTS)(scope, _nothing, send)
    assert expected.items() <= sent[0].items()


async def _nothing() -> Message:
    return {"type": "websocket.connect"}


async def _ignore(message: Message) -> None:
    return None
