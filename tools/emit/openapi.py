"""OpenAPI: the HTTP interface as the server describes itself."""

from __future__ import annotations

from typing import Any

from streamcore.core.server import build_openapi
from tools.emit.shapes import GENERATED, paragraphs

__all__ = ["openapi_document"]


def openapi_document() -> dict[str, Any]:
    """Return the description of the HTTP interface, the same under every Python."""
    return {"x-generated": GENERATED, **_tidied(build_openapi())}


def _tidied(node: Any) -> Any:
    """Join the lines of descriptions: newer Pythons dedent docstrings, older ones do not."""
    if isinstance(node, dict):
        return {
            key: "\n\n".join(paragraphs(value))
            if key == "description" and isinstance(value, str)
            else _tidied(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    return node
