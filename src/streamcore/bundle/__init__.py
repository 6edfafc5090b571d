"""A module folder on disk: read it, check it, and tell whether it changed."""

from __future__ import annotations

from streamcore.bundle.fingerprint import fingerprint
from streamcore.bundle.problems import Problem, Severity
from streamcore.bundle.read import Bundle, read_bundle

__all__ = ["Bundle", "Problem", "Severity", "fingerprint", "read_bundle"]
