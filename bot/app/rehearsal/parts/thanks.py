"""Thanking those who answered, and saying whether one may be named where help is told."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from random import Random

from adapters.sandbox.acts import Outcome
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Part, Player, Troupe
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import CHANNELS
from bot.app.rehearsal.watch import Broken, Watch, named_in
from bot.core.people import LEARNERS, Cohort, Role

AGREE = 0.6
"""How many agree when they are asked; half of the others say no, and half say nothing."""

CHANGES = 0.2
"""How many of those who agreed change their mind in the days after."""

THANKS = 0.4
"""How many of the answers in the channel somebody thanks for."""


class Helped:
    """Learners whose answers in the channel somebody else thanks for."""

    def __init__(self, troupe: Troupe) -> None:
        self._troupe = troupe
        self._random = Random("thanks")
        troupe.threads.append(self.hear)

    def hear(self, line: Line) -> None:
        helper = self._troupe.players.get(line.by)
        if helper is None or helper.persona.role is not Role.LEARNER or line.place != CHANNELS["questions"]:
            return
        others = [p for p in self._troupe.of(LEARNERS) if p is not helper and p.there]
        if others and line.message is not None and self._random.random() < THANKS:
            grateful = self._random.choice(others)
            grateful.later(partial(self._thank, grateful, line.message), 0.5, 20)

    async def _thank(self, grateful: Player, message: int) -> None:
        if grateful.there:
            await grateful.choose(message, "Thank")


class Agreeing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/thanks")
        player.troupe.shared(Helped, Helped)

    def hear(self, line: Line) -> None:
        yes, no = line.action("thanks.name_me"), line.action("thanks.not_me")
        if yes is not None and no is not None:
            said = self._random.random()
            meant = yes if said < AGREE else no if said < AGREE + (1 - AGREE) / 2 else ""
            if meant:
                self.player.later(partial(self._say, line, meant), 0.5, 30)

    async def _say(self, line: Line, meant: str) -> None:
        if self.player.there:
            said = await self.player.press(line.message, meant)
            if self._random.random() < CHANGES:
                self.player.later(partial(self._change, said), 20, 90)

    async def _change(self, said: Outcome | None) -> None:
        if self.player.there:
            await self.player.follow(said, "thanks.not_me")


class Agreed(Watch):
    """No learner is named in a recap, or among those who are thanked, who has not agreed or does not any more."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._agreed: set[str] = set()
        self._posts: dict[str, Line] = {}
        self._found: list[Broken] = []

    def hear(self, line: Line) -> None:
        if line.by != BOT and line.action("thanks.name_me"):
            self._agreed.add(line.by)
        elif line.by != BOT and line.action("thanks.not_me"):
            self._agreed.discard(line.by)
        elif line.by == BOT and line.reader is None and (line.anchor or "").startswith(("recap/", "wrapup/")):
            self._posts[line.anchor or ""] = line
            self._found += self._unagreed(line)

    def _unagreed(self, line: Line) -> Iterator[Broken]:
        """A report also names people, for their answers: of it only the line with the thanks counts."""
        is_recap = (line.anchor or "").startswith("recap/")
        text = "\n".join(part for part in line.text.splitlines() if is_recap or part.startswith("Thanks of the week"))
        for person in named_in(text, [p for p in self.people.values() if p.role is Role.LEARNER]):
            namesakes = {p.id for p in self.people.values() if p.name == person.name}
            if not namesakes & self._agreed:
                yield Broken(person.id, line.at, f"is named in “{line.heading}” and has not agreed")

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        in_the_end = [b for line in self._posts.values() for b in self._unagreed(line)]
        yield from dict.fromkeys([*self._found, *in_the_end])
