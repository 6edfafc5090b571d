"""A core in its smallest form: launches modules, says their numbers, and waits to be killed."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

from streamcore.core.principals import ModulePrincipal
from streamcore.core.process import LaunchSpec, TcpLink, make_launcher
from tests.core.process.rig import HOST_COMMAND, PRELOAD


async def accept(sock: socket.socket, principal: ModulePrincipal) -> None:
    sock.close()


async def main(folder: Path, count: int, forks: bool) -> None:
    launcher = make_launcher(
        HOST_COMMAND,
        accept,
        lambda principal: TcpLink("", 0, ""),
        preload=PRELOAD if forks else None,
    )
    for number in range(count):
        spec = LaunchSpec(f"bot_{number}", number, folder, "main.py", folder / "data")
        await launcher.launch(spec, lambda stream, line: print(line, flush=True))  # noqa: T201
    await asyncio.sleep(60)


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "forks"))
