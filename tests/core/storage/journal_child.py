"""A process of its own that logs events and says which were acknowledged; made to be killed.

Started as `python -m tests.core.storage.journal_child DATABASE [BYTES]`: with BYTES no file may
grow beyond them, as on a full disk, until a line comes in on standard input.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from streamcore.core.clock import SystemClock
from streamcore.core.errors import StorageError
from streamcore.core.journal import Journal
from streamcore.core.store import Store
from streamcore.protocol.events import Event
from tests.core.storage.events import chat, donation

WRITERS = 8


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def limit_files(size: int) -> None:
    # Not on Windows; the tests that ask for it are skipped there.
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))


async def write(journal: Journal, writer: int) -> None:
    made = 0
    while True:
        made += 1
        name = f"{writer}-{made}"
        event: Event = donation(name) if made % 3 else chat(name)
        (logged,) = await journal.append([event])
        if logged is not None:
            say(f"acked {logged.seq} {logged.id}")


async def fill(journal: Journal, limit: int) -> None:
    limit_files(limit)
    count = 0
    try:
        while True:
            (logged,) = await journal.append([donation("x" * 1000)])
            count += 1
            if logged is not None:
                say(f"acked {logged.seq} {logged.id}")
    except StorageError as error:
        say(f"full {error}")
    await asyncio.to_thread(sys.stdin.readline)
    limit_files(-1)
    while not journal._store.health.status.is_writable:
        await asyncio.sleep(0.05)  # it finds out by itself
    for _ in range(200):
        (logged,) = await journal.append([donation("y" * 1000)])
        if logged is not None:
            say(f"acked {logged.seq} {logged.id}")
    say("done")


async def main(path: Path, limit: int) -> None:
    store = await Store.open(path)
    journal = Journal(store, SystemClock(), lambda events: None)
    await journal.open()
    say(f"open {journal.head}")
    if limit:
        await fill(journal, limit)
        await journal.close()
        await store.close()
        return
    async with asyncio.TaskGroup() as group:
        for writer in range(WRITERS):
            group.create_task(write(journal, writer))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
