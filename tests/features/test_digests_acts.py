"""A manager's Sunday with cohorts that go wrong: what is pressed leads to something that mends it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result
from bot.core.contributions import Figure
from bot.core.figures import change
from storage.tables.people import AccountRow
from tests.features.test_digests_verdict import ANY_HOUR, NIGHT, USUAL, WRONG, Cohort, play, seen
from tests.features.test_live import course as with_sessions
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T12:00:00Z", course=USUAL)
    yield made
    made.app.storage.close()


async def pressed(world: World, kind: str) -> Result:
    """The first act for a cohort that goes wrong, pressed on Sunday."""
    played = (await play(world, [WRONG[kind][0]]))[0]
    omar = world.chat.person("omar")
    shown = await omar.command("overview", place=played.main)
    return await omar.press(shown, shown.buttons[0])


async def test_slow_answers_lead_to_the_questions_and_to_who_could_answer(world: World) -> None:
    shown = await pressed(world, "slow")
    assert "Well done" not in shown.text
    assert "1. 40 h, by Ines\n> What does page" in shown.text
    assert "Replied first in these seven days: Ines (3)." in shown.text
    assert {"Open 1", "Write to Ines", "Name somebody"} <= set(shown.buttons)
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    await omar.press(shown, "Write to Ines")
    assert omar.form is not None
    sent = await omar.submit(text="Could you look at the questions in the morning, too?")
    assert "Ines gets it" in sent.text
    await world.until("2026-01-19T12:00:00Z")
    word = ines.find("Could you look at the questions in the morning")
    assert "Omar writes to you about the wait for first replies" in word.text
    await omar.press(shown, "Name somebody")
    assert omar.form is not None


async def test_a_word_to_a_course_team_without_an_instructor_is_refused(world: World) -> None:
    shown = await pressed(world, "slow")
    omar = world.chat.person("omar")
    ines = world.rows(AccountRow, user="ines")[0].person
    await omar.press(shown, "Name somebody")
    await omar.submit(person=str(ines), role="instructor", remove="yes")
    refused = await omar.press(shown, "Write to Ines")
    assert "not in this cohort any more" in refused.text


@pytest.mark.parametrize("kind", ["hard", "late"])
async def test_a_milestone_that_goes_wrong_leads_to_what_mends_it(world: World, kind: str) -> None:
    shown = await pressed(world, kind)
    person = f"{kind.title()}1"
    assert f"Write to {person}" in shown.buttons
    assert "A worked example" in shown.buttons
    assert ("More time for all" in shown.buttons) is (kind == "hard")
    omar = world.chat.person("omar")
    if kind == "hard":
        assert shown.text.startswith("Not handed in: The second page")
        await omar.press(shown, "More time for all")
        assert omar.form is not None
        asked = await omar.submit()
        assert "It concerns 4 learners." in asked.text
        assert "is due" in (await omar.press(asked, "Move it")).text
        assert "milestones/second" not in {f.name for f in seen(world, "hard").reasons}
    else:
        assert "Handed in late: The second page" in shown.text
        assert "Nobody is missing" not in shown.text
        assert "- Late1, 2 h late" in shown.text
    await omar.press(shown, f"Write to {person}")
    assert omar.form is not None
    await omar.submit(text="Shall we look at it together?")
    await world.until("2026-01-20T12:00:00Z")
    world.chat.person(f"{kind}1").find("Shall we look at it together?")
    assert (await omar.press(shown, "A worked example")).text


async def test_a_milestone_of_less_than_two_weeks_has_no_week_before(world: World) -> None:
    await play(world, [Cohort("well")])
    await world.until("2026-01-19T11:00:00Z")
    figures = {f.name: f for f in seen(world, "well").figures}
    assert figures["milestones/second"].change is None
    assert figures["digests/active"].change == 0


def test_a_change_that_is_none_is_said() -> None:
    assert change(Figure("a", "A", 5, 5, before=5)) == "as the week before"
    assert change(Figure("a", "A", 5, 5)) == ""


async def test_the_time_to_a_first_reply_has_its_base_and_change(world: World) -> None:
    played = (await play(world, [WRONG["slow"][0]]))[0]
    await world.until("2026-01-19T11:00:00Z")
    shown = await world.chat.person("omar").command("overview", place=played.main)
    assert "First reply after (median): 40 h, as the week before, of 3 answers" in shown.text


async def test_a_call_at_night_that_is_past_moves_the_next_one(world: World) -> None:
    played = (await play(world, [WRONG["night"][0]]))[0]
    omar = world.chat.person("omar")
    shown = await omar.command("overview", place=played.main)
    await omar.press(shown, "Another time for “The next tasting” (Night)")
    assert omar.form is not None
    assert "slots" in {field.name for field in omar.form.fields}
    assert sum("Another time" in label for label in shown.buttons) == 1


async def test_the_last_call_at_night_is_told_and_no_reason_any_more(world: World) -> None:
    await play(world, [replace(WRONG["night"][0], course=with_sessions(NIGHT) + ANY_HOUR)])
    found = seen(world, "night")
    assert "digests/outside/live/tasting" in {figure.name for figure in found.figures}
    assert found.verdict == "well"


async def test_a_letter_that_was_sent_is_said_and_is_no_act_any_more(world: World) -> None:
    played = (await play(world, [WRONG["silent"][0]]))[0]
    await world.until("2026-01-20T09:00:00Z")
    omar = world.chat.person("omar")
    before = await omar.command("overview", place=played.main)
    letter = await omar.press(before, "Write to the 5 who are quiet (Silent)")
    await omar.press(letter, "Send it to the 5")
    after = await omar.command("overview", place=played.main)
    assert not any("who are quiet" in label for label in after.buttons)
    assert "Omar wrote to 5 of them on Tue 20 Jan" in after.text
