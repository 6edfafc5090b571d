"""P1: one event to fifty clients at full speed, beside the plain library."""

from __future__ import annotations

import asyncio
import sys

from benchmarks.plan import Plan
from benchmarks.product import Loaded, loaded
from benchmarks.readers import Report, Target, connected
from benchmarks.source import Order

__all__ = ["fanout"]

CLIENTS = 50
COUNTED = 5


async def fanout(plan: Plan) -> None:
    """deliveries a second at full speed: plain python-socketio, our bus, our log and bus"""
    seconds = plan.seconds(5)
    with plan.home() as home:
        async with loaded(home) as product:
            for _ in plan.times(5):
                plain = await _plain(seconds)
                bus = await _flood(product, "bus", seconds)
                logged = await _flood(product, "log", seconds)
                plan.record("P1.plain", plain.deliveries / plain.seconds)
                plan.record("P1.bus", bus.deliveries / bus.seconds)
                plan.record("P1.logged", logged.deliveries / logged.seconds)
                plan.record("P1.bytes", bus.bytes / bus.deliveries)
                ratio = (bus.deliveries / bus.seconds) / (plain.deliveries / plain.seconds)
                plan.record("P1.ratio", ratio)


async def _flood(product: Loaded, via: str, seconds: float) -> Report:
    async with connected(product.target, CLIENTS, timed=0, counted=COUNTED) as readers:
        await readers.reset()
        await product.carry_out(Order(do="flood", via=via, seconds=seconds))
        report = await readers.quiet()
    if report.gaps:
        raise RuntimeError(f"{report.gaps} gaps: the source was faster than it may be")
    print(f"    readers took {report.cpu_percent:.0f} % of a core")
    return report


async def _plain(seconds: float) -> Report:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.plain_server",
        str(CLIENTS),
        str(seconds),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        port = int(await process.stdout.readline())
        target = Target(port, b"40/dashboard,")
        async with connected(target, CLIENTS, timed=0, counted=COUNTED) as readers:
            await asyncio.sleep(seconds)
            return await readers.quiet()
    finally:
        process.stdin.close()
        await process.wait()
