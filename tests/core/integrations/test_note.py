"""A note comes back as what it was, or is told to be damaged."""

from __future__ import annotations

import pytest

from streamcore.core.errors import StorageError
from streamcore.core.integrations.note import Note
from tests.core.integrations.host import MemoryNotes


async def test_what_is_kept_comes_back_until_it_is_forgotten() -> None:
    note = Note(MemoryNotes(), "demo.names", list[str])
    assert await note.read() is None
    await note.keep(["Анна", "b"])
    assert await note.read() == ["Анна", "b"]
    await note.forget()
    assert await note.read() is None


@pytest.mark.parametrize("stored", [b"", b"{", b"5", b'["\xff\xfe"]', rb'["\ud83d"]'])
async def test_what_is_damaged_is_told_as_trouble_with_the_storage(stored: bytes) -> None:
    notes = MemoryNotes()
    notes.stored["demo.names"] = stored
    with pytest.raises(StorageError, match=r"demo\.names"):
        await Note(notes, "demo.names", list[str]).read()
