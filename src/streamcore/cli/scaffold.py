"""A new module that works: its files as an author would write them."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["write_module"]

_BACKEND = '''"""Greets everybody who writes !hello."""

from streamcore.sdk import BaseModule, on_event


class {class_name}(BaseModule):
    @on_event("chat_message")
    async def greet(self, event):
        if event.text.lower().startswith("!hello"):
            await self.send_message(f"Hello, {{event.user.name}}!", platform=event.platform)
'''


def write_module(folder: Path, module_id: str, name: str) -> None:
    """Write a module that answers `!hello` on every platform."""
    folder.mkdir(parents=True)
    manifest = {
        "id": module_id,
        "name": name,
        "version": "0.1.0",
        "entry_point": "backend.py",
        "requirements": ["*"],
        "permissions": ["chat_read", "chat_send"],
    }
    class_name = "".join(part.capitalize() for part in module_id.split("_"))
    (folder / "backend.py").write_text(_BACKEND.format(class_name=class_name), encoding="utf-8")
    # Last, so that a folder that is being watched is whole when it becomes a module.
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
