"""C7: clients that never read are cut off, the core stays small, and one that reads gets it all."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import Memory, Victim, started
from tests.chaos.sender import Sender
from tests.core.realtime.raw import PATH, UPGRADE, text

__all__ = ["Witness", "ignore_events"]

SETTLE_S = 30.0
CUT_WITHIN_S = 20.0
GROWTH_MB = 50


class Witness:
    """A dashboard that reads everything and keeps the log numbers that it saw."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    @asynccontextmanager
    async def watching(self, victim: Victim) -> AsyncIterator[None]:
        """Read until the block ends."""
        async with victim.pushes() as pushes:
            reading = asyncio.create_task(self._read(pushes))
            try:
                yield
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def reaches(self, seq: int, within_s: float) -> bool:
        """Wait until it saw this log number."""
        end = time.monotonic() + within_s
        while (not self.seen or self.seen[-1] < seq) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return bool(self.seen) and self.seen[-1] >= seq

    async def _read(self, pushes: AsyncIterator[tuple[str, object]]) -> None:
        async for name, payload in pushes:
            if name == "events":
                events = msgspec.convert(payload, list[_Numbered])
                self.seen += [event.seq for event in events if event.seq]


class _Numbered(msgspec.Struct):
    seq: int = 0


async def ignore_events(plan: Plan, home: Path) -> Report:
    """C7: clients that never read."""
    report = Report("C7 clients that never read")
    count, sender, memory, witness = 20, Sender(plan.pick(500, 2000)), Memory(), Witness()
    async with sender.running(), started(home, sender) as victim:
        async with witness.watching(victim):
            sender.begin()
            await asyncio.sleep(1)
            before = victim.rss_mb()
            deaf = [await _deaf(victim) for _ in range(count)]
            begin = time.monotonic()
            async with memory.watching(victim):
                cut_ms = await _until_cut(victim, begin)
                await asyncio.sleep(plan.seconds(1, 30))
            sender.pause()
            report.none("events never answered", 0 if await sender.all_answered(SETTLE_S) else 1)
            head = int((await victim.api("GET", "/api/system"))["events"]["head"])
            await witness.reaches(head, SETTLE_S)
            missed = head - witness.seen[0] + 1 - len(set(witness.seen))
        for each in deaf:
            each.close()
        report.tell("clients that never read", count)
        report.true("all were cut off", holds=cut_ms is not None)
        if cut_ms is not None:
            report.timing("all were cut off after", cut_ms, 2000)
        report.at_most("core RSS grew by", memory.peak_mb - before, GROWTH_MB, "MB")
        report.tell("events that the healthy client saw", len(witness.seen))
        report.none("events that it missed", missed)
        report.none("events that it saw twice", len(witness.seen) - len(set(witness.seen)))
        await victim.end(report)
    report.true("nothing acknowledged is missing", holds=len(sender.acknowledged) == sender.sent)
    return report


async def _until_cut(victim: Victim, begin: float) -> float | None:
    """Wait until the healthy one is alone; return after how many ms, None when it never is."""
    while time.monotonic() - begin < CUT_WITHIN_S:
        connections = (await victim.api("GET", "/api/system"))["connections"]
        if connections.get("/dashboard", 0) <= 1:
            return (time.monotonic() - begin) * 1000
        await asyncio.sleep(0.02)
    return None


async def _deaf(victim: Victim) -> socket.socket:
    """Join as a dashboard, through a small window, and read no more."""
    loop = asyncio.get_running_loop()
    port = int(victim.run["port"])
    joined = socket.socket()
    joined.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    joined.setblocking(False)
    await loop.sock_connect(joined, ("127.0.0.1", port))
    await loop.sock_sendall(joined, UPGRADE.format(path=PATH, port=port).encode())
    await loop.sock_recv(joined, 1024)
    auth = json.dumps({"token": victim.run["token"]})
    await loop.sock_sendall(joined, text(f"40/dashboard,{auth}"))
    return joined
