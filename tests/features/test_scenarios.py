"""Scenarios, as conversations: a story on one private card, which each choice edits."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Seen, Speaker
from bot.core.events import ButtonPressed
from bot.core.facts import CohortPlanned
from bot.core.message import Document
from bot.core.people import Account, Actor, Place
from bot.core.plain import plain
from bot.core.small_groups import disclosable
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.stores.scenarios import SqlScenarios
from storage.tables.outbox import OutboxRow
from storage.tables.people import change_cohort
from storage.tables.scenarios import ScenarioWayRow
from tests.features.test_completion import answer
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world
from tests.test_course_scenarios import STORY

MONDAY = "2026-01-05T08:00:00Z"
PLAYED = COURSE + STORY


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=PLAYED)
    yield made
    made.app.storage.close()


async def beginning(world: World, *names: str) -> list[Speaker]:
    """Learners on the first Monday, with their week card."""
    learners = [await world.learner(name.lower(), name) for name in names]
    await world.until(MONDAY)
    return learners


async def play(learner: Speaker, *choices: str) -> Seen:
    """Begins the story from the week card, and chooses."""
    await learner.press(learner.find("Week 1: "), "Play it")
    return await play_on(learner, *choices)


async def play_on(learner: Speaker, *choices: str) -> Seen:
    for label in choices:
        await learner.press(card(learner), label)
    return card(learner)


def card(learner: Speaker) -> Seen:
    (found,) = [m for m in learner.sees(f"dm:{learner.id}") if m.text.startswith("Your reader stops\n")]
    return found


def course_is(world: World, text: str) -> None:
    """The cohort's course is another one now."""

    def work(turn: Turn[SqlScenarios]) -> None:
        change_cohort(turn.store._session, world.cohort.id, course_text=text)
        turn.happened(CohortPlanned(world.cohort.id))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "scenarios", world.clock.now(), work))


async def press_later(world: World, speaker: Speaker, action: str) -> str:
    """The answer to a press on a button that the card had earlier, as in a second tab."""
    actor = Actor(Account("sandbox", speaker.id), speaker.id.capitalize())
    place, id = Place("sandbox", f"dm:{speaker.id}", direct=True), f"later/{next(_PRESSES)}"
    event = ButtonPressed(actor=actor, place=place, id=id, at=world.clock.now(), action=action)
    answer = await world.app.runtime.receive(event)
    await world.settle()
    return plain(answer.message) if answer.message else ""


_PRESSES = count()


async def forge(world: World, speaker: Speaker, name: str, subject: str) -> str:
    return await forge_in(world, speaker, "scenarios", name, subject)


