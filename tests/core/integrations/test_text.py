"""Texts are cut at words, and no word gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamcore.core.errors import CommandError
from streamcore.core.integrations.text import MAX_PARTS, split_message
from streamcore.protocol.errors import ErrorCode

WORDS = st.lists(st.text(alphabet="абвxyz😀", min_size=1, max_size=12), min_size=1, max_size=30)


def test_a_short_text_stays_whole() -> None:
    assert split_message("  two\nwords ", 500) == ("two words",)


def test_a_word_that_is_too_long_is_cut() -> None:
    assert split_message("x" * 25, 10) == ("x" * 10, "x" * 10, "x" * 5)


def test_the_cut_is_at_the_last_word_that_fits() -> None:
    assert split_message("aaaa bbbb cccc", 9) == ("aaaa bbbb", "cccc")


@given(words=WORDS, limit=st.integers(min_value=12, max_value=60))
def test_parts_fit_and_hold_every_word(words: list[str], limit: int) -> None:
    try:
        parts = split_message(" ".join(words), limit)
    except CommandError as error:
        assert error.body.code is ErrorCode.TOO_LARGE
        assert sum(map(len, words)) + len(words) - 1 > limit * MAX_PARTS - 12 * MAX_PARTS
        return
    assert len(parts) <= MAX_PARTS
    assert all(0 < len(part) <= limit for part in parts)
    assert " ".join(parts).split() == words


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_text_without_words_is_invalid(text: str) -> None:
    with pytest.raises(CommandError) as caught:
        split_message(text, 500)
    assert caught.value.body.code is ErrorCode.INVALID_COMMAND
