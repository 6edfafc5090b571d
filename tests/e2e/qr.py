"""Reads a drawn QR code back: enough of ISO/IEC 18004 for a perfect picture of a short text.

Written apart from the library that draws the codes, so that both would have to be wrong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["read"]

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")
_FORMAT_MASK = 0x5412
_LEVEL_M = 0
_CHECK_BYTES = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26)
"""Per block at level M, for versions 1 to 10 (table 9)."""
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5)
_END, _BYTES, _ECI = 0, 4, 7

Modules = frozenset[tuple[int, int]]


def read(path: str, size: int, *, margin: int = 4) -> str:
    """Return the text of the code that an SVG path of `M x y h n v1 h-n z` runs draws."""
    dark = frozenset(
        (int(x) + step - margin, int(y) - margin)
        for x, y, length in _RUN.findall(path)
        for step in range(int(length))
    )
    side = size - 2 * margin
    version = (side - 17) // 4
    assert side == 17 + 4 * version, f"no QR code has {side} modules a side"
    assert 1 <= version <= len(_BLOCKS), f"version {version} is larger than a login address needs"
    assert all(0 <= x < side and 0 <= y < side for x, y in dark), "the margin is not empty"
    bits = "".join(str(bit) for bit in _data_bits(dark, version, side, _mask(dark)))
    raw = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    return _text("".join(f"{byte:08b}" for byte in _in_order(raw, version)), version)


def _mask(dark: Modules) -> int:
    """Return the number of the pattern that lies over the data, and check the level."""
    places = [*((8, y) for y in range(6)), (8, 7), (8, 8), (7, 8)]
    places += [(14 - at, 8) for at in range(9, 15)]
    bits = sum(1 << at for at, place in enumerate(places) if place in dark) ^ _FORMAT_MASK
    assert bits >> 13 == _LEVEL_M, "expected error correction level M"
    return bits >> 10 & 7


def _is_turned(mask: int, x: int, y: int) -> bool:
    return [
        (x + y) % 2,
        y % 2,
        x % 3,
        (x + y) % 3,
        (x // 3 + y // 2) % 2,
        x * y % 2 + x * y % 3,
        (x * y % 2 + x * y % 3) % 2,
        ((x + y) % 2 + x * y % 3) % 2,
    ][mask] == 0


def _data_bits(dark: Modules, version: int, side: int, mask: int) -> Iterator[int]:
    """Walk up and down in columns of two, from the right, around whatever is no data."""
    fixed = _fixed(version, side)
    columns = [*range(side - 1, 6, -2), *range(5, 0, -2)]
    for number, right in enumerate(columns):
        rows = range(side) if number % 2 else range(side - 1, -1, -1)
        for y in rows:
            for x in (right, right - 1):
                if (x, y) not in fixed:
                    yield int(((x, y) in dark) != _is_turned(mask, x, y))


def _fixed(version: int, side: int) -> set[tuple[int, int]]:
    """Return the modules of the finders, the timing, the alignment, the format and the version."""
    fixed = {(at, 6) for at in range(side)} | {(6, at) for at in range(side)}
    far = range(side - 8, side)
    fixed |= {(x, y) for x in range(9) for y in range(9)}
    fixed |= {(x, y) for x in far for y in range(9)} | {(x, y) for x in range(9) for y in far}
    centres = _alignment(version, side)
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    for centre in ((x, y) for x in centres for y in centres if (x, y) not in corners):
        fixed |= {(centre[0] + x, centre[1] + y) for x in range(-2, 3) for y in range(-2, 3)}
    if version >= 7:
        block = range(side - 11, side - 8)
        fixed |= {(x, y) for x in block for y in range(6)}
        fixed |= {(x, y) for x in range(6) for y in block}
    return fixed


def _alignment(version: int, side: int) -> list[int]:
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    return [6, *(side - 7 - step * at for at in range(count - 1))]


def _in_order(raw: list[int], version: int) -> list[int]:
    """Undo the interleaving of the blocks and leave their check bytes out."""
    blocks, check = _BLOCKS[version - 1], _CHECK_BYTES[version - 1]
    short = len(raw) // blocks - check
    longer = len(raw) % blocks
    data: list[list[int]] = [[] for _ in range(blocks)]
    for at in range(short * blocks):
        data[at % blocks].append(raw[at])
    for at in range(longer):
        data[blocks - longer + at].append(raw[short * blocks + at])
    return [byte for block in data for byte in block]


def _text(bits: str, version: int) -> str:
    at, found = 0, b""

    def take(count: int) -> int:
        nonlocal at
        at += count
        return int(bits[at - count : at] or "0", 2)

    while at + 4 <= len(bits) and (mode := take(4)) != _END:
        if mode == _ECI:
            take(8)
            continue
        assert mode == _BYTES, f"expected text as bytes, found mode {mode}"
        length = take(8 if version <= 9 else 16)
        found += bytes(take(8) for _ in range(length))
    return found.decode()
