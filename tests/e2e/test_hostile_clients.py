"""Clients that misbehave are cut off or refused; the core stays small and serves the others."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import psutil
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.core_process import Core, until, write_module

SILENT = "from streamcore.sdk import BaseModule\n\n\nclass Bot(BaseModule):\n    pass\n"
GROWTH_MB = 40


def _address(core: Core) -> str:
    return f"{core.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"


async def _dashboard(core: Core) -> ClientConnection:
    """Connect as a dashboard does: the strongest party that a client can be from outside."""
    socket = await connect(_address(core), max_size=None, proxy=None)
    await socket.recv()
    await socket.send("40/dashboard," + json.dumps({"token": core.run["token"]}))
    answer = await socket.recv()
    assert str(answer).startswith("40/dashboard,"), answer
    return socket


async def _is_cut(socket: ClientConnection, within_s: float = 5) -> bool:
    try:
        async with asyncio.timeout(within_s):
            while True:
                await socket.recv()
    except websockets.ConnectionClosed:
        return True
    except TimeoutError:
        return False


async def _is_well(core: Core) -> None:
    """A newcomer is served as if nothing had happened."""
    socket = await _dashboard(core)
    event = await core.simulate("donation")
    async with asyncio.timeout(5):
        while event["id"] not in str(await socket.recv()):
            pass
    await socket.close()


BAD: dict[str, str | bytes] = {
    "event named connect": '42/dashboard,["connect",{"token":"x"},{}]',
    "event named disconnect": '42/dashboard,["disconnect","x"]',
    "event of a module": '42/dashboard,["command",{"cmd":"send_chat","msg":"x","target":"a"}]',
    "NaN": '42/dashboard,["open_log",{"module_id":NaN}]',
    "lone surrogate": '42/dashboard,["open_log",{"module_id":"\\ud800"}]',
    "too deep": '42/dashboard,["open_log",' + "[" * 5000 + "]" * 5000 + "]",
    "300 KiB": '42/dashboard,["open_log",{"module_id":"' + "a" * 300 * 1024 + '"}]',
    "binary": b"\x04\x00",
    "binary event": '451-/dashboard,["open_log",{"_placeholder":true,"num":0}]',
    "broken JSON": '42/dashboard,["open_log"',
    "not a list": '42/dashboard,{"a":1}',
    "empty list": "42/dashboard,[]",
    "unknown packet": "9",
    "other namespace": '42/module,["command",{}]',
}


async def test_a_bad_frame_cuts_its_sender_alone(core: Core) -> None:
    await core.start()
    witness = await _dashboard(core)
    for name, frame in BAD.items():
        offender = await _dashboard(core)
        await offender.send(frame)
        assert await _is_cut(offender), name
        event = await core.simulate("donation")
        async with asyncio.timeout(5):
            while event["id"] not in str(await witness.recv()):
                pass
    await witness.close()
    assert b"Traceback" not in core.stderr


async def test_no_door_opens_without_its_key(core: Core) -> None:
    await core.start()
    for namespace, auth in (
        ("/module", {"token": "guess", "protocol": 1}),
        ("/module", {"protocol": 1}),
        ("/module", {"token": core.run["token"], "protocol": 1}),
        ("/dashboard", {"token": "guess"}),
        ("/dashboard", {}),
        ("/view", {"key": "guess", "protocol": 1}),
        ("/elsewhere", {}),
    ):
        async with connect(_address(core), proxy=None) as socket:
            await socket.recv()
            await socket.send(f"40{namespace}," + json.dumps(auth))
            async with asyncio.timeout(5):
                answer = str(await socket.recv())
            assert answer.startswith(f"44{namespace},"), answer
            problem = json.loads(answer.split(",", 1)[1])
            assert problem["message"]


async def test_floods_and_deaf_readers_leave_the_core_small(core: Core) -> None:
    write_module(core.home, "quiet", SILENT)
    await core.start()
    await core.approve("quiet")
    await _is_well(core)
    process = psutil.Process(core.pid)
    before = process.memory_info().rss

    flooding = await _dashboard(core)
    for _ in range(20_000):
        try:
            await flooding.send('42/dashboard,["open_log",{"module_id":"quiet"}]')
        except websockets.ConnectionClosed:
            break
    assert await _is_cut(flooding)

    deaf = await asyncio.gather(*(_deaf(core) for _ in range(20)))
    for _ in range(10):
        await core.api("POST", "/api/events/simulate", {"scenario": "chat_flood", "speed": 100})
    text = "x" * 20_000
    await asyncio.gather(*(core.simulate("chat_message", text=text) for _ in range(150)))

    async def are_cut() -> bool:
        connections = (await core.api("GET", "/api/system"))["connections"]
        return int(connections.get("/dashboard", 0)) == 0

    await until(are_cut, within_s=20, what="deaf readers are cut")
    for writer in deaf:
        writer.transport.abort()
    await _is_well(core)
    assert (process.memory_info().rss - before) / 2**20 < GROWTH_MB
    assert await core.state("quiet") == "running"
    assert b"Traceback" not in core.stderr


async def _deaf(core: Core) -> asyncio.StreamWriter:
    """Connect as a dashboard that never reads again."""
    port = core.run["port"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
    request = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    writer.write(request.encode())
    await reader.readuntil(b"\r\n\r\n")
    payload = ("40/dashboard," + json.dumps({"token": core.run["token"]})).encode()
    # A client's frame is masked; a mask of zeros leaves the payload as it is.
    length = (
        bytes([0x80 | len(payload)])
        if len(payload) < 126
        else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
    )
    writer.write(b"\x81" + length + bytes(4) + payload)
    await writer.drain()
    transport: Any = writer.transport
    await asyncio.sleep(0.2)
    transport.pause_reading()
    return writer
