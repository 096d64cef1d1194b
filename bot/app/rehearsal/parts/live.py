"""Live sessions: a yes to a slot in waking hours, coming or not, the recording and what people took from it; and nobody
ever reads of a held one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from random import Random

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.player import Part, Player, Step
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.watch import Broken, Watch
from bot.app.rehearsal.words import RECORDING
from bot.core.people import INSTRUCTORS, Cohort, Role
from bot.core.time import at_wall, local
from bot.course.gate.slots import Learner, suggested
from bot.course.gate.values import SLOTS, Failed, Settled
from bot.course.gate.verdicts import passes, verdicts
from bot.course.loader import course_of
from bot.course.model import Live

COMES = {"punctual": 0.8, "chatty": 0.8, "steady": 0.6}
"""Probability that a persona says yes to a slot in their waking hours; 0.3 for others."""

TURNS_UP = 0.8
"""Probability that somebody comes who said yes."""

REFLECTS = 0.5
"""Probability that somebody who did not come watches the recording and says what they took from it."""

AWAKE = range(8, 22)

PROPOSED = "A look together"
"""The title of a session that is proposed during the run."""

MAY_LAPSE = re.compile(r"live/\d+/\d+/\d+/[0-9a-f]+")
"""The line for those who said yes: nothing is sent for it."""

SETTLED = Settled(agreed={})
"""Nobody plays a manager's agreement."""

_OF_ONE = re.compile(r"Live, if you like|Live: |live session|You come to|to come to|“[^“”]{1,80}” took place")


class Coming(Part):
    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/live")
        self._met: set[str] = set()
        self._came: set[str] = set()

    def hear(self, line: Line) -> None:
        """The week card, which has one button for a session."""
        self.hear_edit(line)
        action = line.action("live.rsvp")
        if action is None or action in self._met or not line.heading.startswith("Week "):
            return
        self._met.add(action)
        live = next((one for one in self._lives() if one.title in line.text), None)
        if live is None:
            return
        slots = self._slots(live)
        likely = COMES.get(self.player.persona.habit, 0.3)
        found = next((n for n, at in enumerate(slots, 1) if local(at, self.player.zone).hour in AWAKE), None)
        if found is not None and slots[found - 1] > self.player.now and self._random.random() < likely:
            self._after(self.player.now, 0.5, 6, partial(self._say_yes, line, action, found))
            if self._random.random() < TURNS_UP:
                self.player.plan(slots[found - 1] + timedelta(minutes=1), partial(self._come, line, action))

    def hear_edit(self, line: Line) -> None:
        """The week card says that the recording is there."""
        action = line.action("live.reflect")
        if action is None or action in self._met:
            return
        self._met.add(action)
        if self._random.random() < REFLECTS:
            self._after(self.player.now, 1, 72, partial(self._reflect, line, action))

    def _lives(self) -> list[Live]:
        return [one for one in course_of(self.player.stage.cohort.course_text).live if one.week == self.player.week]

    def _slots(self, live: Live) -> list[datetime]:
        cohort = self.player.stage.cohort
        return [slot.at(cohort.timetable, live.week, cohort.zone) for slot in live.slots]

    def _after(self, at: datetime, least: float, most: float, step: Step) -> None:
        self.player.plan(at + timedelta(hours=self._random.uniform(least, most)), step)

    async def _say_yes(self, line: Line, action: str, slot: int) -> None:
        if self.player.there:
            page = await self.player.press(line.message, action)
            await self.player.follow(page, "live.rsvp", f".{slot}")

    async def _come(self, line: Line, action: str) -> None:
        if self.player.there:
            self._came.add(action)
            await self.player.press(line.message, action.replace("live.rsvp/", "live.here/"))

    async def _reflect(self, line: Line, action: str) -> None:
        if self.player.there and action.replace("live.reflect/", "live.rsvp/") not in self._came:
            await self.player.open_and_submit(line.message, action)


class Recording(Part):
    """An instructor adds the recording that the desk asks for, soon or after a day."""

    roles = INSTRUCTORS

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/live")
        self._met: set[str] = set()

    def hear(self, line: Line) -> None:
        notes = line.action("live.notes")
        if notes is not None and notes not in self._met:
            self._met.add(notes)
            add = partial(self._add, line, notes)
            self.player.plan(self.player.now + timedelta(hours=self._random.choice((1, 4, 30))), add)

    async def _add(self, line: Line, notes: str) -> None:
        said = {"url": RECORDING, "transcript": "captions", "heads": "", "word": ""}
        await self.player.open_and_submit(line.message, notes, **said)


