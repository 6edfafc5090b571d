"""Who may use a route: each says it itself, and one that says nothing stops the start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

from streamcore.core.errors import StartError

__all__ = ["Access", "access", "answer_of", "require_rules", "rule_of"]

_RULE = "__streamcore_access__"
_ANSWER = "__streamcore_answer__"

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


class Access(StrEnum):
    """What a caller must show.

    `open` is for everybody, `page` is a document or a file that a browser loads by itself and that
    therefore holds nothing private, `session` asks for the streamer's token.
    """

    OPEN = "open"
    PAGE = "page"
    SESSION = "session"


def access(rule: Access, *, answer: object = None) -> Callable[[_Endpoint], _Endpoint]:
    """Declare an endpoint's rule, and the type of its answer for the interface's description."""

    def declare(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, _RULE, rule)
        setattr(endpoint, _ANSWER, answer)
        return endpoint

    return declare


def rule_of(endpoint: object) -> Access | None:
    """Return an endpoint's rule, None when it declares none."""
    rule = getattr(endpoint, _RULE, None)
    return rule if isinstance(rule, Access) else None


def answer_of(endpoint: object) -> object:
    """Return the declared type of an endpoint's answer."""
    return getattr(endpoint, _ANSWER, None)


def require_rules(routes: Iterable[tuple[str, object]]) -> None:
    """Refuse to start when a route (its path, its endpoint) forgot its rule."""
    missing = sorted(path for path, endpoint in routes if rule_of(endpoint) is None)
    if missing:
        raise StartError(
            "Every route must declare who may use it (open, page or session); these do not: "
            f"{', '.join(missing)}. This is a fault of this build; please report it."
        )
