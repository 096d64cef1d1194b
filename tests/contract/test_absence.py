"""The store of absence, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from bot.core.people import Account, Actor, Role
from bot.core.time import WoundClock, parse_instant
from bot.features.absence.store import Absence, AbsenceStore, Silence
from storage.stores.enrolment import SqlEnrolment
from storage.tables.milestones import MilestoneWindowRow, MoveRow, SubmissionRow
from storage.unit import SqlStorage, SqlUnit


def seed(unit: SqlUnit) -> tuple[int, int, int]:
    """A cohort, and two learners in it."""
    enrolment: SqlEnrolment = unit.store("enrolment")
    cohort = enrolment.create_cohort("demo", "Demo", "course: {}", "Europe/Berlin", date(2026, 1, 5), "JOIN")
    mia, tom = (unit.people.meet(Actor(Account("w", name), name.capitalize())).id for name in ("mia", "tom"))
    for person in (mia, tom):
        enrolment.add_member(cohort, person, Role.LEARNER)
    return cohort, mia, tom


def test_away_is_from_the_beginning_to_the_end(storage: SqlStorage, clock: WoundClock) -> None:
    cohort, mia, tom = storage.run_now(seed)
    now = clock.now()
    ends_at = now + timedelta(days=2)

    def go(unit: SqlUnit) -> Absence:
        store: AbsenceStore = unit.store("absence")
        ahead = Absence(0, cohort, tom, now + timedelta(days=1), None, date(2026, 1, 6))
        store.add(ahead)
        gone = store.add(Absence(0, cohort, mia, now, ends_at, None, date(2026, 1, 6)))
        assert store.own(cohort, mia) == [gone]
        assert store.gone(cohort) == {mia}
        assert store.returned(cohort) == {}
        return gone

    gone = storage.run_now(go)
    clock.wind(ends_at)

    def back(unit: SqlUnit) -> None:
        store: AbsenceStore = unit.store("absence")
        assert store.gone(cohort) == {tom}
        assert store.returned(cohort) == {mia: ends_at}
        assert store.own(cohort, mia) == [gone]
        store.keep(replace(gone, back_at=clock.now()))
        assert store.own(cohort, mia) == []
        store.forget(cohort, tom)
        assert store.gone(cohort) == frozenset()

    storage.run_now(back)


def test_heard_ends_a_silence(storage: SqlStorage, clock: WoundClock) -> None:
    cohort, mia, tom = storage.run_now(seed)

    def ask(unit: SqlUnit) -> None:
        store: AbsenceStore = unit.store("absence")
        assert store.heard(cohort) == {}
        silences = [Silence(cohort, p, clock.now()) for p in (mia, tom)]
        store.fall_silent(silences)
        assert store.gone(cohort) == {mia, tom}
        assert store.hear(tom, in_public=False) == [silences[1]]
        assert store.hear(tom, in_public=False) == []
        assert store.gone(cohort) == {mia}
        assert store.heard(cohort)[tom] == parse_instant("2026-01-06T00:00:00Z")
        assert store.heard_in_public(cohort) == {}
        store.hear(tom, in_public=True)
        assert store.heard_in_public(cohort) == store.heard(cohort)
        assert store.note_interest(cohort, mia)
        assert not store.note_interest(cohort, mia)

    storage.run_now(ask)


def test_windows_say_what_came_in_and_what_was_moved(storage: SqlStorage, clock: WoundClock) -> None:
    cohort, mia, tom = storage.run_now(seed)
    now = clock.now()

    def work(unit: SqlUnit) -> None:
        for person in (mia, tom):
            window = MilestoneWindowRow(cohort=cohort, milestone="a", person=person, opens_at=now, due_at=now)
            unit._session.add(window)
        unit._session.add(SubmissionRow(cohort=cohort, milestone="a", person=mia, first_at=now, changed_at=now))
        gone = SubmissionRow(cohort=cohort, milestone="a", person=tom, first_at=now, changed_at=now, deleted_at=now)
        unit._session.add(gone)
        unit._session.add(MoveRow(cohort=cohort, milestone="a", person=tom, days=2, at=now))
        unit._session.add(MoveRow(cohort=cohort, milestone="a", person=0, days=5, at=now))
        unit._session.flush()
        store: AbsenceStore = unit.store("absence")
        found = {w.person: w for w in store.windows(cohort, {mia, tom})}
        assert (found[mia].handed_in, found[mia].moved) == (True, 0)
        assert (found[tom].handed_in, found[tom].moved) == (False, 2)
        assert [w.person for w in store.windows(cohort, {tom})] == [tom]

    storage.run_now(work)
