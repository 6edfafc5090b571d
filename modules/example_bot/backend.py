"""Example bot: two chat commands, thanks for support, and a page that shows the last event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streamcore.sdk import (
    BaseModule,
    ChatMessage,
    Donation,
    Event,
    Follow,
    Raid,
    StreamOffline,
    StreamOnline,
    SuperChat,
    command,
    on_event,
)

ONLINE = "online_since/"


class ExampleBot(BaseModule):
    """Answers, thanks, and keeps the page up to date."""

    @command("!hello", user_cooldown=5)
    async def hello(self, event: ChatMessage) -> None:
        """Greet who asks, with the text that the streamer chose."""
        greeting = str(self.settings["greeting"]).replace("{name}", name_of(event))
        await self.send_message(greeting, platform=event.platform)

    @command("!uptime", cooldown=5)
    async def uptime(self, event: ChatMessage) -> None:
        """Tell how long the stream has been on."""
        since = await self.storage.get(ONLINE + event.platform)
        if isinstance(since, str):
            answer = self.in_words(datetime.now(UTC) - datetime.fromisoformat(since))
        else:
            answer = self.say("The stream is not on.", "Трансляция не идёт.")
        await self.send_message(answer, platform=event.platform)

    @on_event("stream_online")
    async def remember_start(self, event: StreamOnline) -> None:
        """Keep the time of the start: the bot itself may be started again meanwhile."""
        started_at = event.started_at or event.at
        await self.storage.set(ONLINE + event.platform, started_at.isoformat())

    @on_event("stream_offline")
    async def forget_start(self, event: StreamOffline) -> None:
        """The next stream has a start of its own."""
        await self.storage.delete(ONLINE + event.platform)

    @on_event("follow")
    async def thank_for_follow(self, event: Follow) -> None:
        """Thank once, even when the bot crashes in between."""
        name = name_of(event)
        await self.show(event, "follow", name)
        async with event.once():
            text = self.say(f"Thank you for the follow, {name}!", f"Спасибо за фоллоу, {name}!")
            await self.send_message(text, platform=event.platform)

    @on_event("donation", "super_chat")
    async def thank_for_donation(self, event: Donation | SuperChat) -> None:
        """Thank where the money came from, or everywhere when that was no platform."""
        name, amount = name_of(event), event.amount.display
        await self.show(event, "donation", name, amount, event.text)
        async with event.once():
            text = self.say(f"Thank you, {name}, for {amount}!", f"Спасибо, {name}, за {amount}!")
            platform = event.platform if event.platform in self.platforms else "all"
            await self.send_message(text, platform=platform)

    @on_event("raid")
    async def show_raid(self, event: Raid) -> None:
        """A raid is for the page only."""
        await self.show(event, "raid", name_of(event), str(event.viewers))

    async def show(
        self, event: Event, kind: str, name: str, amount: str = "", text: str = ""
    ) -> None:
        """Let the page show an event; state is what a page gets that opens later, too."""
        shown = {"id": event.id, "kind": kind, "name": name, "amount": amount, "text": text[:300]}
        await self.state.set("last_event", shown)

    def say(self, english: str, russian: str) -> str:
        """Speak the streamer's language."""
        return russian if self.language == "ru" else english

    def in_words(self, passed: timedelta) -> str:
        """Return a length of time in hours and minutes."""
        hours, minutes = divmod(max(0, int(passed.total_seconds())) // 60, 60)
        return self.say(f"On for {hours} h {minutes} min.", f"В эфире {hours} ч {minutes} мин.")


def name_of(event: Event) -> str:
    """Return the name to thank: the one given with a donation, or the account's."""
    if isinstance(event, Donation) and event.donor:
        return event.donor
    return event.user.name if event.user is not None else "?"
