"""Playing the story of a week, each to some ending, and now and then leaving it for days."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Part, Player, Step
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.watch import Broken, Watch
from bot.core.people import Cohort

PLAYS = {"punctual": 0.8, "chatty": 0.8, "steady": 0.6}
"""Probability that a persona plays the story of a week; 0.3 for others."""

PATIENCE = 12
"""Choices after which somebody leaves a story that goes round in circles."""


class Playing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/scenarios")
        self._chosen = 0
        self._met: set[str] = set()

    def hear(self, line: Line) -> None:
        begin = line.action("scenarios.begin")
        if line.action("scenarios.choose"):
            self._chosen = 0
            self.hear_edit(line)
        elif begin and begin not in self._met and self._random.random() < PLAYS.get(self.player.persona.habit, 0.3):
            self._met.add(begin)
            self._in(self._random.uniform(1, 60), partial(self._press, line, begin))

    def hear_edit(self, line: Line) -> None:
        choices = [a for a in line.actions if a.startswith("scenarios.choose/")]
        if choices and self._chosen < PATIENCE:
            self._chosen += 1
            hours = 72.0 if self._random.random() < 0.1 else self._random.uniform(0.05, 1)
            self._in(hours, partial(self._press, line, self._random.choice(choices)))

    def _in(self, hours: float, step: Step) -> None:
        self.player.plan(self.player.now + timedelta(hours=hours), step)

    async def _press(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.press(line.message, action)


class GoesOn(Watch):
    """Every card of a story has something to choose, or has come to an end from which it can begin again."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._cards: dict[str, Line] = {}

    def hear(self, line: Line) -> None:
        if line.by == BOT and line.kind in ("posted", "updated") and (line.anchor or "").startswith("scenario/"):
            self._cards[line.anchor or ""] = line

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        for line in self._cards.values():
            ended = line.action("scenarios.again") and "The end: " in line.text
            if not (line.action("scenarios.choose") or ended):
                yield Broken(line.reader or "", line.at, f"“{line.heading}” goes no further and has no end")
