"""How long the bot has run, without its downtimes."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.uptime import Outage, Uptime


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


UPTIME = Uptime(day(20), (Outage(day(3), day(5)), Outage(day(10), day(15))))


@pytest.mark.parametrize(("start", "days"), [(18, 2), (15, 5), (12, 5), (10, 5), (8, 7), (4, 10), (1, 12)])
def test_what_was_before_a_downtime_is_no_longer_ago_than_the_bot_ran(start: int, days: int) -> None:
    assert UPTIME.since(day(start)) == timedelta(days=days)


@pytest.mark.parametrize(("days", "start"), [(2, 18), (5, 15), (7, 8), (10, 5), (12, 1)])
def test_so_many_days_ago_are_days_on_which_it_ran(days: int, start: int) -> None:
    assert UPTIME.ago(timedelta(days=days)) == day(start)


def test_what_closed_in_a_downtime_or_soon_after_it_closes_a_day_after_it() -> None:
    assert [UPTIME.open_until(day(2), day(n)) for n in (9, 10, 14, 15, 16)] == [day(9), *[day(16)] * 4]


def test_what_opens_after_a_downtime_has_its_own_time() -> None:
    assert UPTIME.open_until(day(15), day(15) + timedelta(hours=1)) == day(15) + timedelta(hours=1)
    assert UPTIME.open_until(day(12), day(15) + timedelta(hours=1)) == day(16)


def test_downtimes_after_the_instant_in_question_do_not_count() -> None:
    then = Uptime(day(9), UPTIME.outages)
    assert (then.since(day(1)), then.ago(timedelta(days=6))) == (timedelta(days=6), day(1))


def test_what_is_said_right_after_a_restart_counts_as_said_when_the_bot_stopped() -> None:
    restarted = Uptime(day(9), [Outage(day(8), day(8) + timedelta(minutes=20))])
    assert restarted.counted(day(8) + timedelta(minutes=35)) == day(8)
    assert restarted.counted(day(8) + timedelta(minutes=51)) == day(8) + timedelta(minutes=51)
    assert restarted.open_until(day(1), day(8)) == day(8)


def test_a_time_that_cannot_be_counts_as_now() -> None:
    assert UPTIME.counted(day(8)) == day(8)
    assert UPTIME.counted(day(21)) == UPTIME.counted(day(20) - timedelta(days=31)) == day(20)
