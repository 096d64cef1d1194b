"""Pure decisions of revisions: what a change does, whom it concerns, and why it is refused."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from itertools import groupby

from bot.core.errors import FormRefused, Refused
from bot.core.forms import Values
from bot.core.holidays import own_holidays, public_holidays
from bot.core.people import Person
from bot.core.time import is_zone, monday_of, zones
from bot.core.translation import _, _n
from bot.course.calendar import dates
from bot.course.difference import SECTIONS, Change, Moved, WeekMinutes, broken, changes, minutes, moves
from bot.course.loader import check, course_of
from bot.course.model import Course
from bot.course.problems import Problem
from bot.features.revisions.store import Done, OwnDate, Setup

URGENT = timedelta(hours=48)
"""A date that moves within this time may be told at once."""

LINES = 3
"""Moved dates that are listed for a learner; the rest is a number."""

_BREAKS = timedelta(days=180)
"""How much longer than its weeks a course may take because of holidays."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The effects of a change. `moved` are the dates of somebody in the cohort's zone; `told` the dates that each
    learner is told about, by person."""

    present: Setup
    proposed: Setup
    findings: Sequence[Problem]
    old_findings: int
    changes: Sequence[Change]
    minutes: Sequence[WeekMinutes]
    moved: Sequence[Moved]
    told: Mapping[int, Sequence[Moved]]
    learners: int

    def urgent(self, now: datetime) -> bool:
        return any(is_urgent(m, now) for some in self.told.values() for m in some)


@dataclass(frozen=True, slots=True)
class Known:
    """What has happened in the cohort and limits a change. `moves` and `own`: see `RevisionStore`."""

    done: Done
    moves: Mapping[tuple[str, int], int]
    own: Mapping[tuple[str, int], OwnDate]
    runs: frozenset[str] = frozenset()
    """The lists of the course file that features run. The dates of others are on nobody's card."""


def compare(
    present: Setup,
    proposed: Setup,
    findings: tuple[Sequence[Problem], Sequence[Problem]],
    learners: Sequence[Person],
    known: Known,
    now: datetime,
) -> Difference:
    """What the change would do. `findings`: what can be said against the present file, and against the proposed one."""
    old, found = findings
    before = {(p.code, p.message) for p in old}
    fresh = [p for p in found if (p.code, p.message) not in before]
    for_all = {id: days for (id, person), days in known.moves.items() if person == 0}
    return Difference(
        present,
        proposed,
        fresh,
        len(found) - len(fresh),
        changes(present.course, proposed.course),
        minutes(present.course, proposed.course),
        _moved(present, proposed, for_all, (present.zone, proposed.zone), known.runs),
        concerned(present, proposed, learners, known, now),
        len(learners),
    )


def _moved(
    present: Setup, proposed: Setup, days: Mapping[str, int], zones: tuple[str, str], runs: Collection[str]
) -> list[Moved]:
    old = dates(present.course, present.table, zones[0], days)
    found = moves(old, dates(proposed.course, proposed.table, zones[1], days))
    return [m for m in found if m.date.section in runs]


# Who is affected


def concerned(
    present: Setup, proposed: Setup, learners: Sequence[Person], known: Known, now: datetime
) -> dict[int, list[Moved]]:
    """person -> the future dates of theirs that move, one for each item that they have not answered yet, soonest
    first."""
    for_all: dict[str, int] = {}
    for_one: dict[int, dict[str, int]] = {}
    for (id, who), n in known.moves.items():
        if who:
            for_one.setdefault(who, {})[id] = n
        else:
            for_all[id] = n
    alike: dict[tuple[str, frozenset[tuple[str, int]]], list[Moved]] = {}
    found: dict[int, list[Moved]] = {}
    for person in learners:
        own = for_one.get(person.id, {})
        days = {id: for_all.get(id, 0) + own.get(id, 0) for id in {*for_all, *own}}
        key = (person.zone, frozenset(days.items()))
        if key not in alike:
            # Most learners share a few zones: what they share is worked out once.
            alike[key] = ahead(_moved(present, proposed, days, (person.zone, person.zone), known.runs), now)
        mine = [m for m in alike[key] if not _settled(m, person.id, known)]
        if mine:
            found[person.id] = mine
    return found


def ahead(moved: Sequence[Moved], now: datetime) -> list[Moved]:
    """Moved dates that are still ahead, one for each item: its end if that moves."""
    opened = {(m.date.section, m.date.id) for m in moved if m.date.event == "opens" and m.old and m.old.at <= now}
    chosen: dict[tuple[str, str], Moved] = {}
    for m in moved:
        if m.old is None or m.new is None or m.old.at <= now or m.new.at <= now:
            continue
        name = (m.date.section, m.date.id)
        if m.date.section == "prompts" and name in opened and m.new.at < m.old.at:
            # Learners who were asked keep the time that they were told.
            continue
        if name not in chosen or chosen[name].date.event == "opens":
            chosen[name] = m
    return sorted(chosen.values(), key=lambda m: m.date.at)


def is_urgent(moved: Moved, now: datetime) -> bool:
    return any(d is not None and now < d.at <= now + URGENT for d in (moved.old, moved.new))


def _settled(moved: Moved, person: int, known: Known) -> bool:
    """Whether a date does not concern this learner: they have answered, need not answer, or have a date of their
    own."""
    date = moved.date
    if (date.section, date.id, person) in known.done.by_person:
        return True
    own = known.own.get((date.id, person)) if date.section == "milestones" else None
    if own is None or date.event != "due":
        return False
    return own.optional or (moved.old is not None and own.due_at != moved.old.at)


