"""Which services are asked: kept, told, and safe when nothing can be read or written."""

from __future__ import annotations

import asyncio

import pytest

from streamcore.core.errors import StorageError
from streamcore.core.integrations.emotes.choice import EmoteChoice
from tests.core.integrations.host import MemoryNotes

NOTE = "platform.emotes_off"


class SlowNotes(MemoryNotes):
    """Takes a turn of the loop for every write."""

    async def set(self, name: str, value: bytes) -> None:
        await asyncio.sleep(0)
        await super().set(name, value)


class UnreadableNotes(MemoryNotes):
    """A damaged database."""

    async def get(self, name: str) -> bytes | None:
        raise StorageError("The database is damaged.")


def values(choice: EmoteChoice) -> dict[str, bool]:
    return {option.id: option.value for option in choice.options}


async def test_all_are_on_at_first_in_the_order_in_which_they_count() -> None:
    choice = EmoteChoice(MemoryNotes(), NOTE)
    await choice.load()
    assert list(values(choice).items()) == [("ffz", True), ("bttv", True), ("seventv", True)]
    for option in choice.options:
        assert option.title.en and option.title.ru and option.help.en and option.help.ru


async def test_a_choice_is_found_again() -> None:
    notes = MemoryNotes()
    await EmoteChoice(notes, NOTE).choose({"bttv": False, "ffz": True})
    again = EmoteChoice(notes, NOTE)
    await again.load()
    assert values(again) == {"ffz": True, "bttv": False, "seventv": True}
    assert not again.is_on("bttv") and again.is_on("ffz")


async def test_choices_at_the_same_time_do_not_undo_each_other() -> None:
    notes = SlowNotes()
    choice = EmoteChoice(notes, NOTE)
    await asyncio.gather(choice.choose({"bttv": False}), choice.choose({"ffz": False}))
    assert values(choice) == {"ffz": False, "bttv": False, "seventv": True}
    again = EmoteChoice(notes, NOTE)
    await again.load()
    assert values(again) == values(choice)


async def test_who_listens_hears_after_the_change_and_only_while_listening() -> None:
    choice = EmoteChoice(MemoryNotes(), NOTE)
    heard: list[bool] = []
    with choice.heard_by(lambda: heard.append(choice.is_on("bttv"))):
        await choice.choose({"bttv": False})
    await choice.choose({"bttv": True})
    assert heard == [False]


async def test_a_choice_that_cannot_be_kept_changes_nothing_and_tells_nobody() -> None:
    notes = MemoryNotes()
    notes.fail_writes = 1
    choice = EmoteChoice(notes, NOTE)
    heard: list[None] = []
    with choice.heard_by(lambda: heard.append(None)), pytest.raises(StorageError):
        await choice.choose({"bttv": False})
    assert values(choice)["bttv"] and not heard


@pytest.mark.parametrize("stored", [b"", b"\xff", b"{}", b"[1]", b"null"])
async def test_what_cannot_be_read_asks_nobody(stored: bytes) -> None:
    notes = MemoryNotes()
    notes.stored[NOTE] = stored
    choice = EmoteChoice(notes, NOTE)
    await choice.load()
    assert not any(values(choice).values())


async def test_a_damaged_database_asks_nobody() -> None:
    choice = EmoteChoice(UnreadableNotes(), NOTE)
    await choice.load()
    assert not any(values(choice).values())
