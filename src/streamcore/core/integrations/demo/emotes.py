"""The demonstration's own emotes, drawn in place so that nothing is fetched from anywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from streamcore.protocol.objects import Emote, Fragment, FragmentKind

__all__ = ["EMOTES", "fragments"]

_SMILE = "M9 20q7 7 14 0"
_SAD = "M9 24q7-7 14 0"
_OPEN = "M12 20a4 5 0 1 0 8 0a4 3 0 1 0-8 0"
_FLAT = "M10 22h12"
_SLY = "M10 22q8 3 12-3"


def _face(colour: str, mouth: str, *, eyes: str = "M10 12v2M22 12v2") -> str:
    return "data:image/svg+xml," + quote(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" '
        f'stroke="#222" stroke-width="2.4" stroke-linecap="round">'
        f'<circle cx="16" cy="16" r="14" fill="{colour}" stroke="none"/>'
        f'<path d="{eyes}"/><path d="{mouth}"/></svg>',
        safe="/:=,\"' ",
    ).replace('"', "'")


def _emote(name: str, url: str) -> tuple[str, Emote]:
    return name, Emote(provider="demo", id=name.lower(), url=url)


EMOTES: dict[str, Emote] = dict(
    (
        _emote("coreHype", _face("#ffcf3f", _OPEN)),
        _emote("coreLove", _face("#ff8fb1", _SMILE, eyes="M8 13l2-2 2 2M20 13l2-2 2 2")),
        _emote("coreLUL", _face("#ffd966", _OPEN, eyes="M8 13l4 2M24 13l-4 2")),
        _emote("coreSad", _face("#7fb2ff", _SAD)),
        _emote("coreGG", _face("#8fdd8f", _SMILE)),
        _emote("coreHmm", _face("#c9b6ff", _FLAT, eyes="M9 12h4M20 14v-2")),
        _emote("coreSus", _face("#d0d4a8", _SLY, eyes="M8 12h5M19 12h5")),
        _emote(
            "coreRIP", _face("#c8c8c8", _FLAT, eyes="M8 11l4 4M12 11l-4 4M20 11l4 4M24 11l-4 4")
        ),
    )
)

_PIECES = re.compile(rf"(@\w+|https?://\S+|\b(?:{'|'.join(EMOTES)})\b)")


@lru_cache(maxsize=2048)
def fragments(text: str) -> tuple[Fragment, ...]:
    """Return a text in pieces, as a platform would send it."""
    return tuple(_fragment(piece) for piece in _PIECES.split(text) if piece)


def _fragment(piece: str) -> Fragment:
    if piece in EMOTES:
        return Fragment(kind=FragmentKind.EMOTE, text=piece, emote=EMOTES[piece])
    if piece.startswith("@"):
        return Fragment(kind=FragmentKind.MENTION, text=piece)
    if piece.startswith(("http://", "https://")):
        return Fragment(kind=FragmentKind.LINK, text=piece)
    return Fragment(kind=FragmentKind.TEXT, text=piece)
