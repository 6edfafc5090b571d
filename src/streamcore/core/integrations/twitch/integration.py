"""Twitch as one of the platforms: who is logged in, and what runs because of it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Collection, Coroutine, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from streamcore.core.errors import (
    CommandError,
    InvalidInputError,
    SecretsError,
    StreamCoreError,
)
from streamcore.core.integrations.base import (
    AccountRole,
    Connected,
    ConnectFlow,
    DeviceFlow,
    FormField,
    Host,
    Integration,
    PlatformStatus,
    TokenFlow,
)
from streamcore.core.integrations.emotes.choice import EmoteChoice
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.addresses import Addresses
from streamcore.core.integrations.twitch.login.words import WAITING
from streamcore.protocol.commands import PlatformCommand
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import PlatformStateName
from streamcore.protocol.permissions import Permission

if TYPE_CHECKING:
    from streamcore.core.integrations.twitch.account import TwitchAccount
    from streamcore.core.integrations.twitch.login.auth import DeviceCode

__all__ = ["CLIENT_ID_NAME", "TOKENS_NAME", "TwitchIntegration"]

TOKENS_NAME = "twitch.tokens"
CLIENT_ID_NAME = "twitch.client_id"
EMOTES_NOTE = "twitch.emotes_off"
CLIENT_ID_VARIABLE = "STREAMCORE_TWITCH_CLIENT_ID"

_CLIENT_ID = re.compile(r"[A-Za-z0-9]{6,64}")
_FORM = FormField(
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

_log = logging.getLogger(__name__)


class TwitchIntegration(Integration):
    """The streamer's own channel; HTTP and WebSocket libraries are loaded when it connects."""

    id = "twitch"
    name = "Twitch"

    def __init__(self, host: Host, environ: Mapping[str, str]) -> None:
        super().__init__(host)
        self._addresses = Addresses.of(environ)
        self._client_id_given = environ.get(CLIENT_ID_VARIABLE)
        self._emotes = EmoteChoice(host.notes, EMOTES_NOTE)
        self._account: TwitchAccount | None = None
        self._work: asyncio.Task[None] | None = None
        self._pending: DeviceFlow | None = None
        self._turn = asyncio.Lock()

    @property
    def status(self) -> PlatformStatus:
        quota = self._account.quota if self._account is not None else None
        return replace(super().status, quota=quota, options=self._emotes.options)

    async def start(self) -> None:
        async with self._turn:
            await self._emotes.load()
            try:
                if self._work is not None or await self._host.secrets.get(TOKENS_NAME) is None:
                    return
                client_id = await self._client_id()
            except SecretsError as error:
                self._become(PlatformStatus(reason=words.store_unreadable(error)))
                return
            if client_id is None:
                reason = words.no_client_id(CLIENT_ID_VARIABLE)
                self._become(PlatformStatus(state=PlatformStateName.AUTH_REQUIRED, reason=reason))
                return
            self._become(PlatformStatus(state=PlatformStateName.CONNECTING))
            self._begin(self._resume(client_id))

    async def connect(
        self,
        values: Mapping[str, str] | None = None,
        *,
        permissions: Collection[Permission] | None = None,
        account: AccountRole = AccountRole.STREAMER,
    ) -> ConnectFlow:
        async with self._turn:
            if self._pending is not None:
                return self._pending
            if self._work is not None and not self._work.done():
                return Connected()
            await self._close_account(await self._stop())
            client_id = await self._client_id(values)
            if client_id is None:
                return TokenFlow(fields=(_FORM,))
            return await self._begin_login(client_id)

    async def disconnect(self, account: AccountRole = AccountRole.STREAMER) -> None:
        async with self._turn:
            opened = await self._stop()
            try:
                if opened is None and await self._host.secrets.get(TOKENS_NAME) is not None:
                    opened = await self._open_account(await self._client_id() or "")
                if opened is not None:
                    await opened.sign_out()
            except StreamCoreError as error:
                _log.error("Twitch: the stored login could not be deleted: %s", error)
            await self._close_account(opened)
            self._become(PlatformStatus())

    async def set_options(self, values: Mapping[str, bool]) -> None:
        self._check_options(values)
        await self._emotes.choose(values)
        self._host.status_changed(self.id)

    async def execute(self, command: PlatformCommand, sender: str) -> Mapping[str, object]:
        if self._account is None or self._work is None or self._work.done():
            raise CommandError(
                ErrorCode.PLATFORM_NOT_CONNECTED,
                "Twitch is not connected: connect it on the Platforms page.",
            )
        return await self._account.execute(command, sender)

    async def close(self) -> None:
        async with self._turn:
            await self._close_account(await self._stop())

    async def _begin_login(self, client_id: str) -> ConnectFlow:
        # Imported here: this is the moment from which HTTP and WebSocket libraries are needed.
        from streamcore.core.integrations.twitch.account import device_flow
        from streamcore.core.integrations.twitch.login.auth import LoginEndedError

        account = await self._open_account(client_id)
        try:
            code = await account.begin_login()
        except LoginEndedError as error:
            await self._close_account(account)
            if self._client_id_given is None:
                await self._host.secrets.delete(CLIENT_ID_NAME)
                return TokenFlow(fields=(_FORM,), reason=str(error), reasons=error.words)
            raise CommandError(ErrorCode.REJECTED_BY_PLATFORM, str(error)) from error
        except StreamCoreError as error:
            await self._close_account(account)
            raise CommandError(ErrorCode.PLATFORM_NOT_CONNECTED, str(error)) from error
        self._account = account
        self._pending = device_flow(code)
        self._become(PlatformStatus(state=PlatformStateName.CONNECTING, reason=WAITING))
        self._begin(self._log_in(account, code))
        return self._pending

    async def _log_in(self, account: TwitchAccount, code: DeviceCode) -> None:
        try:
            is_confirmed = await account.finish_login(code)
        finally:
            self._pending = None
        if is_confirmed:
            await account.live()

    async def _resume(self, client_id: str) -> None:
        self._account = account = await self._open_account(client_id)
        if await account.resume():
            await account.live()

    async def _open_account(self, client_id: str) -> TwitchAccount:
        # In a thread: libraries and certificates would stop the loop for a tenth of a second.
        account_class = await asyncio.to_thread(_account_class)
        return account_class(
            self._host,
            self._addresses,
            client_id,
            TOKENS_NAME,
            emotes=self._emotes,
            publish=self._publish,
            become=self._become,
        )

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        self._work = asyncio.create_task(work, name=self.id)
        self._work.add_done_callback(self._work_ended)

    def _work_ended(self, work: asyncio.Task[None]) -> None:
        if not work.cancelled() and (error := work.exception()) is not None:
            _log.error("Twitch: stopped by a fault", exc_info=error)
            self._become(PlatformStatus(reason=words.FAULT))

    async def _stop(self) -> TwitchAccount | None:
        """End what runs and return the account that it ran on, still open."""
        work, self._work = self._work, None
        self._pending = None
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        account, self._account = self._account, None
        return account

    @staticmethod
    async def _close_account(account: TwitchAccount | None) -> None:
        if account is not None:
            await account.close()

    async def _client_id(self, values: Mapping[str, str] | None = None) -> str | None:
        """Return the app's id: from the environment, from the form just filled in, or stored."""
        if self._client_id_given is not None:
            return self._client_id_given
        from streamcore.core.secrets import Secret

        if values is not None:
            given = values.get(_FORM.name, "").strip()
            if _CLIENT_ID.fullmatch(given) is None:
                message = "A client id has letters and digits only: copy it from Twitch's console."
                raise InvalidInputError(message, field=_FORM.name)
            await self._host.secrets.set(CLIENT_ID_NAME, Secret(given))
        stored = await self._host.secrets.get(CLIENT_ID_NAME)
        return None if stored is None else stored.reveal()


def _account_class() -> type[TwitchAccount]:
    from streamcore.core.integrations.twitch.account import TwitchAccount
    from streamcore.core.integrations.twitch.tls import tls_context

    tls_context()
    return TwitchAccount
