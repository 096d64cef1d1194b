"""Whoever leaves stays in what was counted while they were there, and every view says the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from tests.features.test_completion import ENDING, answer, files, hand_in
from tests.kit import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=ENDING)
    yield made
    made.app.storage.close()


async def leave(speaker: Speaker) -> None:
    await speaker.press(await speaker.command("leave"), "Leave")


async def draft(speaker: Speaker) -> str:
    """The line of the draft in the course team's list."""
    listed = await speaker.press(await speaker.command("week"), "Milestones")
    return next(line for line in listed.text.splitlines() if "The draft (week 2)" in line)


async def next_file(world: World, manager: Speaker) -> str:
    """The next run's course file, as the cohort ends."""
    sure = await manager.press(await manager.command("overview"), "End this cohort")
    await manager.press(sure, "End the cohort")
    return "\n".join(text for name, text in files(world, manager, "The archive").items() if name.endswith(".yaml"))


async def test_work_and_answers_of_whoever_leaves_are_never_subtracted(world: World) -> None:
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    mia, leo, ben = [await world.learner(name.lower(), name) for name in ("Mia", "Leo", "Ben")]
    await world.until("2026-01-09T15:30:00Z")
    await answer(leo, 1)
    await answer(mia, 1)
    await world.until("2026-01-16T15:30:00Z")
    await hand_in(leo, which="draft")
    await world.until("2026-01-19T12:00:00Z")
    assert "1 of 3 handed in, 2 overdue" in await draft(ines)
    assert "2 of 3 answered." in ben.find("Week 1", "general").text
    await leave(leo)
    assert "1 of 3 handed in, 2 overdue" in await draft(ines)
    assert "“The draft” handed in: 1 of 3" in (await omar.command("overview")).text
    await world.until("2026-01-27T12:00:00Z")
    assert "1 of 3 handed in, 2 overdue" in await draft(ines)
    assert "2 of 3 answered." in ben.find("Week 1", "general").text
    told = await next_file(world, omar)
    assert "1 of 3 handed it in" in told
    assert "2 of 3 answered the wrap-up" in told


async def test_whoever_left_without_handing_in_was_expected_and_owes_nothing(world: World) -> None:
    ines = world.chat.person("ines")
    mia, leo = [await world.learner(name.lower(), name) for name in ("Mia", "Leo")]
    await world.until("2026-01-16T15:30:00Z")
    await hand_in(mia, which="draft")
    await world.until("2026-01-20T12:00:00Z")
    assert "1 of 2 handed in, 1 overdue" in await draft(ines)
    await leave(leo)
    line = await draft(ines)
    assert "1 of 2 handed in" in line
    assert "overdue" not in line


async def test_whoever_leaves_before_a_date_is_not_expected_at_it(world: World) -> None:
    ines = world.chat.person("ines")
    mia, leo = [await world.learner(name.lower(), name) for name in ("Mia", "Leo")]
    await world.until("2026-01-16T15:30:00Z")
    await hand_in(mia, which="draft")
    assert "1 of 2 handed in" in await draft(ines)
    await leave(leo)
    assert "1 of 1 handed in" in await draft(ines)
    await world.until("2026-01-20T12:00:00Z")
    assert "1 of 1 handed in" in await draft(ines)
