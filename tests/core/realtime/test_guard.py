"""Clients that break the rules are cut off or refused; nobody else notices."""

from __future__ import annotations

import asyncio
import json
import logging
from random import Random

import psutil
import pytest

from streamcore.core.realtime.limits import LinkLimits
from tests.core.realtime.conftest import Edge, eventually, joined_raw, run_edge
from tests.core.realtime.raw import frame, text

# fmt: off
BAD_PACKETS = {
    # Engine.IO kinds that no client sends over an open WebSocket
    "empty": "", "open": "0{}", "ping": "2", "probe": "2probe", "pong with text": "3probe",
    "close with text": "1x", "upgrade": "5", "noop": "6", "kind 7": "7", "letter": "x",
    "base64": "b4AAAA", "space": ' 42/module,["command",{}]', "zero byte": "\0",
    # Socket.IO kinds and numbers
    "message without kind": "4", "connect error": '44/module,{"message":"x"}', "kind seven": "47",
    "binary event": '451-/module,["command",{"_placeholder":true,"num":0}]',
    "binary event, many parts": '45999999999-/module,["command",{"_placeholder":true,"num":0}]',
    "binary ack": '461-/module,1[{"_placeholder":true,"num":0}]',
    "negative number": '42/module,-1["command",{}]',
    "fractional number": '42/module,1.5["command",{}]',
    "number too long": '42/module,9999999999999999["command",{}]',
    "connect with a number": "40/module,1{}", "connect with a list": "40/module,[1]",
    "disconnect with content": '41/module,{"a":1}', "disconnect elsewhere": "41/other,",
    # shape of events and acks
    "no array": "42/module,", "empty array": "42/module,[]", "object": "42/module,{}",
    "bare text": '42/module,"command"', "number as name": "42/module,[1]",
    "null as name": "42/module,[null,{}]", "list as name": '42/module,[["command"],{}]',
    "two payloads": '42/module,["command",{},{}]', "ack without number": '43/module,["x"]',
    "ack with an object": '43/module,1{"a":1}', "ack without content": "43/module,1",
    # JSON
    "NaN": '42/module,["command",NaN]', "infinity": '42/module,["command",Infinity]',
    "minus infinity": '42/module,["command",{"a":-Infinity}]',
    "too large a float": '42/module,["command",1e999]',
    "too large an int": '42/module,["command",%s]' % ("9" * 5000),
    "lone high surrogate": r'42/module,["command","\ud800"]',
    "lone low surrogate": r'42/module,["command",{"\udc00":1}]',
    "not closed": '42/module,["command",{', "trailing text": '42/module,["command",{}]x',
    "single quotes": "42/module,['command',{}]", "control character": '42/module,["command","\n"]',
    "33 levels": '42/module,["command",%s]' % ("[" * 32 + "]" * 32),
    "5000 levels": '42/module,["command",%s]' % ("[" * 5000 + "]" * 5000),
    "deep objects": '42/module,["command",%s]' % ('{"a":' * 40 + "1" + "}" * 40),
    # names
    "event connect": '42/module,["connect",{"asgi.scope":{}},{"token":"x"}]',
    "event connect, one argument": '42/module,["connect",{}]',
    "event disconnect": '42/module,["disconnect","x"]', "event message": '42/module,["message",1]',
    "event any": '42/module,["*",{}]', "another channel's event": '42/module,["open_log",{}]',
    # namespaces
    "root namespace": '42["command",{}]', "unjoined namespace": '42/dashboard,["open_log",{}]',
    "unknown namespace": '42/admin,["command",{}]', "query": '42/module?a=1,["command",{}]',
    "long namespace": '42/%s,["command",{}]' % ("a" * 70),
}

