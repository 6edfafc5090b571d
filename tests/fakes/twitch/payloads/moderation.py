"""Payloads of what moderators do and see."""

from __future__ import annotations

from tests.fakes.twitch.payloads.basics import Payload, broadcaster, message, stamp
from tests.fakes.twitch.people import Person

__all__ = [
    "automod_hold",
    "automod_update",
    "ban",
    "moderate",
    "role",
    "shield_mode",
    "suspicious_message",
    "suspicious_update",
    "unban",
    "unban_request",
    "unban_request_resolve",
    "warning",
    "warning_acknowledge",
]

_MODERATE = (
    "followers",
    "slow",
    "vip",
    "unvip",
    "warn",
    "mod",
    "unmod",
    "ban",
    "unban",
    "timeout",
    "untimeout",
    "raid",
    "unraid",
    "delete",
    "automod_terms",
    "unban_request",
    "shared_chat_ban",
    "shared_chat_unban",
    "shared_chat_timeout",
    "shared_chat_untimeout",
    "shared_chat_delete",
)


def _deed(person: Person, moderator: Person) -> Payload:
    return {**person.fields(), **broadcaster(), **moderator.fields("moderator_user")}


def ban(person: Person, moderator: Person, reason: str, duration_s: int | None = None) -> Payload:
    """Return a ban, or a time-out of `duration_s`."""
    return {
        **_deed(person, moderator),
        "reason": reason,
        "banned_at": stamp(),
        "ends_at": None if duration_s is None else stamp(duration_s),
        "is_permanent": duration_s is None,
    }


def unban(person: Person, moderator: Person) -> Payload:
    return _deed(person, moderator)


def moderate(person: Person, moderator: Person, action: str, content: Payload) -> Payload:
    """Return `channel.moderate` (version 2): the deed stands under its own name."""
    return {
        **broadcaster(),
        "source_broadcaster_user_id": None,
        "source_broadcaster_user_login": None,
        "source_broadcaster_user_name": None,
        **moderator.fields("moderator_user"),
        "action": action,
        **dict.fromkeys(_MODERATE),
        action: {**person.fields(), **content},
    }


def warning(person: Person, moderator: Person, reason: str, rules: tuple[str, ...] = ()) -> Payload:
    return {
        **_deed(person, moderator),
        "reason": reason,
        "chat_rules_cited": list(rules) or None,
    }


def warning_acknowledge(person: Person) -> Payload:
    return {**broadcaster(), **person.fields()}


def role(person: Person) -> Payload:
    """Return who became or stopped being a moderator or VIP; the type says which."""
    return {**person.fields(), **broadcaster()}


def unban_request(request_id: str, person: Person, text: str) -> Payload:
    return {
        "id": request_id,
        **broadcaster(),
        **person.fields(),
        "text": text,
        "created_at": stamp(),
    }


def unban_request_resolve(
    request_id: str, person: Person, moderator: Person, *, status: str, text: str = ""
) -> Payload:
    return {
        "id": request_id,
        **_deed(person, moderator),
        "resolution_text": text,
        "status": status,
    }


def automod_hold(
    person: Person, text: str, *, message_id: str, category: str = "", level: int = 0
) -> Payload:
    """Return a held message, version 2: because of a category, or of a blocked term."""
    found: Payload = {"start_pos": 0, "end_pos": max(len(text) - 1, 0)}
    term: Payload = {
        "term_id": "term-1",
        "owner_broadcaster_user_id": "1001",
        "owner_broadcaster_user_login": "streamer",
        "owner_broadcaster_user_name": "Streamer",
        "boundary": found,
    }
    filtered: Payload = {"category": category, "level": level, "boundaries": [found]}
    return {
        **broadcaster(),
        **person.fields(),
        "message_id": message_id,
        "message": message(text),
        "reason": "automod" if category else "blocked_term",
        "automod": filtered if category else None,
        "blocked_term": None if category else {"terms_found": [term]},
        "held_at": stamp(),
    }


def automod_update(held: Payload, moderator: Person, status: str) -> Payload:
    return {**held, **moderator.fields("moderator_user"), "status": status}


def shield_mode(moderator: Person, *, is_active: bool) -> Payload:
    when = "started_at" if is_active else "ended_at"
    return {**broadcaster(), **moderator.fields("moderator_user"), when: stamp()}


def suspicious_update(person: Person, moderator: Person, status: str) -> Payload:
    return {**_deed(person, moderator), "low_trust_status": status}


def suspicious_message(
    person: Person,
    text: str,
    *,
    message_id: str,
    status: str = "active_monitoring",
    kinds: tuple[str, ...] = ("ban_evader",),
) -> Payload:
    return {
        **broadcaster(),
        **person.fields(),
        "low_trust_status": status,
        "shared_ban_channel_ids": ["100", "200"],
        "types": list(kinds),
        "ban_evasion_evaluation": "likely",
        "message": {"message_id": message_id, **message(text)},
    }
