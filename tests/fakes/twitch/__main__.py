"""The fake as a process: prints the environment that points an app at it, then serves."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

from tests.fakes.twitch.control import set_switch, switches_of
from tests.fakes.twitch.fake import FakeTwitch

_INTERVAL_S = 5.0
_KEEPALIVE_SHARE = 0.95
_DEAD_COUNT_FOR_S = 10.0


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is ended; an empty line follows the environment."""
    fake = FakeTwitch()
    # With the times of Twitch itself, where tests are in a hurry.
    fake.oauth.interval_s = fake.oauth.enforced_interval_s = options.interval
    fake.oauth.approves_at_once = options.approve
    fake.eventsub.keepalive_share = _KEEPALIVE_SHARE
    fake.eventsub.dead_count_for_s = _DEAD_COUNT_FOR_S
    for setting in options.set:
        name, _, value = setting.partition("=")
        set_switch(fake, name, value)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows ends the process at once
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
    for name, value in (await fake.start(port=options.port)).items():
        sys.stdout.write(f"{name}={value}\n")
    sys.stdout.write(f"\nThe page to play with it: {fake.url}/\n")
    sys.stdout.flush()
    if options.chat > 0:
        await fake.flood.begin(options.chat)
    try:
        await ended.wait()
    finally:
        await fake.flood.end()
        await fake.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    names = ", ".join(switches_of(FakeTwitch()))
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.twitch", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--approve", action="store_true", help="confirm every login at once")
    parser.add_argument("--chat", type=float, default=0, metavar="N", help="N messages a second")
    parser.add_argument(
        "--interval", type=float, default=_INTERVAL_S, help="seconds between two polls of a login"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"set a switch; out of: {names}",
    )
    options = parser.parse_args(arguments)
    try:
        asyncio.run(serve(options))
    except (KeyError, ValueError, OSError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
