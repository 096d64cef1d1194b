"""Pure decisions about live sessions, at their edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.course.loader import course_of
from bot.course.model import LiveRules
from bot.features.live import desk_views, rules
from bot.features.live.judging import Judged
from bot.features.live.store import Counted, Promise, Session
from tests.features.test_live import course, tasting

AT = datetime(2026, 1, 7, 7, tzinfo=UTC)
LIVE = course_of(course(tasting())).live[0]
HELD = Session(1, 1, "tasting", 1, "Tasting", 30, "held", AT - timedelta(days=3), (AT,), why="agreement")
OVER = replace(HELD, state="announced", why="", promise=Promise(LIVE, 7, LiveRules()))


@pytest.mark.parametrize(("minutes", "waits"), [(-1, True), (0, True), (29, True), (30, False), (600, False)])
def test_no_session_that_is_over_waits_for_a_word(minutes: int, waits: bool) -> None:
    assert rules.waits(HELD, AT + timedelta(minutes=minutes)) is waits
    assert not rules.waits(replace(HELD, why="gate-4"), AT + timedelta(minutes=minutes))


@pytest.mark.parametrize(("recording", "is_missing"), [("", True), ("https://video.example.org/1", False)])
def test_the_manager_reads_that_a_recording_never_came(recording: str, is_missing: bool) -> None:
    over = replace(OVER, recording=recording)
    judged = Judged(over, LIVE, Counted(10, 3, 0, 2, 10, None), "replace", 1, 30, False, unrecorded=not recording)
    assert (
        "its recording never came, so nobody could watch it" in desk_views.verdict_figure(judged).more
    ) is is_missing


@pytest.mark.parametrize(
    ("title", "week", "is_another"),
    [("Tasting", 1, False), (" tasting", 1, False), ("Guest", 1, False), ("TASTING", 2, False), ("Guest", 2, True)],
)
def test_only_another_title_in_another_week_is_another_session(title: str, week: int, is_another: bool) -> None:
    live = replace(LIVE, title=title, week=week)
    known = replace(OVER, told_at=AT - timedelta(days=2))
    there = replace(course_of(course(tasting())), live=(live,))
    assert rules.is_another(known, live, there) is is_another
