"""The store of revisions, on both databases."""

from dataclasses import replace
from datetime import date

from bot.core.people import Account, Actor, Role
from bot.core.time import WoundClock
from bot.features.revisions.store import Done, RevisionStore, Setup
from storage.stores.enrolment import SqlEnrolment
from storage.tables.milestones import SubmissionRow
from storage.tables.wrapups import AnswerRow, RoundRow
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


def test_what_was_answered_and_still_stands_counts(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, mia = seed(unit)
        now = clock.now()
        for week, gone in ((1, None), (2, now)):
            round = RoundRow(
                cohort=cohort, prompt="wrapup", week=week, title="x", questions="[]", opens_at=now, closes_at=now
            )
            unit._session.add(round)
            unit._session.flush()
            assert round.id is not None
            unit._session.add(
                AnswerRow(round=round.id, person=mia, body="{}", first_at=now, changed_at=now, deleted_at=gone)
            )
        for id, gone in (("draft", None), ("plan", now)):
            unit._session.add(
                SubmissionRow(cohort=cohort, milestone=id, person=mia, first_at=now, changed_at=now, deleted_at=gone)
            )
        unit._session.flush()
        done = unit.store("revisions").done(cohort)
        assert done == Done(frozenset({("prompts", "wrapup/1", mia), ("milestones", "draft", mia)}))
        assert (done.of("prompts", "wrapup"), done.of("milestones", "plan")) == (1, 0)

    storage.run_now(work)
