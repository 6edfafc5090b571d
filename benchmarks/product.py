"""The running product: `main.py` on a home of its own, driven from outside and looked at."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil
from websockets.asyncio.client import connect

from benchmarks.readers import Target
from benchmarks.source import CONTROL, Order, Outcome
from tests.e2e.core_process import ROOT, Core, until, write_module

__all__ = ["MAIN", "MB", "Loaded", "Product", "cpu_seconds", "loaded", "running", "write_modules"]

MB = 1 << 20
MAIN = (str(ROOT / "main.py"),)


class Product(Core):
    """A core; `program` is what starts it, `main.py` unless told otherwise."""

    def __init__(
        self,
        home: Path,
        environment: dict[str, str] | None = None,
        program: Sequence[str] = MAIN,
    ) -> None:
        super().__init__(home, environment)
        self._own_environment = dict(environment or {})
        self._program = tuple(program)
        self.ready_s = 0.0
        """From the start of the process to its ready line."""

    async def start(self, *flags: str) -> None:
        begin = time.perf_counter()
        await super().start(*flags)
        self.ready_s = time.perf_counter() - begin

    async def spawn(self, *flags: str) -> asyncio.subprocess.Process:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("STREAMCORE_")
        }
        # Warm is compiled, as on every computer but a developer's with this switch.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        arguments = ("--home", str(self.home), "--port", "0", "--no-browser", *flags)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *self._program,
            *arguments,
            cwd=ROOT,
            env=environment | {"STREAMCORE_KEYRING": "file"} | self._own_environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    @property
    def target(self) -> Target:
        """Return where dashboards connect."""
        return Target.dashboard(int(self.run["port"]), str(self.run["token"]))

    @property
    def process(self) -> psutil.Process:
        """Return the core's process."""
        return psutil.Process(self.pid)

    def cpu_s(self) -> float:
        """Return the processor time that the core has used."""
        return cpu_seconds(self.process)

    def rss_mb(self) -> float:
        """Return the memory of the core alone."""
        return float(self.process.memory_info().rss) / MB

    async def approve_all(self, module_ids: Sequence[str]) -> None:
        """Consent to modules at once and wait until all run."""

        async def seen() -> dict[str, Any]:
            records = {record["id"]: record for record in await self.modules()}
            return records if set(module_ids) <= records.keys() else {}

        records = await until(seen, within_s=20, what="the modules are seen")
        for module_id in module_ids:
            record = records[module_id]
            body = {"digest": record["digest"], "permissions": record["manifest"]["permissions"]}
            await self.api("POST", f"/api/modules/{module_id}/approve", body)
        await self.all_running(module_ids)

    async def all_running(self, module_ids: Sequence[str], within_s: float = 120) -> None:
        """Wait until all of these run."""

        async def run() -> bool:
            return await self.running_count() >= len(module_ids)

        await until(run, within_s=within_s, what=f"{len(module_ids)} modules run")

    async def running_count(self) -> int:
        """Return how many modules run."""
        return sum(record["state"] == "running" for record in await self.modules())

    async def modules(self) -> list[dict[str, Any]]:
        """Return all modules' records."""
        items: list[dict[str, Any]] = (await self.api("GET", "/api/modules"))["items"]
        return items

    @asynccontextmanager
    async def pushes(self) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        """Be a dashboard and yield what is pushed to it: name and payload."""
        url = self.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        async with connect(url, max_size=None, proxy=None) as socket:
            await socket.recv()
            await socket.send(self.target.join.decode())

            async def packets() -> AsyncIterator[tuple[str, Any]]:
                async for message in socket:
                    text = message if isinstance(message, str) else message.decode()
                    if text == "2":
                        await socket.send("3")
                    elif text.startswith("42/dashboard,"):
                        name, payload = msgspec.json.decode(text.partition(",")[2])
                        yield name, payload

            yield packets()


class Loaded(Product):
    """The product with a source of events inside: see `benchmarks.source`."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, program=("-m", "benchmarks.source"))
        self._streams: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]

    async def start(self, *flags: str) -> None:
        self._streams = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(
            lambda reader, writer: self._streams.set_result((reader, writer)),
            "127.0.0.1",
            0,
            limit=1 << 26,
        )
        port = self._server.sockets[0].getsockname()[1]
        self._own_environment[CONTROL] = str(port)
        await super().start(*flags)
        async with asyncio.timeout(10):
            await self._streams

    async def carry_out(self, order: Order) -> Outcome:
        """Let the source do something and wait for the end of it."""
        reader, writer = await self._streams
        writer.write(msgspec.json.encode(order) + b"\n")
        line = await reader.readline()
        return msgspec.json.decode(line, type=Outcome)

    async def close(self) -> None:
        await super().close()
        _, writer = await self._streams
        writer.close()
        self._server.close()


@asynccontextmanager
async def running(
    home: Path,
    *flags: str,
    environment: dict[str, str] | None = None,
    program: Sequence[str] = MAIN,
) -> AsyncIterator[Product]:
    """Run the product as a user starts it."""
    product = Product(home, environment, program)
    try:
        await product.start(*flags)
        yield product
    finally:
        await _end(product)


@asynccontextmanager
async def loaded(home: Path, *flags: str) -> AsyncIterator[Loaded]:
    """Run the product with a source of events inside."""
    product = Loaded(home)
    try:
        await product.start(*flags)
        yield product
    finally:
        await _end(product)


async def _end(product: Product) -> None:
    if product.run:
        await product.stop()
    await product.close()


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor time of one process, without its children."""
    times = process.cpu_times()
    return float(times.user + times.system)


def write_modules(
    home: Path, code: str, count: int, *, permissions: tuple[str, ...] = ("chat_read",)
) -> list[str]:
    """Write modules that do the same and return their ids."""
    module_ids = [f"bench_{number:03}" for number in range(count)]
    for module_id in module_ids:
        write_module(home, module_id, code, permissions=permissions)
    return module_ids
