"""The fake in a process of its own, and how another one drives it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

__all__ = ["FakeProcess", "fake_process"]

_ROOT = Path(__file__).parents[3]
_READY_WITHIN_S = 20.0
_LONG_WAIT_S = 30.0


class FakeProcess:
    """Its environment for the app, and its control address."""

    def __init__(self, env: Mapping[str, str], http: httpx.AsyncClient, pid: int) -> None:
        self.env = dict(env)
        self.url = env["STREAMCORE_TWITCH_API_URL"].removesuffix("/helix")
        self.pid = pid
        self._http = http

    async def do(self, deed: str, *args: object, **kwargs: object) -> dict[str, int]:
        """Let something happen; returns how many notifications of which type were written."""
        told = (await self.post(deed, {"args": args, "kwargs": kwargs}))["told"]
        return {str(kind): int(count) for kind, count in told.items()}

    async def switch(self, **values: object) -> None:
        """Set switches; `eventsub__is_silent=True` is `eventsub.is_silent`."""
        await self.post("switch", {key.replace("__", "."): v for key, v in values.items()})

    async def post(self, path: str, body: object) -> Any:
        """Ask for anything under `/control`."""
        answer = await self._http.post(f"/control/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    async def get(self, path: str) -> Any:
        """Read anything under `/control`."""
        answer = await self._http.get(f"/control/{path}")
        answer.raise_for_status()
        return answer.json()

    def cpu_s(self) -> float:
        """Return the processor time that it has used."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def fake_process(*flags: str) -> AsyncIterator[FakeProcess]:
    """Run `python -m tests.fakes.twitch --port 0` until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.fakes.twitch", "--port", "0", *flags),
        stdout=asyncio.subprocess.PIPE,
        cwd=_ROOT,
    )
    assert process.stdout is not None
    try:
        env: dict[str, str] = {}
        async with asyncio.timeout(_READY_WITHIN_S):
            while line := (await process.stdout.readline()).decode().strip():
                name, _, value = line.partition("=")
                env[name] = value
        url = env["STREAMCORE_TWITCH_API_URL"].removesuffix("/helix")
        async with httpx.AsyncClient(base_url=url, timeout=_LONG_WAIT_S, trust_env=False) as http:
            yield FakeProcess(env, http, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
