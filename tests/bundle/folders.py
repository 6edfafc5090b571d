"""Makes module folders for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from streamcore.bundle import Bundle, Problem, read_bundle

MANIFEST: Mapping[str, object] = {
    "id": "my_super_bot",
    "name": "Super Bot",
    "version": "1.0.0",
    "entry_point": "backend.py",
    "requirements": ["twitch"],
    "permissions": ["chat_read", "chat_send"],
}
"""The example of the specification."""


def make_folder(root: Path, *, folder_name: str = "my_super_bot", **changes: object) -> Path:
    """Write a sound module; `changes` replace keys of its manifest, `...` takes one out."""
    folder = root / folder_name
    (folder / "dist").mkdir(parents=True, exist_ok=True)
    manifest = {key: value for key, value in {**MANIFEST, **changes}.items() if value is not ...}
    write_manifest(folder, json.dumps(manifest, ensure_ascii=False))
    (folder / "backend.py").write_text("print('hello')\n", encoding="utf-8")
    (folder / "dist" / "overlay.html").write_text("<!doctype html>", encoding="utf-8")
    return folder


def write_manifest(folder: Path, text: str | bytes) -> None:
    """Write the manifest as it is given."""
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "manifest.json").write_bytes(data)


def read_with(root: Path, **changes: object) -> Bundle:
    """Make a folder and read it."""
    return read_bundle(make_folder(root, folder_name="my_super_bot", **changes))


def one(problems: tuple[Problem, ...]) -> Problem:
    """Return the only problem there is."""
    assert len(problems) == 1, problems
    return problems[0]
