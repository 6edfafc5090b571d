"""Which page answers which address."""

from __future__ import annotations

import os
import sys
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from streamcore import __version__
from streamcore.core.access import Access, rule_of
from streamcore.core.pages.pages import Pages
from tests.core.pages.conftest import DIGEST, OneModule

DOCUMENT = {"accept": "text/html,application/xhtml+xml"}

TRAVERSALS = [
    f"{prefix}{climb}{goal}"
    for prefix in ("/modules-view/bot/", "/modules-view/bot/img/", "/assets/", "/", "/sdk/v1/")
    for climb in (
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%5c",
        "..\\",
        ".%2e/",
        "....//",
        "..;/",
        "%c0%ae%c0%ae/",
        "/",
        "%2f",
        "C:/",
        "\\\\?\\",
        "file:",
    )
    for goal in ("secret.txt", "etc/passwd", "manifest.json%00.html")
]


async def test_health_is_open(http: httpx.AsyncClient) -> None:
    answer = await http.get("/healthz")
    assert answer.json() == {"status": "ok", "version": __version__}
    assert answer.headers["cache-control"] == "no-store"
    head = await http.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/index.html", "/modules", "/modules/bot", "/platforms"])
async def test_the_dashboard_answers_its_own_addresses(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers=DOCUMENT)
    assert answer.status_code == 200
    assert "dashboard" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/none.png",
        "/api",
        "/sdk/v1/none.js",
        "/media/x",
        "/sdk",
        "/overlay/../x",
    ],
)
async def test_what_is_no_page_of_the_dashboard_is_not_found(
    http: httpx.AsyncClient, path: str
) -> None:
    answer = await http.get(path, headers={"accept": "text/html, */*", "sec-fetch-mode": "cors"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_a_script_is_not_given_the_dashboard_for_a_missing_file(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.get("/modules", headers={"accept": "*/*"})).status_code == 404


async def test_files_of_other_pages_have_no_second_address(http: httpx.AsyncClient) -> None:
    assert (await http.get("/overlay/wrapper.js")).status_code == 404
    assert (await http.get("/assets/../index.html")).status_code in (200, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_pages_are_only_read(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, "/modules-view/bot/main.html")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


async def test_an_asset_is_kept_for_ever_and_the_page_never(http: httpx.AsyncClient) -> None:
    asset = await http.get("/assets/app-1a2b3c4d.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("/favicon.svg", "/assets/mark.svg"):
        assert (await http.get(path)).headers["cache-control"] == "no-cache"


async def test_a_dashboard_that_is_not_built_says_how(module: OneModule, tmp_path: Path) -> None:
    transport = httpx.ASGITransport(Pages(module, tmp_path / "nothing"))
    async with httpx.AsyncClient(transport=transport, base_url="http://h") as http:
        answer = await http.get("/")
        assert answer.status_code == 503
        assert "npm run build" in answer.text
        assert answer.headers["x-frame-options"] == "DENY"
        assert (await http.get("/sdk/v1/streamcore.js")).status_code == 404
        assert (await http.get("/healthz")).status_code == 200


async def test_a_dashboard_built_again_is_noticed(
    http: httpx.AsyncClient, static_dir: Path
) -> None:
    assert (await http.get("/")).status_code == 200
    (static_dir / "assets" / "app-9z.js").write_text("new", encoding="utf-8")
    (static_dir / "index.html").write_text("<title>another dashboard</title>", encoding="utf-8")
    assert "another" in (await http.get("/")).text
    assert (await http.get("/assets/app-9z.js")).text == "new"


@pytest.mark.parametrize("path", TRAVERSALS)
async def test_no_address_leaves_its_folder(
    http: httpx.AsyncClient, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    answer = await http.get(httpx.URL("http://127.0.0.1:8080", raw_path=path.encode()))
    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app.js", "text/javascript; charset=utf-8"),
        ("img/a.svg", "image/svg+xml"),
        ("song.mp3", "audio/mpeg"),
        ("main.html", "text/html; charset=utf-8"),
    ],
)
async def test_the_type_is_by_name(http: httpx.AsyncClient, name: str, expected: str) -> None:
    answer = await http.get(f"/modules-view/bot/{name}")
    assert answer.headers["content-type"] == expected
    assert "content-disposition" not in answer.headers


async def test_an_unknown_type_is_a_download(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/modules-view/bot/page.xhtml")).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment"


async def test_the_address_of_a_module_alone_is_its_first_page(
    http: httpx.AsyncClient, module: OneModule
) -> None:
    module.files["index.html"] = module.files["main.html"]
    assert "main" in (await http.get("/modules-view/bot/")).text


async def test_a_versioned_asset_is_kept_for_ever(http: httpx.AsyncClient) -> None:
    path = "/modules-view/bot/app.js"
    assert (await http.get(path)).headers["cache-control"] == "no-cache"
    assert (await http.get(f"{path}?v=older")).headers["cache-control"] == "no-cache"
    versioned = await http.get(path, params={"v": DIGEST})
    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_tag_is_by_content_and_saves_the_body(
    http: httpx.AsyncClient, module: OneModule
) -> None:
    path = "/modules-view/bot/app.js"
    tag = (await http.get(path)).headers["etag"]
    assert not tag.startswith("W/")
    kept = await http.get(path, headers={"if-none-match": f'"other", {tag}'})
    assert (kept.status_code, kept.content) == (304, b"")
    os.utime(module.files["app.js"], (1, 1))
    assert (await http.get(path)).headers["etag"] == tag
    module.files["app.js"].write_text("export {}; // changed", encoding="utf-8")
    assert (await http.get(path, headers={"if-none-match": tag})).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=1048570-", 206, (1048570, 1048576)),
        ("bytes=-6", 206, (1048570, 1048576)),
        ("bytes=300000-700000", 206, (300000, 700001)),
        ("bytes=1048576-", 416, (0, 0)),
        ("bytes=9-1", 200, (0, 1048576)),
        ("bytes=0-1,5-6", 200, (0, 1048576)),
        ("lines=0-9", 200, (0, 1048576)),
    ],
)
async def test_a_part_of_a_file(
    http: httpx.AsyncClient, wanted: str, status: int, span: tuple[int, int]
) -> None:
    content = bytes(range(256)) * 4096
    answer = await http.get("/modules-view/bot/song.mp3", headers={"range": wanted})
    assert answer.status_code == status
    assert answer.content == content[span[0] : span[1]]


async def test_a_part_of_a_former_version_is_the_whole(http: httpx.AsyncClient) -> None:
    headers = {"range": "bytes=0-9", "if-range": '"former"'}
    assert (await http.get("/modules-view/bot/song.mp3", headers=headers)).status_code == 200


async def test_a_link_put_in_a_files_place_is_not_followed(
    http: httpx.AsyncClient, module: OneModule, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    path = module.files["app.js"]
    path.unlink()
    path.symlink_to(secret)
    assert (await http.get("/modules-view/bot/app.js")).status_code == 404
    folder = module.files["img/a.svg"].parent
    folder.rename(tmp_path / "img")
    folder.symlink_to(tmp_path / "img")
    assert (await http.get("/modules-view/bot/img/a.svg")).status_code == 404


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
async def test_a_pipe_put_in_a_files_place_does_not_hold_anybody(
    http: httpx.AsyncClient, module: OneModule
) -> None:
    path = module.files["app.js"]
    path.unlink()
    if sys.platform != "win32":
        os.mkfifo(path)
    assert (await http.get("/modules-view/bot/app.js")).status_code == 404


class _Wrapper(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


async def test_the_wrapper_knows_what_it_frames(http: httpx.AsyncClient) -> None:
    page = _Wrapper((await http.get("/overlay/bot/main")).text)
    meta = next(attrs for tag, attrs in page.tags if attrs.get("name") == "streamcore")
    assert meta["data-module"] == "bot"
    assert meta["data-view"] == "main"
    assert meta["data-src"] == "/modules-view/bot/main.html"
    assert meta["data-digest"] == DIGEST
    scripts = [attrs for tag, attrs in page.tags if tag == "script"]
    assert [script["src"] for script in scripts] == ["/overlay-wrapper.js"]
    assert scripts[0]["type"] == "module"
    assert scripts[0]["nonce"]


@pytest.mark.parametrize(
    "path",
    [
        "/overlay/none/main",
        "/overlay/bot/none",
        "/overlay/bot/gone",
        "/overlay/bot/main/x",
        "/overlay/bot",
        "/modules-view/bot/none.html",
        "/modules-view/none/main.html",
    ],
)
async def test_what_is_missing_shows_nothing_on_stream(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers={"sec-fetch-mode": "navigate"})
    assert answer.status_code == 404
    page = _Wrapper(answer.text)
    assert {tag for tag, _ in page.tags} == {"html", "head", "meta", "title", "script", "body"}
    assert answer.text.partition("<body>")[2].startswith("</body>")
    script = await http.get(path)
    assert script.json()["code"] == "not_found"


def test_every_page_says_who_may_see_it(module: OneModule, static_dir: Path) -> None:
    for path, endpoint in Pages(module, static_dir).routes:
        assert rule_of(endpoint) is (Access.OPEN if path == "/healthz" else Access.PAGE)
