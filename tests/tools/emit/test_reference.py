"""The reference page names everything an author can use, and its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from streamcore.protocol.commands import COMMANDS
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import EVENTS
from streamcore.protocol.permissions import PERMISSIONS
from tools.emit.reference import reference
from tools.emit.shapes import collect


@pytest.fixture(scope="module")
def page() -> str:
    return reference(collect())


@pytest.mark.parametrize("name", [*EVENTS, *COMMANDS], ids=str)
def test_everything_has_an_entry(page: str, name: str) -> None:
    assert page.count(f"#### `{name}`\n") == 1


def test_an_entry_stands_below_its_permission(page: str) -> None:
    commands = page[page.index("## Commands") :]
    moderation = commands.split("### With `chat_moderate`")[1].split("### With")[0]
    assert "#### `ban_user`" in moderation
    assert "#### `send_chat`" not in moderation


def test_permissions_have_risk_and_sentences(page: str) -> None:
    for permission, info in PERMISSIONS.items():
        assert f"| `{permission.value}` | {info.risk.value} | {info.en} | {info.ru} |" in page


def test_error_codes_are_listed(page: str) -> None:
    assert all(f"`{code.value}`" in page for code in ErrorCode)


def test_links_within_the_page_lead_to_a_heading(page: str) -> None:
    headings = {found.lower() for found in re.findall(r"^#### `(\w+)`$", page, re.MULTILINE)}
    links = set(re.findall(r"\]\(#(\w+)\)", page))
    assert links - headings == set()