BAD_FRAMES = {
    "binary": frame(2, b"x"), "reserved bit": frame(1, b"3", reserved=4),
    "reserved opcode": frame(3, b"x"), "reserved control opcode": frame(11, b"x"),
    "unmasked": b"\x81\x013", "ping in parts": frame(9, b"x", fin=False),
    "long ping": frame(9, b"x" * 126), "close of one byte": frame(8, b"\x03"),
    "close with a bad code": frame(8, b"\x00\x01"),
    "close with bad text": frame(8, b"\x03\xe8\xff"), "continuation of nothing": frame(0, b"x"),
    "text inside a text": frame(1, b"42", fin=False) + frame(1, b"3"),
    "bad UTF-8": frame(1, b'42/module,["command","\xff"]'),
    "surrogate as UTF-8": frame(1, b'42/module,["command","\xed\xa0\x80"]'),
    "bad UTF-8 around": frame(1, b"\xff\xfe"),
    "huge length": b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0",
    "17 MB announced": b"\x81\xff" + (17 << 20).to_bytes(8, "big") + b"\0\0\0\0",
    "300 KiB": text('42/module,["command","%s"]' % ("a" * 300 * 1024)),
    "300 KiB in parts": frame(1, b"4" * 200_000, fin=False) + frame(0, b"4" * 100_000),
    "thousands of empty parts": frame(1, b"4", fin=False) + frame(0, b"", fin=False) * 5000,
    "ping flood": frame(9, b"x") * 5000, "pong flood": frame(10, b"x") * 5000,
}
# fmt: on


@pytest.mark.parametrize("packet", BAD_PACKETS.values(), ids=BAD_PACKETS.keys())
async def test_a_bad_packet_cuts_its_sender_off(edge: Edge, packet: str) -> None:
    async with edge.module("healthy") as healthy:
        async with edge.module("evil") as client:
            await client.socket.send(packet)
            await client.until_cut()
        evil = edge.session
        await eventually(lambda: bool(evil.reasons))
        assert evil.handled == []
        assert evil.acked == []
        assert edge.realtime.stats.cut == 1
        assert [who for who, _ in edge.offences] == ["module:evil"]
        assert await healthy.is_alive()


