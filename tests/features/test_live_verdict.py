"""What becomes of a live session, as conversations: who came, the verdict, and its replacement."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import turn_in
from bot.course.loader import load
from bot.course.model import LiveRules
from bot.features.live.listing import listed
from bot.features.live.rules import verdict
from bot.features.live.store import Counted
from tests.features.test_after_the_end import end
from tests.features.test_live import HEAD, SUNDAY, course, everything, tasting
from tests.features.test_live_attendance import note, recorded
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

JUDGED = "2026-01-14T19:40:00Z"
"""Seven days after the end of the last slot."""


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def learners(world: World, number: int) -> list[Speaker]:
    return [await world.learner(f"p{n}", f"Person{n}") for n in range(number)]


async def come(world: World, people: Sequence[Speaker], session: str = "1", at: str = "2026-01-07T07:10:00Z") -> None:
    await world.until(at)
    for one in people:
        assert "is noted" in await forge_in(world, one, "live", "here", session)


def figures(world: World, session: int = 0) -> dict[str, Any]:
    found = turn_in(world.app.storage, world.app.registry, "demo", "live", lambda turn: listed(turn, turn.here))
    return found[session]


@pytest.mark.parametrize(
    ("came", "says", "verdict"),
    [
        (2, "20 % came (2 of 10), 0 % by recording or instead; 100 % had a time", "drop"),
        (3, "Consider replacing it.", "replace"),
        (4, "Consider replacing it.", "replace"),
        (5, "It is worth keeping.", "keep"),
    ],
)
async def test_the_verdict_follows_the_share_of_those_who_could_have_come(
    world: World, came: int, says: str, verdict: str
) -> None:
    people, ines, omar = await learners(world, 10), world.chat.person("ines"), world.chat.person("omar")
    await come(world, people[:came])
    assert figures(world)["verdict"] is None
    await world.until(JUDGED)
    assert says in (await ines.command("desk", place="general")).text
    assert figures(world)["verdict"] == verdict
    week = (await omar.command("overview")).text
    assert f"Came to “Tasting”, week 1: {came} of 10" in week
    assert (", its own measure was 50 %" in week) == (came < 5)
    assert all("%" not in everything(one) for one in people)


async def test_a_reflection_stands_beside_and_who_was_away_or_joined_later_is_not_counted(world: World) -> None:
    people = await learners(world, 8)
    await people[7].command("away", "2026-01-06 to 2026-01-09")
    await come(world, people[:2])
    await recorded(world)
    await world.until("2026-01-08T12:00:00Z")
    await people[2].press(people[2].find("Live, if you like", "general"), "What I took from it")
    await people[2].submit(q1="Bitter")
    late = await world.learner("late", "Late")
    await late.press(await late.command(""), "What I took from it")
    await late.submit(q1="Sweet")
    await people[6].press(await people[6].command("leave"), "Leave")
    await world.until(JUDGED)
    found = figures(world)
    assert found["state"] == "over"
    assert (found["base"], found["attended"], found["reflected"], found["neither"]) == (7, 2, 1, 4)


async def test_a_head_count_far_from_the_presses_makes_them_uncertain(world: World) -> None:
    people, ines = await learners(world, 6), world.chat.person("ines")
    await come(world, people[:3])
    await note(ines, heads="5")
    await world.until(JUDGED)
    assert (
        "That is uncertain: 5 were counted in the call, and 3 pressed."
        in (await ines.command("desk", place="general")).text
    )
    assert figures(world)["by"] == {"press": 3, "word": 0, "heads": 5, "uncertain": True}


async def test_few_people_get_an_honest_word(world: World) -> None:
    await come(world, (await learners(world, 4))[:1])
    await world.until(JUDGED)
    assert "Too few people" in (await world.chat.person("ines").command("desk", place="general")).text
    assert figures(world)["verdict"] == "few"


async def test_a_repeated_session_is_judged_over_its_last_two_and_replaced_by_one_press(tmp_path: Path) -> None:
    """A course adds a weekly Q&A: many come to the first, few to the second, and the third is replaced."""
    clinic = {"kind": "office_hours", "objective": "", "title": "Q&A"}
    head = HEAD.replace(
        "{title: Three, goal: End, minutes: 60}",
        "{title: Three, goal: End, materials: [{title: Read the end, minutes: 30}]}",
    )
    sessions = [
        tasting(**clinic),
        tasting(**clinic, id="again", week="2", pays="[{item: Read more, minutes: 30}]"),
        tasting(**clinic, id="third", week="3", pays="[{item: Read the end, minutes: 30}]"),
    ]
    world = new_world(
        tmp_path,
        now=SUNDAY,
        course=course(*sessions, head=f"{head}live_rules: {{weeks_share: 100, reflect_days: 3}}\n"),
    )
    people, ines = await learners(world, 10), world.chat.person("ines")
    await come(world, people[:6])
    await come(world, people[:1], "2", "2026-01-14T07:10:00Z")
    await world.until("2026-01-18T12:00:00Z")
    assert [figures(world, n)["verdict"] for n in range(3)] == ["keep", "replace", None]
    desk = await ines.command("desk", place="general")
    assert "10 % came (1 of 10)" in desk.text
    assert "Over its last two, 35 % came. Consider replacing it." in desk.text
    assert "and a weekly FAQ video." in desk.text
    proposed = await ines.press(desk, next(b for b in desk.buttons if b.startswith("Replace it")))
    assert "Use it" in proposed.buttons
    assert "min again" not in proposed.text, "what replaces it takes the minutes over"
    await ines.press(proposed, "Use it")
    await world.until("2026-01-19T09:00:00Z")
    card = people[0].find("Week 3: ").text
    assert "Q&A · 30 min · the link comes here" in card
    assert "Live, if you like" not in card
    desk = await ines.command("desk", place="general")
    assert "“Q&A”, week 3, is a video without a link" in desk.text
    assert "Over its last two, 35 % came. What replaces it is in the course." in desk.text
    assert "Consider replacing it" not in desk.text
    assert "Instead: " not in desk.text
    assert not any(button.startswith("Replace it") for button in desk.buttons)
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Add the link")))
    await ines.press(await ines.submit(link="https://video.example.org/qa"), "Use it")
    await world.settle()
    assert "the link comes here" not in people[0].find("Week 3: ").text
    assert "without a link" not in (await ines.command("desk", place="general")).text
    assert [live.id for live in load(turn_in(world.app.storage, world.app.registry, "demo", "live", text)).live] == [
        "tasting",
        "again",
    ]
    world.app.storage.close()


def text(turn: Any) -> str:
    return str(turn.here.course_text)


async def test_a_held_one_that_goes_as_well_in_writing_is_replaced_from_the_desk(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(kind="content")))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-05T08:30:00Z")
    desk = await ines.command("desk", place="general")
    await ines.press(await ines.press(desk, next(b for b in desk.buttons if b.startswith("Replace it"))), "Use it")
    assert "Tasting · 30 min" in mia.find("Week 1: ").text
    assert "About 1 h" in mia.find("Week 1: ").text
    desk = await ines.command("desk", place="general")
    assert "“Tasting”, week 1, is a video without a link" in desk.text
    assert "not announced" not in desk.text
    world.app.storage.close()


async def test_what_a_policy_asked_for_has_no_verdict(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(optional="no", mandated="Rule 4")))
    people, omar = await learners(world, 6), world.chat.person("omar")
    await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    await come(world, people[:1])
    await world.until(JUDGED)
    assert figures(world)["verdict"] is None
    assert "% came" not in (await world.chat.person("ines").command("desk", place="general")).text
    world.app.storage.close()


async def test_a_held_one_is_listed_with_the_question_that_it_fails(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(recorded="no")))
    found = figures(world)
    assert (found["id"], found["week"], found["state"], found["survey"]) == ("tasting", 1, "held", None)
    assert found["failed"] == [
        {"question": "gate-3", "why": "There will be no recording."},
        {"question": "gate-4", "why": "It is not."},
    ]
    assert [slot["at"] for slot in found["slots"]] == ["2026-01-07T07:00:00Z", "2026-01-07T19:00:00Z"]
    world.app.storage.close()


async def test_a_cohort_that_ends_within_the_week_has_its_verdict_at_its_end(world: World) -> None:
    people, ines, omar = await learners(world, 10), world.chat.person("ines"), world.chat.person("omar")
    await come(world, people[:2])
    await world.until("2026-01-08T12:00:00Z")
    assert figures(world)["verdict"] is None
    await end(world)
    for one in (ines, omar):
        assert "20 % came (2 of 10)" in (await one.command("")).text
    assert all("%" not in everything(one) for one in people)
    ended = turn_in(
        world.app.storage, world.app.registry, "demo", "live", lambda turn: listed(turn, turn.here), ended=True
    )
    assert ended[0]["verdict"] == "drop"


@pytest.mark.parametrize(("heads", "is_uncertain"), [(79, 1), (80, 0), (81, 0), (119, 0), (120, 0), (121, 1)])
def test_more_than_20_percent_apart_is_uncertain(heads: int, is_uncertain: int) -> None:
    assert Counted(200, 100, 0, 0, 200, heads).is_uncertain is bool(is_uncertain)


@pytest.mark.parametrize(("came", "said"), [(29, "drop"), (30, "replace"), (49, "replace"), (50, "keep")])
def test_exactly_half_is_kept_and_exactly_30_percent_is_replaced(came: int, said: str) -> None:
    assert verdict([Counted(100, came, 0, 0, 100, None)], LiveRules(), 5) == said
