"""What the invented viewers say, by temper and language."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "ANNOUNCEMENTS",
    "ANSWERS",
    "FIRST_WORDS",
    "GREETINGS",
    "HYPE",
    "LINES",
    "PAID",
    "POLLS",
    "RAIDERS",
    "SPAM",
    "THANKS",
    "Temper",
]


class Temper(StrEnum):
    """What kind of viewer somebody is."""

    CHEERFUL = "cheerful"
    CURIOUS = "curious"
    JOKER = "joker"
    VETERAN = "veteran"
    BACKSEAT = "backseat"
    SLEEPY = "sleepy"
    KEEPER = "keeper"


Texts = dict[str, tuple[str, ...]]

LINES: dict[Temper, Texts] = {
    Temper.CHEERFUL: {
        "en": (
            "this stream made my day coreLove",
            "let's goooo coreHype",
            "good vibes only tonight",
            "chat you are the best, you know that?",
            "the music is so good, what track is this?",
            "hi {name}! good to see you here again",
            "coreHype coreHype coreHype",
            "clean! so clean!",
            "okay that was actually beautiful",
        ),
        "ru": (
            "какой же уютный стрим coreLove",
            "погнали! coreHype",
            "настроение сразу лучше стало",
            "чат, вы лучшие",
            "{name}, привет! давно не виделись",
            "музыка огонь, что играет?",
            "вот это было красиво",
            "coreHype coreHype",
            "улыбаюсь как дурак сижу coreGG",
        ),
    },
    Temper.CURIOUS: {
        "en": (
            "wait, how did you do that?",
            "is this the first playthrough?",
            "what keyboard do you use?",
            "does the left path lead anywhere?",
            "who made the overlay? looks great",
            "!uptime",
            "!hello",
            "how long is the game?",
            "what is the plan after this boss?",
        ),
        "ru": (
            "а как ты это сделал?",
            "это первое прохождение?",
            "какая у тебя клавиатура?",
            "а налево что-нибудь есть?",
            "кто рисовал оверлей? очень красиво",
            "!uptime",
            "!hello",
            "а игра длинная?",
            "что делаем после босса?",
        ),
    },
    Temper.JOKER: {
        "en": (
            "my grandma speedruns this blindfolded coreSus",
            "instructions unclear, started a farm",
            "{name} you owe me a pizza, remember",
            "the real boss was the menu all along",
            "coreLUL coreLUL",
            "achievement unlocked: gravity",
            "tactical retreat they call it",
            "I would clip that but I was eating coreRIP",
        ),
        "ru": (
            "моя бабушка это проходит с закрытыми глазами coreSus",
            "инструкция непонятна, теперь у меня ферма",
            "{name}, ты мне пиццу должен, я помню",
            "настоящий босс — это меню",
            "coreLUL coreLUL",
            "ачивка: гравитация",
            "это не побег, это тактика",
            "хотел клипнуть, но руки в чипсах coreRIP",
        ),
    },
    Temper.VETERAN: {
        "en": (
            "back in the old version this door was open",
            "three years here and it still gets better",
            "remember the stream when the cat won the boss fight?",
            "the second phase is where it gets interesting",
            "gg, that took me a week back then coreGG",
            "{name} is right, check the map again",
            "solid run so far",
        ),
        "ru": (
            "в старой версии эта дверь была открыта",
            "третий год смотрю, и всё лучше и лучше",
            "помните стрим, где кот победил босса?",
            "вторая фаза — вот где веселье",
            "гг, я на этом неделю сидел coreGG",
            "{name} прав, посмотри карту ещё раз",
            "пока очень крепкий забег",
        ),
    },
    Temper.BACKSEAT: {
        "en": (
            "go left. LEFT. the other left coreHmm",
            "you walked past the chest",
            "use the potion! use it!",
            "parry, then jump, easy",
            "turn around, there is a ladder",
            "have you tried not dying",
            "check the settings, your volume is low",
        ),
        "ru": (
            "налево. НАЛЕВО. другое налево coreHmm",
            "сундук пропустил",
            "зелье выпей! зелье!",
            "парируй, потом прыжок, изи",
            "обернись, там лестница",
            "а ты пробовал не умирать",
            "звук тихий, проверь настройки",
        ),
    },
    Temper.SLEEPY: {
        "en": (
            "just woke up, what did I miss?",
            "lurking while cooking",
            "one more run and I sleep, I promise",
            "tea break coreLove",
            "it is 3 am here, worth it",
            "back from work, finally",
        ),
        "ru": (
            "только проснулся, что пропустил?",
            "смотрю одним глазом, готовлю ужин",
            "ещё один забег — и спать, честно",
            "чайная пауза coreLove",
            "у нас три ночи, но оно того стоит",
            "наконец-то с работы",
        ),
    },
    Temper.KEEPER: {
        "en": (
            "be kind in chat, please",
            "no spoilers, folks. first playthrough",
            "links only with permission, ask a mod",
            "welcome everyone who just joined coreGG",
            "{name} easy on the caps please",
            "commands are in the panel below the stream",
        ),
        "ru": (
            "не ссоримся в чате, пожалуйста",
            "без спойлеров, ребята, первое прохождение",
            "ссылки только с разрешения, спросите модератора",
            "добро пожаловать всем, кто только пришёл coreGG",
            "{name}, поменьше капса, пожалуйста",
            "команды — в панели под стримом",
        ),
    },
}

GREETINGS: Texts = {
    "en": ("hi everyone!", "hello chat", "evening! coreLove", "hey hey", "made it in time!"),
    "ru": ("всем привет!", "привет, чат", "вечер добрый! coreLove", "приветики", "успел!"),
}
FIRST_WORDS: Texts = {
    "en": ("first time here, hello chat", "a friend sent me here, hi!", "hi, is this the demo?"),
    "ru": ("впервые на стриме, привет чат", "друг посоветовал, привет!", "о, это демо? привет"),
}
ANSWERS: Texts = {
    "en": ("exactly!", "no way coreLUL", "haha true", "not sure about that one coreHmm", "+1"),
    "ru": ("вот именно!", "да ладно coreLUL", "ахах, правда", "сомнительно coreHmm", "плюсую"),
}
HYPE: Texts = {
    "en": ("coreHype coreHype coreHype", "WHAT", "huge!", "legend coreLove", "GG", "poggers"),
    "ru": ("coreHype coreHype coreHype", "ОГО", "мощно!", "легенда coreLove", "гг", "вау"),
}
RAIDERS: Texts = {
    "en": ("RAID! coreHype", "hello from the raid", "the raid has arrived coreLove"),
    "ru": ("РЕЙД! coreHype", "привет от рейда", "рейд на месте coreLove"),
}
THANKS: Texts = {
    "en": ("thank you for the gift! coreLove", "woah thanks {name}!", "what a legend"),
    "ru": ("спасибо за подписку! coreLove", "ого, спасибо, {name}!", "вот это щедрость"),
}
PAID: Texts = {
    "en": (
        "keep it up, best stream of the week!",
        "for the new microphone",
        "play the second song again please",
        "greetings from the night shift",
        "happy birthday to my sister Ann coreLove",
    ),
    "ru": (
        "так держать, лучший стрим недели!",
        "на новый микрофон",
        "поставь ещё раз вторую песню, пожалуйста",
        "привет с ночной смены",
        "с днём рождения мою сестру Аню coreLove",
    ),
}
SPAM: Texts = {
    "en": ("best viewers cheap, first 100 free!!! ask me how", "FREE SKINS CLICK MY PROFILE!!!!"),
    "ru": (
        "накрутка зрителей дёшево!!! пиши в личку",
        "РАЗДАЮ СКИНЫ БЕСПЛАТНО, СМОТРИ ПРОФИЛЬ!!!!",
    ),
}
ANNOUNCEMENTS: Texts = {
    "en": ("Tomorrow we start an hour earlier, see you then!",),
    "ru": ("Завтра начинаем на час раньше, не пропустите!",),
}
POLLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Which way? / Куда идём?", ("Left / Налево", "Right / Направо", "Back / Назад")),
    ("One more run? / Ещё забег?", ("Yes! / Да!", "Sleep / Спать")),
    (
        "Next game? / Следующая игра?",
        ("Horror / Хоррор", "Racing / Гонки", "Puzzle / Головоломка", "Farm / Ферма"),
    ),
)
