"""What a rule is given to judge: the folder and the manifest as it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from streamcore.bundle.problems import Problem, Severity
from streamcore.bundle.tree import Tree

__all__ = ["MANIFEST", "Facts", "Rule"]

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Facts:
    """One module folder; `manifest` is plain JSON, nothing of it has been checked yet."""

    folder_name: str
    tree: Tree
    manifest: Mapping[str, object]

    def error(self, path: str, expected: str, found: str, hint: str = "") -> Problem:
        """Return a problem in the manifest that keeps the module from running."""
        return Problem(file=MANIFEST, path=path, expected=expected, found=found, hint=hint)

    def warning(self, path: str, expected: str, found: str, hint: str = "") -> Problem:
        """Return a problem in the manifest that is only shown."""
        return Problem(
            file=MANIFEST,
            path=path,
            expected=expected,
            found=found,
            severity=Severity.WARNING,
            hint=hint,
        )


Rule = Callable[[Facts], Iterable[Problem]]
"""One thing that must hold; yields a problem for each place where it does not."""
