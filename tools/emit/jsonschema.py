"""JSON Schema from the protocol's types: one for `manifest.json`, one for what travels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import inspect as msi

from streamcore.protocol import PROTOCOL_VERSION
from streamcore.protocol.manifest import Manifest
from tools.emit.shapes import GENERATED, Shapes, paragraphs

__all__ = ["as_text", "manifest_schema", "protocol_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/{name}"

_MANIFEST_RULES: Mapping[str, Mapping[str, Any]] = {
    "id": {"pattern": "^[a-z][a-z0-9_]{2,49}$"},
    "version": {"pattern": r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$"},
    "entry_point": {"pattern": r"^[^/\\].*\.py$"},
    "permissions": {"uniqueItems": True},
    "requirements": {"uniqueItems": True},
    "settings": {"$ref": _DIALECT},
}
"""What an editor can tell an author at once; `streamcore module check` knows every rule."""


def manifest_schema() -> dict[str, Any]:
    """Return the schema of `manifest.json`; unknown keys are a warning there, so they pass here."""
    (_,), parts = _components([Manifest])
    manifest = parts.pop("Manifest")
    for name, rules in _MANIFEST_RULES.items():
        manifest["properties"][name].update(rules)
    return {
        "$comment": GENERATED,
        "$schema": _DIALECT,
        "$id": f"urn:streamcore:manifest:{PROTOCOL_VERSION}",
        **manifest,
        "anyOf": [{"required": ["entry_point"]}, {"required": ["views"]}],
        "$defs": parts,
    }


def protocol_schema(shapes: Shapes) -> dict[str, Any]:
    """Return the schema of events, commands and frames, each under its name in `$defs`."""
    travelling = (*shapes.events, *shapes.commands, *shapes.frames)
    _, definitions = _components(struct.cls for struct in travelling)
    for struct in (*travelling, *shapes.parts):
        if struct.cls.__name__ in definitions:
            _add_formats(definitions[struct.cls.__name__], struct)
    return {
        "$comment": GENERATED,
        "$schema": _DIALECT,
        "$id": f"urn:streamcore:protocol:{PROTOCOL_VERSION}",
        "title": "StreamCore protocol",
        "anyOf": [_reference("AnyEvent"), _reference("AnyCommand")],
        "$defs": {
            "AnyEvent": _one_of("Every event, told apart by `type`.", "type", shapes.events),
            "AnyCommand": _one_of("Every command, told apart by `cmd`.", "cmd", shapes.commands),
            **definitions,
        },
    }


def as_text(document: Mapping[str, Any]) -> str:
    """Write a document so that line one says that it is generated."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return text.replace("{\n  ", "{ ", 1) + "\n"


def _components(types: Iterable[type]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    roots, definitions = msgspec.json.schema_components(
        types, schema_hook=_anything, ref_template=_REFERENCE
    )
    for definition in definitions.values():
        # Newer Pythons dedent docstrings; what is generated must not depend on that.
        if "description" in definition:
            definition["description"] = "\n\n".join(paragraphs(definition["description"]))
    return roots, definitions


def _anything(custom: type) -> dict[str, Any]:
    if custom is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError(custom)


def _add_formats(schema: dict[str, Any], struct: msi.StructType) -> None:
    """Mark times; msgspec leaves the format out of a `datetime` whose zone it does not know."""
    for field in struct.fields:
        options = field.type.types if isinstance(field.type, msi.UnionType) else (field.type,)
        if any(isinstance(option, msi.DateTimeType) for option in options):
            found = schema["properties"][field.encode_name]
            for option in found.get("anyOf", [found]):
                if option.get("type") == "string":
                    option["format"] = "date-time"


def _one_of(text: str, tag: str, structs: Iterable[msi.StructType]) -> dict[str, Any]:
    structs = tuple(structs)
    return {
        "description": text,
        "oneOf": [_reference(struct.cls.__name__) for struct in structs],
        "discriminator": {
            "propertyName": tag,
            "mapping": {
                str(struct.tag): _REFERENCE.format(name=struct.cls.__name__) for struct in structs
            },
        },
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=name)}
