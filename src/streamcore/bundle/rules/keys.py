"""Keys: those that must be there, and those that nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, nearest, show
from streamcore.protocol.manifest import Limits, Manifest, View

__all__ = ["check_required_keys", "check_unknown_keys"]

_MANIFEST = {field.name: field for field in msgspec.structs.fields(Manifest)}
_LIMITS = frozenset(Limits.__struct_fields__)
_VIEW = frozenset(View.__struct_fields__)


def check_required_keys(facts: Facts) -> Iterator[Problem]:
    """A module without pages needs code, hence an entry point."""
    required = [name for name, field in _MANIFEST.items() if field.required]
    if not facts.manifest.get("views"):
        required.append("entry_point")
    for key in required:
        if key not in facts.manifest:
            hint = "a module needs an entry_point or views" if key == "entry_point" else ""
            yield facts.error(join("$", key), "this key", "nothing", hint)


def check_unknown_keys(facts: Facts) -> Iterator[Problem]:
    """They may be typing errors, or of a newer version: a warning, not an error."""
    yield from _unknown(facts, "$", facts.manifest, _MANIFEST.keys())
    limits = facts.manifest.get("limits")
    if isinstance(limits, dict):
        yield from _unknown(facts, "$.limits", limits, _LIMITS)
    views = facts.manifest.get("views")
    for index, view in enumerate(views if isinstance(views, list) else ()):
        if isinstance(view, dict):
            yield from _unknown(facts, f"$.views[{index}]", view, _VIEW)


def _unknown(
    facts: Facts, path: str, found: Mapping[str, object], known: Collection[str]
) -> Iterator[Problem]:
    for key in found:
        if key not in known and key != "$schema":  # editors read `$schema`
            yield facts.warning(join(path, key), "a known key", show(key), nearest(key, known))
