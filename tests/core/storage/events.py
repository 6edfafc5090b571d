"""Short ways to say which event a test is about."""

from __future__ import annotations

from streamcore.protocol.events import ChatMessage, Donation, Follow, ModuleEvent, ViewerCount
from streamcore.protocol.objects import User


def person(name: str) -> User:
    return User(id=name, login=name.lower(), name=name)


def chat(
    text: str = "hi", *, by: str = "Ann", platform: str = "twitch", id: str = ""
) -> ChatMessage:
    return ChatMessage(platform=platform, text=text, user=person(by), source_id=id)


def donation(text: str = "", *, donor: str = "Bob", id: str = "") -> Donation:
    return Donation(platform="donations", text=text, donor=donor, source_id=id)


def follow(by: str = "Cid", *, platform: str = "twitch", id: str = "") -> Follow:
    return Follow(platform=platform, user=person(by), source_id=id)


def viewers(platform: str = "twitch") -> ViewerCount:
    return ViewerCount(platform=platform)


def own(module_id: str, name: str = "won") -> ModuleEvent:
    return ModuleEvent(module_id=module_id, name=name)
