"""Where the key of the secrets file lies: in the system's keyring, or in a file beside it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar, cast

from streamcore.core.errors import SecretsError
from streamcore.core.secrets.files import write_private

__all__ = ["FileKeeper", "KeyKeeper", "SystemKeyring", "within_deadline"]

T = TypeVar("T")

DEADLINE_S = 5.0
"""A keyring may hang: behind a question that nobody sees, or a service that does not answer."""
SERVICE = "StreamCore"

# Never the library's own choice: that follows the environment and installed plug-ins, of which some
# keep plain text.
_BACKENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "linux": (
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
    ),
}


class KeyKeeper(ABC):
    """Keeps one key; its methods block and raise SecretsError when the place cannot be used."""

    @abstractmethod
    def get(self) -> bytes | None:
        """Return the key, None when there is none yet."""

    @abstractmethod
    def put(self, key: bytes) -> None:
        """Keep a key in place of the one before."""


class _Backend(Protocol):
    """What we use of a keyring."""

    priority: float

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...


class SystemKeyring(KeyKeeper):
    """The keyring of the system that we run on; each home folder has its own entry."""

    def __init__(self, home: Path) -> None:
        self._account = hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:16]

    def get(self) -> bytes | None:
        try:
            text = self._backend().get_password(SERVICE, self._account)
            return bytes.fromhex(text) if text else None
        except SecretsError:
            raise
        except Exception as error:
            # Not our code, and each system's errors are its own.
            raise SecretsError(f"The system's keyring did not answer ({error}).") from error

    def put(self, key: bytes) -> None:
        try:
            self._backend().set_password(SERVICE, self._account, key.hex())
        except SecretsError:
            raise
        except Exception as error:
            raise SecretsError(f"The system's keyring did not take the key ({error}).") from error
        if self.get() != key:
            raise SecretsError("The system's keyring did not keep the key.")

    def _backend(self) -> _Backend:
        """Return the first keyring of this system that works here; imported only when needed."""
        reasons = []
        for module, name in _BACKENDS.get(sys.platform, ()):
            try:
                backend = cast(type[_Backend], getattr(importlib.import_module(module), name))
                # Asking for its priority is how a backend is asked whether it can be used.
                _ = backend.priority
                return backend()
            except Exception as error:
                reasons.append(str(error))
        raise SecretsError(f"There is no keyring here ({'; '.join(reasons) or sys.platform}).")


class FileKeeper(KeyKeeper):
    """A file that only the user may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self) -> bytes | None:
        try:
            return bytes.fromhex(self._path.read_text("ascii").strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SecretsError(f"The key file {self._path} cannot be read ({error}).") from error

    def put(self, key: bytes) -> None:
        try:
            write_private(self._path, key.hex().encode())
        except OSError as error:
            raise SecretsError(f"The key file {self._path} cannot be written ({error}).") from error

    def remove(self) -> None:
        """Remove the key."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


async def within_deadline(fn: Callable[[], T], deadline_s: float = DEADLINE_S) -> T:
    """Run a blocking call on a thread of its own, which is left behind when it hangs."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(cast(T, result))

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = fn()
        except BaseException as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop went away meanwhile
            loop.call_soon_threadsafe(settle, result, failure)

    # A daemon: a hanging keyring must not keep the app from ending.
    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        async with asyncio.timeout(deadline_s):
            return await done
    except TimeoutError as error:
        raise SecretsError(
            f"The system's keyring did not answer within {deadline_s:g} s."
        ) from error
