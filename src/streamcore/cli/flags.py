"""Every flag and sub-command, and what `--help` says of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from streamcore import __version__

__all__ = ["parser"]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="streamcore", description="A local hub for streamers. Without a command: run it."
    )
    whole.add_argument("--version", action="version", version=f"StreamCore {__version__}")
    whole.add_argument("--home", type=Path, help="folder for all data of StreamCore")
    whole.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    whole.add_argument("--port", type=int, help="port to listen on (default 8080, 0 = any free)")
    whole.add_argument("--demo", action="store_true", help="play an invented stream")
    whole.add_argument("--no-browser", action="store_true", help="do not open the dashboard")
    whole.add_argument("--log-level", choices=["debug", "info", "warning", "error"])
    commands = whole.add_subparsers(dest="command", metavar="command")
    opening = _add(commands, "open", "open the dashboard of the running StreamCore")
    opening.add_argument("--no-browser", action="store_true", default=argparse.SUPPRESS)
    _add(commands, "stop", "end the running StreamCore")
    _add(commands, "doctor", "look at what StreamCore stands on and say what is wrong")
    _add_module_commands(commands.add_parser("module", help="make, check and bring in modules"))
    _add_events_commands(commands.add_parser("events", help="take events out and bring them back"))
    backup = _add(commands, "backup", "copy all data into one file")
    backup.add_argument("file", type=Path, nargs="?", help="default: a new file in home/backups")
    restore = _add(commands, "restore", "bring a backup back (StreamCore must not run)")
    restore.add_argument("file", type=Path)
    return whole


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, sentence: str
) -> argparse.ArgumentParser:
    """Add a command that takes `--home` behind its name too, where people look for it."""
    command = commands.add_parser(name, help=sentence)
    command.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="as without command")
    return command


def _add_module_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="module_command", required=True, metavar="command")
    new = _add(commands, "new", "write a new module that works")
    new.add_argument("id", help="small letters, digits and _, for example my_bot")
    new.add_argument("--name", help="shown to the streamer (default: made of the id)")
    check = _add(commands, "check", "list every problem of a module's folder")
    check.add_argument("folder", type=Path)
    pack = _add(commands, "pack", "make a zip to give to others")
    pack.add_argument("folder", type=Path)
    pack.add_argument("--out", type=Path, help="the zip to write (default: <id>-<version>.zip)")
    install = _add(commands, "install", "bring in a zip that `module pack` made, or a folder")
    install.add_argument("file", type=Path)
    _add(commands, "list", "list the modules of the running StreamCore and their states")
    dev = _add(commands, "dev", "try a module in the running StreamCore as you write it")
    dev.add_argument("folder", type=Path)


def _add_events_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="events_command", required=True, metavar="command")
    export = _add(commands, "export", "write the log as JSON lines")
    export.add_argument("file", type=Path)
    importer = _add(commands, "import", "add events of an export to the log")
    importer.add_argument("file", type=Path)
    replay = _add(commands, "replay", "play an export into the running StreamCore")
    replay.add_argument("file", type=Path)
    replay.add_argument("--speed", type=float, default=1.0, help="1 to 50 times as fast")
