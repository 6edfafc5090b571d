"""The app's own log and the modules' logs: redacted, bounded, never in the loop's way."""

from __future__ import annotations

from streamcore.core.logs.core_log import LogHandle, configure_logging
from streamcore.core.logs.module_logs import LogLine, ModuleLogs
from streamcore.core.logs.redaction import redact, register_secret

__all__ = [
    "LogHandle",
    "LogLine",
    "ModuleLogs",
    "configure_logging",
    "redact",
    "register_secret",
]
