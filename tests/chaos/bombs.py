"""Hostile modules: each throws one kind of bomb for as long as it lives."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.core_process import write_module

__all__ = ["BOMBS", "HARMLESS", "write_bombs"]

HEAD = """
import asyncio
import os
import socket
import sys
import threading
import time

from streamcore.protocol.commands import EmitEvent, StorageSet
from streamcore.sdk import BaseModule, every


class Bomb(BaseModule):
    lit = False

    @every(seconds=0.5)
    async def light(self):
        if self.lit:
            return
        self.lit = True
        await self.throw()
"""

BOMBS = {
    "spins": """
    async def throw(self):
        while True:
            pass
""",
    "hoards": """
    async def throw(self):
        self.hoard = []
        try:
            while True:
                self.hoard.append(bytearray(os.urandom(4096) * 1024))
                await asyncio.sleep(0.01)
        except MemoryError:
            await asyncio.sleep(3600)
""",
    "shouts": """
    async def throw(self):
        line = "x" * 400 + "\\n"
        threading.Thread(target=lambda: [sys.stdout.write(line) for _ in iter(int, 1)]).start()
        threading.Thread(target=lambda: [sys.stderr.write(line) for _ in iter(int, 1)]).start()
""",
    "logs": """
    async def throw(self):
        while True:
            for _ in range(200):
                self.log.warning("x" * 4000)
            await asyncio.sleep(0.001)
""",
    "emits": """
    async def throw(self):
        async def emit():
            while True:
                try:
                    await self.execute(EmitEvent(name="bomb", data={"x": "y" * 2000}))
                except Exception:
                    await asyncio.sleep(0.01)
        await asyncio.gather(*(emit() for _ in range(60)))
""",
    "rushes": """
    async def throw(self):
        from streamcore.sdk._runtime.pace import Pace

        Pace.try_take = lambda self: True  # what no author should do
        async def ask(number):
            while True:
                try:
                    await self.execute(StorageSet(key=f"key {number}", value="x" * 1000))
                except Exception:
                    await asyncio.sleep(0.001)
        await asyncio.gather(*(ask(number) for number in range(300)))
""",
    "grabs": """
    async def throw(self):
        self.files = []
        try:
            while True:
                self.files.append(open(__file__))
        except OSError:
            await asyncio.sleep(3600)
""",
    "weaves": """
    async def throw(self):
        threading.stack_size(1 << 20)
        try:
            for _ in range(1000):
                threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
        except RuntimeError:
            pass
        await asyncio.sleep(3600)
""",
    "garbles": """
    async def throw(self):
        for name in os.listdir("/proc/self/fd"):
            try:
                link = socket.socket(fileno=os.dup(int(name)))
                link.send(os.urandom(4096))
            except OSError:
                pass
""",
    "writes": """
    async def throw(self):
        try:
            with open(self.data_dir / "big", "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
        except OSError:
            await asyncio.sleep(3600)
""",
}

HARMLESS = """
import sys

from streamcore.sdk import BaseModule


class Talker(BaseModule):
    async def setup(self):
        for _ in range(20):
            sys.stdout.write("y" * 1023 + "\\n")
            sys.stdout.write(("x" * 1023 + "\\n") * 1024)
        sys.stdout.flush()
"""
"""Prints 20 MB at once, as one that shows a large object by mistake; nobody may end it for that."""


def write_bombs(home: Path) -> list[str]:
    """Write every bomb and return the modules' ids."""
    for name, body in BOMBS.items():
        write_module(home, name, HEAD + body, limits={"memory_mb": 64})
    return list(BOMBS)
