"""Who may use the dashboard: one-time codes, session tokens, and the token of this run."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from datetime import datetime, timedelta

from streamcore.core.clock import Clock
from streamcore.core.database import Database
from streamcore.core.principals import DashboardPrincipal

__all__ = ["Sessions"]

CODE_LIFE_S = 60.0
MAX_CODES = 16
SESSION_LIFE = timedelta(days=30)
TOKEN_BYTES = 32


class Sessions:
    """Codes and tokens are 256 random bits; of a token only its hash is kept.

    Tokens are looked up by their hash: what a stranger could learn from the time it takes is about
    the hash of the guess, not about any token.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._codes: dict[bytes, float] = {}
        self._sessions: dict[bytes, datetime] = {}
        self._run_token = secrets.token_urlsafe(TOKEN_BYTES)

    async def load(self) -> None:
        """Read the sessions of earlier runs, and forget those that are over."""
        now_ms = int(self._clock.now().timestamp() * 1000)

        def read(connection: sqlite3.Connection) -> list[tuple[bytes, int]]:
            rows = connection.execute("SELECT hash, expires_ms FROM sessions")
            return rows.fetchall()

        rows = await self._database.read(read)
        if any(expires_ms <= now_ms for _, expires_ms in rows):
            await self._database.write(
                lambda c: c.execute("DELETE FROM sessions WHERE expires_ms <= ?", (now_ms,)),
                durable=False,
            )
        zone = self._clock.now().tzinfo
        self._sessions = {
            bytes(hash_): datetime.fromtimestamp(expires_ms / 1000, zone)
            for hash_, expires_ms in rows
            if expires_ms > now_ms
        }

    def new_code(self) -> str:
        """Return a code that can be exchanged once within a minute."""
        self._drop_old_codes()
        while len(self._codes) >= MAX_CODES:
            del self._codes[next(iter(self._codes))]
        code = secrets.token_urlsafe(TOKEN_BYTES)
        self._codes[_hash(code)] = self._clock.monotonic() + CODE_LIFE_S
        return code

    async def exchange(self, code: str) -> tuple[str, datetime] | None:
        """Return a new session's token and its end; None for a code that is wrong, used or old."""
        self._drop_old_codes()
        given = _hash(code)
        matches = [known for known in self._codes if hmac.compare_digest(known, given)]
        if not matches:
            return None
        # Used up before anything is awaited: two exchanges at once cannot both succeed.
        del self._codes[matches[0]]
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = self._clock.now() + SESSION_LIFE
        row = (_hash(token), int(expires_at.timestamp() * 1000))
        await self._database.write(lambda c: c.execute("INSERT INTO sessions VALUES (?, ?)", row))
        self._sessions[row[0]] = expires_at
        return token, expires_at

    def check(self, token: str) -> DashboardPrincipal | None:
        """Return who is behind a token; None for an unknown or expired one."""
        if hmac.compare_digest(_hash(token), _hash(self._run_token)):
            return DashboardPrincipal("run")
        hash_ = _hash(token)
        expires_at = self._sessions.get(hash_)
        if expires_at is None:
            return None
        if expires_at <= self._clock.now():
            del self._sessions[hash_]
            return None
        return DashboardPrincipal(hash_[:8].hex())

    def run_token(self) -> str:
        """Return the token that holds as long as this process lives (for `run.json`)."""
        return self._run_token

    async def revoke(self, token: str) -> None:
        """End a session at once."""
        hash_ = _hash(token)
        if self._sessions.pop(hash_, None) is not None:
            await self._database.write(
                lambda c: c.execute("DELETE FROM sessions WHERE hash = ?", (hash_,))
            )

    def _drop_old_codes(self) -> None:
        now = self._clock.monotonic()
        self._codes = {code: until for code, until in self._codes.items() if until > now}


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
