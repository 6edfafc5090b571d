"""What Twitch's lists of badges and cheermotes mean, and what of them is left out."""

from __future__ import annotations

import msgspec
import pytest

from streamcore.core.integrations.twitch.pictures.badges import (
    Badges,
    BadgeSets,
    read_badges,
    with_pictures,
)
from streamcore.core.integrations.twitch.pictures.cheermotes import (
    CheermoteList,
    Cheermotes,
    read_cheermotes,
    with_cheermotes,
)
from streamcore.protocol.objects import Badge, Fragment, FragmentKind
from tests.fakes.twitch.helix.pictures import badge_set, cheermote


def badges(*sets: object) -> Badges:
    answer = msgspec.json.decode(msgspec.json.encode({"data": sets}), type=BadgeSets)
    return read_badges(answer)


def cheermotes(*items: object) -> Cheermotes:
    answer = msgspec.json.decode(msgspec.json.encode({"data": items}), type=CheermoteList)
    return read_cheermotes(answer)


def cheer(text: str, bits: int) -> Fragment:
    return Fragment(kind=FragmentKind.CHEERMOTE, text=text, bits=bits)


def test_a_badge_has_its_title_and_its_picture_of_double_size() -> None:
    known = badges(badge_set("bits", _1="cheer 1", _100="cheer 100"))
    url = "https://static-cdn.jtvnw.net/badges/v1/bits-100/2"
    assert known["bits", "100"] == Badge(set="bits", id="100", title="cheer 100", image_url=url)


def test_an_unknown_badge_stays_as_it_is() -> None:
    strange = Badge(set="new-one", id="7")
    shown = with_pictures((strange, Badge(set="vip", id="1")), badges(badge_set("vip", _1="VIP")))
    assert shown[0] == strange
    assert shown[1].title == "VIP"


def version(**changes: object) -> dict[str, object]:
    url = "https://static-cdn.jtvnw.net/badges/v1/x/2"
    return {"id": "1", "title": "VIP", "image_url_2x": url, **changes}


@pytest.mark.parametrize(
    ("broken", "title", "has_picture"),
    [
        (version(), "VIP", True),
        (version(title=None), "", True),
        (version(image_url_2x=None), "VIP", False),
        (version(image_url_2x="http://static-cdn.jtvnw.net/badges/v1/x/2"), "VIP", False),
        (version(image_url_2x="https://evil.example/x"), "VIP", False),
        (version(image_url_2x=None, image_url_1x="https://static-cdn.jtvnw.net/1"), "VIP", True),
        (version(title="x" * 10_000), "x" * 200, True),
        (version(click_url=7, later={"new": []}), "VIP", True),
    ],
)
def test_what_a_badge_may_lack(broken: object, title: str, has_picture: bool) -> None:
    badge = badges({"set_id": "vip", "versions": [broken]})["vip", "1"]
    assert badge.title == title
    assert (badge.image_url is not None) is has_picture


@pytest.mark.parametrize(
    "broken",
    [None, 7, [], {}, {"set_id": 7}, {"set_id": "a", "versions": 7}, {"set_id": "a"}]
    + [{"set_id": "a", "versions": [each]} for each in (None, 7, {}, {"id": None}, {"title": "x"})],
)
def test_a_broken_badge_costs_only_itself(broken: object) -> None:
    assert set(badges(broken, badge_set("vip", _1="VIP"))) == {("vip", "1")}


@pytest.mark.parametrize(
    ("text", "bits", "tier"),
    [
        ("Cheer1", 1, "1"),
        ("Cheer99", 99, "1"),
        ("Cheer100", 100, "100"),
        ("cheer4999", 4999, "1000"),
        ("CHEER100000", 100_000, "10000"),
        ("bits22", 2, "1"),
    ],
)
def test_a_cheermote_shows_the_picture_of_its_tier(text: str, bits: int, tier: str) -> None:
    known = cheermotes(cheermote("Cheer", 10000, 1, 1000, 100), cheermote("Bits2", 1))
    (shown,) = with_cheermotes((cheer(text, bits),), known)
    assert shown.emote is not None
    prefix = text.removesuffix(str(bits)).lower()
    assert shown.emote.url == (
        f"https://d3aqoihi2n8ty8.cloudfront.net/actions/{prefix}/dark/animated/{tier}/2.gif"
    )
    assert (shown.emote.provider, shown.emote.animated) == ("twitch", True)
    assert (shown.text, shown.bits) == (text, bits)


@pytest.mark.parametrize(("text", "bits"), [("Other100", 100), ("Cheer0", 0), ("Cheer", 5)])
def test_a_cheermote_without_a_picture_stays_text(text: str, bits: int) -> None:
    known = cheermotes(cheermote("Cheer", 1), cheermote("Che", 1))
    fragments = (cheer(text, bits),)
    if text == "Cheer":
        # Twitch's text and number differ: the text alone says which one it is.
        assert with_cheermotes(fragments, known)[0].emote is not None
    else:
        assert with_cheermotes(fragments, known) == fragments


def test_without_cheermotes_the_same_fragments_come_back() -> None:
    plain = (Fragment(kind=FragmentKind.TEXT, text="Cheer100"),)
    assert with_cheermotes(plain, cheermotes(cheermote("Cheer", 1))) is plain


@pytest.mark.parametrize(
    "tier",
    [
        None,
        {},
        {"min_bits": 1},
        {"min_bits": 1, "images": {"dark": None}},
        {"min_bits": 1, "images": {"dark": {"animated": {"2": "http://x/y"}}}},
        {"min_bits": 1, "images": {"dark": {"animated": {"2": "https://evil.example/y"}}}},
    ],
)
def test_a_broken_tier_costs_only_itself(tier: object) -> None:
    good = cheermote("Cheer", 5)["tiers"]
    assert isinstance(good, list)
    known = cheermotes({"prefix": "Cheer", "tiers": [tier, *good]}, None, {"prefix": None})
    assert [min_bits for min_bits, _ in known["cheer"]] == [5]


def test_a_still_picture_is_taken_where_none_moves() -> None:
    url = "https://static-cdn.jtvnw.net/bits/dark/static/gray/2"
    tiers = [{"min_bits": 1, "images": {"dark": {"static": {"2": url}}}}]
    ((_, emote),) = cheermotes({"prefix": "Cheer", "tiers": tiers})["cheer"]
    assert (emote.url, emote.animated) == (url, False)
