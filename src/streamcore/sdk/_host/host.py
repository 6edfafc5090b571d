"""Imports a module's file, makes its object, and runs it until the core says stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from streamcore.sdk._host.find import WrongModule, load_module_class
from streamcore.sdk._link import LinkEnded, WireLink
from streamcore.sdk._runtime.runtime import Runtime
from streamcore.sdk._time import SystemTime
from streamcore.sdk._wire.dial import BrokerDialer, Dialer, TcpDialer
from streamcore.sdk.base import BaseModule

__all__ = ["EXIT_BROKEN", "EXIT_FAILED", "EXIT_RETRY_LATER", "Spec", "main", "run_here"]

EXIT_FAILED = 1
EXIT_RETRY_LATER = 75
"""The core was out of reach or busy: no fault of the module (`EX_TEMPFAIL`)."""
EXIT_BROKEN = 78
"""The module's file does not hold what it should; starting again will not help (`EX_CONFIG`)."""
_TERM_DEADLINE_S = 2.0

_hosted = threading.Event()
"""Set in a process that `main` runs."""


class FdLink(msgspec.Struct, frozen=True, tag_field="kind", tag="fd"):
    """The broker's descriptor."""

    fd: int


class TcpLink(msgspec.Struct, frozen=True, tag_field="kind", tag="tcp"):
    """The core's port, and the launch token."""

    host: str
    port: int
    token: str


class Spec(msgspec.Struct, frozen=True):
    """The start line that the core writes to a module's standard input."""

    module_id: str
    folder: str
    entry_point: str
    link: FdLink | TcpLink
    data_dir: str = ""
    language: str = "en"
    generation: int = 0


def main(raw: Mapping[str, Any]) -> None:
    """Run the module that the start line names; ends the process."""
    _hosted.set()
    _end_with_stdin()
    _speak_utf8()
    spec = msgspec.convert(raw, Spec)
    try:
        module_class = load_module_class(Path(spec.folder), spec.entry_point, spec.module_id)
        module = module_class()
    except WrongModule as error:
        _exit(EXIT_BROKEN, str(error))
    except Exception:
        # The author's code failed at import: the traceback is what the streamer sees.
        _exit(EXIT_FAILED, traceback.format_exc())
    _run(module, spec)


def run_here(module: BaseModule) -> None:
    """Run a module whose file was started as a program; the start line comes on stdin.

    Under the host, which runs the module anyway, this does nothing.
    """
    if _hosted.is_set():
        return
    if sys.stdin is None or sys.stdin.isatty():
        _exit(EXIT_BROKEN, _NOT_BY_HAND)
    line = sys.stdin.buffer.readline()
    try:
        spec = msgspec.json.decode(line, type=Spec)
    except msgspec.MsgspecError:
        _exit(EXIT_BROKEN, _NOT_BY_HAND)
    _end_with_stdin()
    _speak_utf8()
    _run(module, spec)


_NOT_BY_HAND = (
    "A module is started by StreamCore: put its folder into StreamCore's 'modules' folder and "
    "allow it in the dashboard."
)


def _run(module: BaseModule, spec: Spec) -> None:
    gc.enable()
    gc.freeze()  # what is imported stays: the collector need not look at it again
    try:
        asyncio.run(_live(module, spec))
    except LinkEnded as error:
        _exit(EXIT_RETRY_LATER if error.retry_later else EXIT_FAILED, str(error))
    except Exception:
        _exit(EXIT_FAILED, traceback.format_exc())
    _exit(0, "")


async def _live(module: BaseModule, spec: Spec) -> None:
    time = SystemTime()
    dialer, token = _dialer(spec.link)
    runtime = Runtime(
        WireLink(dialer, token, time),
        time,
        name=spec.module_id,
        data_dir=Path(spec.data_dir) if spec.data_dir else None,
        language=spec.language,
    )
    root = logging.getLogger()
    root.addHandler(runtime.logs)
    root.setLevel(logging.INFO)
    _stop_on_signals(runtime)
    module.attach(runtime)
    try:
        await runtime.run(module)
    finally:
        root.removeHandler(runtime.logs)
        runtime.logs.spill()


def _dialer(link: FdLink | TcpLink) -> tuple[Dialer, str | None]:
    match link:
        case FdLink():
            return BrokerDialer(link.fd), None
        case TcpLink():
            return TcpDialer(link.host, link.port), link.token


def _stop_on_signals(runtime: Runtime) -> None:
    """End in order when asked to; Ctrl+C in a terminal is for the core alone."""
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, runtime.stop, _TERM_DEADLINE_S)


def _end_with_stdin() -> None:
    """Exit at once when the core's end of stdin closes, whatever the module is doing."""

    def watch() -> None:
        while True:
            try:
                if not os.read(0, 4096):
                    break
            except OSError:
                break
        os._exit(0)

    threading.Thread(target=watch, name="core-watch", daemon=True).start()


def _speak_utf8() -> None:
    """Let `print` appear line by line, in one encoding on every system."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _exit(code: int, message: str) -> NoReturn:
    """End without waiting for threads that the author may have left behind."""
    for stream, text in ((sys.stdout, ""), (sys.stderr, message.rstrip())):
        with contextlib.suppress(Exception):
            if text:
                stream.write(f"{text}\n")
            stream.flush()
    os._exit(code)
