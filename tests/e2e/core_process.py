"""Starts StreamCore as a user's computer does: `main.py` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import psutil

__all__ = ["ROOT", "Core", "until", "write_module"]

ROOT = Path(__file__).resolve().parents[2]
READY_S = 20.0


async def until(
    check: Callable[[], Any], *, within_s: float = 8.0, what: str = "the condition"
) -> Any:
    """Poll until the check returns something true (it may be a coroutine function)."""
    end = time.monotonic() + within_s
    while True:
        result = check()
        if asyncio.iscoroutine(result):
            result = await result
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {within_s} s")
        await asyncio.sleep(0.02)


def write_module(
    home: Path,
    module_id: str,
    code: str,
    *,
    permissions: tuple[str, ...] = (),
    requirements: tuple[str, ...] = ("*",),
    **manifest: object,
) -> Path:
    """Write a module into a home's modules."""
    folder = home / "modules" / module_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backend.py").write_text(code, encoding="utf-8")
    content = {
        "id": module_id,
        "name": module_id,
        "version": "1.0.0",
        "entry_point": "backend.py",
        "requirements": list(requirements),
        "permissions": list(permissions),
    } | manifest
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


class Core:
    """One home and the core that runs on it, now and then killed and started again."""

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self._environment = dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None
        self._http: httpx.AsyncClient | None = None
        self.url = ""
        self.run: dict[str, Any] = {}
        self.stdout = b""
        self.stderr = b""

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, *flags: str) -> None:
        """Start `main.py` and wait for its ready line."""
        self._process = await self.spawn(*flags)
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(READY_S):
                line = (await self._process.stdout.readline()).decode()
        except TimeoutError as error:
            self._process.kill()
            _, stderr = await self._process.communicate()
            raise AssertionError(f"not ready: {stderr.decode()}") from error
        if " ready at " not in line:
            _, stderr = await self._process.communicate()
            raise AssertionError(f"not ready: {line!r} {stderr.decode()}")
        self.stdout += line.encode()
        self.url = line.rsplit(" ready at ", 1)[1].strip()
        self.run = json.loads((self.home / "run.json").read_bytes())
        self._drain = asyncio.gather(
            self._read(self._process.stdout, "stdout"), self._read(self._process.stderr, "stderr")
        )
        self._http = httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {self.run['token']}"},
            timeout=10,
            trust_env=False,
        )

    async def spawn(self, *flags: str) -> asyncio.subprocess.Process:
        """Start `main.py` without waiting for anything."""
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("STREAMCORE_")
        }
        arguments = ("--home", str(self.home), "--port", "0", "--no-browser", *flags)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "main.py"),
            *arguments,
            env=environment | {"STREAMCORE_KEYRING": "file"} | self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def _read(self, stream: asyncio.StreamReader | None, name: str) -> None:
        assert stream is not None
        while chunk := await stream.read(65536):
            setattr(self, name, getattr(self, name) + chunk)

    async def api(self, method: str, path: str, body: object | None = None) -> Any:
        """Call the API with the run token; a refusal fails the test with its text."""
        assert self._http is not None
        answer = await self._http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def simulate(self, type_: str, **fields: object) -> dict[str, Any]:
        """Log one test event and return it as logged."""
        answer = await self.api("POST", "/api/events/simulate", {"type": type_, **fields})
        (event,) = answer["events"]
        return dict(event)

    async def module(self, module_id: str) -> dict[str, Any] | None:
        """Return a module's record, None while it was not seen."""
        records: list[dict[str, Any]] = (await self.api("GET", "/api/modules"))["items"]
        return next((record for record in records if record["id"] == module_id), None)

    async def state(self, module_id: str) -> str | None:
        """Return a module's state."""
        record = await self.module(module_id)
        return record["state"] if record else None

    async def approve(
        self, module_id: str, *permissions: str, state: str = "running", within_s: float = 8.0
    ) -> None:
        """Consent to a module as the streamer does (to all it wishes for by default)."""

        async def waits() -> dict[str, Any] | None:
            record = await self.module(module_id)
            return record if record and record["state"] == "awaiting_consent" else None

        record = await until(waits, what=f"{module_id} awaits consent")
        body = {
            "digest": record["digest"],
            "permissions": list(permissions) or record["manifest"]["permissions"],
        }
        await self.api("POST", f"/api/modules/{module_id}/approve", body)
        await self.reaches(module_id, state, within_s)

    async def reaches(self, module_id: str, state: str, within_s: float = 8.0) -> None:
        """Wait until a module is in a state."""

        async def is_there() -> bool:
            return await self.state(module_id) == state

        await until(is_there, within_s=within_s, what=f"{module_id} is {state}")

    async def logs(self, module_id: str) -> str:
        """Return a module's log, oldest line first."""
        answer = await self.api("GET", f"/api/modules/{module_id}/logs?limit=200")
        return "\n".join(item["text"] for item in reversed(answer["items"]))

    async def stored(self, module_id: str, key: str) -> Any:
        """Return a value that a module keeps in its storage, read from the database itself."""
        connection = sqlite3.connect(f"file:{self.home / 'streamcore.db'}?mode=ro", uri=True)
        try:
            row = connection.execute(
                "SELECT value FROM storage WHERE module_id = ? AND key = ?", (module_id, key)
            ).fetchone()
        finally:
            connection.close()
        return json.loads(row[0]) if row else None

    def module_processes(self) -> list[psutil.Process]:
        """Return the core's living children: modules, and what they are forked from on Linux."""
        return psutil.Process(self.pid).children(recursive=True)

    async def process_of(self, module_id: str) -> psutil.Process:
        """Return a running module's process."""
        record = await self.module(module_id)
        assert record is not None
        return psutil.Process(record["pid"])

    async def kill(self) -> None:
        """End the core as a crash does."""
        await self._end(asyncio.subprocess.Process.kill)

    async def stop(self) -> int:
        """End the core as a service manager does and return its exit code."""
        return await self._end(asyncio.subprocess.Process.terminate)

    async def _end(self, end: Callable[[asyncio.subprocess.Process], None]) -> int:
        process = self._process
        assert process is not None
        if self._http is not None:
            await self._http.aclose()
            self._http = None
        if process.returncode is None:
            end(process)
        async with asyncio.timeout(10):
            code = await process.wait()
            await self._drain
        return code

    async def close(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()
