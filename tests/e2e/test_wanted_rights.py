"""What an allowed module wants of a platform stands on that platform's card, and goes with it."""

from __future__ import annotations

from typing import Any

from tests.e2e.core_process import Core, until, write_module

SILENT = "from streamcore.sdk import BaseModule\n\n\nclass Bot(BaseModule):\n    pass\n"


async def test_what_a_module_wants_of_a_platform_is_shown_while_it_is_allowed(core: Core) -> None:
    write_module(core.home, "polls", SILENT, permissions=("polls_manage",))
    await core.start()

    async def wanted() -> tuple[list[str], bool]:
        record = await core.api("GET", "/api/platforms/twitch")
        (polls,) = [p for p in record["permissions"] if p["permission"] == "polls_manage"]
        return polls["wanted_by"], polls["is_on"]

    async def becomes(ids: list[str]) -> Any:
        async def is_so() -> bool:
            return await wanted() == (ids, bool(ids))

        return await until(is_so, what=f"polls_manage is wanted by {ids}")

    assert await wanted() == ([], False)
    await core.approve("polls")
    await becomes(["polls"])
    await core.api("PATCH", "/api/modules/polls/permissions", {"polls_manage": False})
    await becomes([])
    await core.api("PATCH", "/api/modules/polls/permissions", {"polls_manage": True})
    await becomes(["polls"])
    await core.api("POST", "/api/modules/polls/disable")
    await becomes([])
