"""`self.settings`: what the streamer chose in the dashboard, always the newest values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["Settings"]


class Settings(Mapping[str, object]):
    """A live view of the module's settings, already checked against the manifest's schema."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def __getitem__(self, key: str) -> object:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Settings may hold what the manifest calls a secret, and logs are read by people.
        return f"<Settings {sorted(self._values)}>"

    def replace(self, values: Mapping[str, object]) -> None:
        """Take new values; only the runtime calls this."""
        self._values = dict(values)
