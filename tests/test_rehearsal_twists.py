"""Rehearsed cohorts to which something happens: nothing is lost or told twice. Those that go wrong in a known way: the
manager's week says so."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app.rehearsal import Plan, Rehearsal, rehearse
from bot.app.rehearsal.cast import Persona
from bot.app.rehearsal.parts.checkins import InThePost
from bot.app.rehearsal.parts.discussions import InTheThread
from bot.app.rehearsal.parts.scenarios import GoesOn
from bot.app.rehearsal.parts.thanks import Agreed
from bot.app.rehearsal.script import BOT, Line, read
from bot.app.rehearsal.twists import Twist
from bot.app.rehearsal.watch import Broken, Watch
from bot.core.people import Cohort, Role
from tests.test_rehearsal import Script

DEMO = Path(__file__).parents[1] / "courses/demo.yaml"
MONDAY = date(2026, 3, 2)
BERLIN = ZoneInfo("Europe/Berlin")


def play(out: Path, *twists: Twist, learners: int = 8) -> Rehearsal:
    text = DEMO.read_text(encoding="utf-8")
    return rehearse(Plan(text, DEMO.name, learners, "1", MONDAY, twists=twists), out)


def unwell(rehearsal: Rehearsal) -> Sequence[str]:
    """What was found, but for what the budget dropped: where nobody answers, much is reminded of."""
    return [*map(str, rehearsal.over), *(str(f) for f in rehearsal.findings if f.kind != "dropped")]


def lines(out: Path) -> list[Line]:
    return [read(text) for text in (out / "transcript.jsonl").read_text(encoding="utf-8").splitlines()]


def week_of_the_manager(out: Path, day: str) -> str:
    return (out / "digests" / f"2026-{day}-oscar-overview.txt").read_text(encoding="utf-8")


def test_half_of_a_cohort_falls_silent_and_the_managers_week_says_so(tmp_path: Path) -> None:
    assert unwell(play(tmp_path, Twist.SILENT)) == []
    said = week_of_the_manager(tmp_path, "03-23")
    assert said.startswith("Write one page that people read: would like a look")
    active = re.search(r"Active: (\d+) of (\d+)", said)
    assert active is not None
    assert int(active[1]) * 2 <= int(active[2])
    assert "May drop out: " in said
    assert "[Who may drop out]" in said


def test_nobody_answers_and_nobody_hands_in_and_the_managers_week_says_so(tmp_path: Path) -> None:
    assert unwell(play(tmp_path, Twist.UNANSWERED, Twist.NO_WORK)) == []
    said = week_of_the_manager(tmp_path, "03-23")
    assert said.startswith("Write one page that people read: would like a look")
    assert "“The first draft of your page” handed in: 0 of 7 (0 %), as the week before, 7 overdue" in said
    assert "[Who is missing: The first draft of your page]" in said
    assert "Questions waiting too long: " in said
    assert "First reply after" not in said


def test_late_vanishing_and_short_of_words_they_still_learn_together(tmp_path: Path) -> None:
    assert unwell(play(tmp_path, Twist.LATE, Twist.VANISHING, Twist.ONE_WORD, learners=14)) == []
    script = lines(tmp_path)
    seen = "\n".join(line.text for line in script if line.reader is None)
    assert "Claim\n> Yes." in seen
    assert "Next" in next(line.text for line in reversed(script) if (line.anchor or "").startswith("checkin/"))
    assert "Thanks of the week go to" in seen
    assert any((line.anchor or "").startswith("recap/") for line in script)
    assert any("The end: " in line.text for line in script if (line.anchor or "").startswith("scenario/"))


def test_after_a_downtime_and_a_moved_start_everything_comes_once_and_by_day(tmp_path: Path) -> None:
    rehearsal = play(tmp_path, Twist.DOWNTIME, Twist.MOVED_START)
    assert unwell(rehearsal) == []
    first, last = datetime(2026, 3, 9, 0, 30, tzinfo=BERLIN), datetime(2026, 3, 10, 12, 30, tzinfo=BERLIN)
    assert not [line for line in lines(tmp_path) if first <= line.at < last]
    cards = [line for line in lines(tmp_path) if line.kind == "posted" and line.text.startswith("Week 1: Who reads it")]
    assert len([line for line in cards if line.at >= last]) >= 5


def test_a_cohort_that_moved_and_was_closed_gets_no_more_messages(tmp_path: Path) -> None:
    assert unwell(play(tmp_path, Twist.MOVED_ZONE, Twist.CLOSED)) == []
    people = json.loads((tmp_path / "load.json").read_text(encoding="utf-8"))["people"]
    weeks = [week for p in people if p["role"] == "learner" for week in p["weeks"] if week["unasked"]]
    later = [week["unasked"] for week in weeks if week["week"] > "2026-W12"]
    assert later == [1], "it is closed on the Wednesday of that week, and one learner is away then"


def test_a_message_after_the_end_is_found() -> None:
    script = Script()
    script.joins()
    script.line("2026-03-31T10:02:00Z", by="ines", kind="pressed", actions=("completion.close_now/1/1:",))
    script.says("2026-04-01T09:00:00Z", "Your final card")
    script.says("2026-04-02T13:00:00Z", "Still open")
    assert [f.what for f in script.findings("after the end")] == ["“Still open” came, and the cohort had ended"]


def test_a_card_that_a_downtime_held_back_is_not_late_and_one_that_never_came_is_missing() -> None:
    script = Script()
    script.checks.down = (datetime(2026, 3, 23, 0, tzinfo=BERLIN), datetime(2026, 3, 24, 12, tzinfo=BERLIN))
    script.acts("2026-03-19T12:02:00Z")
    script.says("2026-03-24T13:00:00Z", "Week 1: One\nGoal: Begin")
    assert script.findings("late") == []
    assert any("Week 2: Two" in f.what for f in script.findings("missing"))
    script.checks.down = None
    assert len(script.findings("late")) == 1


@pytest.mark.parametrize("twist", Twist)
def test_the_command_names_every_twist(twist: Twist) -> None:
    from typer.testing import CliRunner

    from bot.app.cli import app

    words = ["rehearse", str(DEMO), "--start", "2026-03-02", "--out", "/dev/null/x", "--play", "rain"]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 2
    assert str(twist) in refused.output.replace("\n", " ")


# What is told and is not so

TOLD = Cohort(1, "demo", "Demo", DEMO.read_text(encoding="utf-8"), "Europe/Berlin", MONDAY)
LATER = datetime(2026, 4, 10, tzinfo=BERLIN)
CAST = {p.id: p for p in (Persona("mia", "Mia", "Europe/Berlin", Role.LEARNER, "steady", 9),)}


def broken(watch: type[Watch], *heard: Line) -> list[str]:
    """What a watch finds after these lines."""
    watching = watch(CAST)
    for line in heard:
        watching.hear(line)
    return [b.what for b in watching.broken(TOLD, LATER)]


def said(text: str, anchor: str = "", *actions: str, place: str = "main", by: str = BOT, kind: str = "posted") -> Line:
    return Line(1, datetime(2026, 3, 3, tzinfo=BERLIN), place, 1, 1, by, None, kind, text, actions, anchor)


def test_a_post_that_is_not_in_its_thread_is_found() -> None:
    own = said("Thank you", "discussion/1/for-you/own/0/1", "discussions.take_back/1/1:1", place="dm:mia")
    shown = said("Mia (late)\nClaim", "discussion/1/for-you/post/1")
    taken = said("Taken back", "discussion/1/for-you/own/0/1", place="dm:mia", kind="updated")
    assert broken(InTheThread, own, shown) == []
    assert broken(InTheThread, own, taken) == []
    assert broken(InTheThread, own) == ["posted in “A page that was for you”, and is not in its thread"]


def test_a_checkin_that_its_post_does_not_count_is_found() -> None:
    actions = ("checkins.answer/1/1:drafts/0", "checkins.delete/1/1:1")
    receipt = said("Thank you", "", *actions, place="dm:mia", kind="replied")
    post = said("The page of drafts\n1 has checked in.", "checkin/1/drafts/0")
    assert broken(InThePost, receipt, post) == []
    empty = said("The page of drafts", "checkin/1/drafts/0")
    assert broken(InThePost, receipt, empty) == ["1 checked in to drafts/0, and its post counts 0"]


def test_a_story_that_goes_no_further_is_found() -> None:
    card = said("They look up", "scenario/1/reader-stops/1/0", "scenarios.choose/1/1:a", place="dm:mia")
    end = said("The end: A page", "scenario/1/reader-stops/1/0", "scenarios.again/1/1:a", place="dm:mia")
    stuck = said("They look up", "scenario/1/reader-stops/1/0", "scenarios.again/1/1:a", place="dm:mia")
    assert broken(GoesOn, card) == []
    assert broken(GoesOn, card, end) == []
    assert broken(GoesOn, card, stuck) == ["“They look up” goes no further and has no end"]


def test_a_name_without_agreement_is_found() -> None:
    yes, no = (said("", "", f"thanks.{name}/1/1:", by="mia", kind="pressed") for name in ("name_me", "not_me"))
    recap = said("Week 1\n> Mia answered it.", "recap/1/1")
    thanks = said("The week together\nThanks of the week go to Mia.", "wrapup/1/together")
    report = said("The week together\n> Mia", "wrapup/1/together")
    for named in (recap, thanks):
        assert broken(Agreed, yes, named) == []
        assert len(broken(Agreed, named)) == 1
        assert len(broken(Agreed, yes, named, no)) == 1
    assert broken(Agreed, report) == []


def test_what_people_are_asked_for_and_cannot_do_is_found() -> None:
    script = Script()
    asked = datetime(2026, 3, 24, 12, tzinfo=BERLIN)
    script.checks.refused = [Broken("mia", asked, "was asked for 'checkins.answer', and could not do it")]
    assert [(f.who, f.at) for f in script.findings("broken")] == [("mia", asked)]
