"""The few documents that the core writes itself."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

__all__ = ["BLANK_PAGE", "BLANK_SCRIPT_HASH", "NOT_BUILT_PAGE", "wrapper_document"]

# Loads itself again until what is missing is there; nothing of it can be seen on stream. A
# "refresh" in the head would not do: with a fragment in the address it is a jump inside the page.
_LOAD_AGAIN = "setTimeout(() => location.reload(), 5000)"
BLANK_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>StreamCore</title>'
    f"<script>{_LOAD_AGAIN}</script></head><body></body></html>\n"
).encode()
BLANK_SCRIPT_HASH = b64encode(sha256(_LOAD_AGAIN.encode()).digest()).decode()
"""Lets the policy of the page allow exactly this script."""

NOT_BUILT_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="dark light">
<title>StreamCore</title></head>
<body>
<h1>The dashboard is not built yet</h1>
<p>StreamCore is running, but the folder <code>static_dist</code> has no dashboard in it. In the
checkout, run <code>python dev.py run</code>, or <code>npm ci</code> and
<code>npm run build</code> in <code>src/frontend</code>; then load this page again.</p>
<h1 lang="ru">Панель ещё не собрана</h1>
<p lang="ru">StreamCore работает, но в папке <code>static_dist</code> нет панели. В папке проекта
выполните <code>python dev.py run</code> или <code>npm ci</code> и <code>npm run build</code> в
<code>src/frontend</code>, затем обновите эту страницу.</p>
</body>
</html>
""".encode()

_WRAPPER = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="streamcore" data-module="{module}" data-view="{view}" data-src="{src}" \
data-digest="{digest}">
<title>{title}</title>
<style nonce="{nonce}">html,body{{margin:0;height:100%;overflow:hidden;background:transparent}}\
iframe{{position:fixed;inset:0;width:100%;height:100%;border:0}}</style>
<script nonce="{nonce}" type="module" src="/overlay-wrapper.js"></script>
</head>
<body></body>
</html>
"""


def wrapper_document(
    *, module_id: str, view_id: str, title: str, source: str, digest: str, nonce: str
) -> bytes:
    """Return the page around a module's page; values are a module author's, all are escaped."""
    values = {
        "module": module_id,
        "view": view_id,
        "title": title,
        "src": source,
        "digest": digest,
        "nonce": nonce,
    }
    text = _WRAPPER.format_map({key: escape(value) for key, value in values.items()})
    return text.encode()
