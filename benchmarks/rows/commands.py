"""P6: a module asks the core something that no platform serves, and gets its answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from benchmarks.plan import Plan
from benchmarks.product import Product, running
from benchmarks.samples import percentile
from tests.e2e.core_process import until, write_module

__all__ = ["command_round_trip"]

SINGLE = 250
"""Within the burst that the SDK lets a module have: nothing waits for its turn."""
BURST_S = 3.0

ONE_AT_A_TIME = f"""
import asyncio, json, time

from streamcore.protocol.commands import GetPlatforms
from streamcore.sdk import BaseModule, every


class Asking(BaseModule):
    @every(seconds=0.5)
    async def ask(self):
        if (self.data_dir / "times").exists():
            return
        await asyncio.sleep({BURST_S})
        took = []
        for _ in range({SINGLE}):
            begin = time.perf_counter()
            await self.execute(GetPlatforms())
            took.append((time.perf_counter() - begin) * 1000)
        (self.data_dir / "part").write_text(json.dumps(took))
        (self.data_dir / "part").rename(self.data_dir / "times")
"""

# The SDK's own pace keeps a module below the core's allowance; here both are lifted.
MANY_AT_ONCE = """
import asyncio, json, time

from streamcore.protocol.commands import GetPlatforms
from streamcore.sdk import BaseModule, every


class Asking(BaseModule):
    @every(seconds=0.5)
    async def ask(self):
        if (self.data_dir / "times").exists():
            return
        pace = self._runtime.commander._pace
        pace._per_s = pace._burst = pace._tokens = 1e9
        count, begin = 0, time.perf_counter()
        cpu = time.process_time()
        end = begin + %s

        async def one():
            nonlocal count
            while time.perf_counter() < end:
                await self.execute(GetPlatforms())
                count += 1

        await asyncio.gather(*(one() for _ in range(32)))
        took = time.perf_counter() - begin
        result = [count / took, (time.process_time() - cpu) / took * 100]
        (self.data_dir / "part").write_text(json.dumps(result))
        (self.data_dir / "part").rename(self.data_dir / "times")
"""


async def command_round_trip(plan: Plan) -> None:
    """command round trip between module and core, guard on"""
    with plan.home() as home:
        write_module(home, "asking", ONE_AT_A_TIME)
        async with running(home) as product:
            await product.approve("asking")
            for _ in plan.times(5):
                took = await _answer(product)
                plan.record("P6.p50", percentile(took, 50))
                plan.record("P6.p99", percentile(took, 99))
    seconds = plan.seconds(4)
    with plan.home() as home:
        write_module(home, "asking", MANY_AT_ONCE % seconds)
        product = Product(home, program=("-m", "benchmarks.unlimited"))
        try:
            await product.start()
            await product.approve("asking")
            for _ in plan.times(5):
                used = product.cpu_s()
                rate, module_cpu = await _answer(product)
                plan.record("P6.rate", rate)
                plan.record("P6.core_us", (product.cpu_s() - used) / (rate * seconds) * 1e6)
                plan.record("P6.module_us", module_cpu * 1e4 / rate)
        finally:
            await product.close()


async def _answer(product: Product) -> list[float]:
    """Wait for the module's file and take it away, at which it begins again."""
    file: Path = product.home / "module_data" / "asking" / "times"
    await until(file.exists, within_s=60, what="the module measured")
    return await asyncio.to_thread(_take, file)


def _take(file: Path) -> list[float]:
    content = file.read_bytes()
    file.unlink()
    return msgspec.json.decode(content, type=list[float])
