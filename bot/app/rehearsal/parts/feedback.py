"""Instructors give feedback from the desk, and mark some work as seen; some learners read it and reply."""

from datetime import timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.player import Part, Player, Step
from bot.app.rehearsal.script import Line
from bot.core.people import INSTRUCTORS

A_SITTING = 5
"""Pieces of work that an instructor looks at in a day."""

GIVEN = (
    "Your second paragraph is the beginning: start there, and cut the first.",
    "Clear from start to end. One thing: name the reader in the first line.",
    "I stopped at the figure. Say what it shows before it comes.",
)
RECORDING = "https://example.org/feedback.m4a"
REPLIES = ("Thank you, that helps.", "I had not seen that. I cut it.", "May I keep the figure where it is?")


class _Sometimes(Part):
    """Acts after some hours, by chances of its own."""

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/feedback")

    def _in(self, least: float, most: float, step: Step) -> None:
        self.player.plan(self.player.now + timedelta(hours=self._random.uniform(least, most)), step)


class Commenting(_Sometimes):
    roles = INSTRUCTORS

    def hear(self, line: Line) -> None:
        if (line.anchor or "").startswith("desk/") and line.action("feedback.give"):
            self._in(0.2, 3, self._sit_down)

    async def _sit_down(self) -> None:
        """Takes one piece after the other from the desk that they ask for."""
        for _ in range(A_SITTING):
            desk = await self.player.command("desk")
            opened = await self.player.follow(desk, "feedback.give")
            if opened is None or opened.form is None:
                return
            lot = self._random.random()
            if lot < 0.15:
                await self.player.follow(desk, "feedback.seen")
                continue
            recorded = lot > 0.85
            said = "" if recorded else self._random.choice(GIVEN)
            await self.player.submit(opened.form, text=said, link=RECORDING if recorded else "", later="")


class Reading(_Sometimes):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._heard: set[str] = set()

    def hear(self, line: Line) -> None:
        read, reply = line.action("feedback.read"), line.action("feedback.reply")
        if read is None or reply is None or read in self._heard:
            return
        self._heard.add(read)
        if self._random.random() < 0.6:
            self._in(0.5, 20, partial(self._read, line, read, reply, self._random.random() < 0.5))

    async def _read(self, line: Line, read: str, reply: str, replies: bool) -> None:
        if not self.player.there:
            return
        await self.player.press(line.message, read)
        if replies:
            await self.player.open_and_submit(line.message, reply, text=self._random.choice(REPLIES))
