"""Reading what a form sent."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

__all__ = ["form_of"]


async def form_of(request: Request) -> dict[str, str]:
    """Return a form's fields; raises `UnicodeDecodeError` for what is no text."""
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
