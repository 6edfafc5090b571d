"""Where a module's settings are kept: plain values in the store, secrets with the secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from streamcore.core.logs import register_secret
from streamcore.core.module_data import ModuleData
from streamcore.core.modules import settings as rules
from streamcore.core.secrets import Secret, SecretStore
from streamcore.protocol.manifest import Manifest

__all__ = ["StoredSettings"]

_Path = tuple[str, ...]


class StoredSettings:
    """Reads and writes settings by the schema of the module's manifest."""

    def __init__(self, data: ModuleData, secrets: SecretStore) -> None:
        self._data = data
        self._secrets = secrets

    async def complete(self, manifest: Manifest) -> dict[str, Any]:
        """Return values, defaults and secrets: for the module itself alone."""
        values = await self.public(manifest)
        found: dict[_Path, Any] = {}
        for path, secret in (await self._secrets_of(manifest)).items():
            if secret is not None:
                found[path] = secret.reveal()
        return rules.put_secrets(values, found)

    async def public(self, manifest: Manifest) -> dict[str, Any]:
        """Return values and defaults without any secret: for the module's pages."""
        stored = await self._data.settings(manifest.id)
        # A schema may have made a secret of what was a plain value: that one stays inside too.
        paths = rules.secret_paths(manifest.settings)
        return rules.with_defaults(manifest.settings, rules.without_odd(paths, stored))

    async def masked(self, manifest: Manifest) -> dict[str, Any]:
        """Return values and defaults, and of each secret whether it is set: for the dashboard."""
        secrets = await self._secrets_of(manifest)
        are_set = {path: secret is not None for path, secret in secrets.items()}
        return rules.mask(await self.public(manifest), are_set)

    async def replace(self, manifest: Manifest, values: Mapping[str, Any]) -> None:
        """Store new values when the schema accepts all of them; raises SettingsError."""
        schema = manifest.settings
        secrets = await self._secrets_of(manifest)
        plain, changes = rules.take_secrets(tuple(secrets), values)
        kept = {path: secret.reveal() for path, secret in secrets.items() if secret is not None}
        for path, text in changes.items():
            kept.pop(path, None)
            if text is not None:
                kept[path] = text
        complete = rules.put_secrets(rules.with_defaults(schema, plain), kept)
        await asyncio.to_thread(rules.check, schema, complete)
        for path, text in changes.items():
            await self._set_secret(manifest.id, path, text)
        await self._data.set_settings(manifest.id, plain)

    async def drop_unfit(self, manifest: Manifest) -> None:
        """Forget stored values that a newer schema no longer accepts; their defaults come back."""
        stored = await self._data.settings(manifest.id)
        if not stored:
            return
        fit = dict(stored)
        try:
            complete = await self.complete(manifest)
            await asyncio.to_thread(rules.check, manifest.settings, complete)
        except rules.SettingsError as error:
            for problem in error.errors:
                fit.pop(rules.top_name(problem.path), None)
        if fit != stored:
            await self._data.set_settings(manifest.id, fit)

    async def forget(self, manifest: Manifest) -> None:
        """Remove the module's secrets."""
        for path in rules.secret_paths(manifest.settings):
            await self._secrets.delete(_name(manifest.id, path))

    async def _secrets_of(self, manifest: Manifest) -> dict[_Path, Secret | None]:
        return {
            path: await self._secrets.get(_name(manifest.id, path))
            for path in rules.secret_paths(manifest.settings)
        }

    async def _set_secret(self, module_id: str, path: _Path, text: str | None) -> None:
        if text is None:
            await self._secrets.delete(_name(module_id, path))
            return
        # Known to the log's filter before anything can fail with it in hand.
        register_secret(text)
        await self._secrets.set(_name(module_id, path), Secret(text))


def _name(module_id: str, path: _Path) -> str:
    return f"module:{module_id}:{'.'.join(path)}"
