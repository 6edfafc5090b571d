"""The fake as a process: prints the environment that points an app at it, then serves."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fakes.twitch.fake import FakeTwitch


async def serve(port: int, *, approve: bool) -> None:
    """Serve until the process is ended."""
    fake = FakeTwitch()
    fake.oauth.approves_at_once = approve
    for name, value in (await fake.start(port=port)).items():
        sys.stdout.write(f"{name}={value}\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await fake.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.twitch", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--approve", action="store_true", help="confirm every login at once")
    options = parser.parse_args()
    try:
        asyncio.run(serve(options.port, approve=options.approve))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
