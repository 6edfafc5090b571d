"""The digest of a module's whole content, which the streamer's consent is bound to."""

from __future__ import annotations

import hashlib
import os

from streamcore.bundle.tree import Kind, Tree

__all__ = ["digest"]

_CHUNK = 2**20


def digest(tree: Tree) -> str:
    """Return `sha256:…` over every name and content, in the order of the names.

    Each part is preceded by its length, so that no two folders can look alike by where a name
    ends and a content begins. An `OSError` when a file cannot be read.
    """
    whole = hashlib.sha256()
    for entry in tree.entries:
        content = _file(tree, entry.path) if entry.kind is Kind.FILE else entry.detail.encode()
        for part in (os.fsencode(entry.path), entry.kind.encode(), content):
            whole.update(len(part).to_bytes(8, "big"))
            whole.update(part)
    return f"sha256:{whole.hexdigest()}"


def _file(tree: Tree, path: str) -> bytes:
    content = hashlib.sha256()
    with (tree.root / path).open("rb") as file:
        while chunk := file.read(_CHUNK):
            content.update(chunk)
    return content.digest()
