"""The receipt of a check-in is true while its post cannot be changed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_checkins import CHECKINS, TUESDAY, check_in, learners, post
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKINS)
    yield made
    made.app.storage.close()


async def test_who_checks_in_hears_that_the_cohort_does_not_see_it_yet_and_when_it_does(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    world.chat.sandbox.platform.archive_channel("general")
    await check_in(mia, done="the interviews")
    await world.settle()
    waits = "the cohort does not see it yet"
    assert [t for t in mia.inbox() if waits in t], "the loss is found out by this very post"
    assert "The cohort does not see it yet" in await check_in(ben, done="the survey")
    await world.settle()
    assert not [t for t in ben.inbox() if waits in t], "the receipt said so"
    await world.wait(hours=3)
    await world.chat.sandbox.unarchive("general")
    await world.settle()
    assert "the interviews" in post(mia).text
    assert "the survey" in post(mia).text
    there = "The cohort sees it in the post of the day now."
    assert [t for t in mia.inbox() if there in t]
    assert not [t for t in mia.inbox() if waits in t], "corrected in place"
    await world.until("2026-01-07T12:00:00Z")
    assert [t for t in ben.inbox() if there in t]


async def test_nobody_hears_of_a_post_that_took_their_check_in(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    assert "The cohort sees it in the post of the day." in await check_in(mia, done="the interviews")
    await world.settle()
    world.chat.sandbox.platform.archive_channel("general")
    await world.until("2026-01-09T12:00:00Z")
    await world.chat.sandbox.unarchive("general")
    await world.settle()
    assert not [t for t in mia.inbox() if "post of the day" in t]
