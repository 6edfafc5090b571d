"""An answer of Twitch's API: read up to a bound, and told from a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from streamcore.core.errors import CommandError
from streamcore.core.integrations.twitch.quoting import quoted
from streamcore.protocol.errors import ErrorCode

__all__ = ["Answer", "RefusedError", "decoded", "read_bounded", "refusal"]

T = TypeVar("T")

# The largest real answer, a channel's thousands of pictures, is below a fifth of this.
_MAX_BYTES = 8 * 1024 * 1024
_CODES: dict[int, ErrorCode] = {
    httpx.codes.BAD_REQUEST: ErrorCode.INVALID_COMMAND,
    httpx.codes.FORBIDDEN: ErrorCode.REJECTED_BY_PLATFORM,
    httpx.codes.NOT_FOUND: ErrorCode.NOT_FOUND,
    httpx.codes.CONFLICT: ErrorCode.CONFLICT,
    httpx.codes.UNPROCESSABLE_ENTITY: ErrorCode.TOO_LARGE,
    httpx.codes.TOO_MANY_REQUESTS: ErrorCode.RATE_LIMITED,
}


class RefusedError(CommandError):
    """Twitch answered with an error; `status` is HTTP's, `reason` its own words."""

    def __init__(self, status: int, reason: str, *, retry_after_ms: int | None = None) -> None:
        code = _CODES.get(status, ErrorCode.REJECTED_BY_PLATFORM)
        text = (
            f"Twitch has trouble of its own ({status}: {reason}): try again in a moment."
            if 500 <= status < 600
            else f"Twitch refused with {status}: {reason}"
        )
        super().__init__(code, text, retry_after_ms=retry_after_ms)
        self.status = status
        self.reason = reason

    @property
    def is_missing_scope(self) -> bool:
        """Whether the login lacks a right, which no renewal of it brings.

        Twitch tells it from a dead token by its words alone: "Missing scope: …".
        """
        return self.status == httpx.codes.UNAUTHORIZED and "scope" in self.reason.lower()


class Answer(msgspec.Struct, frozen=True):
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_server_error(self) -> bool:
        return 500 <= self.status < 600


class _Refusal(msgspec.Struct, frozen=True, kw_only=True):
    message: str = ""


async def read_bounded(response: httpx.Response) -> Answer:
    """Read an answer; raises `CommandError` for one that does not end."""
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _MAX_BYTES:
            raise CommandError(
                ErrorCode.REJECTED_BY_PLATFORM,
                f"Twitch answered with more than {_MAX_BYTES // 1024 // 1024} MiB.",
            )
    return Answer(response.status_code, response.headers, bytes(content))


def decoded(answer: Answer, shape: type[T], *, is_deed: bool = False) -> T:
    """Return the answer's content; raises `CommandError` when it has another shape.

    An answer to a deed was a success, whatever its content: that is said then.
    """
    try:
        return msgspec.json.decode(answer.content, type=shape, strict=False)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        what = "; it may still have done what it was asked." if is_deed else "."
        raise CommandError(
            ErrorCode.REJECTED_BY_PLATFORM, f"Twitch answered something unreadable{what}"
        ) from error


def refusal(answer: Answer, secret: str, *, retry_after_ms: int | None = None) -> RefusedError:
    """Return an answer that is no success as an error, which never quotes `secret`."""
    try:
        reason = msgspec.json.decode(answer.content, type=_Refusal).message
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        reason = ""
    # A server that quotes our own request back must not put a token into an error's text.
    reason = quoted(reason.replace(secret, "…")) or "no reason given"
    return RefusedError(answer.status, reason, retry_after_ms=retry_after_ms)
