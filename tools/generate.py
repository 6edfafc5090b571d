"""Make every generated file from the types of the code, or say which of them is stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.emit.answers import answer_types
from tools.emit.jsonschema import as_text, manifest_schema, protocol_schema
from tools.emit.openapi import openapi_document
from tools.emit.reference import reference
from tools.emit.shapes import collect
from tools.emit.typescript import typescript

__all__ = ["generated_files", "main", "stale_files"]

ROOT = Path(__file__).resolve().parents[1]


def generated_files() -> dict[str, str]:
    """Return the text of every generated file by its path from the root."""
    shapes = collect(answer_types())
    return {
        "docs/protocol.md": reference(shapes),
        "schemas/manifest.schema.json": as_text(manifest_schema()),
        "schemas/openapi.json": as_text(openapi_document()),
        "schemas/protocol.schema.json": as_text(protocol_schema(shapes)),
        "src/frontend/src/protocol/schema.gen.ts": typescript(shapes),
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with `--check` compare them."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name stale files")
    options = parser.parse_args(arguments)
    stale = stale_files(ROOT, generated_files())
    for name, text in stale.items():
        if options.check:
            print(f"stale: {name}")
        else:
            _write(ROOT / name, text)
            print(f"made: {name}")
    if options.check and stale:
        print("The protocol's types moved on. Run `python dev.py generate` and commit the result.")
        return 1
    return 0


def stale_files(root: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return those of the wanted files that are missing below `root` or have another text."""
    return {name: text for name, text in wanted.items() if _read(root / name) != text}


def _read(path: Path) -> str | None:
    # Bytes, so that a checkout with other line ends is found stale on every system alike.
    return path.read_bytes().decode() if path.is_file() else None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


if __name__ == "__main__":
    sys.exit(main())
