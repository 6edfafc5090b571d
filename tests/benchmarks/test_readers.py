"""The readers' process sees what a server sends."""

from __future__ import annotations

import asyncio

import msgspec

from benchmarks.readers import Target, connected
from streamcore.core.realtime.packets import batch_packet, text_frame
from streamcore.protocol.events import ChatMessage


async def test_every_client_counts_and_the_first_byte_starts_the_clock() -> None:
    bodies = [msgspec.json.encode(ChatMessage(seq=number)) for number in range(1, 11)]
    events = b"".join(text_frame(batch_packet("/dashboard", body)) for body in bodies)

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(events)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        target = Target(server.sockets[0].getsockname()[1])
        async with connected(target, 4, timed=0, counted=1) as readers:
            async with asyncio.timeout(5):
                while (report := await readers.report()).bytes < 4 * len(events):
                    await asyncio.sleep(0.01)
    assert report.events[0] == 10
    assert report.deliveries == 40
    assert (report.missing, report.gaps) == (0, 0)
