"""Everything goes wrong while the platform quotes tokens back: none may show up anywhere.

Looked at are both outputs of the process with its libraries at their most talkative, every file
under the home but the encrypted secrets, a backup, what `doctor` says, every answer of the API,
the audit's rows, what open dashboards are pushed, and the errors that a module is given.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.e2e.core_process import ROOT, Core, until, write_module
from tests.e2e.login import log_in
from tests.fakes.twitch import FakeTwitch
from tests.fakes.twitch.faults import Fault

ENCRYPTED = ("secrets.bin",)
KEPT_APART = frozenset({"secrets.key", "run.json"})

PROBER = """
import traceback
from streamcore.sdk import BaseModule, on_event


class Bot(BaseModule):
    @on_event("chat_message")
    async def write(self, event):
        if not event.text.startswith("!try"):
            return
        try:
            await self.send_message(event.text, platform="twitch")
        except Exception as error:
            said = f"{error!r} {error} {vars(error)} {traceback.format_exc()}"
            await self.storage.set(event.text, said)
            await self.log.warning(said)
"""


class Shown:
    """Everything that anybody could read, each with the place where it was."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, bytes]] = []

    def add(self, where: str, text: str | bytes) -> None:
        self.texts.append((where, text.encode() if isinstance(text, str) else text))

    def holding(self, secret: str) -> list[str]:
        return [where for where, text in self.texts if secret.encode() in text]


@asynccontextmanager
async def _dashboard(core: Core, shown: Shown) -> AsyncIterator[None]:
    address = f"{core.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"

    async def listen() -> None:
        async with connect(address, max_size=None, proxy=None) as socket:
            await socket.recv()
            await socket.send("40/dashboard," + json.dumps({"token": core.run["token"]}))
            shown.add("a dashboard's welcome", await socket.recv())
            with contextlib.suppress(ConnectionClosed):
                async for frame in socket:
                    shown.add("a dashboard's push", frame)
                    if frame == "2":
                        await socket.send("3")

    listening = asyncio.create_task(listen())
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _every_answer(core: Core, shown: Shown) -> None:
    """Read every GET route of the described interface, and the audit's rows among them."""
    described = await core.api("GET", "/api/openapi.json")
    known = {"module_id": "prober", "platform_id": "twitch", "view_id": "none"}
    read = 0
    assert core._http is not None
    for path, methods in described["paths"].items():
        if "get" not in methods:
            continue
        answer = await core._http.get(path.format_map(known))
        shown.add(f"GET {path}", answer.content + str(answer.headers).encode())
        read += 1
    assert read > 10
    for path in ("/api/audit?limit=200", "/api/events?limit=500", "/healthz"):
        shown.add(f"GET {path}", (await core._http.get(path)).content)


def _command(core: Core, *words: str) -> bytes:
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--home", str(core.home), *words],
        capture_output=True,
        timeout=40,
        check=False,
    )
    return done.stdout + done.stderr


def _files(home: Path, shown: Shown) -> None:
    for file in home.rglob("*"):
        if file.is_file() and file.name not in (*ENCRYPTED, *KEPT_APART):
            shown.add(str(file.relative_to(home)), file.read_bytes())


def _quote(twitch: FakeTwitch, status: int) -> Fault:
    """An answer that gives back whatever secret there is, in every usual dress."""
    secrets = twitch.oauth.issued
    message = (
        f"Bearer {secrets[-2]} is no good, nor is refresh_token={secrets[-1]}, "
        f"device_code {secrets[0]}, OAuth {secrets[-2]}: {' '.join(secrets)}"
    )
    body = {"error": "Refused", "status": status, "message": message, "token": secrets[-1]}
    return Fault(status=status, body=json.dumps(body))


async def _try(core: Core, twitch: FakeTwitch, name: str) -> None:
    """Let the dashboard and the module write, whatever comes of it."""
    await core.api("POST", "/api/chat", {"msg": f"dash {name}", "target": "twitch"})
    await twitch.chat("Anna", f"!try {name}")


