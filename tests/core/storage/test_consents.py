"""Consents: kept, compared, withdrawn, forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from streamcore.core.consents import Consent, Consents, Difference, Wishes, difference
from streamcore.core.errors import StorageError
from streamcore.core.store import Store
from streamcore.protocol.manifest import Manifest
from streamcore.protocol.permissions import Permission

CONSENT = Consent(
    digest="sha256:a",
    permissions=("chat_read", "chat_send"),
    requirements=("twitch",),
    network=("example.org",),
    at=datetime(2026, 1, 1, tzinfo=UTC),
)
MANIFEST = Manifest(
    id="bot",
    name="Bot",
    version="1.0.0",
    requirements=("twitch",),
    permissions=(Permission.CHAT_READ, Permission.CHAT_SEND),
    network=("example.org",),
)


def test_exactly_what_was_agreed_to_is_no_difference() -> None:
    assert difference(CONSENT, MANIFEST, "sha256:a") is None


def test_another_order_is_no_difference() -> None:
    turned = msgspec.structs.replace(MANIFEST, permissions=MANIFEST.permissions[::-1])
    assert difference(CONSENT, turned, "sha256:a") is None


def test_changed_code_alone_is_a_difference() -> None:
    assert difference(CONSENT, MANIFEST, "sha256:b") == Difference(True, Wishes(), Wishes())


def test_new_and_dropped_wishes_are_listed() -> None:
    changed = msgspec.structs.replace(
        MANIFEST,
        permissions=(Permission.CHAT_READ, Permission.NETWORK),
        requirements=("*",),
        network=("example.org", "evil.example"),
    )
    assert difference(CONSENT, changed, "sha256:b") == Difference(
        code=True,
        added=Wishes(("network",), ("*",), ("evil.example",)),
        removed=Wishes(("chat_send",), ("twitch",), ()),
    )


async def reloaded(store: Store) -> Consents:
    consents = Consents(store)
    await consents.load()
    return consents


async def test_everything_is_there_after_a_restart(store: Store) -> None:
    consents = await reloaded(store)
    await consents.put("bot", CONSENT)
    await consents.set_withdrawn("bot", "chat_send", True)
    await consents.set_withdrawn("bot", "chat_read", True)
    await consents.set_withdrawn("bot", "chat_read", False)
    await consents.set_enabled("bot", True)
    await consents.set_enabled("other", True)
    await consents.set_enabled("other", False)
    for seen in (consents, await reloaded(store)):
        assert seen.get("bot") == CONSENT
        assert seen.withdrawn("bot") == {"chat_send"}
        assert seen.enabled("bot") and not seen.enabled("other")


async def test_an_unknown_module_has_nothing(store: Store) -> None:
    consents = await reloaded(store)
    assert consents.get("bot") is None
    assert consents.withdrawn("bot") == frozenset()
    assert not consents.enabled("bot")


async def test_a_forgotten_module_has_nothing_left(store: Store) -> None:
    consents = await reloaded(store)
    await consents.put("bot", CONSENT)
    await consents.set_withdrawn("bot", "chat_send", True)
    await consents.set_enabled("bot", True)
    await consents.forget("bot")
    for seen in (consents, await reloaded(store)):
        assert seen.get("bot") is None
        assert not seen.withdrawn("bot") and not seen.enabled("bot")


async def test_what_could_not_be_stored_does_not_hold(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "other.db")
    consents = await reloaded(store)
    await store.close()
    with pytest.raises(StorageError):
        await consents.put("bot", CONSENT)
    with pytest.raises(StorageError):
        await consents.set_enabled("bot", True)
    assert consents.get("bot") is None and not consents.enabled("bot")
