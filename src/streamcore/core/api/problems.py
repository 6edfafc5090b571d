"""Translates errors to `application/problem+json`, the one shape of every refusal."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from streamcore.core.api.callers import session_of
from streamcore.core.errors import (
    CommandError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SecretsError,
    StorageError,
    StreamCoreError,
)
from streamcore.core.http.answers import problem
from streamcore.core.integrations.base import LoginFailedError
from streamcore.protocol.errors import ErrorCode

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["problem_response", "register_problems"]

_log = logging.getLogger(__name__)

_CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}
_COMMAND_STATUS = {
    ErrorCode.PERMISSION_DENIED: 403,
    ErrorCode.PLATFORM_NOT_DECLARED: 403,
    ErrorCode.PLATFORM_NOT_CONNECTED: 409,
    ErrorCode.UNSUPPORTED_BY_PLATFORM: 422,
    ErrorCode.UNKNOWN_COMMAND: 422,
    ErrorCode.INVALID_COMMAND: 422,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.QUOTA_EXHAUSTED: 429,
    ErrorCode.REJECTED_BY_PLATFORM: 502,
    ErrorCode.TIMEOUT: 504,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.INTERNAL: 500,
}


def problem_response(
    status: int,
    code: str,
    *,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, object] | None = None,
) -> Response:
    """Return a refusal; the title is the status's own name."""
    answer = problem(status, code, HTTPStatus(status).phrase, details=details)
    response = Response(answer.body, answer.status)
    for name, value in answer.headers:
        response.headers[name.decode()] = value.decode()
    for extra, text in (headers or {}).items():
        response.headers[extra] = text
    return response


def register_problems(app: FastAPI) -> None:
    """Put the translations into the app."""
    app.add_exception_handler(StreamCoreError, _own)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(Exception, _unforeseen)


async def _own(_request: Request, error: Exception) -> Response:
    match error:
        case CommandError():
            body = error.body
            details: dict[str, object] = {"detail": body.message}
            if body.permission is not None:
                details["permission"] = body.permission
            if body.retry_after_ms is not None:
                details["retry_after_ms"] = body.retry_after_ms
            if isinstance(error, LoginFailedError):
                details["reasons"] = {"en": error.words.en, "ru": error.words.ru}
            return problem_response(_COMMAND_STATUS[body.code], body.code.value, details=details)
        case InvalidInputError():
            found = getattr(error, "errors", ()) or (
                [{"path": error.field, "message": str(error)}] if error.field else []
            )
            return problem_response(
                422, "invalid_input", details={"detail": str(error), "errors": found}
            )
        case NotFoundError():
            return problem_response(404, "not_found", details={"detail": str(error)})
        case ConflictError():
            return problem_response(409, "conflict", details={"detail": str(error)})
        case StorageError():
            _log.error("the database refused: %s", error)
            return problem_response(507, "storage_failed", details={"detail": str(error)})
        case SecretsError():
            _log.error("the secrets cannot be used: %s", error)
            return problem_response(503, "secrets_unavailable", details={"detail": str(error)})
        case _:
            return problem_response(500, "internal", details={"detail": str(error)})


async def _http(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    status = error.status_code
    # Whoever has no session does not learn which addresses exist.
    if status in (404, 405) and session_of(request) is None:
        status = 401
    headers = {"www-authenticate": "Bearer"} if status == 401 else error.headers
    return problem_response(status, _CODES.get(HTTPStatus(status), "refused"), headers=headers)


async def _validation(_request: Request, error: Exception) -> Response:
    found_errors = cast("RequestValidationError", error).errors()
    errors = [{"path": _path(found["loc"]), "message": str(found["msg"])} for found in found_errors]
    detail = "; ".join(f"{found['path']}: {found['message']}" for found in errors[:3])
    return problem_response(422, "invalid_input", details={"detail": detail, "errors": errors})


def _path(location: Sequence[object]) -> str:
    """Return where something is wrong: a parameter's name, or a path into the body."""
    where, *rest = location
    if where != "body":
        return ".".join(str(part) for part in rest)
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest)


async def _unforeseen(request: Request, error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    return problem_response(
        500, "internal", details={"detail": "Something went wrong; the log says what."}
    )
