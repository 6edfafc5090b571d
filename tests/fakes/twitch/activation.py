"""The page on which somebody confirms a login: what Twitch shows at `/activate`."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.fakes.twitch.forms import form_of
from tests.fakes.twitch.oauth import Device, FakeOAuth
from tests.fakes.twitch.people import ACCOUNTS

__all__ = ["activation_routes", "page"]

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem;
  background: #fff; color: #1f1f23 }
button { font: inherit; padding: .4rem 1rem; margin: .2rem; cursor: pointer }
label { display: block; margin: .6rem 0 }
input, select { font: inherit; padding: .3rem }
code { font-size: 1.4rem; letter-spacing: .2em }
fieldset { margin: 1rem 0; border: 1px solid #adadb8 }
"""


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a plain page; `body` is HTML."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>",
        status_code=status,
    )


def activation_routes(oauth: FakeOAuth) -> list[Route]:
    """Return the page: with a code it asks for a decision, without one for the code."""

    async def show(request: Request) -> Response:
        code = request.query_params.get("device-code", "").strip().upper()
        if not code:
            return page("Activate your device", _ENTER)
        device = oauth.waiting(code)
        return _unknown() if device is None else page("Authorize StreamCore", _ask(device))

    async def decide(request: Request) -> Response:
        form = await form_of(request)
        device = oauth.waiting(form.get("device-code", ""))
        users = {person.login: person for person in ACCOUNTS}
        user = users.get(form.get("user", ""))
        if device is None or user is None:
            return _unknown()
        if form.get("decision") != "authorize":
            device.decision = "denied"
            return page("Cancelled", "<p>The app was not given any rights.</p>")
        device.decision, device.user = "approved", user
        text = f"<p>Signed in as <strong>{escape(user.name)}</strong>. You can go back now.</p>"
        return page("Your device is connected", text)

    return [
        Route("/activate", show, methods=["GET"]),
        Route("/activate", decide, methods=["POST"]),
    ]


_ENTER = (
    '<form method="get"><label>Code shown by the app: '
    '<input name="device-code" autofocus required></label>'
    '<input type="hidden" name="public" value="true"><button>Activate</button></form>'
)


def _ask(device: Device) -> str:
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in device.scopes)
    people = "".join(
        f'<option value="{escape(person.login)}">{escape(person.name)}</option>'
        for person in ACCOUNTS
    )
    code = escape(device.user_code)
    return (
        f"<p>Is this the code that the app shows? <code>{code}</code></p>"
        f"<h2>The app asks to</h2><ul>{scopes or '<li>know who you are</li>'}</ul>"
        '<form method="post" action="/activate">'
        f'<input type="hidden" name="device-code" value="{code}">'
        f'<label>Sign in as <select name="user">{people}</select></label>'
        '<button name="decision" value="authorize">Authorize</button>'
        '<button name="decision" value="cancel">Cancel</button></form>'
    )


def _unknown() -> Response:
    return page(
        "This code is not valid", "<p>It has expired, or was used already: begin again.</p>", 404
    )
