"""A learner whose clock is ahead of the cohort's: what they have read stands, as conversations. The cohort is in
Berlin, and the first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_live import HEAD, SUNDAY, course, tasting
from tests.features.test_live_kept import change, states
from tests.features.test_revisions import upload
from tests.kit import World, new_world

HOUR = HEAD.replace("weekly_minutes: 300", "weekly_minutes: 60")
MONDAY_IN_AUCKLAND = "2026-01-04T21:00:00Z"


async def opened(tmp_path: Path, course: str) -> World:
    """The card of the first week is out in Auckland. In Berlin it is Sunday evening."""
    world = new_world(tmp_path, now=SUNDAY, course=course)
    mia = await world.learner("mia", "Mia", "Pacific/Auckland")
    await world.learner("ben", "Ben", "Europe/Berlin")
    await world.until(MONDAY_IN_AUCKLAND)
    assert "About 1 h" in mia.find("Week 1: ").text
    return world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await opened(tmp_path, HOUR)
    yield made
    made.app.storage.close()


async def test_what_a_week_takes_is_raised_by_the_manager_alone_once_somebody_has_read_it(world: World) -> None:
    shown = await upload(world, HEAD)
    assert "Use it" not in shown.buttons
    assert "Ask the manager" in shown.buttons


async def test_what_is_new_makes_no_room_once_somebody_has_read_their_card(tmp_path: Path) -> None:
    world = await opened(tmp_path, HEAD)
    padded = HEAD.replace("{title: Watch it, minutes: 40}", "{title: Watch it, minutes: 40}, {title: Pad, minutes: 30}")
    slots = "[Wed 09:00, Wed 21:00]"
    await change(world, course(tasting(slots=slots, pays="[{item: Pad, minutes: 30}]"), head=padded))
    assert states(world) == {"tasting": "held"}
    assert "Live, if you like" not in world.chat.person("mia").find("Week 1: ").text
    await change(world, course(tasting(slots=slots)))
    assert states(world) == {"tasting": "announced"}
    world.app.storage.close()


async def test_a_week_that_somebody_has_read_keeps_its_place(world: World) -> None:
    first = "weeks:\n  - "
    assert first in HOUR
    shown = await upload(world, HOUR.replace(first, "weeks:\n  - {title: Before, goal: Arrive, minutes: 30}\n  - "))
    assert "Week 1 has begun" in f"{shown.text} {shown.errors}"
