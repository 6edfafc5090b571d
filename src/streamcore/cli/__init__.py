"""The command line: `main.py [flags]` runs the app, sub-commands do one thing and end."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

__all__ = ["main"]

INTERRUPTED = 130
"""What a shell expects of a command that was ended with Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 well, 2 with a sentence on stderr."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["--module-host"]:
        # The packaged binary starts itself to run a module: see `docs/architecture.md`.
        from streamcore.cli.module_host import run_module_host

        return run_module_host()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A Windows console that knows no ✓ must not turn a finding into a traceback.
            stream.reconfigure(errors="replace")
    from streamcore.cli.flags import parser

    return _run(parser().parse_args(arguments))


def _run(flags: argparse.Namespace) -> int:
    # Like what the commands need, imported late: none pays for the others.
    from streamcore.core.errors import StreamCoreError

    try:
        return _dispatch(flags)
    except StreamCoreError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 2


def _dispatch(flags: argparse.Namespace) -> int:
    match flags.command:
        case None:
            from streamcore.cli.run import run

            return run(flags)
        case "open":
            from streamcore.cli.instance import open_dashboard

            return open_dashboard(flags)
        case "stop":
            from streamcore.cli.instance import stop

            return stop(flags)
        case "doctor":
            from streamcore.cli.doctor import doctor

            return doctor(flags)
        case "module":
            from streamcore.cli.module import run_module_command

            return run_module_command(flags)
        case "events":
            from streamcore.cli.events import run_events_command

            return run_events_command(flags)
        case "backup":
            from streamcore.cli.backup import backup

            return backup(flags)
        case _:
            from streamcore.cli.restore import restore

            return restore(flags)
