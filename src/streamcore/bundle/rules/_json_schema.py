"""Whether something is a JSON Schema (2020-12) that is safe to check values with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show

__all__ = ["schema_problems"]

_EXPECTED = "a JSON Schema (2020-12)"
_DEFINITION = re.compile(r"#/\$defs/([^/~%]+)")
_REFERENCES = ("$dynamicRef", "$id", "$anchor", "$dynamicAnchor", "$recursiveRef", "$vocabulary")
_MAX_PROBLEMS = 20


def schema_problems(facts: Facts, path: str, schema: object) -> Iterator[Problem]:
    """Say what is wrong with a schema, its references and its default values."""
    if not isinstance(schema, dict):
        yield facts.error(path, _EXPECTED, show(schema))
        return
    problems = list(_grammar_problems(facts, path, schema))
    problems += _reference_problems(facts, path, schema)
    if not problems:
        problems += _default_problems(facts, path, schema)
    yield from problems[:_MAX_PROBLEMS]


def _grammar_problems(facts: Facts, path: str, schema: Mapping[str, object]) -> Iterator[Problem]:
    # Its import takes as long as that of a whole web framework; most modules have no schema.
    from jsonschema import Draft202012Validator

    seen: set[str] = set()
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema):
        place = path
        for key in error.absolute_path:
            place = join(place, key)
        if place not in seen:  # the vocabularies of the standard overlap
            seen.add(place)
            yield facts.error(place, _expected(error.schema), show(error.instance))
    for place, node in _nodes(path, schema):
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            try:
                re.compile(pattern)
            except re.error as error:
                yield facts.error(join(place, "pattern"), "a regular expression", str(error))


def _expected(schema: object) -> str:
    wanted = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(wanted, str):
        return f"{_EXPECTED}: a value of type {wanted}"
    if isinstance(wanted, list):
        return f"{_EXPECTED}: a value of type {' or '.join(map(str, wanted))}"
    return _EXPECTED


def _reference_problems(facts: Facts, path: str, schema: Mapping[str, object]) -> Iterator[Problem]:
    definitions = schema.get("$defs")
    names = set(definitions) if isinstance(definitions, dict) else set()
    for place, node in _nodes(path, schema):
        for keyword in _REFERENCES:
            if keyword in node:
                yield facts.error(join(place, keyword), "references by $ref only", show(keyword))
        if "$ref" in node:
            match = _DEFINITION.fullmatch(str(node["$ref"]))
            if match is None or match[1] not in names:
                expected = "a reference to a name under $defs of the same schema"
                yield facts.error(join(place, "$ref"), expected, show(node["$ref"]))
    if isinstance(definitions, dict) and (name := _circular(definitions)) is not None:
        place = join(join(path, "$defs"), name)
        yield facts.error(place, "definitions that do not lead back to themselves", show(name))


def _circular(definitions: Mapping[str, object]) -> str | None:
    """Return a definition that reaches itself: checking a value by it would never end."""
    uses = {name: _used(definition) for name, definition in definitions.items()}
    for name in uses:
        reached: set[str] = set()
        waiting = list(uses[name])
        while waiting:
            other = waiting.pop()
            if other == name:
                return name
            if other not in reached:
                reached.add(other)
                waiting += uses.get(other, ())
    return None


def _used(definition: object) -> set[str]:
    references = (str(node.get("$ref")) for _, node in _nodes("$", definition))
    return {match[1] for text in references if (match := _DEFINITION.fullmatch(text))}


def _default_problems(facts: Facts, path: str, schema: Mapping[str, object]) -> Iterator[Problem]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema)
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(part, dict) or "default" not in part:
            continue
        for error in validator.evolve(schema=part).iter_errors(part["default"]):
            place = join(join(join(path, "properties"), name), "default")
            yield facts.error(place, "a default that the schema allows", error.message[:200])


def _nodes(path: str, value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every object below a value with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            if key not in ("default", "const", "enum", "examples"):
                yield from _nodes(join(path, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nodes(join(path, index), item)
