"""The module guide: its code runs, its manifests are valid, and both languages say the same."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from streamcore.bundle import read_bundle
from streamcore.protocol.permissions import Permission
from streamcore.sdk import BaseModule
from streamcore.sdk.testing import ModuleHarness

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ["module-guide.md", "module-guide.ru.md"]


def blocks(guide: str, language: str) -> list[str]:
    text = (DOCS / guide).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(params=GUIDES)
def guide(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ModuleType]:
    """Every Python block of the guide as one file, imported."""
    file = tmp_path / "guide.py"
    file.write_text("\n".join(blocks(request.param, "python")), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("module_guide", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["module_guide"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["module_guide"]


async def test_every_module_of_the_guide_starts_and_stops(guide: ModuleType) -> None:
    modules = [
        value
        for value in vars(guide).values()
        if inspect.isclass(value) and issubclass(value, BaseModule) and value is not BaseModule
    ]
    assert len(modules) >= 8
    for module in modules:
        async with ModuleHarness(
            module, permissions=list(Permission), requirements=["twitch"]
        ) as bot:
            await bot.advance(hours=1)
            assert not [line for line in bot.log_lines if line.startswith("error")]


async def test_every_test_of_the_guide_passes(guide: ModuleType) -> None:
    tests = [value for name, value in vars(guide).items() if name.startswith("test_")]
    assert len(tests) >= 3
    for test in tests:
        await test()


@pytest.mark.parametrize("name", GUIDES)
def test_the_first_module_of_the_guide_is_a_valid_one(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "my_bot"
    folder.mkdir()
    (folder / "manifest.json").write_text(blocks(name, "json")[0], encoding="utf-8")
    (folder / "backend.py").write_text(blocks(name, "python")[0], encoding="utf-8")
    bundle = read_bundle(folder)
    assert (bundle.problems, bundle.warnings) == ((), ())


def test_the_views_of_the_guide_are_json() -> None:
    for name in GUIDES:
        assert json.loads(blocks(name, "json")[1])["views"]


@pytest.mark.parametrize("language", ["python", "json", "html", "js"])
def test_both_languages_show_the_same_examples(language: str) -> None:
    first, second = (blocks(name, language) for name in GUIDES)
    assert first == second
    assert first


def test_every_public_method_of_a_module_is_in_the_guide() -> None:
    text = (DOCS / GUIDES[0]).read_text(encoding="utf-8")
    inner = {"registry", "attach", "execute", "run"}
    public = {name for name in dir(BaseModule) if not name.startswith("_")} - inner
    assert {name for name in public if name not in text} == set()
