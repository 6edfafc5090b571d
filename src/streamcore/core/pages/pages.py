"""Which page answers which address."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from streamcore import __version__
from streamcore.core.access import Access, access
from streamcore.core.errors import NotFoundError
from streamcore.core.http.answers import Answer, json_answer, problem, send_answer
from streamcore.core.http.asgi import Receive, Scope, Send
from streamcore.core.pages import headers
from streamcore.core.pages.dashboard_files import DashboardFiles
from streamcore.core.pages.files import Files
from streamcore.core.pages.media_types import is_html, type_headers
from streamcore.core.pages.request import PageRequest
from streamcore.core.pages.templates import BLANK_PAGE, NOT_BUILT_PAGE, wrapper_document
from streamcore.protocol.manifest import Manifest, View

__all__ = ["MODULE_PAGES", "ModulePages", "Pages"]

_NOT_FOUND = problem(404, "not_found", "Not Found")
_NOT_ALLOWED = problem(
    405, "method_not_allowed", "Method Not Allowed", headers=((b"allow", b"GET, HEAD"),)
)
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+\Z")
_IMMUTABLE = b"public, max-age=31536000, immutable"
_REVALIDATE = b"no-cache"
_MODULES_VIEW = "/modules-view/"
_OVERLAY = "/overlay/"
MODULE_PAGES = (_MODULES_VIEW, _OVERLAY)
"""Addresses that only those answer who know the modules."""
# Addresses that are somebody else's, or files of a kind of their own: no page of the dashboard.
_NOT_DASHBOARD = ("/api/", "/assets/", "/media/", "/overlay-io/", "/socket.io/", "/sdk/")


class ModulePages(Protocol):
    """What pages ask about modules; only what the streamer approved has pages."""

    def manifest(self, module_id: str) -> Manifest | None: ...

    def digest(self, module_id: str) -> str: ...

    def file(self, module_id: str, path: str) -> Path | None: ...


@dataclass(frozen=True, slots=True)
class _Page:
    prefix: str
    is_exact: bool
    endpoint: Callable[[PageRequest], Awaitable[None]]

    def matches(self, path: str) -> bool:
        return path == self.prefix if self.is_exact else path.startswith(self.prefix)


class Pages:
    """Everything but the interface for programs; only reads, for all who passed the gate."""

    def __init__(self, modules: ModulePages, static_dir: Path) -> None:
        self._modules = modules
        self._dashboard = DashboardFiles(static_dir)
        self._files = Files()
        self._pages = (
            _Page("/healthz", True, self.health),
            _Page(_MODULES_VIEW, False, self.module_file),
            _Page(_OVERLAY, False, self.wrapper),
            _Page("/overlay-wrapper.js", True, self.wrapper_script),
            _Page("/sdk/v1/streamcore.js", True, self.page_sdk),
            _Page("/assets/", False, self.asset),
            _Page("/", False, self.dashboard),
        )

    @property
    def routes(self) -> list[tuple[str, object]]:
        """Every address with what answers it, to check that each has its rule."""
        return [(page.prefix, page.endpoint) for page in self._pages]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await send_answer(scope, send, _NOT_ALLOWED)
            return
        request = PageRequest(scope, receive, send)
        page = next(page for page in self._pages if page.matches(request.path))
        try:
            await page.endpoint(request)
        except NotFoundError:
            await send_answer(scope, send, _NOT_FOUND)

    @access(Access.OPEN)
    async def health(self, request: PageRequest) -> None:
        """Tell that the core answers."""
        answer = json_answer({"status": "ok", "version": __version__})
        await send_answer(request.scope, request.send, answer)

    @access(Access.PAGE)
    async def dashboard(self, request: PageRequest) -> None:
        """Send the dashboard for its own addresses, or one of the files beside it."""
        key = request.path.removeprefix("/")
        if key in ("", "index.html") or self._is_page(request):
            await self._send_index(request)
            return
        if key.startswith(("overlay/", "sdk/")):
            raise NotFoundError(key)
        await self._send_static(request, key, _REVALIDATE)

    @access(Access.PAGE)
    async def asset(self, request: PageRequest) -> None:
        """Send a file of the dashboard; one whose name changes with its content is kept."""
        key = request.path.removeprefix("/")
        await self._send_static(request, key, _IMMUTABLE if _HASHED.search(key) else _REVALIDATE)

    @access(Access.PAGE)
    async def page_sdk(self, request: PageRequest) -> None:
        """Send the SDK of modules' pages."""
        path = await self._dashboard.find("sdk/v1/streamcore.js")
        if path is None:
            raise NotFoundError("The page SDK is not built.")
        await self._files.send(request, path, (*type_headers(path.name), *headers.sdk_file()))

    @access(Access.PAGE)
    async def wrapper_script(self, request: PageRequest) -> None:
        """Send the script of the page around a module's page."""
        await self._send_static(request, "overlay/wrapper.js", _REVALIDATE)

    @access(Access.PAGE)
    async def module_file(self, request: PageRequest) -> None:
        """Send a file of a module's `dist/`, by exact name from the map made when it was read."""
        module_id, slash, key = request.path.removeprefix(_MODULES_VIEW).partition("/")
        name = "index.html" if slash and not key else key
        path = self._modules.file(module_id, name)
        if path is None:
            await self._send_missing(request)
            return
        digest = self._modules.digest(module_id)
        if is_html(name):
            cache = b"no-store"
        else:
            cache = _IMMUTABLE if request.query("v") == digest else _REVALIDATE
        page_headers = headers.module_file(request.host, module_id, cache)
        try:
            await self._files.send(request, path, (*type_headers(name), *page_headers))
        except NotFoundError:
            await self._send_missing(request)

    @access(Access.PAGE)
    async def wrapper(self, request: PageRequest) -> None:
        """Send the page that OBS loads; what is not there is an empty page that heals itself."""
        module_id, _, view_id = request.path.removeprefix(_OVERLAY).partition("/")
        view = self._view(module_id, view_id)
        if view is None:
            await self._send_missing(request)
            return
        nonce = secrets.token_urlsafe(18)
        document = wrapper_document(
            module_id=module_id,
            view_id=view_id,
            title=f"{module_id} / {view_id}",
            source=f"{_MODULES_VIEW}{module_id}/{quote(view.path)}",
            digest=self._modules.digest(module_id),
            nonce=nonce,
        )
        in_dashboard = request.header(b"sec-fetch-dest") in ("iframe", "frame")
        page_headers = headers.wrapper_page(
            request.host, module_id, nonce, in_dashboard=in_dashboard
        )
        await send_answer(request.scope, request.send, Answer(200, page_headers, document))

    def _view(self, module_id: str, view_id: str) -> View | None:
        manifest = self._modules.manifest(module_id)
        views = manifest.views if manifest is not None else ()
        view = next((view for view in views if view.id == view_id), None)
        # A page that is not approved has no files, so there is nothing to wrap either.
        if view is None or self._modules.file(module_id, view.path) is None:
            return None
        return view

    @staticmethod
    def _is_page(request: PageRequest) -> bool:
        is_file = "." in request.path.rpartition("/")[2]
        return (
            request.wants_document
            and not is_file
            and not f"{request.path}/".startswith(_NOT_DASHBOARD)
        )

    async def _send_index(self, request: PageRequest) -> None:
        page_headers = headers.dashboard_page(request.host)
        path = await self._dashboard.find("index.html")
        if path is None:
            answer = Answer(503, page_headers, NOT_BUILT_PAGE)
            await send_answer(request.scope, request.send, answer)
            return
        await self._files.send(request, path, page_headers)

    async def _send_static(self, request: PageRequest, key: str, cache: bytes) -> None:
        path = await self._dashboard.find(key)
        if path is None:
            raise NotFoundError(key)
        asset = (*type_headers(path.name), *headers.dashboard_asset(cache))
        await self._files.send(request, path, asset)

    @staticmethod
    async def _send_missing(request: PageRequest) -> None:
        # A browser's own error page, or a JSON text, must never be seen on stream.
        if request.wants_document:
            await send_answer(request.scope, request.send, Answer(404, headers.BLANK, BLANK_PAGE))
            return
        raise NotFoundError(request.path)
