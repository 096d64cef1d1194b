"""Dates and weeks change while learners are away, paused or silent: each of them is told once, when they are back."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Result, Speaker
from tests.kit import COURSE, World, new_world

WORK = """\
milestones:
  - {id: plants, week: 3, title: Ten plants, due: Sun 23:59 aoe, late: accepted}
"""
NEWS = ", not "


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Seven weeks; it begins on Monday 5 January, 09:00 in Berlin."""
    weeks = "".join(f"  - {{title: Week {n}, goal: Goal {n}, minutes: 60}}\n" for n in ("Four", "Five", "Six", "Seven"))
    return new_world(tmp_path_factory.mktemp("world"), course=COURSE.replace("prompts:", f"{weeks}prompts:") + WORK)


async def start(world: World, day: str) -> Result:
    """Ines looks at another start."""
    ines = world.chat.person("ines")
    await ines.press(await ines.command("course", place="general"), "Change dates")
    return await ines.submit(starts_on=day)


async def move_start(world: World, day: str) -> None:
    await world.chat.person("ines").press(await start(world, day), "Use it")


async def propose_more_time(world: World, days: str, person: str = "") -> Result:
    ines = world.chat.person("ines")
    await ines.press(await ines.command("week"), "Extend a date")
    return await ines.submit(milestone="plants", days=days, **({"person": person} if person else {}))


async def give_more_time(world: World, days: str) -> None:
    await world.chat.person("ines").press(await propose_more_time(world, days), "Move it")


def about_plants(speaker: Speaker) -> list[str]:
    return [line for text in speaker.inbox() for line in text.split("\n") if "Ten plants" in line and NEWS in line]


# Away


async def test_who_was_away_reads_with_the_card_of_their_return_what_moved_earlier(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await mia.command("away", "2026-01-18")
    shown = await start(world, "2025-12-29")
    assert "1 of them is away or silent, and reads it when they are back." in shown.text
    await world.chat.person("ines").press(shown, "Use it")
    await world.until("2026-01-19T07:00:00Z")
    assert len(about_plants(leo)) == 1
    assert about_plants(mia) == []
    await world.until("2026-01-19T09:00:00Z")
    card = mia.find("Welcome back")
    assert "The first day of the course is Mon 29 Dec 2025, not Mon 5 Jan 2026." in "\n".join(mia.inbox())
    assert len(about_plants(mia)) == 1, "though its new date was over on the day of the return"
    assert "Ten plants is due Mon 19 Jan, 12:59, not Mon 26 Jan, 12:59." in about_plants(mia)[0], card.text
    await world.until("2026-02-02T12:00:00Z")
    assert len(about_plants(mia)) == 1


async def test_a_date_that_was_moved_and_passed_in_an_absence_is_told_as_one_that_is_over(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-31")
    await move_start(world, "2025-12-29")
    await world.until("2026-02-02T12:00:00Z")
    assert about_plants(mia) == [], "both dates are over"
    assert "Ten plants" in mia.find("Welcome back").text


async def test_changes_in_an_absence_are_told_as_one_and_none_if_all_is_as_before(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    for learner in (mia, leo):
        await learner.command("away", "2026-01-11")
    await give_more_time(world, "2")
    await give_more_time(world, "3")
    await world.until("2026-01-12T09:00:00Z")
    (line,) = about_plants(mia)
    assert "is due Sat 31 Jan, 12:59, not Mon 26 Jan, 12:59" in line
    await mia.command("away", "2026-01-18")
    await move_start(world, "2026-01-12")
    await move_start(world, "2026-01-05")
    await world.until("2026-01-19T09:00:00Z")
    assert len(about_plants(mia)) == 1


async def test_the_answer_to_i_am_back_says_what_moved_and_nothing_says_it_again(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "pause")
    await give_more_time(world, "4")
    await world.until("2026-01-15T12:00:00Z")
    back = await mia.press(await mia.command(""), "I'm back")
    assert "Changed while you were away:\n- Ten plants is due Fri 30 Jan, 12:59, not Mon 26 Jan, 12:59." in back.text
    await world.until("2026-01-26T12:00:00Z")
    assert about_plants(mia) == []


# Silent


async def test_who_breaks_a_silence_reads_it_with_the_next_message(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-20T12:00:00Z")
    assert "It has been quiet" in "\n".join(mia.inbox())
    assert "They are away or silent, and read it when they are back." in (await propose_more_time(world, "9")).text
    await give_more_time(world, "9")
    await world.until("2026-01-24T12:00:00Z")
    assert about_plants(mia) == []
    await mia.command("")
    await world.until("2026-01-27T12:00:00Z")
    assert len(about_plants(mia)) == 1


# A start that moves back


async def test_the_preview_counts_who_hears_of_a_date_shortly_before_it(tmp_path: Path) -> None:
    course = COURSE + "milestones:\n  - {id: plants, week: 2, title: Ten plants, due: Thu 23:00 cohort}\n"
    world = new_world(tmp_path, course=course)
    for name in ("mia", "leo"):
        await world.learner(name, name.title())
    await world.until("2026-01-08T17:30:00Z")
    shown = await start(world, "2025-12-29")
    assert "2 of them hear of it less than 5 hours before: “Ten plants”." in shown.text
