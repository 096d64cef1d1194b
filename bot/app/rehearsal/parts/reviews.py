"""Reviewing the work of others by the buttons of cards, and saying how useful the reviews of one's own work were."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Part, Player, Step
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.watch import Broken, Watch
from bot.core.people import Cohort

REVIEWS = {"punctual": 0.95, "chatty": 0.9, "steady": 0.8}
"""Probability that a persona reviews when a card offers it; 0.5 for others, and more after a reminder."""

MAY_LAPSE = re.compile(r"reviews/early/\d+/[^/]+/\d+")

FORGETS = 0.08
"""Probability that somebody takes a piece and does not write its review."""

SAID = (
    "The second part: I could follow every step without asking.",
    "I would move the example to the front, and cut what comes before it.",
    "At the third sentence I was lost. Say who does it, and when.",
    "The figures. I counted them again, and got the same.",
    "That it says what it leaves out. I take that over into mine.",
)
ANSWERS = ("", "", "Thank you, I had not seen that.", "I moved it to the front, and it is better.")
USEFUL = ("very", "very", "partly", "partly", "not")


class Reviewing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/reviews")
        self._taking: set[str] = set()

    def hear(self, line: Line) -> None:
        self._hear(line)

    def hear_edit(self, line: Line) -> None:
        """The week card gets the button when a review opens."""
        self._hear(line)

    def _hear(self, line: Line) -> None:
        take = line.action("reviews.take")
        if take is None or take in self._taking:
            return
        if self._random.random() < REVIEWS.get(self.player.persona.habit, 0.5):
            self._taking.add(take)
            late = self.player.persona.habit == "late"
            self._in(
                self._random.uniform(70, 120) if late else self._random.uniform(2, 60), partial(self._take, line, take)
            )

    def _in(self, hours: float, step: Step) -> None:
        self.player.plan(self.player.now + timedelta(hours=hours), step)

    async def _take(self, line: Line, take: str) -> None:
        """Takes one piece after the other while any is asked of them."""
        player = self.player
        if not player.there:
            return
        shown = await player.press(line.message, take)
        for _ in range(3):
            opened = await player.follow(shown, "reviews.send")
            if opened is None or opened.form is None or self._random.random() < FORGETS:
                return
            said = {f.name: self._random.choice(SAID) for f in opened.form.fields if f.name.startswith("point")}
            if any(f.name == "points" for f in opened.form.fields):
                said["points"] = "3"
            receipt = await player.submit(opened.form, **said)
            if receipt is None or receipt.reply is None or "asked of you" not in str(receipt.reply):
                return
            shown = await player.follow(receipt, "reviews.take")


class BeingReviewed(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/reviewed")

    def hear(self, line: Line) -> None:
        read = line.action("reviews.read")
        if read is not None and self._random.random() < 0.7:
            at = self.player.now + timedelta(hours=self._random.uniform(0.5, 20))
            self.player.plan(at, partial(self._read, line, read))
        ask = line.action("reviews.consent")
        if ask is not None:
            agreed = self._random.random() < 0.8
            at = self.player.now + timedelta(hours=self._random.uniform(0.1, 10))
            consent = ask if agreed else ask.replace(".yes", ".no")
            self.player.plan(at, partial(self.player.press, line.message, consent))

    async def _read(self, line: Line, read: str) -> None:
        if not self.player.there:
            return
        page = await self.player.press(line.message, read)
        opened = await self.player.follow(page, "reviews.useful")
        if opened is not None and opened.form is not None:
            said = {"useful": self._random.choice(USEFUL)}
            if any(field.name == "reply" for field in opened.form.fields):
                said["reply"] = self._random.choice(ANSWERS)
            await self.player.submit(opened.form, **said)


class ToldOnce(Watch):
    """Nobody hears of the same reviews twice."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._told: dict[tuple[str, str], int] = {}
        self._twice: list[tuple[str, datetime, str]] = []

    def hear(self, line: Line) -> None:
        anchor = line.anchor or ""
        if line.by == BOT and line.reader and line.kind == "posted" and anchor.startswith("reviews/"):
            key = (line.reader, anchor)
            self._told[key] = self._told.get(key, 0) + 1
            if self._told[key] > 1:
                self._twice.append((line.reader, line.at, anchor))

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        for who, at, anchor in self._twice:
            yield Broken(who, at, f"heard of {anchor} twice")
