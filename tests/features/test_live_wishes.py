"""What learners write in private about a live session. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.features.test_live import MONDAY, SUNDAY, course, everything, say_yes, tasting
from tests.features.test_live_attendance import OVER, VIDEO, note
from tests.features.test_talk import said
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting(title="Q&A")))
    yield made
    made.app.storage.close()


@pytest.mark.parametrize(
    "words",
    [
        "sorry i cant make it",
        "can't come on wednesday",
        "Sorry, I can't make it to the Q&A on Wed",
        "I have to miss the session",
        "kann leider nicht kommen",
        "não posso ir",
        "no puedo ir",
        "je ne peux pas venir",
    ],
)
async def test_a_yes_is_taken_back_in_ones_own_words(world: World, words: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    assert "You come to “Q&A”" in mia.find("Week 1: ").text
    card = await said(mia, words)
    assert card.buttons[0] == "I do not come"
    assert "to “Q&A”; nobody reads your words" in card.text
    await mia.press(card, "I do not come")
    assert mia.find("Noted: you do not come. That is fine.")
    assert "You come to “Q&A”" not in mia.find("Week 1: ").text


@pytest.mark.parametrize("words", ["when is the Q&A?", "What time is the session?", "wann ist das Treffen?"])
async def test_whoever_asks_when_it_is_reads_its_times(world: World, words: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    card = await said(mia, words)
    assert card.buttons[0] == "When it is"
    await mia.press(card, "When it is")
    assert "I come Wed 7 Jan, 08:00" in mia.find("You need not answer; come if you like.").buttons


@pytest.mark.parametrize(
    "words", ["was there a recording?", "where can I find the recording", "¿dónde está la grabación?"]
)
async def test_whoever_asks_for_the_recording_is_led_to_it(world: World, words: str) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(OVER)
    card = await said(mia, words)
    assert card.buttons[0] == "The recording"
    await mia.press(card, "The recording")
    assert mia.find("The recording of “Q&A” is not there yet. It comes into the thread of week 1 and onto its card.")
    await note(ines, url=VIDEO, transcript="captions")
    await mia.press(await said(mia, words), "The recording")
    assert "What I took from it" in mia.find("“Q&A”: here is").buttons
    assert VIDEO in mia.find("“Q&A”: here is").text


@pytest.mark.parametrize(
    "words",
    [
        "I can't make it work",
        "I could not come up with an idea",
        "when is the draft due?",
        "When do I come back to the second example?",
        "we cannot join the two tables",
    ],
)
async def test_other_words_offer_nothing_about_a_session(world: World, words: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    assert {"I do not come", "When it is", "The recording"}.isdisjoint((await said(mia, words)).buttons)


async def test_without_a_session_or_a_yes_nothing_is_offered(world: World) -> None:
    """The course team has no yes to take back, and what one asks of another is another's."""
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia)
    assert "I do not come" not in (await said(ben, "sorry i cant make it")).buttons
    assert "I do not come" in (await said(ben, "sorry i cant make it to the Q&A")).buttons
    card = await said(mia, "sorry i cant make it")
    await world.until(OVER)
    await mia.press(card, "I do not come")
    assert "This time of “Q&A” has begun already." in everything(mia)
