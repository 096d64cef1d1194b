"""Somebody lays out a course on a page while somebody else changes the cohort's course in the chat."""

from collections.abc import AsyncIterator

import httpx
import pytest

from storage.tables.people import CohortRow
from tests.features.test_drafts import Visit, opened
from tests.features.test_revisions import MORE
from tests.kit import World, new_world
from tests.test_web import ADDRESS, controls, open_browser


@pytest.fixture
def world(tmp_path: object) -> World:
    return new_world(tmp_path, course=MORE, address=ADDRESS)  # type: ignore[arg-type]


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(world) as one:
        yield one


async def changed_in_chat(world: World, week: str, **values: str) -> None:
    omar = world.chat.person("omar")
    listed = await omar.press(await omar.command("course", place="general"), "Edit an item")
    await omar.press(listed, "Weeks", week)
    shown = await omar.submit(**values)
    used = await omar.press(shown, "Use it")
    assert "ersion" in used.text


async def again(visit: Visit) -> Visit:
    visit.page = await visit.browser.get("/draft/1")
    return visit


def course_of_cohort(world: World) -> str:
    return world.rows(CohortRow)[0].course_text


async def test_what_somebody_else_changed_meanwhile_is_brought_in_and_never_taken_back(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser)
    await visit.press("Week 1: One")
    await visit.send("Save", goal="From the page")
    await changed_in_chat(world, "Week 2: Two", goal="From the chat")

    await again(visit)
    assert "Changed since you began, by Omar:" in visit.text
    assert "Week 2: Two: goal: Go on → From the chat" in visit.text
    await visit.press("Use it for Demo course")
    assert "What Omar changed since you began is in it." in visit.text
    assert "From the chat → Go on" not in visit.text
    assert "Begin → From the page" in visit.text
    await visit.press("Use it")
    assert course_of_cohort(world) == MORE.replace("goal: Begin", "goal: From the page").replace(
        "goal: Go on", "goal: From the chat"
    )
    await again(visit)
    assert "since you began" not in visit.text
    assert await visit.file() == course_of_cohort(world)


async def test_other_keys_of_the_same_line_are_both_kept(world: World, browser: httpx.AsyncClient) -> None:
    visit = await opened(world, browser)
    await visit.press("Week 2: Two")
    await visit.send("Save", minutes="90")
    await changed_in_chat(world, "Week 2: Two", goal="From the chat")
    await (await again(visit)).press("Bring it in")
    await again(visit)
    assert "goal: From the chat" in await visit.file()
    assert "minutes: 90" in await visit.file()


@pytest.mark.parametrize(
    ("chosen", "goal"), [("Keep mine there", "From the page"), ("Take theirs there", "From the chat")]
)
async def test_where_both_changed_the_same_somebody_chooses(
    world: World, browser: httpx.AsyncClient, chosen: str, goal: str
) -> None:
    visit = await opened(world, browser)
    await visit.press("Week 2: Two")
    await visit.send("Save", goal="From the page")
    await visit.press("Week 3: Three")
    await visit.send("Save", goal="End well")
    await changed_in_chat(world, "Week 2: Two", goal="From the chat")
    await changed_in_chat(world, "Week 1: One", goal="Begin well")

    await visit.press("Use it for Demo course")
    assert "Nothing was changed yet" in visit.text
    assert "Week 2: Two: goal: theirs “From the chat”, yours “From the page”" in visit.text
    assert not controls(visit.page, "Use it")
    await visit.press(chosen)
    await again(visit)
    assert "since you began" not in visit.text
    file = await visit.file()
    assert f"goal: {goal}," in file
    assert "goal: Begin well," in file
    assert "goal: End well," in file


async def test_an_undo_of_what_was_brought_in_says_again_that_it_is_missing(
    world: World, browser: httpx.AsyncClient
) -> None:
    visit = await opened(world, browser)
    await visit.press("Week 1: One")
    await visit.send("Save", goal="From the page")
    await changed_in_chat(world, "Week 2: Two", goal="From the chat")
    await (await again(visit)).press("Bring it in")
    await (await again(visit)).press("Undo the last change")
    await again(visit)
    assert "Changed since you began, by Omar:" in visit.text
    await visit.press("Take this cohort's course")
    await (await again(visit)).press("Undo the last change")
    assert "Changed since you began, by Omar:" in (await again(visit)).text
