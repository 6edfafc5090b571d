"""How an end is told to a person, and what is kept out of a text."""

from __future__ import annotations

import pytest

from streamcore.core.process import Exit, TcpLink


@pytest.mark.parametrize(
    ("exit_", "text"),
    [
        pytest.param(Exit(0), "ended by itself (exit code 0)", id="0"),
        pytest.param(Exit(1), "exit code 1", id="1"),
        pytest.param(Exit(75), "asked to be started later (exit code 75)", id="75"),
        pytest.param(Exit.of(-9), "(9)", id="SIGKILL"),
        pytest.param(Exit.of(-300), "ended by signal (300)", id="unknown signal"),
        pytest.param(Exit(0xC0000005), "exit code 0xC0000005", id="access violation"),
    ],
)
def test_an_end_is_described(exit_: Exit, text: str) -> None:
    assert text in exit_.describe()


def test_only_one_code_means_later() -> None:
    assert [code for code in range(256) if Exit(code).retry_later] == [75]
    assert not Exit(None, 75).retry_later


def test_a_token_does_not_show_in_a_text() -> None:
    assert "secret" not in repr(TcpLink("127.0.0.1", 1, "secret"))
