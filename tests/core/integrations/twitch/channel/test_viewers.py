"""The number of viewers is told when the stream begins, then once a minute, then no more."""

from __future__ import annotations

import asyncio

import httpx

from streamcore.core.integrations.oauth import TokenKeeper, TokenPair
from streamcore.core.integrations.twitch.api.helix import Helix
from streamcore.core.integrations.twitch.channel.viewers import Viewers
from streamcore.core.secrets import Secret
from streamcore.protocol.events import StreamOffline, StreamOnline, ViewerCount
from tests.core.integrations.host import MemorySecrets, TestHost
from tests.core.integrations.twitch.rig import TwitchRig
from tests.fakes.clock import ManualClock


class Watched:
    """The count at work, with a server that answers as the test says."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.host = TestHost()
        self.answers: list[httpx.Response] = []
        self.asked = 0
        self.viewers: Viewers

    def answer(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        stream = {"id": "s", "viewer_count": 7}
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={"data": [stream]})

    def observe(self, kind: type[StreamOnline] | type[StreamOffline]) -> None:
        event = kind(platform="twitch", channel_id="1001", at=self.clock.now())
        self.viewers.observe([event])

    @property
    def told(self) -> list[int]:
        return [event.viewers for event in self.host.of(ViewerCount)]


async def refresh(_stale: TokenPair) -> TokenPair:
    raise AssertionError("nothing was refused")


async def test_it_is_asked_only_while_the_stream_runs() -> None:
    watched = Watched()
    async with httpx.AsyncClient(transport=httpx.MockTransport(watched.answer)) as http:
        keeper = TokenKeeper("tokens", MemorySecrets(), refresh)
        await keeper.adopt(TokenPair("c", Secret("a"), Secret("r"), watched.clock.now(), ()))
        helix = Helix(http, "http://twitch.test/helix", keeper, watched.clock)
        watched.viewers = Viewers(helix, "1001", watched.clock, watched.host.publish)
        running = asyncio.create_task(watched.viewers.run())
        try:
            await watched.clock.advance(300)
            assert watched.asked == 0
            watched.observe(StreamOnline)
            await watched.clock.advance(0)
            assert watched.told == [7], "at once"
            await watched.clock.advance(59)
            assert watched.asked == 1
            await watched.clock.advance(121)
            assert watched.told == [7, 7, 7, 7]
            watched.observe(StreamOffline)
            await watched.clock.advance(600)
            assert watched.asked == 4
            # Twitch lists a stream a little after it says that it began, and fails now and then.
            watched.answers = [
                httpx.Response(200, json={"data": []}),
                httpx.Response(404, json={}),
                httpx.Response(200, content=b"garbage"),
            ]
            watched.observe(StreamOnline)
            await watched.clock.advance(31)
            assert watched.told == [7, 7, 7, 7, 7]
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    sources = [event.source_id for event in watched.host.of(ViewerCount)]
    assert len(set(sources)) == len(sources)


async def test_a_stream_that_begins_is_counted(rig: TwitchRig) -> None:
    await rig.log_in()
    rig.fake.helix.channel.viewers = 123
    await rig.fake.go_live()
    counts = await rig.host.wait_events(ViewerCount)
    assert counts[0].viewers == 123


async def test_a_stream_that_runs_already_is_counted(rig: TwitchRig) -> None:
    await rig.fake.go_live()
    await rig.log_in()
    await rig.host.wait_events(ViewerCount)
