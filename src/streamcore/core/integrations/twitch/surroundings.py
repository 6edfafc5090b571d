"""Notices that the computer slept, that its clock was set, or that it is in another network."""

from __future__ import annotations

import socket
from collections.abc import Callable

from streamcore.core.clock import Clock

__all__ = ["local_address", "watch"]

_LOOK_EVERY_S = 5.0
_ASLEEP_S = 5.0
_BLOCKED_S = 30.0
_FAR_AWAY = ("192.0.2.1", 9)
"""An address for documentation: nobody has it, so it is reached over the way to everywhere."""


async def watch(
    clock: Clock,
    *,
    woke: Callable[[float], None],
    moved: Callable[[], None],
    address: Callable[[], str | None],
) -> None:
    """Look for ever.

    `woke` is called with the seconds that went by on the wall and not on the other clock, which
    on most systems stands still while a computer sleeps; where it does not, we are merely late. A
    wall clock that was set back calls nothing. `moved` is called when the computer has got another
    address than before, so that waiting for the network has an end.
    """
    here = address()
    while True:
        began, began_s = clock.now(), clock.monotonic()
        await clock.sleep(_LOOK_EVERY_S)
        passed_s = clock.monotonic() - began_s
        asleep_s = (clock.now() - began).total_seconds() - passed_s
        if asleep_s > _ASLEEP_S:
            woke(asleep_s)
        elif passed_s > _LOOK_EVERY_S + _BLOCKED_S:
            woke(0.0)
        before, here = here, address()
        if here is not None and here != before:
            moved()


def local_address() -> str | None:
    """Return the address that this computer would speak to the world from; None without a network.

    Nothing is sent: to connect a datagram socket only asks the system for the way.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_FAR_AWAY)
            return str(probe.getsockname()[0])
    except OSError:
        return None
