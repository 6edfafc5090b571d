"""`module pack`: a zip of a module, the same bytes whenever its files are the same."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

from streamcore.bundle import read_bundle
from streamcore.cli.check import check
from streamcore.core.errors import StartError

__all__ = ["pack"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def pack(folder: Path, out: Path | None) -> int:
    """Check the folder and write the zip; a folder with problems is not packed."""
    code = check(folder)
    root = folder.resolve()
    manifest = read_bundle(root).manifest
    if code or manifest is None:
        return code or 2
    target = out or _beside(root, f"{manifest.id}-{manifest.version}.zip")
    if target.resolve().is_relative_to(root):
        raise StartError(
            f"{target} would be a part of the module itself. Name a file outside of {folder}."
        )
    files = _files(root)
    beside = target.with_name(target.name + ".partial")
    try:
        _write(beside, files)
        beside.replace(target)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    print(f"{target}: {len(files)} files, {target.stat().st_size:,} bytes")
    return 0


def _beside(root: Path, name: str) -> Path:
    """Return a place for the zip: here, or next to the module for one who stands in it."""
    here = Path.cwd().resolve()
    return root.parent / name if here.is_relative_to(root) else Path(name)


def _files(root: Path) -> dict[str, Path]:
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    # Tests and hidden files, which may hold keys, stay with the author; a page may have `tests`.
    return {
        name: found[name]
        for name in sorted(found)
        if not name.startswith("tests/")
        and not any(part.startswith((".", "__pycache__")) for part in name.split("/"))
    }


def _write(target: Path, files: dict[str, Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            # Names and contents alone make the zip: no times, rights or systems.
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
