"""The fake's page: everything that can happen, as buttons for somebody who tries an app."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.twitch.activation import page
from tests.fakes.twitch.buttons import BUTTONS, Button, Entry
from tests.fakes.twitch.control import state_of, switches_of
from tests.fakes.twitch.forms import form_of

if TYPE_CHECKING:
    from tests.fakes.twitch.fake import FakeTwitch

__all__ = ["button_id", "page_routes"]

_SENT_SHOWN = 20


def page_routes(fake: FakeTwitch) -> list[Route]:
    """Return `GET /`, and where its forms go."""
    by_id = {button_id(button.label): button for group in BUTTONS.values() for button in group}

    async def show(request: Request) -> Response:
        said = request.query_params.get("said", "")
        return page("A Twitch of our own", _body(fake, said))

    async def act(request: Request) -> Response:
        button = by_id.get(request.path_params["button"])
        if button is None:
            return page("There is no such button", "", 404)
        form = await form_of(request)
        values = {entry.name: form.get(entry.name, entry.value) for entry in button.entries}
        try:
            result = await button.press(fake, values)
            said = f"{button.label}: {'done' if result is None else result}"
        except (KeyError, TypeError, ValueError) as error:
            said = f"{button.label}: {type(error).__name__} {error}"
        target = request.url_for("fake_page").include_query_params(said=said)
        return RedirectResponse(target, status_code=303)

    return [
        Route("/", show, name="fake_page"),
        Route("/act/{button}", act, methods=["POST"]),
    ]


def button_id(label: str) -> str:
    """Return the name of a button in addresses."""
    return "".join(c if c.isalnum() else "-" for c in label.lower())


def _body(fake: FakeTwitch, said: str) -> str:
    groups = "".join(
        f"<fieldset><legend>{escape(title)}</legend>{''.join(map(_form, group))}</fieldset>"
        for title, group in BUTTONS.items()
    )
    return f'<p role="status">{escape(said)}</p>{_state(fake)}{groups}{_switches(fake)}'


def _form(button: Button) -> str:
    entries = "".join(map(_entry, button.entries))
    return (
        f'<form method="post" action="/act/{button_id(button.label)}">'
        f"<button>{escape(button.label)}</button>{entries}</form>"
    )


def _entry(entry: Entry) -> str:
    name, value = escape(entry.name), escape(entry.value)
    label = escape(entry.name.replace("_", " "))
    if entry.choices:
        options = "".join(
            f"<option{' selected' if choice == entry.value else ''}>{escape(choice)}</option>"
            for choice in entry.choices
        )
        return f'{label} <select name="{name}" aria-label="{label}">{options}</select> '
    return f'{label} <input name="{name}" aria-label="{label}" value="{value}" size="14"> '


def _state(fake: FakeTwitch) -> str:
    known = state_of(fake)
    sent = [f"<li>{escape(text)}</li>" for text in fake.sent_messages[-_SENT_SHOWN:]]
    sessions = "".join(
        f"<li>session of {escape(session.user_id or 'nobody')}: "
        f"{len(session.subscriptions)} subscriptions</li>"
        for session in fake.eventsub.living
    )
    env = escape("\n".join(f"{name}={value}" for name, value in fake.env.items()))
    return (
        f"<p>{known['grants']} logins, {known['pending_logins']} waiting; "
        f"{known['connections']} sockets so far, {known['notifications']} notifications; "
        f"closed with {known['closed_with']}</p><ul>{sessions}</ul>"
        f"<details><summary>What the app wrote in the chat ({len(fake.sent_messages)})</summary>"
        f"<ol>{''.join(sent)}</ol></details>"
        f"<details><summary>Environment for the app</summary><pre>{env}</pre></details>"
        f"<details><summary>Types subscribed to</summary>"
        f"<p>{escape(', '.join(sorted(fake.eventsub.subscribed())))}</p></details>"
    )


def _switches(fake: FakeTwitch) -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
        for name, value in switches_of(fake).items()
    )
    return f"<details><summary>Switches</summary><table>{rows}</table></details>"
