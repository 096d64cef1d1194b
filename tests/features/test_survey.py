"""The survey, as conversations: answers that nobody finds again, and what they draft for the next run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from bot.app.cohorts import turn_in
from bot.features.live.listing import listed
from bot.features.survey import rules
from bot.features.survey.store import Answer
from storage.tables.survey import SurveyAnswerRow, SurveyPersonRow
from tests.features.test_completion import files
from tests.features.test_erasure import copy, forget
from tests.features.test_erasure import everything as stored
from tests.features.test_live import SUNDAY, course, tasting
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

CANARY = "lemur-and-marmalade"
LAST_WEEK = "2026-01-19T12:00:00Z"
CLOSED = "2026-01-25T23:30:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def learners(world: World, number: int) -> list[Speaker]:
    return [await world.learner(f"l{n}", f"Learner {n}") for n in range(number)]


async def say(who: Speaker, about: str = "Tasting", **values: str) -> Result:
    """One answer, from the learner's own page."""
    card = await who.press(await who.command(""), "Answer without my name")
    await who.press(card, about)
    given = {"came": "came", "worth": "yes"} if about == "Tasting" else {"worth": "yes"}
    return await who.submit({**given, **values})


async def result(world: World, who: str = "ines") -> str:
    """What somebody of the course team reads once the survey has closed."""
    if world.clock.now() < world.at(CLOSED):
        await world.until(CLOSED)
    return await forge_in(world, world.chat.person(who), "survey", "look", "")


async def archived(world: World) -> None:
    """The manager ends the cohort."""
    omar = world.chat.person("omar")
    asked = await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    assert "has ended" in asked.text


