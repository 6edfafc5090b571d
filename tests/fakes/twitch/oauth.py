"""The fake's authorization server: device codes, one-time refresh tokens, validation."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.twitch.people import STREAMER

__all__ = ["CLIENT_ID", "FakeOAuth", "Grant"]

CLIENT_ID = "fakeclient0123456789abcdefghij"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(slots=True)
class Grant:
    """What the streamer allowed once: its tokens change, its scopes stay."""

    scopes: tuple[str, ...]
    access: str = ""
    refresh: str = ""
    expires_at: float = 0.0


@dataclass(slots=True)
class _Device:
    code: str
    user_code: str
    scopes: tuple[str, ...]
    expires_at: float
    decision: str = "pending"


@dataclass(slots=True)
class FakeOAuth:
    """Public clients only: a secret is refused, a refresh token is good for one use."""

    approves_at_once: bool = False
    interval_s: float = 1.0
    login_expires_in_s: float = 1800.0
    token_expires_in_s: float = 14_400.0
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
    _devices: dict[str, _Device] = field(default_factory=dict)
    _grants: list[Grant] = field(default_factory=list)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth2/device", self._device, methods=["POST"]),
            Route("/oauth2/token", self._token, methods=["POST"]),
            Route("/oauth2/validate", self._validate),
            Route("/oauth2/revoke", self._revoke, methods=["POST"]),
        ]

    def decide(self, decision: str) -> None:
        """Approve or deny every login that waits."""
        for device in self._devices.values():
            if device.decision == "pending":
                device.decision = decision

    @property
    def pending_logins(self) -> int:
        return sum(device.decision == "pending" for device in self._devices.values())

    def grant(self, access: str) -> Grant | None:
        """Return the living grant of an access token."""
        for grant in self._grants:
            if access and grant.access == access and grant.expires_at > time.time():
                return grant
        return None

    def expire_access_tokens(self) -> None:
        for grant in self._grants:
            grant.expires_at = 0.0

    def revoke_everything(self) -> None:
        """Do what the streamer can do on Twitch's page: take all rights away."""
        self._grants.clear()

    @property
    def grants(self) -> int:
        return len(self._grants)

    def _begin(self, name: str) -> Response | None:
        self.calls[name] = self.calls.get(name, 0) + 1
        if self.failures:
            return _problem(self.failures.pop(0), "fault")
        return None

    async def _device(self, request: Request) -> Response:
        if (failure := self._begin("device")) is not None:
            return failure
        form = await _form(request)
        if form.get("client_id") != CLIENT_ID:
            return _problem(400, "invalid client")
        device = _Device(
            code=self._secret(),
            user_code="".join(secrets.choice("BCDFGHJKLMNP") for _ in range(8)),
            scopes=tuple(form.get("scopes", "").split()),
            expires_at=time.time() + self.login_expires_in_s,
        )
        if self.approves_at_once:
            device.decision = "approved"
        self._devices[device.code] = device
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
        form = await _form(request)
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
        device = self._devices.get(form.get("device_code", ""))
        if device is None or device.expires_at < time.time():
            return _problem(400, "invalid device code")
        if device.decision == "pending":
            return _problem(400, "authorization_pending")
        del self._devices[device.code]
        if device.decision != "approved":
            return _problem(400, "access_denied")
        scopes = tuple(s for s in device.scopes if s not in self.scopes_withheld)
        grant = Grant(scopes)
        self._grants.append(grant)
        return self._renew(grant)

    async def _refreshed(self, form: dict[str, str]) -> Response:
        spent = form.get("refresh_token", "")
        grant = next((g for g in self._grants if spent and g.refresh == spent), None)
        if grant is None:
            return _problem(400, "Invalid refresh token")
        answer = self._renew(grant)
        if self.hold_refresh is not None:
            await self.hold_refresh.wait()
        return _problem(500, "lost") if self.lose_refresh_answer else answer

    def _renew(self, grant: Grant) -> Response:
        grant.access, grant.refresh = self._secret(), self._secret()
        grant.expires_at = time.time() + self.token_expires_in_s
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
        token = request.headers.get("authorization", "").removeprefix("OAuth ")
        grant = self.grant(token)
        if grant is None:
            return _problem(401, "invalid access token")
        return JSONResponse(
            {
                "client_id": CLIENT_ID,
                "login": STREAMER.login,
                "user_id": STREAMER.id,
                "scopes": list(grant.scopes),
                "expires_in": int(grant.expires_at - time.time()),
            }
        )

    async def _revoke(self, request: Request) -> Response:
        if (failure := self._begin("revoke")) is not None:
            return failure
        token = (await _form(request)).get("token")
        living = [grant for grant in self._grants if grant.access != token]
        if len(living) == len(self._grants):
            return _problem(400, "Invalid token")
        self._grants = living
        return Response(status_code=200)

    def _secret(self) -> str:
        self.issued.append(secrets.token_hex(15))
        return self.issued[-1]


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode()))


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"status": status, "message": message}, status_code=status)
