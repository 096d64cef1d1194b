"""Saying whether one may be named where help is told."""

from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line

AGREE = 0.6
"""How many agree when they are asked; half of the others say no, and half say nothing."""


class Agreeing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/thanks")

    def hear(self, line: Line) -> None:
        yes, no = line.action("thanks.name_me"), line.action("thanks.not_me")
        if yes is not None and no is not None:
            said = self._random.random()
            meant = yes if said < AGREE else no if said < AGREE + (1 - AGREE) / 2 else ""
            if meant:
                self.player.later(partial(self.player.press, line.message, meant), 0.5, 30)
