"""The exact headers of each kind of page, as the security page of the design gives them."""

from __future__ import annotations

import re

import httpx

H = "127.0.0.1:8080"
PERMISSIONS = (
    "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), "
    "midi=(), clipboard-read=()"
)


async def test_the_dashboard_page(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/")).headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"font-src 'self'; connect-src 'self' ws://{H}; frame-src http://{H}/modules-view/ "
        f"http://{H}/overlay/; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'; object-src 'none'"
    )
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["permissions-policy"] == PERMISSIONS
    assert headers["cache-control"] == "no-store"


async def test_the_host_in_a_policy_is_the_one_that_was_asked(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/", headers={"host": "[::1]:8080"})).headers
    assert "connect-src 'self' ws://[::1]:8080;" in headers["content-security-policy"]


async def test_the_wrapper_page(http: httpx.AsyncClient) -> None:
    answer = await http.get("/overlay/bot/main")
    nonces = set(re.findall(r'nonce="([^"]+)"', answer.text))
    assert len(nonces) == 1
    nonce = nonces.pop()
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        f"connect-src 'self' ws://{H}; frame-src http://{H}/modules-view/bot/; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    again = await http.get("/overlay/bot/main")
    assert nonce not in again.text


async def test_the_wrapper_inside_the_dashboard_may_be_framed_by_us(
    http: httpx.AsyncClient,
) -> None:
    headers = (await http.get("/overlay/bot/main", headers={"sec-fetch-dest": "iframe"})).headers
    assert f"frame-ancestors http://{H};" in headers["content-security-policy"]


async def test_a_module_page(http: httpx.AsyncClient) -> None:
    own, media = f"http://{H}/modules-view/bot/", f"http://{H}/media/"
    headers = (await http.get("/modules-view/bot/main.html")).headers
    assert headers["content-security-policy"] == (
        f"sandbox allow-scripts; default-src 'none'; script-src {own} http://{H}/sdk/v1/; "
        f"style-src {own} 'unsafe-inline'; img-src {own} {media} data: blob:; "
        f"font-src {own} data:; media-src {own} {media} blob:; worker-src blob:; "
        f"connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors http://{H}"
    )
    assert headers["permissions-policy"] == f"{PERMISSIONS}, local-network-access=()"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


async def test_a_module_asset_is_readable_by_opaque_pages(http: httpx.AsyncClient) -> None:
    for path in ("/modules-view/bot/app.js", "/modules-view/bot/img/a.svg"):
        headers = (await http.get(path)).headers
        assert headers["access-control-allow-origin"] == "null"
        assert headers["vary"] == "Origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "cross-origin-resource-policy" not in headers
        assert "access-control-allow-credentials" not in headers
        # A picture or an XML file opened by itself is a document too.
        assert headers["content-security-policy"].startswith("sandbox allow-scripts; ")


async def test_the_page_sdk_is_readable_by_opaque_pages(http: httpx.AsyncClient) -> None:
    answer = await http.get("/sdk/v1/streamcore.js")
    assert answer.text == "export const connect = 1;"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "null"
    assert "cross-origin-resource-policy" not in answer.headers


async def test_our_own_scripts_are_for_our_own_pages(http: httpx.AsyncClient) -> None:
    for path in ("/assets/app-1a2b3c4d.js", "/overlay-wrapper.js", "/favicon.svg"):
        headers = (await http.get(path)).headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


async def test_no_answer_sets_a_cookie(http: httpx.AsyncClient) -> None:
    for path in ("/", "/healthz", "/overlay/bot/main", "/modules-view/bot/main.html", "/nothing"):
        assert "set-cookie" not in (await http.get(path)).headers
