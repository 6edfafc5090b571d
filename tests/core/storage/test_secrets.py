"""Secrets: sealed, atomic, never shown, and honest when there is no keyring."""

from __future__ import annotations

import copy
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from streamcore.core.config import Home
from streamcore.core.errors import SecretsError
from streamcore.core.logs import redact
from streamcore.core.secrets import KeyKeeper, Secret, SecretStore, open_secrets
from streamcore.core.secrets.keepers import SystemKeyring, within_deadline

TOKEN = "t0ken-of-the-streamer"


class FakeKeyring(KeyKeeper):
    """A keyring that can be absent, or shut."""

    def __init__(self) -> None:
        self.key: bytes | None = None
        self.is_shut = False
        self.asked = 0

    def get(self) -> bytes | None:
        self.asked += 1
        if self.is_shut:
            raise SecretsError("The system's keyring did not answer (locked).")
        return self.key

    def put(self, key: bytes) -> None:
        if self.is_shut:
            raise SecretsError("There is no keyring here.")
        self.key = key


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


async def reopened(home: Home, keyring: FakeKeyring | None) -> SecretStore:
    return await open_secrets(
        home, keyring="system" if keyring is not None else "file", keeper=keyring
    )


@pytest.mark.parametrize(
    "show",
    [str, repr, "{}".format, lambda s: f"{s!r:>20}", lambda s: "%s" % s, lambda s: str([s])],  # noqa: UP031
)
def test_a_secret_does_not_show_itself(show: Callable[[Secret], str]) -> None:
    assert TOKEN not in show(Secret(TOKEN))
    assert Secret(TOKEN).reveal() == TOKEN


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy, msgspec.json.encode])
def test_a_secret_is_not_copied_or_encoded(leak: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError):
        leak(Secret(TOKEN))


async def test_a_secret_is_there_after_a_restart(home: Home, keyring: FakeKeyring) -> None:
    secrets = await reopened(home, keyring)
    await secrets.set("twitch", Secret(TOKEN))
    await secrets.set("other", Secret("o"))
    await secrets.delete("other")
    for seen in (secrets, await reopened(home, keyring)):
        assert await seen.get("twitch") == Secret(TOKEN)
        assert await seen.get("other") is None
        assert (seen.backend, seen.warning) == ("keyring", None)
    assert not home.secrets_key.exists()


async def test_nothing_is_asked_of_the_keyring_before_it_is_needed(
    home: Home, keyring: FakeKeyring
) -> None:
    secrets = await reopened(home, keyring)
    assert await secrets.get("twitch") is None
    await secrets.delete("twitch")
    assert keyring.asked == 0 and not home.secrets_file.exists()


async def test_the_file_does_not_hold_the_text(home: Home, keyring: FakeKeyring) -> None:
    secrets = await reopened(home, keyring)
    await secrets.set("twitch-account", Secret(TOKEN))
    content = home.secrets_file.read_bytes()
    assert TOKEN.encode() not in content and b"twitch-account" not in content


async def test_logs_know_every_secret(home: Home, keyring: FakeKeyring) -> None:
    secrets = await reopened(home, keyring)
    await secrets.set("a", Secret("canary-that-was-set"))
    assert redact("say canary-that-was-set") == "say ***"


async def test_without_a_keyring_the_key_is_a_file_and_the_streamer_is_told(
    home: Home, keyring: FakeKeyring
) -> None:
    keyring.is_shut = True
    secrets = await reopened(home, keyring)
    await secrets.set("twitch", Secret(TOKEN))
    again = await reopened(home, keyring)
    assert await again.get("twitch") == Secret(TOKEN)
    assert again.backend == "file"
    assert again.warning_code == "saved_without_keychain"
    assert again.warning is not None and "without the system keychain" in again.warning


async def test_a_chosen_file_needs_no_keyring(home: Home) -> None:
    secrets = await reopened(home, None)
    assert (secrets.backend, secrets.warning_code) == ("file", "saved_without_keychain")
    await secrets.set("twitch", Secret(TOKEN))
    assert await (await reopened(home, None)).get("twitch") == Secret(TOKEN)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
