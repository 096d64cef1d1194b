"""The store of completion, on both databases."""

from datetime import date, timedelta

from bot.core.people import Account, Actor, Role
from bot.core.time import WoundClock
from bot.features.completion.store import Certificate, CompletionStore
from bot.features.milestones.store import Window
from bot.features.wrapups.store import RoundPlan
from bot.features.wrapups.store import Window as RoundWindow
from storage.stores.enrolment import Enrolment
from storage.unit import SqlStorage, SqlUnit

DAY = timedelta(days=1)


def test_records_say_what_was_asked_of_each_and_what_came(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        now, enrolment = clock.now(), unit.store("enrolment")
        assert isinstance(enrolment, Enrolment)
        cohort = enrolment.create_cohort("demo", "Demo", "course: {}", "UTC", date(2026, 1, 5), "JOIN")
        mia, leo = (unit.people.meet(Actor(Account("w", user), user)).id for user in ("mia", "leo"))
        for person in (mia, leo):
            enrolment.add_member(cohort, person, Role.LEARNER)
        milestones, wrapups = unit.store("milestones"), unit.store("wrapups")
        milestones.put_windows(
            cohort,
            [
                Window("draft", mia, now, now + 6 * DAY, None),
                Window("draft", leo, now, now + 9 * DAY, now + 12 * DAY, optional=True),
            ],
        )
        milestones.save(cohort, "draft", mia, "https://example.org", "", now + 7 * DAY, late=True)
        plans = [RoundPlan("wrapup", n, f"Week {n}", (), now + n * DAY, now + (n + 1) * DAY) for n in (1, 2)]
        wrapups.plan_rounds(cohort, plans)
        first, second = wrapups.rounds(cohort)
        wrapups.put_windows([RoundWindow(r.id, mia, r.opens_at, r.closes_at) for r in (first, second)])
        # Nobody was asked the second: it closed during a pause.
        wrapups.set_posted(first.id)
        wrapups.set_state(first.id, "closed")
        wrapups.set_state(second.id, "closed")
        wrapups.save(first.id, mia, {"done": "all"}, False, "form", now + DAY, False)
        store: CompletionStore = unit.store("completion")
        records = store.records(cohort, [mia, leo])
        assert records[mia].work == {"draft": now + 7 * DAY}
        assert [r.id for r in records[mia].rounds] == [first.id]
        assert records[mia].answered == {first.id: now + DAY}
        assert records[leo].windows["draft"].optional
        assert (records[leo].work, records[leo].rounds, records[leo].answered) == ({}, [], {})
        assert store.last_dates(cohort, [mia, leo]) == {mia: (now + 6 * DAY, second.closes_at), leo: (None, None)}
        result = store.milestones(cohort, [mia, leo])["draft"]
        assert (result.asked, result.handed_in, result.hours_late) == (1, 1, (24.0,))
        assert [r.answered for r in store.rounds(cohort)] == [frozenset({mia})]
        assert store.accounts(cohort, "w") == {mia: "mia", leo: "leo"}

    storage.run_now(work)


def test_a_certificate_stays_as_it_was_issued(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        enrolment = unit.store("enrolment")
        cohort = enrolment.create_cohort("demo", "Demo", "course: {}", "UTC", date(2026, 1, 5), "JOIN")
        mia = unit.people.meet(Actor(Account("w", "mia"), "Mia")).id
        store: CompletionStore = unit.store("completion")
        issued = Certificate("CODE", cohort, mia, "Mia 😀", "Tea", clock.now(), date(2026, 1, 5), date(2026, 2, 1))
        store.issue(issued)
        store.tell(cohort, [mia])
        store.tell(cohort, [mia])
        unit.people.meet(Actor(Account("w", "mia"), "Someone else"))
        assert store.certificate("CODE") == issued
        assert store.certificates(cohort, {mia, mia + 1}) == {mia: issued}
        assert store.told(cohort) == store.told(cohort, {mia}) == {mia}
        assert not store.told(cohort, {mia + 1})
        assert not store.certificates(cohort, {mia + 1})
        store.end_cohort(cohort)
        ended = unit.people.cohort(cohort)
        assert ended is not None
        assert ended.ended_at == clock.now()

    storage.run_now(work)
