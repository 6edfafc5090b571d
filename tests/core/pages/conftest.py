"""A module with pages on disk, a built dashboard, and a client before both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from streamcore.core.pages.pages import Pages
from streamcore.protocol.manifest import Manifest, View

HOST = "127.0.0.1:8080"
DIGEST = "sha256:abc"


class OneModule:
    """`bot` is approved and has files; nothing else is there."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = dict(files)
        self.views: tuple[View, ...] = (
            View(id="main", path="main.html"),
            View(id="gone", path="gone.html"),
        )

    def manifest(self, module_id: str) -> Manifest | None:
        if module_id != "bot":
            return None
        return Manifest(
            id="bot",
            name='<b>"Bot"',
            version="1.0.0",
            requirements=(),
            permissions=(),
            views=self.views,
        )

    def digest(self, module_id: str) -> str:
        return DIGEST

    def file(self, module_id: str, path: str) -> Path | None:
        return self.files.get(path) if module_id == "bot" else None


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "dist"
    (folder / "img").mkdir(parents=True)
    (folder / "main.html").write_text("<!doctype html><title>main</title>", encoding="utf-8")
    (folder / "app.js").write_text("export {};", encoding="utf-8")
    (folder / "img" / "a.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "song.mp3").write_bytes(bytes(range(256)) * 4096)
    (folder / "page.xhtml").write_text("<html/>", encoding="utf-8")
    return folder


@pytest.fixture
def module(dist: Path) -> OneModule:
    files = [path for path in dist.rglob("*") if path.is_file()]
    return OneModule({path.relative_to(dist).as_posix(): path for path in files})


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "static_dist"
    for name, text in {
        "index.html": "<!doctype html><title>dashboard</title>",
        "favicon.svg": "<svg/>",
        "assets/app-1a2b3c4d.js": "export {};",
        "assets/mark.svg": "<svg/>",
        "sdk/v1/streamcore.js": "export const connect = 1;",
        "overlay/wrapper.js": "export {};",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
async def http(module: OneModule, static_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Pages(module, static_dir))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        yield client
