"""What the streamer allowed each module, measured against what the module is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streamcore.bundle import Bundle
from streamcore.core.clock import Clock
from streamcore.core.consents import Consent, Consents, Difference, difference
from streamcore.core.errors import ConflictError, InvalidInputError
from streamcore.core.gatekeeper import Grants
from streamcore.core.modules.record import ConsentRecord
from streamcore.protocol.manifest import ANY_PLATFORM, Manifest
from streamcore.protocol.permissions import Permission

__all__ = ["Approvals", "valid_manifest"]

_NOTHING: frozenset[Permission] = frozenset()


class Approvals:
    """Consent is to exactly a manifest and its files; single permissions can be held back from it.

    The stored consent lists every wish that was looked at, so that a later version's additions can
    be told from what was denied then; what was denied or withdrawn is kept beside it.
    """

    def __init__(self, consents: Consents, clock: Clock) -> None:
        self._consents = consents
        self._clock = clock
        self._being_withdrawn: dict[str, set[Permission]] = {}

    def is_approved(self, bundle: Bundle) -> bool:
        """Tell whether the module is exactly what the streamer agreed to."""
        consent = self._consents.get(bundle.id)
        if consent is None or bundle.manifest is None or bundle.problems:
            return False
        return difference(consent, bundle.manifest, bundle.digest) is None

    def change(self, bundle: Bundle) -> Difference | None:
        """Return what is new since the consent; None without one, or when nothing is."""
        consent = self._consents.get(bundle.id)
        if consent is None or bundle.manifest is None:
            return None
        return difference(consent, bundle.manifest, bundle.digest)

    def granted(self, bundle: Bundle) -> frozenset[Permission]:
        """Return the permissions in force."""
        if bundle.manifest is None or not self.is_approved(bundle):
            return _NOTHING
        return frozenset(bundle.manifest.permissions) - self._held_back(bundle.id)

    def grants(self, bundle: Bundle) -> Grants:
        """Return what the gate goes by; raises ConflictError when the module is not approved."""
        manifest = self.require(bundle)
        granted = self.granted(bundle)
        is_anywhere = ANY_PLATFORM in manifest.requirements
        return Grants(
            module_id=bundle.id,
            permissions=granted,
            platforms=None if is_anywhere else frozenset(manifest.requirements),
            network=frozenset(manifest.network),
            calls=frozenset(manifest.calls),
            denied=frozenset(manifest.permissions) - granted,
        )

    def record(self, module_id: str) -> ConsentRecord | None:
        """Return what was agreed to, less what was denied or withdrawn."""
        consent = self._consents.get(module_id)
        if consent is None:
            return None
        held_back = {permission.value for permission in self._held_back(module_id)}
        return ConsentRecord(
            digest=consent.digest,
            permissions=tuple(p for p in consent.permissions if p not in held_back),
            requirements=consent.requirements,
            network=consent.network,
            at=consent.at,
        )

    def require(self, bundle: Bundle) -> Manifest:
        """Return the manifest of an approved module; raises ConflictError."""
        manifest = valid_manifest(bundle)
        if not self.is_approved(bundle):
            raise ConflictError("The module is not approved as it is now. Approve it first.")
        return manifest

    async def approve(
        self, bundle: Bundle, digest: str, permissions: Iterable[str]
    ) -> frozenset[Permission]:
        """Store the consent to what the streamer looked at and return what was granted."""
        manifest = valid_manifest(bundle)
        if digest != bundle.digest:
            raise ConflictError(
                "The module changed since you looked at it. Look at it again, then approve."
            )
        granted = _of_manifest(manifest, permissions)
        # What is denied comes first: after a crash in between nothing is granted by accident.
        for permission in manifest.permissions:
            if permission not in granted:
                await self._consents.set_withdrawn(bundle.id, permission, True)
        consent = Consent(
            digest=digest,
            permissions=tuple(permission.value for permission in manifest.permissions),
            requirements=manifest.requirements,
            network=manifest.network,
            at=self._clock.now(),
        )
        await self._consents.put(bundle.id, consent)
        for permission in sorted(granted):
            await self._consents.set_withdrawn(bundle.id, permission, False)
        return granted

    def begin_change(self, bundle: Bundle, changes: Mapping[str, bool]) -> frozenset[Permission]:
        """Let withdrawals hold from now on, before they are stored; return what changes."""
        changed = _of_manifest(self.require(bundle), changes)
        taken = {permission for permission in changed if not changes[permission]}
        self._being_withdrawn.setdefault(bundle.id, set()).update(taken)
        return changed

    async def store_change(self, bundle: Bundle, changes: Mapping[str, bool]) -> None:
        """Store what `begin_change` began; a failure gives nothing back."""
        for name in sorted(changes):
            permission = Permission(name)
            await self._consents.set_withdrawn(bundle.id, permission, not changes[name])
            self._being_withdrawn.get(bundle.id, set()).discard(permission)

    async def forget(self, module_id: str) -> None:
        """Forget everything that a module was ever allowed."""
        await self._consents.forget(module_id)
        self._being_withdrawn.pop(module_id, None)

    def is_enabled(self, module_id: str) -> bool:
        """Tell whether the streamer wants the module to run."""
        return self._consents.enabled(module_id)

    async def set_enabled(self, module_id: str, *, is_enabled: bool) -> None:
        """Remember whether the streamer wants the module to run."""
        await self._consents.set_enabled(module_id, is_enabled)

    def _held_back(self, module_id: str) -> frozenset[Permission]:
        withdrawn = {
            Permission(name) for name in self._consents.withdrawn(module_id) if _known(name)
        }
        return frozenset(withdrawn | self._being_withdrawn.get(module_id, set()))


def valid_manifest(bundle: Bundle) -> Manifest:
    """Return the manifest; raises ConflictError when the module is invalid."""
    if bundle.manifest is None or bundle.problems:
        raise ConflictError("The module has problems that its author must mend first.")
    return bundle.manifest


def _of_manifest(manifest: Manifest, names: Iterable[str]) -> frozenset[Permission]:
    wished = {permission.value: permission for permission in manifest.permissions}
    asked = list(names)
    for name in asked:
        if name not in wished:
            raise InvalidInputError(
                f"The module does not ask for '{name}'. "
                f"It asks for: {', '.join(sorted(wished)) or 'nothing'}.",
                field="$.permissions",
            )
    return frozenset(wished[name] for name in asked)


def _known(name: str) -> bool:
    return name in {permission.value for permission in Permission}
