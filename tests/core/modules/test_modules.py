"""The streamer's decisions about modules, and their effect on gate, pages and processes."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from streamcore.core.errors import ConflictError, InvalidInputError, NotFoundError, StorageError
from streamcore.core.run_status import ModuleState
from streamcore.protocol.permissions import Permission
from tests.core.modules.rig import Rig, edit_manifest, eventually, open_rig, write_module

READ, SEND = Permission.CHAT_READ, Permission.CHAT_SEND
GREETING = {"type": "object", "properties": {"greeting": {"type": "string", "default": "Hi"}}}
VIEW = {"id": "main", "path": "main.html"}


async def test_a_new_module_waits_for_consent(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    record = rig.modules.get("greeter")
    assert record.state is ModuleState.AWAITING_CONSENT
    assert (record.source, record.granted, record.consent, record.changed) == (
        "user",
        (),
        None,
        None,
    )
    assert rig.gatekeeper.grants("greeter") is None
    assert rig.launcher.processes == []
    with pytest.raises(ConflictError):
        await rig.modules.enable("greeter")
    with pytest.raises(ConflictError):
        await rig.modules.set_permissions("greeter", {"chat_read": True})


async def test_consent_lets_it_run_with_what_was_granted(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter", network=["api.example.com"])
    await rig.look()
    await rig.approve("greeter", "chat_read", "chat_send")
    record = rig.modules.get("greeter")
    assert record.state is ModuleState.RUNNING
    assert record.granted == ("chat_read", "chat_send")
    assert record.consent is not None
    assert record.consent.digest == record.digest
    assert record.pid == rig.launcher.living("greeter")[0].pid
    grants = rig.gatekeeper.grants("greeter")
    assert grants is not None
    assert grants.permissions == {READ, SEND}
    assert grants.platforms == frozenset({"twitch"})
    assert grants.network == {"api.example.com"}
    assert grants.denied == frozenset()
    assert [(row.kind, row.command) for row in rig.rows] == [("consent", "approve")]


async def test_what_was_not_granted_is_denied_and_not_asked_again(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter", "chat_read")
    record = rig.modules.get("greeter")
    assert record.granted == ("chat_read",)
    assert record.consent is not None
    assert record.consent.permissions == ("chat_read",)
    assert record.changed is None
    grants = rig.gatekeeper.grants("greeter")
    assert grants is not None
    assert grants.permissions == {READ}
    assert grants.denied == {SEND}


async def test_every_platform_is_a_wish_of_its_own(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter", requirements=["*"])
    await rig.look()
    await rig.approve("greeter")
    grants = rig.gatekeeper.grants("greeter")
    assert grants is not None
    assert grants.platforms is None


async def test_consent_is_to_the_digest_that_was_looked_at(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    await rig.look()
    looked_at = rig.modules.get("greeter").digest
    (folder / "backend.py").write_text("print('something else')\n", encoding="utf-8")
    with pytest.raises(ConflictError):
        await rig.modules.approve("greeter", looked_at, [])
    record = rig.modules.get("greeter")
    assert record.digest != looked_at
    assert record.state is ModuleState.AWAITING_CONSENT
    assert rig.launcher.processes == []


@pytest.mark.parametrize("permission", ["chat_moderate", "everything", ""])
async def test_what_the_module_does_not_ask_for_cannot_be_granted(
    rig: Rig, permission: str
) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    digest = rig.modules.get("greeter").digest
    with pytest.raises(InvalidInputError):
        await rig.modules.approve("greeter", digest, ["chat_read", permission])
    assert rig.modules.get("greeter").consent is None


async def test_changed_code_stops_it_until_it_is_looked_at(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter", "chat_read", "chat_send")
    (folder / "backend.py").write_text("print('changed')\n", encoding="utf-8")
    await rig.look()
    record = rig.modules.get("greeter")
    assert record.state is ModuleState.AWAITING_CONSENT
    assert record.changed is not None
    assert record.changed.code
    assert not record.changed.added.permissions
    assert record.granted == ()
    assert rig.launcher.living("greeter") == []
    assert rig.gatekeeper.grants("greeter") is None
    assert ("greeter", None) in rig.hooks.ended
    await rig.approve("greeter", "chat_read", "chat_send")
    assert len(rig.launcher.living("greeter")) == 1


async def test_only_new_wishes_are_asked(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter", "chat_read")
    edit_manifest(
        folder, permissions=["chat_read", "chat_send", "donations_read"], network=["a.example.com"]
    )
    await rig.look()
    changed = rig.modules.get("greeter").changed
    assert changed is not None
    assert list(changed.added.permissions) == ["donations_read"]
    assert list(changed.added.network) == ["a.example.com"]
    assert list(changed.removed.permissions) == []


async def test_an_edit_that_is_undone_needs_no_new_consent(rig: Rig) -> None:
    folder = write_module(rig.home.modules, "greeter")
    before = (folder / "backend.py").read_bytes()
    await rig.look()
    await rig.approve("greeter")
    (folder / "backend.py").write_bytes(before + b"# edit\n")
    await rig.look()
    assert rig.launcher.living("greeter") == []
    (folder / "backend.py").write_bytes(before)
    await rig.look()
    await rig.ready("greeter")


async def test_a_change_elsewhere_does_not_disturb_a_running_module(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
    write_module(rig.home.modules, "other")
    await rig.look()
    await rig.look()
    assert len(rig.launcher.processes) == 1
    assert rig.state("greeter") is ModuleState.RUNNING


async def test_disabled_stays_disabled_over_a_restart_of_the_core(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        for module_id in ("greeter", "other"):
            write_module(rig.home.modules, module_id)
        await rig.look()
        await rig.approve("greeter", "chat_read")
        await rig.approve("other")
        record = await rig.modules.disable("greeter")
        assert record.state is ModuleState.DISABLED
        assert rig.launcher.living("greeter") == []
        assert rig.gatekeeper.grants("greeter") is None
    async with open_rig(tmp_path) as rig:
        assert rig.state("greeter") is ModuleState.DISABLED
        await rig.ready("other")
        await rig.modules.enable("greeter")
        await rig.ready("greeter")
        assert rig.modules.get("greeter").granted == ("chat_read",)


async def test_an_edit_while_the_core_was_down_is_noticed(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        folder = write_module(rig.home.modules, "greeter")
        await rig.look()
        await rig.approve("greeter", "chat_read")
    edit_manifest(folder, version="1.0.1")
    async with open_rig(tmp_path) as rig:
        assert rig.state("greeter") is ModuleState.AWAITING_CONSENT
        assert rig.launcher.processes == []


async def test_a_permission_is_withdrawn_and_given_back_while_it_runs(rig: Rig) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter", "chat_read", "chat_send")
    record = await rig.modules.set_permissions("greeter", {"chat_send": False})
    assert record.granted == ("chat_read",)
    grants = rig.gatekeeper.grants("greeter")
    assert grants is not None
    assert grants.permissions == {READ}
    assert grants.denied == {SEND}
    record = await rig.modules.set_permissions("greeter", {"chat_send": True, "chat_read": False})
    assert record.granted == ("chat_send",)
    assert len(rig.launcher.processes) == 1
    with pytest.raises(InvalidInputError):
        await rig.modules.set_permissions("greeter", {"obs_control": True})


async def test_a_withdrawal_holds_before_and_even_without_being_stored(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter", "chat_read", "chat_send")
    seen: list[frozenset[Permission]] = []

    async def refuse(*_: object) -> None:
        grants = rig.gatekeeper.grants("greeter")
        assert grants is not None
        seen.append(grants.permissions)
        raise StorageError("the disk is full")

    monkeypatch.setattr(rig.consents, "set_withdrawn", refuse)
    with pytest.raises(StorageError):
        await rig.modules.set_permissions("greeter", {"chat_send": False})
    assert seen == [{READ}]
    assert rig.modules.get("greeter").granted == ("chat_read",)


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


async def test_the_end_of_the_core_does_not_wait_for_a_slow_stop(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(rig.home.modules, "greeter")
    await rig.look()
    await rig.approve("greeter")
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
    assert rig.pushed[-1] == {"id": "greeter", "removed": True}


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
    await rig.modules.remove("greeter")
    assert not folder.exists()
    assert (rig.home.root / "trash" / "greeter" / "manifest.json").is_file()
    assert rig.launcher.living("greeter") == []
    assert rig.hooks.forgotten == ["greeter"]
    assert await rig.secrets.get("module:greeter:key") is None
    assert rig.pushed[-1] == {"id": "greeter", "removed": True}
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
