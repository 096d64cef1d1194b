"""Checking in by the button of the day's post: done, next, and sometimes stuck."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.parts.enrolment import joins_at
from bot.app.rehearsal.player import Part, Player, Troupe
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.stage import CHANNELS
from bot.features.checkins.rules import rounds

COMES = {"punctual": 0.95, "chatty": 0.9, "steady": 0.75}
"""Probability that a persona checks in; 0.5 for others."""


class Posts:
    """The posts of the rounds in the main channel, by the key of the round."""

    def __init__(self, troupe: Troupe) -> None:
        self.buttons: dict[str, tuple[int, str]] = {}
        troupe.roots.append(self.hear)

    def hear(self, line: Line) -> None:
        action = line.action("checkins.answer")
        if line.place == CHANNELS["main"] and action is not None and line.message is not None:
            self.buttons[action.partition(":")[2]] = (line.message, action)


class CheckingIn(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/checkins")
        self._posts = player.troupe.shared(Posts, Posts)

    def begin(self) -> None:
        player, joins, stage = self.player, joins_at(self.player), self.player.stage
        likely = COMES.get(player.persona.habit, 0.5)
        for round in rounds(stage.course, stage.cohort, player.zone):
            if round.opens_at > joins and self._random.random() < likely:
                hours = 60.0 if player.persona.habit == "late" else self._random.uniform(0.5, 40)
                player.plan(round.opens_at + timedelta(hours=hours), partial(self._check_in, round.key))

    async def _check_in(self, key: str) -> None:
        if self.player.there and key in self._posts.buttons:
            await self.player.open_and_submit(*self._posts.buttons[key])
