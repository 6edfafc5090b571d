"""The lists of all services over real sockets: order, options, faults, refreshing."""

from __future__ import annotations

import asyncio
import gzip
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from streamcore.core.clock import Clock
from streamcore.core.integrations.emotes.catalogue import emote_sources
from streamcore.core.integrations.emotes.fetch import fetch
from streamcore.core.integrations.emotes.services import service_urls
from streamcore.core.integrations.emotes.shelf import EmoteShelf
from streamcore.core.integrations.emotes.source import SourceError
from tests.core.integrations.host import FastClock, eventually
from tests.fakes.emotes import FakeEmote, FakeEmotes
from tests.fakes.serving import serving

BTTV = {"catJAM", ":tf:", "SoSnowy"}
FFZ = {"LULW", "ZreknarF"}
SEVENTV = {"EZ", "RainTime", "peepoHappy"}
ALL = BTTV | FFZ | SEVENTV


class Rig:
    """A shelf of the channel `1001` against the fake services."""

    def __init__(self, fake: FakeEmotes, url: str, http: httpx.AsyncClient) -> None:
        self.fake = fake
        self.off: set[str] = set()
        self._url = url
        self._http = http
        self.shelf = self.a_shelf(FastClock(speed=1000.0))

    def a_shelf(self, clock: Clock) -> EmoteShelf:
        return EmoteShelf(
            emote_sources(service_urls(self.fake.env(self._url))),
            "twitch",
            "1001",
            fetch=lambda address: fetch(self._http, address),
            is_on=lambda source_id: source_id not in self.off,
            clock=clock,
            chance=random.Random(7),
        )

    def provider(self, name: str) -> str | None:
        found = self.shelf.words.get(name)
        return None if found is None or found.emote is None else found.emote.provider

    async def until(self, names: set[str]) -> None:
        await eventually(lambda: set(self.shelf.words) == names)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.shelf.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    fake = FakeEmotes()
    async with serving(fake.routes()) as url, httpx.AsyncClient() as http:
        yield Rig(fake, url, http)
        fake.release()


async def test_all_lists_are_loaded(rig: Rig) -> None:
    async with rig.running():
        await rig.until(ALL)
    assert sorted(rig.fake.ffz.asked) == ["/ffz/v1/room/id/1001", "/ffz/v1/set/global"]


async def test_a_channels_emote_counts_before_a_global_one_and_then_the_order_of_services(
    rig: Rig,
) -> None:
    fake = rig.fake
    fake.ffz.lists = {"global": [FakeEmote("A", "1"), FakeEmote("B", "2")], "twitch/1001": []}
    fake.bttv.lists = {"global": [FakeEmote("B", "b1")], "twitch/1001": [FakeEmote("C", "b2")]}
    fake.seventv.lists = {
        "global": [FakeEmote("D", "s1"), FakeEmote("B", "s2")],
        "twitch/1001": [FakeEmote("A", "s3"), FakeEmote("C", "s4")],
    }
    expected = {"A": "seventv", "B": "ffz", "C": "bttv", "D": "seventv"}
    async with rig.running():
        await eventually(lambda: {name: rig.provider(name) for name in expected} == expected)


