"""Checking in by the button of the day's post: done, next, and sometimes stuck."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.parts.enrolment import joins_at
from bot.app.rehearsal.player import Part, Player, Troupe
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import CHANNELS
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.watch import Broken, Watch
from bot.app.rehearsal.words import DONE, ONE_WORD
from bot.core.people import Cohort
from bot.core.uptime import Uptime
from bot.features.checkins.rules import rounds

COMES = {"punctual": 0.95, "chatty": 0.9, "steady": 0.75}
"""Probability that a persona checks in; 0.5 for others."""


_POST = re.compile(r"checkin/\d+/(?P<key>.+)")
_COUNTED = re.compile(r"(\d{1,6}) ha(?:s|ve) checked in")


class Posts:
    """The posts of the rounds in the main channel, by the key of the round."""

    def __init__(self, troupe: Troupe) -> None:
        self.buttons: dict[str, tuple[int, str]] = {}
        troupe.threads.append(self.hear)

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
        for round in rounds(stage.course, stage.cohort, player.zone, Uptime(joins)):
            if round.opens_at > joins and self._random.random() < likely:
                hours = 60.0 if player.persona.habit == "late" else self._random.uniform(0.5, 40)
                player.plan(round.opens_at + timedelta(hours=hours), partial(self._check_in, round.key))

    async def _check_in(self, key: str) -> None:
        if self.player.there and key in self._posts.buttons:
            message, action = self._posts.buttons[key]
            done = self.player.voice.say(self._random, DONE, self.player.week)
            words = {"done": done} if Twist.ONE_WORD not in self.player.troupe.twists else {"next": ONE_WORD}
            await self.player.do_what_is_asked(message, action, **words)


class InThePost(Watch):
    """Whoever has a receipt is counted in the post of the day."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._told: dict[str, dict[str, Line]] = {}
        self._counted: dict[str, dict[str, int]] = {}
        """The key of a round -> its posts, one for the cohort and one in each pod, with how many each counts."""

    def hear(self, line: Line) -> None:
        if line.by == BOT and line.reader and line.action("checkins.delete"):
            key = (line.action("checkins.answer") or "").partition(":")[2]
            self._told.setdefault(key, {})[line.reader] = line
        elif line.by == BOT and (post := _POST.fullmatch(line.anchor or "")):
            number = _COUNTED.search(line.text)
            in_pod = (line.action("checkins.answer") or "").partition(":")[2]
            key = in_pod if post["key"].startswith("in/") else post["key"]
            self._counted.setdefault(key, {})[post["key"]] = int(number[1]) if number else 0

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        for key, told in self._told.items():
            if (counted := sum(self._counted.get(key, {}).values())) != len(told):
                who, line = list(told.items())[-1]
                yield Broken(who, line.at, f"{len(told)} checked in to {key}, and its post counts {counted}")