async def test_both_files_are_private(home: Home) -> None:
    secrets = await reopened(home, None)
    await secrets.set("twitch", Secret(TOKEN))
    for path in (home.secrets_file, home.secrets_key):
        assert path.stat().st_mode & 0o777 == 0o600


async def test_a_keyring_that_comes_later_takes_the_key_over(
    home: Home, keyring: FakeKeyring
) -> None:
    await (await reopened(home, None)).set("twitch", Secret(TOKEN))
    secrets = await reopened(home, keyring)
    assert await secrets.get("twitch") == Secret(TOKEN)
    assert (secrets.backend, secrets.warning) == ("keyring", None)
    assert not home.secrets_key.exists() and keyring.key is not None
    assert await (await reopened(home, keyring)).get("twitch") == Secret(TOKEN)


async def test_a_shut_keyring_is_no_lost_key(home: Home, keyring: FakeKeyring) -> None:
    await (await reopened(home, keyring)).set("twitch", Secret(TOKEN))
    before = home.secrets_file.read_bytes()
    keyring.is_shut = True
    secrets = await reopened(home, keyring)
    assert await secrets.get("twitch") is None
    assert secrets.warning_code == "keychain_locked"
    with pytest.raises(SecretsError):
        await secrets.set("twitch", Secret("new"))
    assert home.secrets_file.read_bytes() == before
    keyring.is_shut = False
    await secrets.unlock()
    assert await secrets.get("twitch") == Secret(TOKEN)
    assert secrets.warning is None


@pytest.mark.parametrize("spoil", ["key", "file", "truncated", "empty"])
async def test_what_cannot_be_read_is_put_aside_and_life_goes_on(
    home: Home, keyring: FakeKeyring, spoil: str
) -> None:
    await (await reopened(home, keyring)).set("twitch", Secret(TOKEN))
    content = home.secrets_file.read_bytes()
    if spoil == "key":
        keyring.key = None
    else:
        flipped = content[:-1] + bytes([content[-1] ^ 1])
        spoiled = {"file": flipped, "truncated": content[:30], "empty": b""}[spoil]
        home.secrets_file.write_bytes(spoiled)
    secrets = await reopened(home, keyring)
    assert await secrets.get("twitch") is None
    assert secrets.warning_code == "secrets_unreadable"
    assert list(home.root.glob("secrets.bin.unreadable-*"))
    await secrets.set("twitch", Secret("new token"))
    assert await (await reopened(home, keyring)).get("twitch") == Secret("new token")


async def test_a_failed_write_keeps_the_old_secrets(home: Home, keyring: FakeKeyring) -> None:
    secrets = await reopened(home, keyring)
    await secrets.set("twitch", Secret(TOKEN))
    # The draft's name is taken by a folder: as good as a full disk.
    (home.root / "secrets.bin.new").mkdir()
    with pytest.raises((SecretsError, OSError)):
        await secrets.set("twitch", Secret("newer token"))
    assert await secrets.get("twitch") == Secret(TOKEN)
    assert await (await reopened(home, keyring)).get("twitch") == Secret(TOKEN)


async def test_a_draft_left_by_a_crash_is_no_hindrance(home: Home, keyring: FakeKeyring) -> None:
    (home.root / "secrets.bin.new").write_bytes(b"half")
    secrets = await reopened(home, keyring)
    await secrets.set("twitch", Secret(TOKEN))
    assert await (await reopened(home, keyring)).get("twitch") == Secret(TOKEN)


async def test_a_hanging_keyring_is_left_behind() -> None:
    forever = threading.Event()
    try:
        with pytest.raises(SecretsError, match=r"within 0\.05 s"):
            await within_deadline(forever.wait, 0.05)
    finally:
        forever.set()


def test_the_systems_keyring_says_why_it_cannot_be_used(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A choice by the environment must not be followed: this one would keep plain text.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    if sys.platform != "linux":
        pytest.skip("only here the keyring can be taken away by the environment")
    with pytest.raises(SecretsError, match="no keyring here"):
        SystemKeyring(home.root).get()
