"""Going away and coming back, by command, form and button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from bot.core.commands import Param
from bot.core.contributions import AGENDA, Upcoming
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused
from bot.core.facts import CameBack, WentAway
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form, Stored
from bot.core.message import Message, shorten
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.planning import Planning, taken_back
from bot.core.time import local_day
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.absence import catchup, rules, views
from bot.features.absence.store import Absence, AbsenceStore, feature

Absences = Turn[AbsenceStore]

BEGIN = "absence.begin"
BACK = "absence.back"
WELCOME_FOR = timedelta(days=14)
"""How long after an absence a learner is welcomed back."""


@dataclass(frozen=True)
class Away:
    """Be away for some days, pause, or come back; move your dates; leave."""

    when: Annotated[
        str, Param(N_("When"), N_("Such as tomorrow, 25.3. to 28.3., until Friday, back, pause"), max_length=100)
    ] = ""


@feature.command("away", example="/cohort away 2026-01-12 2026-01-18", roles=MEMBERS, lane="form")
def away(turn: Absences, typed: Away) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    said = typed.when.strip()
    if not said:
        return page(turn)
    if said.lower() == "back":
        return come_back(turn)
    if said.lower() == "pause":
        return pause(turn)
    spans = rules.read_away(said, local_day(turn.now, turn.me.zone))
    if len(spans) == 1:
        start, until = rules.joined(spans[0], _present(turn), local_day(turn.now, turn.me.zone))
        return go_away(turn, start, until)
    if spans:
        raise FormRefused(views.which(said, spans), views.which_form(turn.here.id, spans))
    example = _("Pick the days here, or write them such as: tomorrow, 25.3. to 28.3., until Friday.")
    wrong = _("“{said}” is not understood. {example}", said=shorten(said, 40), example=example)
    raise FormRefused({"until": wrong}, _form(turn))


def page(turn: Absences) -> Message:
    return views.page(turn.here.id, _present(turn), _movable(turn), turn.now)


def _movable(turn: Absences) -> bool:
    windows = turn.store.windows(turn.here.id, {turn.me.id})
    return rules.can_move(course_of(turn.here.course_text), windows, turn.now)


def _form(turn: Absences, start: str = "", until: str = "") -> Form:
    return views.away_form(turn.here.id, local_day(turn.now, turn.me.zone), start, until)


# Going


@feature.action("away", roles=MEMBERS, lane="form")
def ask_dates(turn: Absences, press: Press) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    absence = turn.store.present(turn.here.id, turn.me.id)
    first = absence.first_day if absence and absence.lies_ahead(turn.now) else None
    last = absence.last_day if absence else None
    return _form(turn, first.isoformat() if first else "", last.isoformat() if last else "")


def stored(turn: Absences, filled: Submission) -> list[Stored]:
    """What the form of dates would replace."""
    absence = turn.store.present(turn.here.id, turn.me.id)
    if absence is None:
        return [Stored({}, _("you are back"))]
    first = {"start": absence.first_day.isoformat()} if absence.first_day else {}
    last = absence.last_day.isoformat() if absence.last_day else ""
    said = _("you are away until {last}", last=last) if last else _("you have paused")
    return [Stored({**first, "until": last or "pause"}, said)]


@feature.form("away", roles=MEMBERS, replaces=stored)
def take_dates(turn: Absences, filled: Submission) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    return go_away(turn, filled.values.get("start", "").strip(), filled.values.get("until", "").strip())


@feature.action("again", roles=MEMBERS, lane="private")
def away_as_before(turn: Absences, press: Press) -> Reply:
    """Back to the dates that others replaced. The subject is both days, or 'pause'."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    if press.subject == "pause":
        return pause(turn)
    start, _sep, until = press.subject.partition("/")
    today = local_day(turn.now, turn.me.zone)
    if (first := rules.read_day(start)) is not None and first < today:
        start = today.isoformat()
    return go_away(turn, start, until)


def go_away(turn: Absences, start: str, until: str) -> Reply:
    """Away from the day `start` ('': today) until the end of the day `until`. The receipt names the dates that these
    replace."""
    today = local_day(turn.now, turn.me.zone)
    if wrong := rules.problems(start, until, today):
        raise FormRefused(wrong, _form(turn, start, until))
    first, last = rules.read_day(start) or today, rules.read_day(until)
    assert last is not None
    replaced = before = _before(turn)
    if before is not None and before.holds(turn.now) and first > today:
        # The learner is here until then: the present absence ends, and the one ahead is a new one.
        _end(turn, before)
        before = None
    absence = replace(
        before or Absence(0, turn.here.id, turn.me.id, turn.now),
        first_day=first if first > today else None,
        last_day=last,
        ends_at=rules.ends(last, turn.me.zone),
    )
    if before is None or before.lies_ahead(turn.now):
        absence = replace(absence, starts_at=rules.begins(first, turn.me.zone, turn.now))
    return _keep(turn, absence, before, replaced)


@feature.action("pause", roles=MEMBERS, lane="private")
def press_pause(turn: Absences, press: Press) -> Reply:
    return pause(turn) if Role.LEARNER in turn.roles else views.for_learners()


def pause(turn: Absences) -> Message:
    """Away from now on, without an end."""
    before = _before(turn)
    absence = replace(
        before or Absence(0, turn.here.id, turn.me.id, turn.now), first_day=None, last_day=None, ends_at=None
    )
    if before is not None and before.lies_ahead(turn.now):
        absence = replace(absence, starts_at=turn.now)
    return _keep(turn, absence, before, before)


