"""Working beside others: coming into a room that is open, opening one, and saying what one got done."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import RESTS, RISES, Part, Player, Troupe
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.watch import Broken, Watch
from bot.app.rehearsal.words import DONE, SHORT
from bot.core.people import Cohort
from bot.core.time import local
from bot.features.rooms.views import LONGEST

COMES = {"punctual": 0.3, "chatty": 0.5, "steady": 0.2}
"""Probability that a persona comes into a room that opens while they are awake; 0.1 for others."""

OPENS = {"chatty": 0.5, "punctual": 0.2}
"""Probability that a persona opens a room in a week."""

NAMELESS = 0.2

POSTED_FOR_PEOPLE = "room/"


class Opened:
    """Tells the players of a room that has opened."""

    def __init__(self, troupe: Troupe) -> None:
        self.parts: list[WorkingBeside] = []
        troupe.threads.append(self.hear)
        troupe.roots.append(self.hear)

    def hear(self, line: Line) -> None:
        action = line.action("rooms.here")
        if line.by == BOT and line.reader is None and line.kind == "posted" and action is not None:
            for part in self.parts:
                part.may_come(line.message, action)


class WorkingBeside(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/rooms")
        self._done: set[str] = set()
        player.troupe.shared(Opened, Opened).parts.append(self)

    def begin(self) -> None:
        course = self.player.stage.course
        for week in range(1, len(course.weeks) + 1) if course.rooms else ():
            if self._random.random() < OPENS.get(self.player.persona.habit, 0):
                self.player.plan(self.player.wall(week, self._random.randrange(5), 19), self._open)

    async def _open(self) -> None:
        if self.player.there:
            opened = await self.player.command("room")
            if opened is not None and opened.form is not None:
                await self.player.submit(opened.form, about=self._words(SHORT))

    def may_come(self, message: int | None, action: str) -> None:
        """Whoever sleeps now would come when it has closed."""
        awake = RISES <= local(self.player.now, self.player.zone).hour < RESTS
        if self.player.there and awake and self._random.random() < COMES.get(self.player.persona.habit, 0.1):
            self.player.plan(self.player.now + timedelta(minutes=2), partial(self._come, message, action))

    async def _come(self, message: int | None, action: str) -> None:
        if self.player.there:
            nameless = "yes" if self._random.random() < NAMELESS else ""
            about = self._words(SHORT) if self._random.random() < 0.7 else ""
            await self.player.open_and_submit(message, action, about=about, nameless=nameless)

    def hear(self, line: Line) -> None:
        """Once they are in it. Some leave without a word, and most say at the end what they got done."""
        leave, done = line.action("rooms.leave"), line.action("rooms.done")
        if done is None or (line.anchor or "") in self._done:
            return
        self._done.add(line.anchor or "")
        if leave is not None and self._random.random() < 0.2:
            self.player.later(partial(self.player.press, line.message, leave), 0.1, 0.5)
        elif self._random.random() < 0.7:
            self.player.later(partial(self._say_done, line.message, done), 0.5, 3)

    async def _say_done(self, message: int | None, action: str) -> None:
        if self.player.there:
            await self.player.open_and_submit(message, action, done=self._words(DONE))

    def _words(self, some: tuple[str, ...]) -> str:
        return self.player.voice.say(self._random, some, self.player.week)[:LONGEST]


class OnlyWhoCame(Watch):
    """A room's post names nobody who has not come into one, or has left and said nothing."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._came: set[str] = set()
        self._found: list[Broken] = []

    def hear(self, line: Line) -> None:
        if line.by != BOT:
            if line.action("rooms.here") or line.action("rooms.open"):
                self._came.add(line.by)
            elif line.action("enrolment.leave"):
                self._came.discard(line.by)
        elif line.reader is None and (line.anchor or "").startswith("room/"):
            shown = [part.removeprefix("- ") for part in line.text.splitlines() if part.startswith("- ")]
            for person in self.people.values():
                if not any(part == person.name or part.startswith(f"{person.name}: ") for part in shown):
                    continue
                namesakes = {p.id for p in self.people.values() if p.name == person.name}
                if not namesakes & self._came:
                    self._found.append(Broken(person.id, line.at, f"is named in “{line.heading}”, and is not there"))

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        yield from dict.fromkeys(self._found)
