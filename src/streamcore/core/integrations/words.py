"""A text that the streamer reads, in every language of the app."""

from __future__ import annotations

import msgspec

__all__ = ["Words"]


class Words(msgspec.Struct, frozen=True):
    """One text in English and in Russian; no text at all counts as false."""

    en: str = ""
    ru: str = ""

    def __bool__(self) -> bool:
        return bool(self.en)
