"""What live sessions contribute: to the week card, the calendar and one's own page. A held one adds nothing."""

from collections.abc import Collection, Hashable, Iterator, Sequence

from bot.core.contributions import AGENDA, DATES, EXTRAS, OWN_EXTRAS, PAYS, RUNS, YES_TOLD, Date, Extra, Paid, Upcoming
from bot.core.people import Cohort, Person, Role
from bot.core.time import local_day
from bot.course.loader import course_of
from bot.features.live import attending_views, card_views, desk_views, rules, telling_views, weighing
from bot.features.live.store import Lives, Session, Taking, feature


def _sessions(turn: Lives, cohort: Cohort) -> Sequence[Session]:
    """The sessions of a cohort, which may not exist yet."""
    return turn.store.of(cohort.id) if cohort.id else rules.planned(cohort, turn.now)


@feature.contributes(RUNS)
def runs(turn: Lives) -> list[str]:
    return ["live"]


@feature.contributes(EXTRAS)
def on_the_card(turn: Lives, cohort: Cohort, week: int) -> list[Extra]:
    course, sessions = course_of(cohort.course_text), _sessions(turn, cohort)
    shown = [(s, s.live) for s in weighing.out(sessions, week) if s.live is not None]
    found = [card_views.extra(session, live, course, turn.now) for session, live in shown]
    return found + [card_views.removed(s) for s in sessions if rules.explained(s, cohort, week)]


@feature.contributes(OWN_EXTRAS)
def on_their_cards(turn: Lives, cohort: Cohort, week: int, people: Sequence[Person]) -> list[tuple[int, Extra]]:
    """Who said yes, came or reflected reads that, and who may come at night reads when; who joined later reads nothing
    of what was gone before."""
    course, sessions = course_of(cohort.course_text), turn.store.of(cohort.id)
    here, found = {p.id for p in people}, list[tuple[int, Extra]]()
    for session in weighing.out(sessions, week):
        if session.live is None:
            continue
        seen = weighing.seen(turn, cohort, session, people)
        mine = {one.person: one for one in turn.store.takings([session.id]) if one.person in here}
        theirs = {p for p, one in seen.items() if one.nights != session.nights}
        theirs |= {p for p, one in mine.items() if one.slot or one.here_at or one.reflected_at or one.asked_at}
        found += [
            (p, card_views.extra(seen.get(p, session), session.live, course, turn.now, mine.get(p)))
            for p in sorted(theirs)
        ]
    if gone := [s for s in sessions if rules.explained(s, cohort, week)]:
        joined = turn.people.joined(cohort.id)
        found += [(p, card_views.unsaid(s)) for s in gone for p in here if p in joined and joined[p] > s.since]
    return found


@feature.contributes(PAYS)
def pays(turn: Lives, cohort: Cohort) -> list[Paid]:
    course = course_of(cohort.course_text)
    sessions = weighing.out(_sessions(turn, cohort))
    return list(rules.paid(course, sessions, {s.name: card_views.or_come(s) for s in sessions}))


@feature.contributes(YES_TOLD)
def news(turn: Lives, cohort: Cohort) -> list[tuple[int, Hashable, bool]]:
    takings = turn.store.takings([s.id for s in turn.store.of(cohort.id) if s.told_at is not None])
    return [(one.person, (one.session, one.told), one.told[-1].lost) for one in takings if one.has_news]


def coming(turn: Lives, session: Session) -> int:
    """How many said yes to a time that is ahead."""
    here = {p.id for p in turn.people.members(session.cohort, Role.LEARNER)}
    yes = [one for one in turn.store.takings([session.id]) if one.slot and one.person in here and session.is_out]
    return sum(session.slots[one.slot - 1] > turn.now for one in yes)


@feature.contributes(DATES)
def dates(turn: Lives, cohort: Cohort, person: Person) -> list[Date]:
    course = course_of(cohort.course_text)
    comes = turn.store.taking(cohort.id, person.id) if cohort.id and person.id else {}
    return [
        telling_views.date(
            session,
            n,
            telling_views.about(session.live, course) if session.live else "",
            session.id in comes and comes[session.id].slot == n,
        )
        for session in weighing.out(_sessions(turn, cohort))
        for n in sorted({*range(1, len(session.slots) + 1)} - _withheld(turn, cohort, session, person))
    ]


def _withheld(turn: Lives, cohort: Cohort, session: Session, person: Person) -> set[int]:
    """The numbers of the slots that this person is not offered."""
    seen = weighing.seen(turn, cohort, session, [person]).get(person.id)
    return {n for n, at in enumerate(session.slots, 1) if seen is not None and at in seen.nights}


def told(turn: Lives, person: int = 0) -> dict[tuple[str, str], tuple[Date, int]]:
    """Every slot that learners were ever told of, as it was last, and how often its session has changed. `person`:
    whose own files of it count, too; without what they are not offered."""
    hidden = {
        session.id: _withheld(turn, turn.here, session, turn.people.person(person))
        for session in turn.store.of(turn.here.id)
        if person and session.nights
    }
    mine = turn.store.taking(turn.here.id, person) if person else {}
    return {
        (date.kind, date.id): (date, session.changed + (mine[session.id].files if session.id in mine else 0))
        for session in turn.store.of(turn.here.id)
        for n in range(1, len(session.known) + 1 if session.told_at is not None else 1)
        if n not in hidden.get(session.id, ())
        for date in [telling_views.date(session, n)]
    }


@feature.contributes(AGENDA)
def upcoming(turn: Lives, person: Person, cohort: Cohort) -> list[Upcoming]:
    """The sessions of this week, and those that one has said yes to; for a manager, what waits for their word."""
    if Role.LEARNER not in turn.roles:
        decides = Role.MANAGER in turn.roles
        return [desk_views.upcoming(s) for s in turn.store.of(cohort.id) if decides and rules.waits(s, turn.now)]
    return list(can_do(turn, person, cohort, {cohort.week_on(local_day(turn.now, person.zone))}))


def can_do(turn: Lives, person: Person, cohort: Cohort, weeks: Collection[int]) -> Iterator[Upcoming]:
    """What a learner can do about each session: come, do what counts in its place, or say yes to one of these weeks."""
    mine = turn.store.taking(cohort.id, person.id)
    for known in weighing.out(turn.store.of(cohort.id)):
        session = weighing.seen(turn, cohort, known, [person]).get(person.id, known)
        own = mine.get(session.id, Taking(session.id, person.id))
        slot = own.slot if own.slot and session.ends(own.slot) > turn.now else 0
        if own.here_at is not None or own.reflected_at is not None:
            continue
        if rules.is_on(session, turn.now):
            yield telling_views.running(session, own, turn.now)
        if rules.can_reflect(session, turn.now):
            yield attending_views.to_reflect(session)
            continue
        if session.is_over(turn.now) and own.asked_at is None and rules.can_wish(session, own, turn.now):
            yield attending_views.to_wish(session)
            continue
        ahead = [at for n, at in rules.ahead(session, turn.now) if slot in (0, n)]
        if ahead and (slot or session.week in weeks):
            yield telling_views.upcoming(session, ahead, bool(slot))
