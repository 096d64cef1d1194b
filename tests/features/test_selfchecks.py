"""Self-checks, as conversations."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.core.facts import CohortPlanned
from bot.core.message import Document
from bot.core.turn import Turn
from bot.features.selfchecks.rules import counts
from bot.features.selfchecks.store import Check, Try
from bot.features.selfchecks.views import in_numbers
from bot.runtime.turns import take_turn
from storage.stores.selfchecks import SqlSelfchecks
from storage.tables.inbox import DraftRow, InteractionRow
from storage.tables.people import change_cohort
from storage.tables.selfchecks import SelfcheckRow
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

MONDAY = "2026-01-05T08:00:00Z"
FRIDAY = "2026-01-09T15:30:00Z"
CHECKS = COURSE.replace(
    "{title: One, goal: Begin, minutes: 60}",
    """title: One
    goal: Begin
    minutes: 60
    self_check:
      - {question: "What is still there after you remove the container?", answer: "Only what lies in a volume."}
      - {question: "Who starts it from your README alone?", answer: "Ask somebody: their first question is missing."}
      - What would you leave out?""",
).replace(
    "{title: Two, goal: Go on, minutes: 60}",
    """title: Two
    goal: Go on
    minutes: 60
    self_check: [{question: "What does a join that matches twice count?", answer: "Matches, and not things."}]""",
)
SECRET = "I have no idea, maybe the logs of grandmother"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKS)
    yield made
    made.app.storage.close()


async def beginning(world: World, *names: str) -> list[Speaker]:
    """Learners on the first Monday, with their week card."""
    learners = [await world.learner(name.lower(), name) for name in names]
    await world.until(MONDAY)
    return learners


def checks(learner: Speaker) -> list[str]:
    """The self-checks in somebody's direct messages."""
    return [m.text for m in learner.sees(f"dm:{learner.id}") if m.text.startswith("Check yourself\n")]


async def forge(world: World, speaker: Speaker, name: str, subject: str) -> str:
    """The answer to a press on a button that the person does not see."""
    return await forge_in(world, speaker, "selfchecks", name, subject)


def asked(learner: Speaker) -> str:
    """What the open form asks."""
    assert learner.form is not None
    return learner.form.intro


async def try_it(learner: Speaker, words: str = "Perhaps the image?") -> None:
    await learner.press(learner.find("Week 1: "), "Try it")
    await learner.submit(values={"try": words})


def course_is(world: World, text: str) -> None:
    """The cohort's course is another one now."""

    def work(turn: Turn[SqlSelfchecks]) -> None:
        change_cohort(turn.store._session, world.cohort.id, course_text=text)
        turn.happened(CohortPlanned(world.cohort.id))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "selfchecks", world.clock.now(), work))


