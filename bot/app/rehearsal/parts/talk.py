"""Choosing what a private message is."""

from functools import partial

from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line

NO_CHOICES = ("talk.skip/", "talk.back/", "talk.drop/")
"""Buttons below a private message that are not choices."""


class Choosing(Part):
    """Presses the first choice at once, then answers the next question."""

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._pressed: set[str] = set()

    def hear_answer(self, line: Line) -> None:
        choice = next((a for a in line.actions if a.startswith("talk.") and not a.startswith(NO_CHOICES)), None)
        skip = line.action("talk.skip")
        if choice is not None and choice not in self._pressed:
            self._pressed.add(choice)
            self.player.soon(partial(self._choose, line, choice))
        elif skip is not None and skip not in self._pressed:
            self._pressed.add(skip)
            self.player.soon(partial(self._answer, line))

    async def _choose(self, line: Line, action: str) -> None:
        await self.player.press(line.message, action)

    async def _answer(self, line: Line) -> None:
        await self.player.say("", self.player.voice.answer(self.player.random, line.text, self.player.week))
