"""A module's settings against its own schema: defaults, checks, and which of them are secrets.

Values with `"format": "secret"` never meet the database or a browser: they are taken out before the
rest is stored and put back in only for the module itself. A secret is named by its path of object
properties (`service.token`).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from streamcore.core.errors import InvalidInputError
from streamcore.core.modules.tame import LONGEST_MATCHED_TEXT, has_long_text, patterns_of

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = [
    "FieldProblem",
    "SettingsError",
    "check",
    "mask",
    "put_secrets",
    "secret_paths",
    "take_secrets",
    "top_name",
    "with_defaults",
    "without_odd",
]

Path = tuple[str, ...]
# Values have whatever types the module's schema gives them: this file is where they are checked.
Values = dict[str, Any]

MAX_PROBLEMS = 50
_DEEPEST = 32
_TOP_NAME = re.compile(r"\$(?:\.([^.\[]+)|\['((?:[^'\\]|\\.)*)'\])")


class FieldProblem(msgspec.Struct, frozen=True):
    """One value that the schema does not accept."""

    path: str
    message: str


class SettingsError(InvalidInputError):
    """The values do not fit the module's schema; `errors` lists every one of them."""

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        first = errors[0]
        super().__init__(f"{first.path}: {first.message}", field=first.path)
        self.errors = tuple(errors)


def secret_paths(schema: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return where the schema has secrets."""
    return tuple(_secret_paths(schema, ()))


def _secret_paths(schema: Mapping[str, Any], path: Path) -> Iterator[Path]:
    for name, part in _properties(schema).items():
        here = (*path, name)
        if part.get("format") == "secret":
            yield here
        elif len(here) < _DEEPEST:
            yield from _secret_paths(part, here)


def _properties(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return {}
    return {name: part for name, part in properties.items() if isinstance(part, dict)}


def with_defaults(schema: Mapping[str, Any], values: Mapping[str, Any]) -> Values:
    """Return a copy of the values with every missing one that the schema has a default for."""
    return _with_defaults(schema, copy.deepcopy(dict(values)), 0)


def _with_defaults(schema: Mapping[str, Any], values: Values, depth: int) -> Values:
    for name, part in _properties(schema).items():
        if part.get("format") == "secret":
            # A default in a public file is no secret, and must not look like one that was set.
            continue
        if name not in values and "default" in part:
            values[name] = copy.deepcopy(part["default"])
        inner = values.get(name)
        if inner is None and name not in values and "properties" in part:
            filled = _with_defaults(part, {}, depth + 1) if depth < _DEEPEST else {}
            if filled:
                values[name] = filled
        elif isinstance(inner, dict) and depth < _DEEPEST:
            _with_defaults(part, inner, depth + 1)
    return values


def check(schema: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raise SettingsError when the schema does not accept the values; may take a while."""
    # The library costs a tenth of a second to import, and many homes never change a setting.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    if patterns_of(schema) and has_long_text(values):
        message = f"a text is longer than {LONGEST_MATCHED_TEXT} characters"
        raise SettingsError([FieldProblem("$", message)])
    # An empty registry: a "$ref" to an address must not make the core fetch it.
    validator = Draft202012Validator(dict(schema) | {"type": "object"}, registry=Registry())
    secrets = secret_paths(schema)
    try:
        found = [
            FieldProblem(error.json_path, _message(error, secrets))
            for error, _ in zip(validator.iter_errors(dict(values)), range(MAX_PROBLEMS))  # noqa: B905
        ]
    except (RecursionError, SchemaError, Unresolvable, TypeError, ValueError) as error:
        problem = FieldProblem("$", "The module's settings schema itself cannot be used.")
        raise SettingsError([problem]) from error
    if found:
        raise SettingsError(sorted(found, key=lambda problem: problem.path))


def _message(error: ValidationError, secrets: Sequence[Path]) -> str:
    """Say what is wrong, without the value where a secret is in it."""
    path = tuple(str(part) for part in error.absolute_path)
    names_only = error.validator in ("required", "additionalProperties")
    if not names_only and any(
        secret[: len(path)] == path or path[: len(secret)] == secret for secret in secrets
    ):
        return f"does not keep to the rule '{error.validator}'"
    return error.message if len(error.message) <= 300 else f"{error.message[:300]}…"


def take_secrets(
    paths: Sequence[Path], values: Mapping[str, Any]
) -> tuple[Values, dict[Path, str | None]]:
    """Part the values from the secrets: a text is a new one, None removes it, absent keeps it.

    A form sends back what it was shown (`{"set": true}`); that keeps the secret too.
    """
    public = copy.deepcopy(dict(values))
    changes: dict[Path, str | None] = {}
    for path in paths:
        parent = _parent(public, path)
        if parent is None or path[-1] not in parent:
            continue
        match parent.pop(path[-1]):
            case str() as text if text:
                changes[path] = text
            case None | "" | {"set": False}:
                changes[path] = None
            case {"set": True}:
                pass
            case _:
                name = "$." + ".".join(path)
                raise SettingsError([FieldProblem(name, "expected a text, or null to remove it")])
    return public, changes


def put_secrets(values: Mapping[str, Any], secrets: Mapping[Path, Any]) -> Values:
    """Return a copy of the values with something at each secret's place."""
    complete = copy.deepcopy(dict(values))
    for path, value in secrets.items():
        place = complete
        for name in path[:-1]:
            inner = place.setdefault(name, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[path[-1]] = value
    return complete


def mask(values: Mapping[str, Any], are_set: Mapping[Path, bool]) -> Values:
    """Return what a browser may see: of a secret only whether there is one."""
    return put_secrets(values, {path: {"set": is_set} for path, is_set in are_set.items()})


def without_odd(paths: Sequence[Path], values: Mapping[str, Any]) -> Values:
    """Return a copy without what stands at a secret's place: it was stored when that was none."""
    plain = copy.deepcopy(dict(values))
    for path in paths:
        parent = _parent(plain, path)
        if parent is not None:
            parent.pop(path[-1], None)
    return plain


def top_name(json_path: str) -> str:
    """Return the first name of a JSON path (`$.colors[1]` → `colors`)."""
    match = _TOP_NAME.match(json_path)
    return (match[1] or match[2]).replace("\\'", "'") if match else ""


def _parent(values: Values, path: Path) -> Values | None:
    place: Any = values
    for name in path[:-1]:
        place = place.get(name) if isinstance(place, dict) else None
    return place if isinstance(place, dict) else None
