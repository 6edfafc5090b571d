"""Driving the fake from another process: what happens, what goes wrong, what came in."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.twitch.faults import Fault

if TYPE_CHECKING:
    from tests.fakes.twitch.eventsub import FakeEventSub
    from tests.fakes.twitch.eventsub.rules import Limits
    from tests.fakes.twitch.fake import FakeTwitch
    from tests.fakes.twitch.helix import FakeHelix
    from tests.fakes.twitch.oauth import FakeOAuth

__all__ = ["control_routes", "deed_of", "set_switch", "state_of", "switches_of"]

Deed = Callable[..., Awaitable[Any]]

_NOT_DEEDS = frozenset({"deliver", "drain", "restart", "restart_soon", "start", "stop"})
_SIMPLE = (bool, int, float, str)


def deed_of(fake: FakeTwitch, name: str) -> Deed | None:
    """Return what can happen on the channel, or go wrong with its events, under a name."""
    if name.startswith(("_", "wait_")) or name in _NOT_DEEDS:
        return None
    for owner in (fake, fake.eventsub):
        deed = getattr(owner, name, None)
        if inspect.iscoroutinefunction(deed):
            return deed
    return None


def switches_of(fake: FakeTwitch) -> dict[str, object]:
    """Return everything that can be set, as `part.name`, with its present value."""
    parts: dict[str, FakeOAuth | FakeEventSub | FakeHelix | Limits] = {
        "oauth": fake.oauth,
        "eventsub": fake.eventsub,
        "helix": fake.helix,
        "limits": fake.eventsub.limits,
    }
    return {
        f"{part}.{field.name}": getattr(owner, field.name)
        for part, owner in parts.items()
        for field in fields(owner)
        if isinstance(getattr(owner, field.name), _SIMPLE)
    }


def set_switch(fake: FakeTwitch, name: str, value: object) -> None:
    """Set one of `switches_of`; raises `KeyError` or `ValueError`."""
    before = switches_of(fake)[name]
    if isinstance(value, str) and isinstance(before, bool):
        value = value.lower() in ("1", "true", "yes", "on")
    part, _, attribute = name.partition(".")
    owner = fake.eventsub.limits if part == "limits" else getattr(fake, part)
    # Anything else is no switch: `bool`, `int`, `float` and `str` make their like.
    make = cast("Callable[[object], object]", type(before))
    setattr(owner, attribute, make(value))


def state_of(fake: FakeTwitch) -> dict[str, object]:
    """Return what the fake knows."""
    return {
        "sent_messages": fake.sent_messages,
        "done": {
            **fake.helix.moderation.record(),
            **fake.helix.broadcast.record(),
            **fake.helix.rewards.record(),
            **fake.helix.questions.record(),
        },
        "subscribed": sorted(fake.eventsub.subscribed()),
        "sessions": len(fake.eventsub.living),
        "connections": fake.eventsub.connections,
        "deaths": fake.eventsub.deaths,
        "closed_with": fake.eventsub.closed_with,
        "notifications": fake.eventsub.notifications,
        "pending_logins": fake.oauth.pending_logins,
        "grants": fake.oauth.grants,
        "calls": {**fake.oauth.calls, **fake.helix.calls},
        "flood": asdict(fake.flood.report) | {"is_running": fake.flood.is_running},
    }


def control_routes(fake: FakeTwitch) -> list[Route]:
    """Return the routes under `/control`.

    `POST /control/<deed>` takes `{"args": [...], "kwargs": {...}}` of the method of that name and
    answers with its result and with what was told of it: how many notifications of which type were
    written to sockets that stood;
    `POST /control/switch` takes `{"part.name": value}`, `POST /control/fault` a path and the fields
    of a `Fault`, `POST /control/restart` `{"down_s": …}`, `POST /control/flood` `{"per_s": …,
    "seconds": …}`. `GET /control/state` tells what the fake knows, `GET /control/issued` every
    secret that it ever gave out.
    """

    async def act(request: Request) -> Response:
        deed = deed_of(fake, request.path_params["deed"])
        if deed is None:
            return _refusal(f"no deed {request.path_params['deed']}", 404)
        body = await _body(request)
        before = fake.eventsub.told.copy()
        try:
            result = await deed(*body.get("args", []), **body.get("kwargs", {}))
        except (TypeError, ValueError, KeyError) as error:
            return _refusal(str(error))
        return JSONResponse({"result": result, "told": fake.eventsub.told - before})

    async def switch(request: Request) -> Response:
        try:
            for name, value in (await _body(request)).items():
                set_switch(fake, name, value)
        except (KeyError, TypeError, ValueError) as error:
            return _refusal(f"cannot be set: {error}")
        return JSONResponse(switches_of(fake))

    async def fault(request: Request) -> Response:
        body = await _body(request)
        path = str(body.pop("path", "*"))
        try:
            fake.faults.add(path, Fault(**body))
        except TypeError as error:
            return _refusal(str(error))
        return JSONResponse({"path": path})

    async def clear_faults(_request: Request) -> Response:
        fake.faults.clear()
        return JSONResponse({})

    async def restart(request: Request) -> Response:
        down_s = float((await _body(request)).get("down_s", 0.0))
        await fake.restart_soon(down_s)
        return JSONResponse({"down_s": down_s})

    async def flood(request: Request) -> Response:
        body = await _body(request)
        per_s = float(body.get("per_s", 0))
        if per_s > 0:
            seconds = body.get("seconds")
            await fake.flood.begin(per_s, None if seconds is None else float(seconds))
        else:
            await fake.flood.end()
        return JSONResponse(asdict(fake.flood.report))

    async def state(_request: Request) -> Response:
        return JSONResponse(state_of(fake))

    async def issued(_request: Request) -> Response:
        return JSONResponse(fake.oauth.issued)

    return [
        Route("/control/state", state),
        Route("/control/issued", issued),
        Route("/control/switch", switch, methods=["POST"]),
        Route("/control/fault", fault, methods=["POST"]),
        Route("/control/clear_faults", clear_faults, methods=["POST"]),
        Route("/control/restart", restart, methods=["POST"]),
        Route("/control/flood", flood, methods=["POST"]),
        Route("/control/{deed}", act, methods=["POST"]),
    ]


async def _body(request: Request) -> dict[str, Any]:
    body = await request.json() if await request.body() else {}
    return body if isinstance(body, dict) else {}


def _refusal(text: str, status: int = 400) -> Response:
    return JSONResponse({"error": text}, status_code=status)
