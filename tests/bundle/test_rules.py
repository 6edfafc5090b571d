"""The corpus of manifests: each case breaks one rule, or is just allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamcore.bundle import read_bundle
from streamcore.bundle.rules.identity import RESERVED_IDS
from streamcore.protocol.permissions import Permission
from tests.bundle.folders import make_folder, one, read_with

_VIEW = {"id": "overlay", "path": "overlay.html"}


def _schema(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties}


def _nested(depth: int) -> dict[str, object]:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(depth):
        schema = _schema(inner=schema)
    return schema


@pytest.mark.parametrize(
    ("changes", "path", "hint"),
    [
        # id
        pytest.param({"id": 5}, "$.id", "", id="id a number"),
        pytest.param({"id": "other_bot"}, "$.id", "rename", id="id of another folder"),
        # name, description and the like
        pytest.param({"name": ""}, "$.name", "", id="name empty"),
        pytest.param({"name": "  "}, "$.name", "", id="name blank"),
        pytest.param({"name": "x" * 61}, "$.name", "", id="name long"),
        pytest.param({"name": None}, "$.name", "", id="name null"),
        pytest.param({"name": "a\nb"}, "$.name", "", id="name with line break"),
        pytest.param({"name": "a\u202eb"}, "$.name", "", id="name turned around"),
        pytest.param({"name": {}}, "$.name", "en", id="name in no language"),
        pytest.param({"name": {"en": ""}}, "$.name.en", "", id="name empty in English"),
        pytest.param({"name": {"english": "Bot"}}, "$.name.english", "", id="name language"),
        pytest.param({"description": 1}, "$.description", "", id="description a number"),
        pytest.param({"description": "x" * 2001}, "$.description", "", id="description long"),
        pytest.param({"author": ["me"]}, "$.author", "", id="author a list"),
        pytest.param({"homepage": "javascript:alert(1)"}, "$.homepage", "", id="homepage script"),
        pytest.param({"homepage": "example.com"}, "$.homepage", "", id="homepage no scheme"),
        pytest.param({"tags": "chat"}, "$.tags", "", id="tags a text"),
        pytest.param({"tags": ["x" * 31]}, "$.tags[0]", "", id="tag long"),
        # versions
        pytest.param({"version": "1"}, "$.version", '"1.0.0"', id="version short"),
        pytest.param({"version": "v1.2"}, "$.version", '"1.2.0"', id="version with v"),
        pytest.param({"version": 1.5}, "$.version", '"1.5.0"', id="version a number"),
        pytest.param({"version": "01.0.0"}, "$.version", "", id="version leading zero"),
        pytest.param({"version": "1.0.0-"}, "$.version", "", id="version empty pre-release"),
        pytest.param({"version": "1.0.0\n"}, "$.version", "", id="version with line break"),
        pytest.param({"version": "١.0.0"}, "$.version", "", id="version Arabic digits"),
        pytest.param({"streamcore": "latest"}, "$.streamcore", "", id="range a word"),
        pytest.param({"streamcore": 1}, "$.streamcore", "", id="range a number"),
        pytest.param({"streamcore": ">=900"}, "$.streamcore", "update", id="range newer"),
        # entry point
        pytest.param({"entry_point": ""}, "$.entry_point", "", id="entry empty"),
        pytest.param({"entry_point": None}, "$.entry_point", "", id="entry null"),
        pytest.param({"entry_point": "main.py"}, "$.entry_point", "", id="entry absent"),
        pytest.param({"entry_point": "backnd.py"}, "$.entry_point", '"backend.py"', id="typo"),
        pytest.param({"entry_point": "../x.py"}, "$.entry_point", "..", id="entry above"),
        pytest.param({"entry_point": "a/../backend.py"}, "$.entry_point", "..", id="entry dots"),
        pytest.param({"entry_point": "./backend.py"}, "$.entry_point", "..", id="entry dot"),
        pytest.param({"entry_point": "/etc/x.py"}, "$.entry_point", "..", id="entry absolute"),
        pytest.param({"entry_point": "C:\\x.py"}, "$.entry_point", "..", id="entry drive"),
        pytest.param({"entry_point": "C:x.py"}, "$.entry_point", "..", id="entry drive relative"),
        pytest.param({"entry_point": "a\\b.py"}, "$.entry_point", "..", id="entry backslash"),
        pytest.param({"entry_point": "\\\\h\\x.py"}, "$.entry_point", "..", id="entry share"),
        pytest.param({"entry_point": "backend.py::$DATA"}, "$.entry_point", "..", id="stream"),
        pytest.param({"entry_point": "backend.py\0"}, "$.entry_point", "..", id="entry zero"),
        pytest.param({"entry_point": "a//backend.py"}, "$.entry_point", "..", id="two slashes"),
        pytest.param({"entry_point": "backend.py -v"}, "$.entry_point", "", id="arguments"),
        pytest.param({"entry_point": "manifest.json"}, "$.entry_point", "", id="entry no code"),
        pytest.param({"entry_point": "dist"}, "$.entry_point", "", id="entry a folder"),
        # requirements
        pytest.param({"requirements": "twitch"}, "$.requirements", "", id="requirements a text"),
        pytest.param({"requirements": [1]}, "$.requirements[0]", "", id="platform a number"),
        pytest.param({"requirements": ["Twitch"]}, "$.requirements[0]", "twitch", id="capital"),
        pytest.param({"requirements": ["*", "twitch"]}, "$.requirements[0]", "", id="not alone"),
        pytest.param({"requirements": ["a b"]}, "$.requirements[0]", "", id="platform space"),
        # permissions
        pytest.param({"permissions": {}}, "$.permissions", "", id="permissions an object"),
        pytest.param(
            {"permissions": ["chat_read", "chat_sent"]},
            "$.permissions[1]",
            'did you mean "chat_send"?',
            id="permission typo",
        ),
        pytest.param({"permissions": ["*"]}, "$.permissions[0]", "", id="permission star"),
        pytest.param({"permissions": ["CHAT_SEND"]}, "$.permissions[0]", "", id="capitals"),
        pytest.param({"permissions": [None]}, "$.permissions[0]", "", id="permission null"),
        # views
        pytest.param({"views": {}}, "$.views", "", id="views an object"),
        pytest.param({"views": ["overlay"]}, "$.views[0]", "", id="view a text"),
        pytest.param({"views": [{"path": "overlay.html"}]}, "$.views[0].id", "", id="view no id"),
        pytest.param({"views": [_VIEW, _VIEW]}, "$.views[1].id", "", id="view id again"),
        pytest.param({"views": [{**_VIEW, "id": "A/B"}]}, "$.views[0].id", "", id="view id"),
        pytest.param({"views": [{"id": "a"}]}, "$.views[0].path", "", id="view no path"),
        pytest.param(
            {"views": [{**_VIEW, "path": "dist/overlay.html"}]},
            "$.views[0].path",
            'leave dist/ out: "overlay.html"',
            id="view path with dist",
        ),
        pytest.param(
            {"views": [{**_VIEW, "path": "overlai.html"}]},
            "$.views[0].path",
            '"overlay.html"',
            id="view path typo",
        ),
        pytest.param(
            {"views": [{**_VIEW, "path": "../manifest.html"}]},
            "$.views[0].path",
            "",
            id="view above",
        ),
        pytest.param({"views": [{**_VIEW, "kind": "page"}]}, "$.views[0].kind", "", id="kind"),
        pytest.param({"views": [{**_VIEW, "kind": []}]}, "$.views[0].kind", "", id="kind list"),
        pytest.param({"views": [{**_VIEW, "width": 0}]}, "$.views[0].width", "", id="width 0"),
        pytest.param({"views": [{**_VIEW, "height": True}]}, "$.views[0].height", "", id="bool"),
        pytest.param({"views": [{**_VIEW, "title": 1}]}, "$.views[0].title", "", id="title"),
        # settings and state
        pytest.param({"settings": []}, "$.settings", "", id="settings a list"),
        pytest.param({"settings": {"properties": {}}}, "$.settings.type", "object", id="no type"),
        pytest.param(
            {"settings": _schema(a={"type": "objekt"})},
            "$.settings.properties.a.type",
            "",
            id="schema type",
        ),
        pytest.param(
            {"settings": _schema(a=3)}, "$.settings.properties.a", "", id="schema a number"
        ),
        pytest.param(
            {"settings": {**_schema(), "required": "a"}},
            "$.settings.required",
            "",
            id="schema required",
        ),
        pytest.param(
            {"settings": _schema(a={"type": "string", "pattern": "("})},
            "$.settings.properties.a.pattern",
            "",
            id="schema pattern",
        ),
        pytest.param(
            {"settings": _schema(a={"type": "integer", "default": "x"})},
            "$.settings.properties.a.default",
            "",
            id="schema default",
        ),
        pytest.param(
            {"settings": _schema(a={"$ref": "https://example.com/schema"})},
            '$.settings.properties.a["$ref"]',
            "",
            id="schema from the network",
        ),
        pytest.param(
            {"settings": _schema(a={"$ref": "#"})},
            '$.settings.properties.a["$ref"]',
            "",
            id="schema of itself",
        ),
        pytest.param(
            {"settings": {**_schema(), "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}},
            '$.settings["$defs"].a',
            "",
            id="schema without end",
        ),
        pytest.param(
            {"settings": {**_schema(), "$id": "https://example.com/"}},
            '$.settings["$id"]',
            "",
            id="schema with an id",
        ),
        pytest.param(
            {"settings": _schema(a={"type": "object", "format": "secret"})},
            "$.settings.properties.a.type",
            "",
            id="secret an object",
        ),
        pytest.param({"state": []}, "$.state", "", id="state a list"),
        pytest.param({"state": {"a": {"type": 1}}}, "$.state.a.type", "", id="state schema"),
        # network
        pytest.param({"network": "a.com"}, "$.network", "", id="network a text"),
        pytest.param(
            {"network": ["https://api.example.com/v1"]},
            "$.network[0]",
            "the name alone: api.example.com",
            id="host with scheme",
        ),
        pytest.param(
            {"network": ["example.com:443"]}, "$.network[0]", "example.com", id="host with port"
        ),
        pytest.param({"network": ["*.example.com"]}, "$.network[0]", "", id="host pattern"),
        pytest.param({"network": ["*"]}, "$.network[0]", "", id="host star"),
        pytest.param({"network": ["127.0.0.1"]}, "$.network[0]", "", id="host address"),
        pytest.param({"network": ["2130706433"]}, "$.network[0]", "", id="host number"),
        pytest.param({"network": ["[::1]"]}, "$.network[0]", "", id="host v6"),
        pytest.param({"network": ["localhost"]}, "$.network[0]", "", id="host local"),
        pytest.param({"network": ["a.localhost"]}, "$.network[0]", "", id="host below local"),
        pytest.param({"network": ["printer.local"]}, "$.network[0]", "", id="host of the LAN"),
        pytest.param({"network": ["Example.com"]}, "$.network[0]", "example.com", id="capital"),
        pytest.param({"network": ["пример.рф"]}, "$.network[0]", "", id="host not ASCII"),
        pytest.param({"network": ["a@example.com"]}, "$.network[0]", "example.com", id="user"),
        pytest.param({"network": ["example.com."]}, "$.network[0]", "", id="host dot"),
        # calls, catch-up
        pytest.param({"calls": ["Goals!"]}, "$.calls[0]", "", id="call of no id"),
        pytest.param({"calls": ["my_super_bot"]}, "$.calls[0]", "", id="call of itself"),
        pytest.param(
            {"catch_up": ["chat_mesage"]}, "$.catch_up[0]", '"chat_message"', id="event typo"
        ),
        pytest.param({"catch_up": ["viewer_count"]}, "$.catch_up[0]", "", id="event not logged"),
        # dependencies
        pytest.param(
            {"python_dependencies": ["example"]}, "$.python_dependencies[0]", "", id="any version"
        ),
        pytest.param(
            {"python_dependencies": ["example>=1"]}, "$.python_dependencies[0]", "", id="range"
        ),
        pytest.param(
            {"python_dependencies": ["example==1.*"]}, "$.python_dependencies[0]", "", id="star"
        ),
        pytest.param(
            {"python_dependencies": ["example @ https://example.com/x.whl"]},
            "$.python_dependencies[0]",
            "",
            id="dependency address",
        ),
        pytest.param(
            {"python_dependencies": ["--index-url=x"]},
            "$.python_dependencies[0]",
            "",
            id="dependency option",
        ),
        # limits
        pytest.param({"limits": 5}, "$.limits", "", id="limits a number"),
        pytest.param({"limits": {"memory_mb": 1e9}}, "$.limits.memory_mb", "", id="limit float"),
        pytest.param({"limits": {"memory_mb": 10**6}}, "$.limits.memory_mb", "", id="ceiling"),
        pytest.param({"limits": {"cpu_percent": 0}}, "$.limits.cpu_percent", "", id="floor"),
        pytest.param({"limits": {"processes": True}}, "$.limits.processes", "", id="limit bool"),
    ],
)
def test_a_broken_rule_is_one_problem_at_its_place(
    tmp_path: Path, changes: dict[str, object], path: str, hint: str
) -> None:
    bundle = read_with(tmp_path, **changes)
    assert bundle.manifest is None
    problem = one(bundle.problems)
    assert problem.file == "manifest.json"
    assert problem.path == path
    assert hint in problem.hint


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"name": {"ru": "Бот", "en-GB": "Bot"}}, id="name in one of many"),
        pytest.param({"version": "1.0.0-rc.1+build.5"}, id="pre-release"),
        pytest.param({"streamcore": ""}, id="any core"),
        pytest.param({"requirements": ["*"]}, id="every platform"),
        pytest.param({"requirements": []}, id="no platform"),
        pytest.param({"permissions": []}, id="no permission"),
        pytest.param({"permissions": [str(p) for p in Permission]}, id="all permissions"),
        pytest.param({"settings": {}}, id="no settings"),
        pytest.param({"settings": _nested(8)}, id="settings in settings"),
        pytest.param(
            {
                "settings": {
                    **_schema(a={"$ref": "#/$defs/colour", "default": "#fff"}),
                    "$defs": {"colour": {"type": "string", "pattern": "^#"}},
                }
            },
            id="settings with definitions",
        ),
        pytest.param(
            {"network": ["api.example.com"], "permissions": ["network"]}, id="network, asked for"
        ),
        pytest.param({"limits": {}}, id="default limits"),
        pytest.param({"$schema": "manifest.schema.json"}, id="a schema for editors"),
    ],
)
def test_what_is_allowed_has_no_problem(tmp_path: Path, changes: dict[str, object]) -> None:
    bundle = read_with(tmp_path, **changes)
    assert bundle.problems == ()
    assert bundle.manifest is not None


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"unknown": 1}, "$.unknown", id="unknown key"),
        pytest.param({"un known": 1}, '$["un known"]', id="unknown key with space"),
        pytest.param({"limits": {"memory": 1}}, "$.limits.memory", id="unknown limit"),
        pytest.param({"views": [{**_VIEW, "url": ""}]}, "$.views[0].url", id="unknown in a view"),
        pytest.param({"name": "Тwitch Chat"}, "$.name", id="two alphabets in a word"),
        pytest.param({"network": ["example.com"]}, "$.network", id="hosts, not asked for"),
        pytest.param({"permissions": ["modules_call"]}, "$.permissions", id="calls of nobody"),
        pytest.param({"catch_up": ["donation"]}, "$.catch_up[0]", id="event, not asked for"),
        pytest.param(
            {"permissions": ["chat_read", "chat_read"]}, "$.permissions[1]", id="asked for twice"
        ),
    ],
)
def test_what_is_odd_is_a_warning_only(
    tmp_path: Path, changes: dict[str, object], path: str
) -> None:
    bundle = read_with(tmp_path, **changes)
    assert bundle.manifest is not None
    assert path in [warning.path for warning in bundle.warnings]


@pytest.mark.parametrize("name", ["Twitch чат", "Чат-бот 2.0", "Ωmega bot", "日本語 bot"])
def test_words_of_different_alphabets_may_stand_beside_each_other(
    tmp_path: Path, name: str
) -> None:
    assert read_with(tmp_path, name=name).problems == ()
    assert (read_with(tmp_path, name=name).warnings == ()) is (name != "Ωmega bot")


@pytest.mark.parametrize(
    "module_id",
    ["ab", "1bot", "_bot", "Bot", "my-bot", "my bot", "bot.exe", "бот", "b" * 51, "bоt"],
)
def test_an_id_of_another_form_is_refused(tmp_path: Path, module_id: str) -> None:
    bundle = read_bundle(make_folder(tmp_path, folder_name=module_id, id=module_id))
    assert one(bundle.problems).path == "$.id"


@pytest.mark.parametrize("module_id", ["../bot", "a/b", "", ".", "..", "con", "bot\n"])
def test_an_id_that_no_folder_has_is_refused(tmp_path: Path, module_id: str) -> None:
    bundle = read_with(tmp_path, id=module_id)
    assert {problem.path for problem in bundle.problems} == {"$.id"}


@pytest.mark.parametrize("module_id", ["core", "dashboard", "streamcore", "sdk", "nul", "com1"])
def test_a_reserved_id_is_refused(tmp_path: Path, module_id: str) -> None:
    bundle = read_bundle(make_folder(tmp_path, folder_name=module_id, id=module_id))
    assert "reserved" in one(bundle.problems).expected


@pytest.mark.parametrize("module_id", ["bot", "b_2", "b" * 50, "example_bot", "chat_overlay"])
def test_an_id_of_the_right_form_is_taken(tmp_path: Path, module_id: str) -> None:
    assert module_id not in RESERVED_IDS
    assert read_bundle(make_folder(tmp_path, folder_name=module_id, id=module_id)).problems == ()


@pytest.mark.parametrize("key", ["id", "name", "version", "requirements", "permissions"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    problem = one(read_with(tmp_path, **{key: ...}).problems)
    assert problem.path == f"$.{key}"
    assert problem.found == "nothing"


def test_what_was_found_is_shown_short_and_visible(tmp_path: Path) -> None:
    problem = one(read_with(tmp_path, version="\u202e" + "x" * 500).problems)
    assert problem.found.startswith('"\\u202ex')
    assert len(problem.found) == 80
