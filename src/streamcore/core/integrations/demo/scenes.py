"""What happens on an invented stream: each scene is a little play of its own."""

from __future__ import annotations

from collections.abc import Callable

from streamcore.core.integrations.demo import lines
from streamcore.core.integrations.demo.emotes import fragments
from streamcore.core.integrations.demo.stage import Scene, Stage
from streamcore.protocol.events import (
    ChatAnnouncement,
    ChatMessageDeleted,
    Cheer,
    Follow,
    GiftSubscription,
    GiftSubscriptionBomb,
    HypeTrain,
    Poll,
    Raid,
    Resubscription,
    RewardRedemption,
    StreamOnline,
    Subscription,
    UserBanned,
    ViewerCount,
    WatchStreak,
)
from streamcore.protocol.objects import Choice, Phase, Recipient, User

__all__ = [
    "MakeScene",
    "announcement",
    "chatter",
    "cheer",
    "first_timer",
    "follow",
    "gift_bomb",
    "hype_train",
    "poll",
    "raid",
    "redemption",
    "repeated",
    "resubscription",
    "stream_online",
    "subscription",
    "troll",
    "viewers",
    "watch_streak",
]

MakeScene = Callable[[Stage], Scene]

_ANSWERED = 0.06
_BUSY_CHAT_PER_S = 20.0
_REWARDS = (("Hydrate! / Попей воды!", 300), ("Pick a song / Выбери песню", 1500), ("Posture", 500))
_VIEWERS_EVERY_S = 10.0


def repeated(stage: Stage, make: MakeScene, mean_s: float) -> Scene:
    """Play a scene again and again, at times that nobody can foresee."""
    while True:
        stage.play(make(stage))
        yield stage.chance.expovariate(1 / mean_s)


def chatter(stage: Stage, rate_per_s: float) -> Scene:
    """Keep the chat talking."""
    answered = _ANSWERED if rate_per_s <= _BUSY_CHAT_PER_S else 0.0
    while True:
        yield stage.chance.expovariate(rate_per_s)
        person = stage.cast.speaker()
        stage.say(person.user, stage.line(lines.LINES[person.temper], person))
        if answered and stage.chance.random() < answered:
            stage.play(_answer(stage), after_s=stage.chance.uniform(1.5, 5))


def _answer(stage: Stage) -> Scene:
    person = stage.cast.speaker()
    others = [m for m in stage.recent if m.user is not None and m.user.id != person.user.id]
    if others:
        stage.say(person.user, stage.line(lines.ANSWERS, person), reply_to=others[-1])
    yield from ()


def cheering(stage: Stage, texts: dict[str, tuple[str, ...]], count: int) -> Scene:
    """Let several people react within a few seconds."""
    for _ in range(count):
        yield stage.chance.uniform(0.2, 1.4)
        person = stage.cast.speaker()
        stage.say(person.user, stage.line(texts, person))


def stream_online(stage: Stage) -> Scene:
    """Go live."""
    stage.emit(
        StreamOnline(
            **stage.base(),
            started_at=stage.started_at,
            title="Вечерний забег · Evening run",
            category="Demo",
        )
    )
    yield from cheering(stage, lines.GREETINGS, 3)


def viewers(stage: Stage, likes: bool) -> Scene:
    """Count who watches: a slow walk that starts small and grows."""
    stage.viewers = stage.chance.randint(90, 140)
    liked = 12
    while True:
        stage.emit(
            ViewerCount(**stage.base(), viewers=stage.viewers, likes=liked if likes else None)
        )
        yield _VIEWERS_EVERY_S
        drift = stage.chance.gauss(0.6, 5) + (180 - stage.viewers) * 0.01
        stage.viewers = max(12, stage.viewers + round(drift))
        liked += stage.chance.choice((0, 0, 1, 2))


def follow(stage: Stage) -> Scene:
    """Somebody new stays."""
    person = stage.cast.newcomer()
    stage.emit(Follow(**stage.base(), user=person.user))
    if stage.chance.random() < 0.4:
        yield stage.chance.uniform(1, 4)
        stage.say(person.user, stage.line(lines.GREETINGS, person))


def first_timer(stage: Stage) -> Scene:
    """Somebody writes for the first time ever."""
    person = stage.cast.stranger(stage.chance.randint(1000, 999_999), is_first_time=True)
    stage.say(person.user, stage.line(lines.FIRST_WORDS, person))
    yield from ()


def subscription(stage: Stage) -> Scene:
    """A first subscription."""
    person = stage.cast.newcomer()
    tier = stage.chance.choices((1, 2, 3), (20, 3, 1))[0]
    is_prime = tier == 1 and stage.chance.random() < 0.4
    stage.emit(Subscription(**stage.base(), user=person.user, tier=tier, is_prime=is_prime))
    yield from cheering(stage, lines.HYPE, 3)


def resubscription(stage: Stage) -> Scene:
    """A regular renews and says a word."""
    loyal = [p for p in stage.cast.regulars if p.user.subscriber_months]
    person = stage.chance.choice(loyal)
    text = stage.line(lines.PAID, person)
    months = person.user.subscriber_months or 1
    stage.emit(
        Resubscription(
            **stage.base(),
            user=person.user,
            months=months,
            streak_months=min(months, 6),
            text=text,
            fragments=fragments(text),
        )
    )
    yield from cheering(stage, lines.HYPE, 2)


