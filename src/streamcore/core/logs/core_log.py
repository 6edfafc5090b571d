"""The app's own log: JSON lines in `core.log` for machines, short lines on stderr for people."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TextIO

import msgspec

from streamcore.core.logs.line_writer import LineWriter
from streamcore.core.logs.redaction import escape_controls, redact

__all__ = ["LogHandle", "configure_logging"]

MAX_TEXT = 16 * 1024
QUIET = ("asyncio", "httpcore", "httpx", "websockets", "engineio", "socketio", "keyring")
"""Libraries whose INFO is no story for a streamer."""


class LogHome(Protocol):
    """What logging needs of the home folder."""

    @property
    def logs(self) -> Path:
        """Return the folder of the log files."""


class LogHandle:
    """Undoes `configure_logging` and writes what is left."""

    def __init__(self, writer: LineWriter, handlers: list[logging.Handler]) -> None:
        self._writer = writer
        self._handlers = handlers

    @property
    def dropped(self) -> int:
        """Return how many lines were lost because the disk could not follow."""
        return self._writer.dropped

    def close(self) -> None:
        """Take the handlers off and finish the file."""
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        self._writer.close()


def configure_logging(home: LogHome, level: str, *, console: TextIO | None = None) -> LogHandle:
    """Send every logger's records to the file and to `console` (stderr)."""
    writer = LineWriter()
    handlers: list[logging.Handler] = [
        _FileHandler(home, writer),
        _ConsoleHandler(console if console is not None else sys.stderr),
    ]
    root = logging.getLogger()
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    for handler in handlers:
        root.addHandler(handler)
    logging.raiseExceptions = False
    return LogHandle(writer, handlers)


class _Line(msgspec.Struct, omit_defaults=True):
    at: datetime
    level: str
    logger: str
    message: str
    exception: str = ""


class _FileHandler(logging.Handler):
    """Makes the line at once (its arguments may change) and leaves the writing to a thread."""

    def __init__(self, home: LogHome, writer: LineWriter) -> None:
        super().__init__()
        self._path = home.logs / "core.log"
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = _Line(
                at=datetime.fromtimestamp(record.created, UTC),
                level=record.levelname.lower(),
                logger=record.name,
                message=escape_controls(redact(_message(record))),
                exception=escape_controls(redact(_traceback(record)), keep="\n"),
            )
            self._writer.write(self._path, msgspec.json.encode(line))
        except Exception:
            self.handleError(record)


class _ConsoleHandler(logging.Handler):
    """One line a record: time, level, logger, message; a traceback is indented below it."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        try:
            at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
            name = record.name.removeprefix("streamcore.").removeprefix("core.")
            text = f"{at} {record.levelname.lower():<7} {name}: "
            text += escape_controls(redact(_message(record)))
            for line in redact(_traceback(record)).splitlines():
                text += f"\n    {escape_controls(line)}"
            self._stream.write(text + "\n")
            self._stream.flush()
        except Exception:
            self.handleError(record)


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception:
        # Whoever logged wrongly is named by the logger; the record must not be lost.
        text = f"{record.msg} {record.args!r}"
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def _traceback(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    text = logging.Formatter().formatException(record.exc_info)
    return text if len(text) <= MAX_TEXT else "…" + text[-MAX_TEXT:]
