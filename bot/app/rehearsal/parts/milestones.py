"""Handing in work, changing it, moving one's own date or asking for more time; instructors move dates and answer."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.app.rehearsal import words
from bot.app.rehearsal.expected import Receipt
from bot.app.rehearsal.parts.enrolment import joins_at
from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line
from bot.app.rehearsal.twists import Twist
from bot.core.forms import ChoiceField, Form
from bot.core.people import INSTRUCTORS, LEARNERS

HANDS_IN = {"punctual": 0.97, "chatty": 0.95, "steady": 0.88}
"""Probability that a persona hands in a milestone unreminded; 0.75 for others, and more after a reminder."""

BEFORE_DUE = {"punctual": (20.0, 90.0), "late": (-50.0, 10.0)}
"""Range of hours before the due date; others hand in within two days before it."""

MOVES, ASKS = 0.05, 0.06
"""Probability that a learner moves the date of a milestone by themselves, or asks for more time and hands in later."""

REASONS = ("", "We have visitors this week.", "My shifts at work were changed.")
ANSWERS = ("Hand in what you have, that is enough.", "Of course. Tell me if that is too short.")

RECEIPT = Receipt(re.compile("milestone/.+"), "milestones.open", "milestones.delete")
MAY_EXCEED = "milestones.move"


class Work(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._done: set[str] = set()
        self._cards: dict[str, tuple[int, str]] = {}
        """Milestone -> its newest button."""
        self._shift: tuple[int, str] | None = None

    def begin(self) -> None:
        player, habit = self.player, self.player.persona.habit
        joins = joins_at(player)
        for milestone in player.stage.course.milestones:
            due = milestone.window(player.stage.cohort.timetable, player.zone)[1]
            if due > joins and player.chance(HANDS_IN.get(habit, 0.75)):
                least, most = BEFORE_DUE.get(habit, (0.5, 48.0))
                at = due - timedelta(hours=player.random.uniform(least, most))
                asks = player.chance(ASKS)
                at += timedelta(days=4) if asks else timedelta(0)
                player.plan(max(at, joins), partial(self._hand_in, milestone.id))
                if asks or player.chance(MOVES):
                    before = player.random.uniform(60, 110) if asks else player.random.uniform(10, 60)
                    player.plan(due - timedelta(hours=before), partial(self._more_time, asks))

    def hear(self, line: Line) -> None:
        """Remembers the buttons, and reacts to a card."""
        anchor, card = (line.anchor or "").partition("/")[0], line.action("milestones.open")
        if line.message is not None and (shift := line.action("milestones.more")):
            self._shift = (line.message, shift)
        if card is None:
            return
        milestone = card.partition(":")[2]
        if line.message is not None:
            self._cards[milestone] = (line.message, card)
        if anchor == "milestone" and self.player.chance(0.1):
            self.player.later(partial(self._change, line, card), 0.5, 8)
        elif anchor in ("reminder", "catchup") and self.player.there and self.player.chance(0.6):
            self.player.later(partial(self._hand_in, milestone), 0.5, 20)

    async def _hand_in(self, milestone: str) -> None:
        """Hands in by the button of a card, or by command with a link."""
        player = self.player
        if not player.there or milestone in self._done or Twist.NO_WORK in player.troupe.twists:
            return
        card, link = self._cards.get(milestone), player.voice.link(player.random)
        if card is not None and player.chance(0.6):
            outcome = await player.open_and_submit(*card, link=link)
        else:
            outcome = await player.command(f"submit {link}")
            if outcome is not None and outcome.form is not None:
                outcome = await player.submit(outcome.form, milestone=milestone)
        if outcome is not None and not outcome.errors:
            self._done.add(milestone)

    async def _change(self, line: Line, action: str) -> None:
        text = self.player.voice.say(self.player.random, words.DONE, self.player.week)
        await self.player.open_and_submit(line.message, action, text=text)

    async def _more_time(self, asks: bool) -> None:
        """Moves their own date if a card offers that, or asks for as much time as they may."""
        player = self.player
        if not player.there or self._shift is None:
            return
        opened = await player.press(*self._shift)
        if opened is not None and opened.form is None:
            opened = await player.follow(opened, "milestones.more")
        if opened is None or opened.form is None:
            return
        days = [option.value for f in opened.form.fields if isinstance(f, ChoiceField) for option in f.options]
        reason = player.random.choice(REASONS) if asks else ""
        await player.submit(opened.form, days=days[-1] if asks else days[0], reason=reason)


class Answering(Part):
    """Answers the requests for more time on the desk."""

    roles = INSTRUCTORS

    def hear(self, line: Line) -> None:
        if line.message is not None and (yes := line.action("milestones.grant")):
            acts = [yes, line.action("milestones.other_day"), line.action("milestones.refuse")]
            act = self.player.random.choices(acts, (6, 2, 2))[0]
            self.player.later(partial(self._answer, line.message, act or yes), 0.2, 4)

    async def _answer(self, message: int, act: str) -> None:
        answer = self.player.random.choice(ANSWERS)
        await self.player.open_and_submit(message, act, text=answer)


class MovingDates(Part):
    """Moves one date for everybody in the middle of the course, gives one person more time each week, and one learner
    more time in the whole run."""

    roles = INSTRUCTORS

    def begin(self) -> None:
        player, course = self.player, self.player.stage.course
        leads = player is player.troupe.of(INSTRUCTORS)[0]
        if leads:
            player.plan(player.wall(1, 1, 10), self._accommodate)
        for milestone in course.milestones if leads else ():
            everybody = milestone.week == len(course.weeks) // 2 + 1
            if everybody or player.chance(0.4):
                player.plan(player.wall(milestone.week, 3, 11), partial(self._extend, milestone.id, everybody))

    async def _accommodate(self) -> None:
        player = self.player
        funnel = await player.follow(await player.command("week"), "milestones.funnel")
        listed = await player.follow(funnel, "milestones.accommodations")
        opened = await player.follow(listed, "milestones.accommodate")
        if opened is not None and opened.form is not None and (learners := await self._learners(opened.form)):
            # These are the first days that anybody gets, so nothing open can have fewer.
            form = replace(opened.form, fields=tuple(f for f in opened.form.fields if f.name != "open"))
            await player.submit(form, person=player.random.choice(learners), days="3")

    async def _learners(self, form: Form) -> list[str]:
        """The learners that a form offers."""
        player = self.player
        options = [*await player.stage.sandbox.people_for(form, player.id, "")]
        options += [o for f in form.fields if isinstance(f, ChoiceField) and f.name == "person" for o in f.options]
        names = {p.persona.name for p in player.troupe.of(LEARNERS)}
        return [o.value for o in options if o.label in names]

    async def _extend(self, milestone: str, everybody: bool) -> None:
        player = self.player
        funnel = await player.follow(await player.command("week"), "milestones.funnel")
        looked = await player.follow(funnel, "milestones.look", milestone)
        opened = await player.follow(looked, "milestones.extend")
        if opened is None or opened.form is None:
            return
        learners = await self._learners(opened.form)
        person = "" if everybody or not learners else player.random.choice(learners)
        await player.follow(await player.submit(opened.form, person=person), "milestones.move")
