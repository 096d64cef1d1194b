"""Digests: the instructor's desk, the instructor's own weekly wrap-up, and the manager's one message a week.

They read what the other features have written, and say it once to whom it concerns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.core.actions import read_number
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Upcoming
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused, NotFound
from bot.core.facts import (
    Missed,
    QuestionWithdrawn,
    RecordingLinked,
    WorkHandedIn,
    WrapupAnswered,
)
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Link, message, paragraph
from bot.core.people import MANAGERS, STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import at_wall, local, local_day, monday_of, next_hour, say
from bot.core.turn import Turn
from bot.core.voice import Card, Line
from bot.course.loader import course_of
from bot.features.digests import rules, views
from bot.features.digests.store import Desk, DigestStore, FaqWeek, Overview, OwnWrapup, feature

__all__ = ["feature"]

DESK_DUE = "digests.desk"
WEEK_DUE = "digests.week"

WEEK = timedelta(days=7)
QUOTED_FOR = timedelta(days=31)
"""How far back desks are cleared of what was taken back."""
COMMON = 3
MONDAY = 0
GOOD = 2


# When


@feature.planned(roles=STAFF, again=[Missed])
def plan(turn: Turn[DigestStore], planning: Planning) -> Iterator[Plan]:
    """Each desk plans the next one, and so does each weekly digest; one that was left out has planned none."""
    for person in planning.people:
        yield from _next_two(turn, person)


def _next_two(turn: Turn[DigestStore], person: Person) -> Iterator[Plan]:
    """The next two desks and weekly digests; each day and each week has one, whatever the zone.

    Two, because the first may have happened already today: a new hour or zone then moves the second.
    """
    roles = {m.role for m in turn.people.memberships(person.id)}
    at = turn.now
    for _ in range(2 if Role.INSTRUCTOR in roles else 0):
        at = next_hour(at, person.hour, person.zone, workdays_only=True)
        yield _due(DESK_DUE, person, at)
    at = turn.now
    for _ in range(2 if Role.MANAGER in roles else 0):
        at = _next_monday(at, person)
        yield _due(WEEK_DUE, person, at)


def _due(kind: str, person: Person, at: datetime) -> Plan:
    return Plan(kind, str(person.id), local_day(at, person.zone).isoformat(), at, person=person.id)


def _next_monday(after: datetime, person: Person) -> datetime:
    monday = monday_of(local_day(after, person.zone))
    at = at_wall(monday, time(person.hour), person.zone)
    return at if at > after else at_wall(monday + WEEK, time(person.hour), person.zone)


@feature.due("desk", within=timedelta(hours=12), fold=True)
def lay_desks(turn: Turn[DigestStore], batch: Sequence[Due]) -> None:
    """One card a workday for each instructor, none when nothing waits."""
    for due in batch:
        person = turn.people.person(int(due.subject))
        cohorts = _cohorts(turn, person, Role.INSTRUCTOR)
        desks = [_desk(turn, c, person) for c in cohorts]
        if any(not d.is_empty for d in desks):
            until = next_hour(turn.now, person.hour, person.zone)
            card = views.desk(desks, f"{local(turn.now, person.zone):%A}", turn.now)
            anchor = _desk_anchor(person, local_day(turn.now, person.zone))
            turn.say(Card(person.id, cohorts[0].id, anchor, card, turn.now, until, Role.INSTRUCTOR))
        turn.plan(*_next_two(turn, person))


def _desk_anchor(person: Person, day: date) -> str:
    return f"desk/{person.id}/{day.isoformat()}"


@feature.on(QuestionWithdrawn)
def clear_desks(turn: Turn[DigestStore], fact: QuestionWithdrawn) -> None:
    """The desks of the last weeks quote what waited: they show what waits now, without what was taken back."""
    for person in turn.people.members(fact.cohort, Role.INSTRUCTOR):
        today = local_day(turn.now, person.zone)
        days = [today - timedelta(days=n) for n in range(QUOTED_FOR.days)]
        standing = [d for d in days if turn.links.ref(_desk_anchor(person, d)) is not None]
        if standing:
            desks = [_desk(turn, c, person) for c in _cohorts(turn, person, Role.INSTRUCTOR)]
            for day in standing:
                turn.show_to(person.id, _desk_anchor(person, day), views.desk(desks, f"{day:%A}", turn.now))


@feature.due("week", within=timedelta(days=3), fold=True)
def tell_the_week(turn: Turn[DigestStore], batch: Sequence[Due]) -> None:
    """One card a week for each manager, for all cohorts."""
    for due in batch:
        person = turn.people.person(int(due.subject))
        cohorts = [c for c in _cohorts(turn, person, Role.MANAGER) if rules.has_a_week(c, turn.now)]
        if cohorts:
            card = views.overview([_overview(turn, c) for c in cohorts], may_end=False)
            anchor = f"overview/{person.id}/{due.occurrence}"
            until = turn.now + WEEK
            turn.say(Card(person.id, cohorts[0].id, anchor, card, turn.now, until, Role.MANAGER))
        turn.plan(*_next_two(turn, person))


@feature.on(Missed)
def own_up(turn: Turn[DigestStore], fact: Missed) -> None:
    """What was left out after downtime is said, to those who can do something about it."""
    for person in turn.people.members(fact.cohort, Role.INSTRUCTOR):
        when = say(fact.at, person.zone)
        text = (f"I was away, and left out what was planned for {when}: it was too late to be of use.",)
        key = f"missed/{fact.cohort}/{fact.kind}/{fact.at.isoformat()}"
        turn.say(Line(person.id, fact.cohort, key, text, turn.now + WEEK, Role.INSTRUCTOR))


@feature.on(WorkHandedIn)
def tell_of_late_work(turn: Turn[DigestStore], fact: WorkHandedIn) -> None:
    _came_late(turn, fact.cohort)


@feature.on(WrapupAnswered)
def tell_of_late_answers(turn: Turn[DigestStore], fact: WrapupAnswered) -> None:
    _came_late(turn, fact.cohort)


def _came_late(turn: Turn[DigestStore], cohort_id: int) -> None:
    """After the end nobody looks by themselves, so the instructors (or managers) hear of late work, in one line."""
    cohort = turn.people.cohort(cohort_id)
    if cohort is None or cohort.ended_at is None:
        return
    instructors = turn.people.members(cohort.id, Role.INSTRUCTOR)
    role = Role.INSTRUCTOR if instructors else Role.MANAGER
    for person in instructors or turn.people.members(cohort.id, role):
        line = views.came_late(cohort)
        turn.say(Line(person.id, cohort.id, f"late/{cohort.id}", line, turn.now + 2 * WEEK, role))


# Commands


@dataclass(frozen=True)
class ShowDesk:
    """What waits for you: questions with their age, FAQ drafts, and your own wrap-up."""


@feature.command("desk", example="/cohort desk", roles=STAFF, needs_cohort=False, after_end=True)
def show_desk(turn: Turn[DigestStore], typed: ShowDesk) -> Reply:
    """Of the channel's cohort, elsewhere of all."""
    if turn.cohort is not None:
        return _show_desk(turn)
    cohorts = _cohorts(turn, turn.me, Role.INSTRUCTOR) or _cohorts(turn, turn.me, Role.MANAGER) or _ended(turn, STAFF)
    desks = [_desk(turn, c, turn.me) for c in cohorts]
    return views.desk(desks, f"{local(turn.now, turn.me.zone):%A}", turn.now)


