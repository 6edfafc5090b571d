"""Settings: precedence, defaults, sentences for wrong values, private folders."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from streamcore.core.config import Home, load_settings
from streamcore.core.errors import StartError

ROOT = Path("root")


def test_defaults_are_those_of_the_documentation() -> None:
    settings = load_settings({}, {"STREAMCORE_HOME": "home"}, ROOT)
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8080, "info")
    assert settings.open_browser and not settings.demo
    assert settings.static_dir == ROOT / "static_dist"
    assert settings.bundled_modules == ROOT / "modules"
    assert settings.keyring == "system"


def test_a_flag_wins_over_the_environment() -> None:
    environ = {"STREAMCORE_PORT": "9000", "STREAMCORE_HOST": "localhost", "STREAMCORE_HOME": "a"}
    settings = load_settings({"port": 0, "host": None, "home": "b"}, environ, ROOT)
    assert settings.port == 0
    assert settings.host == "localhost"
    assert settings.home.root == Path("b").absolute()


def test_without_a_named_home_the_systems_data_folder_is_used() -> None:
    assert load_settings({}, {}, ROOT).home.root.name == "StreamCore"


def test_only_own_variables_are_handed_on() -> None:
    environ = {"STREAMCORE_TWITCH_API_URL": "http://127.0.0.1/helix", "PATH": "/bin"}
    assert load_settings({}, environ, ROOT).platform_env == {
        "STREAMCORE_TWITCH_API_URL": "http://127.0.0.1/helix"
    }


@pytest.mark.parametrize(
    ("flags", "environ", "named"),
    [
        ({"port": "http"}, {}, "'http'"),
        ({"port": 70000}, {}, "'70000'"),
        ({"port": "²"}, {}, "port"),
        ({}, {"STREAMCORE_LOG_LEVEL": "loud"}, "'loud'"),
        ({}, {"STREAMCORE_KEYRING": "cloud"}, "'cloud'"),
        ({}, {"STREAMCORE_DEMO_RATE": "nan"}, "'nan'"),
        ({}, {"STREAMCORE_DEMO_RATE": "fast"}, "'fast'"),
        ({}, {"STREAMCORE_DEMO_RATE": "5001"}, "5000"),
    ],
)
def test_a_wrong_value_is_named_in_the_sentence(
    flags: dict[str, object], environ: dict[str, str], named: str
) -> None:
    with pytest.raises(StartError, match=named):
        load_settings(flags, environ, ROOT)


def test_prepare_makes_the_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.prepare()
    home.prepare()
    assert home.module_logs.is_dir()
    assert [path for path in home.root.iterdir() if not path.is_dir()] == [home.lock_file]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_the_home_is_private_even_when_it_was_open_before(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.root.chmod(0o755)
    home.prepare()
    assert home.root.stat().st_mode & 0o777 == 0o700
    assert home.module_data.stat().st_mode & 0o777 == 0o700
    assert home.lock_file.stat().st_mode & 0o777 == 0o600


def test_a_home_that_cannot_be_written_is_a_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StartError, match="--home"):
        Home(tmp_path / "file" / "home").prepare()
