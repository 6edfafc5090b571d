"""What can go wrong between a client and any page of the fake, by order of a test or by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Fault", "Faults", "Faulty"]

_HUGE = b"[" + b'{"message": "more than anybody would ever say"},' * 200_000 + b"{}]"
_OURS = ("/control", "/activate", "/act")


@dataclass(slots=True, kw_only=True)
class Fault:
    """One request's bad luck; when `is_late`, it is carried out and only its answer is lost."""

    status: int | None = None
    delay_s: float = 0.0
    is_cut: bool = False
    """The connection breaks off without an answer."""
    body: str | None = None
    """`garbage`, `huge`, `html`, `empty`, or any text."""
    is_late: bool = False
    times: int = 1


@dataclass(slots=True)
class Faults:
    """What happens to the next requests of a path, in order; `*` is every path of Twitch's."""

    by_path: dict[str, list[Fault]] = field(default_factory=dict)

    def add(self, path: str, fault: Fault) -> None:
        """Let this happen to the next requests of a path."""
        self.by_path.setdefault(path, []).append(fault)

    def clear(self) -> None:
        self.by_path.clear()

    def next(self, path: str) -> Fault | None:
        """Return what happens to a request now."""
        if path == "/" or path.startswith(_OURS):
            return None
        for key in (path, "*"):
            if waiting := self.by_path.get(key):
                fault = waiting[0]
                fault.times -= 1
                if fault.times <= 0:
                    waiting.pop(0)
                return fault
        return None


class Faulty:
    """The fake's pages, as they are seen through the faults."""

    def __init__(
        self, app: ASGIApp, faults: Faults, cut: Callable[[tuple[str, int] | None], None]
    ) -> None:
        self._app = app
        self._faults = faults
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._faults.next(scope["path"]) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.is_late:
            await self._app(scope, receive, _nowhere)
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.is_cut:
            self._cut(scope["client"])
        elif fault.status is None and fault.body is None:
            await self._app(scope, receive, send)
        else:
            await _answer(fault)(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    pass


def _answer(fault: Fault) -> Response:
    status = fault.status or 200
    match fault.body:
        case None:
            return JSONResponse({"error": "", "status": status, "message": "fault"}, status)
        case "garbage":
            return Response(b'\xff\xfe{"data": [{', status, media_type="application/json")
        case "huge":
            return Response(_HUGE, status, media_type="application/json")
        case "html":
            return Response("<html><body>Bad gateway</body></html>", status, media_type="text/html")
        case "empty":
            return Response(b"", status)
        case text:
            return Response(text, status, media_type="application/json")
