"""Reviewing drafts."""

from functools import partial

from adapters.sandbox.acts import Outcome
from bot.app.rehearsal.player import Part
from bot.app.rehearsal.script import Line
from bot.core.people import INSTRUCTORS

SITTING = 5
"""Drafts reviewed in one sitting."""


class Reviewing(Part):
    roles = INSTRUCTORS

    def hear(self, line: Line) -> None:
        if review := line.action("faq.review"):
            self.player.later(partial(self._review, line.message, review), 0.2, 3)

    async def _review(self, message: int | None, action: str) -> None:
        """Reviews one card after the other, up to `SITTING`."""
        outcome = await self.player.press(message, action)
        for _ in range(SITTING):
            reply = outcome.reply if outcome else None
            said = reply.message.actions() if reply and reply.message else ()
            draft = next((a for a in said if a.startswith(("faq.approve/", "faq.right/"))), None)
            if reply is None or draft is None:
                return
            name = draft.partition("/")[0]
            lot = self.player.random.random()
            if lot < 0.85 or name == "faq.right":
                outcome = await self._say_yes(await self.player.press(reply.id, draft), name)
            elif lot < 0.93:
                outcome = await self.player.press(reply.id, draft.replace(name, "faq.skip", 1))
            else:
                outcome = await self.player.open_and_submit(reply.id, draft.replace(name, "faq.edit", 1))

    async def _say_yes(self, outcome: Outcome | None, name: str) -> Outcome | None:
        """Confirms that a text may stay as it is, if asked."""
        reply = outcome.reply if outcome else None
        said = reply.message.actions() if reply and reply.message else ()
        sure = next((a for a in said if a.startswith(f"{name}/") and a.endswith(".sure")), None)
        return await self.player.press(reply.id, sure) if reply and sure else outcome
