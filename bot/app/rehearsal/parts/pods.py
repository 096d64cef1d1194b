"""Asking for a pod, introducing oneself in it, and now and then leaving it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.watch import Broken, Watch, named_in
from bot.core.people import Cohort, Role

ASKS = {"punctual": 0.7, "chatty": 0.9, "steady": 0.6}
"""Probability that a persona asks for a pod; 0.3 for others."""

LEAVES = 0.05
"""How many leave their pod after some days."""

SETTLED = timedelta(days=1)
"""How long after a change the post of a pod has everybody."""

_POST = re.compile(r"pod/\d+/(?P<pod>\d+)/\d+")


class InAPod(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/pods")
        self._asked = False
        self._introduced = False

    def hear(self, line: Line) -> None:
        self.hear_edit(line)

    def hear_edit(self, line: Line) -> None:
        join, introduce = line.action("pods.join"), line.action("pods.introduce")
        if join is not None and not self._asked:
            self._asked = True
            if self._random.random() < ASKS.get(self.player.persona.habit, 0.3):
                self._in(self._random.uniform(0.5, 40), line, join)
        elif introduce is not None and not self._introduced:
            self._introduced = True
            if self._random.random() < ASKS.get(self.player.persona.habit, 0.3):
                self._in(self._random.uniform(0.5, 40), line, introduce, form=True)
            if self._random.random() < LEAVES:
                self.player.plan(self.player.now + timedelta(days=5), self._leave)

    def _in(self, hours: float, line: Line, action: str, form: bool = False) -> None:
        step = self._introduce if form else self._press
        self.player.plan(self.player.now + timedelta(hours=hours), partial(step, line, action))

    async def _press(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.press(line.message, action)

    async def _introduce(self, line: Line, action: str) -> None:
        if self.player.there:
            await self.player.open_and_submit(line.message, action)

    async def _leave(self) -> None:
        if self.player.there:
            shown = await self.player.follow(await self.player.command(""), "pods.show")
            await self.player.follow(await self.player.follow(shown, "pods.leave"), "pods.leave_now")


class WithOthers(Watch):
    """Nobody is alone in a pod's post, and nobody is in two."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._posts: dict[str, Line] = {}

    def hear(self, line: Line) -> None:
        if line.by == BOT and line.reader is None and (post := _POST.fullmatch(line.anchor or "")):
            self._posts[post["pod"]] = line

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        inside: dict[str, str] = {}
        learners = [p for p in self.people.values() if p.role is Role.LEARNER]
        for pod, line in self._posts.items():
            if not line.action("pods.introduce") or line.at > until - SETTLED:
                continue
            names = line.text.split("\n")[1].partition(":")[0]
            for person in named_in(names, learners):
                if person.id in inside:
                    yield Broken(person.id, line.at, f"is in pod {pod} and in pod {inside[person.id]}")
                inside[person.id] = pod
            if len(named_in(names, learners)) < 2:
                yield Broken("", line.at, f"pod {pod} has nobody to talk to: {names}")
