"""Scenes in which money comes in; amounts are in minor units, as everywhere."""

from __future__ import annotations

from streamcore.core.integrations.demo import lines
from streamcore.core.integrations.demo.emotes import fragments
from streamcore.core.integrations.demo.scenes import cheering
from streamcore.core.integrations.demo.stage import Scene, Stage
from streamcore.protocol.events import Donation, MembershipPayment, SuperChat, SuperSticker
from streamcore.protocol.objects import Amount

__all__ = ["donation", "membership", "super_chat", "super_sticker"]

_SIGNS = {"USD": "${}", "EUR": "€{}", "RUB": "{} ₽"}
_SIZES = {
    "USD": (200, 500, 500, 1000, 2000, 5000),
    "EUR": (200, 500, 1000, 1500),
    "RUB": (10_000, 20_000, 30_000, 50_000, 150_000),
}
_LEVELS = ("Crew / Команда", "Captain / Капитан")


def _amount(stage: Stage) -> Amount:
    currency = stage.chance.choices(("USD", "EUR", "RUB"), (3, 1, 3))[0]
    value = stage.chance.choice(_SIZES[currency])
    whole, cents = divmod(value, 100)
    shown = _SIGNS[currency].format(f"{whole}.{cents:02}" if cents else str(whole))
    return Amount(value=value, exponent=2, currency=currency, display=shown)


def donation(stage: Stage) -> Scene:
    """Money through a donation service."""
    person = stage.cast.anyone()
    stage.emit(
        Donation(
            **stage.base(),
            user=person.user,
            service="demo",
            donor=person.user.name,
            amount=_amount(stage),
            text=stage.line(lines.PAID, person),
        )
    )
    yield from cheering(stage, lines.HYPE, 2)


def super_chat(stage: Stage) -> Scene:
    """A paid chat message."""
    person = stage.cast.anyone()
    amount, text, base = _amount(stage), stage.line(lines.PAID, person), stage.base()
    stage.emit(
        SuperChat(
            **base,
            user=person.user,
            message_id=base["source_id"],
            amount=amount,
            text=text,
            fragments=fragments(text),
            level=min(7, 1 + amount.value // 1000) if amount.currency != "RUB" else 2,
        )
    )
    yield from cheering(stage, lines.HYPE, 1)


def super_sticker(stage: Stage) -> Scene:
    """A paid sticker."""
    stage.emit(
        SuperSticker(
            **stage.base(),
            user=stage.cast.anyone().user,
            sticker_id="demo-pear",
            amount=_amount(stage),
            text="A pear that waves / Груша машет рукой",
        )
    )
    yield from ()


def membership(stage: Stage) -> Scene:
    """A paid membership begins or goes on."""
    stage.emit(
        MembershipPayment(
            **stage.base(),
            user=stage.cast.anyone().user,
            level_name=stage.chance.choice(_LEVELS),
            months=stage.chance.choice((1, 1, 2, 6, 12)),
            amount=Amount(value=499, exponent=2, currency="USD", display="$4.99"),
            text="",
        )
    )
    yield from cheering(stage, lines.HYPE, 2)
