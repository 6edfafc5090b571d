"""Payloads and their events: the chat."""

from __future__ import annotations

from streamcore.protocol.events import (
    ChatCleared,
    ChatMessage,
    ChatMessageDeleted,
    ChatMessageKind,
    ChatModeChanged,
    ChatUserCleared,
    SharedChat,
)
from streamcore.protocol.objects import (
    Badge,
    Emote,
    Fragment,
    FragmentKind,
    Phase,
    Reply,
    Role,
    User,
)
from tests.core.integrations.twitch.events.cases.common import (
    ANNA,
    AT,
    BOB,
    PARTNER,
    STREAMER,
    Case,
    base,
    brief,
    who,
)
from tests.fakes.twitch import payloads
from tests.fakes.twitch.payloads import Payload, standing_still

__all__ = ["CHAT"]

REPLY: Payload = {
    "parent_message_id": "p1",
    "parent_message_body": "really?",
    **BOB.fields("parent_user"),
    "thread_message_id": "t1",
    **BOB.fields("thread_user"),
}
MENTION: Payload = {
    "text": "@Bob",
    "fragments": [
        {
            "type": "mention",
            "text": "@Bob",
            "cheermote": None,
            "emote": None,
            "mention": BOB.fields(),
        }
    ],
}

with standing_still(AT):
    CHAT = {
        "a chat message": Case(
            "channel.chat.message",
            "1",
            payloads.chat_message(
                ANNA,
                "Kappa see https://example.org",
                message_id="m1",
                badges=("moderator", "subscriber:17"),
            ),
            ChatMessage(
                **base("m1"),
                user=User(
                    id=ANNA.id,
                    login="anna",
                    name="Anna",
                    color="#00FF7F",
                    roles=(
                        Role.MODERATOR,
                        Role.SUBSCRIBER,
                    ),
                    badges=(
                        Badge(set="moderator", id="1"),
                        Badge(set="subscriber", id="1"),
                    ),
                    subscriber_months=17,
                ),
                message_id="m1",
                text="Kappa see https://example.org",
                fragments=(
                    Fragment(
                        kind=FragmentKind.EMOTE,
                        text="Kappa",
                        emote=Emote(
                            provider="twitch",
                            id="25",
                            url="https://static-cdn.jtvnw.net/emoticons/v2/25/static/dark/2.0",
                        ),
                    ),
                    Fragment(kind=FragmentKind.TEXT, text=" see "),
                    Fragment(kind=FragmentKind.LINK, text="https://example.org"),
                ),
            ),
        ),
        "a reply": Case(
            "channel.chat.message",
            "1",
            payloads.chat_message(ANNA, "yes", message_id="m2", reply=REPLY),
            ChatMessage(
                **base("m2"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                message_id="m2",
                text="yes",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="yes"),),
                reply_to=Reply(
                    message_id="p1",
                    user_id="4125767104",
                    user_name="Bob",
                    text="really?",
                    user_login="bob",
                    thread_id="t1",
                ),
            ),
        ),
        "a cheer in the chat": Case(
            "channel.chat.message",
            "1",
            payloads.chat_message(ANNA, "Cheer100 wow", message_id="m3"),
            ChatMessage(
                **base("m3"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                message_id="m3",
                text="Cheer100 wow",
                fragments=(
                    Fragment(kind=FragmentKind.CHEERMOTE, text="Cheer100", bits=100),
                    Fragment(kind=FragmentKind.TEXT, text=" wow"),
                ),
                bits=100,
            ),
        ),
        "a message with a reward": Case(
            "channel.chat.message",
            "1",
            payloads.chat_message(ANNA, "Cave", message_id="m4", kind="channel_points_highlighted")
            | {"channel_points_custom_reward_id": "reward-1"},
            ChatMessage(
                **base("m4"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                message_id="m4",
                text="Cave",
                fragments=(Fragment(kind=FragmentKind.TEXT, text="Cave"),),
                kind=ChatMessageKind.HIGHLIGHTED,
                reward_id="reward-1",
            ),
        ),
        "a mention": Case(
            "channel.chat.message",
            "1",
            payloads.chat_message(ANNA, "@Bob", message_id="m5") | {"message": MENTION},
            ChatMessage(
                **base("m5"),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                message_id="m5",
                text="@Bob",
                fragments=(Fragment(kind=FragmentKind.MENTION, text="@Bob", user=brief(BOB)),),
            ),
        ),
        "a partner's message": Case(
            "channel.chat.message",
            "1",
            payloads.from_partner(payloads.chat_message(ANNA, "Cheer50", message_id="m6"), PARTNER),
            ChatMessage(
                **base("m6", channel=PARTNER),
                user=User(id=ANNA.id, login="anna", name="Anna", color="#00FF7F"),
                message_id="m6",
                text="Cheer50",
                fragments=(Fragment(kind=FragmentKind.CHEERMOTE, text="Cheer50", bits=50),),
                partner=brief(PARTNER),
            ),
        ),
        "a deleted message": Case(
            "channel.chat.message_delete",
            "1",
            payloads.message_delete(ANNA, "m1"),
            ChatMessageDeleted(**base("delete:m1"), user=who(ANNA), message_id="m1"),
        ),
        "the chat cleared": Case(
            "channel.chat.clear",
            "1",
            payloads.chat_clear(),
            ChatCleared(
                **base(),
            ),
        ),
        "a person's messages cleared": Case(
            "channel.chat.clear_user_messages",
            "1",
            payloads.chat_clear_user(ANNA),
            ChatUserCleared(**base(), user=who(ANNA)),
        ),
        "modes on": Case(
            "channel.chat_settings.update",
            "1",
            payloads.chat_settings(emote=True, follower_minutes=10, slow_s=30),
            ChatModeChanged(
                **base(),
                emote_only=True,
                followers_only=True,
                followers_only_minutes=10,
                subscribers_only=False,
                slow_mode_s=30,
                unique_only=False,
            ),
        ),
        "modes off": Case(
            "channel.chat_settings.update",
            "1",
            payloads.chat_settings(subscriber=True, unique=True),
            ChatModeChanged(
                **base(),
                emote_only=False,
                followers_only=False,
                followers_only_minutes=0,
                subscribers_only=True,
                slow_mode_s=0,
                unique_only=True,
            ),
        ),
        "a shared chat begins": Case(
            "channel.shared_chat.begin",
            "1",
            payloads.shared_chat("s1", STREAMER, STREAMER, PARTNER),
            SharedChat(
                **base("shared_chat:s1:begin"),
                session_id="s1",
                host=brief(STREAMER),
                participants=(
                    brief(STREAMER),
                    brief(PARTNER),
                ),
            ),
        ),
        "a shared chat changes": Case(
            "channel.shared_chat.update",
            "1",
            payloads.shared_chat("s1", PARTNER, STREAMER, PARTNER),
            SharedChat(
                **base(),
                phase=Phase.PROGRESS,
                session_id="s1",
                host=brief(PARTNER),
                participants=(
                    brief(STREAMER),
                    brief(PARTNER),
                ),
            ),
        ),
        "a shared chat ends": Case(
            "channel.shared_chat.end",
            "1",
            payloads.shared_chat("s1", STREAMER),
            SharedChat(
                **base("shared_chat:s1:end"), phase=Phase.END, session_id="s1", host=brief(STREAMER)
            ),
        ),
    }
