"""Plain python-socketio on uvicorn, as its documentation shows it, emitting at full speed.

Run: python -m benchmarks.plain_server CLIENTS SECONDS; prints its port, floods when all are there.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from typing import Any

import msgspec
import socketio
import uvicorn

from benchmarks.source import chat

QUEUED = 500


async def serve(clients: int, seconds: float) -> None:
    """Wait for the clients, emit each event to all of them, then stay until the end of input."""
    sio: Any = socketio.AsyncServer(async_mode="asgi", namespaces=["/dashboard"])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(socketio.ASGIApp(sio), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.ensure_future(server.serve(sockets=[listener]))
        print(listener.getsockname()[1], flush=True)
        while len(list(sio.manager.get_participants("/dashboard", None))) < clients:  # noqa: ASYNC110 - the library has no event for it
            await asyncio.sleep(0.05)
        event = msgspec.json.decode(msgspec.json.encode(chat(1)))
        await asyncio.sleep(0.5)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            await sio.emit("events", [event], namespace="/dashboard")
            # Its queues have no bound of their own.
            while any(peer.queue.qsize() > QUEUED for peer in sio.eio.sockets.values()):  # noqa: ASYNC110 - nor for this
                await asyncio.sleep(0)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = server.force_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
