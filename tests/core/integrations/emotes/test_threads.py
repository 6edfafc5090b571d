"""Answers are read in several threads at once, which no decoder may answer with a crash."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

_SCRIPT = """
import sys
import threading

import msgspec

from streamcore.core.integrations.emotes.source import each_readable

sys.setswitchinterval(1e-6)


def new_shape():
    class Picture(msgspec.Struct):
        url: str = ""
        sizes: list[int] = []

    class Item(msgspec.Struct):
        picture: Picture | None = None
        others: tuple[Picture, ...] = ()
        names: dict[str, str] = {}

    return Item


def read(shape, barrier):
    barrier.wait()
    raw = msgspec.Raw(b'{"picture": {"url": "a", "sizes": [1]}, "others": [{"url": "b"}]}')
    assert len(list(each_readable([raw], shape))) == 1


for _ in range(100):
    shape, barrier = new_shape(), threading.Barrier(3)
    threads = [threading.Thread(target=read, args=(shape, barrier)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


async def test_threads_that_meet_a_new_shape_at_once_do_not_crash(checkout_root: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SCRIPT, cwd=checkout_root / "src"
    )
    assert await process.wait() == 0