@feature.action("desk", roles=STAFF, lane="private", after_end=True)
def press_desk(turn: Turn[DigestStore], press: Press) -> Reply:
    return _show_desk(turn)


def _show_desk(turn: Turn[DigestStore]) -> Reply:
    desk = _desk(turn, turn.here, turn.me)
    return views.desk([desk], f"{local(turn.now, turn.me.zone):%A}", turn.now)


@feature.action("faq", roles=STAFF, lane="private", after_end=True)
def show_faq_week(turn: Turn[DigestStore], press: Press) -> Reply:
    """The FAQ's own digest, which Monday's desk brings, at any time."""
    course = course_of(turn.here.course_text)
    promised = course.faq.answer_within
    kept, judged = rules.in_time(turn.store.asked(turn.here.id, turn.now - WEEK), promised, turn.now)
    return views.faq_week(
        turn.store.faq_week(turn.here.id, course.id, turn.now - WEEK, COMMON),
        turn.store.to_review(turn.here.id, course.id, turn.now - course.faq.verify_after),
        views.promise_kept(kept, judged, round(promised.total_seconds() / 3600)),
        turn.here.id,
    )


@dataclass(frozen=True)
class ShowOverview:
    """All your cohorts: who takes part, what waits, what wants a look."""


@feature.command("overview", example="/cohort overview", roles=MANAGERS, needs_cohort=False, after_end=True)
def show_overview(turn: Turn[DigestStore], typed: ShowOverview) -> Reply:
    """Those that have ended are named below: late work may still come in."""
    here = turn.cohort
    running = [] if here is not None and here.ended_at else _cohorts(turn, turn.me, Role.MANAGER)
    ended = [here] if here is not None and here.ended_at else _ended(turn, MANAGERS)
    return views.overview([_overview(turn, c) for c in running], may_end=True, ended=ended)


