"""The command line: `main.py [flags]` runs the app, sub-commands do one thing and end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from streamcore import __version__

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 well, 2 with a sentence on stderr."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["--module-host"]:
        # The packaged binary starts itself to run a module: see `docs/architecture.md`.
        from streamcore.cli.module_host import run_module_host

        return run_module_host()
    flags = _parser().parse_args(arguments)
    # What a command needs is imported when it runs, so that none pays for the others.
    match flags.command:
        case None:
            from streamcore.cli.run import run

            return run(flags)
        case "open" | "stop" | "doctor":
            from streamcore.cli import instance

            return {
                "open": instance.open_dashboard,
                "stop": instance.stop,
                "doctor": instance.doctor,
            }[flags.command](flags)
        case "module":
            from streamcore.cli.module import run_module_command

            return run_module_command(flags)
        case "events":
            from streamcore.cli.events import run_events_command

            return run_events_command(flags)
        case _:
            from streamcore.cli.backup import backup, restore

            return backup(flags) if flags.command == "backup" else restore(flags)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="streamcore", description="A local hub for streamers. Without a command: run it."
    )
    parser.add_argument("--version", action="version", version=f"StreamCore {__version__}")
    parser.add_argument("--home", type=Path, help="folder for all data of StreamCore")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080, 0 = any free)")
    parser.add_argument("--demo", action="store_true", help="play an invented stream")
    parser.add_argument("--no-browser", action="store_true", help="do not open the dashboard")
    parser.add_argument("--log-level", choices=["debug", "info", "warning", "error"])
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("open", help="open the dashboard of the running StreamCore")
    commands.add_parser("stop", help="end the running StreamCore")
    commands.add_parser("doctor", help="look at what StreamCore stands on and say what is wrong")
    _add_module_commands(commands.add_parser("module", help="make and check modules"))
    _add_events_commands(commands.add_parser("events", help="take events out and bring them back"))
    backup = commands.add_parser("backup", help="copy all data into one file")
    backup.add_argument("file", type=Path, nargs="?", help="default: a new file in home/backups")
    restore = commands.add_parser("restore", help="bring a backup back (StreamCore must not run)")
    restore.add_argument("file", type=Path)
    return parser


def _add_module_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="module_command", required=True, metavar="command")
    new = commands.add_parser("new", help="write a new module that works")
    new.add_argument("id", help="small letters, digits and _, for example my_bot")
    new.add_argument("--name", help="shown to the streamer (default: made of the id)")
    check = commands.add_parser("check", help="list every problem of a module's folder")
    check.add_argument("folder", type=Path)
    pack = commands.add_parser("pack", help="make a zip to give to others")
    pack.add_argument("folder", type=Path)
    pack.add_argument("--out", type=Path, help="the zip to write (default: <id>-<version>.zip)")
    commands.add_parser("list", help="list the modules and their states")
    dev = commands.add_parser("dev", help="try a module in the running StreamCore as you write it")
    dev.add_argument("folder", type=Path)


def _add_events_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="events_command", required=True, metavar="command")
    export = commands.add_parser("export", help="write the log as JSON lines")
    export.add_argument("file", type=Path)
    importer = commands.add_parser("import", help="add events of an export to the log")
    importer.add_argument("file", type=Path)
    replay = commands.add_parser("replay", help="play an export into the running StreamCore")
    replay.add_argument("file", type=Path)
    replay.add_argument("--speed", type=float, default=1.0, help="1 to 50 times as fast")