async def _everything_goes_wrong(core: Core, twitch: FakeTwitch) -> None:
    sending, token = "/helix/chat/messages", "/oauth2/token"
    for status in (400, 401, 403, 404, 422, 500):
        twitch.faults.clear()
        for _ in range(4):
            twitch.faults.add(sending, _quote(twitch, status))
        await _try(core, twitch, str(status))
    twitch.helix.chat.drop_next = [f"not with {' '.join(twitch.oauth.issued)}"] * 2
    await _try(core, twitch, "dropped")
    for fault in (Fault(body="garbage"), Fault(is_cut=True), _quote(twitch, 500)):
        twitch.faults.clear()
        twitch.oauth.expire_access_tokens()
        twitch.faults.add(token, fault)
        await _try(core, twitch, "while the login cannot be renewed")
        await until(lambda: not twitch.faults.by_path.get(token), what="the renewal was tried")
    twitch.faults.clear()
    known = len(twitch.oauth.issued)
    await _try(core, twitch, "once the login can be renewed again")
    await until(lambda: len(twitch.oauth.issued) > known, what="the login was renewed")
    twitch.faults.add("/oauth2/validate", _quote(twitch, 500))
    twitch.faults.add("/helix/users", _quote(twitch, 403))
    for _ in range(5):
        twitch.faults.add("/helix/eventsub/subscriptions", _quote(twitch, 403))
    await twitch.eventsub.drop_all()


async def _state(core: Core) -> str:
    return str((await core.api("GET", "/api/platforms/twitch"))["state"])


async def test_no_token_shows_anywhere_whatever_goes_wrong(tmp_path: Path) -> None:
    shown = Shown()
    async with FakeTwitch() as twitch:
        core = Core(tmp_path / "home", twitch.env)
        write_module(core.home, "prober", PROBER, permissions=("chat_read", "chat_send"))
        try:
            await core.start("--log-level", "debug")
            async with _dashboard(core, shown):
                await core.approve("prober")
                await core.api("POST", "/api/platforms/twitch/connect")
                twitch.faults.add("/oauth2/token", _quote_device(twitch))
                await log_in(core, twitch)
                await core.api("POST", "/api/platforms/twitch/connect", {"account": "bot"})
                await twitch.approve_login("streamer_bot")
                await _everything_goes_wrong(core, twitch)
                await twitch.revoke_app()

                async def is_lost() -> bool:
                    return await _state(core) == "auth_required"

                await until(is_lost, within_s=20, what="the login is lost")
                await _every_answer(core, shown)
            shown.add("doctor", await asyncio.to_thread(_command, core, "doctor"))
            shown.add("backup", await asyncio.to_thread(_command, core, "backup"))
        finally:
            await core.close()
    _files(core.home, shown)
    for backup in core.home.rglob("*.zip"):
        with zipfile.ZipFile(backup) as archive:
            for name in archive.namelist():
                shown.add(f"{backup.name}/{name}", archive.read(name))
    shown.add("standard output", core.stdout)
    shown.add("standard error", core.stderr)
    _check(twitch.oauth.issued, shown, core)


def _quote_device(twitch: FakeTwitch) -> Fault:
    body = {"status": 500, "message": f"device_code={twitch.oauth.issued[0]} is not known"}
    return Fault(status=500, body=json.dumps(body))


def _check(issued: list[str], shown: Shown, core: Core) -> None:
    assert len(issued) >= 8, "tokens were given out and renewed"
    # What was looked through is what was meant to be: each place tells something of its own.
    for where, what in (
        ("standard error", "Twitch"),
        ("streamcore.db", "prober"),
        ("logs/core.log", "Twitch"),
        ("doctor", "StreamCore"),
        ("GET /api/platforms/{platform_id}", "auth_required"),
        ("a dashboard's push", "platforms"),
    ):
        assert any(
            what.encode() in text for place, text in shown.texts if place.startswith(where)
        ), where
    said: dict[str, Any] = {"module": [p for p, t in shown.texts if b"!try 403" in t]}
    assert said["module"], "the module was given an error"
    leaks = {secret: places for secret in issued if (places := shown.holding(secret))}
    assert leaks == {}
