"""Authors of anonymous work say whether it is handed out as it is: about each milestone for itself. The first Monday is
5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_pods import formed
from tests.features.test_reviews import MONDAY, TUESDAY, review
from tests.features.test_reviews_unnamed import UNNAMED, two
from tests.kit import World, new_world

TWO = UNNAMED.replace(
    "reviews:\n",
    """  - {id: essay, week: 1, title: The essay, opens: Mon 00:00, due: Sun 20:00, late: accepted}
reviews:
  - id: gaze
    milestone: essay
    week: 2
    title: Gaze at essays
    opens: Mon 06:00 cohort
    due: Thu 20:00 cohort
    reviews: 2
    anonymous: yes
    rubric: ["What works best?"]
    minutes: 40
""",
    1,
)


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=TWO, address="http://pages.example")
    yield made
    made.app.storage.close()


async def hand(learner: Speaker, milestone: str, **values: str) -> None:
    await learner.command(f"submit {milestone}")
    assert not (await learner.submit(values=values)).errors


YES, NO = "Hand it out as it is", "Not like this"


async def take_back_the_last(learner: Speaker) -> None:
    thanks = [seen for seen in learner.sees(f"dm:{learner.id}") if "Take it back" in seen.buttons][-1]
    await learner.press(await learner.press(thanks, "Take it back"), "Take it back")


@pytest.mark.parametrize("said", [YES, NO])
async def test_taking_back_other_work_leaves_what_an_author_said(world: World, said: str) -> None:
    author, reviewer = await two(world)
    await hand(author, "draft", link="https://docs.example/mine")
    await author.press(author.find("may show your name"), said)
    await hand(author, "essay", text="An essay about tea")
    await hand(reviewer, "draft", text="A page about coffee")
    await take_back_the_last(author)
    await world.until(MONDAY)
    assert ("did not want your work handed out" in (await author.command("")).text) == (said == NO)
    if said == YES:
        assert "docs.example/mine" in (await review(reviewer)).text
    else:
        assert "docs.example" not in (await reviewer.command("")).text
    await world.until(TUESDAY)
    assert not any("may show your name" in text for text in author.inbox()), "nobody is asked again"


@pytest_asyncio.fixture
async def teams(tmp_path: Path) -> AsyncIterator[World]:
    course = TWO.replace("late: accepted}", "late: accepted, pod: yes}") + "pods: {size: 5}\n"
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=course, address="http://pages.example")
    yield made
    made.app.storage.close()


async def test_a_pod_says_it_about_each_of_its_milestones(teams: World) -> None:
    mia, *_others = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    await hand(mia, "draft", link="https://docs.example/map")
    await mia.press(mia.find("may show"), NO)
    await teams.wait(minutes=30)
    await hand(mia, "essay", text="Our essay about milk")
    assert "did not want your work handed out" in (await mia.command("")).text
    await teams.until(MONDAY)
    page = await harold.command("")
    piece = await harold.press(page, next(label for label in page.buttons if "Gaze at essays" in label))
    assert "Our essay about milk" in piece.text
    assert "The work of a pod:" in piece.text
