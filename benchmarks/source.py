"""The whole product with one source of events more: `main.py`'s own start, and load on demand.

Nothing outside can offer the core events one by one at any rate, so this source sits inside, where
a platform's adapter would: events go in by the journal, as from an adapter. With `via` "bus" they
go in behind the log. Orders come as JSON lines by a loopback socket; the environment has its port.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime

import msgspec

if __name__ == "__main__":
    # Here the core is imported before its own start can leave this out: see `streamcore.cli.run`.
    sys.modules.setdefault("aiohttp", None)  # type: ignore[arg-type] # as the import system has it

import streamcore.core.app as product
from streamcore.cli import main
from streamcore.core.app import App
from streamcore.core.logged import LoggedEvent
from streamcore.protocol.events import ChatMessage, Donation, Event
from streamcore.protocol.ids import new_id
from streamcore.protocol.objects import Amount, Fragment, FragmentKind, User

__all__ = ["CONTROL", "Order", "Outcome", "chat"]

CONTROL = "STREAMCORE_BENCH_CONTROL"
BEHIND_BYTES = 256 * 1024
FLOOD_CHUNK = 200
LOG_CHUNK = 250
LOG_CHUNKS_WAITING = 4
PEOPLE = 500
TEXT = "a line of chat that somebody wrote, as long as such lines are"


class Order(msgspec.Struct):
    """What to do: `flood` (full speed), `pace` (`per_s`), `append` (one at a time, timed)."""

    do: str
    via: str = "log"
    seconds: float = 0.0
    count: int = 0
    per_s: float = 0.0


class Outcome(msgspec.Struct):
    """What was done, and what it took of this process."""

    events: int
    seconds: float
    cpu_s: float
    event_bytes: int
    delays_ms: list[float] = []


def chat(number: int) -> ChatMessage:
    """Make one ordinary chat message."""
    person = number % PEOPLE
    text = f"{TEXT} {number}"
    return ChatMessage(
        platform="bench",
        channel_id="channel",
        at=datetime.now(UTC),
        source_id=f"bench-{_RUN}-{number}",
        user=User(id=str(person), login=f"viewer_{person}", name=f"Viewer {person}"),
        message_id=f"bench-{number}",
        text=text,
        fragments=(Fragment(kind=FragmentKind.TEXT, text=text),),
    )


def donation(number: int) -> Donation:
    """Make one ordinary donation."""
    return Donation(
        platform="bench",
        channel_id="channel",
        at=datetime.now(UTC),
        source_id=f"gift-{_RUN}-{number}",
        service="bench",
        donor=f"Viewer {number % PEOPLE}",
        text=TEXT,
        amount=Amount(value=500, exponent=2, currency="EUR", display="5.00 €"),
    )


_RUN = new_id()


class LoadedApp(App):
    """The app, and a task that carries out orders."""

    _number = 0

    async def start(self) -> None:
        await super().start()
        # The process ends with it; `stop` cancels it.
        orders = asyncio.create_task(self._listen_to_orders())
        self._stack.callback(orders.cancel)

    async def _listen_to_orders(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(os.environ[CONTROL]))
        while line := await reader.readline():
            order = msgspec.json.decode(line, type=Order)
            outcome = await self._carry_out(order)
            writer.write(msgspec.json.encode(outcome) + b"\n")
            await writer.drain()

    async def _carry_out(self, order: Order) -> Outcome:
        begin, cpu, number = time.perf_counter(), time.process_time(), self._number
        delays: list[float] = []
        match order:
            case Order(do="flood", via="bus"):
                await self._flood_bus(order.seconds)
            case Order(do="flood"):
                await self._flood_log(order.seconds or 1e9, order.count or 1 << 60)
            case Order(do="pace"):
                await self._pace(order)
            case Order(do="append"):
                await self._append(order.count, order.per_s, delays)
            case _:
                raise ValueError(order.do)
        return Outcome(
            self._number - number,
            time.perf_counter() - begin,
            time.process_time() - cpu,
            len(self._logged().body),
            delays,
        )

    async def _flood_bus(self, seconds: float) -> None:
        """Publish encoded events as fast as the readers take them, without the log."""
        chunk = [self._logged() for _ in range(FLOOD_CHUNK)]
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._bus.publish(chunk)
            self._number += len(chunk)
            await asyncio.sleep(0)
            while self._bus._pending or self._is_behind():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)

    async def _flood_log(self, seconds: float, count: int) -> None:
        """Log and deliver as fast as that goes, some appends always under way."""
        end = time.perf_counter() + seconds
        last = self._number + count

        async def feed() -> None:
            while time.perf_counter() < end and self._number < last:
                await self._journal.append([self._next() for _ in range(LOG_CHUNK)])
                while self._is_behind():  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.001)

        await asyncio.gather(*(feed() for _ in range(LOG_CHUNKS_WAITING)))

    async def _pace(self, order: Order) -> None:
        """Offer events evenly, each as it falls due, as an adapter hands them over."""
        begin = time.perf_counter()
        sent = 0
        while (elapsed := time.perf_counter() - begin) < order.seconds:
            due = int(elapsed * order.per_s) - sent
            sent += due
            for _ in range(due):
                if order.via == "log":
                    await self._journal.take([self._next()])
                elif order.via == "bus":
                    self._bus.publish([self._logged()])
                else:
                    self._next()
            await asyncio.sleep((sent + 1) / order.per_s - (time.perf_counter() - begin))

    async def _append(self, count: int, per_s: float, delays: list[float]) -> None:
        """Log one event at a time and note how long each took: 19 chat messages, one donation."""
        for number in range(count):
            event: Event = self._next() if number % 20 else donation(self._number)
            begin = time.perf_counter()
            await self._journal.append([event])
            delays.append((time.perf_counter() - begin) * 1000)
            await asyncio.sleep(1 / per_s)

    def _next(self) -> ChatMessage:
        self._number += 1
        return chat(self._number)

    def _logged(self) -> LoggedEvent:
        """Make an event as the log would hand it on."""
        event = msgspec.structs.replace(
            self._next(), id=new_id(), seq=1, received_at=datetime.now(UTC)
        )
        body = msgspec.json.encode(event)
        return LoggedEvent(1, "chat_message", "bench", "", body, event)

    def _is_behind(self) -> bool:
        sessions = self._bridge.dashboards._sessions
        return any(
            session._link.buffered + session._reader.waiting_bytes > BEHIND_BYTES
            for session in sessions
        )


if __name__ == "__main__":
    # `streamcore.core.front` looks the class up when it runs: everything else is the product's own.
    vars(product)["App"] = LoadedApp
    sys.exit(main())
