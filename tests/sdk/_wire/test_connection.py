"""One connection: against the real server library, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

import msgspec
import pytest
from websockets.frames import Opcode

from streamcore.sdk._wire.connection import Connection, Refused, connect
from streamcore.sdk._wire.dial import BrokerDialer, BrokerGone, TcpDialer
from streamcore.sdk._wire.frames import WireError
from tests.sdk.fake_core import FakeCore, fake_core
from tests.sdk.raw_server import ACCEPTED, OPEN, Peer, Script, raw_server

AUTH = {"token": "launch-1", "protocol": 1}
no_descriptors = pytest.mark.skipif(
    sys.platform == "win32", reason="descriptors cannot be handed over on Windows"
)


class Inbox:
    """Remembers what a connection brought."""

    def __init__(self) -> None:
        self.events: list[tuple[str, object, int | None]] = []
        self.losses: list[str] = []

    def received(
        self, connection: Connection, name: str, body: msgspec.Raw, id: int | None
    ) -> None:
        self.events.append((name, msgspec.json.decode(body), id))
        if id is not None:
            connection.acknowledge(id, b'{"pong":true}')

    def lost(self, connection: Connection, reason: str) -> None:
        self.losses.append(reason)


async def dial(port: int, inbox: Inbox, timeout_s: float = 5) -> Connection:
    return await connect(TcpDialer("127.0.0.1", port), "/module", AUTH, inbox, timeout_s=timeout_s)


async def test_a_connection_carries_events_calls_and_acknowledgements_both_ways() -> None:
    inbox = Inbox()
    async with fake_core() as core:
        connection = await dial(core.port, inbox)
        answer = await connection.call("ready", b'{"subscribe":["follow"]}', 5)
        assert msgspec.json.decode(answer) == {"refused": []}
        connection.emit("ack", b'{"cursor":7}')
        assert await core.call("question", {"text": "привет"}) == {"pong": True}
        await core.until(lambda: core.acks)
        await connection.close()
        assert (core.auths, core.readies, core.acks) == ([AUTH], [["follow"]], [7])
    assert inbox.events[0][0] == "welcome"
    assert inbox.events[1][:2] == ("question", {"text": "привет"})
    assert inbox.losses == ["closed by the module"]


@no_descriptors
async def test_a_broker_gives_connection_after_connection() -> None:
    inbox = Inbox()
    async with fake_core() as core:
        dialer = BrokerDialer(core.broker().detach())
        for _ in range(3):
            connection = await connect(dialer, "/module", {"protocol": 1}, inbox, timeout_s=5)
            await connection.call("ready", b'{"subscribe":[]}', 5)
            await connection.close()
        assert len(core.readies) == 3
        dialer.close()


@no_descriptors
async def test_a_closed_broker_says_that_there_will_be_no_connection() -> None:
    ours, theirs = socket.socketpair()
    dialer = BrokerDialer(theirs.detach())
    ours.close()
    with pytest.raises(BrokerGone):
        await dialer.dial()
    dialer.close()


async def test_a_refusal_keeps_its_code_and_sentence() -> None:
    async with fake_core() as core:
        core.token = "another"
        with pytest.raises(Refused, match="the token is not known") as caught:
            await dial(core.port, Inbox())
    assert caught.value.code == "permission_denied"


async def test_hundreds_of_calls_at_once_each_get_their_own_answer() -> None:
    async with fake_core() as core:
        core.answers["storage_get"] = lambda command: {"ok": True, "result": {"key": command.key}}  # type: ignore[attr-defined]
        connection = await dial(core.port, Inbox())
        bodies = [b'{"cmd":"storage_get","key":"%d"}' % i for i in range(300)]
        answers = await asyncio.gather(*(connection.call("command", body, 5) for body in bodies))
        await connection.close()
    keys = [msgspec.json.decode(answer)["result"]["key"] for answer in answers]
    assert keys == [str(i) for i in range(300)]


async def test_large_packets_pass_in_both_directions() -> None:
    inbox, text = Inbox(), "x" * 200_000
    async with fake_core() as core:
        connection = await dial(core.port, inbox)
        await core.until(lambda: core.sids)
        await core.emit("large", {"text": text})
        body = msgspec.json.encode({"cmd": "storage_set", "key": "k", "value": text})
        await connection.call("command", body, 5)
        await core.until(lambda: len(inbox.events) == 2)
        await connection.close()
    assert inbox.events[1][1] == {"text": text}
    assert core.commands[0].value == text  # type: ignore[attr-defined]


async def test_what_the_core_sends_may_be_larger_than_what_it_takes() -> None:
    inbox = Inbox()
    async with fake_core() as core:
        connection = await dial(core.port, inbox)
        await core.until(lambda: core.sids)
        text = "x" * (2 * 1024 * 1024)  # a module's whole state travels in its welcome
        await core.emit("large", {"text": text})
        await core.until(lambda: len(inbox.events) == 2)
        await connection.close()
    assert inbox.events[1][1] == {"text": text}


async def test_a_call_that_is_cut_off_fails_at_once() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.read()
        peer.writer.close()

    inbox = Inbox()
    async with raw_server(script) as port:
        connection = await dial(port, inbox)
        with pytest.raises(ConnectionError):
            await connection.call("command", b"{}", 5)
    assert len(inbox.losses) == 1
    with pytest.raises(ConnectionError):
        await connection.call("command", b"{}", 5)


async def test_fragments_and_pings_of_both_layers_are_dealt_with() -> None:
    got: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome()
        peer.frame(Opcode.TEXT, b'42/module,["a",', final=False)
        peer.frame(Opcode.PING, b"websocket")
        peer.frame(Opcode.CONT, b'{"b":1}]')
        peer.text(b"2probe")
        peer.text(b"6")
        got.extend([await peer.read(), await peer.read()])

    inbox = Inbox()
    async with raw_server(script) as port:
        connection = await dial(port, inbox)
        await FakeCore.until(lambda: len(got) == 2)
        await connection.close()
    assert got == [b"websocket", b"3probe"]
    assert inbox.events == [("a", {"b": 1}, None)]


async def after_welcome(peer: Peer, *frames: bytes) -> None:
    await peer.welcome()
    for frame in frames:
        peer.writer.write(frame)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param(b"\x81\x7f" + struct.pack("!Q", 5 * 1024 * 1024), 1009, id="5 MiB"),
        pytest.param(b"\x82\x01\x00", 1003, id="binary frame"),
        pytest.param(b"\x81\x85abcd" + b"x" * 5, 1002, id="masked"),
        pytest.param(b"\x81\x02\xff\xfe", 1007, id="not UTF-8"),
        pytest.param(b"\x81\x0545-[]", 1003, id="binary packet"),
        pytest.param(b"\x81\x019", 1003, id="unknown engine packet"),
        pytest.param(b"\x81\x0c42/module,[1", 1002, id="broken JSON"),
    ],
)
async def test_a_core_that_breaks_the_protocol_is_left_with_its_code(
    frame: bytes, code: int
) -> None:
    closes: list[bytes] = []

    async def script(peer: Peer) -> None:
        await after_welcome(peer, frame)
        closes.append(await peer.read())

    inbox = Inbox()
    async with raw_server(script) as port:
        connection = await dial(port, inbox)
        await connection.ended.wait()
        await FakeCore.until(lambda: closes)
    assert closes == [struct.pack("!H", code)]
    assert "broke the protocol" in inbox.losses[0]


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"\x88\x02\x03\xe8", id="close frame"),
        pytest.param(b"\x81\x011", id="engine close"),
        pytest.param(b"\x81\x0a41/module,", id="namespace disconnect"),
    ],
)
async def test_every_way_of_saying_goodbye_ends_the_connection_once(frame: bytes) -> None:
    async def script(peer: Peer) -> None:
        await after_welcome(peer, frame, frame)

    inbox = Inbox()
    async with raw_server(script) as port:
        connection = await dial(port, inbox)
        await connection.ended.wait()
    assert len(inbox.losses) == 1


async def test_a_silent_core_is_left() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(interval_ms=30, timeout_ms=30)

    inbox = Inbox()
    async with raw_server(script) as port:
        connection = await dial(port, inbox)
        await connection.ended.wait()
    assert inbox.losses == ["the core went silent"]


def broken_upgrade(answer: bytes) -> Script:
    async def script(peer: Peer) -> None:
        await peer.upgrade(answer=answer)

    return script


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 403 Forbidden\r\n\r\n", id="refused"),
        pytest.param(
            b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: no\r\n\r\n",
            id="wrong key",
        ),
        pytest.param(b"x" * 20_000, id="endless head"),
    ],
)
async def test_a_wrong_answer_to_the_upgrade_ends_the_connect(answer: bytes) -> None:
    async with raw_server(broken_upgrade(answer)) as port:
        with pytest.raises(WireError):
            await dial(port, Inbox())


async def test_a_core_that_never_accepts_runs_into_the_deadline() -> None:
    async def script(peer: Peer) -> None:
        await peer.upgrade()
        peer.text(OPEN % (20_000, 20_000))

    inbox = Inbox()
    async with raw_server(script) as port:
        with pytest.raises(TimeoutError):
            await dial(port, inbox, timeout_s=0.1)
    assert inbox.losses == []


async def test_packets_of_other_namespaces_are_nobodys() -> None:
    async def script(peer: Peer) -> None:
        await peer.upgrade()
        peer.text(OPEN % (20_000, 20_000))
        peer.text(b'40{"sid":"root"}')
        await peer.read()
        peer.text(ACCEPTED)
        peer.text(b'42["root event"]')
        peer.text(b'43/module,99["an answer to nothing"]')
        peer.text(b'42/module,["mine"]')

    inbox = Inbox()
    async with raw_server(script) as port:
        connection = await dial(port, inbox)
        await FakeCore.until(lambda: inbox.events)
        await connection.close()
    assert inbox.events == [("mine", None, None)]


async def test_nobody_listening_is_a_plain_connection_error() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(ConnectionError):
        await dial(port, Inbox())


async def test_each_call_has_its_own_deadline() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.read()
        await peer.read()
        third = await peer.read()
        peer.text(b"43" + third[2 : third.index(b"[")] + b"[3]")

    async with raw_server(script) as port:
        connection = await dial(port, Inbox())
        calls = [
            asyncio.ensure_future(connection.call("command", b"{}", timeout_s))
            for timeout_s in (0.2, 0.05, 5)
        ]
        assert await calls[2] == b"3"
        done, _ = await asyncio.wait(calls[:2], return_when=asyncio.FIRST_COMPLETED)
        assert done == {calls[1]}
        for call in calls[:2]:
            with pytest.raises(TimeoutError):
                await call
        await connection.close()
