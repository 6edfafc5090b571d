"""Emotes are found as whole words, and a message's text is never changed by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamcore.core.integrations.emotes.words import with_emotes
from streamcore.protocol.objects import Emote, Fragment, FragmentKind


def an_emote(name: str) -> Fragment:
    emote = Emote(provider="bttv", id=name, url="https://cdn.betterttv.net/emote/1/2x")
    return Fragment(kind=FragmentKind.EMOTE, text=name, emote=emote)


def text(content: str) -> Fragment:
    return Fragment(kind=FragmentKind.TEXT, text=content)


WORDS = {name: an_emote(name) for name in ("LUL", ":tf:", "D:", "catJAM")}


@pytest.mark.parametrize(
    ("content", "pieces"),
    [
        ("LUL", ["<LUL>"]),
        ("so LUL", ["so ", "<LUL>"]),
        ("LUL so", ["<LUL>", " so"]),
        ("LUL LUL", ["<LUL>", " ", "<LUL>"]),
        ("  LUL  ", ["  ", "<LUL>", "  "]),
        ("a LUL b D: c", ["a ", "<LUL>", " b ", "<D:>", " c"]),
        ("LULLUL LUL", ["LULLUL ", "<LUL>"]),
        ("xLUL LULx LUL.", ["xLUL LULx LUL."]),
        ("lul", ["lul"]),
        ("a\tLUL\n:tf:", ["a\tLUL\n:tf:"]),
        ("  LUL   D: ", ["  ", "<LUL>", "   ", "<D:>", " "]),
        ("", [""]),
        ("   ", ["   "]),
        ("LUL \U000e0000", ["<LUL>", " \U000e0000"]),
    ],
)
def test_where_emotes_are_found(content: str, pieces: list[str]) -> None:
    found = with_emotes((text(content),), WORDS)
    assert [f"<{each.text}>" if each.emote else each.text for each in found] == pieces


def test_nothing_found_gives_the_same_fragments_back() -> None:
    plain = (text("hello there"), text("again"))
    assert with_emotes(plain, WORDS) is plain
    assert with_emotes(plain, {}) is plain


@pytest.mark.parametrize(
    "kind", [FragmentKind.EMOTE, FragmentKind.CHEERMOTE, FragmentKind.MENTION, FragmentKind.LINK]
)
def test_what_the_platform_made_of_a_word_stays(kind: FragmentKind) -> None:
    own = Fragment(kind=kind, text="LUL")
    found = with_emotes((own, text(" LUL "), own), WORDS)
    assert found == (own, text(" "), WORDS["LUL"], text(" "), own)


names = st.text(min_size=1, max_size=4).filter(lambda name: name.split() == [name])
gaps = st.text(max_size=6) | st.sampled_from([" ", "a", "\t", "\u2028", "\x1c", "\u3000", "  "])


@st.composite
def messages(draw: st.DrawFn) -> tuple[set[str], tuple[Fragment, ...]]:
    """Draw known names, and fragments whose texts are full of them."""
    known = draw(st.sets(names, max_size=6))
    parts = gaps | st.sampled_from(sorted(known)) if known else gaps
    texts = st.lists(parts, max_size=8).map("".join)
    piece = st.builds(Fragment, kind=st.sampled_from(FragmentKind), text=texts)
    return known, tuple(draw(st.lists(piece, max_size=5)))


@given(messages())
def test_the_joined_text_is_always_the_messages_text(
    drawn: tuple[set[str], tuple[Fragment, ...]],
) -> None:
    known, fragments = drawn
    words = {name: an_emote(name) for name in known}
    found = with_emotes(fragments, words)
    assert "".join(each.text for each in found) == "".join(each.text for each in fragments)
    left = [
        word for each in found if each.kind is FragmentKind.TEXT for word in each.text.split(" ")
    ]
    assert known.isdisjoint(left), "no emote is overlooked"
    assert all(each in words.values() for each in found if each.emote is not None)
    assert with_emotes(found, words) == found
