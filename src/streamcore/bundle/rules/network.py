"""Network: the names of the hosts that a module may reach through the core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, show
from streamcore.bundle.rules._lists import list_problems, texts
from streamcore.protocol.permissions import Permission

__all__ = ["check_network"]

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A name whose last part is not a number: addresses would reach the streamer's own machines.
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_MAX_CHARS = 253
_LOCAL = (".localhost", ".local", ".internal", ".lan", ".home", ".arpa", ".test", ".invalid")


def check_network(facts: Facts) -> Iterator[Problem]:
    """Whole public names: no addresses, no patterns, nothing of the local network."""
    yield from list_problems(facts, "network", "host names")
    for path, host in texts(facts, "network"):
        if len(host) > _MAX_CHARS or not _HOST.fullmatch(host) or host.endswith(_LOCAL):
            hint = _hint(host)
            yield facts.error(path, "a host name such as api.example.com", show(host), hint)
    asked = Permission.NETWORK.value in (name for _, name in texts(facts, "permissions"))
    if texts(facts, "network") and not asked:
        yield facts.warning(
            "$.network", 'the permission "network" with this list', "the list alone"
        )
    if asked and not facts.manifest.get("network"):
        yield facts.warning(
            "$.permissions", "a list under network", 'the permission "network" alone'
        )


def _hint(text: str) -> str:
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    if host != text and _HOST.fullmatch(host) and not host.endswith(_LOCAL):
        return f"the name alone: {host}"
    return ""
