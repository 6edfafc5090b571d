"""Settings of modules on a real home: what is stored where, and who gets to see what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streamcore.core.modules import SettingsError
from tests.core.modules.rig import Rig, edit_manifest, open_rig, write_module

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "greeting": {"type": "string", "default": "Hi", "maxLength": 10},
        "key": {"type": "string", "format": "secret", "minLength": 5},
    },
}
SECRET = "s3cret-canary-value"


@pytest.fixture
async def greeter(rig: Rig) -> Path:
    folder = write_module(rig.home.modules, "greeter", settings=SCHEMA)
    await rig.look()
    return folder


async def test_defaults_stand_before_anything_is_set(rig: Rig, greeter: Path) -> None:
    assert await rig.modules.get_settings("greeter") == {"greeting": "Hi", "key": {"set": False}}
    assert await rig.modules.module_settings("greeter") == {"greeting": "Hi"}
    assert await rig.modules.view_settings("greeter") == {"greeting": "Hi"}


async def test_a_secret_reaches_the_module_alone(rig: Rig, greeter: Path) -> None:
    answer = await rig.modules.put_settings("greeter", {"greeting": "Yo", "key": SECRET})
    assert answer == {"greeting": "Yo", "key": {"set": True}}
    assert await rig.modules.module_settings("greeter") == {"greeting": "Yo", "key": SECRET}
    assert await rig.modules.view_settings("greeter") == {"greeting": "Yo"}
    assert rig.hooks.settings == ["greeter"]


async def test_a_secret_is_nowhere_in_the_home_in_clear(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        write_module(rig.home.modules, "greeter", settings=SCHEMA)
        await rig.look()
        await rig.modules.put_settings("greeter", {"key": SECRET})
    files = [path for path in rig.home.root.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []
    async with open_rig(tmp_path) as rig:
        assert (await rig.modules.module_settings("greeter"))["key"] == SECRET


async def test_a_form_that_is_sent_back_keeps_the_secret(rig: Rig, greeter: Path) -> None:
    await rig.modules.put_settings("greeter", {"key": SECRET})
    shown = await rig.modules.get_settings("greeter")
    await rig.modules.put_settings("greeter", {**shown, "greeting": "Yo"})
    await rig.modules.put_settings("greeter", {"greeting": "Hey"})
    assert await rig.modules.module_settings("greeter") == {"greeting": "Hey", "key": SECRET}
    await rig.modules.put_settings("greeter", {"key": None})
    assert await rig.modules.module_settings("greeter") == {"greeting": "Hi"}


async def test_nothing_is_stored_of_values_that_do_not_fit(rig: Rig, greeter: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        await rig.modules.put_settings("greeter", {"greeting": "x" * 11, "key": "abc"})
    assert [problem.path for problem in caught.value.errors] == ["$.greeting", "$.key"]
    assert "abc" not in str(caught.value.errors)
    assert await rig.modules.get_settings("greeter") == {"greeting": "Hi", "key": {"set": False}}
    assert rig.hooks.settings == []


async def test_a_new_version_gets_its_default_for_what_no_longer_fits(
    rig: Rig, greeter: Path
) -> None:
    await rig.approve("greeter")
    await rig.modules.put_settings("greeter", {"greeting": "Bonjour"})
    properties = {"greeting": {"type": "integer", "default": 5}}
    edit_manifest(greeter, settings={"type": "object", "properties": properties})
    await rig.look()
    await rig.approve("greeter")
    assert await rig.modules.module_settings("greeter") == {"greeting": 5}


async def test_a_value_that_became_a_secret_is_no_longer_shown(rig: Rig, greeter: Path) -> None:
    await rig.modules.put_settings("greeter", {"greeting": "plain"})
    properties = {"greeting": {"type": "string", "format": "secret"}}
    edit_manifest(greeter, settings={"type": "object", "properties": properties})
    await rig.look()
    assert await rig.modules.get_settings("greeter") == {"greeting": {"set": False}}
    assert await rig.modules.view_settings("greeter") == {}


async def test_a_module_without_settings_has_none(rig: Rig) -> None:
    write_module(rig.home.modules, "plain")
    await rig.look()
    assert await rig.modules.get_settings("plain") == {}
    assert await rig.modules.put_settings("plain", {}) == {}
