"""The fixed table of file types; what is not in it is handed out as a download."""

from __future__ import annotations

from streamcore.core.http.asgi import Headers

__all__ = ["is_html", "type_headers"]

_TEXT = "; charset=utf-8"
_TYPES = {
    "html": f"text/html{_TEXT}",
    "htm": f"text/html{_TEXT}",
    "js": f"text/javascript{_TEXT}",
    "mjs": f"text/javascript{_TEXT}",
    "css": f"text/css{_TEXT}",
    "json": "application/json",
    "map": "application/json",
    "webmanifest": "application/manifest+json",
    "txt": f"text/plain{_TEXT}",
    "vtt": f"text/vtt{_TEXT}",
    "wasm": "application/wasm",
    "svg": "image/svg+xml",
    "png": "image/png",
    "apng": "image/apng",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "webm": "video/webm",
}


def type_headers(name: str) -> Headers:
    """Return the type of a file by its name, never by its content."""
    known = _TYPES.get(_suffix(name))
    if known is None:
        return (
            (b"content-type", b"application/octet-stream"),
            (b"content-disposition", b"attachment"),
        )
    return ((b"content-type", known.encode()),)


def is_html(name: str) -> bool:
    """Tell whether a file is a document of its own."""
    return _suffix(name) in ("html", "htm")


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return suffix.lower() if dot else ""
