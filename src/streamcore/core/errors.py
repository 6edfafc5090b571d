"""The core's own errors, drawn as a tree; a class exists when someone catches it.

StreamCoreError
├─ StartError            the app cannot start: one line on stderr, exit code 2
│  └─ DamagedError       the database is damaged: a new one is begun from what can be read
├─ CommandError          a command was refused or failed; carries the wire's error body
├─ NotFoundError         something that a request named is not there
├─ ConflictError         the request does not fit the present state
├─ InvalidInputError     the request's content is wrong; `field` says where
├─ StorageError          the database refused (disk full, damaged while running)
│  └─ CannotSaveError    nothing can be written at the moment; that may pass
└─ SecretsError          the keyring or the secrets file cannot be used
"""

from __future__ import annotations

from streamcore.protocol.errors import ErrorBody, ErrorCode

__all__ = [
    "CannotSaveError",
    "CommandError",
    "ConflictError",
    "DamagedError",
    "InvalidInputError",
    "NotFoundError",
    "SecretsError",
    "StartError",
    "StorageError",
    "StreamCoreError",
]


class StreamCoreError(Exception):
    """Root of what the core raises on purpose; the text is for the person who can act."""


class StartError(StreamCoreError):
    """The app cannot start; the text says what was expected, what was found, what to do."""

    exit_code = 2


class DamagedError(StartError):
    """The database is damaged."""


class CommandError(StreamCoreError):
    """A command was refused or failed."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        permission: str | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.body = ErrorBody(code, message, permission, retry_after_ms)


class NotFoundError(StreamCoreError):
    """Something that a request named is not there."""


class ConflictError(StreamCoreError):
    """The request does not fit the present state (stale digest, already running …)."""


class InvalidInputError(StreamCoreError):
    """The request's content is wrong; `field` is a JSON path or a parameter's name."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class StorageError(StreamCoreError):
    """The database refused: disk full, or damaged while running."""


class CannotSaveError(StorageError):
    """Nothing can be written at the moment; that may pass."""


class SecretsError(StreamCoreError):
    """The keyring or the secrets file cannot be used."""
