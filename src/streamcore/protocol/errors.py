"""Why a command failed: the closed list of codes and the body that carries one."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["ErrorBody", "ErrorCode"]


class ErrorCode(StrEnum):
    """The stable reason of a refused or failed command; texts may change, codes do not."""

    PERMISSION_DENIED = "permission_denied"
    PLATFORM_NOT_DECLARED = "platform_not_declared"
    PLATFORM_NOT_CONNECTED = "platform_not_connected"
    UNSUPPORTED_BY_PLATFORM = "unsupported_by_platform"
    UNKNOWN_COMMAND = "unknown_command"
    INVALID_COMMAND = "invalid_command"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    REJECTED_BY_PLATFORM = "rejected_by_platform"
    TIMEOUT = "timeout"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    INTERNAL = "internal"


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """A failure on the wire: what was expected, what was found and what to do; never a token.

    `permission` names the missing one, `retry_after_ms` says when a retry makes sense.
    """

    code: ErrorCode
    message: str
    permission: str | None = None
    retry_after_ms: int | None = None