async def test_a_story_is_played_on_one_private_card_to_its_end(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    week = mia.find("Week 1: ")
    assert "“Your reader stops”, a story in which you decide: 8 min" in week.text
    first = await play(mia)
    assert "Your reader stops at line two." in first.text
    assert "Only you see what you choose." in first.text
    assert first.buttons == ["Ask why", "Explain it to them"]
    second = await play(mia, "Explain it to them", "Explain more", "Explain more")
    assert "So far: Explain it to them → Explain more → Explain more" in second.text
    assert "They nod, and put it away." in second.text
    await mia.press(card(mia), "Ask after all")
    assert "They did not know a word." in card(mia).text
    assert "The end: You know more" in card(mia).text
    assert card(mia).buttons == ["Begin again"]
    assert not [m for m in ben.sees("general") if "line two" in m.text]
    assert [r.person for r in world.rows(ScenarioWayRow)] == [world.rows(ScenarioWayRow)[0].person]


async def test_feedback_stands_above_what_follows_and_another_way_can_be_tried(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    asked = await play(mia, "Ask why")
    assert asked.text.index("A good reflex.") < asked.text.index("They did not know a word.")
    await mia.press(asked, "Begin again")
    assert "line two" in card(mia).text
    await mia.press(card(mia), "Explain it to them")
    assert "A good reflex." not in card(mia).text


async def test_one_goes_on_after_days_from_ones_page_and_the_card_comes_down(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    before = await play(mia, "Explain it to them")
    await world.jump("2026-01-14T10:00:00Z")
    page = await mia.command("")
    assert "You are in the middle of “Your reader stops”" in page.text
    await mia.press(page, "Go on with it")
    assert card(mia).id > before.id
    assert "They nod, and put it away." in card(mia).text
    await mia.press(card(mia), "Ask after all")
    assert "Your reader stops" not in (await mia.command("")).text


async def test_the_same_press_twice_and_one_from_another_tab_change_nothing(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    first = {c["label"]: c["action"] for c in (await play(mia)).controls}
    await mia.press(card(mia), "Explain it to them")
    assert await press_later(world, mia, first["Explain it to them"]) == "", "a double press needs no answer"
    assert "You have chosen “Explain it to them” here already." in await press_later(world, mia, first["Ask why"])
    await mia.press(card(mia), "Explain more")
    assert "This was an earlier moment of the story." in await press_later(world, mia, first["Ask why"])
    assert "So far: Explain it to them → Explain more" in card(mia).text
    (row,) = world.rows(ScenarioWayRow)
    assert row.turn == 2


async def test_begin_again_twice_begins_once(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    ended = await play(mia, "Ask why")
    (again,) = (c["action"] for c in ended.controls)
    await mia.press(ended, "Begin again")
    assert await press_later(world, mia, again) == ""
    await mia.press(card(mia), "Explain it to them")
    assert "an earlier moment" in await press_later(world, mia, again)
    assert "They nod" in card(mia).text


async def test_a_way_of_many_choices_is_shown_in_brief(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    long = await play(mia, "Explain it to them", *["Explain more"] * 6)
    assert f"So far, 3 earlier choices and: {' → '.join(['Explain more'] * 4)}" in long.text


async def test_a_loop_of_many_choices_counts_all_of_them(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    long = await play(mia, "Explain it to them", *["Explain more"] * 39)
    assert "So far, 36 earlier choices and:" in long.text
    await mia.press(card(mia), "Begin again")
    assert "earlier choices" not in (await play_on(mia, "Explain it to them")).text


async def test_who_plays_is_not_silent(world: World) -> None:
    mia, _ben = await beginning(world, "Mia", "Ben")
    await world.until("2026-01-15T10:00:00Z")
    await play(mia, "Ask why")
    await world.until("2026-01-19T09:00:00Z")
    omar = world.chat.person("omar")
    week = omar.find("Demo course")
    assert "Active: 1 of 2" in week.text
    named = (await omar.press(week, "Who may drop out")).text
    assert "Ben" in named
    assert "Mia" not in named


async def test_a_node_that_the_course_team_takes_out_leads_back_to_the_last_that_is_left(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await play(mia, "Explain it to them")
    await play(ben, "Ask why")
    shorter = STORY[: STORY.index("      - id: explained")].replace(
        "          - {label: Explain it to them, to: explained}\n", ""
    )
    course_is(world, COURSE + shorter)
    await world.settle()
    assert "Your course team has changed this story." in card(mia).text
    assert "stops at line two" in card(mia).text
    assert card(mia).buttons == ["Ask why"]
    assert "The end: You know more" in card(ben).text
    await mia.press(card(mia), "Ask why")
    assert "The end: You know more" in card(mia).text


async def test_corrected_words_are_shown_where_people_are(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await play(mia, "Explain it to them")
    course_is(world, PLAYED.replace("They nod, and put it away.", "They nod, and leave."))
    await world.settle()
    assert "They nod, and leave." in card(mia).text
    assert "has changed" not in card(mia).text
    await mia.press(card(mia), "Ask after all")
    assert "The end" in card(mia).text


async def test_a_story_that_is_the_same_is_not_shown_again(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await play(mia, "Explain it to them")
    shown = len(world.rows(OutboxRow))
    course_is(world, f"{PLAYED}# A word to ourselves\n")
    await world.settle()
    assert len(world.rows(OutboxRow)) == shown


async def test_a_story_that_is_taken_out_says_so(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await play(mia)
    course_is(world, COURSE)
    await world.settle()
    assert "story in which you decide" not in mia.find("Week 1: ").text
    gone = mia.find("This story is not in the course any more.")
    assert not gone.buttons
    course_is(world, PLAYED)
    await world.settle()
    await mia.press(card(mia), "Ask why")
    assert "The end: You know more" in card(mia).text


async def test_it_opens_by_each_learners_clock(world: World) -> None:
    later = PLAYED.replace("    minutes: 8\n", "    minutes: 8\n    opens: Wed 09:00\n")
    course_is(world, later)
    (mia,) = await beginning(world, "Mia")
    early = await mia.press(mia.find("Week 1: "), "Play it")
    assert "can be played from Wed 7 Jan, 09:00 on" in early.text
    assert "in which you decide" not in (await mia.command("")).text
    await world.until("2026-01-07T08:00:00Z")
    assert "“Your reader stops”, a story in which you decide" in (await mia.command("")).text
    assert "line two" in (await play(mia)).text


async def test_who_begins_in_a_channel_finds_it_in_their_direct_messages(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    week = await mia.press(await mia.command("", place="general"), "This week")
    assert "in our direct messages now" in (await mia.press(week, "Play it")).text
    assert "line two" in card(mia).text
    assert not [m for m in ben.sees("general") if "line two" in m.text]


async def test_one_can_go_on_playing_after_the_end(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await play(mia)
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    await mia.press(card(mia), "Ask why")
    assert "The end: You know more" in card(mia).text


# The course team


async def test_the_course_team_reads_the_whole_story_and_numbers_and_no_names(world: World) -> None:
    names = ("Mia", "Ben", "Leo", "Ada", "Kofi", "Zoe", "Ali", "Eva", "Tom", "Una", "Ian")
    learners = await beginning(world, *names)
    ines = world.chat.person("ines")
    for learner in learners[:4]:
        await play(learner, "Ask why")
    await world.until("2026-01-09T15:30:00Z")
    page = await ines.press(await ines.command("desk"), "Read and edit")
    assert "Scenarios" not in page.text, "four people are too few for a figure"
    for learner in learners[4:6]:
        await play(learner, "Ask why")
    for learner in learners[6:]:
        await play(learner, "Explain it to them")
    desk = (await ines.press(await ines.command("desk"), "Read and edit")).text
    assert "Scenarios, in numbers" in desk
    assert "Your reader stops 11 began, 6 reached “You know more”" in desk
    assert "“Ask why”: 6 · Your reader stops at line two." in desk
    assert "“Explain it to them”: 5 · Your reader stops at line two." in desk
    assert not any(name in desk[desk.index("Scenarios") :] for name in names)
    story = await forge(world, ines, "begin", "reader")
    assert "Ask after all (to 2)" in story
    assert "You see how many, and nobody's way." in story
    assert len(world.rows(ScenarioWayRow)) == 11


async def test_nobody_is_found_by_subtracting_from_those_who_began(world: World) -> None:
    names = ("Mia", "Ben", "Leo", "Ada", "Kofi", "Zoe", "Ali")
    learners = await beginning(world, *names)
    for learner in learners[:5]:
        await play(learner, "Ask why")
    for learner in learners[5:]:
        await play(learner)
    await world.until("2026-01-09T15:30:00Z")
    ines = world.chat.person("ines")
    desk = (await ines.press(await ines.command("desk"), "Read and edit")).text
    assert "Your reader stops 7 began" in desk
    assert "“Ask why”" not in desk, "two have chosen nothing, and would be known"


@pytest.mark.parametrize(
    ("numbers", "of", "shown"),
    [
        ({"a": 6, "b": 5}, 11, {"a": 6, "b": 5}),
        ({"a": 9, "b": 2}, 11, {}),
        ({"a": 6, "b": 6, "c": 1}, 13, {"b": 6}),
        ({"a": 4}, 4, {}),
        ({"a": 7, "b": 0}, 7, {"a": 7}),
        ({}, 0, {}),
    ],
)
def test_no_number_is_about_few_people_and_none_can_be_subtracted(
    numbers: dict[str, int], of: int, shown: dict[str, int]
) -> None:
    assert disclosable(numbers, of, 5) == shown


async def test_the_next_run_begins_with_the_numbers(world: World) -> None:
    learners = await beginning(world, "Mia", "Ben", "Leo", "Ada", "Kofi")
    for learner in learners:
        await play(learner, "Ask why")
    await world.until("2026-01-27T10:00:00Z")
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    post = world.chat.sandbox.platform.post(omar.find("The archive of Demo course").id)
    assert post.message is not None
    following = next(b.text for b in post.message.blocks if isinstance(b, Document) and b.name == "demo-next.yaml")
    assert "# Run demo: 5 began, 5 reached “You know more”" in following


# Completion


async def test_it_stays_out_of_what_counts(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await play(mia, "Ask why")
    progress = [(await p.press(await p.command(""), "My progress")).text for p in (mia, ben)]
    assert progress[0] == progress[1]
    await world.until("2026-01-11T23:00:00Z")
    assert [m.text for m in mia.sees("general")] == [m.text for m in ben.sees("general")]


async def test_the_completion_rule_may_ask_for_one(tmp_path: Path) -> None:
    rule = PLAYED.replace("weekly_minutes: 300", "weekly_minutes: 300, completion: {scenarios: 1}")
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=rule)
    mia, ben = await beginning(world, "Mia", "Ben")
    assert "Progress: 0 of 1 scenario" in (await mia.command("")).text
    await play(mia, "Explain it to them", "Ask after all")
    assert "Progress: 1 of 1 scenario. You have all that it takes" in (await mia.command("")).text
    for week, day in enumerate((9, 16, 23), 1):
        await world.until(f"2026-01-{day:02}T15:30:00Z")
        await answer(ben, week)
    await world.until("2026-01-28T12:00:00Z")
    assert any("You have completed" in m.text for m in mia.sees())
    final = next(m for m in ben.sees() if "is over" in m.text)
    assert "“Your reader stops”: play it to an ending" in final.text
    await ben.press(final, "Play it")
    await ben.press(card(ben), "Ask why")
    assert any("You have completed" in m.text for m in ben.sees())
    world.app.storage.close()


@pytest.mark.parametrize(
    "subject", ["", "reader", "reader.٣.abc", "nobody.0.abc", "reader.0.abc", "reader." + "9" * 12]
)
async def test_odd_buttons_are_refused(world: World, subject: str) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await play(mia)
    for name in ("choose", "again"):
        for learner in (mia, ben):
            said = await forge(world, learner, name, subject)
            assert (
                any(w in said for w in ("not in the course any more", "an earlier moment", "have not begun"))
                or not said
            )
    (row,) = world.rows(ScenarioWayRow)
    assert (row.node, row.turn) == ("line-two", 0)
