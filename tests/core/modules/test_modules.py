"""The life of modules: broken, restarted, removed, and told to dashboards."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from streamcore.core.errors import ConflictError, NotFoundError
from streamcore.core.run_status import ModuleState
from tests.core.modules.rig import Rig, eventually, write_module

GREETING = {"type": "object", "properties": {"greeting": {"type": "string", "default": "Hi"}}}


VIEW = {"id": "main", "path": "main.html"}


async def test_pages_alone_run_without_a_process(rig: Rig) -> None:
    write_module(rig.home.modules, "clock", entry_point=None, views=[VIEW], permissions=[])
    await rig.look()
    assert rig.state("clock") is ModuleState.AWAITING_CONSENT
    assert rig.modules.file("clock", "main.html") is None
    digest = rig.modules.get("clock").digest
    record = await rig.modules.approve("clock", digest, [])
    assert record.state is ModuleState.RUNNING
    assert rig.launcher.processes == []
    assert rig.gatekeeper.grants("clock") is not None
    path = rig.modules.file("clock", "main.html")
    assert path is not None
    assert path.read_text(encoding="utf-8") == "<!doctype html>"
    assert rig.modules.file("clock", "../manifest.json") is None
    await rig.modules.disable("clock")
    assert rig.modules.file("clock", "main.html") is None
    assert rig.gatekeeper.grants("clock") is None


async def test_an_invalid_module_lists_its_problems_and_cannot_be_approved(rig: Rig) -> None:
    write_module(rig.home.modules, "broken", permissions=["everything"], version="one")
    await rig.look()
    record = rig.modules.get("broken")
    assert record.state is ModuleState.INVALID
    assert {problem.path for problem in record.problems} >= {"$.permissions[0]", "$.version"}
    with pytest.raises(ConflictError):
        await rig.modules.approve("broken", record.digest, [])


async def test_a_running_module_that_becomes_invalid_is_stopped(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    await rig.look()
    assert rig.state("greeter") is ModuleState.INVALID
    assert rig.launcher.living("greeter") == []


@pytest.mark.timeout(40)  # the fake process takes real grace periods to end
async def test_the_end_of_the_core_does_not_wait_for_a_slow_stop(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    await eventually(lambda: bool(rig.launcher.living("greeter")))
    monkeypatch.setattr(rig, "_shut_down", lambda module_id, deadline_ms: None)
    stopping = asyncio.ensure_future(rig.modules.disable("greeter"))
    await eventually(lambda: rig.state("greeter") is ModuleState.STOPPING)
    async with asyncio.timeout(2):
        await rig.modules.close()
    (process,) = rig.launcher.living("greeter")
    await stopping
    process.kill()


async def test_an_open_page_of_a_module_that_broke_gets_no_settings(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter", settings=GREETING)
    await rig.look()
    assert await rig.modules.view_settings("greeter") == {"greeting": "Hi"}
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    await rig.look()
    assert await rig.modules.view_settings("greeter") == {}
    assert await rig.modules.module_settings("nobody") == {}


async def test_a_folder_that_goes_away_takes_its_process_with_it(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    shutil.rmtree(folder)
    await rig.look()
    with pytest.raises(NotFoundError):
        rig.modules.get("greeter")
    assert rig.launcher.living("greeter") == []
    await eventually(lambda: rig.pushed[-1] == {"id": "greeter", "removed": True})


async def test_a_failed_module_is_tried_again_when_it_is_enabled(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    rig.launcher.living("greeter")[0].end(1)
    await eventually(lambda: rig.state("greeter") is ModuleState.BACKING_OFF)
    record = rig.modules.get("greeter")
    assert record.last_error is not None
    assert "1" in record.last_error.exit
    await rig.modules.enable("greeter")
    await rig.ready("greeter")


async def test_a_restart_is_a_new_process(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    former = rig.launcher.living("greeter")[0]
    await rig.modules.restart("greeter")
    await rig.ready("greeter")
    assert not former.is_alive
    await rig.modules.disable("greeter")
    with pytest.raises(ConflictError):
        await rig.modules.restart("greeter")


async def test_code_that_changed_a_moment_ago_is_not_started(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    await rig.modules.disable("greeter")
    (folder / "backend.py").write_text("print('changed')\n", encoding="utf-8")
    with pytest.raises(ConflictError):
        await rig.modules.enable("greeter")
    assert rig.launcher.living("greeter") == []


async def test_dashboards_are_told_every_change(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    await rig.modules.disable("greeter")
    states = [record["state"] for record in rig.pushed]
    for state in ("awaiting_consent", "starting", "running", "stopping", "disabled"):
        assert state in states
    assert states[-1] == "disabled"


async def test_a_module_of_the_user_is_removed_to_the_trash(rig: Rig) -> None:
    secret = {"type": "object", "properties": {"key": {"type": "string", "format": "secret"}}}
    folder = write_module(rig.home.modules, "greeter", settings=secret)
    await rig.look()
    await rig.approve("greeter", "chat_read")
    await rig.modules.put_settings("greeter", {"key": "s3cret"})
    data = rig.modules.data_dir("greeter")
    data.mkdir(parents=True)
    (data / "diary").write_text("mine")
    await rig.modules.remove("greeter")
    assert not data.exists(), "a later module of this id finds nothing"
    assert (rig.home.root / "trash" / "greeter.data" / "diary").read_text() == "mine"
    assert not folder.exists()
    assert (rig.home.root / "trash" / "greeter" / "manifest.json").is_file()
    assert rig.launcher.living("greeter") == []
    assert rig.hooks.forgotten == ["greeter"]
    assert await rig.secrets.get("module:greeter:key") is None
    await eventually(lambda: rig.pushed[-1] == {"id": "greeter", "removed": True})
    write_module(rig.home.modules, "greeter", settings=secret)
    await rig.look()
    assert rig.state("greeter") is ModuleState.AWAITING_CONSENT
    await rig.modules.remove("greeter")
    assert (rig.home.root / "trash" / "greeter-2").is_dir()


async def test_a_module_that_came_with_the_app_cannot_be_removed(rig: Rig) -> None:
    folder = write_module(rig.bundled, "greeter")
    await rig.look()
    assert rig.modules.get("greeter").source == "bundled"
    with pytest.raises(ConflictError):
        await rig.modules.remove("greeter")
    assert folder.exists()


async def test_a_rotated_key_cuts_off_that_view_alone(rig: Rig) -> None:
    write_module(rig.home.modules, "clock", entry_point=None, views=[VIEW])
    await rig.look()
    rig.modules.view_key_changed("clock", "main")
    assert rig.hooks.ended == [("clock", "main")]
    assert rig.modules.view("clock", "main").path == "main.html"
    with pytest.raises(NotFoundError):
        rig.modules.view("clock", "none")


@pytest.mark.parametrize("method", ["enable", "disable", "restart", "remove", "get_settings"])
async def test_a_module_that_is_not_there_is_not_found(rig: Rig, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(rig.modules, method)("nobody")
