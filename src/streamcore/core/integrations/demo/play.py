"""Which scenes play on which platform's stand-in, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from streamcore.core.integrations.demo import money, scenes
from streamcore.core.integrations.demo.scenes import MakeScene
from streamcore.core.integrations.demo.stage import Stage

__all__ = ["FLAVOURS", "Flavour", "Happening", "open_stage"]


@dataclass(frozen=True, slots=True)
class Happening:
    """A scene, when it first plays and how many seconds lie between two on average."""

    make: MakeScene
    first_s: float
    mean_s: float


@dataclass(frozen=True, slots=True)
class Flavour:
    """One platform's stand-in: its id, its name, and what happens there."""

    id: str
    name: str
    has_likes: bool
    happenings: tuple[Happening, ...]


_ANYWHERE = (
    Happening(scenes.first_timer, 9, 45),
    Happening(scenes.troll, 48, 200),
)
TWITCH = Flavour(
    "twitch",
    "Twitch",
    has_likes=False,
    happenings=(
        *_ANYWHERE,
        Happening(scenes.follow, 4, 22),
        Happening(money.donation, 14, 75),
        Happening(scenes.cheer, 20, 60),
        Happening(scenes.subscription, 12, 60),
        Happening(scenes.redemption, 17, 50),
        Happening(scenes.resubscription, 30, 90),
        Happening(scenes.watch_streak, 35, 120),
        Happening(scenes.gift_bomb, 42, 240),
        Happening(scenes.poll, 55, 300),
        Happening(scenes.raid, 90, 420),
        Happening(scenes.announcement, 100, 400),
        Happening(scenes.hype_train, 130, 600),
    ),
)
YOUTUBE = Flavour(
    "youtube",
    "YouTube",
    has_likes=True,
    happenings=(
        *_ANYWHERE,
        Happening(scenes.follow, 8, 30),
        Happening(money.super_chat, 10, 60),
        Happening(money.membership, 24, 90),
        Happening(money.super_sticker, 38, 150),
        Happening(money.donation, 66, 200),
        Happening(scenes.gift_bomb, 110, 400),
        Happening(scenes.poll, 150, 500),
    ),
)
FLAVOURS = (TWITCH, YOUTUBE)


def open_stage(
    flavour: Flavour, *, seed: int, rate_per_s: float, run: str, started_at: datetime
) -> Stage:
    """Return a stage on which the stream is about to go live."""
    stage = Stage(flavour.id, seed=seed, run=f"{flavour.id}-{run}", started_at=started_at)
    stage.play(scenes.stream_online(stage))
    stage.play(scenes.viewers(stage, flavour.has_likes))
    stage.play(scenes.chatter(stage, rate_per_s))
    for happening in flavour.happenings:
        again = partial(scenes.repeated, make=happening.make, mean_s=happening.mean_s)
        stage.play(again(stage), after_s=happening.first_s)
    return stage
