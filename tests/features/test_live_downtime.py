"""Live sessions while the bot does not run: nobody loses a press, a reflection or a recording by it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.cohorts import turn_in
from bot.features.live import rules
from tests.features.test_live import SUNDAY, course, everything, tasting
from tests.features.test_live_attendance import VIDEO, note, recorded
from tests.features.test_live_verdict import JUDGED, come, figures, learners
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def test_who_was_in_the_call_while_the_bot_was_down_can_say_so_for_a_day(world: World) -> None:
    people, ines = await learners(world, 6), world.chat.person("ines")
    await world.until("2026-01-07T06:30:00Z")
    await world.jump("2026-01-07T12:00:00Z")
    await world.settle()
    mia, ben = people[:2]
    assert "I was there" in mia.find("Week 1: ").buttons
    assert "is noted" in (await mia.press(mia.find("Live, if you like", "general"), "I was there")).text
    await world.until("2026-01-08T11:59:00Z")
    assert "“Tasting” has just ended. If you were there, say so." in (await ben.command("")).text
    assert "is noted" in await forge_in(world, ben, "live", "here", "1")
    await world.until("2026-01-08T12:01:00Z")
    assert "I was there" not in people[2].find("Week 1: ").buttons
    assert "is not on now" in await forge_in(world, people[2], "live", "here", "1")
    await world.until(JUDGED)
    found = figures(world)
    assert (found["base"], found["attended"], found["by"]["uncertain"]) == (6, 2, True)
    desk = (await ines.command("desk", place="general")).text
    assert "That is uncertain: the bot was down, so not everybody could press." in desk
    week = (await world.chat.person("omar").command("overview")).text
    assert "uncertain: the bot was down, so not everybody could press" in week


async def test_a_downtime_beside_the_call_changes_nothing(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-07T01:00:00Z")
    await world.jump("2026-01-07T06:30:00Z")
    await world.settle()
    await come(world, [mia])
    await world.until("2026-01-07T08:02:00Z")
    await world.jump("2026-01-07T12:00:00Z")
    await world.until(JUDGED)
    assert not figures(world)["by"]["uncertain"]


async def test_a_reflection_that_a_downtime_closed_is_taken_for_another_day(world: World) -> None:
    mia, ben = await learners(world, 2)
    await recorded(world)
    await world.until("2026-01-14T12:00:00Z")
    await world.jump("2026-01-16T09:00:00Z")
    await world.settle()
    assert figures(world)["verdict"] is None
    await mia.press(mia.find("Live, if you like", "general"), "What I took from it")
    assert "counts in full" in (await mia.submit(q1="Bitter")).text
    await world.until("2026-01-17T09:01:00Z")
    assert "The time for this has passed." in await forge_in(world, ben, "live", "reflect", "1")
    assert (figures(world)["reflected"], figures(world)["verdict"]) == (1, "few")


LATE = "2026-01-16T09:00:00Z"
"""After the figures were drawn up. What is recorded then is answered until seven days later."""


@pytest.mark.parametrize(
    ("down", "up", "until"),
    [
        ("2026-01-18T12:00:00Z", "2026-01-20T12:00:00Z", "2026-01-23T09:00:00Z"),
        ("2026-01-22T12:00:00Z", "2026-01-25T12:00:00Z", "2026-01-26T12:00:00Z"),
        ("2026-01-24T12:00:00Z", "2026-01-26T12:00:00Z", "2026-01-23T09:00:00Z"),
    ],
    ids=["before", "across", "after"],
)
async def test_a_downtime_over_what_is_taken_for_a_late_recording_moves_no_verdict(
    world: World, down: str, up: str, until: str
) -> None:
    people = await learners(world, 6)
    await come(world, people[:1])
    await world.until(LATE)
    assert "its verdict stands" in await note(world.chat.person("ines"), url=VIDEO, transcript="captions")
    before = figures(world)
    assert before["verdict"] == "drop"
    await world.until(down)
    await world.jump(up)
    await world.settle()
    assert figures(world)["verdict"] == "drop"
    registry = world.app.registry
    (found,) = turn_in(world.app.storage, registry, "demo", "live", lambda turn: turn.store.of(turn.here.id))
    assert rules.closes_at(found) == world.at("2026-01-14T19:30:00Z")
    assert rules.reflect_until(found) == world.at(until)


async def test_who_was_expected_is_known_after_a_downtime_of_weeks(world: World) -> None:
    people = await learners(world, 6)
    await come(world, people[:2])
    await world.jump("2026-02-20T12:00:00Z")
    await world.settle()
    found = figures(world)
    assert (found["base"], found["attended"], found["by"]["uncertain"]) == (6, 2, True)


async def test_a_recording_comes_into_the_thread_after_a_downtime_of_weeks(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-07T12:00:00Z")
    await note(world.chat.person("ines"), url=VIDEO, transcript="captions")
    await world.jump("2026-01-23T12:00:00Z")
    await world.settle()
    assert "The recording of “Tasting”" in everything(mia)