@pytest.mark.parametrize("data", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
async def test_a_bad_frame_cuts_its_sender_off(edge: Edge, data: bytes) -> None:
    async with edge.module("healthy") as healthy:
        async with joined_raw(edge, "evil") as client:
            client.send(data)
            await client.until_cut()
        evil = edge.session
        await eventually(lambda: bool(evil.reasons))
        assert evil.handled == []
        assert await healthy.is_alive()


@pytest.mark.parametrize(
    "packet",
    [
        '42/module,["command",{"n":%s}]' % ("[" * 30 + "]" * 30),
        '42/module,["command",{"text":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}]',
        '42/module,["command",' + json.dumps([{"a": [1]}] * 100) + "]",
        r'42/module,["command",{"text":"\ud83d\ude00 \u0000"}]',
        '42/module,["command",{"text":"%s"}]' % ("a" * 250_000),
        '42/module,["command"]',
    ],
    ids=["deep enough", "brackets in text", "wide", "escaped", "250 KB", "no payload"],
)
async def test_what_is_allowed_to_its_edge_goes_through(edge: Edge, packet: str) -> None:
    async with edge.module() as client:
        await client.socket.send(packet)
        await eventually(lambda: len(edge.session.handled) == 1)
        assert await client.is_alive()


async def test_parts_of_a_message_are_put_together(edge: Edge) -> None:
    async with joined_raw(edge, "bot") as client:
        client.send(frame(1, b'42/module,["comm', fin=False))
        client.send(frame(9, b"between") + frame(0, b'and",{"n":', fin=False) + frame(0, b"1}]"))
        await eventually(lambda: edge.session.handled == [("command", {"n": 1})])


async def test_forged_fields_change_nobody_s_identity(edge: Edge) -> None:
    async with edge.module("good"), edge.module("evil") as client:
        forged = {"cmd": "echo", "module_id": "good", "sid": "x", "sender": "good", "token": "t"}
        await client.ask("command", forged)
        await client.socket.send("40/module," + json.dumps(edge.auth("good")))
        assert (await client.receive()).startswith('44/module,{"code":"conflict"')
        await client.ask("command", {"cmd": "echo"})
        good, evil = edge.bridge.sessions
        assert str(evil.principal) == "module:evil"
        assert len(evil.handled) == 2
        assert good.handled == []


@pytest.mark.parametrize("kind", ["commands", "acks of calls", "ack events", "pongs"])
async def test_a_flood_is_cut_off_and_costs_nobody_else(edge: Edge, kind: str) -> None:
    packet = {
        "commands": '42/module,["command",{"cmd":"echo"}]',
        "acks of calls": "43/module,7[1]",
        "ack events": '42/module,["ack",{"cursor":1}]',
        "pongs": "3",
    }[kind]
    before = psutil.Process().memory_info().rss
    async with edge.module("healthy") as healthy:
        async with joined_raw(edge, "evil") as client:
            evil = edge.session
            client.send(text(packet) * 20_000)
            await client.until_cut()
        await eventually(lambda: bool(evil.reasons))
        assert len(evil.handled) < 1_000
        assert len(evil.acked) < 10_000
        assert await healthy.is_alive()
    assert psutil.Process().memory_info().rss - before < 30e6


async def test_commands_beyond_the_allowance_are_refused_and_not_run() -> None:
    async with (
        run_edge(LinkLimits(commands_per_s=0.5, commands_burst=5)) as edge,
        edge.module() as client,
    ):
        answers = [await client.ask("command", {"n": number}) for number in range(8)]
        assert [answer["ok"] for answer in answers] == [True] * 5 + [False] * 3
        error = answers[-1]["error"]
        assert error["code"] == "rate_limited"
        assert 0 < error["retry_after_ms"] <= 2000
        assert len(edge.session.handled) == 5
        assert edge.realtime.stats.offences["rate_limited"] == 3
        assert len(edge.offences) == 1


async def test_a_new_connection_brings_no_new_allowance() -> None:
    async with run_edge(LinkLimits(commands_per_s=0.01, commands_burst=3)) as edge:
        for _ in range(3):
            async with edge.module() as client:
                assert (await client.ask("command", {}))["ok"]
        async with edge.module() as client:
            assert (await client.ask("command", {}))["error"]["code"] == "rate_limited"
        async with edge.module("other") as client:
            assert (await client.ask("command", {}))["ok"]


async def test_acks_of_what_we_sent_are_no_flood() -> None:
    async with (
        run_edge(LinkLimits(commands_per_s=0.01, commands_burst=2)) as edge,
        edge.module() as client,
    ):
        for number in range(100):
            call = asyncio.ensure_future(edge.session.link.call("call", {}, 5))
            message = await client.receive()
            ack_id = message[len("42/module,") : message.index("[")]
            await client.socket.send(f"43/module,{ack_id}[{number}]")
            assert await call == b"%d" % number


async def test_unanswered_commands_are_bounded_and_come_back(edge: Edge) -> None:
    async with edge.module() as client:
        for ack_id in range(64):
            await client.socket.send(f'42/module,{ack_id + 1000}["command",{{"cmd":"wait"}}]')
        assert (await client.ask("command", {}))["error"]["code"] == "rate_limited"
        edge.session.release.set()
        for ack_id in range(64):
            assert (await client.answer(ack_id + 1000))["ok"]
        assert await client.is_alive()


async def test_offences_are_logged_once_a_minute_each(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        async with edge.module("evil") as client:
            await client.socket.send("42/module,[]")
            await client.until_cut()
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in lines] == ["module:evil sent a malformed packet"]
    assert edge.offences == [("module:evil", "sent a malformed packet")]
    assert edge.realtime.stats.offences == {"malformed": 5}


async def test_random_damage_harms_its_sender_alone(edge: Edge) -> None:
    random = Random(20260101)
    valid = [
        text('42/module,17["command",{"cmd":"echo","msg":"\u00e4 \U0001f600"}]'),
        text('43/module,1000000000[{"ok":true}]'),
        text("3"),
        frame(9, b"ping"),
        frame(1, b"42/module,", fin=False) + frame(0, b'["ack",{"cursor":1}]'),
        text("41/module,"),
        frame(8, b"\x03\xe8bye"),
    ]
    async with edge.module("healthy") as healthy:
        for _ in range(150):
            data = bytearray(b"".join(random.sample(valid, 3)))
            for _ in range(random.randint(1, 4)):
                place = random.randrange(len(data))
                match random.randrange(3):
                    case 0:
                        data[place] = random.randrange(256)
                    case 1:
                        del data[place]
                    case _:
                        data[place:place] = random.randbytes(random.randint(1, 5))
            async with joined_raw(edge, "evil") as client:
                client.send(bytes(data))
                await asyncio.sleep(0)
        assert await healthy.is_alive()
        await eventually(lambda: edge.realtime.stats.connections == {"/module": 1})
        assert len(edge.bridge.open_sessions()) == 1
