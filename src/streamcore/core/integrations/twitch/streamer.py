"""The streamer's own login: the account at work, and the one that waits for a confirmation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from streamcore.core.errors import SecretsError, StreamCoreError
from streamcore.core.integrations.base import (
    Connected,
    ConnectFlow,
    Host,
    LoginFailedError,
    PlatformStatus,
    TokenFlow,
    Words,
)
from streamcore.core.integrations.oauth import TokenPair, UnreachableError
from streamcore.core.integrations.twitch import words
from streamcore.core.integrations.twitch.bot_place import BotPlace, Open
from streamcore.core.integrations.twitch.login import words as login_words
from streamcore.core.integrations.twitch.login.choice import Choice, served
from streamcore.core.integrations.twitch.login.client_ids import (
    CLIENT_ID_VARIABLE,
    FORM,
    ClientIds,
)
from streamcore.core.integrations.twitch.login.scopes import Rights, scopes_for
from streamcore.protocol.errors import ErrorCode
from streamcore.protocol.events import PlatformStateName
from streamcore.protocol.permissions import Permission

if TYPE_CHECKING:
    from streamcore.core.integrations.twitch.account import TwitchAccount
    from streamcore.core.integrations.twitch.client import Client
    from streamcore.core.integrations.twitch.login.attempt import Attempt
    from streamcore.core.integrations.twitch.login.auth import Identity

__all__ = ["TOKENS_NAME", "Streamer"]

TOKENS_NAME = "twitch.tokens"

_SIGNED_OUT = frozenset({PlatformStateName.DISCONNECTED, PlatformStateName.AUTH_REQUIRED})

_log = logging.getLogger(__name__)


class NewAccount(Protocol):
    """Puts an account together that is to run on a client."""

    def __call__(
        self, client: Client, *, become: Callable[[PlatformStatus], None]
    ) -> TwitchAccount: ...


class Streamer:
    """What waits for a confirmation is apart from what works: until it came, nothing changes.

    `changed` hears that `status` is a new one. Methods are called one at a time.
    """

    def __init__(
        self,
        host: Host,
        ids: ClientIds,
        choice: Choice,
        bots: BotPlace,
        *,
        open_client: Open,
        new_account: NewAccount,
        changed: Callable[[], None],
    ) -> None:
        self._host = host
        self._ids = ids
        self._choice = choice
        self._bots = bots
        self._open_client = open_client
        self._make_account = new_account
        self._changed = changed
        self._account: TwitchAccount | None = None
        self._work: asyncio.Task[None] | None = None
        self._attempt: Attempt | None = None
        self._asked: frozenset[Permission] = frozenset()
        self._is_chosen = False
        self._said = PlatformStatus()
        self._remark = Words()

    @property
    def status(self) -> PlatformStatus:
        """How the account stands; a login under way shows only where no other works."""
        said = self._said
        state, reason = said.state, self._remark or said.reason
        is_signed_out = state in _SIGNED_OUT
        if self._attempt is not None and is_signed_out:
            state, reason = PlatformStateName.CONNECTING, login_words.WAITING
        rights = Rights(frozenset(said.scopes), self._choice.on)
        permissions = self._choice.shown(rights, is_connected=not is_signed_out)
        return replace(said, state=state, reason=reason, permissions=permissions)

    @property
    def account(self) -> TwitchAccount | None:
        """The account at work, None where none is."""
        return self._account if self._is_running else None

    async def user_id(self) -> str:
        """Return whose account it is, empty when that is not known."""
        from streamcore.core.integrations.twitch.login.profile import known_profile

        account = self._said.account or await known_profile(self._host)
        return account.id if account is not None else ""

    async def start(self) -> None:
        """Reconnect in the background when a login is stored."""
        try:
            if self._work is not None or await self._host.secrets.get(TOKENS_NAME) is None:
                return
            client_id = await self._ids.stored()
        except SecretsError as error:
            self._hear(PlatformStatus(reason=words.store_unreadable(error)))
            return
        if client_id is None:
            reason = words.no_client_id(CLIENT_ID_VARIABLE)
            self._hear(PlatformStatus(state=PlatformStateName.AUTH_REQUIRED, reason=reason))
            return
        self._hear(PlatformStatus(state=PlatformStateName.CONNECTING))
        self._begin(self._resume(client_id))

    async def connect(
        self, values: Mapping[str, str] | None, permissions: Collection[Permission] | None
    ) -> ConnectFlow:
        """Begin a login, or return the pending one; raises `UnreachableError`."""
        await self._choice.load()
        wanted = self._choice.on if permissions is None else served(permissions)
        if self._attempt is not None:
            if values is None and (permissions is None or wanted == self._asked):
                return self._attempt.flow
            await self._give_up_attempt()
        if self._is_running and not self._lacks(wanted):
            if permissions is not None:
                await self._choose(wanted)
            return Connected()
        self._remark = Words()
        client = await self._client_for(values)
        if client is None:
            return TokenFlow(fields=(FORM,))
        return await self._begin_attempt(client, wanted, is_chosen=permissions is not None)

    async def _client_for(self, values: Mapping[str, str] | None) -> Client | None:
        """Return what to log in with: that of the account, or one for another client id."""
        present = self._account.client if self._account is not None else None
        if present is not None and self._is_running:
            return present
        client_id = await self._ids.choose(values)
        if client_id is None:
            return None
        if present is not None and present.client_id == client_id:
            return present
        return await self._open_client(client_id, TOKENS_NAME)

    async def _begin_attempt(
        self, client: Client, wanted: frozenset[Permission], *, is_chosen: bool
    ) -> ConnectFlow:
        from streamcore.core.integrations.twitch.login.attempt import Attempt
        from streamcore.core.integrations.twitch.login.auth import (
            ClientRefusedError,
            LoginEndedError,
        )

        scopes = scopes_for(wanted)
        try:
            code = await client.auth.begin(scopes)
            await self._ids.keep(client.client_id)
        except (LoginEndedError, UnreachableError, SecretsError) as error:
            await self._close_unless_used(client)
            if not isinstance(error, LoginEndedError):
                raise
            if isinstance(error, ClientRefusedError) and self._ids.may_be_typed:
                return TokenFlow(fields=(FORM,), reason=str(error), reasons=error.words)
            raise LoginFailedError(ErrorCode.REJECTED_BY_PLATFORM, error.words) from None
        self._asked, self._is_chosen = wanted, is_chosen
        self._attempt = Attempt(
            client,
            code,
            scopes,
            self._host.clock,
            take=self._take,
            ended=self._ended,
            revoked=self._look_again,
        )
        self._changed()
        return self._attempt.flow

    async def _take(
        self, attempt: Attempt, pair: TokenPair, identity: Identity
    ) -> TokenPair | None:
        """Use a login that was confirmed; return the tokens that it replaces."""
        from streamcore.core.integrations.twitch.login.auth import LoginEndedError
        from streamcore.core.integrations.twitch.login.profile import known_profile

        before = self._said.account or await known_profile(self._host)
        is_another = before is not None and before.id != identity.user_id
        who = identity.login or identity.user_id
        if self._is_running and self._account is not None:
            if before is not None and is_another:
                raise LoginEndedError(login_words.confirmed_by_another(who, before.name))
            old = await self._account.widen(pair, identity)
        else:
            old = await attempt.client.tokens.adopt(pair)
            await self._replace_account(attempt.client, identity)
        self._attempt = None
        if self._is_chosen:
            await self._choose(self._asked)
        if before is not None and is_another:
            self._remark = login_words.another_account(who, before.name)
        await self._bots.leave_to(identity.user_id, login_words.BOT_BECAME_STREAMER)
        self._changed()
        return old

    async def _ended(self, attempt: Attempt, why: Words) -> None:
        """Hear that a login came to nothing: all is as before, but for the remark."""
        self._attempt = None
        self._remark = why
        await self._close_unless_used(attempt.client)
        self._changed()

    def _look_again(self) -> None:
        """Ask for what may have gone with the tokens that were revoked."""
        if self.account is not None:
            self.account.rights_changed()

    async def _give_up_attempt(self) -> None:
        attempt = self._attempt
        if attempt is not None:
            await attempt.cancel()
            self._attempt = None
            await self._close_unless_used(attempt.client)

    async def _choose(self, permissions: frozenset[Permission]) -> None:
        await self._choice.choose(permissions)
        if self._account is not None:
            self._account.rights_changed()
        self._changed()

    async def cancel(self) -> None:
        """Give a pending login up, and what was said of an earlier one."""
        await self._give_up_attempt()
        self._remark = Words()
        self._changed()

    async def disconnect(self) -> None:
        """Revoke and forget the login."""
        from streamcore.core.integrations.twitch.login.profile import forget_profile

        await self._give_up_attempt()
        client = await self._stop()
        try:
            if client is None and await self._host.secrets.get(TOKENS_NAME) is not None:
                client = await self._open_client(await self._ids.for_leaving(), TOKENS_NAME)
            if client is not None:
                await client.sign_out()
        except StreamCoreError as error:
            _log.error("Twitch: the stored login could not be deleted: %s", error)
        if client is not None:
            await client.close()
        await forget_profile(self._host)
        self._remark = Words()
        self._hear(PlatformStatus())

    async def close(self) -> None:
        """Stop; the account stays stored."""
        await self._give_up_attempt()
        client = await self._stop()
        if client is not None:
            await client.close()

    @property
    def _is_running(self) -> bool:
        return self._work is not None and not self._work.done()

    def _lacks(self, permissions: frozenset[Permission]) -> bool:
        """Tell whether the login allows less; of one that is only being read nobody knows yet."""
        scopes = frozenset(self._said.scopes)
        return bool(scopes) and bool(Rights(scopes, permissions).missing)

    async def _resume(self, client_id: str) -> None:
        client = await self._open_client(client_id, TOKENS_NAME)
        self._account = account = self._make_account(client, become=self._hear)
        await self._bots.start(client_id)
        await account.resume()

    async def _replace_account(self, client: Client, identity: Identity) -> None:
        """Let the login that was just stored run, on the account that it belongs to."""
        account = self._account
        if account is None or account.client is not client:
            before = await self._stop()
            if before is not None:
                await before.close()
            account = self._account = self._make_account(client, become=self._hear)
        self._begin(account.live(identity))

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        self._work = asyncio.create_task(work, name="twitch")
        self._work.add_done_callback(self._work_ended)

    def _work_ended(self, work: asyncio.Task[None]) -> None:
        if not work.cancelled() and (error := work.exception()) is not None:
            _log.error("Twitch: stopped by a fault", exc_info=error)
            self._hear(PlatformStatus(reason=words.FAULT))

    async def _stop(self) -> Client | None:
        """End what runs and return the client that it ran on, still open."""
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        account, self._account = self._account, None
        return account.client if account is not None else None

    async def _close_unless_used(self, client: Client) -> None:
        if self._account is None or self._account.client is not client:
            await client.close()

    def _hear(self, status: PlatformStatus) -> None:
        """Take over what the account says of itself; new trouble replaces an older remark."""
        if status.reason and status.reason != self._said.reason:
            self._remark = Words()
        self._said = status
        self._changed()
