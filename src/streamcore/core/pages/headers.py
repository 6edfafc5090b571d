"""The exact headers of each kind of page; `host` is always the validated one."""

from __future__ import annotations

from streamcore.core.http.asgi import Headers
from streamcore.core.pages.templates import BLANK_SCRIPT_HASH

__all__ = [
    "BLANK",
    "NOSNIFF",
    "dashboard_asset",
    "dashboard_page",
    "module_file",
    "sdk_file",
    "wrapper_page",
]

NOSNIFF = (b"x-content-type-options", b"nosniff")
_NO_STORE = (b"cache-control", b"no-store")
_NO_REFERRER = (b"referrer-policy", b"no-referrer")
_OWN_GROUP = (b"cross-origin-opener-policy", b"same-origin")
_OWN_RESOURCE = (b"cross-origin-resource-policy", b"same-origin")
_PERMISSIONS = (
    "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), "
    "midi=(), clipboard-read=()"
)
_HTML = (b"content-type", b"text/html; charset=utf-8")


def dashboard_page(host: str) -> Headers:
    """Return the headers of the dashboard's document."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"font-src 'self'; connect-src 'self' ws://{host}; "
        f"frame-src http://{host}/modules-view/ http://{host}/overlay/; worker-src 'self'; "
        "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
        "object-src 'none'"
    )
    return (
        _HTML,
        _policy(policy),
        (b"x-frame-options", b"DENY"),
        NOSNIFF,
        _NO_REFERRER,
        _OWN_GROUP,
        _OWN_RESOURCE,
        (b"permissions-policy", _PERMISSIONS.encode()),
        _NO_STORE,
    )


def dashboard_asset(cache_control: bytes) -> Headers:
    """Return the headers of the dashboard's own files; their type is added by the sender."""
    return (NOSNIFF, _OWN_RESOURCE, (b"cache-control", cache_control))


def wrapper_page(host: str, module_id: str, nonce: str, *, in_dashboard: bool) -> Headers:
    """Return the headers of the page around a module's page.

    In OBS it is the top; its twin inside the dashboard may be framed by us alone.
    """
    ancestors = f"http://{host}" if in_dashboard else "'none'"
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        f"connect-src 'self' ws://{host}; frame-src http://{host}/modules-view/{module_id}/; "
        f"frame-ancestors {ancestors}; base-uri 'none'; form-action 'none'"
    )
    return (
        _HTML,
        _policy(policy),
        NOSNIFF,
        _NO_REFERRER,
        _OWN_GROUP,
        _OWN_RESOURCE,
        (b"permissions-policy", _PERMISSIONS.encode()),
        _NO_STORE,
    )


def module_file(host: str, module_id: str, cache_control: bytes) -> Headers:
    """Return the headers of a module's file.

    Every kind of file has the policy, since a browser runs more than HTML (SVG, XML) as a document:
    the page lives in an opaque origin, loads from its own folder and our SDK, talks to nobody.
    """
    own = f"http://{host}/modules-view/{module_id}/"
    media = f"http://{host}/media/"
    policy = (
        f"sandbox allow-scripts; default-src 'none'; script-src {own} http://{host}/sdk/v1/; "
        f"style-src {own} 'unsafe-inline'; img-src {own} {media} data: blob:; "
        f"font-src {own} data:; media-src {own} {media} blob:; worker-src blob:; "
        "connect-src 'none'; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors http://{host}"
    )
    return (
        _policy(policy),
        (b"permissions-policy", f"{_PERMISSIONS}, local-network-access=()".encode()),
        NOSNIFF,
        _NO_REFERRER,
        _OWN_GROUP,
        *_READABLE_BY_OPAQUE_PAGES,
        (b"cache-control", cache_control),
    )


def sdk_file() -> Headers:
    """Return the headers of the page SDK, which modules' pages load from their opaque origin."""
    return (NOSNIFF, *_READABLE_BY_OPAQUE_PAGES, (b"cache-control", b"no-cache"))


def _policy(text: str) -> tuple[bytes, bytes]:
    return (b"content-security-policy", text.encode("ascii"))


# No resource policy beside these: an opaque page would lose its own images.
_READABLE_BY_OPAQUE_PAGES: Headers = (
    (b"access-control-allow-origin", b"null"),
    (b"vary", b"Origin"),
)

BLANK: Headers = (
    _HTML,
    _policy(
        f"default-src 'none'; script-src 'sha256-{BLANK_SCRIPT_HASH}'; base-uri 'none'; "
        "form-action 'none'"
    ),
    NOSNIFF,
    _NO_REFERRER,
    _NO_STORE,
)
"""Of the empty page that stands where something is missing on stream."""
