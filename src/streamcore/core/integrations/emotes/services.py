"""The services that the app knows: cheap to import, since they are options from the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["BTTV", "FFZ", "SERVICES", "SEVENTV", "Service", "service_urls"]


class Service(NamedTuple):
    """`id` is its name in `Emote.provider`, and the option's; `name` is what streamers call it."""

    id: str
    name: str
    variable: str
    default_url: str


BTTV = Service("bttv", "BetterTTV", "STREAMCORE_BTTV_API_URL", "https://api.betterttv.net/3")
FFZ = Service("ffz", "FrankerFaceZ", "STREAMCORE_FFZ_API_URL", "https://api.frankerfacez.com/v1")
SEVENTV = Service("seventv", "7TV", "STREAMCORE_SEVENTV_API_URL", "https://7tv.io/v3")

SERVICES = (FFZ, BTTV, SEVENTV)
"""Where two have an emote of the same name, the earlier one counts.

The order is that in which chat clients of many viewers look, so that the overlay shows what the
viewers see.
"""


def service_urls(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where each service's API is, by its id; the environment can name other servers."""
    return {
        service.id: environ.get(service.variable, service.default_url).rstrip("/")
        for service in SERVICES
    }
