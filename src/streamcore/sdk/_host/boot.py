"""First code of a module's process: `python -I -S -B boot.py`, the spec as a line on stdin.

Nothing of the module is imported before `confine`, and of foreign code only what a fork server has
loaded for all: the SDK. `-I -S` matter: a `.pth` file or `sitecustomize` would run before this
file does.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from typing import Any

__all__ = ["confine", "main", "postpone_tls"]

_SPEC_LIMIT = 1 << 20
_EXIT_NO_SPEC = 64
_PR_SET_PDEATHSIG = 1
_SIGKILL = 9


def main() -> None:
    """Read the spec, arm the end, confine the process, hand over to the host."""
    gc.disable()  # nothing to collect while only imports run; the host switches it on again
    spec = _read_spec()
    _die_with_parent(spec.get("parent_pid"))
    if spec.get("serve"):
        spec = _serve(spec)  # comes back in each module's own process
    confine(spec)
    _load_host(spec).main(spec)


def confine(spec: dict[str, Any]) -> None:
    """Take away what a module does not need; the one place for it, before any foreign import.

    Whoever adds a layer adds it here: `spec` is all that is known, there is one thread, no more
    than the SDK is loaded, and what is done holds for everything that comes after.
    """
    os.umask(0o077)


def postpone_tls() -> None:
    """Load asyncio without OpenSSL, until the author's code imports `ssl` itself.

    A module reaches the core without TLS and the internet through the core; OpenSSL would cost
    each process 4 MB and a tenth of its start.
    """
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    _import_without("asyncio", "ssl")
    sys.meta_path.insert(0, LateTls())


def _import_without(name: str, unwanted: str) -> None:
    """Import a module that can do without another one, which stays free to be imported later."""
    if unwanted in sys.modules:
        return
    sys.modules[unwanted] = None  # type: ignore[assignment]  # how the import system spells "absent"
    try:
        __import__(name)
    finally:
        del sys.modules[unwanted]


class LateTls:
    """Finds `ssl` when it is first imported, and gives it to asyncio then."""

    def find_spec(self, name: str, path: object, target: object = None) -> Any:
        """Take part in the import of `ssl`, once."""
        if name != "ssl":
            return None
        sys.meta_path.remove(self)
        import importlib.util

        spec = importlib.util.find_spec("ssl")
        if spec is not None and spec.loader is not None:
            self._loader: Any = spec.loader
            spec.loader = self  # type: ignore[assignment]  # a loader by its methods
        return spec

    def create_module(self, spec: object) -> Any:
        """Do what the real loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """Do what the real loader does; then let asyncio know of the module."""
        self._loader.exec_module(module)
        import importlib

        for name, known in list(sys.modules.items()):
            if name.startswith("asyncio.") and getattr(known, "ssl", module) is None:
                known.ssl = module  # type: ignore[attr-defined]
        importlib.reload(sys.modules["asyncio.sslproto"])


def _load_host(spec: dict[str, Any]) -> Any:
    """Import the host and with it the SDK; in a fork server's child that is done already."""
    postpone_tls()
    # Appended as they are: no `.pth` file is looked at, and nothing shadows the standard library.
    sys.path.extend(str(path) for path in spec.get("paths", ()) if path not in sys.path)
    # It asks for a twentieth of our start, and only to support Pythons older than ours.
    _import_without("msgspec", "typing_extensions")

    from streamcore.sdk._host import host

    return host


def _serve(spec: dict[str, Any]) -> dict[str, Any]:
    """Be the fork server; returns in a module's process, with its spec and environment."""
    try:
        _load_host(spec)
        from streamcore.sdk._host.fork_server import serve
    except Exception as error:  # the core has it in its log, and starts fresh interpreters
        os.write(0, f"{type(error).__name__}: {error}".encode()[:1024])
        sys.exit(_EXIT_NO_SPEC)
    serve()
    spec = _read_spec()
    _die_with_parent(spec.get("parent_pid"))
    os.environ.clear()
    os.environ.update(spec["environment"])
    if sys.platform != "win32":
        time.tzset()
    return spec


def _read_spec() -> dict[str, Any]:
    """Read exactly one line, byte by block, leaving nothing in a buffer behind it."""
    line = bytearray()
    while b"\n" not in line and len(line) < _SPEC_LIMIT:
        block = os.read(0, 65536)
        if not block:
            break
        line += block
    try:
        spec = json.loads(bytes(line).partition(b"\n")[0])
    except ValueError:
        spec = None
    if not isinstance(spec, dict):
        sys.stderr.write("A module is started by StreamCore: no start line came on stdin.\n")
        sys.exit(_EXIT_NO_SPEC)
    return spec


def _die_with_parent(parent_pid: object) -> None:
    """Ask Linux to kill this process when the core dies; elsewhere the end of stdin says it."""
    if sys.platform != "linux":
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if isinstance(parent_pid, int) and os.getppid() != parent_pid:
        os._exit(0)  # the core died before the signal was armed


if __name__ == "__main__":
    main()
