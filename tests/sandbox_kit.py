"""A small bot for the sandbox's tests: it echoes, asks, refuses, and records what it received."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat
from adapters.sandbox.platform import Platform
from bot.core.commands import Command, Param, PersonId, Shortcut
from bot.core.errors import Unavailable
from bot.core.events import ButtonPressed, CommandIssued, Event, FormSubmitted, ShortcutUsed
from bot.core.forms import ChoiceField, DateField, Form, PersonField, TextField, Values
from bot.core.message import Button, Instant, Jump, Message, Option, Select, buttons, message, paragraph
from bot.core.people import Account, Actor, MessageRef, Place
from bot.core.ports import Answer, Delivery, Watched
from bot.core.time import WoundClock

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """Your page."""


@dataclass(frozen=True)
class Ask:
    """Ask a question; it gets a thread of its own."""

    text: Annotated[str, Param("Your question", long=True)]
    anonymous: Annotated[bool, Param("Without my name")] = False


@dataclass(frozen=True)
class Name:
    """Name somebody instructor."""

    person: Annotated[PersonId, Param("Who")]
    role: Annotated[Literal["instructor", "learner"], Param("Role")] = "instructor"


COMMANDS = (
    Command("", "page", Page, "/cohort", frozenset()),
    Command("ask", "questions", Ask, "/cohort ask Why?", frozenset()),
    Command("name", "people", Name, "/cohort name mia", frozenset()),
)

FORM = Form(
    "quiz.answer/1/7:w3",
    "Week 3",
    (
        TextField("did", "What did you finish?", "One sentence.", long=True, max_length=200),
        ChoiceField("mood", "How is it going?", (Option("good", "Good"), Option("stuck", "Stuck")), required=False),
        DateField("back", "Back on", required=False),
        PersonField("peer", "Thank somebody", required=False),
    ),
    intro="Two minutes.",
    draft="d1",
)

CARD = message(
    paragraph("Week 3 closes ", Instant(datetime(2026, 1, 12, 11, 59, tzinfo=UTC)), "."),
    buttons(Button("Hand in", "quiz.open/1/7:w3", "primary"), Button("Not now", "quiz.later/1/7:w3")),
    Select("quiz.hour/1/7:", "Write to me at", (Option("9", "09:00"), Option("17", "17:00")), "9"),
)


class EchoBot:
    """A `Bot` that answers at once. `down`: saving fails."""

    commands: Sequence[Command] = COMMANDS
    shortcuts: Sequence[Shortcut] = (Shortcut("quiz.note", "Note this", "Keep a message in mind."),)

    def __init__(self, clock: WoundClock) -> None:
        self._clock = clock
        self.heard: list[Event] = []
        self.down = False
        self.form = FORM
        self._answers: dict[str, Answer] = {}

    def now(self) -> datetime:
        return self._clock.now()

    async def receive(self, event: Event) -> Answer:
        if self.down:
            raise Unavailable
        self.heard.append(event)
        return self._answers.setdefault(event.key, self._answer(event))

    def _answer(self, event: Event) -> Answer:
        match event:
            case CommandIssued(name="ask", text=""):
                return Answer(form=Form("ask.send/1/7:", "Ask", (TextField("text", "Your question"),)))
            case CommandIssued(name="tokyo"):
                return Answer(CARD, zone="Asia/Tokyo")
            case CommandIssued(name="where", text=text):
                return Answer(message(paragraph("In ", Jump("a", "this"))), links={"a": text})
            case CommandIssued(name="form") | ButtonPressed(action="quiz.open/1/7:w3"):
                return Answer(form=self.form)
            case CommandIssued(name=name, text=text):
                return Answer(message(paragraph(f"{name or 'page'}: {text}"), *CARD.blocks))
            case ButtonPressed(action=action, value=value):
                return Answer(message(paragraph(f"pressed {action} {value}".strip())))
            case FormSubmitted(values=values):
                if problems := FORM.problems(values):
                    return Answer(problems=problems)
                return Answer(message(paragraph("Thank you. You wrote: " + values["did"])))
            case ShortcutUsed(name=name, text=text):
                return Answer(message(paragraph(f"{name}: {text}")))
        return Answer()

    async def page(self, actor: Actor, workspace: str) -> Answer:
        return Answer(message(paragraph(f"The page of {actor.name}")))

    async def draft(self, actor: Actor, draft: str) -> Answer:
        return Answer(form=self.form)

    async def keep(self, actor: Actor, draft: str, values: Values) -> None:
        pass

    async def tried(self, event: FormSubmitted) -> Answer:
        return Answer()

    async def recall(self, actor: Actor, key: str) -> Answer:
        return Answer(message(paragraph(key)))

    async def watched(self, workspace: str) -> Sequence[Watched]:
        return ()

    async def followed(self, workspace: str) -> Sequence[MessageRef]:
        return ()

    async def accounts(self, workspace: str) -> Sequence[str]:
        return ()

    async def groups(self, workspace: str) -> Sequence[str]:
        return ()

    async def options(self, actor: Actor, place: Place, command: str, parameter: str, typed: str) -> Sequence[Option]:
        people = [Option("1", "Mia"), Option("2", "Leo")]
        return (
            [o for o in people if o.label.lower().startswith(typed.lower())] if parameter in ("person", "peer") else []
        )


class StandingDriver:
    """Winds the clock; nothing ever falls due."""

    def __init__(self, clock: WoundClock) -> None:
        self._clock = clock
        self.settled = 0
        self.still = False

    def now(self) -> datetime:
        return self._clock.now()

    async def advance(self, until: datetime) -> None:
        self._clock.wind(until)

    async def jump(self, until: datetime) -> None:
        self._clock.wind(until)

    async def settle(self) -> None:
        self.settled += 1


class World:
    """The sandbox with its test bot, two channels and three people in three zones."""

    def __init__(self, path: Path | None = None) -> None:
        self.clock = WoundClock(MONDAY)
        self.platform = Platform(path, self.clock.now)
        self.sandbox = Sandbox(self.platform)
        self.bot = EchoBot(self.clock)
        self.driver = StandingDriver(self.clock)
        self.chat = Chat(self.sandbox)
        self.platform.add_channel("general", "Everything about the course")
        self.platform.add_channel("questions")
        self.mia = self.chat.person("mia", "Mia", "Europe/Berlin", "learner, Berlin")
        self.leo = self.chat.person("leo", "Leo", "America/New_York", "learner, New York")
        self.ida = self.chat.person("ida", "Ida", "Asia/Kolkata", "instructor, Pune")

    async def start(self) -> "World":
        await self.sandbox.start(self.bot)
        return self

    def wait(self, **span: float) -> None:
        self.clock.wind(self.clock.now() + timedelta(**span))


def to_channel(key: str, content: Message, channel: str = "general", thread: str | None = None) -> Delivery:
    return Delivery(key, f"test/{key}", content, place=Place("sandbox", channel, thread))


def to_person(key: str, content: Message, user: str = "mia", zone: str | None = None) -> Delivery:
    return Delivery(key, f"test/{key}", content, account=Account("sandbox", user), zone=zone)


def whisper(key: str, content: Message, user: str, channel: str = "general") -> Delivery:
    place = Place("sandbox", channel)
    return Delivery(key, f"test/{key}", content, place=place, account=Account("sandbox", user))


def words(text: str) -> Message:
    return message(paragraph(text))