@feature.action("quiet", roles=MANAGERS, lane="private")
def show_quiet(turn: Turn[DigestStore], press: Press) -> Reply:
    return views.quiet(_quiet(turn, turn.here), turn.here.title)


@feature.action("recording", roles=STAFF, lane="form")
def ask_recording(turn: Turn[DigestStore], press: Press) -> Reply:
    week = _week(turn, press.subject)
    return views.recording_form(turn.here.id, week, turn.store.recording(turn.here.id, week))


def stored_recording(turn: Turn[DigestStore], filled: Submission) -> list[Stored]:
    url = turn.store.recording(turn.here.id, _week(turn, filled.subject))
    return [Stored({"url": url}, "another link was added")]


@feature.form("recording", roles=STAFF, replaces=stored_recording)
def take_recording(turn: Turn[DigestStore], filled: Submission) -> Reply:
    week, url = _week(turn, filled.subject), filled.values.get("url", "").strip()
    if not url.startswith("https://") or not Link(url, "").safe:
        raise FormRefused({"url": "Please give a whole link that starts with https://."})
    turn.happened(RecordingLinked(turn.here.id, week, url, turn.me.id))
    turn.log(f"linked a recording to week {week}")
    return message(paragraph(f"Thank you. Your wrap-up of week {week} goes into 'the week together'."))


def _week(turn: Turn[DigestStore], subject: str) -> int:
    number = read_number(subject)
    if number is None or course_of(turn.here.course_text).week(number) is None:
        raise NotFound
    return number


