"""The whole fake: started on a free port, driven by what happens on a channel."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.routing import Route

from tests.fakes.emotes import FakeEmotes
from tests.fakes.twitch import payloads
from tests.fakes.twitch.activation import activation_routes
from tests.fakes.twitch.deeds import Deeds
from tests.fakes.twitch.eventsub import FakeEventSub
from tests.fakes.twitch.eventsub.server import PATH
from tests.fakes.twitch.faults import Faults
from tests.fakes.twitch.flood import Flood
from tests.fakes.twitch.helix import FakeHelix, SentMessage, StreamInfo
from tests.fakes.twitch.listener import Listener
from tests.fakes.twitch.oauth import CLIENT_ID, FakeOAuth
from tests.fakes.twitch.payloads import Payload, new_id
from tests.fakes.twitch.people import STREAMER, by_id

__all__ = ["CLIENT_ID", "FakeTwitch"]


class FakeTwitch(Deeds):
    """Twitch for tests: `await start()`, put `env` into the app's environment, let things happen.

    What a real viewer's deed sends several times is sent as often here: a gift, a raid or a cheer
    comes by every way to which somebody subscribed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.oauth = FakeOAuth()
        self.eventsub: FakeEventSub = FakeEventSub()
        self.helix = FakeHelix(self.oauth, self.eventsub, self._echo)
        self.crowd = self.helix.crowd
        self.emotes = FakeEmotes()
        self.faults = Faults()
        self.flood = Flood(self.eventsub)
        self.url = ""
        self._restarts: set[asyncio.Task[None]] = set()
        self._listener = Listener(self._routes(), self.eventsub, self.faults)

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> dict[str, str]:
        """Listen on loopback and return the environment that points an app here."""
        bound = await self._listener.start(host, port)
        self.url = f"http://{host}:{bound}"
        self.eventsub.url = f"ws://{host}:{bound}{PATH}"
        return self.env

    @property
    def env(self) -> dict[str, str]:
        """The environment that points an app at this fake, and nothing of it anywhere else."""
        return {
            "STREAMCORE_TWITCH_CLIENT_ID": CLIENT_ID,
            "STREAMCORE_TWITCH_API_URL": f"{self.url}/helix",
            "STREAMCORE_TWITCH_AUTH_URL": f"{self.url}/oauth2",
            "STREAMCORE_TWITCH_EVENTSUB_URL": self.eventsub.url,
            **self.emotes.env(self.url),
        }

    async def stop(self) -> None:
        self.emotes.release()
        await asyncio.gather(*self._restarts, return_exceptions=True)
        await self._listener.stop()

    async def restart(self, down_s: float = 0.0) -> None:
        """Go down with every connection, and come back on the same port with the same logins."""
        address = urlsplit(self.url)
        await self._listener.stop()
        await asyncio.sleep(down_s)
        await self._listener.start(str(address.hostname), address.port or 0)

    async def restart_soon(self, down_s: float = 0.0) -> None:
        """Restart when whoever asks for it over HTTP has got the answer."""
        task = asyncio.create_task(self.restart(down_s), name="fake Twitch restarts")
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)

    async def __aenter__(self) -> FakeTwitch:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _routes(self) -> list[Route]:
        from tests.fakes.twitch.control import control_routes
        from tests.fakes.twitch.page import page_routes

        return [
            *self.oauth.routes(),
            *self.helix.routes(),
            *self.emotes.routes(),
            *activation_routes(self.oauth),
            *control_routes(self),
            *page_routes(self),
        ]

    # Waiting, so that tests need no sleeping of their own.

    async def wait_subscribed(self, *types: str) -> None:
        """Wait until a living session subscribed to these types (by default to the chat)."""
        wanted = set(types) or {"channel.chat.message", "channel.update"}
        while not wanted <= self.eventsub.subscribed():
            await asyncio.sleep(0.01)

    async def wait_sent(self, count: int = 1) -> list[SentMessage]:
        """Wait until the app has sent that many chat messages."""
        while len(self.helix.chat.sent) < count:
            await asyncio.sleep(0.005)
        return self.helix.chat.sent

    async def wait_login(self) -> None:
        """Wait until somebody has asked for a login."""
        while not self.oauth.pending_logins:
            await asyncio.sleep(0.005)

    @property
    def sent_messages(self) -> list[str]:
        """The texts that came in at the send endpoint."""
        return [sent.text for sent in self.helix.chat.sent]

    # What the streamer does on Twitch's pages.

    async def approve_login(self, user: str = STREAMER.login) -> None:
        """Confirm the login that waits, as one of the people of `ACCOUNTS`."""
        self.oauth.decide("approved", user)

    async def deny_login(self) -> None:
        """Refuse the login that waits."""
        self.oauth.decide("denied")

    async def revoke_app(self) -> None:
        """Take the app's rights away, as on the page of connections."""
        self.oauth.revoke_everything()
        for kind in self.eventsub.subscribed():
            await self.eventsub.revoke(kind, "authorization_revoked")

    async def expire_logins(self) -> None:
        """Let every access token grow old; the refresh tokens are good."""
        self.oauth.expire_access_tokens()

    async def go_live(self) -> str:
        """Start the stream; returns its id."""
        started_at = payloads.stamp()
        self.helix.channel.stream = StreamInfo(new_id(), started_at)
        event = payloads.stream_online(self.helix.channel.stream.id, started_at)
        await self.eventsub.deliver("stream.online", event)
        return self.helix.channel.stream.id

    async def end_stream(self) -> None:
        self.helix.channel.stream = None
        await self.eventsub.deliver("stream.offline", payloads.stream_offline())

    async def update_channel(
        self, *, title: str | None = None, category: str | None = None, language: str | None = None
    ) -> None:
        channel = self.helix.channel.info
        channel.title = title or channel.title
        channel.category = category or channel.category
        channel.language = language or channel.language
        event = payloads.channel_update(channel.title, channel.category, channel.language)
        await self.eventsub.deliver("channel.update", event)

    async def _tell(self, kind: str, event: Payload) -> None:
        if kind == "channel.chat.message":
            author = by_id(str(event["chatter_user_id"]))
            if author is not None:
                self.helix.moderation.wrote(str(event["message_id"]), author)
        await super()._tell(kind, event)

    async def _echo(self, sent: SentMessage) -> None:
        reply: Payload | None = None
        if sent.reply_to is not None:
            reply = {
                "parent_message_id": sent.reply_to,
                "parent_message_body": "",
                **STREAMER.fields("parent_user"),
            }
        self.helix.moderation.wrote(sent.id, sent.sender)
        event = payloads.chat_message(sent.sender, sent.text, message_id=sent.id, reply=reply)
        await self.eventsub.deliver("channel.chat.message", event)