class Proposing(Part):
    """An instructor proposes a session: one that nothing pays for is refused, and what the form suggests passes."""

    roles = INSTRUCTORS

    def begin(self) -> None:
        player = self.player
        if Twist.PROPOSED in player.troupe.twists and player is player.troupe.of(INSTRUCTORS)[0]:
            player.plan(player.wall(1, 1, 11), self._propose)

    async def _propose(self) -> None:
        player, week = self.player, "2"
        audit = await player.follow(await player.command("live"), "live.propose")
        asked = await player.follow(audit, "live.weeks")
        reply = asked.reply if asked else None
        if reply is None or reply.message is None:
            return
        select = next(action for action in reply.message.actions() if action.startswith("live.form/"))
        opened = await player.press(reply.id, select, week)
        if opened is None or opened.form is None:
            return
        only = course_of(player.stage.cohort.course_text).live_only
        same = {field.name: field.value for field in opened.form.fields if field.name != "file"}
        said = {"title": PROPOSED, "goal": "See it once, and ask.", "kind": "rehearsal", "objective": only[0]}
        refused = await player.submit(opened.form, **(same | said | {"pays": ""}))
        if refused is not None and refused.form is not None:
            preview = await player.submit(refused.form, **(same | said))
            await player.follow(preview, "revisions.use")
        player.stage.look_again()


class NothingHeld(Watch):
    """Nobody but the course team reads of a session that the gate holds. What it holds for the learners of this cast is
    said, with times that would do."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        super().__init__(people)
        self._told: dict[str, Line] = {}
        self._turnover: list[tuple[datetime, str, bool]] = []
        """Who joined (True) and who left, in order."""

    def hear(self, line: Line) -> None:
        if line.by != BOT and line.kind == "command" and line.text.startswith("/cohort join"):
            self._turnover.append((line.at, line.by, True))
        elif line.by != BOT and line.action("enrolment.leave"):
            self._turnover.append((line.at, line.by, False))
        reader = self.people.get(line.reader or "")
        is_learner = reader.role is Role.LEARNER if reader else line.reader is None
        if line.by == BOT and is_learner and _OF_ONE.search(line.text):
            self._told.setdefault(line.text, line)

    def broken(self, cohort: Cohort, until: datetime) -> Iterator[Broken]:
        """The first who were told of a session decide: what was promised stays when people join or leave. Either clock
        of a cohort whose zone moved may have let it pass."""
        for live in course_of(cohort.course_text).live:
            told = next((line for text, line in self._told.items() if live.title in text), None)
            if told is None:
                yield from self._held(cohort, live)
                continue
            clocks = (cohort, self.first or cohort)
            if not any(passes(live, self._failed(clock, live, told.at), SETTLED) for clock in clocks):
                yield Broken(told.reader or told.place, told.at, f"was told of “{live.title}”, which the gate holds")

    def _held(self, cohort: Cohort, live: Live) -> Iterator[Broken]:
        """What the gate says of it as its week begins, by the learners who are there."""
        at = at_wall(cohort.timetable.monday(live.week), time(0), cohort.zone)
        if not (held := [f for f in self._failed(cohort, live, at) if f.required]):
            return
        first = held[0]
        why = f"Question {first.number}, {first.question}? {first.why}" if first.number else first.why
        what = f"“{live.title}” of week {live.week} was announced to nobody. {why}"
        if first.code != SLOTS:
            yield Broken("course team", at, f"{what} {first.fix}", "held")
            return
        limits = course_of(cohort.course_text).live_rules
        learners = [Learner(zone) for zone in self._zones(at)]
        found = suggested(live.week, live.minutes, cohort.timetable, learners, limits, at)
        times = " and ".join(f"{str(one.moment).removesuffix(' cohort')} ({one.outside} %)" for one in found)
        fits = f"For these learners, with the share outside waking hours: {times}."
        do = fits if found else "No two times of that week suit them."
        yield Broken("course team", at, f"{what} {do}", "held")

    def _failed(self, cohort: Cohort, live: Live, at: datetime) -> Sequence[Failed]:
        course = course_of(cohort.course_text)
        found = verdicts(course, self._zones(at), cohort.timetable, SETTLED)
        return next(failed for one, failed in found if one.id == live.id)

    def _zones(self, at: datetime) -> list[str]:
        """Where the learners live who are there at an instant."""
        there: dict[str, bool] = {person: joined for since, person, joined in self._turnover if since <= at}
        learners = [p for p in self.people.values() if p.role is Role.LEARNER and there.get(p.id)]
        return [self.zone(p.id, at) if self.zone is not None else p.zone for p in learners]
