"""Who may use a route: default is nobody."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from streamcore.core.access import Access, access, require_rules, rule_of
from streamcore.core.api.app import ROUTERS, build_api, check_routes
from streamcore.core.api.routing import new_router
from streamcore.core.errors import StartError
from tests.core.api.rig import Api

ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
]
OPEN = {("POST", "/api/session")}


def filled(path: str) -> str:
    return path.replace("{module_id}", "m").replace("{view_id}", "v").replace("{platform_id}", "p")


def test_a_route_without_a_rule_stops_the_start() -> None:
    router = new_router()

    @router.get("/api/forgotten")
    async def forgotten() -> None:
        return None

    with pytest.raises(StartError, match="/api/forgotten"):
        check_routes(router.routes)


def test_a_route_that_came_another_way_stops_the_start_too() -> None:
    app = build_api(None)
    app.add_route("/api/hidden", lambda request: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(StartError, match="/api/hidden"):
        check_routes(app.router.routes)


def test_a_rule_must_be_one_of_ours() -> None:
    def endpoint() -> None:
        return None

    endpoint.__dict__["__streamcore_access__"] = "everybody"
    with pytest.raises(StartError):
        require_rules([("/x", endpoint)])
    require_rules([("/x", access(Access.OPEN)(endpoint))])


def test_all_but_the_exchange_of_codes_need_a_session() -> None:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods or ():
                is_open = (method, route.path) in OPEN
                assert rule_of(route.endpoint) is (Access.OPEN if is_open else Access.SESSION)


async def test_without_a_session_nothing_is_said(stranger: httpx.AsyncClient) -> None:
    for method, path in ROUTES:
        if (method, path) in OPEN:
            continue
        # A broken body must not be looked at before the caller is.
        answer = await stranger.request(
            method, filled(path), content=b"{", headers={"content-type": "application/json"}
        )
        assert answer.json() == {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "code": "unauthorized",
        }, (method, path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "access-control-allow-origin" not in answer.headers


async def test_a_stranger_does_not_learn_which_addresses_exist(
    stranger: httpx.AsyncClient, http: httpx.AsyncClient
) -> None:
    for path in ("/api/nothing", "/api/", "/api", "/api/modules/x/nothing"):
        assert (await stranger.get(path)).status_code == 401
        assert (await http.get(path)).status_code == 404


async def test_only_the_exact_token_in_its_place_counts(
    api: Api, stranger: httpx.AsyncClient
) -> None:
    token = api.sessions.run_token()
    crooked: list[dict[str, Any]] = [
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {token}"},
        {"authorization": token},
        {"authorization": f"Bearer {token}x"},
        {"authorization": f"Bearer {token}, Bearer {token}"},
        {"authorization": b"Bearer \xff\xfe"},
        {"authorization": "Bearer " + "x" * 5000},
        {"cookie": f"token={token}; session={token}"},
        {"x-api-key": token},
    ]
    for headers in crooked:
        answer = await stranger.get("/api/system", headers=headers)
        assert answer.status_code == 401, headers
    assert (await stranger.get(f"/api/system?token={token}")).status_code == 401


async def test_two_tokens_are_none(api: Api, stranger: httpx.AsyncClient) -> None:
    token = api.sessions.run_token().encode()
    twice = [(b"authorization", b"Bearer " + token)] * 2
    assert (await stranger.get("/api/system", headers=twice)).status_code == 401


async def test_the_name_of_the_scheme_is_not_about_case(
    api: Api, stranger: httpx.AsyncClient
) -> None:
    headers = {"authorization": f"bearer {api.sessions.run_token()}"}
    assert (await stranger.get("/api/system", headers=headers)).status_code == 200
