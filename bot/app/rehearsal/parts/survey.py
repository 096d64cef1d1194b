"""Answering the survey, each of its elements once, without one's name; an instructor decides what comes of it."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line
from bot.core.people import INSTRUCTORS

ANSWERS = {"punctual": 0.8, "chatty": 0.8, "steady": 0.6}
"""Probability that a persona answers the survey; 0.3 for others."""

CAME = ("came", "came", "recording", "neither")
WORTH = ("yes", "yes", "yes", "partly", "partly", "no")
"""What is said, as often as it stands here."""


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
        if not self.player.there:
            return
        opened = await self.player.press(line.message, action)
        if opened is None or opened.form is None:
            return
        said = {"came": self._random.choice(CAME), "worth": self._random.choice(WORTH)}
        asked = {field.name for field in opened.form.fields}
        await self.player.submit(opened.form, **{name: value for name, value in said.items() if name in asked})


class Deciding(Part):
    """An instructor looks at the result from the desk, takes each first choice, and once changes their mind."""

    roles = INSTRUCTORS

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._met = False

    def hear(self, line: Line) -> None:
        look = line.action("survey.look")
        if look is not None and not self._met and self.player is self.player.troupe.of(INSTRUCTORS)[0]:
            self._met = True
            self.player.plan(self.player.now + timedelta(hours=2), partial(self._decide, line, look))

    async def _decide(self, line: Line, look: str) -> None:
        page = await self.player.press(line.message, look)
        reply = page.reply if page else None
        if reply is None or reply.message is None:
            return
        offered = [action for action in reply.message.actions() if action.startswith("survey.decide/")]
        about = {action.rpartition(".")[0]: action for action in reversed(offered)}
        for action in about.values():
            decided = await self.player.press(reply.id, action)
        if about:
            await self.player.follow(decided, "survey.decide", ".modify")
