"""What the transcript itself shows to be wrong: what came twice, too early, at the wrong hour, or never.

Prompts are checked against the course file and the wall clock of each learner, read off the instant at which they came;
so the way from a wall time to an instant, which the bot goes, is checked by the way back.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.load import A_DAY, A_WEEK, Load, Unasked
from bot.app.rehearsal.script import BOT, Line
from bot.app.rehearsal.stage import Stage
from bot.core.people import Role
from bot.core.time import local, local_day, monday_of, resolve, say
from bot.course.model import Moment
from bot.features.wrapups.rules import plans

SETTLING = timedelta(days=2)
"""After a move to another zone, what was asked by the old clock may still come by it, or by the new one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is one of: twice, early, late, missing, unheard, failed."""

    kind: str
    who: str
    at: datetime | None
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.who}: {self.what}"


@dataclass(frozen=True, slots=True)
class Asking:
    """A prompt in a week, as it is headed; `seq` by its round."""

    title: str
    prompt: str
    week: int


@dataclass(slots=True)
class Checks:
    """Listens to the transcript, and tells at the end what was wrong."""

    stage: Stage
    people: Mapping[str, Persona]
    load: Load
    _posted: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _twice: list[Finding] = field(default_factory=list)
    _headed: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _joined: dict[str, datetime] = field(default_factory=dict)
    _left: dict[str, datetime] = field(default_factory=dict)
    _titles: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._titles = frozenset(p.title for p in plans(self.stage.course, self.stage.cohort))

    def hear(self, line: Line) -> None:
        if line.by != BOT:
            self._hear_person(line)
        elif line.kind == "posted":
            if line.anchor:
                self._once(line, line.anchor)
            reader = line.reader
            if reader is not None and line.heading in self._titles:
                self._headed[reader, line.heading].append(line.at)

    def _hear_person(self, line: Line) -> None:
        if line.kind == "command" and line.text.startswith("/cohort join"):
            self._joined.setdefault(line.by, line.at)
        elif line.kind == "pressed" and line.actions and line.actions[0].startswith("enrolment.leave/"):
            self._left[line.by] = line.at

    def _once(self, line: Line, anchor: str) -> None:
        before = self._posted.get((line.place, anchor))
        if before is not None:
            what = f"“{line.heading}” ({anchor}) was posted again, first {say(before, 'UTC')} UTC"
            self._twice.append(Finding("twice", line.reader or f"#{line.place}", line.at, what))
        self._posted[line.place, anchor] = line.at

    def findings(self, unasked: Sequence[Unasked]) -> list[Finding]:
        """Everything that is wrong, in the order of time."""
        said: dict[str, list[datetime]] = defaultdict(list)
        for one in unasked:
            if one.role is Role.LEARNER:
                said[one.person].append(one.at)
        found = [*self._twice, *self._prompts(said), *self._unheard(unasked)]
        return sorted(found, key=lambda f: (f.at or self.stage.end, f.who, f.what))

    def _prompts(self, said: Mapping[str, Sequence[datetime]]) -> Iterator[Finding]:
        course, table = self.stage.course, self.stage.cohort.timetable
        rounds = [(p, course.prompt(p.prompt)) for p in plans(course, self.stage.cohort)]
        for person in self.people.values():
            joined = self._joined.get(person.id)
            if person.role is not Role.LEARNER or joined is None:
                continue
            left = self._left.get(person.id)
            for plan, prompt in rounds:
                assert prompt is not None
                came = self._headed.get((person.id, plan.title), [])
                if len(came) > 1:
                    yield Finding("twice", person.id, came[1], f"“{plan.title}” came {len(came)} times")
                zone = self.load.zone(person.id, came[0] if came else plan.opens_at)
                opens, closes = prompt.window(table, plan.week, zone)
                if not came:
                    if joined < opens and (left is None or left > closes) and not self._excused(person, plan.week):
                        yield Finding("missing", person.id, opens, f"“{plan.title}” never came")
                elif not self._moving(person.id, came[0]):
                    yield from self._timely(person.id, plan.title, prompt.opens, zone, opens, came[0], joined, said)

    def _timely(
        self,
        person: str,
        title: str,
        moment: Moment,
        zone: str,
        opens: datetime,
        at: datetime,
        joined: datetime,
        said: Mapping[str, Sequence[datetime]],
    ) -> Iterator[Finding]:
        wall = f"{local(at, zone):%a %H:%M} in {zone}"
        if at < opens:
            yield Finding("early", person, at, f"“{title}” came {wall}, and opens {moment}")
            return
        if at == opens:
            shown, clock = local(at, zone), self.stage.cohort.timetable.clock(moment.zone, zone)
            by_clock = local(at, clock)
            exists = local(resolve(by_clock.replace(hour=moment.time.hour, minute=moment.time.minute), clock), clock)
            if by_clock.time() != moment.time and exists.time() == moment.time:
                yield Finding("late", person, at, f"“{title}” came {shown:%a %H:%M}, and opens {moment}")
            return
        if at > joined > opens:
            return
        today = local_day(opens, zone)
        same_day = [t for t in said[person] if local_day(t, zone) == today and t < at]
        same_week = [t for t in said[person] if monday_of(local_day(t, zone)) == monday_of(today) and t < at]
        if len(same_day) < A_DAY and len(same_week) < A_WEEK[Role.LEARNER]:
            yield Finding("late", person, at, f"“{title}” came {wall}, and opens {moment}; nothing else was in its way")

    def _excused(self, person: Persona, week: int) -> bool:
        """Whoever is away, has fallen silent or is just moving need not be asked."""
        return person.habit in ("away", "returner", "silent", "mover") and week >= person.turning

    def _moving(self, person: str, at: datetime) -> bool:
        return any(abs(at - since) < SETTLING for since, _ in self.load.zones[person][1:])

    def _unheard(self, unasked: Sequence[Unasked]) -> Iterator[Finding]:
        """What was said unasked past the one voice."""
        for one in unasked:
            if not one.by_voice:
                yield Finding("unheard", one.person, one.at, f"“{one.heading}” came unasked, and not by the one voice")
