"""The API's border: buckets obeyed, faults tried once more or told, rights told from logins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest

from streamcore.core.errors import CommandError
from streamcore.core.integrations.oauth import TokenKeeper, TokenPair
from streamcore.core.integrations.twitch.api.helix import Helix, RefusedError
from streamcore.core.integrations.twitch.api.pages import pages
from streamcore.core.secrets import Secret
from streamcore.protocol.errors import ErrorCode
from tests.core.integrations.host import MemorySecrets
from tests.fakes.clock import ManualClock

Answering = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


class Api:
    """A server that answers as the test says, and what came in there."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.answers: list[httpx.Response | Exception] = []
        self.asked: list[httpx.Request] = []
        self.asked_at: list[float] = []
        self.renewals = 0
        self.helix: Helix

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.asked_at.append(self.clock.monotonic() - 1000.0)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json={})
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def refresh(self, stale: TokenPair) -> TokenPair:
        self.renewals += 1
        return TokenPair(
            "client", Secret(f"new-{self.renewals}"), stale.refresh, self.clock.now(), ()
        )

    def bucket(self, left: int, *, fills_in_s: float = 30.0, limit: int = 100) -> dict[str, str]:
        return {
            "Ratelimit-Limit": str(limit),
            "Ratelimit-Remaining": str(left),
            "Ratelimit-Reset": f"{self.clock.now().timestamp() + fills_in_s:.0f}",
        }


@asynccontextmanager
async def _api(answer: Answering | None = None) -> AsyncIterator[Api]:
    api = Api()
    transport = httpx.MockTransport(answer or api.answer)
    async with httpx.AsyncClient(transport=transport) as http:
        keeper = TokenKeeper("tokens", MemorySecrets(), api.refresh)
        pair = TokenPair("client", Secret("canary-token"), Secret("r"), api.clock.now(), ())
        await keeper.adopt(pair)
        api.helix = Helix(http, "http://twitch.test/helix", keeper, api.clock)
        yield api


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with _api() as made:
        yield made


async def ask(api: Api, *, is_background: bool = False) -> msgspec.Raw:
    return await api.helix.get("/users", msgspec.Raw, {}, is_background=is_background)


async def post(api: Api) -> msgspec.Raw:
    return await api.helix.post("/chat/messages", {"message": "hi"}, msgspec.Raw)


async def refused(api: Api) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        await post(api)
    return caught.value


async def test_an_empty_bucket_is_not_knocked_at(api: Api) -> None:
    for left in (1, 0):
        api.answers = [httpx.Response(200, json={}, headers=api.bucket(left))]
        await ask(api)
    with pytest.raises(CommandError) as caught:
        await ask(api)
    assert caught.value.body.code is ErrorCode.RATE_LIMITED
    assert caught.value.body.retry_after_ms == 30_000
    await api.clock.advance(25)
    waiting = asyncio.create_task(ask(api))
    await api.clock.advance(4.9)
    assert len(api.asked) == 2
    await api.clock.advance(0.1)
    await waiting
    assert api.asked_at == [0, 0, 30]
    assert api.helix.rate.as_quota() == {"limit": 100, "remaining": 100, "used": 0}


async def test_the_size_of_the_bucket_is_what_twitch_says(api: Api) -> None:
    api.answers = [httpx.Response(200, json={}, headers=api.bucket(5, limit=7))]
    await ask(api)
    assert api.helix.rate.as_quota() == {"limit": 7, "remaining": 5, "used": 2}


async def test_a_wrong_clock_of_the_pc_does_not_stop_everything(api: Api) -> None:
    headers = api.bucket(0) | {"Date": "Thu, 01 Jan 2026 15:00:00 GMT"}
    headers["Ratelimit-Reset"] = str(int(api.clock.now().timestamp()) + 3 * 3600 + 8)
    api.answers = [httpx.Response(200, json={}, headers=headers)]
    await ask(api)
    assert api.helix.rate.wait_s() == 8, "the server's own clock counts"
    api.answers = [httpx.Response(200, json={}, headers=api.bucket(0, fills_in_s=86_400))]
    await api.clock.advance(8)
    await ask(api)
    assert api.helix.rate.wait_s() == 120


