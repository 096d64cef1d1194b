"""What people took part in keeps its id in the course, as conversations. The first Monday is 5 January 2026."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.features import (
    test_checkins,
    test_discussions,
    test_pods_check_in,
    test_pods_hand_in,
    test_reviews,
    test_scenarios,
)
from tests.features.test_discussion_rounds import FIRST, with_rounds
from tests.features.test_discussion_rounds import write as post_in
from tests.features.test_pods import formed
from tests.features.test_revisions import cohort_row, upload
from tests.features.test_who_left import leave
from tests.kit import COURSE, World, new_world

EVE = "2026-01-04T08:00:00Z"


async def discusses(world: World) -> None:
    mia, _ben = await test_discussions.beginning(world, "Mia", "Ben")
    await post_in(mia, "Bags are tea.")


async def checks_in(world: World) -> None:
    mia, _ben = await test_checkins.learners(world, "Mia", "Ben")
    await world.until(test_checkins.TUESDAY)
    await test_checkins.check_in(mia, done="The outline")


async def checks_in_with_the_pod(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await world.until(test_pods_check_in.THURSDAY)
    await mia.press(test_pods_check_in.page(mia), "Check in")
    await mia.submit(done="The outline")


async def hands_in_for_the_pod(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await world.until("2026-01-08T08:10:00Z")
    await test_pods_hand_in.hands_in(mia, "Our map of the harbour")


async def plays(world: World) -> None:
    mia, _ben = await test_scenarios.beginning(world, "Mia", "Ben")
    await test_scenarios.play(mia, "Ask why")


async def reviews_and_leaves(world: World) -> None:
    await world.until("2026-01-05T08:00:00Z")
    mia, _ben = await test_reviews.cohort(world, "Mia", "Ben")
    await world.until(test_reviews.MONDAY)
    await test_reviews.write(mia, await test_reviews.review(mia))
    await leave(mia)


TAKES_PART = "one learner has taken part in it"


@pytest.mark.parametrize(
    ("course", "acts", "said"),
    [
        (with_rounds(FIRST), discusses, f"Discussion bags cannot go: {TAKES_PART}."),
        (test_checkins.CHECKINS, checks_in, f"Check-in page cannot go: {TAKES_PART}."),
        (test_pods_check_in.CHECKED, checks_in_with_the_pod, f"Check-in page cannot go: {TAKES_PART}."),
        (test_scenarios.PLAYED, plays, f"Scenario reader cannot go: {TAKES_PART}."),
        (test_reviews.REVIEWED, reviews_and_leaves, f"Peer review look cannot go: {TAKES_PART}."),
        (
            test_pods_hand_in.HANDED,
            hands_in_for_the_pod,
            "Milestone map cannot go: 4 learners have handed it in.",
        ),
    ],
)
async def test_what_somebody_took_part_in_stays(
    tmp_path: Path, course: str, acts: Callable[[World], Awaitable[None]], said: str
) -> None:
    world = new_world(tmp_path, now=EVE, course=course)
    await acts(world)
    refused = await upload(world, course.partition("reviews:")[0] if "reviews:" in course else COURSE)
    how = "Keep its id; to move it, change its week or its dates."
    assert refused.errors["file"] == f"{said} {how}"
    assert cohort_row(world).course_text == course
    world.app.storage.close()
