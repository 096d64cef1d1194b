"""Playing the story of a week, each to some ending, and now and then leaving it for days."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player, Step
from bot.app.rehearsal.script import Line

PLAYS = {"punctual": 0.8, "chatty": 0.8, "steady": 0.6}
"""Probability that a persona plays the story of a week; 0.3 for others."""

PATIENCE = 12
"""Choices after which somebody leaves a story that goes round in circles."""


class Playing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/scenarios")
        self._chosen = 0

    def hear(self, line: Line) -> None:
        if choices := [a for a in line.actions if a.startswith("scenarios.choose/")]:
            if self._chosen < PATIENCE:
                self._chosen += 1
                hours = 72.0 if self._random.random() < 0.1 else self._random.uniform(0.05, 1)
                self._in(hours, partial(self._press, line, self._random.choice(choices)))
            return
        begin = line.action("scenarios.begin")
        if begin and self._random.random() < PLAYS.get(self.player.persona.habit, 0.3):
            self._in(self._random.uniform(1, 60), partial(self._press, line, begin))

    def _in(self, hours: float, step: Step) -> None:
        self.player.plan(self.player.now + timedelta(hours=hours), step)

    async def _press(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.press(line.message, action)
