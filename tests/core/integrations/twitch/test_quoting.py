"""What Twitch says in our own errors: its sentence, and no token of anybody."""

from __future__ import annotations

import pytest

from streamcore.core.integrations.twitch.quoting import quoted
from streamcore.core.logs import register_secret


@pytest.mark.parametrize(
    "said",
    [
        "Invalid OAuth token",
        "authorization_pending",
        "Missing scope: channel:manage:redemptions or channel:read:redemptions",
        "The parameter duration must be 15 to 1800 seconds.",
    ],
)
def test_sentences_stay_as_they_are(said: str) -> None:
    assert quoted(said) == said


@pytest.mark.parametrize(
    "secret",
    [
        "cfabdegwdoklmawdzdo98xt2fo512y",
        "eyJfaWQmNzMtNGCJ9%6VFV5LNrZFUj8oU231/3Aj",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_what_looks_like_a_token_is_left_out_known_or_not(secret: str) -> None:
    for said in (f"no such token {secret}.", f"Bearer {secret}", f'{{"x": "{secret}"}}'):
        assert secret not in quoted(said)
        assert secret[5:15] not in quoted(said)


def test_a_known_token_is_left_out_whatever_it_looks_like() -> None:
    register_secret("short-one")
    assert "short-one" not in quoted("the token short-one is not good")


def test_long_and_hostile_texts_become_one_short_line() -> None:
    said = quoted("first\r\nsecond \x1b[31m \ud800 " + "word " * 10_000)
    assert len(said) <= 200
    assert said.isprintable()
