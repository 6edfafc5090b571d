"""A module's manifest: who it is and what it wishes for (`manifest.json`)."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from streamcore.protocol.permissions import Permission

__all__ = ["ANY_PLATFORM", "Limits", "Manifest", "Text", "View", "ViewKind"]

ANY_PLATFORM = "*"
"""The requirement that means every platform."""

Text = str | dict[str, str]
"""A text, or a text per language: `{"en": …, "ru": …}`."""


class ViewKind(StrEnum):
    """Where a page is meant to be shown: on stream, or in the dashboard."""

    OVERLAY = "overlay"
    PANEL = "panel"


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a module; `path` is below the module's `dist/`."""

    id: str
    path: str
    title: Text = ""
    kind: ViewKind = ViewKind.OVERLAY
    width: int = 800
    height: int = 600


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a module wishes to use, up to the core's ceilings."""

    memory_mb: int = 256
    cpu_percent: int = 50
    processes: int = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The content of `manifest.json`, after every rule was checked.

    `requirements` lists platforms (`["*"]` for all) and is a whitelist: nothing of any other
    platform reaches the module, whatever its permissions. `settings` is a JSON Schema object,
    `state` gives a JSON Schema for each key of the replicated state.
    """

    id: str
    name: Text
    version: str
    requirements: tuple[str, ...]
    permissions: tuple[Permission, ...]
    entry_point: str | None = None
    description: Text = ""
    author: str = ""
    homepage: str = ""
    license: str = ""
    icon: str = ""
    tags: tuple[str, ...] = ()
    streamcore: str = ""
    views: tuple[View, ...] = ()
    settings: dict[str, object] = {}
    state: dict[str, object] = {}
    network: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    catch_up: tuple[str, ...] = ()
    python_dependencies: tuple[str, ...] = ()
    limits: Limits = Limits()
