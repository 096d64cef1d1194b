"""Instructors see where people get stuck, and mend it from there."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from bot.course.loader import load
from bot.course.model import Course
from bot.features.stuck.remedying import remedied
from bot.features.stuck.rules import Spot, remedies
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world
from tests.test_web import ADDRESS, open_browser, sign_in

PLAN = COURSE.replace("weekly_minutes: 300", "weekly_minutes: 400") + (
    "milestones:\n"
    "  - {id: cup, week: 1, title: The cup, minutes: 60}\n"
    "  - {id: pot, week: 3, title: The pot, minutes: 80}\n"
)
SAME = (
    "I do not understand how the mountain is measured with a thermometer",
    "How is the mountain measured with the thermometer? I am lost",
    "The thermometer: how is a mountain measured with it?",
)
ALONE = "My kettle is broken"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=PLAN, address=ADDRESS)
    yield made
    made.app.storage.close()


async def a_week(world: World) -> list[Speaker]:
    """Six learners in week 1: three are stuck with the same, one with something else, and one hands in."""
    learners = [await world.learner(f"l{n}", f"Lea {n}") for n in range(6)]
    await learners[0].press(await learners[0].command(""), "Hand in")
    await learners[0].submit(text="My cup")
    await learners[5].say("questions", "Does anybody know when the library opens?")
    await world.until("2026-01-09T17:00:00Z")
    for learner, words in zip(learners, (*SAME, ALONE), strict=False):
        await learner.press(learner.find("wrap-up"), "Answer")
        await learner.submit(done="Some of it", stuck=words)
    await world.until("2026-01-14T12:00:00Z")
    return learners


async def test_what_three_say_is_one_thing_and_its_remedy_is_a_press_away(world: World) -> None:
    await a_week(world)
    ines = world.chat.person("ines")
    shown = await ines.command("stuck", place="general")
    assert "Week 1: One: 4 learners say where they are stuck; nobody replied to 1 learner in time" in shown.text
    assert "3 learners say the same:" in shown.text
    assert all(words in shown.text for words in SAME)
    assert ALONE not in shown.text, "one alone is no group"
    assert "Week 1, “The cup”: late or missing: 5 of 6" in shown.text
    drafted = await ines.press(shown, "A walk-through")
    assert "One: a walk-through" in drafted.text
    await ines.press(drafted, "Use it")
    assert "One: a walk-through" in world.chat.person("l0").find("Week 2: ").text


async def test_the_next_milestone_is_split_and_what_is_over_is_not_reviewed(world: World) -> None:
    """The cup is over: a review of it would come too late."""
    await a_week(world)
    ines = world.chat.person("ines")
    shown = await ines.command("stuck", place="general")
    assert "A peer review" not in shown.buttons
    drafted = await ines.press(shown, "Split the next one")
    assert "The first part of the next one is due a week earlier" in drafted.text
    await ines.press(drafted, "Use it")
    course = load(world.app.storage.run_now(lambda unit: unit.people.cohort(world.cohort.id)).course_text)
    assert [(one.week, one.title, one.minutes) for one in course.milestones[1:]] == [
        (2, "The pot: first part", 40),
        (3, "The pot", 40),
    ]


def test_work_that_is_still_handed_in_gets_a_peer_review() -> None:
    spot, course = Spot(1, "milestones[0]", "The cup", {}), load(PLAN)
    assert list(remedies(spot, course, 1)) == ["example", "review", "split"]
    changed = load(remedied(PLAN, spot, "review", 1))
    assert [(one.week, one.title) for one in changed.reviews] == [(2, "Look at two of “The cup”")]


async def test_learners_and_managers_do_not_read_it(world: World) -> None:
    learners = await a_week(world)
    for who in (learners[0], world.chat.person("omar")):
        assert SAME[0] not in (await who.command("stuck", place="general")).text
        assert SAME[0] not in await forge_in(world, who, "stuck", "page", "")


async def test_the_page_has_every_sign_and_what_one_says_alone(world: World) -> None:
    await a_week(world)
    ines = world.chat.person("ines")
    answer = await ines.press(await ines.command("stuck", place="general"), "On a page")
    link = re.search(rf"{ADDRESS}(/in/\w+)", answer.text)
    assert link
    async with open_browser(world) as browser:
        page = (await sign_in(world, browser, link[1])).text
        assert ALONE in page
        assert "3 learners say the same:" in page
        rows = (await browser.get(f"/stuck/{world.cohort.id}?table=stuck&as=json")).json()
    first, cup = rows[0], next(row for row in rows if "The cup" in row["where"])
    assert (first["questions"], first["alone"], first["stuck"]) == (1, 1, 4)
    assert (cup["late"], cup["of"]) == (5, 6)


FULL = (
    COURSE.replace("weekly_minutes: 300", "weekly_minutes: 60")
    .replace(
        "{title: Two, goal: Go on, minutes: 60}",
        "{title: Two, goal: Go on, materials: [{title: The tea book, minutes: 40}, {title: A short one, minutes: 12}, "
        "{title: More, minutes: 8}]}",
    )
    .replace("{title: Three, goal: End, minutes: 60}", "{title: Three, goal: End, minutes: 20}")
)


def course_now(world: World) -> Course:
    return load(world.app.storage.run_now(lambda unit: unit.people.cohort(world.cohort.id)).course_text)


async def refused(world: World) -> Result:
    """What Ines reads who wants a worked example for what three are stuck with."""
    learners = [await world.learner(f"l{n}", f"Lea {n}") for n in range(3)]
    await world.until("2026-01-09T17:00:00Z")
    for learner, words in zip(learners, SAME, strict=True):
        await learner.press(learner.find("wrap-up"), "Answer")
        await learner.submit(done="Some of it", stuck=words)
    await world.until("2026-01-14T12:00:00Z")
    ines = world.chat.person("ines")
    return await ines.press(await ines.command("stuck", place="general"), "A worked example")


@pytest.mark.parametrize("way", ["15 min of “The tea book”", "In week 3"])
async def test_a_full_week_gets_a_remedy_with_two_presses(tmp_path: Path, way: str) -> None:
    world = new_world(tmp_path, course=FULL)
    ines = world.chat.person("ines")
    full = await refused(world)
    assert "A worked example. Week 2 is full: with this it would be 1 h 15 of a 1 h budget." in full.text
    assert "What gives up the 15 min? You look at the change before it is used." in full.text
    assert full.buttons == ["15 min of “The tea book”", "In week 3", "Change the course"]
    drafted = await ines.press(full, way)
    assert "One: a worked example" in drafted.text
    await ines.press(drafted, "Use it")
    course = course_now(world)
    week = course.weeks[1] if "tea" in way else course.weeks[2]
    assert week.materials[-1].title == "One: a worked example"
    assert course.weeks[1].materials[0].minutes == (25 if "tea" in way else 40)
    world.app.storage.close()


async def test_where_nothing_gives_room_the_way_leads_to_the_course(tmp_path: Path) -> None:
    tight = FULL.replace("minutes: 40}, {title: A short one, minutes: 12}, ", "minutes: 14}, {title: A, minutes: 14}, ")
    tight = tight.replace("{title: More, minutes: 8}", "{title: B, minutes: 16}, {title: C, minutes: 16}")
    world = new_world(tmp_path, course=tight.replace("goal: End, minutes: 20", "goal: End, minutes: 60"))
    ines = world.chat.person("ines")
    full = await refused(world)
    assert "Nothing to study in it can give up 15 min. Change the week first." in full.text
    assert full.buttons == ["Change the course"]
    assert "The course: Demo course" in (await ines.press(full, "Change the course")).text
    world.app.storage.close()
