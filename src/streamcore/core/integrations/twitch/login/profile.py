"""Who an account is: asked of Twitch, and remembered for when Twitch cannot be asked."""

from __future__ import annotations

import logging

import msgspec

from streamcore.core.errors import CommandError, StorageError
from streamcore.core.integrations.base import Host
from streamcore.core.integrations.note import Note
from streamcore.core.integrations.twitch.client import Client
from streamcore.core.integrations.twitch.login.auth import Identity
from streamcore.protocol.events import Account

__all__ = ["ACCOUNT_NOTE", "forget_profile", "known_profile", "profile_of"]

ACCOUNT_NOTE = "twitch.account"

_log = logging.getLogger(__name__)


class _Profile(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    login: str = ""
    display_name: str = ""
    profile_image_url: str | None = None


class _Profiles(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[_Profile, ...] = ()


async def profile_of(
    host: Host, client: Client, identity: Identity, *, note: str = ACCOUNT_NOTE
) -> Account:
    """Return the account with its name and picture, and remember it.

    Where Twitch does not tell, the login's name has to do.
    """
    profile = Account(id=identity.user_id, name=identity.login or identity.user_id)
    try:
        profiles = await client.helix.get("/users", _Profiles, {"id": identity.user_id})
    except CommandError as error:
        _log.warning("Twitch did not tell who %s is: %s", profile.name, error)
        return profile
    for each in profiles.data:
        if each.id == identity.user_id:
            profile = Account(
                id=each.id,
                name=each.display_name or each.login or profile.name,
                avatar_url=each.profile_image_url or None,
            )
    try:
        await Note(host.notes, note, Account).keep(profile)
    except StorageError as error:
        _log.warning("Twitch: the account's name is not kept: %s", error)
    return profile


async def known_profile(host: Host, note: str = ACCOUNT_NOTE) -> Account | None:
    """Return whose account was connected last, None when that is not known."""
    try:
        return await Note(host.notes, note, Account).read()
    except StorageError as error:
        _log.warning("Twitch: the account's name cannot be read: %s", error)
        return None


async def forget_profile(host: Host, note: str = ACCOUNT_NOTE) -> None:
    """Forget whose account it was."""
    try:
        await Note(host.notes, note, Account).forget()
    except StorageError as error:
        _log.warning("Twitch: the account's name is not forgotten: %s", error)
