"""A damaged database does not keep a streamer from going live."""

from __future__ import annotations

from tests.e2e.core_process import Core, until


async def test_a_core_begins_a_new_database_and_says_so(core: Core) -> None:
    await core.start()
    texts = [f"line {number}" for number in range(60)]
    for text in texts:
        await core.simulate("chat_message", text=text * 20)
    assert await core.stop() == 0
    database = core.home / "streamcore.db"
    content = bytearray(database.read_bytes())
    at = content.index(b"line 30") // 4096 * 4096
    content[at : at + 4096] = b"\xa5" * 4096
    database.write_bytes(content)

    await core.start()
    storage = (await core.api("GET", "/api/system"))["storage"]
    assert storage["state"] == "rebuilt"
    assert str(core.home / "quarantine") in storage["detail"]

    async def told() -> bool:
        rows = (await core.api("GET", "/api/audit?kind=action"))["items"]
        return any(row["detail"] == storage["detail"] for row in rows)

    await until(told, what="the list of actions tells of it")
    events = (await core.api("GET", "/api/events?limit=200&type=chat_message"))["items"]
    assert 40 < len(events) < 60
    found = (await core.api("GET", "/api/events?q=59"))["items"]
    assert len(found) == 1
    (kept,) = (core.home / "quarantine").glob("*/streamcore.db")
    assert kept.read_bytes() == content
    after = await core.simulate("chat_message", text="after")
    assert after["seq"] > max(event["seq"] for event in events)

    assert await core.stop() == 0
    await core.start()
    assert (await core.api("GET", "/api/system"))["storage"]["state"] == "ok"
    assert await core.stop() == 0
