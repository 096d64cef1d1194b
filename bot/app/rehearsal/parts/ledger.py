"""Saying by one tap how long a week took."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line

TAPS = {"punctual": 0.7, "chatty": 0.6, "steady": 0.5}
"""Probability that a persona taps; 0.2 for others."""


class Tapping(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/ledger")

    def hear(self, line: Line) -> None:
        taps = [action for action in line.actions if action.startswith("ledger.took/")]
        if taps and self._random.random() < TAPS.get(self.player.persona.habit, 0.2):
            at = self.player.now + timedelta(hours=self._random.uniform(0.2, 20))
            self.player.plan(at, partial(self._tap, line, self._random.choice(taps)))

    async def _tap(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.press(line.message, action)