async def test_what_is_under_way_counts_before_its_answer(api: Api) -> None:
    api.answers = [httpx.Response(200, json={}, headers=api.bucket(3, fills_in_s=5))]
    await ask(api)
    asking = [asyncio.create_task(ask(api)) for _ in range(6)]
    await api.clock.advance(0)
    assert len(api.asked) == 1 + 3
    await api.clock.advance(5)
    await asyncio.gather(*asking)
    assert len(api.asked) == 1 + 6


async def test_background_reads_leave_a_part_to_commands(api: Api) -> None:
    api.answers = [httpx.Response(200, json={}, headers=api.bucket(20))]
    await ask(api)
    reading = asyncio.create_task(ask(api, is_background=True))
    await api.clock.advance(1)
    assert len(api.asked) == 1
    await post(api)
    assert len(api.asked) == 2
    await api.clock.advance(29)
    await reading
    assert api.asked_at == [0, 1, 30]


async def test_a_429_that_is_not_the_buckets_waits_as_long_as_it_says(api: Api) -> None:
    headers = api.bucket(90) | {"Retry-After": "3"}
    api.answers = [httpx.Response(429, json={}, headers=headers)]
    posting = asyncio.create_task(post(api))
    await api.clock.advance(2.9)
    assert len(api.asked) == 1
    await api.clock.advance(0.1)
    await posting
    assert api.asked_at == [0, 3]
    assert api.helix.rate.wait_s() == 0, "others were not held up"


async def test_a_429_with_a_long_wait_is_told_at_once(api: Api) -> None:
    api.answers = [httpx.Response(429, json={}, headers={"Retry-After": "600"})]
    error = await refused(api)
    assert (error.body.code, error.body.retry_after_ms) == (ErrorCode.RATE_LIMITED, 600_000)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_what_may_have_been_done_is_not_asked_again(api: Api, status: int) -> None:
    api.answers = [httpx.Response(status, json={"message": "oh"})]
    await refused(api)
    assert len(api.asked) == 1
    api.answers = [httpx.Response(status, json={"message": "oh"})]
    reading = asyncio.create_task(ask(api))
    await api.clock.advance(1)
    await reading
    assert len(api.asked) == 3


