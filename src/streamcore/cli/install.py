"""`module install`: brings a packed module, or a folder, into the home's modules."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec

from streamcore.bundle import read_bundle
from streamcore.cli.check import sentence
from streamcore.cli.safe_unzip import UnzipError, open_zip, unzip
from streamcore.core.config import Home
from streamcore.core.errors import StartError
from streamcore.core.modules.trash import move_to_trash

__all__ = ["TRASH", "copy_module", "install"]

MAX_FILES = 5_000
MAX_BYTES = 256 << 20
MANIFEST = "manifest.json"
TRASH = "trash"
UNNAMED = "module"


class _Named(msgspec.Struct):
    id: str


def install(home: Home, file: Path) -> int:
    """Put the module in place when it is in order; a former one goes to the trash."""
    home.prepare()
    if not file.exists():
        raise StartError(f"{file}: expected the zip or the folder of a module; there is none.")
    with tempfile.TemporaryDirectory(dir=home.root, prefix=".install-") as temporary:
        fresh = Path(temporary) / "new-module"
        if file.is_dir():
            copy_module(file.resolve(), fresh)
        else:
            fresh.mkdir()
            _unzip(file, fresh)
        module = _top(fresh)
        named = fresh.with_name(_id_of(module))
        module.rename(named)
        bundle = read_bundle(named)
        if bundle.problems:
            found = "\n".join(f"✗ {sentence(problem)}" for problem in bundle.problems)
            raise StartError(f"{file} is no module in order, so nothing was changed:\n{found}")
        target = home.modules / bundle.id
        if target.exists():
            kept = move_to_trash(target, home.root / TRASH, bundle.id)
            print(f"The former {bundle.id} is in {kept}")
        named.rename(target)
    print(f"{bundle.id} is in {target}")
    print("Allow it on the Modules page of the dashboard.")
    return 0


def copy_module(source: Path, target: Path) -> None:
    """Copy what belongs to a module, without what tools left in its folder."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))


def _unzip(file: Path, into: Path) -> None:
    try:
        with open_zip(file) as archive:
            unzip(archive, into, belongs=lambda _: True, max_files=MAX_FILES, max_bytes=MAX_BYTES)
    except UnzipError as error:
        raise StartError(f"{file} is no module: {error}. Nothing was changed.") from error


def _top(folder: Path) -> Path:
    """Return the folder with the module: many zip a folder and not what is in it."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _id_of(folder: Path) -> str:
    """Return the id that the manifest gives, as far as it can name a folder."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Named).id
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return UNNAMED  # the check says what is wrong
    return found if found.isidentifier() else UNNAMED
