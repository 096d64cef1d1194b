"""Weeks, windows and named days across 31 December and 1 January, in several zones, in years with 52 and 53 weeks."""

from datetime import date, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.core.days import Span, read_spans
from bot.core.time import local
from bot.core.timetable import DAY, WEEK, Clockface, Timetable
from tests.effort import tries

ZONES = (
    "Pacific/Kiritimati",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Honolulu",
)
YEARS = (2020, 2024, 2025, 2026, 2027, 2032)
"""2020, 2026 and 2032 have a week 53; 2024 and 2032 are leap years."""


@pytest.mark.parametrize("seed", range(tries(60)))
def test_weeks_and_windows_go_on_over_the_end_of_the_year(seed: int) -> None:
    chance = Random(seed)
    year = chance.choice(YEARS)
    starts_on = date(year, 12, 1) + chance.randrange(31) * DAY
    feast = frozenset(date(year, 12, 24) + n * DAY for n in range(chance.choice((0, 0, 4, 10, 14))))
    table = Timetable(starts_on, chance.choice(ZONES), feast)
    mondays = [table.monday(week) for week in range(1, 9)]
    assert all(monday.weekday() == 0 for monday in mondays)
    for week, (monday, following) in enumerate(pairwise(mondays), 1):
        assert (following - monday) % WEEK == timedelta(0)
        assert all(table.is_break(monday + n * WEEK) for n in range(1, (following - monday) // WEEK))
        assert {table.week_on(monday + n * DAY) for n in range((following - monday).days)} == {week}
    for face in ("learner", "cohort", "aoe"):
        _keeps_wall_time(table, face, chance)


def _keeps_wall_time(table: Timetable, face: Clockface, chance: Random) -> None:
    zone, clock = chance.choice(ZONES), time(chance.randrange(24), chance.choice((0, 30, 59)))
    moments = [table.at(week, day, clock, face, zone) for week in range(1, 9) for day in range(7)]
    assert moments == sorted(moments)
    for n, moment in enumerate(moments):
        shown = local(moment, table.clock(face, zone))
        day = table.monday(1 + n // 7) + n % 7 * DAY
        assert (shown.date(), shown.time()) == (table.free(max(day, table.starts_on)), clock)


@pytest.mark.parametrize(
    ("typed", "today", "first", "last"),
    [
        ("28.12. to 4.1.", date(2026, 12, 20), date(2026, 12, 28), date(2027, 1, 4)),
        ("from 31 December to 1 January", date(2026, 12, 20), date(2026, 12, 31), date(2027, 1, 1)),
        ("until 3 January", date(2026, 12, 30), None, date(2027, 1, 3)),
        ("next week", date(2026, 12, 30), date(2027, 1, 4), date(2027, 1, 10)),
        ("tomorrow", date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 1)),
        ("vom 30. Dezember bis 2. Januar", date(2026, 12, 20), date(2026, 12, 30), date(2027, 1, 2)),
        ("30 Dec - 2 Jan", date(2027, 1, 1), date(2026, 12, 30), date(2027, 1, 2)),
    ],
)
def test_days_that_people_name_over_the_end_of_the_year(
    typed: str, today: date, first: date | None, last: date
) -> None:
    assert [Span(first, last)] in read_spans(typed, today) or [[Span(first, last)]] == read_spans(typed, today)
