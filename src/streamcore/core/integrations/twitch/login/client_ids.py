"""Which app the streamer logs in through: given by the environment, typed in, or stored."""

from __future__ import annotations

import re
from collections.abc import Mapping

from streamcore.core.errors import InvalidInputError, SecretsError
from streamcore.core.integrations.base import FormField, SecretKeeper
from streamcore.core.secrets import Secret

__all__ = ["CLIENT_ID_NAME", "CLIENT_ID_VARIABLE", "FORM", "ClientIds"]

CLIENT_ID_NAME = "twitch.client_id"
CLIENT_ID_VARIABLE = "STREAMCORE_TWITCH_CLIENT_ID"

_CLIENT_ID = re.compile(r"[A-Za-z0-9]{6,64}")
FORM = FormField(
    name="client_id",
    title={"en": "Client ID of your Twitch app", "ru": "Client ID вашего приложения Twitch"},
    help={
        "en": (
            "Open dev.twitch.tv/console/apps, register an application with the client type "
            "Public and the redirect address http://localhost, and copy its Client ID here. "
            f"The variable {CLIENT_ID_VARIABLE} does the same."
        ),
        "ru": (
            "Откройте dev.twitch.tv/console/apps, зарегистрируйте приложение с типом клиента "
            "Public и адресом перенаправления http://localhost и вставьте сюда его Client ID. "
            f"Переменная {CLIENT_ID_VARIABLE} делает то же."
        ),
    },
)


class ClientIds:
    """The environment's id wins over everything; a typed one is kept once Twitch took it."""

    def __init__(self, secrets: SecretKeeper, environ: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._given = environ.get(CLIENT_ID_VARIABLE)

    @property
    def may_be_typed(self) -> bool:
        """Tell whether another id can be entered."""
        return self._given is None

    async def choose(self, values: Mapping[str, str] | None) -> str | None:
        """Return the id to log in with, None when the streamer has to enter one."""
        if self._given is None and values is not None:
            typed = values.get(FORM.name, "").strip()
            if _CLIENT_ID.fullmatch(typed) is None:
                message = "A client id has letters and digits only: copy it from Twitch's console."
                raise InvalidInputError(message, field=FORM.name)
            return typed
        return await self.stored()

    async def stored(self) -> str | None:
        """Return the id without asking anybody."""
        if self._given is not None:
            return self._given
        stored = await self._secrets.get(CLIENT_ID_NAME)
        return None if stored is None else stored.reveal()

    async def for_leaving(self) -> str:
        """Return the id to revoke with, empty when it is not known: a pair knows its own."""
        try:
            return await self.stored() or ""
        except SecretsError:
            return ""

    async def keep(self, client_id: str) -> None:
        """Store an id that Twitch took."""
        if self._given is None and client_id != await self.stored():
            await self._secrets.set(CLIENT_ID_NAME, Secret(client_id))
