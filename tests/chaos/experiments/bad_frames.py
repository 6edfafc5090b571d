"""C8: malformed requests and frames of every kind, then random ones; nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from tests.chaos.experiments.deaf_clients import Witness
from tests.chaos.malformed import Conversation, hand_made, honest, mutated
from tests.chaos.marks import Report
from tests.chaos.plan import Plan
from tests.chaos.product import Memory, Victim, started

__all__ = ["send_nonsense"]

AT_ONCE = 8
ANSWER_S = 0.03
"""How long nothing may come before what came counts as the whole answer."""
MINUTE_S = 60.0
GROWTH_MB = 40


async def send_nonsense(plan: Plan, home: Path) -> Report:
    """C8: malformed frames and random mutation."""
    report = Report(f"C8 malformed frames, seed {plan.seed}")
    memory, witness = Memory(), Witness()
    async with started(home) as victim:
        port, token = int(victim.run["port"]), str(victim.run["token"])
        kinds = hand_made(port, token)
        async with witness.watching(victim):
            noticed = [
                name for name, data in kinds.items() if not await _passes(victim, witness, data)
            ]
            # From here on: what all this made the libraries load is loaded.
            before = victim.rss_mb()
            async with memory.watching(victim):
                sent, deaf = await _mutate(victim, witness, plan, [*kinds.values()])
            report.true("a conversation in single bytes is understood", holds=await _slow(victim))
        report.tell("kinds made by hand", len(kinds))
        report.none(f"kinds that the healthy client noticed {noticed}", len(noticed))
        report.tell("random ones", sent)
        report.none("events that the healthy client missed meanwhile", deaf)
        report.at_most("core RSS grew by", memory.peak_mb - before, GROWTH_MB, "MB")
        alive = victim.process.is_running()
        report.true("the core is the same process", holds=alive)
        await victim.end(report)
    report.none("log lines an offender beyond one a minute", _repeated(home / "logs" / "core.log"))
    return report


async def _mutate(
    victim: Victim, witness: Witness, plan: Plan, samples: list[Conversation]
) -> tuple[int, int]:
    """Send random nonsense, some of it at once; return how much, and how often it was noticed."""
    port, token = int(victim.run["port"]), str(victim.run["token"])
    good = honest(port, token)
    sent = deaf = 0
    end = time.monotonic() + plan.seconds(4, 600)
    while time.monotonic() < end:
        batch = [
            mutated(plan.chance.choice([good, good, plan.chance.choice(samples)]), samples, each)
            for each in (random.Random(plan.chance.random()) for _ in range(AT_ONCE))
        ]
        await asyncio.gather(*(_send(port, data, plan.chance) for data in batch))
        sent += len(batch)
        if sent % (10 * AT_ONCE) == 0:
            event = await victim.simulate("donation")
            deaf += not await witness.reaches(int(event["seq"]), 5)
    return sent, deaf


async def _passes(victim: Victim, witness: Witness, data: Conversation) -> bool:
    """Send one kind and see whether the API and the healthy client are served as before."""
    await _send(int(victim.run["port"]), data, random.Random(0))
    event = await victim.simulate("donation")
    return await witness.reaches(int(event["seq"]), 5)


async def _send(port: int, conversation: Conversation, chance: random.Random) -> None:
    """Say something part by part, each in a few pieces, and go away without a goodbye."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for part in conversation:
                for piece in _pieces(part, chance):
                    writer.write(piece)
                    async with asyncio.timeout(1):
                        await writer.drain()
                await _answer(reader)
        finally:
            writer.transport.abort()
    except (TimeoutError, ConnectionError):
        pass


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read until nothing more comes for a moment, or everything has."""
    answer = b""
    with contextlib.suppress(TimeoutError):
        while True:
            async with asyncio.timeout(ANSWER_S):
                part = await reader.read(1 << 16)
            if not part:
                break
            answer += part
    return answer


def _pieces(part: bytes, chance: random.Random) -> list[bytes]:
    cuts = sorted(chance.randrange(len(part) + 1) for _ in range(chance.randrange(4)))
    return [part[a:b] for a, b in zip([0, *cuts], [*cuts, len(part)], strict=True)]


async def _slow(victim: Victim) -> bool:
    """Hold an honest conversation byte by byte; the answer is the join and the goodbye."""
    port, token = int(victim.run["port"]), str(victim.run["token"])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for part in honest(port, token):
            for byte in part:
                writer.write(bytes([byte]))
                await asyncio.sleep(0)
            answer += await _answer(reader)
    except ConnectionError:
        return False
    finally:
        writer.transport.abort()
    return b'40/dashboard,{"sid"' in answer and b"\x8a\x04ping" in answer and b"\x88" in answer


def _repeated(path: Path) -> int:
    """Count the lines that say of the same one the same as a line of the minute before."""
    last: dict[str, float] = defaultdict(lambda: -MINUTE_S)
    repeated = 0
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if line["level"] in ("warning", "error"):
            at = datetime.fromisoformat(line["at"]).timestamp()
            if at - last[line["message"]] < MINUTE_S - 1:
                repeated += 1
            else:
                last[line["message"]] = at
    return repeated
