"""The first pages keep their word: links lead somewhere, and the module they show really runs."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from streamcore.bundle import read_bundle
from streamcore.sdk import BaseModule
from streamcore.sdk.testing import ModuleHarness

PAGES = [
    "README.md",
    "README.ru.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/architecture.md",
]
READMES = ["README.md", "README.ru.md"]


@pytest.fixture(params=READMES)
def module_folder(request: pytest.FixtureRequest, checkout_root: Path, tmp_path: Path) -> Path:
    """The module of a first page, written out the way a reader would."""
    page = (checkout_root / str(request.param)).read_text(encoding="utf-8")
    folder = tmp_path / "my_super_bot"
    folder.mkdir()
    for language, name in {"json": "manifest.json", "python": "backend.py"}.items():
        found = re.search(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        assert found is not None, f"no {language} on the page"
        (folder / name).write_text(found[1], encoding="utf-8")
    return folder


def _module_class(folder: Path, monkeypatch: pytest.MonkeyPatch) -> type[BaseModule]:
    spec = importlib.util.spec_from_file_location("readme_backend", folder / "backend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "readme_backend", module)
    spec.loader.exec_module(module)
    found: type[BaseModule] = module.Bot
    return found


def test_the_module_of_the_first_page_has_no_problem(module_folder: Path) -> None:
    bundle = read_bundle(module_folder)
    assert bundle.problems == ()
    assert bundle.warnings == ()


async def test_the_module_of_the_first_page_greets(
    module_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ModuleHarness(_module_class(module_folder, monkeypatch)) as bot:
        await bot.say("!hello", user="Anna")
        await bot.say("hello", user="Boris")
        assert bot.messages == ["Привет, Anna!"]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_a_file(checkout_root: Path, page: str) -> None:
    file = checkout_root / page
    links = re.findall(r"\]\(([^)\s]+)\)", file.read_text(encoding="utf-8"))
    local = [link.partition("#")[0] for link in links if "://" not in link]
    lost = [link for link in local if link and not (file.parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("page", READMES)
def test_the_first_screen_holds_both_commands(checkout_root: Path, page: str) -> None:
    first_screen = (checkout_root / page).read_text(encoding="utf-8").splitlines()[:16]
    text = "\n".join(first_screen)
    assert "python dev.py run" in text
    assert "python dev.py test" in text
    assert "![" in text
