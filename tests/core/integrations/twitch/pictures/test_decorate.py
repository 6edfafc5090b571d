"""Decorating changes how things look and never what was said."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from streamcore.core.integrations.twitch.events.mapper import to_events
from streamcore.core.integrations.twitch.events.source import Source
from streamcore.core.integrations.twitch.pictures.decorate import decorated
from streamcore.protocol.events import (
    EPOCH,
    ChatAnnouncement,
    ChatMessage,
    Cheer,
    Event,
    Follow,
    PowerUp,
    Resubscription,
)
from streamcore.protocol.objects import Badge, Emote, Fragment, FragmentKind, User
from tests.fakes.twitch.payloads import chat_message
from tests.fakes.twitch.people import viewer

CDN = "https://cdn.betterttv.net/emote/1/2x"
CHEER = Emote(provider="twitch", id="Cheer1", animated=True, url="https://static-cdn.jtvnw.net/c")
CHEERMOTES = {"cheer": ((1, CHEER),)}
BADGES = {("vip", "1"): Badge(set="vip", id="1", title="VIP", image_url="https://x/y")}
SOURCE = Source(frame_id="1", kind="channel.chat.message", at=EPOCH, channel_id="1001")


def an_emote(name: str) -> Fragment:
    emote = Emote(provider="bttv", id="1", url=CDN)
    return Fragment(kind=FragmentKind.EMOTE, text=name, emote=emote)


def text(content: str) -> Fragment:
    return Fragment(kind=FragmentKind.TEXT, text=content)


def shown(event: Event) -> Event:
    return decorated(event, {"LUL": an_emote("LUL")}, BADGES, CHEERMOTES)


@pytest.mark.parametrize("kind", [ChatMessage, ChatAnnouncement, Cheer, Resubscription, PowerUp])
def test_every_event_with_a_text_in_pieces_is_decorated(
    kind: type[ChatMessage | ChatAnnouncement | Cheer | Resubscription | PowerUp],
) -> None:
    cheer = Fragment(kind=FragmentKind.CHEERMOTE, text="Cheer5", bits=5)
    event = shown(kind(text="Cheer5 LUL", fragments=(cheer, text(" LUL"))))
    assert isinstance(event, kind)
    assert event.fragments == (replace(cheer, emote=CHEER), text(" "), an_emote("LUL"))


def test_badges_of_any_event_are_decorated() -> None:
    user = User(id="1", login="a", name="A", badges=(Badge(set="vip", id="1"),))
    event = shown(Follow(user=user))
    assert event == Follow(user=replace(user, badges=(BADGES["vip", "1"],)))


@pytest.mark.parametrize(
    "event",
    [
        Follow(),
        Follow(user=User(id="1", login="a", name="A")),
        ChatMessage(text="hello", fragments=(text("hello"),)),
        ChatMessage(text="LUL"),
    ],
)
def test_what_has_nothing_to_decorate_comes_back_itself(event: Event) -> None:
    assert shown(event) is event


known = st.sets(
    st.text(min_size=1, max_size=5).filter(lambda name: name.split() == [name]), max_size=5
)


@given(st.data(), known)
def test_a_message_says_the_same_whatever_emotes_there_are(
    data: st.DataObject, names: set[str]
) -> None:
    pieces = st.sampled_from(["Kappa", "Cheer100", "@Anna", "https://a.b/c", " ", "  ", *names])
    said = " ".join(data.draw(st.lists(pieces | st.text(max_size=8), max_size=12)))
    payload = chat_message(viewer("Anna"), said, message_id="m", badges=("vip",))
    (mapped,) = to_events(SOURCE, msgspec.Raw(msgspec.json.encode(payload)))
    assert isinstance(mapped, ChatMessage)
    words = {name: an_emote(name) for name in names}
    event = decorated(mapped, words, BADGES, CHEERMOTES)
    assert isinstance(event, ChatMessage)
    assert "".join(each.text for each in event.fragments) == event.text == mapped.text
    assert replace(event, fragments=(), user=None) == replace(mapped, fragments=(), user=None)
    own, kept = (
        [
            replace(each, emote=None)
            for each in fragments
            if each.kind is not FragmentKind.TEXT and each not in words.values()
        ]
        for fragments in (mapped.fragments, event.fragments)
    )
    assert kept == own, "what Twitch made of it stays"
