"""A launcher with the core's side of the link, for tests."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

import msgspec

import streamcore
from streamcore.core.clock import Clock
from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import LaunchSpec, ModuleProcess, TcpLink, make_launcher
from streamcore.protocol.manifest import Limits

PRELOAD = (
    str(Path(streamcore.__file__).parent.parent),
    str(Path(msgspec.__file__).parent.parent),
)
HOST_COMMAND = (sys.executable, "-I", "-S", "-B", str(Path(__file__).with_name("host.py")))


class Rig:
    """Launches scripts, keeps their output, and answers their connections with their identity."""

    def __init__(
        self,
        root: Path,
        *,
        forks: bool = False,
        clock: Clock | None = None,
        preload: Sequence[str] = PRELOAD,
    ) -> None:
        self.root = root
        self.lines: list[tuple[str, str]] = []
        self._tokens: dict[str, ModulePrincipal] = {}
        self._server: asyncio.Server | None = None
        self._port = 0
        self._generation = 0
        self.launcher = make_launcher(
            HOST_COMMAND,
            self._accept,
            self.issue,
            clock=clock,
            preload=preload if forks else None,
        )

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept_tcp, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        await self.launcher.close()
        if self._server is not None:
            self._server.close()

    def spec(
        self,
        script: str,
        module_id: str = "bot",
        *,
        generation: int | None = None,
        limits: Limits | None = None,
    ) -> LaunchSpec:
        """Write a script and return how to launch it."""
        self._generation += 1
        folder = self.root / module_id
        folder.mkdir(exist_ok=True)
        main, text = folder / "main.py", dedent(script)
        if not main.exists() or main.read_text(encoding="utf-8") != text:
            main.write_text(text, encoding="utf-8")  # else an earlier process may be reading it
        return LaunchSpec(
            module_id=module_id,
            generation=generation or self._generation,
            folder=folder,
            entry_point="main.py",
            data_dir=self.root / "data" / module_id,
            limits=limits or Limits(),
        )

    async def launch(self, script: str, *, limits: Limits | None = None) -> ModuleProcess:
        """Launch a script under the host of the tests."""
        return await self.launcher.launch(self.spec(script, limits=limits), self._hear)

    def said(self, stream: str = "stdout") -> list[str]:
        """Return the lines of one stream so far."""
        return [line for name, line in self.lines if name == stream]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(8):
            while not true():
                await asyncio.sleep(0.01)

    async def hears(self, line: str, stream: str = "stdout") -> None:
        """Wait until a line was said."""
        await self.until(lambda: line in self.said(stream))

    def _hear(self, stream: str, line: str) -> None:
        self.lines.append((stream, line))

    def issue(self, principal: ModulePrincipal) -> TcpLink:
        token = f"token-{principal}-{principal.generation}"
        self._tokens[token] = principal
        return TcpLink("127.0.0.1", self._port, token)

    async def _accept(self, sock: socket.socket, principal: ModulePrincipal) -> None:
        reader, writer = await asyncio.open_connection(sock=sock)
        await self._answer(reader, writer, principal)

    async def _accept_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        token = (await reader.readline()).decode().strip()
        await self._answer(reader, writer, self._tokens[token])

    @staticmethod
    async def _answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, principal: ModulePrincipal
    ) -> None:
        try:
            while line := await reader.readline():
                writer.write(f"{principal}/{principal.generation} ".encode() + line)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
