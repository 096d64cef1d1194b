"""Going away and coming back, by command, form and button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from bot.core.actions import read_number
from bot.core.asking import asked_of
from bot.core.commands import Param
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Upcoming
from bot.core.days import Span
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused, Refused
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
from bot.features.absence import catchup, receipts, rules, views
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


NEAR = {
    **dict.fromkeys(("back", "return", "returned", "resume", "unpause", "here"), "away back"),
    **dict.fromkeys(("pause", "paused", "break"), "away pause"),
    **dict.fromkeys(("absent", "absence", "vacation", "holiday", "holidays", "travel", "sick", "ill", "off"), "away"),
}


@feature.command("away", example="/cohort away 2026-01-12 2026-01-18", roles=MEMBERS, lane="form", near=NEAR)
def away(turn: Absences, typed: Away) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    said = typed.when.strip()
    if not said:
        return page(turn)
    match rules.word(said):
        case "back":
            return come_back(turn)
        case "pause":
            return pause(turn)
        case "leave":
            return views.may_leave(turn.here.id)
    today = local_day(turn.now, turn.me.zone)
    ways = rules.ways(said, today)
    if first := rules.read_first(said, ways):
        raise FormRefused({"until": _("Until when? Pick the last day on which you are away.")}, _form(turn, first))
    if len(ways) == 1:
        return go_away_in(turn, ways[0])
    if ways and len(ways[0]) <= rules.AT_ONCE:
        return views.which_days(turn.here.id, said, ways, today)
    example = _("Pick the days here, or write them such as: tomorrow, 25.3. to 28.3., until Friday.")
    wrong = _("“{said}” is not understood. {example}", said=shorten(said, 40), example=example)
    raise FormRefused({"until": wrong}, _form(turn))


def page(turn: Absences) -> Message:
    return views.page(turn.here.id, own(turn), _movable(turn), turn.now, turn.me.zone)


def own(turn: Absences) -> list[Absence]:
    """The person's absences that hold or lie ahead, soonest first."""
    return [a for a in turn.store.own(turn.here.id, turn.me.id) if not a.is_over(turn.now)]


def _meant(turn: Absences, subject: str) -> Absence | None:
    """The absence whose number a button or a form carries."""
    number = read_number(subject)
    return next((a for a in own(turn) if a.id == number), None)


def _movable(turn: Absences) -> bool:
    windows = turn.store.windows(turn.here.id, {turn.me.id})
    items = (item for _, item in asked_of(turn, turn.here, [turn.me]))
    return rules.can_move(course_of(turn.here.course_text), windows, items, turn.now)


def _form(turn: Absences, start: str = "", until: str = "", changed: Absence | None = None) -> Form:
    return views.away_form(turn.here.id, local_day(turn.now, turn.me.zone), start, until, changed)


# Going


@feature.action("away", roles=MEMBERS, lane="form")
def ask_dates(turn: Absences, press: Press) -> Reply:
    """The subject is the absence whose dates change, or NEW. Without one: NEW, unless there are absences to choose
    from."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    changed = _meant(turn, press.subject)
    if changed is None and press.subject != views.NEW and own(turn):
        return page(turn)
    first = changed.first_day if changed and changed.lies_ahead(turn.now) else None
    last = changed.last_day if changed else None
    return _form(turn, first.isoformat() if first else "", last.isoformat() if last else "", changed)


def stored(turn: Absences, filled: Submission) -> list[Stored]:
    """What the form of dates would replace: the absence that it changes, and those that its days overlap."""
    today, changed = local_day(turn.now, turn.me.zone), read_number(filled.subject)
    until = rules.read_day(filled.values.get("until", ""))
    first = rules.read_day(filled.values.get("start", "")) or today
    found = [
        Stored(*views.stored(a), part=str(a.id))
        for a in own(turn)
        if a.id == changed or until is None or rules.meets(a, first, until, turn.me.zone)
    ]
    if changed is not None and _meant(turn, filled.subject) is None:
        found.append(Stored({}, _("you are back"), part=str(changed)))
    return found


@feature.form("away", roles=MEMBERS, replaces=stored)
def take_dates(turn: Absences, filled: Submission) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    start, until = (filled.values.get(name, "").strip() for name in ("start", "until"))
    return go_away(turn, start, until, _meant(turn, filled.subject))


@feature.action("days", roles=MEMBERS, lane="form")
def take_days(turn: Absences, press: Press) -> Reply:
    """One of the readings of typed days. The subject: see `rules.written`."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    spans = rules.read_written(press.subject)
    return go_away_in(turn, spans) if spans else page(turn)


