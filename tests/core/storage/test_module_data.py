"""Modules' data: each sees its own, quotas hold, revisions guard."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.errors import CommandError
from streamcore.core.module_data import STATE_QUOTA_BYTES, ModuleData
from streamcore.core.store import Store
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.frames import StateValue
from streamcore.protocol.limits import STORAGE_QUOTA_BYTES

MIB = 1024 * 1024


@pytest.fixture
def data(store: Store) -> ModuleData:
    return ModuleData(store)


async def test_a_value_is_kept_and_is_the_modules_own(data: ModuleData) -> None:
    await data.storage_set("bot", "ключ", b'{"a":1}')
    assert await data.storage_get("bot", "ключ") == (True, b'{"a":1}')
    assert await data.storage_get("other", "ключ") == (False, b"")
    assert await data.storage_get("bot", "none") == (False, b"")


async def test_deleting_tells_whether_there_was_something(data: ModuleData) -> None:
    await data.storage_set("bot", "a", b"1")
    assert not await data.storage_delete("other", "a")
    assert await data.storage_delete("bot", "a")
    assert not await data.storage_delete("bot", "a")


async def test_keys_are_listed_in_order_by_prefix_and_page(data: ModuleData) -> None:
    for key in ("b", "a:2", "a:1", "a;", "a:\U0010ffff", "a"):
        await data.storage_set("bot", key, b"1")
    await data.storage_set("other", "a:3", b"1")
    assert await data.storage_list("bot", "a:", "", 9) == ["a:1", "a:2", "a:\U0010ffff"]
    assert await data.storage_list("bot", "a:", "a:1", 1) == ["a:2"]
    assert await data.storage_list("bot", "", "a;", 9) == ["b"]


async def test_the_quota_counts_keys_and_values_and_gives_back(data: ModuleData) -> None:
    big = b'"' + b"x" * (MIB - 20) + b'"'
    for i in range(STORAGE_QUOTA_BYTES // MIB):
        await data.storage_set("bot", f"k{i:02}", big)
    with pytest.raises(CommandError) as refused:
        await data.storage_set("bot", "more", big)
    assert refused.value.body.code is ErrorCode.TOO_LARGE
    assert await data.storage_get("bot", "more") == (False, b"")
    # Neither replacing nor another module's room is touched by it.
    await data.storage_set("bot", "k00", big)
    await data.storage_set("other", "more", big)
    await data.storage_delete("bot", "k00")
    await data.storage_set("bot", "more", big)


async def test_state_revisions_grow_and_are_listed(data: ModuleData) -> None:
    assert await data.state_get("bot", "goal") is None
    assert await data.state_set("bot", "goal", {"now": 1}, None) == 1
    assert await data.state_set("bot", "goal", {"now": 2}, 1) == 2
    assert await data.state_get("bot", "goal") == StateValue(value={"now": 2}, revision=2)
    assert await data.state_all("bot") == {"goal": StateValue(value={"now": 2}, revision=2)}
    assert await data.state_all("other") == {}


@pytest.mark.parametrize("expected", [0, 1, 3])
async def test_a_change_of_an_older_revision_is_a_conflict(data: ModuleData, expected: int) -> None:
    await data.state_set("bot", "goal", 1, None)
    await data.state_set("bot", "goal", 2, None)
    with pytest.raises(CommandError) as refused:
        await data.state_set("bot", "goal", 9, expected)
    assert refused.value.body.code is ErrorCode.CONFLICT
    assert (await data.state_all("bot"))["goal"].value == 2


async def test_of_two_changes_at_once_one_wins(data: ModuleData) -> None:
    results = await asyncio.gather(
        *(data.state_set("bot", "goal", i, 0) for i in range(5)), return_exceptions=True
    )
    assert sorted(result for result in results if isinstance(result, int)) == [1]
    assert sum(isinstance(result, CommandError) for result in results) == 4


async def test_state_is_bounded(data: ModuleData) -> None:
    await data.state_set("bot", "a", "x" * (STATE_QUOTA_BYTES // 2), None)
    with pytest.raises(CommandError) as refused:
        await data.state_set("bot", "b", "x" * (STATE_QUOTA_BYTES // 2), None)
    assert refused.value.body.code is ErrorCode.TOO_LARGE
    await data.state_set("bot", "a", "x", None)
    await data.state_set("bot", "b", "x" * (STATE_QUOTA_BYTES // 2), None)


async def test_settings_are_replaced_whole(data: ModuleData) -> None:
    assert await data.settings("bot") == {}
    await data.set_settings("bot", {"greeting": "Привет", "times": 3})
    await data.set_settings("bot", {"times": 4})
    assert await data.settings("bot") == {"times": 4}


async def test_forgetting_removes_one_modules_data(data: ModuleData) -> None:
    for module_id in ("bot", "other"):
        await data.storage_set(module_id, "a", b"1")
        await data.state_set(module_id, "a", 1, None)
        await data.set_settings(module_id, {"a": 1})
    await data.forget("bot")
    assert await data.storage_list("bot", "", "", 9) == []
    assert await data.state_all("bot") == {} and await data.settings("bot") == {}
    assert await data.storage_list("other", "", "", 9) == ["a"]
    assert await data.state_all("other") and await data.settings("other")
