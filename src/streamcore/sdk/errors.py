"""What a command can raise: one small tree, each error with its code and what to do."""

from __future__ import annotations

from streamcore.protocol.errors import ErrorCode

__all__ = [
    "AlreadyDone",
    "CommandFailed",
    "Disconnected",
    "PermissionDenied",
    "PlatformUnavailable",
    "RateLimited",
    "StreamCoreError",
    "error_for",
]


class StreamCoreError(Exception):
    """The root: whatever StreamCore refused or could not do.

    `code` is stable (`permission_denied`, `timeout` …), `message` is a sentence for a person,
    `permission` names the one that is missing, `retry_after_s` says when a retry makes sense.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        permission: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.permission = permission
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class PermissionDenied(StreamCoreError):
    """The streamer did not allow this, or the platform is not among the manifest's requirements."""


class PlatformUnavailable(StreamCoreError):
    """The platform is not connected, or cannot do this at all."""


class RateLimited(StreamCoreError):
    """Too much at once: wait `retry_after_s`, or until the platform's quota is renewed."""


class CommandFailed(StreamCoreError):
    """The command was allowed but did not work; `code` says why."""


class Disconnected(StreamCoreError):
    """There is no connection to the core; whether a command in flight was done is unknown."""

    def __init__(self, message: str = "There is no connection to StreamCore right now.") -> None:
        super().__init__(message, code="disconnected")


class AlreadyDone(StreamCoreError):
    """The effect guarded by `once` was done before; ends the handler without a trace.

    Catch it only when the handler has something left to do on a repeat.
    """

    def __init__(self) -> None:
        super().__init__("The effect of this event was done before.", code="already_done")


_BRANCHES: dict[str, type[StreamCoreError]] = {
    ErrorCode.PERMISSION_DENIED: PermissionDenied,
    ErrorCode.PLATFORM_NOT_DECLARED: PermissionDenied,
    ErrorCode.PLATFORM_NOT_CONNECTED: PlatformUnavailable,
    ErrorCode.UNSUPPORTED_BY_PLATFORM: PlatformUnavailable,
    ErrorCode.RATE_LIMITED: RateLimited,
    ErrorCode.QUOTA_EXHAUSTED: RateLimited,
}


def error_for(
    code: str,
    message: str,
    permission: str | None = None,
    retry_after_ms: int | None = None,
) -> StreamCoreError:
    """Return the error of the branch that `code` belongs to; unknown codes are `CommandFailed`."""
    branch = _BRANCHES.get(code, CommandFailed)
    retry_after_s = None if retry_after_ms is None else retry_after_ms / 1000
    return branch(message, code=code, permission=permission, retry_after_s=retry_after_s)