@feature.contributes(AGENDA_AFTER_END)
def what_came_late(turn: Turn[DigestStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """For the course team: where to read what still comes in."""
    if not turn.roles & STAFF:
        return ()
    return (Upcoming(("What comes in late is on your desk.",), None, views.desk_button(cohort.id)),)


@feature.contributes(AGENDA)
def what_waits(turn: Turn[DigestStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """For instructors: the desk, where something is on it."""
    if Role.INSTRUCTOR not in turn.roles:
        return ()
    desk = _desk(replace(turn, cohort=cohort), cohort, person)
    if desk.week is None:
        return ()
    return (Upcoming((f"Record your own wrap-up of week {desk.week.number}",), None, views.desk_button(cohort.id)),)


# Figures


def _cohorts(turn: Turn[DigestStore], person: Person, role: Role) -> list[Cohort]:
    """The running cohorts in which a person has a role, the oldest membership first."""
    ids: Iterable[int] = dict.fromkeys(m.cohort for m in turn.people.memberships(person.id) if m.role is role)
    return [c for i in ids if (c := turn.people.cohort(i)) is not None]


def _ended(turn: Turn[DigestStore], roles: frozenset[Role]) -> list[Cohort]:
    """The reader's cohorts that have ended, the latest first, where they have one of these roles."""
    mine = turn.people.memberships(turn.me.id, ended=True)
    ids = dict.fromkeys(m.cohort for m in mine if m.role in roles)
    return [c for i in ids if (c := turn.people.cohort(i)) is not None][: views.ENDED]


def _desk(turn: Turn[DigestStore], cohort: Cohort, person: Person) -> Desk:
    course, store = course_of(cohort.course_text), turn.store
    promised = course.faq.answer_within
    waiting = store.waiting(cohort.id, views.SHOWN)
    notes = store.notes(cohort.id, views.SHOWN)
    concerned = {p for w in (*waiting, *notes) for p in (w.taken_by, w.asker) if p is not None}
    shown = waiting[: views.WITH_BUTTONS]
    known = {w.id: [s for s in store.likely(course.id, cohort.id, w.text) if s.checked] for w in shown}
    kept, judged = rules.in_time(store.asked(cohort.id, turn.now - WEEK), promised, turn.now)
    new_week = local(turn.now, person.zone).weekday() == MONDAY
    return Desk(
        cohort,
        waiting,
        store.count_waiting(cohort.id, turn.now),
        store.count_waiting(cohort.id, turn.now - promised),
        {p: turn.people.person(p).name for p in concerned},
        {question: found[0] for question, found in known.items() if found},
        store.to_review(cohort.id, course.id, turn.now - course.faq.verify_after),
        judged,
        kept,
        round(promised.total_seconds() / 3600),
        _own_wrapup(turn, cohort, person),
        store.faq_week(cohort.id, course.id, turn.now - WEEK, COMMON) if new_week else FaqWeek(),
        notes,
    )


def _own_wrapup(turn: Turn[DigestStore], cohort: Cohort, person: Person) -> OwnWrapup | None:
    """From Friday on, while the course runs."""
    if cohort.ended_at is not None:
        return None
    wall = local(turn.now, person.zone)
    number = cohort.week_on(wall.date())
    course = course_of(cohort.course_text)
    if not rules.tells_the_week(wall) or course.week(number) is None:
        return None
    since = at_wall(monday_of(wall.date()), time(0), person.zone)
    coming = course.week(number + 1)
    following = "the course ends. Thank them."
    if coming is not None:
        following = f"week {coming.number}, {coming.title}. {coming.goal}".strip()
    return OwnWrapup(
        number,
        turn.store.common(cohort.id, since, COMMON),
        turn.store.solved(cohort.id, since, GOOD),
        following,
    )


def _overview(turn: Turn[DigestStore], cohort: Cohort) -> Overview:
    now, store, course = turn.now, turn.store, course_of(cohort.course_text)
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    asked = store.asked(cohort.id, now - WEEK)
    last = store.last_round(cohort.id)
    until = min(now, last.closes_at) if last is not None else now
    in_its_week = store.active(cohort.id, until - WEEK, until) & learners
    return Overview(
        cohort,
        cohort.week_on(local_day(now, cohort.zone)),
        len(course.weeks),
        len(learners),
        len(store.active(cohort.id, now - WEEK, now) & learners),
        len(store.active(cohort.id, now - 2 * WEEK, now - WEEK) & learners),
        last.week if last is not None else None,
        len(in_its_week),
        len(last.answered & in_its_week) if last is not None else 0,
        len(asked),
        rules.median_minutes(asked),
        store.count_waiting(cohort.id, now - course.faq.answer_within),
        store.approved(cohort.id, now - WEEK),
        _quiet(turn, cohort),
    )


def _quiet(turn: Turn[DigestStore], cohort: Cohort) -> list[Person]:
    """Learners who joined over two weeks ago, have not been heard since, and are not away or just back."""
    since = turn.now - rules.QUIET_FOR
    active, heard = turn.store.active(cohort.id, since, turn.now), turn.store.heard_after(cohort.id, since)
    spared = {*active, *heard, *turn.store.joined_after(cohort.id, since), *turn.people.away(cohort.id)}
    return [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id not in spared]
