"""Finds messages in the transcript that came twice, too early, too late, or never.

Prompts and week cards are checked against the course file and each learner's wall clock, computed from the instant at
which they came. The bot converts wall times to instants, so the reverse conversion is an independent check.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import ModuleType
from typing import Literal

from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.expected import Expected, Receipt, declared
from bot.app.rehearsal.load import A_DAY, A_WEEK, Dropped, Load, Unasked
from bot.app.rehearsal.script import BOT, DIRECT, Line
from bot.app.rehearsal.watch import Broken, Watch, watches
from bot.core.people import Cohort, Role
from bot.core.time import at_wall, local, local_day, monday_of, resolve, say
from bot.core.uptime import Outage
from bot.course.model import Course

SETTLING = timedelta(days=2)
"""Around a move to another zone a card may come by the old or the new clock."""

LOOKED = timedelta(days=8)
"""How long before the card about a silence the learner counts as silent, so that no other card is expected."""

_AWAY = re.compile(r"/cohort away (?P<first>\d{4}-\d\d-\d\d) (?P<last>\d{4}-\d\d-\d\d)")

MUCH_LATER = timedelta(hours=12)
"""A card of the week that the budget puts off by more than this has lost its day."""

A_DAY_AFTER = timedelta(days=1)

MANY = 3
"""A card that more than one in so many learners never got was planned into full weeks."""

Kind = Literal[
    "twice",
    "early",
    "late",
    "missing",
    "stale",
    "past the voice",
    "failed",
    "dropped",
    "night",
    "starved",
    "collides",
    "after the end",
    "broken",
    "held",
]
"""'stale': a reminder of something that was already done; 'night': outside of `messages.hours`; 'broken': what somebody
was told, or agreed to, is not so (see `Watch`); 'held': a live session that these learners were not offered."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    who: str
    at: datetime | None
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.who}: {self.what}"


