"""P17: finding emotes in a message, and taking in a long list of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from benchmarks.plan import Plan
from streamcore.core.integrations.emotes.catalogue import emote_sources
from streamcore.core.integrations.emotes.services import service_urls
from streamcore.core.integrations.twitch.pictures.decorate import decorated
from streamcore.protocol.events import ChatMessage
from streamcore.protocol.objects import Badge, Emote, Fragment, FragmentKind, User

__all__ = ["pictures"]

EMOTES = 10_000
LENGTH = 500
CALLS = 2_000
ROUNDS = 20

_BADGES = tuple(Badge(set=name, id="1") for name in ("subscriber", "vip"))
_KNOWN = {(badge.set, badge.id): badge for badge in _BADGES}
_WORDS = {
    f"e{number}": Fragment(
        kind=FragmentKind.EMOTE,
        text=f"e{number}",
        emote=Emote(provider="bttv", id=str(number), url="https://cdn.betterttv.net/emote/1/2x"),
    )
    for number in range(EMOTES)
}


async def pictures(plan: Plan) -> None:
    """Processor time of a message's pictures with 10,000 emotes known, and of such a list"""
    plain = " ".join(["welcome"] * LENGTH)[:LENGTH]
    emotes = " ".join(f"e{number}" for number in range(10, LENGTH))[:LENGTH]
    for _ in plan.times(5):
        plan.record("P17.usual", _decorating("hello there, how is it going today?"))
        plan.record("P17.long", _decorating(plain))
        plan.record("P17.emotes", _decorating(emotes))
        plan.record("P17.list", _least(_reader(), calls=1) / 1000)


def _decorating(text: str) -> float:
    user = User(id="1", login="anna", name="Anna", badges=_BADGES)
    pieces = (Fragment(kind=FragmentKind.TEXT, text=text),)
    message = ChatMessage(user=user, text=text, fragments=pieces)
    return _least(lambda: decorated(message, _WORDS, _KNOWN, {}), calls=CALLS)


def _reader() -> Callable[[], object]:
    """Return the reading of the longest kind of answer: that of 7TV, with all its files."""
    source = next(each for each in emote_sources(service_urls({})) if each.id == "seventv")
    files = [
        {"name": f"{scale}x.{form}", "width": 32, "height": 32, "frame_count": 1, "size": 3104}
        for form in ("avif", "webp")
        for scale in (1, 2, 3, 4)
    ]
    entries = [
        {
            "id": f"01{number:024d}",
            "name": f"e{number}",
            "flags": 0,
            "data": {
                "animated": True,
                "host": {"url": f"//cdn.7tv.app/emote/01{number:024d}", "files": files},
            },
        }
        for number in range(EMOTES)
    ]
    answer = json.dumps({"emotes": entries}).encode()
    return lambda: source.read_global(answer)


def _least(work: Callable[[], object], *, calls: int) -> float:
    """Return the processor time of one call in microseconds, in the quickest of the rounds."""
    best = float("inf")
    for _ in range(ROUNDS if calls > 1 else 3):
        began = time.process_time()
        for _ in range(calls):
            work()
        best = min(best, (time.process_time() - began) / calls)
    return best * 1e6
