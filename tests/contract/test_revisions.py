"""The store of revisions, on both databases."""

from dataclasses import replace
from datetime import date

from bot.core.people import Account, Actor, Role
from bot.core.time import WoundClock
from bot.features.revisions.store import RevisionStore, Setup
from storage.stores.enrolment import SqlEnrolment
from storage.unit import SqlStorage, SqlUnit

TEXT = "course: {}  # größer 😀\r\n"


def seed(unit: SqlUnit) -> tuple[int, int]:
    """A cohort, and a learner in it."""
    person = unit.people.meet(Actor(Account("w", "mia"), "Mia", "Europe/Berlin"))
    enrolment: SqlEnrolment = unit.store("enrolment")
    cohort = enrolment.create_cohort("demo", "Demo", TEXT, "Europe/Berlin", date(2026, 1, 5), "JOIN")
    enrolment.add_member(cohort, person.id, Role.LEARNER)
    return cohort, person.id


def test_a_change_is_kept_as_a_version_and_is_what_the_cohort_runs_by(storage: SqlStorage, clock: WoundClock) -> None:
    days = {date(2026, 1, 6): "Epiphany", date(2026, 1, 7): "Holiday"}
    after = Setup(TEXT * 2, date(2026, 1, 12), "Asia/Kolkata", days, "DE-BY")

    def change(unit: SqlUnit) -> tuple[int, int]:
        cohort, mia = seed(unit)
        store: RevisionStore = unit.store("revisions")
        home = unit.people.cohort(cohort)
        assert home is not None
        before = store.present(home)
        assert before == Setup(TEXT, date(2026, 1, 5), "Europe/Berlin", {})
        assert store.number(cohort) == 0
        store.add_version(cohort, before, None, None)
        proposal = store.propose(cohort, 1, after, mia)
        store.add_version(cohort, after, mia, clock.now())
        store.change(cohort, after)
        store.settle(proposal.id, "used")
        # In the same unit of work already: whoever plans anew goes by it.
        home = unit.people.cohort(cohort)
        assert home is not None
        assert (home.starts_on, home.zone, home.holidays) == (after.starts_on, after.zone, frozenset(days))
        return cohort, proposal.id

    def read(unit: SqlUnit) -> None:
        store: RevisionStore = unit.store("revisions")
        home = unit.people.cohort(cohort)
        assert home is not None
        assert store.present(home) == after
        assert [(v.number, v.setup.text, v.at) for v in store.versions(cohort)] == [
            (2, TEXT * 2, clock.now()),
            (1, TEXT, None),
        ]
        kept = store.proposal(cohort, number)
        assert kept is not None
        assert (kept.state, kept.base, kept.setup) == ("used", 1, after)
        assert store.proposal(cohort + 1, number) is None
        store.rebase(number, 2, replace(after, text=TEXT * 3))
        kept = store.proposal(cohort, number)
        assert kept is not None
        assert (kept.base, kept.setup.text) == (2, TEXT * 3)

    cohort, number = storage.run_now(change)
    storage.run_now(read)
