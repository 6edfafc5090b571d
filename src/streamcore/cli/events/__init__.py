"""Commands about the event log: take it out, bring it back, play it again."""

from __future__ import annotations

import argparse

__all__ = ["run_events_command"]


def run_events_command(flags: argparse.Namespace) -> int:
    """Run one `events` command and return its exit code."""
    match flags.events_command:
        case "export":
            from streamcore.cli.events.exporting import export_events

            return export_events(flags)
        case "import":
            from streamcore.cli.events.importing import import_events

            return import_events(flags)
        case _:
            from streamcore.cli.events.replaying import replay_events

            return replay_events(flags)
