"""What the streamer reads about the connection to Twitch."""

from __future__ import annotations

from streamcore.core.errors import CommandError
from streamcore.core.integrations.base import Words
from streamcore.core.integrations.oauth import LoginLostError, UnreachableError
from streamcore.protocol.errors import ErrorCode

__all__ = [
    "FAULT",
    "FAULT_RETRIED",
    "SESSION_ENDED",
    "connecting_again",
    "no_client_id",
    "not_stored",
    "store_unreadable",
    "trouble",
]

FAULT = Words(
    "Internal error: connect again, and look into the log.",
    "Внутренняя ошибка: подключите аккаунт ещё раз, подробности в журнале.",
)
FAULT_RETRIED = Words(
    "Internal error; trying again.",
    "Внутренняя ошибка, пробуем ещё раз.",
)
SESSION_ENDED = Words(
    "The connection to Twitch ended.",
    "Соединение с Twitch прервалось.",
)

_RU_BY_CODE = {
    ErrorCode.TIMEOUT: "Twitch не ответил вовремя.",
    ErrorCode.PLATFORM_NOT_CONNECTED: "Twitch недоступен: проверьте соединение с интернетом.",
    ErrorCode.RATE_LIMITED: "Twitch пока не принимает новых запросов.",
}


def trouble(error: Exception) -> Words:
    """Return what to tell the streamer of an error that passes by itself."""
    if isinstance(error, LoginLostError | UnreachableError):
        return error.words
    if isinstance(error, CommandError):
        ru = _RU_BY_CODE.get(error.body.code, f"Twitch отказал: {error}")
        return Words(str(error), ru)
    return Words(str(error), f"Не получилось: {error}")


def connecting_again(why: Words) -> Words:
    """Say that the connection for events broke."""
    return Words(f"Connecting again: {why.en}.", f"Подключаемся снова: {why.ru}.")


def not_stored(error: Exception) -> Words:
    """Say that the log does not take events at the moment."""
    return Words(f"Events cannot be stored: {error}", f"События не сохраняются: {error}")


def store_unreadable(error: Exception) -> Words:
    """Say that the secrets cannot be read."""
    return Words(
        f"The stored login cannot be read: {error}",
        f"Сохранённый вход не читается: {error}",
    )


def no_client_id(variable: str) -> Words:
    """Say that there is a login, and no app that it belongs to."""
    return Words(
        f"The client id is missing: connect again, or set {variable}.",
        f"Не хватает Client ID: подключите аккаунт ещё раз или задайте {variable}.",
    )
