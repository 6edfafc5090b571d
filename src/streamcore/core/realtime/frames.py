"""Cuts a client's usual frames out of the bytes; every other frame is left to the library."""

from __future__ import annotations

from collections.abc import Callable

try:
    from websockets.speedups import apply_mask
except ImportError:  # an installation without a compiler's help
    from websockets.utils import apply_mask

__all__ = ["FrameCutter"]

_FINAL, _CONTROL = 0x80, 0x08
_FINAL_TEXT = 0x81
_LONGEST_SHORT = 125
_USUAL = frozenset((0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x89, 0x8A))
"""Parts and whole messages, ping and pong; after a goodbye (0x88) the stream does not go on."""


class FrameCutter:
    """Finds whole text messages in one masked frame; they are nearly everything that comes.

    The library's parser costs more than all the rest that is done for a command. It still judges
    whatever is unusual: fragments, binary and control frames byte by byte as they come, and from
    the first frame that is broken, too large or a goodbye it gets all that follows.
    """

    __slots__ = (
        "_is_fragmented",
        "_is_theirs",
        "_max_bytes",
        "_need",
        "_others",
        "_rest",
        "_to_pass",
    )

    def __init__(self, max_bytes: int, others: Callable[[bytes], None]) -> None:
        self._max_bytes = max_bytes
        self._others = others
        self._rest = bytearray()
        self._need = 0
        """How many bytes must lie in `_rest` before it is worth a look."""
        self._to_pass = 0
        """What is still to come of a frame that is the library's."""
        self._is_fragmented = False
        self._is_theirs = False
        """Whether all that follows is the library's."""

    def feed(self, data: bytes, take: Callable[[bytes], None], is_over: Callable[[], bool]) -> None:
        """Hand every whole text message to `take` and the rest to the library, in their order."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._need:
                return
            data = bytes(self._rest)
            self._rest.clear()
        position, end = 0, len(data)
        while position < end and not is_over():
            if self._is_theirs:
                self._others(data[position:])
                return
            if self._to_pass:
                part = data[position : position + self._to_pass]
                position += len(part)
                self._to_pass -= len(part)
                self._others(part)
                continue
            left = end - position
            if left < 2:
                self._keep(data[position:], 2)
                return
            # Without the mask's bit this is negative.
            first, size, head = data[position], data[position + 1] - 0x80, 2
            if first not in _USUAL or size < 0 or (size > _LONGEST_SHORT and first & _CONTROL):
                self._is_theirs = True
                continue
            if size > _LONGEST_SHORT:
                head = 4 if size == 126 else 10
                if left < head:
                    self._keep(data[position:], head)
                    return
                size = int.from_bytes(data[position + 2 : position + head], "big")
                if size > self._max_bytes:
                    self._is_theirs = True
                    continue
            whole = head + 4 + size
            if first != _FINAL_TEXT or self._is_fragmented:
                self._to_pass = whole
                if not first & _CONTROL:
                    self._is_fragmented = not first & _FINAL
            elif left < whole:
                self._keep(data[position:], whole)
                return
            else:
                start = position + head + 4
                position += whole
                take(apply_mask(data[start:position], data[start - 4 : start]))

    def _keep(self, rest: bytes, need: int) -> None:
        self._rest += rest
        self._need = need