async def test_the_answer_comes_after_ones_own_try_by_one_press(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    card = mia.find("Week 1: ").text
    assert "Check yourself: What is still there after you remove the container?" in card
    assert "volume" not in card
    await mia.press(mia.find("Week 1: "), "Try it")
    assert "What is still there" in asked(mia)
    await mia.submit(values={"try": "The image?"})
    assert "volume" not in mia.last().text
    assert mia.last().buttons == ["Show the answer", "Next question"]
    await mia.press(mia.last(), "Show the answer")
    assert "Only what lies in a volume." in mia.last().text
    assert len(checks(mia)) == 1
    assert checks(ben) == []
    await mia.press(mia.last(), "I had it")
    assert "You had it. Well done." in mia.last().text
    assert mia.last().buttons == ["Next question"]


async def test_the_next_question_follows_until_all_are_tried(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await try_it(mia)
    await mia.press(mia.last(), "Next question")
    assert asked(mia) == "Who starts it from your README alone?"
    await mia.submit(values={"try": "My brother"})
    assert mia.last().buttons == ["Show the answer"]
    again = await mia.press(mia.find("Week 1: "), "Try it")
    assert "What is still there" in again.text
    assert "Who starts it" in again.text
    assert "leave out" not in again.text
    shown = await mia.press(again, "Show the answer")
    assert "Only what lies in a volume." in shown.text
    assert "Only what lies in a volume." in checks(mia)[0]
    once_more = await mia.press(mia.find("Week 1: "), "Try it")
    assert "Only what lies in a volume." in once_more.text
    assert "their first question is missing" not in once_more.text


async def test_the_answer_is_asked_for_again_after_not_yet(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await try_it(mia)
    await mia.press(mia.last(), "Show the answer")
    await mia.press(mia.last(), "Not yet")
    assert "Asking helps" in mia.last().text
    assert mia.last().buttons == ["Ask", "Next question"]


async def test_who_tries_in_a_channel_finds_the_question_in_their_direct_messages(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    week = await mia.press(await mia.command("", place="general"), "This week")
    await mia.press(week, "Try it")
    said = await mia.submit(values={"try": "The image?"})
    assert "The question is in our direct messages now" in said.text
    assert checks(mia)
    assert not [m for m in ben.sees("general") if "remove the container" in m.text]


async def test_what_somebody_tries_is_kept_nowhere(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await try_it(mia, SECRET)
    assert world.rows(DraftRow) == []
    assert not [row for row in world.rows(InteractionRow) if "grandmother" in row.answer]
    (row,) = world.rows(SelfcheckRow)
    assert (row.seen, row.had_it) == ("", None)
    database = Path(str(world.app.storage.engine.url.database))
    world.app.storage.engine.dispose()
    assert not [f for f in database.parent.iterdir() if b"grandmother" in f.read_bytes()]


async def test_nothing_is_typed_and_nothing_is_shown(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await mia.press(mia.find("Week 1: "), "Try it")
    refused = await mia.submit(values={"try": "  "})
    assert refused.errors == {"try": "Please fill this in."}
    assert checks(mia) == []
    assert world.rows(SelfcheckRow) == []


async def test_an_answer_without_a_try_and_one_of_a_coming_week_are_not_shown(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await try_it(mia)
    (row,) = world.rows(SelfcheckRow)
    for name in ("answer", "had_it", "not_yet"):
        first = await forge(world, ben, name, row.key)
        assert "Your own try comes first" in first
        assert "volume" not in first
    assert "Look at the answer first." in await forge(world, mia, "had_it", row.key)
    assert "This week has not begun." in await forge(world, ben, "try", "2")
    assert "not in the course any more" in await forge(world, ben, "try", "3")
    assert [r.person for r in world.rows(SelfcheckRow)] == [row.person]


async def test_the_course_team_reads_questions_and_numbers_and_no_names(world: World) -> None:
    names = ("Mia", "Ben", "Leo", "Ada", "Kofi")
    learners = await beginning(world, *names)
    ines = world.chat.person("ines")
    for number, learner in enumerate(learners):
        if number == len(learners) - 1:
            await world.until(FRIDAY)
            desk = await ines.command("desk")
            recap = (await ines.press(desk, "Read and edit")).text
            assert "who tried the question" not in recap, "four people are too few for a figure"
        await try_it(learner, SECRET)
        if number:
            await learner.press(learner.last(), "Show the answer")
            await learner.press(learner.last(), "I had it" if number > 2 else "Not yet")
    recap = (await ines.press(await ines.command("desk"), "Read and edit")).text
    assert "who tried the question" not in recap, "two who had it are too few for a figure"
    assert "5 tried it" in recap
    assert "looked at the answer" not in recap, "one did not"
    assert "had it" not in recap, "nor did three"
    assert "Matches, and not things." in await forge(world, ines, "try", "2")
    assert len(world.rows(SelfcheckRow)) == 5
    everything = "\n".join(m.text for place in ("dm:ines", "general") for m in ines.sees(place))
    assert "grandmother" not in everything


async def test_the_course_team_learns_what_to_explain_again(world: World) -> None:
    for learner in await beginning(world, "Mia", "Ben", "Leo", "Ada", "Kofi"):
        await try_it(learner)
        await learner.press(learner.last(), "Show the answer")
        await learner.press(learner.last(), "Not yet")
    await world.until(FRIDAY)
    ines = world.chat.person("ines")
    recap = (await ines.press(await ines.command("desk"), "Read and edit")).text
    assert "5 tried it, 5 looked at the answer, 5 not yet" in recap
    assert "5 did not have it yet. Try it once more." in recap


def test_numbers_tell_nothing_about_a_few_people() -> None:
    check = Check("key", 1, 0, "Why?", "Because.")
    tries = [Try(n, "key", "seen" if n < 11 else "", n < 6) for n in range(12)]
    (count,) = counts([check], tries, range(12), 5)
    assert (count.tried, count.looked, count.had_it, count.not_yet) == (12, None, 6, 6)
    assert in_numbers(count) == "12 tried it, 6 had it, 6 not yet"
    (everybody,) = counts([check], [replace(t, had_it=False, seen="seen") for t in tries], range(12), 5)
    assert (everybody.looked, everybody.had_it, everybody.not_yet) == (12, None, 12)
    said = [replace(t, seen="seen" if t.person < 6 else "", had_it=False if t.person < 5 else None) for t in tries]
    (six_looked,) = counts([check], said, range(12), 5)
    assert (six_looked.looked, six_looked.not_yet) == (6, None), "one of the six said nothing, or had it"


async def test_a_corrected_answer_is_shown_again_to_those_who_saw_it(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    for learner in (mia, ben):
        await try_it(learner)
    await mia.press(mia.last(), "Show the answer")
    course_is(world, CHECKS.replace("Only what lies in a volume.", "What lies in a volume, or outside of it."))
    await world.settle()
    assert "What lies in a volume, or outside of it." in checks(mia)[0]
    assert len(checks(mia)) == 1
    assert "volume" not in checks(ben)[0]
    await ben.press(ben.last(), "Show the answer")
    assert "What lies in a volume, or outside of it." in checks(ben)[0]
    await mia.press(mia.last(), "I had it")
    assert "or outside of it" in checks(mia)[0]


async def test_a_week_that_moves_takes_its_questions_along(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await try_it(mia)
    course_is(world, CHECKS.replace("weeks:\n", "weeks:\n  - {title: Hello, goal: Meet, minutes: 10}\n"))
    await world.until("2026-01-12T08:00:00Z")
    await mia.press(mia.find("Check yourself\n"), "Show the answer")
    assert "Only what lies in a volume." in checks(mia)[0]
    await mia.press(mia.find("Week 2: One"), "Try it")
    assert asked(mia) == "Who starts it from your README alone?"


async def test_a_question_that_was_taken_out_says_so(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await try_it(mia)
    course_is(world, COURSE)
    await world.settle()
    assert "Check yourself" not in mia.find("Week 1: ").text
    gone = mia.find("Check yourself\n")
    assert "This question was taken out of the course." in gone.text
    assert not gone.buttons


async def test_one_can_go_on_learning_after_the_end(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await try_it(mia)
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    await mia.press(mia.find("Check yourself\n"), "Show the answer")
    assert "Only what lies in a volume." in checks(mia)[0]


async def test_they_stay_out_of_what_counts(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await try_it(mia)
    assert (await mia.command("")).text.replace("Mia", "Ben") == (await ben.command("")).text
    await world.until("2026-01-11T23:00:00Z")
    assert [m.text for m in mia.sees("general")] == [m.text for m in ben.sees("general")]


async def test_the_next_run_begins_with_the_numbers(world: World) -> None:
    learners = await beginning(world, "Mia", "Ben", "Leo", "Ada", "Kofi")
    for learner in learners:
        await try_it(learner)
    await world.until("2026-01-27T10:00:00Z")
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    post = world.chat.sandbox.platform.post(omar.find("The archive of Demo course").id)
    assert post.message is not None
    following = next(b.text for b in post.message.blocks if isinstance(b, Document) and b.name == "demo-next.yaml")
    above = "# Run demo: 5 tried it."
    assert above in following[: following.index("What is still there")]


@pytest.mark.parametrize("week", ["", "-1", "٣", "9" * 12])
async def test_odd_buttons_are_refused(world: World, week: str) -> None:
    (mia,) = await beginning(world, "Mia")
    assert "not in the course any more" in await forge(world, mia, "try", week)


async def test_who_tries_one_is_active(world: World) -> None:
    mia, _ben = await beginning(world, "Mia", "Ben")
    await try_it(mia)
    await world.until("2026-01-12T09:00:00Z")
    assert "Active: 1 of 2" in world.chat.person("omar").find("Demo course").text
