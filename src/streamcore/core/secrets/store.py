"""The secrets file: every secret in one AES-256-GCM box, rewritten whole at each change."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from dataclasses import dataclass
from enum import Enum

import msgspec

from streamcore.core.config import Home
from streamcore.core.errors import SecretsError
from streamcore.core.logs import register_secret
from streamcore.core.secrets.files import write_private
from streamcore.core.secrets.keepers import (
    FileKeeper,
    KeyKeeper,
    SystemKeyring,
    within_deadline,
)
from streamcore.core.secrets.secret import Secret

__all__ = ["SecretStore", "open_secrets"]

log = logging.getLogger(__name__)

MAGIC = b"StreamCore secrets 1\n"
NONCE_BYTES = 12
KEY_BYTES = 32
RETRY_S = 30.0
"""How long a keyring that did not open is left in peace by readers."""


class _Place(Enum):
    """Where the key lies; written in the file, so that a lost key is told from a new home."""

    KEYRING = b"K"
    FILE = b"F"


WARNINGS = {
    "saved_without_keychain": (
        "Saved without the system keychain: the key lies in a file that only your user can read. "
        "Who can copy your StreamCore folder can use your accounts."
    ),
    "keychain_locked": (
        "The system keychain did not open, so your accounts are not available. "
        "Unlock it, then connect again."
    ),
    "secrets_unreadable": (
        "The saved accounts could not be read, because their key is gone. "
        "They were put aside; sign in again."
    ),
}


@dataclass(frozen=True, slots=True)
class _Box:
    """An open file: the key and where it lies."""

    key: bytes
    place: _Place


class SecretStore:
    """Opens the keyring at the first need and not before: that takes a start's whole time."""

    def __init__(self, home: Home, keyring: KeyKeeper | None) -> None:
        self._home = home
        self._keyring = keyring
        self._file_key = FileKeeper(home.secrets_key)
        self._lock = asyncio.Lock()
        self._box: _Box | None = None
        self._secrets: dict[str, Secret] = {}
        self._retry_at = 0.0
        self.backend = "file" if keyring is None else "keyring"
        """Where the key lies: `keyring` or `file`; certain after the first use."""
        self.warning_code: str | None = None if keyring else "saved_without_keychain"

    @property
    def warning(self) -> str | None:
        """What the streamer should know, in English; `warning_code` is for translations."""
        return WARNINGS[self.warning_code] if self.warning_code else None

    async def unlock(self) -> None:
        """Open keyring and file; SecretsError when the keyring that holds the key stays shut."""
        async with self._lock:
            await self._unlock()

    async def get(self, name: str) -> Secret | None:
        """Return a secret; None when there is none, or the keyring stays shut."""
        async with self._lock:
            if self._box is None:
                # A keyring that stayed shut is asked again by whoever changes something.
                if time.monotonic() < self._retry_at or not self._home.secrets_file.exists():
                    return None
                try:
                    await self._unlock()
                except SecretsError:
                    return None
            return self._secrets.get(name)

    async def set(self, name: str, secret: Secret) -> None:
        """Keep a secret and return when it is safe on the disk."""
        register_secret(secret.reveal())
        async with self._lock:
            await self._unlock()
            await self._save({**self._secrets, name: secret})

    async def delete(self, name: str) -> None:
        """Forget a secret."""
        async with self._lock:
            if self._box is None and not self._home.secrets_file.exists():
                return
            await self._unlock()
            if name in self._secrets:
                await self._save({k: v for k, v in self._secrets.items() if k != name})

    async def _unlock(self) -> None:
        if self._box is not None:
            return
        content = await asyncio.to_thread(self._read_file)
        place = _place_of(content)
        key = await self._known_key(place)
        self.warning_code = None
        if content is not None:
            secrets = await asyncio.to_thread(_decrypt, content, key) if key else None
            if secrets is None:
                await asyncio.to_thread(self._put_aside)
            else:
                for value in secrets.values():
                    register_secret(value)
                self._secrets = {name: Secret(value) for name, value in secrets.items()}
        self._box = await self._settled_box(place, key)
        self.backend = "keyring" if self._box.place is _Place.KEYRING else "file"
        if self._box.place is _Place.FILE and self.warning_code is None:
            self.warning_code = "saved_without_keychain"

    async def _known_key(self, place: _Place | None) -> bytes | None:
        """Return the key of the file as it is."""
        if place is None:
            return None
        if place is _Place.FILE:
            return await asyncio.to_thread(self._file_key.get)
        try:
            return await within_deadline((self._keyring or SystemKeyring(self._home.root)).get)
        except SecretsError as error:
            if self._keyring is None:
                # The user chose the file; the keyring was only asked for what it still holds.
                return None
            # Shut is not lost: nothing may be replaced now.
            self._retry_at = time.monotonic() + RETRY_S
            self.warning_code = "keychain_locked"
            log.warning("%s", error)
            raise

    async def _settled_box(self, place: _Place | None, key: bytes | None) -> _Box:
        """Return the key to write with, moved to where it should lie."""
        wanted = _Place.FILE if self._keyring is None else _Place.KEYRING
        if place is wanted and key is not None:
            return _Box(key, wanted)
        box = await self._new_key()
        if self._secrets and box.place is not place:
            self._box = box
            await self._save(self._secrets)
            if box.place is _Place.KEYRING:
                await asyncio.to_thread(self._file_key.remove)
        return box

    async def _new_key(self) -> _Box:
        """Make a key and keep it: in the keyring, or where there is none, in the file."""
        key = os.urandom(KEY_BYTES)
        if self._keyring is not None:
            keyring = self._keyring
            try:
                await within_deadline(lambda: keyring.put(key))
                return _Box(key, _Place.KEYRING)
            except SecretsError as error:
                log.warning("%s The key is kept in a file instead.", error)
        existing = await asyncio.to_thread(self._file_key.get)
        if existing is not None:
            return _Box(existing, _Place.FILE)
        await asyncio.to_thread(self._file_key.put, key)
        return _Box(key, _Place.FILE)

    async def _save(self, secrets: dict[str, Secret]) -> None:
        box = self._box
        if box is None:
            raise SecretsError(WARNINGS["keychain_locked"])
        plain = {name: secret.reveal() for name, secret in secrets.items()}
        try:
            await asyncio.to_thread(self._write_file, plain, box)
        except OSError as error:
            message = f"{self._home.secrets_file} cannot be written ({error}). Make room there."
            raise SecretsError(message) from error
        self._secrets = secrets

    def _read_file(self) -> bytes | None:
        try:
            return self._home.secrets_file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            message = f"{self._home.secrets_file} cannot be read ({error})."
            raise SecretsError(message) from error

    def _write_file(self, secrets: dict[str, str], box: _Box) -> None:
        write_private(self._home.secrets_file, _encrypt(secrets, box))

    def _put_aside(self) -> None:
        """Keep what cannot be read (its key may come back), and go on without it."""
        path = self._home.secrets_file
        with contextlib.suppress(OSError):
            path.replace(path.with_name(f"{path.name}.unreadable-{int(time.time())}"))
        self.warning_code = "secrets_unreadable"
        log.warning("%s", WARNINGS["secrets_unreadable"])


