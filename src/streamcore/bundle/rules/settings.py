"""Settings: a schema that the dashboard draws a form from."""

from __future__ import annotations

from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, show
from streamcore.bundle.rules._json_schema import schema_problems

__all__ = ["check_settings"]

_PATH = "$.settings"


def check_settings(facts: Facts) -> Iterator[Problem]:
    """A valid schema of an object; secrets are texts, or they could not be kept apart."""
    settings = facts.manifest.get("settings", {})
    if settings == {}:
        return
    yield from schema_problems(facts, _PATH, settings)
    if not isinstance(settings, dict):
        return
    if settings.get("type") != "object":
        found = show(settings["type"]) if "type" in settings else "no type"
        hint = 'such as {"type": "object", "properties": {…}}'
        yield facts.error(join(_PATH, "type"), '"object"', found, hint)
    properties = settings.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(part, dict) or part.get("format") != "secret":
            continue
        if part.get("type") != "string":
            path = join(join(_PATH, "properties"), name)
            yield facts.error(join(path, "type"), '"string" for a secret', show(part.get("type")))