@pytest.mark.parametrize(
    ("fault", "code", "is_unknown"),
    [
        (httpx.ConnectError("no"), ErrorCode.PLATFORM_NOT_CONNECTED, False),
        (httpx.ConnectTimeout("no"), ErrorCode.PLATFORM_NOT_CONNECTED, False),
        (httpx.ReadTimeout("no"), ErrorCode.TIMEOUT, True),
        (httpx.ReadError("no"), ErrorCode.TIMEOUT, True),
        (httpx.RemoteProtocolError("no"), ErrorCode.TIMEOUT, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_a_broken_connection_says_whether_it_may_have_been_done(
    api: Api, fault: Exception, code: ErrorCode, is_unknown: bool
) -> None:
    api.answers = [fault]
    with pytest.raises(CommandError) as caught:
        await post(api)
    assert caught.value.body.code is code
    assert ("may still have done" in caught.value.body.message) is is_unknown
    assert len(api.asked) == 1


async def test_a_missing_scope_costs_no_renewal(api: Api) -> None:
    api.answers = [httpx.Response(401, json={"message": "Missing scope: user:write:chat"})]
    error = await refused(api)
    assert error.is_missing_scope
    assert (len(api.asked), api.renewals) == (1, 0)


async def test_what_a_renewed_login_is_refused_too_does_not_renew_it_each_time(api: Api) -> None:
    wrong = {"message": "The ID in moderator_id must match the user ID"}
    for expected in (2, 3, 4):
        api.answers = [httpx.Response(401, json=wrong), httpx.Response(401, json=wrong)]
        await refused(api)
        assert (len(api.asked), api.renewals) == (expected, 1)
    api.answers = [httpx.Response(401, json={"message": "Invalid OAuth token"})]
    await post(api)
    assert api.renewals == 2, "a dead token is renewed there too"
    await api.clock.advance(61)
    api.answers = [httpx.Response(401, json={"message": "changed words"})]
    await post(api)
    assert api.renewals == 3


async def test_a_refusal_that_quotes_the_token_is_masked(api: Api) -> None:
    api.answers = [httpx.Response(400, json={"message": "bad canary-token here" + "x" * 5000})]
    error = await refused(api)
    assert "canary-token" not in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"<html>", b"[" * 100_000, b'{"data": 1}', b'{"data": [{"id": {}}]}'],
    ids=["nothing", "no-utf8", "html", "deep", "no-list", "wrong-type"],
)
async def test_garbage_is_an_error_and_nothing_more(api: Api, content: bytes) -> None:
    class Item(msgspec.Struct):
        id: str

    api.answers = [httpx.Response(200, content=content)]
    with pytest.raises(CommandError) as caught:
        async for _ in pages(api.helix, "/x", Item, {}):
            pass
    assert caught.value.body.code is ErrorCode.REJECTED_BY_PLATFORM
    api.answers = [httpx.Response(400, content=content)]
    assert (await refused(api)).status == 400


async def test_garbage_after_a_deed_says_that_it_may_be_done(api: Api) -> None:
    api.answers = [httpx.Response(200, content=b"garbage")]
    with pytest.raises(CommandError, match="may still have done"):
        await api.helix.post("/polls", {}, dict[str, str])


async def test_an_answer_without_an_end_is_cut_off(api: Api) -> None:
    served = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal served
        while True:
            served += 1
            yield b" " * 1024 * 1024

    api.answers = [httpx.Response(200, content=flood())]
    with pytest.raises(CommandError, match="more than 8 MiB"):
        await ask(api)
    assert served < 12
    await ask(api)


async def test_pages_are_read_to_the_last_and_no_further(api: Api) -> None:
    def page(number: int, cursor: str | None) -> httpx.Response:
        pagination = {} if cursor is None else {"cursor": cursor}
        return httpx.Response(200, json={"data": [number], "total": 9, "pagination": pagination})

    async def read(max_pages: int = 20) -> list[int]:
        asked = pages(api.helix, "/x", int, {"first": "1"}, max_pages=max_pages)
        found = [page async for page in asked]
        assert {p.total for p in found} == {9}
        return [item for p in found for item in p.data]

    api.answers = [page(1, "a"), page(2, "b"), page(3, None)]
    assert await read() == [1, 2, 3]
    assert [r.url.params.get("after") for r in api.asked] == [None, "a", "b"]
    api.answers = [page(1, "a"), page(2, "a"), page(3, "a")]
    assert await read() == [1, 2], "a cursor that stands still ends it"
    api.answers = [page(1, "a"), page(2, "b"), page(3, "c")]
    assert await read(max_pages=2) == [1, 2]


async def test_what_hangs_in_the_background_holds_no_command_up() -> None:
    under_way = most = 0
    gate = asyncio.Event()

    async def twitch(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        if request.method == "GET":
            under_way += 1
            most = max(most, under_way)
            await gate.wait()
            under_way -= 1
        return httpx.Response(200, json={})

    async with _api(twitch) as api:
        reading = [asyncio.create_task(ask(api, is_background=True)) for _ in range(40)]
        await api.clock.advance(0)
        assert under_way == 4
        await post(api)
        asking = [asyncio.create_task(ask(api)) for _ in range(60)]
        await api.clock.advance(0)
        assert under_way == 32, "nor are there ever more than so many at once"
        gate.set()
        await asyncio.gather(*reading, *asking)
    assert most == 32
