"""The whole product with one source of events more: what the chaos sender says goes into the log.

It sits where a platform's adapter would. A line of its socket is a JSON list of numbers; an event
is made of each, logged, and the numbers are answered when they are committed. The same number makes
the same event, so what is sent again after a crash is known by its source id. Other lines are
orders that only the inside can carry out: see `Order`.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import Any

import msgspec

from streamcore.core.app import App
from streamcore.core.errors import StorageError, StreamCoreError
from streamcore.protocol.events import ChatMessage, Donation, Event, Subscription
from streamcore.protocol.objects import Amount, Fragment, FragmentKind, User
from tests.chaos.loose_clock import LooseClock

__all__ = ["CONTROL", "MONEY_EVERY", "ChaosApp", "Done", "Order", "is_money"]

CONTROL = "STREAMCORE_CHAOS_CONTROL"
MONEY_EVERY = 50
STORE_AGAIN_S = 0.2
PEOPLE = 500
TEXT = "a line of chat that somebody wrote, as long as such lines are"


class Order(msgspec.Struct, omit_defaults=True):
    """What to do beside logging."""

    jump_s: float = 0.0
    """Set the wall clock forward or back, as a time server or a person does."""
    ask: int = 0
    """Ask the connected platform this many things at once."""


class Done(msgspec.Struct):
    """How many of the things that were asked had an answer."""

    answered: int = 0


def is_money(number: int) -> bool:
    """Tell whether a number stands for a donation or a subscription."""
    return number % MONEY_EVERY == 0


def event_of(number: int) -> Event:
    """Make the event that a number stands for."""
    person = number % PEOPLE
    user = User(id=str(person), login=f"viewer_{person}", name=f"Viewer {person}")
    text = f"{TEXT} {number}"
    at, source_id = datetime.now(UTC), f"chaos-{number}"
    if not is_money(number):
        return ChatMessage(
            platform="chaos",
            channel_id="channel",
            at=at,
            source_id=source_id,
            user=user,
            message_id=source_id,
            text=text,
            fragments=(Fragment(kind=FragmentKind.TEXT, text=text),),
        )
    if number % (2 * MONEY_EVERY):
        return Subscription(
            platform="chaos", channel_id="channel", at=at, source_id=source_id, user=user
        )
    return Donation(
        platform="chaos",
        channel_id="channel",
        at=at,
        source_id=source_id,
        service="chaos",
        donor=user.name,
        text=text,
        amount=Amount(value=500, exponent=2, currency="EUR", display="5.00 €"),
    )


class ChaosApp(App):
    """The app, and a task that does what the sender says."""

    async def start(self) -> None:
        await super().start()
        # The process ends with it; `stop` cancels it.
        intake = asyncio.create_task(self._intake())
        self._stack.callback(intake.cancel)

    async def _intake(self) -> None:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(os.environ[CONTROL]), limit=1 << 20
        )
        turn = asyncio.Lock()
        async with asyncio.TaskGroup() as tasks:
            while line := await reader.readline():
                async with turn:
                    said = msgspec.json.decode(line, type=list[int] | Order)
                if isinstance(said, Order):
                    tasks.create_task(self._carry_out(said, writer))
                else:
                    tasks.create_task(self._log(said, writer, turn))

    async def _carry_out(self, order: Order, writer: asyncio.StreamWriter) -> None:
        LooseClock.ahead_s += order.jump_s
        asking = [self._ask() for _ in range(order.ask)]
        answered = sum(await asyncio.gather(*asking))
        writer.write(msgspec.json.encode(Done(answered)) + b"\n")

    async def _ask(self) -> bool:
        """Ask the platform who is logged in, as its adapter asks everything."""
        streamer: Any = getattr(self._registry.get("twitch"), "_streamer", None)
        try:
            await streamer.account.client.helix.get("/users", msgspec.Raw, {})
        except StreamCoreError:
            return False
        return True

    async def _log(
        self, numbers: list[int], writer: asyncio.StreamWriter, turn: asyncio.Lock
    ) -> None:
        """Log as adapters do: what the disk does not take is offered again, and no more is read."""
        events = [event_of(number) for number in numbers]
        try:
            await self._journal.append(events)
        except StorageError:
            async with turn:
                while not await self._takes(events):
                    await asyncio.sleep(STORE_AGAIN_S)
        writer.write(msgspec.json.encode(numbers) + b"\n")

    async def _takes(self, events: list[Event]) -> bool:
        try:
            await self._journal.append(events)
        except StorageError:
            return False
        return True
