"""Work that comes when there is no time for its reviews, as conversations. Reviews are due Thu 15 January 2026, 20:00,
and taken for a week more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.features.test_after_the_end import end
from tests.features.test_completion import final
from tests.features.test_reviews import MONDAY, REVIEWED, cohort, hand_in, review, write
from tests.kit import World, new_world

RULE = "completion: {milestones: 1, reviews: all}"
ASKED = REVIEWED.replace("minutes: 300", f"minutes: 300, {RULE}").replace("reviews: 2\n", "reviews: 1\n")


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=ASKED)
    yield made
    made.app.storage.close()


@pytest.mark.parametrize("others", [("Mia",), ("Mia", "Ben", "Cem")])
@pytest.mark.parametrize("at", ["2026-01-22T18:30:00Z", "2026-01-23T10:00:00Z", "2026-01-27T12:30:00Z"])
async def test_whoever_hands_in_too_late_for_a_review_is_asked_for_none(
    world: World, others: tuple[str, ...], at: str
) -> None:
    await cohort(world, *others)
    eva = await world.learner("eva", "Eva")
    await world.until(at)
    assert "its time is over" not in (await eva.command("")).text
    await hand_in(eva, "The words of Eva")
    page = (await eva.command("")).text
    assert "The course cannot be completed" not in page
    assert "You have all that it takes" in page or "You have completed" in eva.last().text, page
    await world.until("2026-01-28T12:00:00Z")
    (card,) = final(eva)
    assert card.startswith("You have completed"), card


async def test_the_final_card_becomes_the_certificate_as_it_says(world: World) -> None:
    await cohort(world, "Mia", "Ben")
    eva = await world.learner("eva", "Eva")
    await world.until("2026-01-27T12:30:00Z")
    (card,) = final(eva)
    assert "When it is there, this message becomes your certificate" in card
    await hand_in(eva, "The words of Eva")
    (card,) = final(eva)
    assert card.startswith("You have completed"), card


async def test_whoever_hands_in_late_with_time_for_a_review_is_asked_for_it(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    eva = await world.learner("eva", "Eva")
    await world.until(MONDAY)
    await write(mia, await review(mia))
    await write(ben, await review(ben))
    await world.until("2026-01-20T10:00:00Z")
    await hand_in(eva, "The words of Eva")
    assert (
        "A late review is taken until Thu 22 Jan, 20:00, and the course cannot be completed without it"
        in (await eva.command("")).text
    )
    await write(eva, await review(eva))
    assert "You have all that it takes" in (await eva.command("")).text
    await world.until("2026-01-28T12:00:00Z")
    (card,) = final(eva)
    assert card.startswith("You have completed"), card
    (card,) = final(mia)
    assert card.startswith("You have completed"), "Eva's piece was asked of nobody who had given theirs"


async def test_the_final_card_says_that_a_review_may_still_be_asked(world: World) -> None:
    await cohort(world, "Mia", "Ben")
    eva = await world.learner("eva", "Eva")
    await world.until("2026-01-20T10:00:00Z")
    await end(world)
    await world.until("2026-01-21T10:00:00Z")
    assert "this becomes your certificate, or says what else is asked" in eva.find("is over").text


async def test_a_piece_that_comes_too_late_is_missing_to_nobody(world: World) -> None:
    (mia,) = await cohort(world, "Mia")
    ben = await world.learner("ben", "Ben")
    await world.until("2026-01-22T18:30:00Z")
    await hand_in(ben, "The words of Ben")
    await world.until("2026-01-28T12:00:00Z")
    for who in (mia, ben):
        (card,) = final(who)
        assert card.startswith("You have completed"), card
