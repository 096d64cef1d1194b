"""Trying the questions of a week, and looking at the answers."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player, Step
from bot.app.rehearsal.script import Line

TRIES = {"punctual": 0.8, "chatty": 0.7, "steady": 0.5}
"""Probability that a persona tries the questions of a week; 0.3 for others."""


class Trying(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/selfchecks")

    def hear(self, line: Line) -> None:
        if line.action("selfchecks.answer"):
            self._in(1, partial(self._look, line))
        elif line.action("selfchecks.try") and self._random.random() < TRIES.get(self.player.persona.habit, 0.3):
            self._in(self._random.uniform(1, 60), partial(self._try, line))

    def _in(self, hours: float, step: Step) -> None:
        self.player.plan(self.player.now + timedelta(hours=hours), step)

    async def _try(self, line: Line) -> None:
        if self.player.there:
            await self.player.open_and_submit(line.message, line.action("selfchecks.try") or "")

    async def _look(self, line: Line) -> None:
        answer = line.action("selfchecks.answer") or ""
        await self.player.press(line.message, answer)
        said = "had_it" if self._random.random() < 0.6 else "not_yet"
        self._in(1, partial(self.player.press, line.message, answer.replace(".answer", f".{said}")))
        if line.action("selfchecks.try"):
            self._in(2, partial(self._try, line))
