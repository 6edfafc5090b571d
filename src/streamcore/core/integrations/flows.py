"""How a login can begin, and what the streamer has to do for it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from streamcore.core.integrations.words import Words

__all__ = ["BrowserFlow", "ConnectFlow", "Connected", "DeviceFlow", "FormField", "TokenFlow"]


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the streamer types in; the texts are by language (`en`, `ru`)."""

    name: str
    title: dict[str, str]
    help: dict[str, str] = {}
    is_secret: bool = False


class DeviceFlow(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="device"):
    """The streamer opens an address, on any device, and confirms the code there."""

    user_code: str
    verification_uri: str
    expires_at: datetime


class BrowserFlow(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="browser"):
    """The streamer logs in at `url`, which leads back to the app."""

    url: str


class TokenFlow(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="token"):
    """The streamer fills in `fields`; `connect` is called again with their values.

    `reason` says in English why they are asked for again, `reasons` in every language.
    """

    fields: tuple[FormField, ...]
    reason: str = ""
    reasons: Words = Words()


class Connected(msgspec.Struct, frozen=True, kw_only=True, tag_field="flow", tag="connected"):
    """Nothing to do: the platform is connected, or reconnecting with the account it knows."""


ConnectFlow = DeviceFlow | BrowserFlow | TokenFlow | Connected
