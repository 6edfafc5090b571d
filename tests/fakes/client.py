"""A bare client of the fake: what the documentation says, by hand, with nothing of ours in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.fakes.twitch import CLIENT_ID, FakeTwitch

__all__ = ["ALL_SCOPES", "Client", "Frame", "Reader"]

Frame = dict[str, Any]

ALL_SCOPES = "user:read:chat user:write:chat moderator:read:followers channel:read:subscriptions"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_WITHIN_S = 5.0


class Reader:
    """One socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def frame(self, *kinds: str) -> Frame:
        """Return the next frame of one of these kinds (of any kind but a keepalive)."""
        async with asyncio.timeout(_WITHIN_S):
            while True:
                frame: Frame = json.loads(await self.socket.recv())
                kind = frame["metadata"]["message_type"]
                if kind in kinds or (not kinds and kind != "session_keepalive"):
                    return frame

    async def session(self) -> str:
        """Return the id that the welcome gives."""
        return str((await self.frame("session_welcome"))["payload"]["session"]["id"])

    async def texts(self, count: int) -> list[str]:
        """Return the texts of the next chat messages."""
        frames = [await self.frame("notification") for _ in range(count)]
        return [frame["payload"]["event"]["message"]["text"] for frame in frames]

    async def closed(self) -> int:
        """Return with which code the server closes."""
        try:
            async with asyncio.timeout(_WITHIN_S):
                while True:
                    await self.socket.recv()
        except ConnectionClosed as error:
            return 1006 if error.rcvd is None else error.rcvd.code


class Client:
    """Signs in, asks, subscribes, listens."""

    def __init__(self, fake: FakeTwitch) -> None:
        self.fake = fake
        self.http = httpx.AsyncClient(base_url=fake.url, trust_env=False, timeout=_WITHIN_S)
        self.tokens: dict[str, Any] = {}
        self._sockets: list[ClientConnection] = []

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self._sockets:
            socket.transport.abort()
        await self.http.aclose()

    async def form(self, path: str, **fields: str) -> httpx.Response:
        """Post a form to the login server."""
        return await self.http.post(f"/oauth2/{path}", data={"client_id": CLIENT_ID, **fields})

    async def device(self, scopes: str = ALL_SCOPES) -> dict[str, Any]:
        answer = await self.form("device", scopes=scopes)
        assert answer.status_code == 200
        return dict(answer.json())

    async def poll(self, device: Mapping[str, Any]) -> httpx.Response:
        code = str(device["device_code"])
        return await self.form("token", scopes="", device_code=code, grant_type=_DEVICE_GRANT)

    async def sign_in(self, scopes: str = ALL_SCOPES, user: str = "streamer") -> dict[str, Any]:
        """Sign in and keep the tokens for what comes next."""
        device = await self.device(scopes)
        await self.fake.approve_login(user)
        answer = await self.poll(device)
        assert answer.status_code == 200
        self.tokens = dict(answer.json())
        return self.tokens

    async def refresh(self, token: str) -> httpx.Response:
        return await self.form("token", grant_type="refresh_token", refresh_token=token)

    async def helix(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", "Client-Id": CLIENT_ID}
        return await self.http.request(method, f"/helix{path}", headers=headers, **more)

    async def open(self, query: str = "", url: str = "") -> Reader:
        """Open a socket."""
        socket = await connect(
            url or f"{self.fake.eventsub.url}{query}", ping_interval=None, proxy=None
        )
        self._sockets.append(socket)
        return Reader(socket)

    async def subscribe(
        self, session_id: str, kind: str = "channel.chat.message", version: str = "1", **ids: str
    ) -> httpx.Response:
        """Subscribe; without ids to the streamer's own chat."""
        condition = ids or {"broadcaster_user_id": "1001", "user_id": "1001"}
        body = {
            "type": kind,
            "version": version,
            "condition": condition,
            "transport": {"method": "websocket", "session_id": session_id},
        }
        return await self.helix("POST", "/eventsub/subscriptions", json=body)

    async def listen(self) -> tuple[Reader, str]:
        """Open a socket that hears the chat; returns it and its session's id."""
        reader = await self.open()
        session_id = await reader.session()
        answer = await self.subscribe(session_id)
        assert answer.status_code == 202, answer.text
        return reader, session_id
