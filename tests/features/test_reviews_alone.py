"""What authors hear whose work nobody reviewed, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_after_the_end import end
from tests.features.test_reviews import BEST, MONDAY, REVIEWED, cohort, review, write
from tests.features.test_reviews_owed import UNNAMED, mentions
from tests.kit import World, new_world

NOBODY = "there is no review of your work so far"
AFTER_DUE = "2026-01-16T15:30:00Z"
"""The wrap-up prompt came, the first card after the review was due."""
OVER, FINAL = "2026-01-27T12:00:00Z", "Demo course"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED, address="http://pages.example")
    yield made
    made.app.storage.close()


async def test_whom_nobody_reviewed_hears_a_kind_word_with_a_card_and_at_the_end(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(cem, await review(cem))
    await write(cem, await review(cem))
    await world.until("2026-01-15T20:00:00Z")
    assert not mentions(cem, NOBODY)
    await world.until(AFTER_DUE)
    came = [text for text in cem.inbox() if NOBODY in text]
    assert len(came) == 1
    assert "Thank you for the 2 reviews that you gave" in came[0]
    assert "Week 2 wrap-up" in came[0], "it rides on a card that comes anyway"
    assert not mentions(mia, NOBODY)
    assert not mentions(ben, NOBODY)
    await world.until(OVER)
    card = cem.find(FINAL)
    assert NOBODY in card.text
    assert "Thank you for the 2 reviews that you gave" in card.text
    assert NOBODY not in mia.find(FINAL).text
    assert mentions(cem, NOBODY) == 2


async def test_the_final_card_of_an_early_end_says_it(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until("2026-01-16T09:30:00Z")
    await end(world)
    await world.until("2026-01-17T12:00:00Z")
    for one in (mia, ben):
        assert NOBODY in one.find(FINAL).text
        assert "Thank you for the" not in one.find(NOBODY).text
        assert mentions(one, NOBODY) == 1


async def test_a_late_review_takes_the_place_of_the_word(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until("2026-01-16T09:00:00Z")
    await write(ben, await review(ben))
    await world.until("2026-01-19T12:00:00Z")
    assert mentions(mia, BEST) == 1
    assert not mentions(mia, NOBODY)
    assert mentions(ben, NOBODY) == 1


async def test_whoever_keeps_their_work_from_reviewers_is_not_told_that_nobody_came(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=UNNAMED)
    mia = await world.learner("mia", "Mia")
    await mia.command("submit")
    await mia.submit(link="https://example.org/page")
    await mia.press(mia.find("may show your name"), "Not like this")
    await world.until(OVER)
    assert not mentions(mia, NOBODY)
    world.app.storage.close()
