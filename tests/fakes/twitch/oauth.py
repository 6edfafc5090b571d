"""The fake's authorization server: device codes, one-time refresh tokens, validation."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.twitch.forms import form_of
from tests.fakes.twitch.people import STREAMER, Person, account

__all__ = ["CLIENT_ID", "Device", "FakeOAuth", "Grant"]

CLIENT_ID = "fakeclient0123456789abcdefghij"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_THIRTY_DAYS_S = 30 * 24 * 3600.0


@dataclass(slots=True)
class Grant:
    """What somebody allowed once: its tokens change, its scopes stay."""

    scopes: tuple[str, ...]
    user: Person = STREAMER
    access: str = ""
    refresh: str = ""
    expires_at: float = 0.0
    refresh_until: float = 0.0


@dataclass(slots=True)
class Device:
    """A login that waits for somebody's word on the activation page."""

    code: str
    user_code: str
    scopes: tuple[str, ...]
    expires_at: float
    decision: str = "pending"
    user: Person = STREAMER
    polled_at: float = 0.0

    @property
    def is_pending(self) -> bool:
        return self.decision == "pending" and self.expires_at > time.time()


@dataclass(slots=True)
class FakeOAuth:
    """Public clients only: a secret is refused, a refresh token is good for one use."""

    approves_at_once: bool = False
    interval_s: float = 1.0
    enforced_interval_s: float = 0.0
    """Who asks faster than this is told to slow down. The tests' clocks run faster than ours, so
    only the process of its own insists on the interval that it names."""
    login_expires_in_s: float = 1800.0
    token_expires_in_s: float = 14_400.0
    refresh_expires_in_s: float = _THIRTY_DAYS_S
    scopes_withheld: frozenset[str] = frozenset()
    failures: list[int] = field(default_factory=list)
    """Statuses with which the next requests fail, whatever they ask."""
    lose_refresh_answer: bool = False
    """Spend the refresh token, then answer with a server error."""
    hold_refresh: asyncio.Event | None = None
    """Spend the refresh token, then answer only when this is set."""
    calls: dict[str, int] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    """Every token and device code ever given out: none may show up in a log."""
    devices: dict[str, Device] = field(default_factory=dict)
    """By device code."""
    _grants: list[Grant] = field(default_factory=list)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth2/device", self._device, methods=["POST"]),
            Route("/oauth2/token", self._token, methods=["POST"]),
            Route("/oauth2/validate", self._validate),
            Route("/oauth2/revoke", self._revoke, methods=["POST"]),
        ]

    def decide(self, decision: str, user: str = STREAMER.login) -> None:
        """Approve or deny every login that waits."""
        for device in self.devices.values():
            if device.is_pending:
                device.decision, device.user = decision, account(user)

    def waiting(self, user_code: str) -> Device | None:
        """Return the login that waits under a code."""
        for device in self.devices.values():
            if device.user_code == user_code and device.is_pending:
                return device
        return None

    @property
    def pending_logins(self) -> int:
        return sum(device.is_pending for device in self.devices.values())

    def grant(self, access: str) -> Grant | None:
        """Return the living grant of an access token."""
        for grant in self._grants:
            if access and grant.access == access and grant.expires_at > time.time():
                return grant
        return None

    def expire_access_tokens(self) -> None:
        for grant in self._grants:
            grant.expires_at = 0.0

    def expire_refresh_tokens(self) -> None:
        """Let thirty days go by."""
        for grant in self._grants:
            grant.refresh_until = 0.0

    def revoke_everything(self, user: str | None = None) -> None:
        """Do what one can do on Twitch's page: take all rights away, of everybody or of one."""
        self._grants = [] if user is None else [g for g in self._grants if g.user.login != user]

    @property
    def grants(self) -> int:
        return len(self._grants)

    @property
    def authorised(self) -> frozenset[str]:
        """The ids of who has authorised the app."""
        return frozenset(grant.user.id for grant in self._grants)

    def scopes_of(self, user: str = STREAMER.login) -> frozenset[str]:
        """Return everything that somebody has allowed."""
        return frozenset(s for g in self._grants if g.user.login == user for s in g.scopes)

    def _begin(self, name: str) -> Response | None:
        self.calls[name] = self.calls.get(name, 0) + 1
        if self.failures:
            return _problem(self.failures.pop(0), "fault")
        return None

    async def _device(self, request: Request) -> Response:
        if (failure := self._begin("device")) is not None:
            return failure
        form = await form_of(request)
        if form.get("client_id") != CLIENT_ID:
            return _problem(400, "invalid client")
        if "scopes" not in form:
            return _problem(400, "missing scopes")
        device = Device(
            code=self._secret(),
            user_code="".join(secrets.choice("BCDFGHJKLMNP") for _ in range(8)),
            scopes=tuple(form["scopes"].split()),
            expires_at=time.time() + self.login_expires_in_s,
        )
        if self.approves_at_once:
            device.decision = "approved"
        self.devices[device.code] = device
        uri = f"{request.base_url}activate?public=true&device-code={device.user_code}"
        return JSONResponse(
            {
                "device_code": device.code,
                "expires_in": self.login_expires_in_s,
                "interval": self.interval_s,
                "user_code": device.user_code,
                "verification_uri": uri,
            }
        )

    async def _token(self, request: Request) -> Response:
        form = await form_of(request)
        kind = "refresh" if form.get("grant_type") == "refresh_token" else "poll"
        if (failure := self._begin(kind)) is not None:
            return failure
        if form.get("client_id") != CLIENT_ID:
            return _problem(400, "invalid client")
        if "client_secret" in form:
            return _problem(403, "invalid client secret")
        if kind == "refresh":
            return await self._refreshed(form)
        if form.get("grant_type") != _DEVICE_GRANT:
            return _problem(400, "invalid grant type")
        return self._polled(form)

    def _polled(self, form: dict[str, str]) -> Response:
        device = self.devices.get(form.get("device_code", ""))
        now = time.time()
        if device is None or device.expires_at < now:
            return _problem(400, "invalid device code")
        if "scopes" not in form:
            return _problem(400, "missing scopes")
        # A tenth of slack: the client's clock and the network are not exact.
        is_too_fast = now - device.polled_at < self.enforced_interval_s * 0.9
        device.polled_at = now
        if device.decision == "pending":
            return _problem(400, "slow_down" if is_too_fast else "authorization_pending")
        del self.devices[device.code]
        if device.decision != "approved":
            return _problem(400, "access_denied")
        scopes = tuple(s for s in device.scopes if s not in self.scopes_withheld)
        grant = Grant(scopes, device.user)
        self._grants.append(grant)
        return self._renew(grant)

    async def _refreshed(self, form: dict[str, str]) -> Response:
        spent = form.get("refresh_token", "")
        if not spent:
            return _problem(400, "missing refresh token")
        grant = next((g for g in self._grants if g.refresh == spent), None)
        if grant is None or grant.refresh_until < time.time():
            return _problem(400, "Invalid refresh token")
        answer = self._renew(grant)
        if self.hold_refresh is not None:
            await self.hold_refresh.wait()
        return _problem(500, "lost") if self.lose_refresh_answer else answer

    def _renew(self, grant: Grant) -> Response:
        grant.access, grant.refresh = self._secret(), self._secret()
        grant.expires_at = time.time() + self.token_expires_in_s
        grant.refresh_until = time.time() + self.refresh_expires_in_s
        return JSONResponse(
            {
                "access_token": grant.access,
                "refresh_token": grant.refresh,
                "expires_in": int(self.token_expires_in_s),
                "scope": list(grant.scopes),
                "token_type": "bearer",
            }
        )

    async def _validate(self, request: Request) -> Response:
        if (failure := self._begin("validate")) is not None:
            return failure
        given = request.headers.get("authorization", "")
        if not given.startswith(("OAuth ", "Bearer ")):
            return _problem(401, "missing authorization token")
        grant = self.grant(given.partition(" ")[2])
        if grant is None:
            return _problem(401, "invalid access token")
        return JSONResponse(
            {
                "client_id": CLIENT_ID,
                "login": grant.user.login,
                "user_id": grant.user.id,
                "scopes": list(grant.scopes),
                "expires_in": int(grant.expires_at - time.time()),
            }
        )

    async def _revoke(self, request: Request) -> Response:
        if (failure := self._begin("revoke")) is not None:
            return failure
        form = await form_of(request)
        if form.get("client_id") != CLIENT_ID:
            return _problem(404, "client does not exist")
        token = form.get("token", "")
        living = [grant for grant in self._grants if token not in (grant.access, grant.refresh)]
        if not token or len(living) == len(self._grants):
            return _problem(400, "Invalid token")
        self._grants = living
        return Response(status_code=200)

    def _secret(self) -> str:
        self.issued.append(secrets.token_hex(15))
        return self.issued[-1]


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"status": status, "message": message}, status_code=status)
