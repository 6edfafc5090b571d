"""P14: twenty clients that never read, and one that does."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

from benchmarks.plan import Plan
from benchmarks.product import Loaded, loaded
from benchmarks.readers import connected, join
from benchmarks.samples import percentile
from benchmarks.source import Order

__all__ = ["deaf_readers"]

DEAF = 20
PER_S = 2_000
LOOK_EVERY_S = 0.05
_MUCH = 1 << 24


class _Deaf:
    """A client that reads nothing; the system takes what fits into its receive buffer."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = 0
        self.took_last = time.perf_counter()
        sock.setblocking(False)

    def look(self) -> None:
        """Note whether it took more since the last look."""
        held = 0
        with contextlib.suppress(BlockingIOError, ConnectionError):
            held = len(self._sock.recv(_MUCH, socket.MSG_PEEK))
        if held > self._held:
            self._held, self.took_last = held, time.perf_counter()

    def close(self) -> None:
        self._sock.close()


async def deaf_readers(plan: Plan) -> None:
    """twenty clients that never read at 2,000 events/s: memory, until they are cut, who suffers"""
    seconds = max(6.0, plan.seconds(12))
    for _ in plan.times(3):
        with plan.home() as home:
            async with loaded(home) as product:
                await _run(plan, product, seconds)


async def _run(plan: Plan, product: Loaded, seconds: float) -> None:
    warm = Order(do="pace", per_s=PER_S, seconds=2.0)
    async with connected(product.target, 1, timed=1) as healthy:
        await product.carry_out(warm)
        await healthy.quiet()
        await healthy.reset()
        before = product.rss_mb()
        deaf = [_Deaf((await asyncio.to_thread(join, product.target))[0]) for _ in range(DEAF)]
        load = asyncio.create_task(
            product.carry_out(Order(do="pace", per_s=PER_S, seconds=seconds))
        )
        try:
            most, cut_at = before, None
            while not load.done():
                for client in deaf:
                    client.look()
                most = max(most, product.rss_mb())
                if cut_at is None and await _dashboards(product) <= 1:
                    cut_at = time.perf_counter()
                await asyncio.sleep(LOOK_EVERY_S)
            await load
        finally:
            for client in deaf:
                client.close()
        report = await healthy.quiet()
    if cut_at is None:
        raise RuntimeError(f"{await _dashboards(product) - 1} deaf readers were not cut")
    plan.record("P14.gained", most - before)
    plan.record("P14.cut", cut_at - max(client.took_last for client in deaf))
    plan.record("P14.missing", report.missing)
    plan.record("P14.p99", percentile(report.delays_ms, 99))


async def _dashboards(product: Loaded) -> int:
    system = await product.api("GET", "/api/system")
    return int(system["connections"].get("/dashboard", 0))
