"""Work that is late, and then taken no more: every view of a learner says the same, and how to get more time."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from storage.tables.milestones import SubmissionRow
from tests.kit import COURSE, World, new_world, receipt_of

WORK = """\
milestones:
  - {id: notes, week: 1, title: Your notes, due: Sun 20:00 learner, late: accepted, extension: none}
  - {id: draft, week: 1, title: The first draft, due: Sun 18:00 learner, grace: 16 h, late: 5 days, extension: none,
     essential: yes, minutes: 60}
  - {id: page, week: 3, title: The page, due: Sun 18:00 learner, late: 5 days, extension: none, essential: yes}
"""
LOST = (
    "“The first draft”: its time is over. The course cannot be completed without it: ask the course team for more time"
)
MISSED = "did not arrive"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Five weeks without wrap-ups; the draft of week 1 is in time until Mon 12 Jan, 10:00, and taken until Fri 16 Jan,
    18:00 in Berlin."""
    weeks = "".join(f"  - {{title: Week {n}, goal: Goal {n}, minutes: 60}}\n" for n in ("Four", "Five"))
    course = COURSE[: COURSE.index("prompts:")] + weeks + WORK
    return new_world(tmp_path_factory.mktemp("world"), course=course)


def week(speaker: Speaker, number: int) -> str:
    return next(text for text in speaker.inbox() if text.startswith(f"Week {number}: "))


async def give_more_time(world: World, line: str) -> None:
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert line in desk.text
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Give more time")))
    assert ines.form is not None
    await ines.press(await ines.submit(), "Move it")


