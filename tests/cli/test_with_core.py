"""Commands beside a running core: one core for each story, many findings on it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.shell import Shell, read_events
from tests.e2e.core_process import ROOT, Core, until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

NINA = {"id": "1", "login": "nina", "name": "Нина"}


async def test_a_new_module_runs_and_answers_the_chat(core: Core, shell: Shell) -> None:
    await core.start("--demo")
    code, out, _ = await shell.beside("module", "new", "my_bot")
    assert code == 0
    assert (await shell.beside("module", "check", core.home / "modules" / "my_bot")).code == 0
    await core.approve("my_bot")
    code, out, _ = await shell.beside("module", "list")
    assert code == 0
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["my_bot"] == ["0.1.0", "running", "user"]
    assert rows["example_bot"][1:] == ["awaiting_consent", "bundled"]
    await core.simulate("chat_message", platform="twitch", text="!hello", user=NINA)

    async def answers() -> list[dict[str, Any]]:
        page = await core.api("GET", "/api/events?type=chat_message&q=Hello%20Нина")
        return [event for event in page["items"] if event["text"] == "Hello, Нина!"]

    (answer,) = await until(answers, what="the module's answer in the chat")
    assert answer["platform"] == "twitch"


async def test_open_and_a_second_start_lead_to_the_dashboard(
    core: Core, shell: Shell, tmp_path: Path
) -> None:
    await core.start()
    code, out, err = await shell.beside("open")
    assert (code, err) == (0, "")
    address, _, login = out.strip().partition("/#code=")
    assert address == core.url
    async with httpx.AsyncClient(base_url=core.url, trust_env=False) as browser:
        first = await browser.post("/api/session", json={"code": login})
        assert first.status_code == 200
        authorization = {"Authorization": f"Bearer {first.json()['token']}"}
        assert (await browser.get("/api/system", headers=authorization)).status_code == 200
        again = await browser.post("/api/session", json={"code": login})
        assert again.is_client_error
    out = (await shell.beside("doctor")).out
    assert f"runs at {core.url} (process {core.pid})." in out
    shown = tmp_path / "shown"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{shown}"\n')
    program.chmod(0o700)
    for command in (["open"], []):
        words = [ROOT / "main.py", "--home", core.home, *command]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *map(str, words),
            env=os.environ | {"BROWSER": f"{program} %s"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(20):
            _, stderr = await process.communicate()
        assert (process.returncode, stderr) == (0, b"")
        assert shown.read_text().startswith(f"{core.url}/#code=")
        shown.unlink()


async def test_a_log_is_exported_replayed_and_there_after_stop(
    core: Core, shell: Shell, tmp_path: Path
) -> None:
    await core.start()
    first = await core.simulate("follow", platform="twitch", user=NINA)
    second = await core.simulate("chat_message", platform="twitch", text="привет", user=NINA)
    file = tmp_path / "events.jsonl"
    assert (await shell.beside("events", "export", file)).out == f"{file}: 2 events\n"
    assert read_events(file) == [first, second]
    code, _, err = await shell.beside("events", "import", file)
    assert code == 2
    assert "main.py stop" in err
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"type": "weather", "at": second["at"]}) + "\n")
    code, out, err = await shell.beside("events", "replay", file, "--speed", "50")
    assert (code, out) == (2, "2 events replayed as test events\n")
    assert err.startswith("Line 3 was left out: ")
    assert len(err.splitlines()) == 1
    page = await core.api("GET", "/api/events?limit=10")
    replayed = list(reversed(page["items"]))[2:]
    assert [event["type"] for event in replayed] == ["follow", "chat_message"]
    assert (replayed[1]["text"], replayed[1]["user"]["name"]) == ("привет", "Нина")
    assert all(event["is_test"] for event in replayed)
    assert not {first["id"], second["id"]} & {event["id"] for event in replayed}
    # The home is free as soon as the command says so.
    assert await shell.beside("stop") == (0, "StreamCore has ended.\n", "")
    assert await core.stop() == 0
    code, out, _ = await shell.beside("events", "import", file)
    assert (code, out.splitlines()[0]) == (0, "0 events added, 2 were there already")
    assert (await shell.beside("events", "export", file)).code == 0
    assert read_events(file) == [first, second, *replayed]
    assert "No StreamCore runs" in (await shell.beside("stop")).err


async def test_a_backup_of_a_running_core_is_whole(
    core: Core, shell: Shell, tmp_path: Path
) -> None:
    await core.start("--demo")
    for _ in range(20):
        await core.simulate("donation", platform="twitch")
    file, other = tmp_path / "x.zip", tmp_path / "other"
    is_done = asyncio.Event()

    async def keep_writing() -> int:
        count = 0
        while not is_done.is_set():
            await core.simulate("follow", platform="twitch")
            count += 1
        return count

    writing = asyncio.ensure_future(keep_writing())
    code, _, err = await shell.beside("backup", file)
    is_done.set()
    assert await writing
    assert (code, err) == (0, "")
    code, _, err = await shell.beside("restore", file)
    assert code == 2
    assert "main.py stop" in err
    assert (await shell.beside("restore", file, home=other)).code == 0
    events = tmp_path / "x.jsonl"
    assert (await shell.beside("events", "export", events, home=other)).code == 0
    restored = read_events(events)
    assert [event["type"] for event in restored].count("donation") >= 20
    assert [event["seq"] for event in restored] == list(range(1, len(restored) + 1))
    again = Core(other)
    try:
        await again.start()
        page = await again.api("GET", "/api/events?type=donation&limit=500")
        assert len(page["items"]) >= 20
    finally:
        await again.close()
