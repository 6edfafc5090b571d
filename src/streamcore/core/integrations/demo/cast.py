"""The invented people: regulars with characters, an audience behind them, and the bot."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from streamcore.core.integrations.demo.lines import Temper
from streamcore.protocol.objects import Badge, Role, User

__all__ = ["BOT", "Cast", "Person"]

BOT = User(
    id="demo-bot",
    login="streamcore",
    name="StreamCore",
    color="#9a7bff",
    roles=(Role.MODERATOR, Role.BOT),
)
"""Who writes what modules and the streamer send."""

AUDIENCE_SIZE = 400
_REGULARS_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Person:
    """A viewer: who they are, in which language and temper they write, and how often."""

    user: User
    language: str
    temper: Temper
    talks: float = 1.0


def _regular(
    login: str,
    name: str,
    language: str,
    temper: Temper,
    color: str,
    *roles: Role,
    months: int | None = None,
    talks: float = 1.0,
) -> Person:
    badges = [Badge(set=str(role), id="1") for role in roles if role is not Role.SUBSCRIBER]
    if months:
        badges.append(Badge(set="subscriber", id=str(months)))
    user = User(
        id=f"demo-{login}",
        login=login,
        name=name,
        color=color,
        roles=roles,
        badges=tuple(badges),
        subscriber_months=months,
    )
    return Person(user, language, temper, talks)


_SUB = Role.SUBSCRIBER
_REGULARS = (
    _regular("mira_keeps", "Mira", "en", Temper.KEEPER, "#2dd4bf", Role.MODERATOR, _SUB, months=31),
    _regular("baba_nyura", "Баба Нюра", "ru", Temper.KEEPER, "#f472b6", Role.MODERATOR, months=12),
    _regular("nightowl_77", "NightOwl_77", "en", Temper.SLEEPY, "#818cf8", _SUB, months=9),
    _regular(
        "kotofey", "Котофей", "ru", Temper.JOKER, "#fb923c", Role.VIP, _SUB, months=24, talks=2
    ),
    _regular("pixel_pete", "PixelPete", "en", Temper.BACKSEAT, "#f87171", talks=1.6),
    _regular("lena_vega", "Лена Вега", "ru", Temper.CHEERFUL, "#facc15", _SUB, months=5, talks=1.8),
    _regular("old_dmitry", "Дмитрий Саныч", "ru", Temper.VETERAN, "#a3e635", _SUB, months=36),
    _regular("juno", "Juno", "en", Temper.CURIOUS, "#38bdf8", talks=1.4),
    _regular(
        "captain_crumb", "CaptainCrumb", "en", Temper.JOKER, "#e879f9", _SUB, months=14, talks=2
    ),
    _regular("tishka", "Тишка", "ru", Temper.SLEEPY, "#94a3b8"),
    _regular("sovet_basi", "Советчик Вася", "ru", Temper.BACKSEAT, "#f59e0b", talks=1.5),
    _regular("aurora_b", "AuroraB", "en", Temper.CHEERFUL, "#34d399", Role.VIP, talks=1.7),
    _regular("pochemuchka", "Почемучка", "ru", Temper.CURIOUS, "#60a5fa", talks=1.5),
    _regular("grim_roger", "GrimRoger", "en", Temper.VETERAN, "#c084fc", _SUB, months=28),
)

_FIRST = {
    "en": (
        "sunny",
        "retro",
        "quiet",
        "turbo",
        "cosmic",
        "lazy",
        "lucky",
        "frosty",
        "velvet",
        "mad",
    ),
    "ru": ("тихий", "лесной", "быстрый", "рыжий", "ночной", "добрый", "вольный", "хитрый", "синий"),
}
_LAST = {
    "en": (
        "fox",
        "panda",
        "wizard",
        "toast",
        "badger",
        "comet",
        "noodle",
        "robot",
        "otter",
        "crow",
    ),
    "ru": ("ёж", "медведь", "пельмень", "кот", "ветер", "самовар", "барсук", "комар", "филин"),
}
_COLOURS = ("#ef4444", "#22c55e", "#3b82f6", "#eab308", "#a855f7", "#14b8a6", "#f97316", "#ec4899")


class Cast:
    """Everybody on one channel; chance comes from the generator that it is given."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.regulars = _REGULARS
        self.moderators = tuple(p for p in _REGULARS if Role.MODERATOR in p.user.roles)
        self.audience = tuple(self.stranger(number) for number in range(AUDIENCE_SIZE))
        self._weights = tuple(p.talks for p in _REGULARS)

    def stranger(self, number: int, *, is_first_time: bool = False) -> Person:
        """Return somebody nobody knows yet; `number` makes them unique."""
        chance = self._chance
        language = chance.choice(("en", "ru"))
        first, last = chance.choice(_FIRST[language]), chance.choice(_LAST[language])
        joined = f"{first}_{last}" if language == "en" else f"{first} {last}"
        user = User(
            id=f"demo-viewer-{number}",
            login=f"viewer_{number}",
            name=f"{joined}{number % 97 or ''}",
            color=chance.choice(_COLOURS),
            is_first_time=is_first_time,
        )
        return Person(user, language, chance.choice(tuple(Temper)[:-1]))

    def speaker(self) -> Person:
        """Return who writes next: mostly a regular, and some talk more than others."""
        if self._chance.random() < _REGULARS_SHARE:
            return self._chance.choices(self.regulars, self._weights)[0]
        return self._chance.choice(self.audience)

    def anyone(self) -> Person:
        """Return somebody from the audience or the regulars, all alike."""
        return self._chance.choice((*self.regulars, self._chance.choice(self.audience)))

    def newcomer(self) -> Person:
        """Return somebody who is not a regular yet."""
        return self._chance.choice(self.audience)

    def some(self, count: int) -> Sequence[Person]:
        """Return `count` different people from the audience."""
        return self._chance.sample(self.audience, count)
