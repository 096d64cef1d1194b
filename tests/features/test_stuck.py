"""Instructors see where people get stuck, and mend it from there."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.course.loader import load
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
