"""What the course team does: instructors answer, mark and review; the manager reads."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.app.rehearsal import words
from bot.app.rehearsal.learner import TICK
from bot.app.rehearsal.player import Player
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.stage import CHANNELS
from bot.core.time import local

if TYPE_CHECKING:
    from adapters.sandbox.acts import Outcome
    from bot.app.rehearsal.troupe import Thread

SITTING = 5
"""Drafts that are looked at in one go."""


class Teacher(Player):
    def begin(self) -> None:
        if self.zone != self.stage.cohort.zone:
            self.later(self._say_zone, 0.5, 3)

        # One date is moved for everybody in the middle of the course, and each week somebody gets more time.
        weeks = len(self.stage.course.weeks)
        leads = self.id == self.troupe.teachers[0].id
        for milestone in self.stage.course.milestones if leads else ():
            everybody = milestone.week == weeks // 2 + 1
            if everybody or self.chance(0.4):
                at = self.wall(milestone.week, 3, 11)
                self.plan(at, partial(self.extend, milestone.id, everybody))

    async def extend(self, milestone: str, everybody: bool) -> None:
        week = await self.command("week")
        funnel = await self.follow(week, "milestones.funnel")
        looked = await self.follow(funnel, "milestones.look", milestone)
        opened = await self.follow(looked, "milestones.extend")
        if opened is None or opened.form is None:
            return
        options = await self.stage.sandbox.people_for(opened.form, self.id, "")
        learners = [o.value for o in options if o.label in self.troupe.names]
        person = "" if everybody or not learners else self.random.choice(learners)
        await self.follow(await self.submit(opened.form, person=person), "milestones.move")

    async def _say_zone(self) -> None:
        await self.command(f"settings {self.zone}")

    def hear(self, line: Line) -> None:
        """The desk, or a question for the instructors alone."""
        if reply := line.action("questions.reply"):
            self.later(partial(self._reply, line.message, reply), 1, 30)
            return
        if review := line.action("faq.review"):
            self.later(partial(self._review, line.message, review), 0.2, 3)
        if (recording := line.action("digests.recording")) and local(self.now, self.zone).weekday() == 4:
            self.later(partial(self._record, line.message, recording), 1, 6)

    async def _reply(self, message: int | None, action: str) -> None:
        await self.open_and_submit(message, action, text=self.random.choice(words.ANSWERS))

    async def _review(self, message: int | None, action: str) -> None:
        """One card after the other, as far as a sitting goes."""
        outcome = await self.press(message, action)
        for _ in range(SITTING):
            reply = outcome.reply if outcome else None
            said = reply.message.actions() if reply and reply.message else ()
            draft = next((a for a in said if a.startswith(("faq.approve/", "faq.right/"))), None)
            if reply is None or draft is None:
                return
            name = draft.partition("/")[0]
            lot = self.random.random()
            if lot < 0.85 or name == "faq.right":
                outcome = await self._say_yes(await self.press(reply.id, draft), name)
            elif lot < 0.93:
                outcome = await self.press(reply.id, draft.replace(name, "faq.skip", 1))
            else:
                outcome = await self.open_and_submit(reply.id, draft.replace(name, "faq.edit", 1))

    async def _say_yes(self, outcome: Outcome | None, name: str) -> Outcome | None:
        """Answers the question whether a text may stay as it is, where that is asked."""
        reply = outcome.reply if outcome else None
        said = reply.message.actions() if reply and reply.message else ()
        sure = next((a for a in said if a.startswith(f"{name}/") and a.endswith(".sure")), None)
        return await self.press(reply.id, sure) if reply and sure else outcome

    async def _record(self, message: int | None, action: str) -> None:
        await self.open_and_submit(message, action)

    async def answer(self, thread: Thread) -> None:
        if thread.solved:
            return
        if local(self.now, self.zone).weekday() > 4:
            self.later(lambda: self.answer(thread), 24, 48)
            return
        reply = await self.say(CHANNELS["questions"], thread.answer(self.random), thread.root)
        if reply is not None:
            self.troupe.answered(thread, reply)

    async def mark(self, thread: Thread, reply: int) -> None:
        if not thread.solved:
            thread.solved = True
            await self.react(reply, TICK)


class Manager(Player):
    def begin(self) -> None:
        self.plan(self.stage.end - timedelta(days=1), self._close)

    async def _close(self) -> None:
        asked = await self.follow(await self.command("overview"), "completion.close")
        await self.follow(asked, "completion.close_now")

    def hear(self, line: Line) -> None:
        if line.action("enrolment.hour") is None:
            self.later(self._look, 0.5, 8)

    async def _look(self) -> None:
        await self.command("overview")