async def test_one_card_asks_after_the_last_session_and_becomes_its_receipt(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-14T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.until("2026-01-18T12:00:00Z")
    assert "Was it worth your time?" not in "\n".join(mia.inbox())
    await world.until(LAST_WEEK)
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "[Tasting]" in card
    assert "[The course as a whole]" in card
    await mia.press(mia.find("Was it worth your time?"), "Tasting")
    assert mia.form is not None
    assert "nobody can find it again" in mia.form.intro
    assert "neither changed nor erased" in mia.form.intro
    thanked = await mia.submit({"came": "neither", "why": "time", "worth": "no"})
    assert "stored without your name" in thanked.text
    await world.settle()
    assert "Answered: Tasting." in mia.find("Was it worth your time?").text
    await mia.press(thanked, "The course as a whole")
    assert mia.form is not None
    assert [f.name for f in mia.form.fields] == ["worth", "words"]
    await mia.submit({"worth": "yes"})
    await world.settle()
    assert not [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "cannot" not in (await mia.command("")).text
    assert "Nobody can find your answer again" in await forge_in(world, mia, "survey", "answer", "")


async def test_a_course_without_sessions_asks_its_one_question_at_the_end(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=COURSE)
    mia = await world.learner("mia", "Mia")
    for day in ("2026-01-12", "2026-01-20"):
        await world.until(f"{day}T12:00:00Z")
        await mia.say("questions", "Is the tea hot?")
    await world.until("2026-01-25T12:00:00Z")
    assert "worth your time" not in "\n".join(mia.inbox())
    await world.until("2026-01-28T12:00:00Z")
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "[The course as a whole]" in card
    world.app.storage.close()


async def test_a_group_of_four_is_not_shown(world: World) -> None:
    people = await learners(world, 4)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, words=CANARY)
    shown = await result(world)
    assert "Tasting: too few answers to say anything. 4 of 4 answered." in shown
    assert "Worth the time" not in shown
    assert CANARY not in shown
    assert CANARY not in stored(world)


async def test_five_with_one_who_left_are_four_or_stay_five(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    await people[0].press(await people[0].command("leave"), "Leave")
    for one in people[1:]:
        await say(one)
    assert "too few answers" in await result(world)


async def test_an_answer_stays_when_its_author_leaves_because_nobody_can_find_it(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one)
    await people[0].press(await people[0].command("leave"), "Leave")
    await forget(world, "Learner 0")
    assert "Tasting: keep. 5 of 5 answered. Came: Yes 5 (of 5)." in await result(world)


async def test_six_split_five_to_one_show_neither_group(world: World) -> None:
    people = await learners(world, 6)
    await world.until(LAST_WEEK)
    for one in people[:5]:
        await say(one)
    await say(people[5], came="neither", worth="no", words="Nobody asked me")
    shown = await result(world)
    assert "Tasting: too few answers to say anything. 6 of 6 answered." in shown
    assert "Came:" not in shown
    assert "Worth the time" not in shown


@pytest.mark.parametrize(
    ("worth", "shown", "advice"),
    [
        ({"yes": 4}, {}, ""),
        ({"yes": 5}, {"yes": 5}, "keep"),
        ({"yes": 5, "no": 1}, {}, ""),
        ({"yes": 6, "partly": 5, "no": 2}, {"yes": 6}, "modify"),
        ({"no": 7, "yes": 5}, {"no": 7, "yes": 5}, "remove"),
        ({"partly": 5, "yes": 5}, {"partly": 5, "yes": 5}, "modify"),
    ],
)
def test_the_proposal_follows_from_what_is_shown_alone(
    worth: dict[str, int], shown: dict[str, int], advice: str
) -> None:
    said = [Answer("tasting", "", "", value) for value, n in worth.items() for _ in range(n)]
    found = rules.figures(said, 5)
    assert found.get("worth", {}) == shown
    assert rules.advice(found, len(said)) == advice


async def test_the_instructor_reads_decides_and_the_next_run_has_it(world: World) -> None:
    people, ines, omar = await learners(world, 6), world.chat.person("ines"), world.chat.person("omar")
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, worth="no", why="time", came="recording", words=CANARY)
        await say(one, "The course as a whole", words="More of it")
    assert "survey" not in (await ines.command("desk", place="general")).text
    shown = await result(world)
    line = "Tasting: remove. 6 of 6 answered. Came: No, I watched the recording 6 (of 6). Why: The time did not suit me"
    assert line in shown
    assert CANARY in shown
    assert CANARY not in await result(world, "omar")
    desk = await ines.command("desk", place="general")
    assert "Tasting: remove." in desk.text
    page = await ines.press(desk, "Look and decide (1)")
    assert "Noted for the next run: Tasting, modify." in (await ines.press(page, "Modify it")).text
    assert CANARY not in stored(world)
    assert "More of it" in stored(world)
    assert "Tasting: modify" in (await omar.command("overview")).text
    registry = world.app.registry
    found = turn_in(world.app.storage, registry, "demo", "live", lambda turn: listed(turn, turn.here))
    assert [one["survey"] for one in found] == ["modify"]
    await world.until("2026-01-27T12:00:00Z")
    await archived(world)
    archive = files(world, omar, "The archive of Demo course")
    assert "survey: modify it; Came: No, I watched the recording 6 (of 6)" in archive["demo-next.yaml"]
    assert "tasting,Tasting,modify,6,6,worth,no,6" in archive["survey.csv"]
    assert CANARY not in str(archive)


async def test_what_nobody_decides_stands_as_proposed_and_the_words_go(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, words=CANARY)
    await world.until("2026-02-07T12:00:00Z")
    assert CANARY in stored(world)
    await world.until("2026-02-09T12:00:00Z")
    assert CANARY not in stored(world)
    assert "Tasting: keep" in await result(world)


async def test_a_copy_for_somebody_says_that_they_answered_and_nothing_else(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until(LAST_WEEK)
    await say(mia, words=CANARY)
    document, _files = copy(world, "Learner 0")
    assert "survey_people" in [table["table"] for table in document["tables"]]
    assert CANARY not in str(document)
    await forget(world, "Learner 0")
    assert world.rows(SurveyPersonRow) == []
    assert len(world.rows(SurveyAnswerRow)) == 1


async def test_a_second_answer_from_another_tab_is_refused(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until(LAST_WEEK)
    card = await mia.press(await mia.command(""), "Answer without my name")
    await mia.press(card, "Tasting")
    await mia.submit({"came": "came", "worth": "yes"})
    again = await mia.press(card, "Tasting")
    assert "Nobody can find your answer again" in again.text
    assert len(world.rows(SurveyAnswerRow)) == 1
    assert "for learners" in await forge_in(world, world.chat.person("ines"), "survey", "answer", "")
    await world.until(CLOSED)
    assert "has closed" in await forge_in(world, mia, "survey", "answer", "")


async def test_the_card_goes_when_the_survey_closes(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-14T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.until(LAST_WEEK)
    assert "Was it worth your time?" in "\n".join(mia.inbox())
    await world.until(CLOSED)
    await world.settle()
    assert "Was it worth your time?" not in "\n".join(mia.inbox())
