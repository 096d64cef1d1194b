"""Posting in discussions, in time, late or in a word, and replying; instructors raise what nobody answered."""

import re
from functools import partial
from random import Random

from bot.app.rehearsal.expected import Receipt
from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line
from bot.core.people import INSTRUCTORS

POSTS = {"punctual": 0.95, "chatty": 0.95, "steady": 0.8}
"""Probability that a persona posts when the week card asks; 0.6 for others, and the same after a reminder."""

ONE_WORD = 0.1
"""How many of the posts are a word in each field."""

AFTER = {"punctual": (2.0, 40.0), "late": (120.0, 190.0)}
"""Range of hours after the card; others post within four days."""

RECEIPT = Receipt(re.compile("discussion/.+/own/.+"), "discussions.post", "discussions.take_back", "Next: reply")


class Discussing(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/discussions")
        self._posted: set[str] = set()
        self._read: set[str] = set()

    def hear(self, line: Line) -> None:
        """Posts when a card asks, and reads and replies after that."""
        post, read = line.action("discussions.post"), line.action("discussions.read")
        if line.action("discussions.take_back"):
            if read is not None and read not in self._read:
                self._read.add(read)
                self.player.later(partial(self._reply, line, read), 1, 30)
        elif post is not None and post not in self._posted:
            habit = self.player.persona.habit
            if self._random.random() < POSTS.get(habit, 0.6):
                self._posted.add(post)
                least, most = AFTER.get(habit, (2.0, 96.0))
                self.player.later(partial(self._post, line, post), least, most)

    async def _post(self, line: Line, post: str) -> None:
        if not self.player.there:
            return
        brief = self._random.random() < ONE_WORD
        words = {f"f{n}": "Yes." for n in range(3)} if brief else {}
        await self.player.open_and_submit(line.message, post, **words)

    async def _reply(self, line: Line, read: str) -> None:
        """Replies to the first post that is offered; where nobody else has posted yet, tries once more later."""
        if not self.player.there:
            return
        shown = await self.player.press(line.message, read)
        opened = await self.player.follow(shown, "discussions.reply")
        if opened is not None and opened.form is not None:
            await self.player.submit(opened.form)
        elif shown is not None and self._random.random() < 0.7:
            self.player.later(partial(self._reply, line, read), 10, 40)


class RaisingQuestions(Part):
    """Makes a question that nobody answered one of the queue."""

    roles = INSTRUCTORS

    def hear(self, line: Line) -> None:
        raised = line.action("discussions.raise")
        if raised is not None and line.message is not None and self.player.chance(0.7):
            self.player.later(partial(self.player.press, line.message, raised), 0.2, 2)
