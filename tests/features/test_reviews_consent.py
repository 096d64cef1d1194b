"""Authors of anonymous work say whether it is handed out as it is: about each milestone for itself. The first Monday is
5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_erasure import forget
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


async def rename(learner: Speaker, world: World, name: str) -> None:
    world.chat.person(learner.id, name)
    await learner.command("")
    await world.settle()


@pytest.mark.parametrize("said", [NO, ""])
async def test_a_no_and_an_open_question_outlast_another_name(world: World, said: str) -> None:
    author, reviewer = await two(world)
    await hand(author, "draft", text="By Aurelia Canary. A page about tea")
    await hand(reviewer, "draft", text="A page about coffee")
    asked = author.find("may show your name")
    if said:
        await author.press(asked, said)
    await rename(author, world, "Rena")
    await world.until(MONDAY)
    assert "Look at two drafts" not in (await reviewer.command("")).buttons
    page = (await author.command("")).text
    assert "did not want your work handed out" in page if said else "may show your name" in page
    await author.press(asked, YES)
    assert "By Aurelia Canary" in (await review(reviewer)).text, "they may think again"


async def test_a_name_of_before_is_looked_for_in_later_work_and_words(world: World) -> None:
    author, reviewer = await two(world)
    await hand(author, "draft", text="A page about tea")
    await hand(reviewer, "draft", text="A page about coffee")
    for name in ("Rena", "Lena"):
        await rename(author, world, name)
    await world.wait(minutes=5)
    await author.press(author.find("Thank you, "), "Edit")
    await author.submit(text="Aurelia Canary's page about tea")
    assert "Your name stands in what can be read in it." in author.find("may show your name").text
    await world.until(MONDAY)
    await author.press(await review(author), "Write the review")
    asked = await author.submit(values={"point_4f5742ef": "Yours, Aurelia", "point_4fc858b7": "-", "points": "7"})
    assert "Your name stands in it." in str(asked.errors)


async def map_by_ben(teams: World) -> tuple[Speaker, Speaker, Speaker]:
    mia, ben, *_others = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    await hand(mia, "draft", text="Our map of tea, drawn by Ben-Miller")
    await hand(harold, "draft", text="A map of milk")
    await mia.press(mia.find("may show a name of your pod"), YES)
    await teams.until(MONDAY)
    return mia, ben, harold


async def test_a_no_in_a_pod_outlasts_another_name_and_ones_own_list(teams: World) -> None:
    mia, ben, harold = await map_by_ben(teams)
    asked = ben.find("your name may stand in")
    await ben.press(asked, NO)
    await rename(ben, teams, "Benno")
    assert "nothing to review" in (await review(harold)).text
    await ben.press(await ben.press(ben.find("Our map of tea"), "Take it back"), "Take it back")
    await teams.settle()
    assert "nothing to review" in (await review(harold)).text
    assert "somebody of your pod did not want" in (await mia.command("")).text
    page = await ben.command("")
    assert "did not want your work handed out" in page.text
    await ben.press(page, YES)
    assert "drawn by Ben-Miller" in (await review(harold)).text


async def test_whoever_took_it_off_their_list_is_asked_about_the_next_version(teams: World) -> None:
    mia, ben, harold = await map_by_ben(teams)
    await ben.press(ben.find("your name may stand in"), NO)
    await ben.press(await ben.press(ben.find("Our map of tea"), "Take it back"), "Take it back")
    await teams.wait(minutes=5)
    await mia.press(mia.find("Thank you, "), "Edit")
    await mia.submit(text="Our map of milk, drawn by Ben-Miller")
    await mia.press(mia.find("may show a name of your pod"), YES)
    assert "nothing to review" in (await review(harold)).text
    await teams.until(TUESDAY)
    await ben.press(ben.find("your name may stand in"), YES)
    assert "Our map of milk" in (await review(harold)).text


async def test_where_somebody_who_is_erased_said_no_another_one_is_asked(teams: World) -> None:
    mia, ben, harold = await map_by_ben(teams)
    await ben.press(ben.find("your name may stand in"), NO)
    await forget(teams, "Ben-Miller")
    await teams.settle()
    assert "nothing to review" in (await review(harold)).text
    await mia.press(await mia.command(""), "Hand it out")
    await mia.press(mia.last(), YES)
    assert "drawn by Ben-Miller" in (await review(harold)).text


@pytest.mark.parametrize("minutes", [0, 5])
@pytest.mark.parametrize("said", [YES, NO])
async def test_what_is_said_on_an_old_card_is_about_the_version_that_it_asked_about(
    world: World, said: str, minutes: int
) -> None:
    author, reviewer = await two(world)
    await hand(author, "draft", link="https://docs.example/team")
    await hand(reviewer, "draft", text="A page about coffee")
    old = await author.press(await author.command(""), "Hand it out")
    await world.wait(minutes=minutes)
    await author.press(author.find("Thank you, "), "Edit")
    await author.submit(text="By Aurelia Canary, of 5 Elm Street" if said == YES else "A page about tea", link="")
    answer = await author.press(old, said)
    assert "This work was changed since." in answer.text
    await world.until(MONDAY)
    if said == YES:
        assert "Please look once more." in answer.text
        assert "Your name stands in what can be read in it." in answer.text
        assert "Look at two drafts" not in (await reviewer.command("")).buttons
        await author.press(answer, YES)
        assert "Elm Street" in (await review(reviewer)).text
    else:
        assert "There is nothing to ask" in answer.text
        assert "A page about tea" in (await review(reviewer)).text


async def test_a_learner_outside_the_pod_is_found_by_the_name_of_before(teams: World) -> None:
    mia, *_others = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    await rename(harold, teams, "Harry")
    await hand(mia, "draft", text="Our map of tea, with Harold Stone")
    assert "It names learners who are not in your pod: Harry." in mia.find("may show a name of your pod").text


async def test_the_name_of_a_linked_account_is_looked_for_from_the_start(world: World) -> None:
    author, reviewer = await two(world)
    second = world.chat.person("teadragon", "TeaDragon")
    await second.command("link", (await author.command("link")).text.split("/cohort link ")[1].split()[0])
    await author.command("")
    await hand(author, "draft", text="By TeaDragon. A page about tea")
    await hand(reviewer, "draft", text="A page about coffee")
    assert "Your name stands in" in second.find("may show your name").text
    await world.until(MONDAY)
    assert "TeaDragon" not in (await review(reviewer)).text
