"""What the streamer reads about the link for events; said within a sentence, so without a stop."""

from __future__ import annotations

from streamcore.core.integrations.base import Words

__all__ = ["BROKE_OFF", "LATE", "NO_WELCOME", "closed", "silent", "unreachable"]

BROKE_OFF = Words("the connection to Twitch broke off", "соединение с Twitch оборвалось")
NO_WELCOME = Words("Twitch's event server sent no welcome", "сервер событий Twitch не поздоровался")
LATE = Words(
    "Nothing has been heard from Twitch for longer than it promised.",
    "От Twitch ничего не слышно дольше, чем он обещал.",
)

_CLOSED = Words("Twitch closed the connection", "Twitch закрыл соединение")
_BY_CODE = {
    4000: Words("Twitch had an internal error", "внутренняя ошибка у Twitch"),
    4001: Words("Twitch says that we sent something", "Twitch считает, что мы что-то прислали"),
    4002: Words("Twitch missed our pong", "Twitch не дождался ответа на проверку связи"),
    4003: Words("nothing was subscribed in time", "подписки не были созданы вовремя"),
    4004: Words("the move to a new socket came too late", "переход на новое соединение опоздал"),
    4005: Words("Twitch's network timed out", "сеть Twitch не ответила вовремя"),
    4006: Words("Twitch's network failed", "сбой сети Twitch"),
    4007: Words(
        "Twitch did not accept the move to a new socket",
        "Twitch не принял переход на новое соединение",
    ),
}


def closed(code: int) -> Words:
    """Say why Twitch closed the socket."""
    why = _BY_CODE.get(code, _CLOSED)
    return Words(f"{why.en} ({code})", f"{why.ru} ({code})")


def silent(seconds: float) -> Words:
    """Say for how long nothing has come."""
    return Words(
        f"Twitch has been silent for {seconds:.0f} s",
        f"Twitch молчит уже {seconds:.0f} с",
    )


def unreachable(error: Exception) -> Words:
    """Say that no socket could be opened."""
    name = type(error).__name__
    return Words(
        f"Twitch's event server cannot be reached ({name})",
        f"сервер событий Twitch недоступен ({name})",
    )