def gift_bomb(stage: Stage) -> Scene:
    """Somebody gives many subscriptions at once; the parts share one group."""
    giver = stage.cast.anyone().user
    people = stage.cast.some(stage.chance.choice((5, 5, 10, 20)))
    recipients = tuple(_recipient(person.user) for person in people)
    group, count = stage.new_id(), len(recipients)
    stage.emit(GiftSubscriptionBomb(**stage.base(group), user=giver, count=count))
    for recipient in recipients:
        yield 0.08
        stage.emit(GiftSubscription(**stage.base(group), user=giver, recipient=recipient))
    yield 0.2
    stage.emit(
        GiftSubscriptionBomb(
            **stage.base(group), user=giver, count=count, recipients=recipients, is_complete=True
        )
    )
    for person in people[:3]:
        yield stage.chance.uniform(0.5, 2)
        stage.say(person.user, stage.line(lines.THANKS, person))
    yield from cheering(stage, lines.HYPE, 6)


def _recipient(user: User) -> Recipient:
    return Recipient(id=user.id, login=user.login, name=user.name)


def cheer(stage: Stage) -> Scene:
    """Bits with a message."""
    person = stage.cast.anyone()
    bits = stage.chance.choice((50, 100, 100, 250, 500, 1000))
    text = f"Cheer{bits} {stage.line(lines.PAID, person)}"
    stage.emit(
        Cheer(**stage.base(), user=person.user, bits=bits, text=text, fragments=fragments(text))
    )
    yield from cheering(stage, lines.HYPE, 2)


def raid(stage: Stage) -> Scene:
    """Another channel comes over, loudly, and some of its people stay."""
    leader = stage.cast.anyone().user
    people = stage.chance.choice((18, 35, 64, 120, 240))
    stage.emit(Raid(**stage.base(), user=leader, from_user=leader, viewers=people))
    stage.viewers += people
    for newcomer in stage.cast.some(8):
        yield stage.chance.uniform(0.1, 0.8)
        stage.say(newcomer.user, stage.line(lines.RAIDERS, newcomer))
    for newcomer in stage.cast.some(3):
        yield stage.chance.uniform(2, 8)
        stage.emit(Follow(**stage.base(), user=newcomer.user))


def hype_train(stage: Stage) -> Scene:
    """The chat's shared goal, level by level."""
    level, total, goal = 1, 0, 1600
    stage.emit(HypeTrain(**stage.base(), phase=Phase.BEGIN, level=level, total=total, goal=goal))
    for _ in range(stage.chance.randint(6, 12)):
        yield stage.chance.uniform(3, 8)
        total += stage.chance.choice((100, 200, 500, 900))
        if total >= goal:
            level, total, goal = level + 1, total - goal, goal + 600
        train = HypeTrain(**stage.base(), phase=Phase.PROGRESS, level=level, total=total, goal=goal)
        stage.emit(train)
        stage.play(cheering(stage, lines.HYPE, 1))
    yield 5
    stage.emit(HypeTrain(**stage.base(), phase=Phase.END, level=level, total=total, goal=goal))


def poll(stage: Stage) -> Scene:
    """The viewers vote for a minute."""
    title, answers = stage.chance.choice(lines.POLLS)
    poll_id = stage.new_id()
    votes = [0] * len(answers)

    def tell(phase: Phase, status: str) -> Poll:
        choices = tuple(
            Choice(id=str(number), title=answer, votes=votes[number])
            for number, answer in enumerate(answers)
        )
        return Poll(
            **stage.base(),
            phase=phase,
            poll_id=poll_id,
            title=title,
            choices=choices,
            status=status,
        )

    stage.emit(tell(Phase.BEGIN, "active"))
    for _ in range(10):
        yield 6
        for _ in range(stage.chance.randint(1, 12)):
            votes[stage.chance.choices(range(len(votes)), range(len(votes), 0, -1))[0]] += 1
        stage.emit(tell(Phase.PROGRESS, "active"))
    yield 2
    stage.emit(tell(Phase.END, "completed"))


def redemption(stage: Stage) -> Scene:
    """Points for a reward of the channel."""
    person = stage.cast.anyone()
    number = stage.chance.randrange(len(_REWARDS))
    title, cost = _REWARDS[number]
    base = stage.base()
    stage.emit(
        RewardRedemption(
            **base,
            user=person.user,
            reward_id=f"demo-reward-{number}",
            title=title,
            cost=cost,
            redemption_id=base["source_id"],
            input=stage.line(lines.PAID, person) if number == 1 else "",
        )
    )
    yield from ()


def watch_streak(stage: Stage) -> Scene:
    """A regular has not missed a stream for a while."""
    person = stage.chance.choice(stage.cast.regulars)
    streams = stage.chance.choice((3, 5, 7, 10, 15))
    stage.emit(
        WatchStreak(
            **stage.base(), user=person.user, streams=streams, text=stage.line(lines.PAID, person)
        )
    )
    yield from ()


def announcement(stage: Stage) -> Scene:
    """A moderator announces something."""
    person = stage.chance.choice(stage.cast.moderators)
    text = stage.line(lines.ANNOUNCEMENTS, person)
    stage.emit(
        ChatAnnouncement(
            **stage.base(), user=person.user, text=text, fragments=fragments(text), color="purple"
        )
    )
    yield from ()


def troll(stage: Stage) -> Scene:
    """Somebody advertises, and a moderator is quick."""
    person = stage.cast.stranger(stage.chance.randint(1000, 999_999), is_first_time=True)
    written = stage.say(person.user, stage.line(lines.SPAM, person))
    yield stage.chance.uniform(1.5, 4)
    moderator = stage.chance.choice(stage.cast.moderators)
    stage.emit(ChatMessageDeleted(**stage.base(), user=person.user, message_id=written.message_id))
    stage.emit(
        UserBanned(**stage.base(), user=person.user, moderator=moderator.user, reason="spam")
    )
    yield stage.chance.uniform(1, 3)
    stage.say(moderator.user, stage.line(lines.LINES[moderator.temper], moderator))
