"""Sessions, view keys and answers to idempotent commands: who holds what, and for how long."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.idempotency import Idempotency
from streamcore.core.principals import ViewPrincipal
from streamcore.core.sessions import MAX_CODES, Sessions
from streamcore.core.store import Store
from streamcore.core.view_keys import ViewKeys
from tests.fakes.clock import ManualClock

DAY_S = 24 * 3600


@pytest.fixture
async def sessions(store: Store, clock: ManualClock) -> Sessions:
    opened = Sessions(store, clock)
    await opened.load()
    return opened


async def signed_in(sessions: Sessions) -> str:
    found = await sessions.exchange(sessions.new_code())
    assert found is not None
    return found[0]


async def test_a_code_becomes_a_session_once(sessions: Sessions) -> None:
    code = sessions.new_code()
    results = await asyncio.gather(sessions.exchange(code), sessions.exchange(code))
    assert [found is None for found in results].count(True) == 1
    (found,) = [found for found in results if found]
    assert sessions.check(found[0]) is not None
    assert await sessions.exchange(code) is None


async def test_a_code_lives_a_minute(sessions: Sessions, clock: ManualClock) -> None:
    code = sessions.new_code()
    await clock.advance(59)
    later = sessions.new_code()
    await clock.advance(2)
    assert await sessions.exchange(code) is None
    assert await sessions.exchange(later) is not None


async def test_old_codes_give_way(sessions: Sessions) -> None:
    codes = [sessions.new_code() for _ in range(MAX_CODES + 1)]
    assert await sessions.exchange(codes[0]) is None
    assert await sessions.exchange(codes[1]) is not None


@pytest.mark.parametrize("guess", ["", "x", "код", "\ud800", "a" * 43])
async def test_guesses_open_nothing(sessions: Sessions, guess: str) -> None:
    sessions.new_code()
    assert await sessions.exchange(guess) is None
    assert sessions.check(guess) is None


async def test_a_session_survives_a_restart_but_not_its_30_days(
    store: Store, clock: ManualClock, sessions: Sessions
) -> None:
    token = await signed_in(sessions)
    await clock.advance(29 * DAY_S)
    again = Sessions(store, clock)
    await again.load()
    assert again.check(token) == sessions.check(token) is not None
    await clock.advance(2 * DAY_S)
    assert again.check(token) is None
    late = Sessions(store, clock)
    await late.load()
    assert late.check(token) is None
    assert await store.read(lambda c: c.execute("SELECT * FROM sessions").fetchall()) == []


async def test_the_disk_does_not_hold_the_token(store: Store, sessions: Sessions) -> None:
    token = await signed_in(sessions)
    dump = await store.read(lambda c: repr(c.execute("SELECT * FROM sessions").fetchall()))
    assert token not in dump and token.encode() not in dump.encode()


async def test_a_revoked_session_is_over_for_good(
    store: Store, clock: ManualClock, sessions: Sessions
) -> None:
    token = await signed_in(sessions)
    other = await signed_in(sessions)
    await sessions.revoke(token)
    again = Sessions(store, clock)
    await again.load()
    for seen in (sessions, again):
        assert seen.check(token) is None
        assert seen.check(other) is not None


async def test_the_run_token_is_a_session_of_this_run(
    store: Store, clock: ManualClock, sessions: Sessions
) -> None:
    assert sessions.check(sessions.run_token()) is not None
    again = Sessions(store, clock)
    await again.load()
    assert again.check(sessions.run_token()) is None


async def test_a_view_key_is_made_once_and_stays(store: Store) -> None:
    keys = ViewKeys(store)
    await keys.load()
    key, same = await asyncio.gather(keys.key("bot", "overlay"), keys.key("bot", "overlay"))
    assert key == same != await keys.key("bot", "panel")
    again = ViewKeys(store)
    await again.load()
    assert await again.key("bot", "overlay") == key
    assert again.check(key) == ViewPrincipal("bot", "overlay")
    assert again.check("x") is None and again.check("\ud800") is None


async def test_a_rotated_key_opens_nothing(store: Store) -> None:
    keys = ViewKeys(store)
    old = await keys.key("bot", "overlay")
    new = await keys.rotate("bot", "overlay")
    again = ViewKeys(store)
    await again.load()
    for seen in (keys, again):
        assert seen.check(old) is None
        assert seen.check(new) == ViewPrincipal("bot", "overlay")


async def test_a_forgotten_modules_keys_open_nothing(store: Store) -> None:
    keys = ViewKeys(store)
    key, other = await keys.key("bot", "overlay"), await keys.key("other", "overlay")
    await keys.forget("bot")
    again = ViewKeys(store)
    await again.load()
    for seen in (keys, again):
        assert seen.check(key) is None and seen.check(other) is not None


async def test_the_first_answer_is_kept_for_a_day(store: Store, clock: ManualClock) -> None:
    answers = Idempotency(store, clock)
    long = "k" * 100_000
    assert await answers.seen("bot", long) is None
    await answers.remember("bot", long, b'{"ok":true}')
    await answers.remember("bot", long, b'{"ok":false}')
    assert await answers.seen("bot", long) == b'{"ok":true}'
    assert await answers.seen("other", long) is None
    await clock.advance(DAY_S + 1)
    assert await answers.seen("bot", long) is None
    await answers.remember("bot", "next", b"{}")
    assert await store.read(lambda c: c.execute("SELECT count(*) FROM answers").fetchone()) == (1,)
