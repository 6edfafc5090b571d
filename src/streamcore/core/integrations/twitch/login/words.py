"""What the streamer reads about logins and their ends."""

from __future__ import annotations

from streamcore.core.integrations.base import Words

__all__ = [
    "ANOTHER_CLIENT_ID",
    "BOT_BECAME_STREAMER",
    "CODE_EXPIRED",
    "DENIED",
    "FAULT",
    "LOGIN_GONE",
    "NOBODY",
    "NO_WEB_ADDRESS",
    "RENEWED_IN_VAIN",
    "SAME_AS_STREAMER",
    "STREAMER_FIRST",
    "UNREADABLE",
    "UNREADABLE_STORE",
    "WAITING",
    "another_account",
    "bot_lost",
    "confirmed_by_another",
    "could_not_check",
    "could_not_renew",
    "no_longer_accepted",
    "not_completed",
    "not_started",
    "not_stored",
    "server_error",
    "unreachable",
]

WAITING = Words(
    "Waiting for the confirmation on Twitch.",
    "Ждём подтверждения на Twitch.",
)
DENIED = Words(
    "The login was refused on Twitch (access_denied). Connect again when you want to allow it.",
    "На Twitch вход отклонили (access_denied). Подключите аккаунт снова, когда захотите разрешить.",
)
NOBODY = Words(
    "Twitch did not say whose login was confirmed: connect again.",
    "Twitch не сообщил, чей вход подтверждён: подключите аккаунт ещё раз.",
)
FAULT = Words(
    "Internal error while logging in: connect again, and look into the log.",
    "Внутренняя ошибка при входе: подключите аккаунт ещё раз, подробности в журнале.",
)
STREAMER_FIRST = Words(
    "Connect your own account first, then the bot's.",
    "Сначала подключите свой аккаунт, а потом аккаунт бота.",
)
SAME_AS_STREAMER = Words(
    "You confirmed with your own account. For the bot, log in on Twitch with its account first.",
    "Вход подтверждён вашим собственным аккаунтом. Для бота сначала войдите на Twitch под его "
    "аккаунтом.",
)
BOT_BECAME_STREAMER = Words(
    "The bot's account is now connected as yours, so there is no separate bot any more.",
    "Аккаунт бота теперь подключён как ваш собственный, поэтому отдельного бота больше нет.",
)
CODE_EXPIRED = Words(
    "The code has expired: connect again.",
    "Срок действия кода истёк: подключите аккаунт ещё раз.",
)
NO_WEB_ADDRESS = Words(
    "Twitch answered with a login address that is no web address: try again later.",
    "Twitch прислал для входа адрес, который не ведёт на сайт: попробуйте позже.",
)
UNREADABLE = Words(
    "Twitch's login server answered something unreadable.",
    "Сервер входа Twitch ответил что-то непонятное.",
)
UNREADABLE_STORE = Words(
    "The stored login cannot be read.",
    "Сохранённый вход не читается: подключите аккаунт ещё раз.",
)
LOGIN_GONE = Words(
    "There is no login any more: connect again.",
    "Входа больше нет: подключите аккаунт ещё раз.",
)
RENEWED_IN_VAIN = Words(
    "Twitch refuses a renewed login: connect again.",
    "Twitch не принимает даже обновлённый вход: подключите аккаунт ещё раз.",
)
ANOTHER_CLIENT_ID = Words(
    "The stored login belongs to another client id: connect again.",
    "Сохранённый вход выдан другому Client ID: подключите аккаунт ещё раз.",
)


def not_started(why: str) -> Words:
    """Say that Twitch gave no code."""
    return Words(
        f"Twitch did not start a login: {why}. Check that the client id is right and that its app "
        "is registered with the client type Public.",
        f"Twitch не начал вход: {why}. Проверьте, что Client ID верен и что приложение "
        "зарегистрировано с типом клиента Public.",
    )


def not_completed(why: str) -> Words:
    """Say that the code came to nothing."""
    return Words(
        f"The login was not completed: {why}. Connect again.",
        f"Вход не завершён: {why}. Подключите аккаунт ещё раз.",
    )


def not_stored(error: Exception) -> Words:
    """Say that the tokens cannot be kept, so that they are not used either."""
    return Words(
        f"The login cannot be stored: {error}",
        f"Вход не удалось сохранить: {error}",
    )


def no_longer_accepted(why: str) -> Words:
    """Say that the refresh token is dead."""
    return Words(
        f"Twitch no longer accepts the stored login ({why}): connect again.",
        f"Twitch больше не принимает сохранённый вход ({why}): подключите аккаунт ещё раз.",
    )


def could_not_renew(why: str) -> Words:
    """Say that the renewal failed for now."""
    return Words(
        f"Twitch could not renew the login: {why}.",
        f"Twitch не смог обновить вход: {why}.",
    )


def could_not_check(why: str) -> Words:
    """Say that the validation failed for now."""
    return Words(
        f"Twitch could not check the login: {why}.",
        f"Twitch не смог проверить вход: {why}.",
    )


def server_error(status: int) -> Words:
    """Say that the login server has trouble of its own."""
    return Words(
        f"Twitch's login server answered {status}.",
        f"Сервер входа Twitch ответил ошибкой {status}.",
    )


def unreachable(what: str) -> Words:
    """Say that there is no way to the login server at the moment."""
    return Words(
        f"Twitch's login server cannot be reached ({what}).",
        f"Сервер входа Twitch недоступен ({what}).",
    )


def confirmed_by_another(who: str, connected: str) -> Words:
    """Say that further permissions were allowed for the wrong account."""
    return Words(
        f"The permissions were confirmed for {who}, but {connected} is connected. Nothing has "
        f"changed: log in on Twitch as {connected} and try again.",
        f"Разрешения подтверждены для {who}, а подключён {connected}. Ничего не изменилось: "
        f"войдите на Twitch как {connected} и попробуйте ещё раз.",
    )


def another_account(who: str, before: str) -> Words:
    """Say that the streamer has logged in as somebody else than before."""
    return Words(
        f"Another account is connected now: {who}, before it was {before}.",
        f"Теперь подключён другой аккаунт: {who}, раньше был {before}.",
    )


def bot_lost(why: Words) -> Words:
    """Say that modules write as the streamer, because the bot's login is gone."""
    return Words(
        f"{why.en} Until then modules write in your own name.",
        f"{why.ru} До тех пор модули пишут от вашего имени.",
    )
