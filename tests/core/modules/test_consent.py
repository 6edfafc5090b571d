"""The streamer's consent: what it covers, when it lapses, how it is withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamcore.core.errors import ConflictError, InvalidInputError, StorageError
from streamcore.core.run_status import ModuleState
from streamcore.protocol.permissions import Permission
from tests.core.modules.rig import Rig, edit_manifest, open_rig, write_module

READ, SEND = Permission.CHAT_READ, Permission.CHAT_SEND


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
