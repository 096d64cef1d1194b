"""Moments of a course week as instants, in every zone and through every change of the clocks."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.time import ANYWHERE_ON_EARTH, local, monday_of, zones
from bot.core.timetable import Timetable
from bot.course.model import window
from bot.course.moment import Clockface, Moment
from bot.course.value_types.moments import MomentValue

ZONES = st.sampled_from((*zones(), ANYWHERE_ON_EARTH))
STARTS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
MOMENTS = st.builds(Moment, st.integers(0, 6), CLOCKS, st.sampled_from(get_args(Clockface)))


def zone_of(moment: Moment, learner: str, cohort: str) -> str:
    return {"learner": learner, "cohort": cohort, "aoe": ANYWHERE_ON_EARTH}[moment.zone]


@given(MOMENTS, STARTS, st.integers(1, 52), ZONES, ZONES)
def test_a_moment_comes_at_its_wall_time(moment: Moment, start: date, week: int, learner: str, cohort: str) -> None:
    zone = zone_of(moment, learner, cohort)
    wall = local(moment.at(Timetable(start, cohort), week, learner), zone)
    day = max(start, monday_of(start) + timedelta(weeks=week - 1, days=moment.weekday))
    meant = datetime.combine(day, moment.time)
    # Only a gap moves a wall time, and forward: by an hour as a rule, and by a day where a zone skipped its date.
    assert timedelta(0) <= wall - meant <= timedelta(days=1)
    if wall != meant:
        assert local(moment.at(Timetable(start, cohort), week, learner) - timedelta(days=1), zone) <= meant


@given(MOMENTS, STARTS, ZONES, ZONES)
def test_weeks_follow_one_another(moment: Moment, start: date, learner: str, cohort: str) -> None:
    # What comes earlier in week 1 than the start is on that day.
    instants = [moment.at(Timetable(start, cohort), week, learner) for week in range(2, 54)]
    gaps = {after - before for before, after in pairwise(instants)}
    assert all(timedelta(days=5, hours=23) <= gap <= timedelta(days=8, hours=1) for gap in gaps)


@given(MOMENTS, MOMENTS, STARTS, st.integers(1, 52), ZONES, ZONES)
def test_by_one_clock_a_window_is_open_for_at_most_a_week(
    opens: Moment, closes: Moment, start: date, week: int, learner: str, cohort: str
) -> None:
    closes = Moment(closes.weekday, closes.time, opens.zone)
    first, last = window(opens, closes, Timetable(start, cohort), week, learner)
    assert timedelta(0) <= last - first <= timedelta(days=8, hours=1)


@given(st.integers(0, 6), CLOCKS, st.integers(0, 6), CLOCKS, STARTS, ZONES)
def test_what_closes_anywhere_on_earth_closes_after_it_opened(
    first: int, opens: time, last: int, closes: time, start: date, learner: str
) -> None:
    a, b = Moment(first, opens, "learner"), Moment(last, closes, "aoe")
    if a.wall() != b.wall():
        opened, closed = window(a, b, Timetable(start, "Europe/Berlin"), 3, learner)
        # The clock there is behind all others, so what comes later on the page comes later everywhere.
        assert opened <= closed + timedelta(hours=1)


@pytest.mark.parametrize(
    ("opens", "closes", "days"),
    [
        ("Fri 16:00", "Mon 12:00", 2),
        ("Fri 16:00", "Sun 23:59", 2),
        ("Fri 16:00", "Fri 15:00", 6),
        ("Mon 09:00", "Mon 10:00", 0),
    ],
)
def test_closes_is_the_first_such_moment_after_opens(opens: str, closes: str, days: int) -> None:
    read = MomentValue().parse
    first, last = window(read(opens), read(closes), Timetable(date(2026, 1, 5), "UTC"), 1, "UTC")
    assert (last - first).days == days


def test_the_week_of_a_start_in_mid_week_is_week_one() -> None:
    monday, friday = Moment(0, time(9), "cohort"), Moment(4, time(9), "cohort")
    thursday = Timetable(date(2026, 1, 8), "Europe/Berlin")
    assert monday.at(thursday, 1, "UTC") == datetime.fromisoformat("2026-01-08T08:00:00Z"), "not before the start"
    assert friday.at(thursday, 1, "UTC") == datetime.fromisoformat("2026-01-09T08:00:00Z")
    assert monday.at(thursday, 2, "UTC") == datetime.fromisoformat("2026-01-12T08:00:00Z")


def test_anywhere_on_earth_is_one_instant_for_all() -> None:
    sunday = Moment(6, time(23, 59), "aoe")
    at = {sunday.at(Timetable(date(2026, 1, 5), "Europe/Berlin"), 1, zone) for zone in zones()}
    assert at == {datetime.fromisoformat("2026-01-12T11:59:00Z")}


@pytest.mark.parametrize(
    ("zone", "clock", "start", "at"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 23), "2026-03-29T01:30:00Z"),
        ("Europe/Berlin", time(2, 30), date(2026, 10, 19), "2026-10-25T00:30:00Z"),
        ("Australia/Lord_Howe", time(2, 15), date(2026, 9, 28), "2026-10-03T15:45:00Z"),
        ("America/New_York", time(2, 30), date(2026, 3, 2), "2026-03-08T07:30:00Z"),
    ],
)
def test_gaps_move_forward_and_folds_mean_the_first(zone: str, clock: time, start: date, at: str) -> None:
    moment = Moment(6, clock, "learner")
    assert moment.at(Timetable(start, "UTC"), 1, zone) == datetime.fromisoformat(at)


@given(MOMENTS)
def test_a_moment_reads_back_as_written(moment: Moment) -> None:
    assert MomentValue().parse(str(moment)) == moment
