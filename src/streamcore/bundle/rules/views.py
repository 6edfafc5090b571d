"""Views: the module's pages, files under `dist/`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from streamcore.bundle.facts import Facts
from streamcore.bundle.problems import Problem, join, nearest, show
from streamcore.bundle.rules._text import localised_problems
from streamcore.protocol.manifest import ViewKind

__all__ = ["check_views"]

_ID = re.compile(r"[a-z][a-z0-9_-]{0,49}")
_KINDS = tuple(kind.value for kind in ViewKind)
_MAX_VIEWS = 32
_MAX_PIXELS = 7_680
_PAGES = (".html", ".htm")


def check_views(facts: Facts) -> Iterator[Problem]:
    """Each view has an id of its own and a page that exists."""
    views = facts.manifest.get("views", [])
    if not isinstance(views, list):
        yield facts.error("$.views", "a list of views", show(views))
        return
    if len(views) > _MAX_VIEWS:
        yield facts.error("$.views", f"at most {_MAX_VIEWS} views", f"{len(views)} views")
    seen: set[str] = set()
    for index, view in enumerate(views):
        path = join("$.views", index)
        if not isinstance(view, dict):
            yield facts.error(path, "an object with id and path", show(view))
            continue
        yield from _id_problems(facts, path, view, seen)
        yield from _page_problems(facts, path, view)
        yield from _look_problems(facts, path, view)


def _id_problems(
    facts: Facts, path: str, view: Mapping[str, object], seen: set[str]
) -> Iterator[Problem]:
    found = view.get("id")
    if not isinstance(found, str) or not _ID.fullmatch(found):
        expected = "up to 50 of a-z, 0-9, _ and -, a letter first"
        yield facts.error(join(path, "id"), expected, show(found) if found else "nothing")
    elif found in seen:
        yield facts.error(join(path, "id"), "an id of its own", f"{show(found)} again")
    else:
        seen.add(found)


def _page_problems(facts: Facts, path: str, view: Mapping[str, object]) -> Iterator[Problem]:
    found = view.get("path")
    place = join(path, "path")
    if not isinstance(found, str) or not found:
        yield facts.error(place, "the name of a page under dist/", show(found or None))
        return
    if not found.endswith(_PAGES):
        yield facts.error(place, "a file that ends in .html", show(found))
    pages = {
        entry.path.removeprefix("dist/")
        for entry in facts.tree.entries
        if entry.path.startswith("dist/") and facts.tree.inside(entry.path) is not None
    }
    if found not in pages:
        hint = nearest(found, pages)
        if found.startswith("dist/") and found.removeprefix("dist/") in pages:
            hint = f"leave dist/ out: {show(found.removeprefix('dist/'))}"
        yield facts.error(place, "a file under dist/", show(found), hint)


def _look_problems(facts: Facts, path: str, view: Mapping[str, object]) -> Iterator[Problem]:
    if "title" in view:
        yield from localised_problems(
            facts, join(path, "title"), view["title"], max_chars=60, may_be_empty=True
        )
    kind = view.get("kind", ViewKind.OVERLAY)
    if not isinstance(kind, str) or kind not in _KINDS:
        hint = nearest(kind, _KINDS) if isinstance(kind, str) else ""
        yield facts.error(join(path, "kind"), " or ".join(_KINDS), show(kind), hint)
    for key in ("width", "height"):
        size = view.get(key, 1)
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= _MAX_PIXELS:
            yield facts.error(join(path, key), f"1 to {_MAX_PIXELS} pixels", show(size))
