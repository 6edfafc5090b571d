"""The file of an export: one event on each line, the oldest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamcore.core.errors import StartError

__all__ = ["read_lines"]


def read_lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read every event with the number of its line; StartError at the first that is none."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                fields = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise StartError(
                    f"{file}, line {number}: expected an event as JSON; found: {error}."
                ) from error
            if not isinstance(fields, dict):
                raise StartError(
                    f"{file}, line {number}: expected an event, which is a JSON object; "
                    f"found {line.decode(errors='replace').strip()[:40]!r}."
                )
            yield number, fields