async def test_closed_essential_work_stays_in_every_view_until_there_is_more_time(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-16T16:59:00Z")
    page = await mia.command("")
    assert "“The first draft” can still be handed in, marked late, until Fri 16 Jan, 18:00" in page.text
    await world.until("2026-01-16T17:00:00Z")
    page = await mia.command("")
    assert LOST in page.text
    assert "Ask privately" in page.buttons
    await mia.press(page, "Ask privately")
    assert mia.form is not None, "the button asks the course team"
    await mia.command("submit", "my draft")
    assert mia.form.title == "Your notes", "nothing is handed in as something else unasked"
    assert LOST in mia.form.intro
    await world.until("2026-01-19T08:00:00Z")
    card = week(mia, 3)
    assert LOST in card
    assert "[Ask privately]" in card
    await mia.command("away", "pause")
    back = await mia.command("away", "back")
    assert LOST in back.text
    assert "Ask privately" in back.buttons
    await give_more_time(world, "Mia: ")
    page = await mia.command("")
    assert "its time is over" not in page.text
    assert "Hand in “The first draft”, due " in page.text


async def test_the_card_about_missed_work_says_when_nothing_is_taken_any_more(tmp_path: Path) -> None:
    weeks = "  - {title: Four, goal: Four, minutes: 60}\n"
    work = WORK.replace("grace: 16 h, late: 5 days", "late: refused")
    world = new_world(tmp_path, course=COURSE[: COURSE.index("prompts:")] + weeks + work)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-14T12:00:00Z")
    (card,) = [text for text in mia.inbox() if MISSED in text]
    assert LOST in card
    assert "[Ask privately]" in card
    assert "[Hand in]" not in card
    world.app.storage.close()


async def test_a_pause_or_days_away_over_the_last_chance_say_so_at_once(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    chance = "“The first draft” is taken until Fri 16 Jan, 18:00 at the latest, and the course cannot be completed"
    await mia.command("away", "2026-01-14 2026-01-18")
    assert chance in receipt_of(mia).text
    assert "Ask privately" in receipt_of(mia).buttons
    await mia.press(receipt_of(mia), "I stay here")
    await mia.command("away", "2026-01-07 2026-01-09")
    assert "at the latest" not in receipt_of(mia).text, "there is time afterwards"
    await mia.command("away", "pause")
    assert chance in receipt_of(mia).text


async def test_essential_late_work_is_on_the_reminder_before_its_real_end_and_on_the_week_card(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await leo.command("submit", "my draft")
    await leo.submit(milestone="draft")
    await world.until("2026-01-12T08:30:00Z")
    line = "From week 1: Hand in “The first draft”, was due Sun 11 Jan, 18:00; it is in time until Mon 12 Jan, 10:00."
    assert line in week(mia, 2)
    assert "The first draft" not in week(leo, 2)
    assert "From week 1: Hand in “Your notes”, was due Sun 11 Jan, 20:00; late is welcome." in week(leo, 2)
    before = len(mia.inbox())
    await world.until("2026-01-16T07:59:00Z")
    told = mia.inbox()[before:]
    (reminder,) = [text for text in told if "still open" in text]
    late = "late is welcome until Fri 16 Jan, 18:00, and the course needs it by then"
    assert f"Hand in “The first draft”, was due Sun 11 Jan, 18:00; {late}" in reminder
    assert "[Hand in “The first draft”]" in reminder
    assert not [text for text in leo.inbox() if "The first draft”, was due" in text]


async def test_more_time_is_offered_for_what_matters_most(world: World) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-19T09:00:00Z")
    desk = await ines.command("desk")
    assert "“The first draft” was due Sun 11 Jan; “Your notes” was due Sun 11 Jan" in desk.text
    await ines.press(desk, "Give more time")
    assert ines.form is not None
    values = {field.name: getattr(field, "value", "") for field in ines.form.fields}
    assert values["milestone"] == "draft"
    funnel = (await ines.press(await ines.command("week"), "Milestones")).text
    assert (
        "The first draft (week 1), due Sun 11 Jan, 18:00 by each learner's own clock: 0 of 1 handed in, 1 overdue"
        in funnel
    )


async def test_more_time_for_somebody_who_asks_is_for_what_matters_most(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-16T17:00:00Z")
    await mia.press(await mia.command(""), "Ask privately")
    await mia.submit(text="I was ill. May I have more time?")
    desk = await ines.command("desk")
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Give more time")))
    assert ines.form is not None
    assert next(getattr(f, "value", "") for f in ines.form.fields if f.name == "milestone") == "draft"


async def test_work_that_came_is_said_to_be_in_on_the_card_that_missed_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T09:00:00Z")
    (card,) = [seen for seen in mia.sees() if MISSED in seen.text]
    await mia.command("submit", "my draft")
    await mia.submit(milestone="draft")
    ines = world.chat.person("ines")
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="page", days="2"), "Move it")
    (now,) = [seen for seen in mia.sees() if seen.id == card.id]
    assert now.text.startswith("“The first draft” is in. Thank you.")
    assert "Nothing essential is missing" not in now.text


async def test_what_was_due_while_the_bot_was_down_is_in_time_for_another_day(world: World) -> None:
    """Down from the Sunday on which the draft is due until Wednesday, 09:00 in Berlin."""
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-11T12:00:00Z")
    await world.app.runtime.jump(world.at("2026-01-14T08:00:00Z"))
    until = "“The first draft” was due Sun 11 Jan, 18:00, and is in time until Thu 15 Jan, 09:00"
    assert until in (await mia.command("")).text
    assert "Hand in “The first draft”, was due Sun 11 Jan, 18:00; it is in time until Thu 15 Jan, 09:00" in week(mia, 2)
    await world.until("2026-01-14T20:00:00Z")
    await mia.command("submit", "my draft")
    await mia.submit(milestone="draft")
    work = {row.person: row.late for row in world.rows(SubmissionRow)}
    assert list(work.values()) == [False]
    assert not [text for text in leo.inbox() if MISSED in text], "his time is not over"
    await world.until("2026-01-15T08:30:00Z")
    assert not [text for text in leo.inbox() if MISSED in text]
    assert "can still be handed in, marked late, until Fri 16 Jan, 18:00" in (await leo.command("")).text
    await world.until("2026-01-16T12:00:00Z")
    assert [text for text in leo.inbox() if MISSED in text]
    assert not [text for text in mia.inbox() if MISSED in text]


async def test_work_whose_last_day_fell_into_a_downtime_is_taken_for_another_day(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-16T12:00:00Z")
    await world.app.runtime.jump(world.at("2026-01-19T08:00:00Z"))
    assert (
        "“The first draft” can still be handed in, marked late, until Tue 20 Jan, 09:00" in (await mia.command("")).text
    )
    await mia.command("submit", "my draft")
    await mia.submit(milestone="draft")
    assert [row.late for row in world.rows(SubmissionRow)] == [True]
    await world.until("2026-01-20T08:00:00Z")
    leo = await world.learner("leo", "Leo")
    assert "“The first draft” can still" not in (await leo.command("")).text