@feature.action("again", roles=MEMBERS, lane="private")
def away_as_before(turn: Absences, press: Press) -> Reply:
    """Back to the dates that others replaced. The subject is both days, or 'pause', and below a '.' the absence that
    has others now."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    days, _sep, number = press.subject.partition(".")
    if days == "pause":
        return pause(turn)
    start, _sep, until = days.partition("/")
    today = local_day(turn.now, turn.me.zone)
    if (first := rules.read_day(start)) is not None and first < today:
        start = today.isoformat()
    present = own(turn)
    return go_away(turn, start, until, _meant(turn, number) or (present[0] if len(present) == 1 else None))


def go_away(turn: Absences, start: str, until: str, changed: Absence | None = None) -> Message:
    """Away from the day `start` ('': today) until the end of the day `until`, by a form. `changed`: the absence that
    gets these dates instead of its own."""
    today = local_day(turn.now, turn.me.zone)
    if wrong := rules.problems(start, until, today):
        raise FormRefused(wrong, _form(turn, start, until, changed))
    last = rules.read_day(until)
    assert last is not None
    return go_away_in(turn, [Span(rules.read_day(start), last)], changed)


def go_away_in(turn: Absences, spans: Sequence[Span], changed: Absence | None = None) -> Message:
    """Away in each of these spans of days. The receipt names dates that these replace."""
    kept, given_up = dict[int, Absence](), None
    for span in spans:
        absence, before = _keep_days(turn, span, changed)
        kept[absence.id] = absence
        given_up = before or given_up
    return _receipt(turn, [a for a in own(turn) if a.id in kept], given_up)


def _check(turn: Absences, first: date | None, last: date, changed: Absence | None) -> None:
    """Raises FormRefused for days on which nobody can be away."""
    start, until = first.isoformat() if first else "", last.isoformat()
    if wrong := rules.problems(start, until, local_day(turn.now, turn.me.zone)):
        raise FormRefused(wrong, _form(turn, start, until, changed))


def _keep_days(turn: Absences, span: Span, changed: Absence | None) -> tuple[Absence, Absence | None]:
    """Keeps days away, as one absence with those that they overlap or touch. Returns it, and the dates that it
    replaces."""
    today, zone = local_day(turn.now, turn.me.zone), turn.me.zone
    present = own(turn)
    _check(turn, span.first, span.last, changed)
    first, last, joined = rules.joined(span.first or today, span.last, present, changed, zone)
    _check(turn, first if first > today else None, last, changed)
    paused = next((a for a in present if a.last_day is None), None)
    holding = next((a for a in (changed, paused, *joined) if a is not None and a.holds(turn.now)), None)
    replaced = changed or paused or (joined[0] if joined else None)
    if holding is not None and first > today:
        # The learner is here until then: the present absence ends, and the one ahead is a new one.
        _end(turn, [holding])
        before = next((a for a in (changed, *joined) if a is not None and a is not holding), None)
    else:
        before = holding or changed or (joined[0] if joined else None)
    if before is None and len(present) >= rules.MOST:
        raise Refused(_("You have given days away {n} times already. Change or cancel one of them.", n=rules.MOST))
    for other in (changed, *joined):
        if other is not None and other is not before and other is not holding:
            turn.store.drop(other.id)
            turn.withdraw(receipts.anchor(other))
    absence = replace(
        before or Absence(0, turn.here.id, turn.me.id, turn.now),
        first_day=first if first > today else None,
        last_day=last,
        ends_at=rules.ends(last, zone),
    )
    if before is None or before.lies_ahead(turn.now):
        absence = replace(absence, starts_at=rules.begins(first, zone, turn.now))
    absence = _keep(turn, absence, before)
    return absence, replaced if replaced is not None and rules.gives_up(replaced, absence, zone) else None


@feature.action("pause", roles=MEMBERS, lane="private")
def press_pause(turn: Absences, press: Press) -> Reply:
    return pause(turn) if Role.LEARNER in turn.roles else views.for_learners()


def pause(turn: Absences) -> Message:
    """Away from now on, without an end. Days ahead stay planned."""
    before = next((a for a in own(turn) if a.holds(turn.now)), None)
    absence = replace(
        before or Absence(0, turn.here.id, turn.me.id, turn.now), first_day=None, last_day=None, ends_at=None
    )
    return _receipt(turn, [_keep(turn, absence, before)])


def _keep(turn: Absences, absence: Absence, before: Absence | None) -> Absence:
    """Stores an absence and plans for it. `before` is the same absence as it was."""
    if absence.holds(turn.now) and not (before and before.holds(turn.now)):
        # One that is over needs no card any more.
        _end(turn, [a for a in turn.store.own(absence.cohort, absence.person) if a.is_over(turn.now)])
        turn.happened(WentAway(absence.cohort, absence.person))
    if absence.id:
        turn.store.keep(absence)
    else:
        absence = turn.store.add(absence)
    _plan_again(turn, absence.cohort, turn.me)
    return absence


def _receipt(turn: Absences, given: Sequence[Absence], replaced: Absence | None = None) -> Message:
    """`given`: the absences that were just given; `replaced`: the dates that one of them had before."""
    if turn.place is not None and turn.place.direct:
        receipts.show(turn, given, replaced)
        return views.noted(given, turn.now, turn.me.zone)
    return receipts.whole(turn, given, replaced)


def _plan_again(turn: Absences, cohort: int, person: Person) -> None:
    """Plans a learner's absences again."""
    turn.plan(*taken_back((BEGIN, BACK), cohort, person.id))
    for absence in turn.store.own(cohort, person.id):
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
        if absence is None or absence.back_at is not None or not absence.holds(turn.now):
            continue
        mine = turn.store.own(absence.cohort, absence.person)
        if not any(a.holds(turn.now) for a in mine if a.id != absence.id):
            turn.happened(WentAway(absence.cohort, absence.person))


