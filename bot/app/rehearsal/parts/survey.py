"""Answering the survey, each of its elements once, without one's name."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line

ANSWERS = {"punctual": 0.8, "chatty": 0.8, "steady": 0.6}
"""Probability that a persona answers the survey; 0.3 for others."""


class Answering(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/survey")
        self._heard: set[str] = set()

    def hear(self, line: Line) -> None:
        for action in line.actions:
            if action.startswith("survey.answer/") and action not in self._heard:
                self._heard.add(action)
                if self._random.random() < ANSWERS.get(self.player.persona.habit, 0.3):
                    at = self.player.now + timedelta(hours=self._random.uniform(0.2, 30))
                    self.player.plan(at, partial(self._answer, line, action))

    async def _answer(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.open_and_submit(line.message, action)
