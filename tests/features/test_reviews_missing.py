"""Reviews without which somebody cannot complete the course, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_reviews import FRIDAY, MONDAY, REVIEWED, cohort, review, write
from tests.features.test_reviews_credit import RULE
from tests.kit import World, new_world

OVER = "2026-01-23T09:30:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=RULE)
    yield made
    made.app.storage.close()


async def test_whoever_owes_a_review_that_completion_needs_is_on_the_desk_until_it_came(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    receipt = await write(mia, await review(mia))
    await write(mia, await mia.press(receipt, "Review another one"))
    receipt = await write(ben, await review(ben))
    ines = world.chat.person("ines")
    assert "is needed to complete" not in (await ines.command("desk")).text, "it is not due yet"
    await world.until("2026-01-16T12:00:00Z")
    why = "“Look at two drafts” was due Thu 15 Jan, is needed to complete the course, and is taken until Thu 22 Jan"
    desk = await ines.command("desk")
    assert f"Ben: {why}" in desk.text
    assert f"Cem: {why}" in desk.text
    assert "Mia: “Look at two drafts”" not in desk.text
    assert "May drop out: 2 of 3" in (await world.chat.person("omar").command("overview")).text
    page = (await ben.command("")).text
    assert "A late review is taken until Thu 22 Jan, 20:00, and the course cannot be completed without it" in page
    await write(ben, await ben.press(receipt, "Review another one"))
    assert "Ben: “Look" not in (await ines.command("desk")).text
    posted = ines.find("Learners who may need a word").text
    assert f"Cem: {why}" in posted
    assert f"Ben: {why}" not in posted


async def test_whoever_owes_one_is_reminded_before_it_is_not_taken_any_more(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await write(mia, await review(mia))
    await world.until(OVER)
    said = "was due Thu 15 Jan, 20:00; late is welcome until Thu 22 Jan, 20:00, and the course needs it by then"
    reminders = [text for text in ben.inbox() if said in text and "still open" in text]
    assert reminders, ben.inbox()[-3:]
    assert "Done already? That is fine. You need more time? Press 'Move my dates'." in reminders[0]
    assert sum("was due Thu 15 Jan" in text for text in mia.inbox()) == 0


async def test_more_time_helps_once_its_time_is_over(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await write(mia, await review(mia))
    await world.until(OVER)
    over = "its time is over. The course cannot be completed without it: ask the course team for more time"
    assert over in (await ben.command("")).text
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert "is needed to complete the course, and is not taken any more" in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give more time")))
    sure = (await ines.submit()).reply
    assert sure is not None
    assert "Ben" in sure.text
    await ines.press(sure, sure.buttons[0])
    assert "Ben: “Look" not in (await ines.command("desk")).text
    assert over not in (await ben.command("")).text
    await world.wait(days=2)
    assert any("- Look at two drafts is due Sun 25 Jan, 20:00" in text for text in ben.inbox())
    await write(ben, await review(ben))
    assert "1 of 1 peer review" in (await ben.command("")).text


async def test_a_review_that_is_not_needed_is_on_no_desk(tmp_path: Path) -> None:
    made = new_world(tmp_path, course=REVIEWED)
    await cohort(made, "Mia", "Ben")
    await made.until(FRIDAY)
    assert "is needed to complete" not in (await made.chat.person("ines").command("desk")).text
    made.app.storage.close()
