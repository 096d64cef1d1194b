"""Receipts of days away. In the direct messages each absence has one, which follows what falls due meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from bot.core.asking import asked_of
from bot.core.contributions import DATES, Item
from bot.core.items import last_chance
from bot.core.message import Message
from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.absence import rules, views
from bot.features.absence.store import Absence, AbsenceStore, Left

Absences = Turn[AbsenceStore]


def anchor(absence: Absence) -> str:
    return f"away/{absence.cohort}/{absence.person}/{absence.id}"


def whole(turn: Absences, given: Sequence[Absence], replaced: Absence | None = None) -> Message:
    """What the acting learner reads of these absences. `replaced`: the dates that one of them had before."""
    return _Receipts(turn, turn.here, [turn.me]).of(turn.me, given, replaced)


def show(turn: Absences, given: Sequence[Absence], replaced: Absence | None = None) -> None:
    """Shows the acting learner a receipt for each of these absences."""
    found = _Receipts(turn, turn.here, [turn.me])
    for absence in given:
        shown = found.of(turn.me, [absence], replaced if absence is given[0] else None)
        turn.show_to(turn.me.id, anchor(absence), shown)


def close(turn: Absences, absences: Sequence[Absence]) -> None:
    """Takes back what the receipts of these absences announce: their learner is here."""
    shown = turn.links.shown([anchor(a) for a in absences])
    for absence in absences:
        if anchor(absence) in shown:
            turn.show_to(absence.person, anchor(absence), views.here())


def show_again(turn: Absences, cohort: Cohort, people: Collection[int] | None) -> None:
    """Updates the receipts of these learners (None: of everybody)."""
    absences = [
        absence
        for person, mine in turn.store.absences(cohort.id).items()
        for absence in mine
        if people is None or person in people
        if not absence.is_over(turn.now)
    ]
    shown = turn.links.shown([anchor(a) for a in absences])
    absences = [a for a in absences if anchor(a) in shown]
    if not absences:
        return
    learners = {p.id: p for p in turn.people.members(cohort.id, Role.LEARNER)}
    concerned = [learners[p] for p in dict.fromkeys(a.person for a in absences) if p in learners]
    found = _Receipts(turn, cohort, concerned)
    for absence in absences:
        if absence.person in learners:
            turn.show_to(absence.person, anchor(absence), found.of(learners[absence.person], [absence]))


class _Receipts:
    """The receipts of some learners, queried once for all of them."""

    def __init__(self, turn: Absences, cohort: Cohort, people: Sequence[Person]) -> None:
        self._now, self._cohort, self._course = turn.now, cohort, course_of(cohort.course_text)
        everybody = turn.store.absences(cohort.id) if len(people) > 1 else {}
        self._absences: Mapping[int, Sequence[Absence]] = everybody or {
            p.id: turn.store.own(cohort.id, p.id) for p in people
        }
        self._items: dict[int, list[Item]] = defaultdict(list)
        for person, item in asked_of(turn, cohort, people):
            self._items[person].append(item)
        self._sessions = {p.id: [d for d in turn.collect(DATES, cohort, p) if rules.is_promised(d)] for p in people}
        windows = turn.store.windows(cohort.id, {p.id for p in people})
        self._movable = {
            p.id: rules.can_move(self._course, [w for w in windows if w.person == p.id], self._items[p.id], turn.now)
            for p in people
        }

    def of(self, person: Person, given: Sequence[Absence], replaced: Absence | None = None) -> Message:
        now, numbers = self._now, {a.id for a in given}
        others = [a for a in self._absences.get(person.id, ()) if a.id not in numbers and not a.is_over(now)]
        backs = [rules.back_at(a.last_day, person, self._course.messages, now) for a in given if a.last_day]
        left, movable = self._left(person, given), self._movable[person.id]
        return views.receipt(self._cohort.id, given, others, replaced, backs, left, movable, now, person.zone)

    def _left(self, person: Person, absences: Sequence[Absence]) -> Left:
        """What falls due, or closes, in these absences, up to the card of the return: by its date, or in one without an
        end what is open now, essential work first."""
        items, now, messages = self._items[person.id], self._now, self._course.messages
        sessions = [d for d in self._sessions[person.id] if any(rules.is_within(d.at, a) for a in absences)]
        absences = [rules.until_return(a, person, messages, now) for a in absences]
        found = rules.within(items, absences, now)
        last = [last_chance(item, at) for item, at in rules.last_chances(items, absences, now)]
        return Left([views.due(item, now) for item in found], last, [views.promised(d) for d in sessions])
