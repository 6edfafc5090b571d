"""Settings against a module's schema, as values alone."""

from __future__ import annotations

from typing import Any

import pytest

from streamcore.core.errors import InvalidInputError
from streamcore.core.modules import settings as rules
from streamcore.core.modules.settings import SettingsError

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "greeting": {"type": "string", "default": "Hi", "maxLength": 10},
        "volume": {"type": "integer", "minimum": 0, "maximum": 100, "default": 50},
        "colors": {"type": "array", "items": {"type": "string", "pattern": "^#[0-9a-f]{6}$"}},
        "service": {
            "type": "object",
            "properties": {
                "token": {"type": "string", "format": "secret", "minLength": 5},
                "retries": {"type": "integer", "default": 3},
            },
        },
    },
    "required": ["greeting"],
    "additionalProperties": False,
}
TOKEN = ("service", "token")


def problems(values: dict[str, Any], schema: dict[str, Any] | None = None) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        rules.check(schema or SCHEMA, values)
    return {problem.path: problem.message for problem in caught.value.errors}


def test_defaults_fill_what_is_missing_at_every_depth() -> None:
    assert rules.with_defaults(SCHEMA, {"volume": 7}) == {
        "greeting": "Hi",
        "volume": 7,
        "service": {"retries": 3},
    }


def test_defaults_leave_the_given_values_and_the_schema_alone() -> None:
    schema: dict[str, Any] = {"properties": {"list": {"default": []}}}
    given: dict[str, Any] = {}
    rules.with_defaults(schema, given)["list"].append(1)
    assert given == {}
    assert rules.with_defaults(schema, {}) == {"list": []}


def test_a_default_of_a_secret_is_none() -> None:
    schema = {"properties": {"key": {"type": "string", "format": "secret", "default": "public"}}}
    assert rules.with_defaults(schema, {}) == {}


def test_good_values_are_accepted() -> None:
    rules.check(SCHEMA, {"greeting": "Привет", "volume": 0, "colors": ["#00ff00"]})


def test_every_problem_is_told_with_its_place() -> None:
    found = problems({"volume": 101, "colors": ["#00ff00", "red"], "extra": 1})
    assert set(found) == {"$", "$.volume", "$.colors[1]"}
    assert "greeting" in found["$"] or "extra" in found["$"]
    assert "maximum of 100" in found["$.volume"]


def test_a_message_never_holds_a_secret() -> None:
    found = problems({"greeting": "Hi", "service": {"token": "s3cr", "retries": "x"}})
    assert found["$.service.token"] == "does not keep to the rule 'minLength'"
    schema = {**SCHEMA, "anyOf": [{"required": ["never"]}], "minProperties": 9}
    values = {"greeting": "Hi", "service": {"token": "s3cret-s3cret"}}
    assert "s3cret" not in "".join(problems(values, schema).values())


@pytest.mark.parametrize("part", [{"type": 5}, {"$ref": "#/nowhere"}, {"minimum": "low"}])
def test_a_schema_that_is_none_is_told_as_such(part: dict[str, Any]) -> None:
    found = problems({"x": 1}, {"properties": {"x": part}})
    assert found == {"$": "The module's settings schema itself cannot be used."}


def test_a_reference_to_an_address_is_not_fetched() -> None:
    schema = {"properties": {"x": {"$ref": "http://127.0.0.1:9/schema.json"}}}
    with pytest.raises(InvalidInputError):
        rules.check(schema, {"x": 1})


def test_where_the_secrets_are() -> None:
    assert rules.secret_paths(SCHEMA) == (TOKEN,)


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ("new-token", {TOKEN: "new-token"}),
        (None, {TOKEN: None}),
        ("", {TOKEN: None}),
        ({"set": False}, {TOKEN: None}),
        ({"set": True}, {}),
    ],
)
def test_a_secret_is_taken_out_of_the_values(given: object, change: dict[Any, Any]) -> None:
    plain, changes = rules.take_secrets((TOKEN,), {"service": {"token": given, "retries": 1}})
    assert plain == {"service": {"retries": 1}}
    assert changes == change


def test_a_secret_left_out_is_left_alone() -> None:
    assert rules.take_secrets((TOKEN,), {"volume": 1}) == ({"volume": 1}, {})


@pytest.mark.parametrize("given", [5, ["x"], {"set": 1}, {"value": "x"}, True])
def test_a_secret_that_is_no_text_is_refused(given: object) -> None:
    with pytest.raises(SettingsError):
        rules.take_secrets((TOKEN,), {"service": {"token": given}})


def test_a_browser_sees_only_whether_a_secret_is_set() -> None:
    assert rules.mask({"volume": 1}, {TOKEN: True}) == {
        "volume": 1,
        "service": {"token": {"set": True}},
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [("$.colors[1]", "colors"), ("$", ""), ("$['a b'].c", "a b"), ("$.service.token", "service")],
)
def test_the_first_name_of_a_path(path: str, name: str) -> None:
    assert rules.top_name(path) == name
