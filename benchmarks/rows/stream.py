"""P2, P3, P4: a steady stream of events to fifty clients: delay, completeness, processor time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from datetime import UTC, datetime

import msgspec

from benchmarks.game import busy_pc
from benchmarks.plan import Plan
from benchmarks.product import Loaded, Product, loaded, running
from benchmarks.readers import Target, connected
from benchmarks.samples import percentile
from benchmarks.source import Order, chat
from streamcore.core.realtime.packets import batch_packet, text_frame

__all__ = ["cpu", "delay", "storm"]

CLIENTS = 50
PER_S = 1_000
STORM_PER_S = 5_000
WARM_UP_S = 1.0


async def delay(plan: Plan) -> None:
    """delay of 1,000 events/s to 50 clients, beyond what a bare loopback write takes"""
    seconds = plan.seconds(6)
    with plan.home() as home:
        async with loaded(home) as product:
            for _ in plan.times(5):
                bare = await _loopback(seconds / 2)
                bus = await _delays(product, "bus", seconds / 2)
                logged = await _delays(product, "log", seconds)
                for percent in (50, 99):
                    floor, whole = percentile(bare, percent), percentile(logged, percent)
                    plan.record(f"P2.loopback_p{percent}", floor)
                    plan.record(f"P2.bus_p{percent}", percentile(bus, percent))
                    plan.record(f"P2.log_p{percent}", whole)
                    plan.record(f"P2.p{percent}", whole - floor)


async def storm(plan: Plan) -> None:
    """the demo stream at 5,000 messages/s to 50 clients for a minute, on the product as it is"""
    seconds = plan.seconds(60)
    environment = {"STREAMCORE_DEMO_RATE": str(STORM_PER_S)}
    for _ in plan.times(1):
        with plan.home() as home:
            async with running(home, "--demo", environment=environment) as product:
                async with connected(product.target, CLIENTS) as readers:
                    await asyncio.sleep(WARM_UP_S)
                    await readers.reset()
                    head, used = await _head(product), product.cpu_s()
                    begin = time.perf_counter()
                    await asyncio.sleep(seconds / 10)
                    early_mb = product.rss_mb()
                    await asyncio.sleep(seconds * 9 / 10)
                    late_mb = product.rss_mb()
                    took = time.perf_counter() - begin
                    logged, used = await _head(product) - head, product.cpu_s() - used
                    for platform in (await product.api("GET", "/api/platforms"))["items"]:
                        await product.api("POST", f"/api/platforms/{platform['id']}/disconnect")
                    report = await readers.quiet()
                print(f"    readers took {report.cpu_percent:.0f} % of a core; {report.gaps} gaps")
                plan.record("P3.rate", logged / took)
                plan.record("P3.missing", report.missing)
                plan.record("P3.p50", percentile(report.delays_ms, 50))
                plan.record("P3.p99", percentile(report.delays_ms, 99))
                plan.record("P3.cpu", used / took * 100)
                plan.record("P3.growth", late_mb - early_mb)


async def cpu(plan: Plan) -> None:
    """processor time at 1,000 events/s to 50 clients, log included: on a busy PC and an idle one"""
    seconds = plan.seconds(8)
    with plan.home() as home:
        async with loaded(home) as product:
            for _ in plan.times(3):
                async with connected(product.target, CLIENTS, timed=0) as readers:
                    plan.record("P4.idle", await _cpu_percent(product, "log", seconds))
                    await readers.quiet()
                    with busy_pc():
                        # The core sees what the processor has left while events flow.
                        await _cpu_percent(product, "log", WARM_UP_S)
                        plan.record("P4.cpu", await _cpu_percent(product, "log", seconds))
                    await readers.quiet()
                plan.record("P4.source", await _cpu_percent(product, "nowhere", seconds / 2))
    environment = {"STREAMCORE_DEMO_RATE": str(PER_S)}
    with plan.home() as home:
        async with (
            running(home, "--demo", environment=environment) as demo,
            connected(demo.target, CLIENTS, timed=0),
        ):
            await asyncio.sleep(WARM_UP_S)
            for _ in plan.times(3):
                used, begin = demo.cpu_s(), time.perf_counter()
                await asyncio.sleep(seconds)
                took = time.perf_counter() - begin
                plan.record("P4.demo", (demo.cpu_s() - used) / took * 100)


async def _head(product: Product) -> int:
    system = await product.api("GET", "/api/system")
    return int(system["events"]["head"])


async def _cpu_percent(product: Loaded, via: str, seconds: float) -> float:
    done = await product.carry_out(Order(do="pace", via=via, per_s=PER_S, seconds=seconds))
    return done.cpu_s / done.seconds * 100


async def _delays(product: Loaded, via: str, seconds: float) -> list[float]:
    async with connected(product.target, CLIENTS) as readers:
        await product.carry_out(Order(do="pace", via=via, per_s=PER_S, seconds=WARM_UP_S))
        await readers.quiet()
        await readers.reset()
        await product.carry_out(Order(do="pace", via=via, per_s=PER_S, seconds=seconds))
        return (await readers.quiet()).delays_ms


async def _loopback(seconds: float) -> list[float]:
    """Time the same bytes on a bare socket: a blocking write here, the same reader there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        writer = threading.Thread(target=_write_bare, args=(listener, seconds), daemon=True)
        writer.start()
        target = Target(listener.getsockname()[1])
        async with connected(target, 1, timed=1) as readers:
            await asyncio.to_thread(writer.join)
            return (await readers.quiet()).delays_ms


def _write_bare(listener: socket.socket, seconds: float) -> None:
    peer, _ = listener.accept()
    # As on every connection of the core: small writes would wait for the peer's delayed ACK.
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with peer:
        end = time.perf_counter() + seconds
        number = 0
        while time.perf_counter() < end:
            number += 1
            event = msgspec.structs.replace(chat(number), received_at=datetime.now(UTC))
            body = msgspec.json.encode(event)
            peer.sendall(text_frame(batch_packet("/dashboard", body)))
            time.sleep(1 / PER_S)
        time.sleep(1.5)
