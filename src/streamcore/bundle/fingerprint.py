"""A cheap mark of a folder's state, to notice that something has changed."""

from __future__ import annotations

from pathlib import Path

from streamcore.bundle.tree import read_tree

__all__ = ["fingerprint"]


def fingerprint(folder: Path) -> object:
    """Return a value that differs when anything in the folder was written, added or removed.

    It only looks at names, sizes and times; whether the content differs is the digest's to say.
    """
    tree = read_tree(folder)
    return (str(tree.root), tree.truncated, tree.entries)
