"""The store of week cards, on both databases."""

from datetime import date

from bot.core.people import Account, Actor
from bot.features.weekcard.store import EVERYBODY, WeekcardStore
from storage.stores.enrolment import SqlEnrolment
from storage.unit import SqlStorage, SqlUnit


def test_a_card_that_reached_nobody_is_taken_back_for_them_alone(storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        mia, leo = (unit.people.meet(Actor(Account("w", name), name, "UTC")).id for name in ("mia", "leo"))
        enrolment: SqlEnrolment = unit.store("enrolment")
        cohorts = [enrolment.create_cohort(c, c, "x", "UTC", date(2026, 1, 5), c) for c in ("one", "two")]
        store: WeekcardStore = unit.store("weekcard")
        for cohort in cohorts:
            for week in (1, 2):
                store.keep(cohort, week, {mia: "a", leo: "b", EVERYBODY: "c"})
        one, two = cohorts
        assert store.had(one, [2, 3]) == {(2, mia), (2, leo), (2, EVERYBODY)}
        assert store.had(one, [1, 2], {leo}) == {(1, leo), (2, leo)}
        assert store.had(one, [], {leo}) == store.had(one, [3]) == set()
        store.forget(one, 2, {mia})
        store.forget(one, 2, set())
        assert store.had(one, [1, 2]) == {(1, mia), (1, leo), (1, EVERYBODY), (2, leo), (2, EVERYBODY)}
        assert store.prints(one, 2) == {leo: "b", EVERYBODY: "c"}
        assert store.had(two, [2], {mia}) == {(2, mia)}

    storage.run_now(work)
