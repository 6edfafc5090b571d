"""Payloads and their events: what moderators do."""

from __future__ import annotations

from datetime import timedelta

from streamcore.protocol.events import (
    AutomodMessage,
    RoleChanged,
    ShieldMode,
    SuspiciousUser,
    UnbanRequest,
    UserBanned,
    UserUnbanned,
    UserWarned,
)
from streamcore.protocol.objects import Emote, Fragment, FragmentKind, Role
from tests.core.integrations.twitch.events.cases.common import ANNA, AT, MODERATOR, Case, base, who
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import standing_still

__all__ = ["MODERATION"]


with standing_still(AT):
    MODERATION = {
        "a ban": Case(
            "channel.ban",
            "1",
            payloads.ban(ANNA, MODERATOR, "Spam"),
            UserBanned(
                **base(f"ban:{ANNA.id}:2026-05-01T12:00:00"),
                user=who(ANNA),
                moderator=who(MODERATOR),
                reason="Spam",
            ),
        ),
        "a time-out": Case(
            "channel.ban",
            "1",
            payloads.ban(ANNA, MODERATOR, "Caps", 600),
            UserBanned(
                **base(f"ban:{ANNA.id}:2026-05-01T12:00:00"),
                user=who(ANNA),
                moderator=who(MODERATOR),
                reason="Caps",
                ends_at=AT + timedelta(seconds=600),
                duration_s=600,
                is_permanent=False,
            ),
        ),
        "an unban": Case(
            "channel.unban",
            "1",
            payloads.unban(ANNA, MODERATOR),
            UserUnbanned(**base(), user=who(ANNA), moderator=who(MODERATOR)),
        ),
        "a warning": Case(
            "channel.warning.send",
            "1",
            payloads.warning(ANNA, MODERATOR, "cut it out", ("Be nice",)),
            UserWarned(
                **base(),
                user=who(ANNA),
                moderator=who(MODERATOR),
                reason="cut it out",
                rules=("Be nice",),
            ),
        ),
        "a warning confirmed": Case(
            "channel.warning.acknowledge",
            "1",
            payloads.warning_acknowledge(ANNA),
            UserWarned(**base(), user=who(ANNA), is_acknowledged=True),
        ),
        "a new moderator": Case(
            "channel.moderator.add", "1", payloads.role(ANNA), RoleChanged(**base(), user=who(ANNA))
        ),
        "a moderator less": Case(
            "channel.moderator.remove",
            "1",
            payloads.role(ANNA),
            RoleChanged(**base(), user=who(ANNA), is_added=False),
        ),
        "a new VIP": Case(
            "channel.vip.add",
            "1",
            payloads.role(ANNA),
            RoleChanged(**base(), user=who(ANNA), role=Role.VIP),
        ),
        "a VIP less": Case(
            "channel.vip.remove",
            "1",
            payloads.role(ANNA),
            RoleChanged(**base(), user=who(ANNA), role=Role.VIP, is_added=False),
        ),
        "an unban request": Case(
            "channel.unban_request.create",
            "1",
            payloads.unban_request("u1", ANNA, "unban me"),
            UnbanRequest(
                **base("unban_request:u1:pending"), user=who(ANNA), request_id="u1", text="unban me"
            ),
        ),
        "an unban request denied": Case(
            "channel.unban_request.resolve",
            "1",
            payloads.unban_request_resolve("u1", ANNA, MODERATOR, status="denied", text="no"),
            UnbanRequest(
                **base("unban_request:u1:denied"),
                user=who(ANNA),
                moderator=who(MODERATOR),
                request_id="u1",
                status="denied",
                answer="no",
            ),
        ),
        "a message held": Case(
            "automod.message.hold",
            "2",
            payloads.automod_hold(
                ANNA, "bad Kappa", message_id="h1", category="aggressive", level=3
            ),
            AutomodMessage(
                **base("automod:h1:held"),
                user=who(ANNA),
                message_id="h1",
                text="bad Kappa",
                fragments=(
                    Fragment(kind=FragmentKind.TEXT, text="bad "),
                    Fragment(
                        kind=FragmentKind.EMOTE,
                        text="Kappa",
                        emote=Emote(
                            provider="twitch",
                            id="25",
                            url="https://static-cdn.jtvnw.net/emoticons/v2/25/static/dark/2.0",
                        ),
                    ),
                ),
                category="aggressive",
                level=3,
                reason="automod",
            ),
        ),
        "a message let through": Case(
            "automod.message.update",
            "2",
            payloads.automod_update(
                payloads.automod_hold(ANNA, "term", message_id="h2"), MODERATOR, "Approved"
            ),
            AutomodMessage(
                **base("automod:h2:approved"),
                user=who(ANNA),
                moderator=who(MODERATOR),
                message_id="h2",
                text="term",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="term"),),
                reason="blocked_term",
                status="approved",
            ),
        ),
        "shield mode on": Case(
            "channel.shield_mode.begin",
            "1",
            payloads.shield_mode(MODERATOR, is_active=True),
            ShieldMode(
                **base("shield:2026-05-01T12:00:00:on"), moderator=who(MODERATOR), is_active=True
            ),
        ),
        "shield mode off": Case(
            "channel.shield_mode.end",
            "1",
            payloads.shield_mode(MODERATOR, is_active=False),
            ShieldMode(**base("shield:2026-05-01T12:00:00:off"), moderator=who(MODERATOR)),
        ),
        "somebody suspicious writes": Case(
            "channel.suspicious_user.message",
            "1",
            payloads.suspicious_message(ANNA, "hello", message_id="m9"),
            SuspiciousUser(
                **base("suspicious:m9"),
                user=who(ANNA),
                status="active_monitoring",
                text="hello",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="hello"),),
                message_id="m9",
                kinds=("ban_evader",),
                ban_evasion="likely",
            ),
        ),
        "somebody is suspected": Case(
            "channel.suspicious_user.update",
            "1",
            payloads.suspicious_update(ANNA, MODERATOR, "restricted"),
            SuspiciousUser(**base(), user=who(ANNA), moderator=who(MODERATOR), status="restricted"),
        ),
    }
