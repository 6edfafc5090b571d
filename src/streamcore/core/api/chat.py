"""Writing in the chat as the streamer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from streamcore.core.access import Access, access
from streamcore.core.api.replies import reply
from streamcore.core.api.routing import Deps, new_router
from streamcore.core.api.shapes import ChatResults

__all__ = ["router"]

router = new_router()


class ChatText(BaseModel):
    """A message and where it goes: a platform's id, or `all`."""

    model_config = ConfigDict(extra="forbid")

    msg: Annotated[str, Field(min_length=1, max_length=10_000)]
    target: Annotated[str, Field(min_length=1, max_length=100)]


@router.post("/api/chat")
@access(Access.SESSION, answer=ChatResults)
async def send_chat(body: ChatText, services: Deps) -> Response:
    """Send a message and tell what each platform said to it."""
    results = await services.send_chat(body.msg, body.target)
    # Where it went is an action to remember; what was said is not.
    services.audit.record("action", command="send_chat", detail=body.target)
    return reply({"results": results})
