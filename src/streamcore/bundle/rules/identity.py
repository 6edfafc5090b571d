"""Id: short, plain, equal to the folder's name, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show

__all__ = ["RESERVED_IDS", "check_id"]

_ID = re.compile(r"[a-z][a-z0-9_]{2,49}")
_EXPECTED = "3 to 50 of a-z, 0-9 and _, a letter first"

# The app's own names in addresses, logs and audit rows; and what Windows takes for a device.
RESERVED_IDS = frozenset(
    {"all", "any", "api", "app", "assets", "core", "dashboard", "everyone", "host", "media"}
    | {"module", "modules", "none", "null", "overlay", "overlays", "platform", "platforms"}
    | {"public", "sdk", "self", "simulator", "static", "streamcore", "streamer", "system"}
    | {"user", "view", "views"}
    | {"aux", "con", "nul", "prn"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)


def check_id(facts: Facts) -> Iterator[Problem]:
    """Equal to the folder's name, so that two folders cannot claim one id."""
    if "id" not in facts.manifest:
        return
    found = facts.manifest["id"]
    if not isinstance(found, str):
        yield facts.error("$.id", _EXPECTED, show(found))
        return
    if not _ID.fullmatch(found):
        plain = re.sub(r"[^a-z0-9_]+", "_", found.lower()).strip("_")
        hint = f"such as {plain}" if _ID.fullmatch(plain) else ""
        yield facts.error("$.id", _EXPECTED, show(found), hint)
    if found in RESERVED_IDS:
        yield facts.error("$.id", "an id that is not reserved", show(found), "choose another one")
    if found != facts.folder_name:
        yield facts.error(
            "$.id",
            f"the folder's name, {show(facts.folder_name)}",
            show(found),
            "rename the folder or change the id",
        )