@dataclass(slots=True)
class Checks:
    """Reads the transcript line by line, and reports problems at the end.

    `put_off` has the delay of each card that the budget moved.
    """

    course: Course
    cohort: Cohort
    end: datetime
    people: Mapping[str, Persona]
    load: Load
    modules: Sequence[ModuleType]
    """The modules of `parts/`."""
    down: tuple[datetime, datetime] | None = None
    """When the bot was down: cards of that time come afterwards."""
    refused: Sequence[Broken] = ()
    """What people were asked for and could not do."""
    put_off: list[timedelta] = field(default_factory=list)
    _watches: Sequence[Watch] = field(init=False)
    _posted: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _twice: list[Finding] = field(default_factory=list)
    _came: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _answered: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _acted: dict[str, datetime] = field(default_factory=dict)
    _joined: dict[str, datetime] = field(default_factory=dict)
    _left: dict[str, datetime] = field(default_factory=dict)
    _quiet: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    """Person -> spans in which they were away or silent."""
    _silent: dict[str, datetime] = field(default_factory=dict)
    _done: dict[tuple[str, str], Line] = field(default_factory=dict)
    """(person, what its button does) -> the receipt."""
    _stale: list[Finding] = field(default_factory=list)
    _ended: datetime | None = None

    def __post_init__(self) -> None:
        outages = [Outage(*self.down)] if self.down else []
        self._watches = watches(self.modules, self.people, outages, self.cohort, self.load.zone)

    @property
    def receipts(self) -> list[Receipt]:
        return declared(self.modules, "RECEIPT")

    def hear(self, line: Line) -> None:
        for watch in self._watches:
            watch.hear(line)
        if line.by != BOT:
            self._hear_person(line)
        elif line.kind == "posted":
            if line.anchor:
                self._once(line, line.anchor)
            if line.place.startswith(DIRECT):
                person = line.place.removeprefix(DIRECT)
                # A learner who answers before being asked gets the receipt at once, which does not count as the card.
                came = self._answered if self._acted.get(person) == line.at else self._came
                came[person].append((line.at, line.text))
                if (line.anchor or "").startswith("silence/"):
                    self._silent[person] = line.at - LOOKED
        if line.by == BOT and line.place.startswith(DIRECT) and line.kind in ("posted", "updated"):
            self._note_done(line, line.place.removeprefix(DIRECT))

    def _note_done(self, line: Line, person: str) -> None:
        """Records what a receipt reports as done, and finds reminders that ask for it anyway."""
        anchor = line.anchor or ""
        for receipt in self.receipts:
            todo = line.action(receipt.todo)
            if todo is None:
                continue
            if receipt.anchor.fullmatch(anchor):
                begun = bool(receipt.unfinished) and receipt.unfinished in line.text
                if line.action(receipt.undo) and not begun:
                    self._done.setdefault((person, todo), line)
                else:
                    self._done.pop((person, todo), None)
            elif anchor.startswith("reminder/") and line.kind == "posted" and (done := self._done.get((person, todo))):
                when = say(done.at, self.load.zone(person, done.at))
                what = f"reminded of “{done.heading}”, which was done {when} already"
                self._stale.append(Finding("stale", person, line.at, what))

    def _hear_person(self, line: Line) -> None:
        person = line.by
        self._acted[person] = line.at
        if line.kind == "command" and line.text.startswith("/cohort join"):
            self._joined.setdefault(person, line.at)
        elif line.action("completion.close_now"):
            self._ended = line.at
        elif line.action("enrolment.leave"):
            self._left[person] = line.at
        elif (away := _AWAY.fullmatch(line.text)) and line.kind == "command":
            zone = self.load.zone(person, line.at)
            first, last = (date.fromisoformat(away[name]) for name in ("first", "last"))
            span = (at_wall(first, time(0), zone), at_wall(last + timedelta(days=1), time(0), zone))
            self._quiet[person].append(span)
        if person in self._silent:
            self._quiet[person].append((self._silent.pop(person), line.at))

    def _once(self, line: Line, anchor: str) -> None:
        before = self._posted.get((line.place, anchor))
        if before is not None:
            what = f"“{line.heading}” ({anchor}) was posted again, first {say(before, 'UTC')} UTC"
            self._twice.append(Finding("twice", line.reader or f"#{line.place}", line.at, what))
        self._posted[line.place, anchor] = line.at

    # At the end

    def findings(self, unasked: Sequence[Unasked]) -> list[Finding]:
        """All findings in order of time."""
        said: dict[str, list[datetime]] = defaultdict(list)
        for one in unasked:
            if one.role is Role.LEARNER and one.kind == "unasked":
                said[one.person].append(one.at)
        for person, since in self._silent.items():
            self._quiet[person].append((since, self.end))
        found = [
            *self._twice,
            *self._stale,
            *self._past_the_voice(unasked),
            *self._at_night(unasked),
            *self._after_the_end(unasked),
            *self._broken(),
        ]
        for persona in self.people.values():
            if persona.role is Role.LEARNER and persona.id in self._joined:
                found += self._of(persona, said[persona.id])
        return sorted(found, key=lambda f: (f.at or self.end, f.who, f.what))

    def _of(self, persona: Persona, said: Sequence[datetime]) -> Iterator[Finding]:
        """The findings about one learner's cards."""
        person = persona.id
        for week in range(1, len(self.course.weeks) + 1):
            for expected in self._expected(week, persona.zone, persona.hour):
                zone = self.load.zone(person, self._instant(expected, persona.zone))
                opens = self._instant(expected, zone)
                came = [at for at, text in self._came[person] if _holds(text, expected.begins)]
                if len(came) > 1:
                    yield Finding("twice", person, came[1], f"“{expected.begins}” came {len(came)} times")
                if self._excused(person, opens, expected.until):
                    continue
                if came:
                    yield from self._timely(person, expected, zone, opens, came[0], said)
                elif not any(
                    _holds(text, expected.begins) and at < expected.until for at, text in self._answered[person]
                ):
                    yield Finding("missing", person, opens, self._missing(person, expected, zone, opens, said))

    def _expected(self, week: int, zone: str, hour: int) -> Iterator[Expected]:
        for module in self.modules:
            if hasattr(module, "expects"):
                yield from module.expects(self.course, self.cohort, week, zone, hour)

    def _instant(self, expected: Expected, zone: str) -> datetime:
        return at_wall(expected.day, expected.clock, self.cohort.timetable.clock(expected.face, zone))

    def _excused(self, person: str, opens: datetime, until: datetime) -> bool:
        """Whether no card is expected: the learner joined later, left, was away or silent, or was changing zones."""
        left = min(self._left.get(person, self.end), self._ended or self.end)
        moving = any(opens - SETTLING < since < until + SETTLING for since, _ in self.load.zones[person][1:])
        quiet = any(start < until and opens < end for start, end in self._quiet[person])
        return opens <= self._joined[person] or left < until or moving or quiet

    def _timely(
        self, person: str, expected: Expected, zone: str, opens: datetime, at: datetime, said: Sequence[datetime]
    ) -> Iterator[Finding]:
        clock = self.cohort.timetable.clock(expected.face, zone)
        wished = datetime.combine(expected.day, expected.clock)
        # A wall time skipped by a clock change is shifted by the length of the gap.
        there = local(resolve(wished, clock), clock)
        wall = local(at, clock)
        what = f"“{expected.begins}” came {wall:%a %d %b, %H:%M}, not {there:%a %d %b, %H:%M}, in {clock}"
        if wall < there:
            yield Finding("early", person, at, what)
        elif self.down is not None and self.down[0] <= opens < self.down[1]:
            return
        elif wall > there and at > self.course.messages.waking(opens, self.people[person].hour, zone):
            same_day = [t for t in said if local_day(t, zone) == local_day(opens, zone) and t < at]
            monday = monday_of(local_day(opens, zone))
            same_week = [t for t in said if monday_of(local_day(t, zone)) == monday and t < at]
            # A prompt waits for the week's card of the same day, and stands below it in one message.
            texts = [text for came, text in self._came[person] if came == at and _holds(text, expected.begins)]
            joined = local_day(at, zone) == local_day(opens, zone) and not texts[0].startswith(expected.begins)
            if joined or len(same_day) >= A_DAY or len(same_week) >= A_WEEK[Role.LEARNER]:
                self.put_off.append(at - opens)
                if at - opens > MUCH_LATER and not joined:
                    hours = round((at - opens).total_seconds() / 3600)
                    yield Finding("late", person, at, f"{what}: other messages put it off by {hours} h")
            else:
                yield Finding("late", person, at, f"{what}; no other message was in its way")

    def _missing(self, person: str, expected: Expected, zone: str, opens: datetime, said: Sequence[datetime]) -> str:
        """Describes what never came and what came instead in that week."""
        monday = monday_of(local_day(opens, zone))
        week = [at for at in said if monday_of(local_day(at, zone)) == monday]
        instead = [f"“{text.partition(chr(10))[0]}”" for at, text in self._came[person] if at in week]
        why = f"; that week had {', '.join(instead)}" if len(week) >= A_WEEK[Role.LEARNER] else ""
        return f"“{expected.begins}” never came{why}"

    def _past_the_voice(self, unasked: Sequence[Unasked]) -> Iterator[Finding]:
        for one in unasked:
            if not one.by_voice:
                what = f"“{one.heading}” came unasked, and not from the one voice"
                yield Finding("past the voice", one.person, one.at, what)

    def _after_the_end(self, unasked: Sequence[Unasked]) -> Iterator[Finding]:
        """Unasked messages to learners after the cohort ended; a final card may wait for their next hour, or until they
        are back."""
        for one in unasked:
            if (
                self._ended
                and one.kind == "unasked"
                and one.role is Role.LEARNER
                and one.at > self._ended + A_DAY_AFTER
                and one.heading != f"{self.course.title} is over"
            ):
                yield Finding("after the end", one.person, one.at, f"“{one.heading}” came, and the cohort had ended")

    def _broken(self) -> Iterator[Finding]:
        until = self._ended or self.end
        found = [b for watch in self._watches for b in watch.broken(self.cohort, until)]
        for broken in (*found, *(b for b in self.refused if b.at < until)):
            yield Finding(broken.kind, broken.who, broken.at, broken.what)

    def _at_night(self, unasked: Sequence[Unasked]) -> Iterator[Finding]:
        """Unasked messages outside of the course's hours. The course team also hears at its own hour."""
        hours = self.course.messages
        for one in unasked:
            wall = local(one.at, self.load.zone(one.person, one.at)).time()
            own = one.role is not Role.LEARNER and wall.hour == self.people[one.person].hour
            if not (hours.start <= wall < hours.end or own):
                yield Finding("night", one.person, one.at, f"“{one.heading}” came at {wall:%H:%M} their time")


def dropped_for_many(dropped: Sequence[Dropped]) -> list[Finding]:
    return [Finding("dropped", "learners", None, str(d)) for d in dropped if d.people * MANY > d.of]


def _holds(text: str, begins: str) -> bool:
    """Whether a message is this card or contains it below another one. A sentence that goes on after the same words, as
    one about a moved date does, is no heading."""
    return any(line == begins or line.startswith(f"{begins}. ") for line in text.splitlines())
