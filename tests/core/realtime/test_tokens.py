"""Launch and resume tokens, alone and over a connection."""

from __future__ import annotations

import pytest

from streamcore.core.principals import ModulePrincipal
from streamcore.core.realtime.tokens import LaunchTokens
from tests.core.realtime.client import Refused, open_client
from tests.core.realtime.conftest import Edge, eventually

BOT = ModulePrincipal("bot", 1)


def test_a_launch_token_opens_one_connection() -> None:
    tokens = LaunchTokens()
    token = tokens.issue(BOT)
    assert tokens.redeem(token) == BOT
    assert tokens.redeem(token) is None


def test_a_new_launch_token_voids_the_old_one() -> None:
    tokens = LaunchTokens()
    old, new = tokens.issue(BOT), tokens.issue(BOT)
    assert tokens.redeem(old) is None
    assert tokens.redeem(new) == BOT


def test_a_resume_token_replaces_the_launch_token_and_the_one_before() -> None:
    tokens = LaunchTokens()
    launch = tokens.issue(BOT)
    first, second = tokens.resume(BOT), tokens.resume(BOT)
    assert tokens.redeem(launch) is None
    assert tokens.redeem(first) is None
    assert tokens.redeem(second) == BOT
    assert tokens.redeem(second) is None


def test_a_token_is_given_back_until_the_next_one_was_made() -> None:
    tokens = LaunchTokens()
    token = tokens.issue(BOT)
    tokens.redeem(token)
    tokens.restore(token)
    assert tokens.redeem(token) == BOT
    tokens.resume(BOT)
    tokens.restore(token)
    assert tokens.redeem(token) is None


def test_tokens_die_with_the_process() -> None:
    tokens = LaunchTokens()
    launch, other = tokens.issue(BOT), tokens.issue(ModulePrincipal("bot", 2))
    tokens.redeem(launch)
    tokens.revoke(BOT)
    tokens.restore(launch)
    assert tokens.redeem(launch) is None
    assert tokens.redeem(other) == ModulePrincipal("bot", 2)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "x" * 100_000])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    tokens = LaunchTokens()
    tokens.issue(BOT)
    assert tokens.redeem(token) is None


async def _refused(edge: Edge, auth: object) -> str:
    async with open_client(edge.port) as client:
        with pytest.raises(Refused) as refused:
            await client.join(auth)
    return str(refused.value.body["code"])


async def test_a_second_use_is_refused_during_and_after_the_first(edge: Edge) -> None:
    auth = edge.auth()
    async with open_client(edge.port) as client:
        await client.join(auth)
        assert await _refused(edge, auth) == "permission_denied"
        assert await client.is_alive()
    await eventually(lambda: bool(edge.session.reasons))
    assert await _refused(edge, auth) == "permission_denied"


async def test_a_process_comes_back_with_its_resume_token(edge: Edge) -> None:
    auth = edge.auth()
    for _ in range(3):
        async with open_client(edge.port) as client:
            welcome = await client.join(auth)
            assert welcome["who"] == "module:bot"
        assert await _refused(edge, auth) == "permission_denied"
        auth = {"token": welcome["resume_token"], "protocol": 1}


async def test_a_process_that_was_replaced_stays_out(edge: Edge) -> None:
    auth = edge.auth()
    edge.outdated.add(BOT)
    assert await _refused(edge, auth) == "conflict"
    assert edge.bridge.sessions == []


async def test_a_refused_connect_does_not_use_the_token_up(edge: Edge) -> None:
    auth = edge.auth()
    edge.outdated.add(BOT)
    assert await _refused(edge, auth) == "conflict"
    edge.outdated.clear()
    async with open_client(edge.port) as client:
        assert (await client.join(auth))["who"] == "module:bot"
