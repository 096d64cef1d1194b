"""The times that are suggested for a live session."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.time import local
from bot.core.timetable import Timetable
from bot.course.gate.slots import Learner, Suggested, outside, suggested
from bot.course.gate.times import times
from bot.course.gate.values import Circumstances
from bot.course.model import LiveRules
from bot.course.moment import WEEKDAYS
from tests.effort import tries
from tests.test_course_gate import course, session

ZONES = ("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Kolkata")
MONDAY, BEFORE = date(2026, 3, 23), datetime(2026, 3, 1, tzinfo=UTC)
people = st.lists(st.tuples(st.sampled_from(ZONES), st.integers(6, 22)), min_size=1, max_size=12)
free = st.frozensets(st.integers(0, 6).map(lambda n: MONDAY + timedelta(n)), max_size=4)


@settings(max_examples=tries(60), deadline=None)
@given(people, free, st.sampled_from(ZONES), st.integers(15, 60))
def test_no_other_two_times_leave_fewer_without_one(
    learners: list[tuple[str, int]], holidays: frozenset[date], home: str, minutes: int
) -> None:
    rules, table = LiveRules(), Timetable(MONDAY, home, holidays)
    found = suggested(1, minutes, table, [Learner(*one) for one in learners], rules, BEFORE)
    zones = [zone for zone, _hour in learners]

    def left(first: datetime, second: datetime) -> int:
        return sum(outside(first, minutes, z, rules) and outside(second, minutes, z, rules) for z in zones)

    def passes(*both: datetime) -> bool:
        """By the gate, as a file says it."""
        listed = ", ".join(f"{WEEKDAYS[(there := local(at, home)).weekday()]} {there:%H:%M}" for at in both)
        made = course(session(slots=f"[{listed}]", minutes=str(minutes)))
        given = Circumstances((), table, tuple(zones))
        return not list(times(made.live[0], made, given))

    hours = [
        at
        for at in (datetime(2026, 3, 21, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(2 * 24 * 10))
        if local(at, home).minute == 0
        and MONDAY <= (day := local(at, home).date()) < MONDAY + timedelta(7)
        and day not in holidays
        and day.weekday() < 5
        and 2 * sum(not outside(at, minutes, z, rules) for z in zones) >= len(zones)
    ]
    pairs = sorted(combinations(hours, 2), key=lambda two: left(*two))
    if not found:
        assert not any(passes(*two) for two in pairs[:: max(1, len(pairs) // 50)])
        return
    first, second = found
    assert passes(first.at, second.at)
    fewer = [two for two in pairs if left(*two) < left(first.at, second.at)]
    assert not any(passes(*two) for two in fewer[:: max(1, len(fewer) // 50)])
    for one in found:
        assert local(one.at, home).date() not in holidays
        assert one.outside == round(100 * sum(outside(one.at, minutes, z, rules) for z in zones) / len(zones))


def test_a_time_at_which_somebody_is_away_is_none_for_them() -> None:
    """Who is away until Thursday gets a time from then on; who is away all week counts for none."""
    thursday = datetime(2026, 3, 26, tzinfo=UTC)
    away = Learner("Europe/Berlin", 9, ((BEFORE, thursday),))
    gone = Learner("Asia/Tokyo", 9, ((BEFORE, None),))
    table = Timetable(MONDAY, "Europe/Berlin", frozenset())
    found = suggested(1, 45, table, [Learner("Europe/Berlin"), away, gone], LiveRules(), BEFORE)
    assert any(one.at >= thursday for one in found)


@pytest.mark.parametrize("host", ["Europe/Berlin", "Europe/Lisbon", "America/Los_Angeles"])
def test_the_hours_of_whoever_holds_it_decide_between_times_that_suit_learners_alike(host: str) -> None:
    table = Timetable(MONDAY, "Europe/Berlin", frozenset())
    learners = [Learner("Europe/Berlin"), Learner("Asia/Tokyo")]
    best = suggested(1, 45, table, learners, LiveRules(), BEFORE)
    found = suggested(1, 45, table, learners, LiveRules(), BEFORE, host)
    assert [one.outside for one in found] == [one.outside for one in best], "learners come first"

    def night(some: Sequence[Suggested]) -> int:
        return sum(outside(one.at, 45, host, LiveRules()) for one in some)

    assert night(found) <= night(best)


def test_whoever_holds_it_does_not_sit_up_at_night_for_nothing() -> None:
    zones = ["Europe/Berlin"] * 3 + ["America/New_York"] * 2 + ["Asia/Tokyo"] * 3
    table = Timetable(MONDAY, "Europe/Berlin", frozenset())
    found = suggested(1, 45, table, [Learner(zone) for zone in zones], LiveRules(), BEFORE)
    assert all(8 <= local(one.at, "Europe/Berlin").hour < 22 for one in found)
    assert all(any(not outside(one.at, 45, zone, LiveRules()) for one in found) for zone in zones)
