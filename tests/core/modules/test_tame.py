"""Which patterns and schemas are refused because they could run for ever."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from streamcore.core.errors import InvalidInputError
from streamcore.core.modules.tame import LONGEST_MATCHED_TEXT, has_long_text, is_tame, patterns_of

TAME = [
    r"^#[0-9a-fA-F]{6}$",
    r"^[a-z0-9_]+$",
    r"^https?://[^ ]+$",
    r"^\d{1,3}(,\d{1,3})?$",
    r"^[A-Z]{3}$",
    r"^\d+-\d+$",
    r"!\w+",
    r"^(yes|no)$",
    r"^.{2000}$",
    "",
]
WILD = [
    r"^(a+)+$",
    r"^(a*)*$",
    r"^([a-z]+)*!$",
    r"^(a|aa)+$",
    r"^(a|a?)+$",
    r"^(.*a){20}$",
    r"(a+){2,}b",
    r"^(\w+\s?)*$",
    r"a*a*a*a*a*b",
    r"\d+\d+x",
    r"(.*)\1",
    r"(?=.*a)(?=.*b)x",
    r"x" * 501,
    r"(",
    r"(?P<n>a+)(?P=n)+",
]


@pytest.mark.parametrize("pattern", TAME)
def test_ordinary_patterns_are_allowed(pattern: str) -> None:
    assert is_tame(pattern)
    assert patterns_of({"properties": {"x": {"pattern": pattern}}}) == {pattern}


@pytest.mark.parametrize("pattern", WILD)
def test_patterns_that_could_run_for_ever_are_refused(pattern: str) -> None:
    assert not is_tame(pattern)
    schemas: list[dict[str, Any]] = [
        {"properties": {"x": {"items": [{"anyOf": [{"pattern": pattern}]}]}}},
        {"$defs": {"x": {"pattern": pattern}}},
        {"patternProperties": {pattern: {}}},
    ]
    for schema in schemas:
        with pytest.raises(InvalidInputError):
            patterns_of(schema)


@pytest.mark.parametrize("pattern", TAME)
def test_an_allowed_pattern_is_quick_on_the_longest_text(pattern: str) -> None:
    compiled = re.compile(pattern)
    begun = time.process_time()
    for text in ("a" * LONGEST_MATCHED_TEXT, "1" * LONGEST_MATCHED_TEXT, "-1" * 2000):
        compiled.search(text + "\n")
    assert time.process_time() - begun < 5


def test_a_longer_text_is_noticed_wherever_it_is() -> None:
    long = "x" * (LONGEST_MATCHED_TEXT + 1)
    assert has_long_text({"a": [{"b": long}]})
    assert has_long_text({long: 1})
    assert not has_long_text({"a": ["x" * LONGEST_MATCHED_TEXT, 1, None]})


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "https://evil.example/schema.json"},
        {"$ref": "other.json#/x"},
        {"$dynamicRef": "#node"},
        {
            "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)},
            "properties": {"x": {"$ref": "#/$defs/d0"}},
        },
    ],
    ids=["itself", "an address", "a file", "dynamic", "doubling"],
)
def test_references_that_lead_out_or_multiply_are_refused(schema: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        patterns_of(schema)


def test_a_reference_inside_is_followed() -> None:
    schema = {"$defs": {"a/b": {"pattern": "^x$"}}, "properties": {"p": {"$ref": "#/$defs/a~1b"}}}
    assert patterns_of(schema) == {"^x$"}
