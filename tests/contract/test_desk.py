"""The store of the desk, on both databases."""

from datetime import timedelta

from bot.core.people import Account, Actor
from bot.core.time import WoundClock
from bot.features.digests.store import DigestStore, Line
from storage.unit import SqlStorage, SqlUnit
from tests.contract.test_questions_and_faq import seed

ONE, TWO = "questions/1", "questions/2"


def team(unit: SqlUnit) -> tuple[int, int, int]:
    """A cohort, and two people of its course team."""
    cohort, ines = seed(unit)
    return cohort, ines, unit.people.meet(Actor(Account("w", "omar"), "Omar")).id


def test_a_desk_remembers_what_it_showed_and_who_dealt_with_it(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, ines, omar = team(unit)
        store: DigestStore = unit.store("digests")
        line, part = Line(cohort, ONE, clock.now(), 1), Line(cohort, f"{ONE}/late", clock.now(), 0)
        store.show(ines, [line, part])
        assert sorted(store.lines(ines), key=lambda one: one.name) == [line, part]
        assert store.shown_to(cohort, [ONE, TWO]) == {ines}
        assert store.shown_to(cohort, [part.name]) == set(), "it had no line of its own"
        store.finish(cohort, [ONE], [ines, omar], omar)
        found = {(p, one.number, one.done, one.done_by) for p in (ines, omar) for one in store.lines(p)}
        assert found == {(ines, 1, True, omar), (ines, 0, False, None), (omar, 0, True, omar)}
        store.reopen(cohort, [ONE, TWO])
        assert not any(one.done or one.done_by for p in (ines, omar) for one in store.lines(p))
        store.show(ines, [Line(cohort, ONE, clock.now(), 4)])
        assert {one.number for one in store.lines(ines) if one.name == ONE} == {4}

    storage.run_now(work)


def test_what_was_seen_is_seen_by_the_whole_team_and_forgotten_in_the_end(
    storage: SqlStorage, clock: WoundClock
) -> None:
    def look(unit: SqlUnit) -> None:
        cohort, ines, _ = team(unit)
        store: DigestStore = unit.store("digests")
        store.see(cohort, [ONE])
        store.see(cohort, [ONE, TWO])
        assert store.seen(cohort) == {ONE: clock.now(), TWO: clock.now()}
        store.show(ines, [Line(cohort, ONE, clock.now() - timedelta(days=91), 1)])
        store.show(ines, [Line(cohort, TWO, clock.now(), 1)])
        assert [one.name for one in store.lines(ines)] == [TWO]

    storage.run_now(look)
