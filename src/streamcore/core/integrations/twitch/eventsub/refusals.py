"""Why a subscription does not live, what the streamer reads of it, and when to ask again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from streamcore.core.integrations.base import Words
from streamcore.core.integrations.twitch.api.helix import RefusedError
from streamcore.core.integrations.twitch.eventsub.wanted import Wanted
from streamcore.core.integrations.twitch.login.scopes import permission_of
from streamcore.protocol.permissions import Permission

__all__ = ["Refusal", "explained", "of_answer", "of_status"]


class Refusal(Enum):
    """A reason; `GONE` is never asked for again, `LIMIT` and `BUSY` after waits that grow."""

    RIGHTS = "rights"
    GONE = "gone"
    NOT_NOW = "not_now"
    ROLE = "role"
    PERSON = "person"
    LIMIT = "limit"
    BUSY = "busy"

    @property
    def again_after_s(self) -> float | None:
        """When to ask again; None when only new rights or a new session may help."""
        return _AGAIN_AFTER_S.get(self)


_AGAIN_AFTER_S = {Refusal.ROLE: 600.0, Refusal.PERSON: 3600.0}
_STATUSES = {
    "authorization_revoked": Refusal.RIGHTS,
    "version_removed": Refusal.GONE,
    "moderator_removed": Refusal.ROLE,
    "chat_user_banned": Refusal.ROLE,
    "user_removed": Refusal.PERSON,
}
_GONE = frozenset({404, 410})
_RIGHTS = frozenset({401, 403})
_BAD_REQUEST = 400
_TOO_MANY = 429

_TEXTS = {
    Refusal.RIGHTS: Words(
        "Twitch does not send {}: connect again to renew the permissions.",
        "Twitch не присылает {}: подключите аккаунт ещё раз, чтобы обновить разрешения.",
    ),
    Refusal.GONE: Words(
        "Twitch no longer offers {} in the way that this version of the app asks for it.",
        "Twitch больше не присылает {} так, как об этом просит эта версия приложения.",
    ),
    Refusal.NOT_NOW: Words(
        "Twitch did not accept the request for {}.",
        "Twitch не принял запрос на {}.",
    ),
    Refusal.ROLE: Words(
        "Twitch stopped sending {}, because the account lost its role in the channel.",
        "Twitch перестал присылать {}: аккаунт потерял свою роль на канале.",
    ),
    Refusal.PERSON: Words(
        "Twitch stopped sending {}, because the account no longer exists.",
        "Twitch перестал присылать {}: такого аккаунта больше нет.",
    ),
    Refusal.LIMIT: Words(
        "Twitch does not send {} yet, because older connections of the app still count there.",
        "Twitch пока не присылает {}: прежние соединения приложения ещё считаются открытыми.",
    ),
    Refusal.BUSY: Words(
        "Twitch does not send {} yet; asking again.",
        "Twitch пока не присылает {}; просим снова.",
    ),
}
_ABOUT = {
    None: Words("the state of the stream", "состояние трансляции"),
    Permission.CHAT_READ: Words("the chat", "чат"),
    Permission.AUDIENCE_READ: Words("followers and supporters", "фолловеров и поддержку"),
    Permission.DONATIONS_READ: Words("donations", "пожертвования"),
    Permission.REWARDS_READ: Words("rewards", "награды"),
    Permission.POLLS_READ: Words("polls and predictions", "опросы и прогнозы"),
    Permission.STREAM_READ: Words("advertising", "рекламу"),
    Permission.MODERATION_READ: Words("moderation", "события модерации"),
}
_TYPES_SHOWN = 2


def of_status(status: str) -> Refusal:
    """Return what the status in a revocation means; an unknown one may pass."""
    return _STATUSES.get(status, Refusal.ROLE)


def of_answer(error: Exception) -> Refusal:
    """Return what an answer to the request for a subscription means."""
    if not isinstance(error, RefusedError):
        return Refusal.BUSY
    if error.status in _RIGHTS:
        return Refusal.RIGHTS
    if error.status in _GONE:
        return Refusal.GONE
    if error.status == _TOO_MANY:
        return Refusal.LIMIT
    return Refusal.NOT_NOW if error.status == _BAD_REQUEST else Refusal.BUSY


def explained(refused: Mapping[Wanted, Refusal]) -> Words:
    """Return what to tell of subscriptions that do not live; nothing when there are none."""
    by_reason: dict[Refusal, list[Wanted]] = {}
    for wanted, refusal in refused.items():
        by_reason.setdefault(refusal, []).append(wanted)
    texts = [
        (_TEXTS[refusal], _listed(group))
        for refusal in Refusal
        if (group := by_reason.get(refusal))
    ]
    return Words(
        " ".join(words.en.format(names.en) for words, names in texts),
        " ".join(words.ru.format(names.ru) for words, names in texts),
    )


def _listed(group: Iterable[Wanted]) -> Words:
    """Say what is missing in the streamer's words, and in Twitch's for who is asked for help."""
    about = list(dict.fromkeys(_ABOUT[permission_of(wanted)] for wanted in group))
    types = sorted({wanted.type for wanted in group})
    more = len(types) - _TYPES_SHOWN
    shown = ", ".join(types[:_TYPES_SHOWN]) + (f" +{more}" if more > 0 else "")
    return Words(
        f"{', '.join(words.en for words in about)} ({shown})",
        f"{', '.join(words.ru for words in about)} ({shown})",
    )
