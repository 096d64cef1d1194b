"""One's own progress, as conversations: the work of each week, what is left, and how many are at the same point."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.core.contributions import FEEDBACK, Feedback
from bot.core.feature import Feature
from bot.core.message import Message
from bot.core.people import Cohort, Person
from bot.core.plain import plain
from bot.core.turn import Turn
from bot.features.completion.rules import at_same_point
from storage.tables.completion import ProgressPointRow
from tests import toys
from tests.features.test_completion import ENDING, answer, hand_in
from tests.kit import World, new_world

tutor: Feature[Any] = Feature("tutor")


@tutor.contributes(FEEDBACK)
def on_the_draft(turn: Turn[Any], cohort: Cohort, person: Person) -> Sequence[Feedback]:
    """Ines has read Mia's draft."""
    return [Feedback("milestone/draft", ("Ines: a clear opening",))] if person.name == "Mia" else []


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    toys.mount(monkeypatch, tutor)
    made = new_world(tmp_path, course=ENDING, address="http://pages.example")
    yield made
    made.app.storage.close()


async def class_of(world: World, number: int) -> list[Speaker]:
    return [await world.learner(f"l{n}", f"Learner {n}") for n in range(number)]


async def progress(world: World, speaker: Speaker) -> str:
    """Their page, after it was looked at a moment before."""
    await speaker.press(await speaker.command(""), "My progress")
    await world.wait(seconds=2)
    return (await speaker.press(await speaker.command(""), "My progress")).text


def same(text: str) -> str:
    """What it says of the others at the same point."""
    return next((line for line in text.split("\n") if "at the same point" in line), "")


async def test_each_week_has_its_work_the_feedback_on_it_and_what_is_left(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until("2026-01-16T15:30:00Z")
    await answer(mia, 2)
    for learner in (mia, ben):
        await hand_in(learner, which="draft")
    shown = await progress(world, mia)
    assert "Progress: 1 of 2 essential milestones, 1 of 2 wrap-ups" in shown
    first, second = shown.index("Week 1: One"), shown.index("Week 2: Two")
    assert first < second
    assert "“Week 1 wrap-up”" not in shown[second:]
    assert "- “The draft”: handed in\n- Feedback: Ines: a clear opening" in shown[second:]
    assert "Hand in “An extra”, due Mon 19 Jan, 09:00" in shown[second:]
    assert "1 week is ahead." in shown
    assert "Three" not in shown
    assert "Feedback" not in await progress(world, ben)


async def test_the_open_work_of_the_shown_weeks_has_its_buttons(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-16T15:30:00Z")
    page = await mia.press(await mia.command(""), "My progress")
    await mia.press(page, "Hand in “The draft”")
    assert mia.form is not None


async def test_the_page_has_all_weeks_for_its_learner_alone(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until("2026-01-16T15:30:00Z")
    await hand_in(mia, which="draft")
    shown = [await page(await mia.press(await mia.command(""), "My progress"), world, mia)]
    shown.append(await page(await ben.press(await ben.command(""), "My progress"), world, ben))
    assert "- “The draft”: handed in\n- Feedback: Ines: a clear opening" in shown[0]
    assert "Hand in “The draft”, due Mon 19 Jan, 09:00" in shown[1]
    assert "Feedback" not in shown[1]
    ahead = shown[1].partition("Ahead\n")[2]
    assert "Week 3: Three, from Mon 19 Jan" in ahead
    assert "wrap-up, due Mon 26 Jan" in ahead
    assert (await world.app.runtime.pages.open("progress/1", None)).refused == 403


async def page(card: Result, world: World, speaker: Speaker) -> str:
    """What stands on their page, by the link that they get."""
    said = await speaker.press(card, "On a page")
    assert "For you alone" in said.text
    pages = world.app.runtime.pages
    entered = await pages.enter(re.findall(r"http://pages.example/in/(\w+)", said.text)[0], speaker.id)
    assert entered is not None
    found = (await pages.open("progress/1", entered.session)).shown
    assert isinstance(found, Message)
    return plain(found, zone="Europe/Berlin")


async def test_how_many_are_at_the_same_point_is_said_of_large_groups_alone(world: World) -> None:
    mia, *others = await class_of(world, 12)
    await world.until("2026-01-10T10:00:00Z")
    assert same(await progress(world, mia)) == "", "all are at the first week, and it would be said of each"
    for learner in (mia, *others[:6]):
        await answer(learner, 1)
    await world.wait(days=1, hours=1)
    assert same(await progress(world, mia)) == "At least 5 others are at the same point."
    assert same(await progress(world, others[8])) == "", "four others are too few"
    ines = await world.chat.person("ines").command("")
    assert "My progress" not in ines.buttons


async def test_the_number_says_nothing_of_who_has_just_moved_on(world: World) -> None:
    mia, *others = await class_of(world, 14)
    await world.until("2026-01-11T09:00:00Z")
    for learner in (mia, *others[:7]):
        await answer(learner, 1)
    before = same(await progress(world, mia))
    assert before == "At least 5 others are at the same point."
    counted = [(r.point, r.learners) for r in world.rows(ProgressPointRow)]
    await answer(others[8], 1)
    assert same(await progress(world, mia)) == before
    assert [(r.point, r.learners) for r in world.rows(ProgressPointRow)] == counted


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        ({1: 6, 2: 5}, 5),
        ({1: 5, 2: 50}, 0),
        ({1: 11, 2: 4}, 0),
        ({1: 40}, 0),
        ({1: 20, 2: 30}, 15),
        ({2: 30}, 0),
        ({}, 0),
    ],
)
def test_neither_the_number_nor_the_rest_is_about_few_people(points: dict[int, int], shown: int) -> None:
    assert at_same_point(points, 1, 5) == shown


async def test_earlier_weeks_follow_by_a_press_and_the_work_can_be_read_after_the_end(tmp_path: Path) -> None:
    long = ENDING.replace("prompts:\n", "  - {title: Four}\n  - {title: Five}\n  - {title: Six}\nprompts:\n")
    world = new_world(tmp_path, course=long)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-02-10T10:00:00Z")
    page = await mia.press(await mia.command(""), "My progress")
    assert "Week 3: Three" in page.text
    assert "Week 2: Two" not in page.text
    earlier = await mia.press(page, "Earlier weeks")
    assert "Week 2: Two" in earlier.text
    assert "Week 3: Three" not in earlier.text
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    mine = await mia.press(await mia.command(""), "What I did")
    week_by_week = await mia.press(mine, "Week by week")
    assert "Week 6: Six" in week_by_week.text
    world.app.storage.close()