# Coming back


@feature.action("back", roles=MEMBERS, lane="private", after_end=True)
def press_back(turn: Absences, press: Press) -> Reply:
    """The subject is the absence; '' is the one that holds, or else the only one ahead."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    ahead = [a for a in own(turn) if a.lies_ahead(turn.now)]
    meant = _meant(turn, press.subject)
    if meant is None and not press.subject and len(ahead) == len(own(turn)) == 1:
        meant = ahead[0]
    if meant is None or not meant.lies_ahead(turn.now):
        return come_back(turn)
    turn.store.drop(meant.id)
    _plan_again(turn, meant.cohort, turn.me)
    receipts.close(turn, [meant])
    if turn.about == receipts.anchor(meant):
        return None
    return page(turn) if len(own(turn)) else views.here()


def come_back(turn: Absences) -> Message:
    """Returns the card of the day after as the answer; it is not sent again. Days ahead stay planned. After the end of
    the cohort the final card follows, as a message of its own."""
    begun = [a for a in turn.store.own(turn.here.id, turn.me.id) if not a.lies_ahead(turn.now)]
    if not begun:
        return page(turn) if own(turn) else views.here()
    _end(turn, begun)
    return catchup.page(turn) if turn.here.ended_at is None else views.back_after_end(turn.here)


@feature.action("catch_up", roles=MEMBERS, lane="private")
def press_catch_up(turn: Absences, press: Press) -> Reply:
    """For a learner who had fallen silent: the press itself has ended that."""
    return catchup.page(turn) if Role.LEARNER in turn.roles else views.for_learners()


def _end(turn: Absences, absences: Sequence[Absence]) -> None:
    """Ends absences of one learner without a card."""
    if not absences:
        return
    for absence in absences:
        ended = absence.ends_at if absence.is_over(turn.now) else turn.now
        turn.store.keep(replace(absence, ends_at=ended, back_at=turn.now))
    receipts.close(turn, [a for a in absences if not a.is_over(turn.now)])
    cohort, person = absences[0].cohort, absences[0].person
    _plan_again(turn, cohort, turn.people.person(person))
    turn.happened(CameBack(cohort, person))


# Planned again


def plan(turn: Absences, planning: Planning) -> Iterator[Plan]:
    """The plans of learners who are or will be away. Whole days stay whole days after a change of clock."""
    absences = turn.store.absences(planning.cohort.id)
    for person in planning.people:
        for absence in absences.get(person.id, ()):
            if planning.by_another_clock and (last := absence.last_day) is not None:
                if absence.lies_ahead(turn.now) and absence.first_day is not None:
                    absence = replace(absence, starts_at=rules.begins(absence.first_day, person.zone, turn.now))
                absence = replace(absence, ends_at=rules.ends(last, person.zone))
                turn.store.keep(absence)
            yield from plans(turn, absence, person)


# What is next


@feature.contributes(AGENDA_AFTER_END)
def still_away(turn: Absences, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """The final card waits for those who are away, so they can say that they are back."""
    held = [a for a in turn.store.own(cohort.id, person.id) if a.holds(turn.now)]
    if not held or Role.LEARNER not in turn.roles:
        return ()
    text = (views.standing(held, turn.now, person.zone).rstrip("."),)
    return [Upcoming(text, button=views.back_button(cohort.id), first=True)]


@feature.contributes(AGENDA)
def upcoming(turn: Absences, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    if Role.LEARNER not in turn.roles:
        return ()
    found = [a for a in turn.store.own(cohort.id, person.id) if not a.is_over(turn.now)]
    if not found:
        return ()
    text = (views.standing(found, turn.now, person.zone).rstrip("."),)
    if found[0].lies_ahead(turn.now):
        return [Upcoming(text, button=views.days_button(cohort.id))]
    return [Upcoming(text, button=views.back_button(cohort.id), first=True)]