async def open_secrets(home: Home, *, keyring: str, keeper: KeyKeeper | None = None) -> SecretStore:
    """Return the secrets of a home; `keyring` is `system`, or `file` to do without one.

    `keeper` stands in for the system's keyring.
    """
    if keyring == "file":
        return SecretStore(home, None)
    return SecretStore(home, keeper or SystemKeyring(home.root))


def _place_of(content: bytes | None) -> _Place | None:
    """Return where the key of a file lies; damaged files are taken to have a file's key."""
    if content is None:
        return None
    is_keyring = content.startswith(MAGIC + _Place.KEYRING.value)
    return _Place.KEYRING if is_keyring else _Place.FILE


def _encrypt(secrets: dict[str, str], box: _Box) -> bytes:
    # Imported at the first need: it costs a start 30 ms and some megabytes.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = MAGIC + box.place.value
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(box.key).encrypt(nonce, msgspec.json.encode(secrets), header)


def _decrypt(content: bytes, key: bytes) -> dict[str, str] | None:
    """Return the secrets; None when the key does not fit or the file was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    start = len(MAGIC) + 1
    header, nonce, sealed = (
        content[:start],
        content[start : start + NONCE_BYTES],
        content[start + NONCE_BYTES :],
    )
    try:
        plain = AESGCM(key).decrypt(nonce, sealed, header)
        return msgspec.json.decode(plain, type=dict[str, str])
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        return None
