"""What each service's answers mean, in the shapes that the services give; and what is left out."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamcore.core.integrations.emotes.catalogue import emote_sources
from streamcore.core.integrations.emotes.services import service_urls
from streamcore.core.integrations.emotes.source import (
    MAX_EMOTES,
    EmoteSource,
    SourceError,
    is_sound,
    picture,
)
from streamcore.protocol.objects import Emote

ALL = emote_sources(service_urls({}))
FFZ, BTTV, SEVENTV = ALL
SOURCES = pytest.mark.parametrize("source", ALL, ids=lambda source: source.id)

BTTV_GLOBAL = b"""[
  {"id":"54fa8f1401e468494b85b537","code":":tf:","imageType":"png","animated":false,
   "userId":"5561169bd6b9d206222a8c19"},
  {"id":"567b5b520e984428652809b6","code":"SoSnowy","imageType":"png","animated":false,
   "userId":"5561169bd6b9d206222a8c19"},
  {"id":"56e9f494fff3cc5c35e5287e","code":"monkaS","imageType":"gif","userId":"x"},
  {"id":"5e76d338d6581c3724c0f0b2","code":"w!","imageType":"png","animated":false,
   "userId":"x","modifier":true}
]"""
BTTV_CHANNEL = b"""{"id":"5c","bots":["nightbot"],"avatar":"https://static-cdn.jtvnw.net/a.png",
  "channelEmotes":[{"id":"5f1b0186cf6d2144653d2970","code":"catJAM","imageType":"gif",
    "animated":true,"userId":"x"}],
  "sharedEmotes":[{"id":"5d38aaa592fc550c2d5996b8","code":"SoSnowy","imageType":"webp",
    "animated":false,"user":{"id":"y","name":"n","displayName":"N","providerId":"1"}}]}"""
FFZ_GLOBAL = b"""{"default_sets":[3],"sets":{
  "3":{"id":3,"_type":0,"icon":null,"title":"Global Emotes","css":null,"emoticons":[
    {"id":28136,"name":"ZreknarF","height":30,"width":40,"public":true,"hidden":false,
     "modifier":false,"modifier_flags":0,"offset":null,"margins":null,"css":null,
     "owner":{"_id":1,"name":"sirstendec","display_name":"SirStendec"},"artist":null,
     "urls":{"1":"https://cdn.frankerfacez.com/emote/28136/1",
             "2":"https://cdn.frankerfacez.com/emote/28136/2"},
     "status":1,"usage_count":1,"created_at":"2015-06-13T18:33:18.104Z","last_updated":null}]},
  "4330":{"id":4330,"_type":1,"title":"Some","emoticons":[
    {"id":9,"name":"OnlyForSome","urls":{"1":"https://cdn.frankerfacez.com/emote/9/1"}}]}},
  "users":{"4330":["somebody"]}}"""
FFZ_ROOM = b"""{"room":{"_id":1,"twitch_id":1001,"id":"streamer","set":5,"mod_urls":null},
  "sets":{"5":{"id":5,"emoticons":[
    {"id":139407,"name":"LULW","modifier":false,"urls":{"1":"//cdn.frankerfacez.com/emote/139407/1"},
     "animated":null},
    {"id":720510,"name":"Jammies","urls":{"1":"https://cdn.frankerfacez.com/emote/720510/1"},
     "animated":{"1":"https://cdn.frankerfacez.com/emote/720510/animated/1",
                 "2":"https://cdn.frankerfacez.com/emote/720510/animated/2"}},
    {"id":711,"name":"Hat","modifier":true,"modifier_flags":0,
     "urls":{"1":"https://cdn.frankerfacez.com/emote/711/1"}},
    {"id":712,"name":"ffzX","modifier":true,"modifier_flags":3,
     "urls":{"1":"https://cdn.frankerfacez.com/emote/712/1"}}]}}}"""


def seventv_entry(name: str, entry_id: str, **changes: object) -> dict[str, object]:
    data: dict[str, object] = {
        "id": entry_id,
        "name": "Original",
        "flags": 0,
        "lifecycle": 3,
        "state": ["LISTED"],
        "listed": True,
        "animated": False,
        "host": {
            "url": f"//cdn.7tv.app/emote/{entry_id}",
            "files": [{"name": "1x.avif"}, {"name": "1x.webp"}, {"name": "2x.webp"}],
        },
    }
    data.update(changes)
    return {"id": entry_id, "name": name, "flags": 0, "timestamp": 1, "data": data}


SEVENTV_EMOTES: list[dict[str, object]] = [
    seventv_entry("EZ", "01GB4CK0"),
    {**seventv_entry("RainTime", "01FCY771", flags=256, animated=True), "flags": 1},
    seventv_entry("Unlisted", "01A", listed=False),
    seventv_entry("NotHere", "01B", flags=1 << 24),
    seventv_entry("NoFiles", "01C", host={"url": "//cdn.7tv.app/emote/01C", "files": []}),
    {"id": "01D", "name": "Gone", "flags": 0, "data": None},
]
SEVENTV_SET = msgspec.json.encode({"id": "1", "name": "Global", "emotes": SEVENTV_EMOTES})
SEVENTV_USER = msgspec.json.encode(
    {"id": "1001", "platform": "TWITCH", "emote_set": {"emotes": SEVENTV_EMOTES[:1]}, "user": {}}
)


def emote(provider: str, emote_id: str, url: str, **flags: bool) -> Emote:
    return Emote(provider=provider, id=emote_id, url=f"https://{url}", **flags)


def test_betterttv_global() -> None:
    cdn = "cdn.betterttv.net/emote"
    tf, snow, scared = (
        "54fa8f1401e468494b85b537",
        "567b5b520e984428652809b6",
        "56e9f494fff3cc5c35e5287e",
    )
    assert BTTV.read_global(BTTV_GLOBAL) == {
        ":tf:": emote("bttv", tf, f"{cdn}/{tf}/2x"),
        "SoSnowy": emote("bttv", snow, f"{cdn}/{snow}/2x", is_overlay=True),
        "monkaS": emote("bttv", scared, f"{cdn}/{scared}/2x", animated=True),
    }


def test_betterttv_channel_has_its_own_and_shared_ones() -> None:
    emotes = BTTV.read_channel(BTTV_CHANNEL)
    assert {name: each.animated for name, each in emotes.items()} == {
        "catJAM": True,
        "SoSnowy": False,
    }
    assert not emotes["SoSnowy"].is_overlay, "only the global one of that name is an overlay"


def test_frankerfacez_global_takes_only_the_sets_of_everybody() -> None:
    url = "cdn.frankerfacez.com/emote/28136/2"
    assert FFZ.read_global(FFZ_GLOBAL) == {"ZreknarF": emote("ffz", "28136", url)}


def test_frankerfacez_room() -> None:
    cdn = "cdn.frankerfacez.com/emote"
    assert FFZ.read_channel(FFZ_ROOM) == {
        "LULW": emote("ffz", "139407", f"{cdn}/139407/1"),
        "Jammies": emote("ffz", "720510", f"{cdn}/720510/animated/2", animated=True),
        "Hat": emote("ffz", "711", f"{cdn}/711/1", is_overlay=True),
    }


def test_seventv_global_leaves_out_what_its_moderators_took_away() -> None:
    cdn = "cdn.7tv.app/emote"
    assert SEVENTV.read_global(SEVENTV_SET) == {
        "EZ": emote("seventv", "01GB4CK0", f"{cdn}/01GB4CK0/2x.webp"),
        "RainTime": emote(
            "seventv", "01FCY771", f"{cdn}/01FCY771/2x.webp", animated=True, is_overlay=True
        ),
    }


def test_seventv_channel() -> None:
    assert list(SEVENTV.read_channel(SEVENTV_USER)) == ["EZ"]
    assert SEVENTV.read_channel(b'{"id":"1001","emote_set":null}') == {}


@pytest.mark.parametrize(
    ("source", "platform", "address"),
    [
        (BTTV, "twitch", "https://api.betterttv.net/3/cached/users/twitch/7"),
        (BTTV, "youtube", "https://api.betterttv.net/3/cached/users/youtube/7"),
        (FFZ, "twitch", "https://api.frankerfacez.com/v1/room/id/7"),
        (FFZ, "youtube", "https://api.frankerfacez.com/v1/room/yt/7"),
        (FFZ, "elsewhere", None),
        (SEVENTV, "twitch", "https://7tv.io/v3/users/twitch/7"),
        (SEVENTV, "youtube", "https://7tv.io/v3/users/youtube/7"),
    ],
)
def test_where_a_channels_emotes_are(
    source: EmoteSource, platform: str, address: str | None
) -> None:
    assert source.channel_address(platform, "7") == address


def test_where_global_emotes_are() -> None:
    assert [source.global_address for source in ALL] == [
        "https://api.frankerfacez.com/v1/set/global",
        "https://api.betterttv.net/3/cached/emotes/global",
        "https://7tv.io/v3/emote-sets/global",
    ]


def test_the_environment_names_other_servers() -> None:
    sources = emote_sources(service_urls({"STREAMCORE_BTTV_API_URL": "http://127.0.0.1:9/x/"}))
    assert [source.global_address for source in sources] == [
        "https://api.frankerfacez.com/v1/set/global",
        "http://127.0.0.1:9/x/cached/emotes/global",
        "https://7tv.io/v3/emote-sets/global",
    ]


DEEP = b'{"a":' * 100_000
NESTED = (b"[" + DEEP, b'{"emotes":[' + DEEP, b'{"emote_set":' + DEEP, b'{"sets":{"5":' + DEEP)


@SOURCES
@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"7", b'"x"', b"\xff\xfe", b'{"sets":{"a":[', *NESTED]
)
def test_an_answer_that_is_none_is_an_error(source: EmoteSource, answer: bytes) -> None:
    for read in (source.read_global, source.read_channel):
        with pytest.raises(SourceError):
            read(answer)


HOSTILE_ADDRESSES = [
    "http://cdn.7tv.app/emote/1",
    "https://evil.example/emote/1",
    "https://cdn.7tv.app.evil.example/emote/1",
    "https://cdn.7tv.app@evil.example/emote/1",
    "https://cdn.7tv.app:8443/emote/1",
    "//evil.example/emote/1",
    "javascript:alert(1)",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "",
    "https://cdn.7tv.app",
    "https://cdn.7tv.app/",
    'https://cdn.7tv.app/emote/1"onerror="x',
    "https://cdn.7tv.app/emote/1?x=1",
    "https://cdn.7tv.app/emote/1#x",
    "https://cdn.7tv.app/emote/\u202e1",
    "https://cdn.7tv.app/emote/1\n2",
    "https://cdn.7tv.app\\@evil.example/1",
    "https://cdn.7tv.app/" + "a" * 300,
]


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_only_https_at_the_services_own_host_is_a_picture(address: str) -> None:
    assert picture(address, "cdn.7tv.app") is None


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES[:10])
def test_an_emote_with_a_hostile_address_is_left_out(address: str) -> None:
    host = {"url": address, "files": [{"name": "2x.webp"}]}
    entries = [seventv_entry("Bad", "1", host=host), seventv_entry("EZ", "2")]
    assert list(SEVENTV.read_global(msgspec.json.encode({"emotes": entries}))) == ["EZ"]
    good = {"id": 2, "name": "LULW", "urls": {"1": "//cdn.frankerfacez.com/emote/2/1"}}
    emoticons = [{"id": 1, "name": "Bad", "urls": {"1": address}}, good]
    room = msgspec.json.encode({"sets": {"5": {"emoticons": emoticons}}})
    assert list(FFZ.read_channel(room)) == ["LULW"]


@pytest.mark.parametrize(
    "emote_id", ["../../x", "a/b", "a?b", "", "\u0661", "a b", "a%2fb", "a" * 100]
)
def test_an_id_cannot_lead_an_address_elsewhere(emote_id: str) -> None:
    assert not is_sound("Bad", emote_id)
    items = [{"id": emote_id, "code": "Bad"}, {"id": "5d", "code": "Good"}]
    assert list(BTTV.read_global(msgspec.json.encode(items))) == ["Good"]
    entries = [{**seventv_entry("Bad", "1"), "id": emote_id}, seventv_entry("Good", "2")]
    assert list(SEVENTV.read_global(msgspec.json.encode({"emotes": entries}))) == ["Good"]


@pytest.mark.parametrize("name", ["", "two words", " a", "a\n", "a\x00", "x" * 101, "\u202e"])
def test_what_cannot_be_a_word_is_no_name(name: str) -> None:
    assert not is_sound(name, "5c")
    items = [{"id": "5c", "code": name}, {"id": "5d", "code": "Good"}]
    assert list(BTTV.read_global(msgspec.json.encode(items))) == ["Good"]


@pytest.mark.parametrize(
    "item", [None, 7, "x", [], {}, {"id": None, "code": "A"}, {"id": "5c", "code": ["A"]}]
)
def test_a_broken_item_costs_only_itself(item: object) -> None:
    items = [item, {"id": "5d", "code": "Good"}]
    assert list(BTTV.read_global(msgspec.json.encode(items))) == ["Good"]
    entries = [item, seventv_entry("EZ", "2")]
    assert list(SEVENTV.read_global(msgspec.json.encode({"emotes": entries}))) == ["EZ"]


def test_a_list_of_any_length_is_cut() -> None:
    items = [{"id": f"{n:x}", "code": f"e{n}"} for n in range(MAX_EMOTES + 50)]
    assert len(BTTV.read_global(msgspec.json.encode(items))) == MAX_EMOTES


KEYS = st.sampled_from(
    [
        *("id", "code", "imageType", "animated", "modifier", "channelEmotes", "sharedEmotes"),
        *("sets", "default_sets", "emoticons", "name", "urls", "modifier_flags", "1", "2", "3"),
        *("emote_set", "emotes", "data", "flags", "host", "url", "files", "listed"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**4000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["EZ", "2x.webp", "//cdn.7tv.app/emote/1", *HOSTILE_ADDRESSES])
)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)
HOSTS = ("cdn.betterttv.net", "cdn.frankerfacez.com", "cdn.7tv.app")


@SOURCES
@settings(max_examples=40)
@given(answer=ANSWERS | st.just(["\ud800"]))
def test_whatever_a_service_answers_only_sound_emotes_come_out(
    source: EmoteSource, answer: object
) -> None:
    raw = json.dumps(answer).encode()
    for read in (source.read_global, source.read_channel):
        try:
            emotes = read(raw)
        except SourceError:
            continue
        for name, found in emotes.items():
            assert is_sound(name, found.id)
            assert found.provider == source.id
            assert picture(found.url, *HOSTS) == found.url


@SOURCES
@settings(max_examples=40)
@given(data=st.data())
def test_a_list_with_any_items_gives_up_none_of_the_good_ones(
    source: EmoteSource, data: st.DataObject
) -> None:
    items: list[object] = list(data.draw(st.lists(ANSWERS, max_size=4)))
    at = data.draw(st.integers(0, len(items)))
    good = {
        "bttv": {"id": "5d", "code": "Good"},
        "ffz": {"id": 2, "name": "Good", "urls": {"1": "//cdn.frankerfacez.com/emote/2/1"}},
        "seventv": seventv_entry("Good", "2"),
    }[source.id]
    items.insert(at, good)
    answer = {
        "bttv": items,
        "ffz": {"default_sets": [3], "sets": {"3": {"emoticons": items}}},
        "seventv": {"emotes": items},
    }[source.id]
    assert "Good" in source.read_global(json.dumps(answer).encode())