@pytest.mark.parametrize(("service", "names"), [("bttv", BTTV), ("ffz", FFZ), ("seventv", SEVENTV)])
@pytest.mark.parametrize("fault", [500, 429, 302, b"<html>", b"", b"\xff", b"[[[["])
async def test_a_fault_of_one_service_costs_only_its_emotes(
    rig: Rig, service: str, names: set[str], fault: int | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    broken = getattr(rig.fake, service)
    broken.fault = fault
    with caplog.at_level(logging.INFO):
        async with rig.running():
            await rig.until(ALL - names)
            await eventually(lambda: len(broken.asked) >= 6)
            warnings = [each for each in caplog.records if each.levelno >= logging.WARNING]
            assert len(warnings) == 2, "each of its two lists is told of once"
            assert not any(each.exc_info for each in warnings)
            broken.fault = None
            await rig.until(ALL)
    assert "can be loaded again" in caplog.text


async def test_a_channel_that_a_service_does_not_know_is_no_fault(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    for service in rig.fake.services():
        del service.lists["twitch/1001"]
    async with rig.running():
        await rig.until({":tf:", "SoSnowy", "ZreknarF", "EZ", "RainTime"})
        await eventually(lambda: sum(len(each.asked) for each in rig.fake.services()) == 6)
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


async def test_a_service_that_does_not_answer_holds_up_no_other(rig: Rig) -> None:
    rig.fake.seventv.hold = asyncio.Event()
    async with rig.running():
        await rig.until(ALL - SEVENTV)
        rig.fake.release()
        await rig.until(ALL)


async def test_a_service_switched_off_is_not_asked_and_its_emotes_are_gone(rig: Rig) -> None:
    rig.off = {"bttv"}
    async with rig.running():
        await rig.until(ALL - BTTV)
        assert rig.fake.bttv.asked == []
        rig.off = {"bttv", "seventv"}
        rig.shelf.heed()
        assert set(rig.shelf.words) == FFZ
        asked = list(rig.fake.seventv.asked)
        rig.off = {"seventv"}
        rig.shelf.heed()
        await rig.until(FFZ | BTTV)
        assert rig.fake.seventv.asked == asked
        assert len(rig.fake.ffz.asked) == 2, "another service's switch costs no request"


async def test_an_answer_that_comes_after_switching_off_is_not_used(rig: Rig) -> None:
    rig.fake.bttv.hold = asyncio.Event()
    async with rig.running():
        await rig.until(ALL - BTTV)
        rig.off = {"bttv"}
        rig.fake.release()
        rig.fake.ffz.lists["twitch/1001"].append(FakeEmote("Later", "77"))
        await eventually(lambda: rig.fake.bttv.answered == 2)
        rig.shelf.refresh()
        await rig.until((ALL - BTTV) | {"Later"})


async def test_lists_are_asked_again_of_their_own_accord(rig: Rig) -> None:
    rig.shelf = rig.a_shelf(FastClock(speed=100_000.0))
    async with rig.running():
        await rig.until(ALL)
        rig.fake.seventv.lists["twitch/1001"].append(FakeEmote("New", "01X"))
        await rig.until(ALL | {"New"})


async def test_an_answer_of_any_size_is_given_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamcore.core.integrations.emotes.fetch._ANSWER_MAX", 10_000)
    rig.fake.bttv.fault = b"[" + b" " * 20_000 + b"]"
    async with rig.running():
        await rig.until(ALL - BTTV)
        await eventually(lambda: len(rig.fake.bttv.asked) >= 4)


def answering(body: bytes, encoding: str) -> httpx.AsyncClient:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "gzip"
        assert not {"authorization", "cookie", "client-id"} & set(request.headers)
        headers = {"content-encoding": encoding}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


async def test_a_packed_answer_is_read() -> None:
    async with answering(gzip.compress(b"[1, 2]"), "gzip") as http:
        assert await fetch(http, "https://api.betterttv.net/3") == b"[1, 2]"


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzip.compress(b" " * 40_000_000), "gzip", "too large"),
        (b"not packed at all", "gzip", "damaged"),
        (b"[1]", "br", "unknown way"),
    ],
)
async def test_a_packed_answer_that_is_none_is_given_up(
    body: bytes, encoding: str, words: str
) -> None:
    async with answering(body, encoding) as http:
        with pytest.raises(SourceError, match=words):
            await fetch(http, "https://api.betterttv.net/3")


async def test_an_unreachable_service_is_an_error_of_ours() -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(SourceError, match="cannot be reached"):
            await fetch(http, "http://127.0.0.1:1/x")
