"""After the last day of a course, before and after its cohort is ended: what waits stays in reach, and whoever writes
gets an answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from tests.features.test_after_the_end import end, note, sure
from tests.features.test_completion import AFTER, ENDING, finish
from tests.features.test_faq import solve
from tests.kit import World, new_world

MONTHS_LATER = "2026-04-14T12:00:00Z"

BOTH = pytest.mark.parametrize("ended", [False, True])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=ENDING)
    yield made
    made.app.storage.close()


async def go_on(world: World, ended: bool, until: str) -> None:
    if ended:
        await end(world)
    await world.until(until)


# What waits


@BOTH
async def test_what_nobody_dealt_with_is_on_the_desk_for_months(world: World, ended: bool) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await finish(world, mia, wrapups=2, milestones=2)
    await mia.say("questions", "Where do I find the slides?")
    await note(mia, "I lost my laptop")
    await world.until(AFTER)
    said = (await sure(world)).text
    assert "Work that came in: 2 that nobody has looked at yet, on the course team's desk still" in said
    assert "1 question without an answer: it stays on your desk" in said
    assert "1 note to the course team not read yet: on your desk still" in said
    await go_on(world, ended, MONTHS_LATER)
    desk = (await ines.command("desk")).text
    for waits in ("https://example.org/work", "on sampling", "Where do I find the slides?", "I lost my laptop"):
        assert waits in desk


async def test_what_the_team_looked_at_is_no_open_end(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await finish(world, mia, wrapups=0, milestones=1)
    await world.until(AFTER)
    desk = await ines.command("desk")
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Seen")))
    assert "Work that came in" not in (await sure(world)).text


async def test_work_that_nobody_looks_at_makes_no_desk_for_ever(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await finish(world, mia, wrapups=2, milestones=2)
    await world.until("2026-03-01T12:00:00Z")
    heard = len(ines.inbox())
    await world.until("2026-06-01T12:00:00Z")
    assert ines.inbox()[heard:] == []
    assert "Work that came in" in (await ines.command("desk")).text


async def test_an_old_note_is_counted_while_the_course_runs_and_quoted_after_its_last_day(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await note(mia, "I lost my laptop")
    await world.until("2026-01-22T12:00:00Z")
    assert "I lost my laptop" not in (await ines.command("desk")).text
    await world.until(AFTER)
    assert "I lost my laptop" in (await ines.command("desk")).text


# What the course team can still do


async def test_the_faq_answers_an_open_question_after_the_end(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await solve(world, mia, ben, "How long may the final report be?", "Ten pages at most")
    await ines.press(await ines.command("faq"), "Approve")
    root = (await mia.say("questions", "How long may the final report be, please?")).message
    assert root is not None
    await end(world)
    desk = await ines.command("desk")
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Send it")))
    await world.wait(minutes=1)
    assert "Ten pages at most" in "\n".join(post.text for post in mia.thread(root))


async def test_what_a_downtime_swallowed_leaves_the_desk_with_the_end_and_is_never_sent(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-11T12:00:00Z")
    await world.jump("2026-01-17T20:00:00Z")
    before = await ines.command("desk")
    send = next(label for label in before.buttons if label.startswith("Send it now"))
    await end(world)
    said = await ines.press(before, send)
    assert "Demo course has ended, so nothing goes out any more." in said.text
    after = await ines.command("desk")
    assert "Left out while Pacekeeper was down" not in after.text
    assert not said.buttons
    heard = len(mia.inbox())
    await world.wait(days=3)
    assert mia.inbox()[heard:] == []


# Whoever writes


async def answers(world: World, who: Speaker, place: str, text: str) -> list[str]:
    """What somebody gets to see within two minutes of what they wrote: in the channel, or directly."""
    before = {(at, post.id) for at in ("dm", place) for post in who.sees(at)}
    said = (await who.say(place, text)).message
    await world.wait(minutes=2)
    seen = [(at, post) for at in ("dm", place) for post in who.sees(at)]
    return [post.text for at, post in seen if (at, post.id) not in before and post.id != said]


PLAIN = ("How long may the report be?", "Hello", "thanks", "desk", "I need more time", "https://example.org/work")


@BOTH
async def test_every_plain_message_to_the_bot_is_answered(world: World, ended: bool) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(AFTER)
    await go_on(world, ended, MONTHS_LATER)
    asked = [(who, text) for who in (mia, ines, omar) for text in PLAIN]
    silent = [(who.id, text) for who, text in asked if not await answers(world, who, "dm", text)]
    assert silent == []


@BOTH
async def test_every_command_is_answered(world: World, ended: bool) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(AFTER)
    await go_on(world, ended, MONTHS_LATER)
    silent = []
    for command in sorted(command.name for command in world.app.registry.commands):
        for who in (mia, ines, omar):
            for place in ("dm", "general"):
                said = await who.command(command, place=place)
                if not (said.text or who.form):
                    silent.append((command, who.id, place))
    assert silent == []


async def test_a_question_in_the_channel_is_followed_after_the_last_day(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-03-10T12:00:00Z")
    await mia.say("questions", "How long may the report be?")
    await world.wait(minutes=2)
    assert "How long may the report be?" in (await ines.command("desk")).text


async def test_who_asks_in_the_channel_of_an_ended_cohort_reads_who_hears_it(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(AFTER)
    await go_on(world, True, "2026-03-10T12:00:00Z")
    (told,) = await answers(world, mia, "questions", "How long may the report be?")
    assert "Demo course has ended, so I do not pass “How long may the report be?” on to the course team." in told
    assert told not in [post.text for at in ("dm", "questions") for post in ben.sees(at)]
    assert await answers(world, mia, "questions", "That was a good time") == []
    assert await answers(world, world.chat.person("eve", "Eve"), "questions", "What is this channel?") == []
