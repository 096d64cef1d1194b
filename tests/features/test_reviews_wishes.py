"""What learners write in private about a piece that they have to review. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.features.test_reviews import MONDAY, REVIEWED, cohort, review, write
from tests.features.test_talk import said
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED)
    yield made
    made.app.storage.close()


@pytest.mark.parametrize(
    "words",
    [
        "give it back",
        "I'd like to give the review back",
        "Please take it back",
        "I cannot do this review",
        "can someone else review it?",
        "Ich möchte es zurückgeben",
    ],
)
async def test_a_piece_is_given_back_in_ones_own_words(world: World, words: str) -> None:
    mia, _ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    assert "The words of Ben" in (await review(mia)).text
    card = await said(mia, words)
    assert card.buttons[0] == "Give it back", "nobody else reads it"
    assert "the piece that you have for “Look at two drafts”; somebody else can review it then" in card.text
    await mia.press(card, "Give it back")
    receipt = mia.find("Given back: somebody else can review it now.")
    assert "Review another one" in receipt.buttons
    assert "The words of Cem" in (await mia.press(receipt, "Review another one")).text
    await write(cem, await review(cem))
    assert "The words of Ben" in (await review(cem)).text, "it is free"


async def test_whoever_has_no_piece_is_offered_nothing_to_give_back(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    assert "Give it back" not in (await said(mia, "I want to give it back")).buttons
    card = await said(mia, "give it back") if await review(mia) else None
    assert card is not None
    await write(mia, await review(mia))
    await mia.press(card, "Give it back")
    assert mia.find("You have this piece no more.")


async def test_other_words_give_nothing_back(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    for words in ("What does give back mean?", "I gave my feedback back in May", "I can't finish the review in time"):
        assert "Give it back" not in (await said(mia, words)).buttons, words


@pytest.mark.parametrize(
    "words",
    [
        "I need more time for the review",
        "can I have two more days for my review?",
        "I can't finish the review in time",
        "Ich brauche mehr Zeit für das Review",
    ],
)
async def test_more_time_for_a_review_leads_to_its_form(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    card = await said(mia, words)
    assert card.buttons[0] == "Ask for more time"
    await mia.press(card, "Ask for more time")
    asked = mia.find("Look at two drafts, closes Thu 15 Jan, 20:00. Nothing is moved yet.")
    await mia.press(asked, "Choose the day")
    assert mia.form is not None
    (days,) = [field.value for field in mia.form.fields if field.name == "days"]
    assert (days == "2") == ("two more days" in words)


@pytest.mark.parametrize(
    "words",
    [
        "Can I review until Friday?",
        "could I still review it on Friday?",
        "Can I do the review until Friday?",
        "May I please review the piece on Friday?",
        "Kann ich bis Freitag begutachten?",
        "Posso revisar até sexta?",
        "¿Puedo revisar hasta el viernes?",
    ],
)
async def test_a_day_for_a_review_is_in_its_form(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until("2026-01-14T08:00:00Z")
    await review(mia)
    card = await said(mia, words)
    assert card.buttons[0] == "Ask for more time"
    await mia.press(card, "Ask for more time")
    await mia.press(mia.find("Look at two drafts, closes Thu 15 Jan, 20:00. Nothing is moved yet."), "Choose the day")
    assert mia.form is not None
    assert [field.value for field in mia.form.fields if field.name == "days"] == ["1"]


async def test_a_review_that_is_about_to_be_written_is_no_wish_for_time(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    for words in ("Can I review today?", "Can I review two pieces?", "What can I review until Friday?"):
        assert "Ask for more time" not in (await said(mia, words)).buttons, words
