"""The store of live sessions, on both databases."""

from dataclasses import replace
from datetime import date, time, timedelta

from bot.core.people import Account, Actor
from bot.course.model import Live, Metric, Moment, Payment
from bot.features.live.store import LiveStore, Promise, Session, Taking
from storage.stores.enrolment import SqlEnrolment
from storage.unit import SqlStorage, SqlUnit


def test_a_session_and_what_people_have_to_do_with_it(storage: SqlStorage) -> None:
    now = storage.now()
    later = now + timedelta(hours=2)

    def work(unit: SqlUnit) -> None:
        mia, leo = (unit.people.meet(Actor(Account("w", name), name, "UTC")).id for name in ("mia", "leo"))
        enrolment: SqlEnrolment = unit.store("enrolment")
        one, two = (enrolment.create_cohort(c, c, "x", "UTC", date(2026, 1, 5), c) for c in ("one", "two"))
        store: LiveStore = unit.store("live")
        slots, live = (Moment(0, time(8), "cohort"), Moment(2, time(20), "cohort", 2)), ("tea", 1, "Tea", 30)
        promise = Promise(Live(*live, slots, "decision", pays=(Payment("cup", 30),), metric=Metric(50, 70)), 7)
        tea = Session(0, one, *live, "announced", now, (now, later), (now, later), told_at=now, promise=promise)
        tea = store.add(tea)
        cup = store.add(Session(0, one, "cup", 2, "Cup", 30, "held", now))
        other = store.add(Session(0, two, "tea", 1, "Tea", 30, "held", now))
        assert list(store.of(one)) == [tea, cup]
        assert store.get(two, tea.id) is None
        tea = replace(tea, slots=(later,), heads=3, changed=1)
        store.keep(tea)
        assert store.get(one, tea.id) == tea
        came = Taking(tea.id, mia, 2, now, True, later, ("Bitter", "Sweet"))
        store.take(came)
        store.take(Taking(other.id, leo, 1, later))
        assert store.taking(one, mia) == {tea.id: came}
        assert store.taking(one, leo) == {}
        store.count(tea.id, [mia, leo])
        assert list(store.takings([tea.id])) == [replace(came, counted=True), Taking(tea.id, leo, counted=True)]
        assert list(store.takings([])) == []
        assert store.last(one, now, later) == {mia: now}
        assert store.last(one, now, later + timedelta(hours=1)) == {mia: later}
        store.drop(tea.id)
        assert list(store.of(one)) == [cup]
        assert list(store.takings([tea.id])) == []

    storage.run_now(work)