def _present(turn: Absences) -> Absence | None:
    """The absence that holds or lies ahead."""
    absence = turn.store.present(turn.here.id, turn.me.id)
    return absence if absence is not None and not absence.is_over(turn.now) else None


def _before(turn: Absences) -> Absence | None:
    """The absence to change. One that is over needs no card any more."""
    absence = turn.store.present(turn.here.id, turn.me.id)
    if absence is None or not absence.is_over(turn.now):
        return absence
    _end(turn, absence)
    return None


def _keep(turn: Absences, absence: Absence, before: Absence | None, replaced: Absence | None) -> Message:
    """Stores an absence, plans for it, and returns the receipt. `before` is the same absence as it was, `replaced` the
    dates that were given before."""
    if absence.id:
        turn.store.keep(absence)
    else:
        absence = turn.store.add(absence)
    _plan_again(turn, absence, absence.cohort, turn.me)
    if absence.holds(turn.now) and not (before and before.holds(turn.now)):
        turn.happened(WentAway(absence.cohort, absence.person))
    due = [
        item
        for _who, item in turn.features.deadlines(turn, turn.here, [turn.me])
        if absence.starts_at <= item.due_at and (absence.ends_at is None or item.due_at < absence.ends_at)
    ]
    messages = course_of(turn.here.course_text).messages
    back_at = rules.back_at(absence.last_day, turn.me, messages, turn.now) if absence.last_day else None
    given_up = replaced if replaced is not None and rules.gives_up(replaced, absence, turn.me.zone) else None
    return views.receipt(turn.here.id, absence, given_up, back_at, due, _movable(turn), turn.now)


def _plan_again(turn: Absences, absence: Absence | None, cohort: int, person: Person) -> None:
    """Plans a learner's absence again."""
    turn.plan(*taken_back((BEGIN, BACK), cohort, person.id))
    if absence is not None:
        turn.plan(*plans(turn, absence, person))


def plans(turn: Absences, absence: Absence, person: Person) -> Iterator[Plan]:
    """The beginning, if it is ahead, and the card on the day after the last one."""
    subject = f"{absence.cohort}/{absence.person}"
    if absence.lies_ahead(turn.now):
        yield Plan(BEGIN, subject, str(absence.id), absence.starts_at, absence.cohort)
    if absence.last_day is not None and (absence.ends_at is None or turn.now - absence.ends_at < WELCOME_FOR):
        at = rules.back_at(absence.last_day, person, course_of(turn.here.course_text).messages, turn.now)
        yield Plan(BACK, subject, str(absence.id), at, absence.cohort, absence.person)


@feature.due("begin", within=timedelta(days=3))
def begin(turn: Absences, batch: Sequence[Due]) -> None:
    for due in batch:
        absence = turn.store.absence(int(due.occurrence))
        if absence is not None and absence.back_at is None and absence.holds(turn.now):
            turn.happened(WentAway(absence.cohort, absence.person))


# Coming back


@feature.action("back", roles=MEMBERS, lane="private")
def press_back(turn: Absences, press: Press) -> Reply:
    return come_back(turn) if Role.LEARNER in turn.roles else views.for_learners()


def come_back(turn: Absences) -> Reply:
    """Returns the card of the day after as the answer; it is not sent again."""
    absence = turn.store.present(turn.here.id, turn.me.id)
    if absence is None:
        return views.here()
    if absence.lies_ahead(turn.now):
        _plan_again(turn, None, absence.cohort, turn.me)
        turn.store.drop(absence.id)
        return views.here()
    _end(turn, absence)
    return catchup.page(turn)


@feature.action("catch_up", roles=MEMBERS, lane="private")
def press_catch_up(turn: Absences, press: Press) -> Reply:
    """For a learner who had fallen silent: the press itself has ended that."""
    return catchup.page(turn) if Role.LEARNER in turn.roles else views.for_learners()


def _end(turn: Absences, absence: Absence) -> None:
    ended = absence.ends_at if absence.is_over(turn.now) else turn.now
    turn.store.keep(replace(absence, ends_at=ended, back_at=turn.now))
    _plan_again(turn, None, absence.cohort, turn.people.person(absence.person))
    turn.happened(CameBack(absence.cohort, absence.person))


# Planned again


def plan(turn: Absences, planning: Planning) -> Iterator[Plan]:
    """The plans of learners who are or will be away. Whole days stay whole days after a change of clock."""
    absences = turn.store.absences(planning.cohort.id)
    for person in planning.people:
        absence = absences.get(person.id)
        if absence is None:
            continue
        if planning.by_another_clock and (last := absence.last_day) is not None:
            if absence.lies_ahead(turn.now) and absence.first_day is not None:
                absence = replace(absence, starts_at=rules.begins(absence.first_day, person.zone, turn.now))
            absence = replace(absence, ends_at=rules.ends(last, person.zone))
            turn.store.keep(absence)
        yield from plans(turn, absence, person)


# What is next


@feature.contributes(AGENDA)
def upcoming(turn: Absences, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    absence = turn.store.present(cohort.id, person.id) if Role.LEARNER in turn.roles else None
    if absence is None or absence.is_over(turn.now):
        return ()
    text = (views.standing(absence, turn.now).rstrip("."),)
    if absence.lies_ahead(turn.now):
        return [Upcoming(text, button=views.away_button(cohort.id, _("Other dates")))]
    return [Upcoming(text, button=views.back_button(cohort.id), first=True)]
