"""P1: one event to fifty clients at full speed, beside the plain library."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

import psutil

from benchmarks.plan import Plan
from benchmarks.product import Loaded, cpu_seconds, loaded
from benchmarks.readers import Report, Target, connected
from benchmarks.source import Order

__all__ = ["fanout"]

CLIENTS = 50
COUNTED = 5


@dataclass(frozen=True, slots=True)
class _Speed:
    per_s: float
    per_cpu_s: float
    """Deliveries a second of the server's processor time: what else runs here divides out."""
    event_bytes: float


async def fanout(plan: Plan) -> None:
    """deliveries a second at full speed: plain python-socketio, our bus, our log and bus"""
    seconds = plan.seconds(5)
    with plan.home() as home:
        async with loaded(home) as product:
            for _ in plan.times(5):
                plain = await _plain(seconds)
                bus = await _flood(product, "bus", seconds)
                logged = await _flood(product, "log", seconds)
                plan.record("P1.plain", plain.per_s)
                plan.record("P1.bus", bus.per_s)
                plan.record("P1.logged", logged.per_s)
                plan.record("P1.bytes", bus.event_bytes)
                plan.record("P1.ratio", bus.per_s / plain.per_s)
                plan.record("P1.ratio_cpu", bus.per_cpu_s / plain.per_cpu_s)


def _speed(report: Report, cpu_s: float) -> _Speed:
    print(f"    readers took {report.cpu_percent:.0f} % of a core")
    deliveries = report.deliveries
    return _Speed(deliveries / report.seconds, deliveries / cpu_s, report.bytes / deliveries)


async def _flood(product: Loaded, via: str, seconds: float) -> _Speed:
    async with connected(product.target, CLIENTS, timed=0, counted=COUNTED) as readers:
        await readers.reset()
        used = product.cpu_s()
        await product.carry_out(Order(do="flood", via=via, seconds=seconds))
        used = product.cpu_s() - used
        report = await readers.quiet()
    if report.gaps:
        raise RuntimeError(f"{report.gaps} gaps: the source was faster than it may be")
    return _speed(report, used)


async def _plain(seconds: float) -> _Speed:
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
            server = psutil.Process(process.pid)
            used = cpu_seconds(server)
            await asyncio.sleep(seconds)
            report = await readers.quiet()
            return _speed(report, cpu_seconds(server) - used)
    finally:
        process.stdin.close()
        await process.wait()
