"""Live sessions: saying yes to a slot that is in waking hours; and nobody ever reads of a held one."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.watch import Broken, Watch
from bot.core.people import Cohort, Role
from bot.core.time import local
from bot.course.gate.values import Settled
from bot.course.gate.verdicts import passes, verdicts
from bot.course.loader import course_of

COMES = {"punctual": 0.7, "chatty": 0.7, "steady": 0.5}
"""Probability that a persona says yes to a slot in their waking hours; 0.2 for others."""

_OF_ONE = re.compile(r"Live, if you like|Live: |live session|You come to|to come to")


class Coming(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/live")

    def hear(self, line: Line) -> None:
        action = line.action("live.rsvp")
        if action and line.heading.startswith("Week ") and self._random.random() < self._likely():
            self.player.plan(self.player.now + timedelta(hours=self._random.uniform(0.5, 6)), partial(self._say, line))

    def _likely(self) -> float:
        return COMES.get(self.player.persona.habit, 0.2)

    async def _say(self, line: Line) -> None:
        """To the first slot between eight and ten by their own clock."""
        if not self.player.there:
            return
        page = await self.player.press(line.message, line.action("live.rsvp") or "")
        course, cohort = course_of(self.player.stage.cohort.course_text), self.player.stage.cohort
        lives = [live for live in course.live if live.week == self.player.week]
        for live in lives:
            for n, slot in enumerate(live.slots, 1):
                if 8 <= local(slot.at(cohort.timetable, live.week, cohort.zone), self.player.zone).hour < 22:
                    await self.player.follow(page, "live.rsvp", f".{n}")
                    return


class NothingHeld(Watch):
    """Nobody but the course team reads of a session that the gate holds."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._told: dict[str, Line] = {}

    def hear(self, line: Line) -> None:
        reader = self.people.get(line.reader or "")
        is_learner = reader.role is Role.LEARNER if reader else line.reader is None
        if line.by == BOT and is_learner and _OF_ONE.search(line.text):
            self._told.setdefault(line.text, line)

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        zones = sorted({p.zone for p in self.people.values() if p.role is Role.LEARNER})
        settled = Settled(agreed={})
        for live, failed in verdicts(course_of(cohort.course_text), zones, cohort.timetable, settled):
            told = [line for text, line in self._told.items() if live.title in text]
            if told and not passes(live, failed, settled):
                line = told[0]
                yield Broken(line.reader or line.place, line.at, f"was told of “{live.title}”, which the gate holds")
