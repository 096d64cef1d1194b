"""What check-ins contribute: to the week and the calendar, and to the next run's course file."""

from collections.abc import Sequence

from bot.core.asking import left_out
from bot.core.contributions import (
    AGENDA,
    EVIDENCE,
    FILLABLE,
    FINDINGS,
    ITEMS,
    RUNS,
    TOOK_PART,
    Fillable,
    Finding,
    Item,
    Upcoming,
)
from bot.core.items import shift_button
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.night import night
from bot.features.checkins import posting, rules, views
from bot.features.checkins.store import CheckinStore, Round, feature, item_name

Checkins = Turn[CheckinStore]


@feature.contributes(RUNS)
def runs(turn: Checkins) -> list[str]:
    return ["checkins"]


@feature.contributes(TOOK_PART)
def took_part(turn: Checkins, cohort: Cohort) -> list[tuple[str, str, int]]:
    return [("checkins", key.partition("/")[0], person) for key, person in turn.store.said(cohort.id)]


@feature.contributes(ITEMS)
def items(turn: Checkins, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
    course = course_of(cohort.course_text)
    if not course.checkins:
        return []
    movable = {c.id for c in course.checkins if c.extension.longest}
    said = turn.store.said(cohort.id, {p.id for p in people})
    joined = turn.people.joined(cohort.id, {p.id for p in people})
    made: dict[tuple[Round, str, bool | None, bool], Item] = {}
    found = []
    for person, rounds in zip(people, posting.rounds_for(turn, cohort, people), strict=True):
        for round in rounds:
            late = said.get((round.key, person.id))
            # A round that had closed before they joined is not asked of them.
            optional = person.id in joined and joined[person.id] >= round.closes_at
            if (which := (round, person.zone, late, optional)) not in made:
                shift = round.key.partition("/")[0] in movable
                made[which] = _item(cohort, round, late, optional, person.zone, may_shift=shift)
            found.append((person.id, made[which]))
    return found


def _item(cohort: Cohort, round: Round, late: bool | None, optional: bool, zone: str, *, may_shift: bool) -> Item:
    """`late`: None if this learner has not checked in."""
    done = late is not None
    return Item(
        name=item_name(round.key),
        id=round.key,
        week=round.week,
        title=views.name(round, zone),
        to_do=(views.to_do(round, zone),),
        opens_at=round.opens_at,
        due_at=round.closes_at,
        minutes=round.minutes,
        done=done,
        late=bool(late),
        optional=optional,
        closes=True,
        welcome_until=round.closes_at + rules.LATE_FOR,
        own_clock=round.own_clock,
        own_date=round.own_date,
        state=views.state(done),
        button=views.answer_button(cohort.id, round, again=done),
        shift=shift_button(cohort.id) if may_shift else None,
    )


@feature.contributes(AGENDA)
def upcoming(turn: Checkins, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """The check-ins that are open, and of each the last one that has closed, while it is welcome."""
    if Role.LEARNER not in turn.roles:
        return ()
    gone = left_out(turn, cohort)
    there = [i for __, i in items(turn, cohort, [person]) if i.opens_at <= turn.now]
    mine = [i for i in there if i.done or (i.week, i.id.partition("/")[0]) not in gone]
    found = [Upcoming(i.to_do, i.due_at, i.button, name=i.title) for i in mine if i.is_ahead(turn.now)]
    missed = {i.id.partition("/")[0]: i for i in mine if i.is_welcome(turn.now)}
    return [*found, *(Upcoming(views.late_line(i.title), None, i.button, name=i.title) for i in missed.values())]


@feature.contributes(FILLABLE)
def fillable(turn: Checkins, cohort: Cohort, person: Person) -> list[Fillable]:
    """The forms of the check-ins that are open."""
    if Role.LEARNER not in turn.roles or cohort.ended_at is not None:
        return []
    return [
        Fillable(
            views.form(
                cohort.id,
                round,
                turn.store.mine(cohort.id, round.key, person.id),
                False,
                person.zone,
                in_pod=_in_pod(turn, cohort, round, person),
            ),
            item_name(round.key),
            frozenset({"stuck"}),
        )
        for round in posting.rounds(turn, cohort, person)
        if round.opens_at <= turn.now < round.closes_at
    ]


def _in_pod(turn: Checkins, cohort: Cohort, round: Round, person: Person) -> bool:
    return posting.in_pods(cohort, round) and posting.pod_of(turn, person.id) is not None


@feature.contributes(FINDINGS)
def nights(turn: Checkins, cohort: Cohort) -> list[Finding]:
    """Check-ins that open while no messages may come, by the cohort's clock: one finding for each."""
    course, found = course_of(cohort.course_text), []
    for i, checkin in enumerate(course.checkins):
        spans = [span for week in checkin.weeks[:1] for span in checkin.windows(cohort.timetable, week, cohort.zone)]
        said = (night(course.messages, checkin.title, opens, cohort.zone) for _day, opens, _closes in spans)
        if what := next((one for one in said if one), None):
            found.append(Finding(f"checkins[{i}].days", "night", *what))
    return found


@feature.contributes(EVIDENCE)
def evidence(turn: Checkins, cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """How many checked in, over the rounds that have closed."""
    course = course_of(cohort.course_text)
    found = []
    closed = [r for r in posting.rounds(turn, cohort) if r.closes_at <= turn.now]
    for n, checkin in enumerate(course.checkins):
        rounds = [r for r in closed if r.checkin == checkin.id]
        if rounds and learners:
            counts = [counted(turn, cohort, r) for r in rounds]
            came, base = (sum(numbers) for numbers in zip(*counts, strict=True))
            found.append((f"checkins[{n}]", views.evidence(came, base, len(rounds))))
    return found


def counted(turn: Checkins, cohort: Cohort, round: Round) -> tuple[int, int]:
    """(came, expected), without those whose own close is ahead."""
    came = {u.person for u in turn.store.of(cohort.id, round.key)}
    expected = set(turn.people.expected(cohort.id, round.opens_at, round.closes_at, came))
    if given := more_time(turn, cohort).people & (expected - came):
        people = [turn.people.person(person) for person in sorted(given)]
        own = zip(people, posting.rounds_for(turn, cohort, people), strict=True)
        expected -= {p.id for p, mine in own if any(r.key == round.key and turn.now < r.closes_at for r in mine)}
    return len(came & expected), len(expected)
