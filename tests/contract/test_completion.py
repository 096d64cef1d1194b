"""The store of completion, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from bot.app.features import make_registry
from bot.core.contributions import CREDITS, EVIDENCE, ITEMS
from bot.core.people import Account, Actor, Role
from bot.core.time import WoundClock
from bot.core.turn import Turn
from bot.features.completion.store import Certificate, CompletionStore
from bot.features.milestones.store import Window
from bot.features.wrapups.store import RoundPlan
from bot.features.wrapups.store import Window as RoundWindow
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.unit import SqlStorage, SqlUnit
from tests.kit import COURSE

DAY = timedelta(days=1)
WITH_WORK = (
    COURSE.replace("weekly_minutes: 300}", "weekly_minutes: 300, completion: all essential milestones and 1 wrap-up}")
    + "milestones:\n  - {id: draft, week: 1, title: Draft, due: Sun 23:59 aoe, essential: yes}\n"
)


def test_credits_say_what_was_asked_of_each_and_what_came(storage: SqlStorage, clock: WoundClock) -> None:
    registry = make_registry()

    def work(unit: SqlUnit) -> None:
        now, enrolment = clock.now(), unit.store("enrolment")
        assert isinstance(enrolment, SqlEnrolment)
        cohort = enrolment.create_cohort("demo", "Demo", WITH_WORK, "UTC", date(2026, 1, 5), "JOIN")
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

        def look(turn: Turn[CompletionStore]) -> None:
            here = turn.people.cohort(cohort)
            assert here is not None
            people = [turn.people.person(mia), turn.people.person(leo)]
            found = turn.collect(CREDITS, here, people)
            said = [(id, c.column, c.done, c.needed, c.done_at) for id, c in found]
            # Who came too late for it need not hand it in.
            assert said == [
                (mia, "milestones", 1, 1, now + 7 * DAY),
                (leo, "milestones", 0, 0, None),
                (mia, "wrap-ups", 1, 1, now + DAY),
                (leo, "wrap-ups", 0, 0, None),
            ]
            dates = [(id, i.name, i.due_at, i.done) for id, i in turn.collect(ITEMS, here, people) if i.id == "draft"]
            assert dates == [
                (mia, "milestone/draft", now + 6 * DAY, True),
                (leo, "milestone/draft", now + 9 * DAY, False),
            ]
            told = replace(turn, now=now + 8 * DAY).collect(EVIDENCE, here, frozenset({mia, leo}))
            words = "1 of 1 handed it in, 1 late (median 24 h late)"
            assert any(path == "milestones[0]" and words in text for path, text in told)
            assert turn.store.accounts(cohort, "w") == {mia: "mia", leo: "leo"}

        take_turn(registry, unit, "completion", now, look)

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
