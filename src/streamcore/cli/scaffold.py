"""`module new`: a module that works, its files as an author would write them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from streamcore.bundle import read_bundle
from streamcore.cli.check import sentence
from streamcore.core.config import Home
from streamcore.core.errors import StartError

__all__ = ["new_module"]

_BACKEND = '''"""Greets everybody who writes !hello."""

from streamcore.sdk import BaseModule, on_event


class {class_name}(BaseModule):
    @on_event("chat_message")
    async def greet(self, event):
        if event.text.lower().startswith("!hello"):
            await self.send_message(f"Hello, {{event.user.name}}!", platform=event.platform)
'''


def new_module(home: Home, module_id: str, name: str | None) -> int:
    """Write a module that answers `!hello` on every platform into the home's modules."""
    if not module_id.isidentifier():
        raise StartError(
            f"A module's id has 3 to 50 small letters, digits and _, and begins with a letter; "
            f"found {module_id!r}. For example: my_bot"
        )
    home.prepare()
    folder = home.modules / module_id
    if folder.exists():
        raise StartError(f"{folder} exists already. Choose another id.")
    # Written elsewhere and checked there: what lies under `modules` is whole from the beginning.
    with tempfile.TemporaryDirectory(dir=home.root, prefix=".new-") as temporary:
        draft = Path(temporary) / module_id
        _write_module(draft, module_id, name or module_id.replace("_", " ").capitalize())
        problems = read_bundle(draft).problems
        if problems:
            raise StartError("\n".join(sentence(problem) for problem in problems))
        draft.rename(folder)
    print(f"Your module is in {folder}")
    print("Allow it on the Modules page of the dashboard, then write !hello in the chat.")
    return 0


def _write_module(folder: Path, module_id: str, name: str) -> None:
    folder.mkdir(mode=0o700)
    manifest = {
        "id": module_id,
        "name": name,
        "version": "0.1.0",
        "entry_point": "backend.py",
        "requirements": ["*"],
        "permissions": ["chat_read", "chat_send"],
    }
    class_name = "".join(part.capitalize() for part in module_id.split("_"))
    (folder / "backend.py").write_text(
        _BACKEND.format(class_name=class_name), encoding="utf-8", newline="\n"
    )
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