# What is refused


def refusals(present: Setup, proposed: Setup, done: Done) -> list[tuple[str, str]]:
    """Why a change is refused, as (key of the item concerned, what to do)."""
    old, new = present.course, proposed.course
    found = []
    if old.id != new.id:
        why = _(
            "This is the file of another course: its id is {id}, and this one's is {id2}. Keep {id2}.",
            id=new.id,
            id2=old.id,
        )
        found.append(("id", why))
    for section, kind in SECTIONS.items():
        for id in _ids(old, section):
            if id not in _ids(new, section) and (people := done.of(section, id)):
                whose = _n("one learner has", "{n} learners have", people)
                answered = _("handed it in") if section == "milestones" else _("answered it")
                why = _(
                    "{kind} {id} cannot go: {whose} {answered}. Keep its id; to move it, change its week or its dates.",
                    kind=kind,
                    id=id,
                    whose=whose,
                    answered=answered,
                )
                found.append(("id", why))
    if over := broken(old, new):
        how = _("Take the time out of something else in that week, or move it to another.")
        found.append(("minutes", _("Not changed: {listed}. {how}", listed=", ".join(over), how=how)))
    return found


def _ids(course: Course, section: str) -> list[str]:
    return [item.id for item in getattr(course, section)]


# The form of dates


def dates_of(values: Values, present: Setup) -> Setup:
    """The setup that a filled-in form of dates means. Raises FormRefused."""
    problems: dict[str, str] = {}
    starts_on, zone, country = present.starts_on, values.get("zone", "").strip(), values.get("country", "").strip()
    own: Mapping[date, str] = {}
    public: Mapping[date, str] = {}
    try:
        starts_on = date.fromisoformat(values.get("starts_on", "").strip())
        if not 2000 <= starts_on.year <= 2100:
            problems["starts_on"] = _("Please look at the year once more.")
    except ValueError:
        problems["starts_on"] = _("Please write a date as 2026-01-31.")
    if not is_zone(zone):
        near = get_close_matches(zone, zones(), 2, 0.7)
        problems["zone"] = (
            _("No zone has this name. Did you mean {zone}?", zone=_any(near))
            if near
            else _("No zone has this name. Such as Europe/Berlin.")
        )
    try:
        own = own_holidays(values.get("holidays", "").splitlines())
    except ValueError as wrong:
        problems["holidays"] = str(wrong)
    if country and "starts_on" not in problems:
        try:
            public = public_days(country, starts_on, present.course)
        except Refused as refused:
            problems["country"] = str(refused)
    if problems:
        raise FormRefused(problems)
    return Setup(present.text, starts_on, zone, dict(sorted({**public, **own}.items())), country.upper())


def with_text(present: Setup, text: str) -> Setup:
    """The same with another course file, which was checked before; a longer course has more public holidays."""
    public: Mapping[date, str] = {}
    if present.country:
        public = public_days(present.country, present.starts_on, course_of(text))
    return replace(present, text=text, holidays=dict(sorted({**public, **present.holidays}.items())))


def date_values(setup: Setup) -> dict[str, str]:
    """A setup as the form of dates holds it."""
    return {
        "starts_on": setup.starts_on.isoformat(),
        "zone": setup.zone,
        "holidays": own_lines(setup),
        "country": setup.country,
    }


def own_lines(setup: Setup) -> str:
    """The cohort's own holidays, those of its country left out, as a form takes them: one day or range a line."""
    public = public_holidays(setup.country, {d.year for d in setup.holidays}) if setup.country else {}
    days = [(d, n) for d, n in sorted(setup.holidays.items()) if public.get(d) != n]
    return "\n".join(_ranges(days))


def public_days(country: str, starts_on: date, course: Course) -> dict[date, str]:
    """The public holidays of a country during a course. Raises Refused for a country that is not known."""
    first, last = monday_of(starts_on), starts_on + timedelta(weeks=len(course.weeks)) + _BREAKS
    days = public_holidays(country, range(first.year, last.year + 1))
    return {day: name for day, name in days.items() if first <= day <= last}


def _ranges(days: Sequence[tuple[date, str]]) -> Iterator[str]:
    for (__, name), run in groupby(enumerate(days), key=lambda n: (n[1][0].toordinal() - n[0], n[1][1])):
        some = [day for _, (day, _) in run]
        span = f"{some[0]}" if len(some) == 1 else f"{some[0]}..{some[-1]}"
        yield span if name == "Holiday" else f"{span} {name}"


def _any(names: Sequence[str]) -> str:
    return _(" or ").join(names)


# The file


def file_problems(text: str, present: str) -> list[str]:
    """Everything that is wrong with a file that was sent in, each with line, column and fix."""
    lost = text.find("\ufffd")
    if lost >= 0 and "\ufffd" not in present:
        line = text.count("\n", 0, lost) + 1
        column = lost - (text.rfind("\n", 0, lost) + 1) + 1
        how = _("The file was not saved as UTF-8. Save it as UTF-8, and send it again.")
        return [_("Line {line}, column {column}: a letter is lost here. {how}", line=line, column=column, how=how)]
    errors = [p for p in check(text) if p.severity == "error"]
    return [
        _("Line {line}, column {column}: {message} {fix}", line=p.line, column=p.column, message=p.message, fix=p.fix)
        for p in errors
    ]
