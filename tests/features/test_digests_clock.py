"""Which days the figures of a week have, and how many learners: the same wherever a manager reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.cohorts import turn_in
from bot.features.digests import listing
from bot.features.digests.participation import Week, by_week
from bot.features.digests.store import Overview
from tests.features.test_digests_week import ESSENTIAL, weeks
from tests.kit import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=ESSENTIAL)
    yield made
    made.app.storage.close()


def digest(world: World, week: int) -> Overview:
    return turn_in(
        world.app.storage, world.app.registry, "demo", "digests", lambda turn: listing.digest(turn, turn.here, week)
    )


def participation(world: World) -> list[Week]:
    taken = turn_in(world.app.storage, world.app.registry, "demo", "digests", lambda turn: by_week(turn, turn.here))
    return list(taken[1])


async def test_who_worked_on_mondays_morning_counts_until_the_next_monday_is_over(world: World) -> None:
    omar = world.chat.person("omar")
    for name in ("Ann", "Cyd", "Dan"):
        await (await world.learner(name.lower(), name)).command("submit", "My first page")
    await world.until("2026-01-12T11:00:00Z")
    assert "Active: 3 of 3 (100 %)" in weeks(omar)[-1]
    await world.until("2026-01-12T21:00:00Z")
    assert "Active: 3 of 3 (100 %)" in (await omar.command("overview")).text
    assert "Active: 3 of 3 (100 %)" in listing.as_markdown([digest(world, 1)], 1)
    await world.until("2026-01-14T09:00:00Z")
    assert "Active: 3 of 3 (100 %)" in listing.as_markdown([digest(world, 1)], 1)


async def test_a_week_that_is_not_over_says_what_its_figures_are_of(world: World) -> None:
    await world.learner("ann", "Ann")
    await world.until("2026-01-13T09:00:00Z")
    said = "Week 2 is not over: these are the last seven days."
    assert said in listing.as_markdown([digest(world, 2)], 2)
    assert said in listing.as_data([digest(world, 2)], 2)["cohorts"][0]["why"]
    await world.until("2026-01-19T09:00:00Z")
    assert said not in listing.as_markdown([digest(world, 2)], 2)


@pytest.mark.parametrize("said_at", ["2026-01-11T12:30:00Z", "2026-01-11T22:30:00Z"])
async def test_a_message_on_sunday_counts_in_one_week(world: World, said_at: str) -> None:
    eve = await world.learner("eve", "Eve")
    await world.until(said_at)
    await eve.say("general", "I read my page in the evening, and it is good.")
    await world.until("2026-01-20T09:00:00Z")
    assert [len(week.active) for week in participation(world)] == [1, 0, 0]


async def test_who_writes_today_counts_today(world: World) -> None:
    eve = await world.learner("eve", "Eve")
    await world.until("2026-01-06T06:00:00Z")
    await eve.say("general", "Good morning, here is what I found out.")
    assert "Active: 1 of 1" in (await world.chat.person("omar").command("overview")).text
    assert [len(week.active) for week in participation(world)] == [1]


async def test_the_picture_and_the_figures_count_the_same_learners(world: World) -> None:
    ann, ben, cyd, dan = [await world.learner(name.lower(), name) for name in ("Ann", "Ben", "Cyd", "Dan")]
    for one in (ann, ben, dan):
        await one.command("submit", "My first page")
    await world.until("2026-01-12T12:00:00Z")
    await cyd.command("away", "2026-01-18")
    await ann.press(await ann.command("leave"), "Leave")
    await world.until("2026-01-13T09:00:00Z")
    await ben.command("submit", "My second page")
    await dan.press(await dan.press(await dan.command("settings"), "Erase what is mine"), "Erase it all")
    await world.until("2026-01-19T12:00:00Z")
    one = digest(world, 2)
    told = {f.name: f"{f.value} of {f.base}" for f in one.figures}
    assert one.chart is not None
    drawn = {step.label: f"{step.number} of {step.base}" for step in one.chart.steps}
    assert drawn["The second page"] == told["milestones/second"] == "1 of 1"


async def test_a_cohort_whose_learners_all_left_is_not_said_to_be_new(world: World) -> None:
    ann = await world.learner("ann", "Ann")
    await world.until("2026-01-13T09:00:00Z")
    await ann.press(await ann.command("leave"), "Leave")
    said = (await world.chat.person("omar").command("overview")).text
    assert "no learners" in said
    assert "Nothing to judge by: it has no learners" in said
