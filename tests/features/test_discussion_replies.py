"""What somebody who posted still owes the others, as conversations: the card, the receipt, the reminder, `/cohort` and
completion say the same."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from storage.tables.discussions import DiscussionReplyRow
from tests.features.test_discussions import CLOSED, EVE, TALK, beginning, post, read
from tests.features.test_wrapups import forge_in, second_cohort
from tests.kit import World, new_world

RULED = TALK.replace("weekly_minutes: 300}", "weekly_minutes: 300, completion: all discussions}", 1)
OWED = "Discuss: Bags or leaves · 20 min · posted, to reply"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=RULED)
    yield made
    made.app.storage.close()


def card(speaker: Speaker) -> str:
    line = next(line for line in speaker.find("Week 1: One. ").text.splitlines() if "Discuss" in line)
    return line.partition(". ")[2] or line


def receipt(speaker: Speaker) -> str:
    return speaker.find("Thank you, ").text


async def test_whoever_posts_first_is_told_of_the_reply_as_soon_as_there_is_a_post(world: World) -> None:
    mia, ben, _leo = await beginning(world, "Mia", "Ben", "Leo")
    said = await post(mia)
    assert "Once others have posted: reply to 1 post." in said.text
    assert card(mia) == f"{OWED} later"
    assert "0 of 1" in (await mia.command("")).text
    await post(ben, f0="Bags are dust.")
    assert card(mia) == card(ben) == OWED
    assert "Read the others" in mia.find("Week 1: One. ").buttons
    assert "Next: reply to 1 post." in receipt(mia)
    assert "Reply to 1 post in “Bags or leaves”, due" in (await mia.command("")).text
    await world.until("2026-01-10T12:00:00Z")
    for learner in (mia, ben):
        assert any("Reply to 1 post in “Bags or leaves”" in text for text in learner.inbox()[2:])
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="How do you know?")
    assert card(mia) == "Discuss: Bags or leaves · 20 min · done"
    assert "reply to" not in receipt(mia)
    assert "1 of 1" in (await mia.command("")).text


async def test_a_post_that_is_taken_back_asks_no_reply_any_more(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben)
    await ben.press(await ben.press(ben.find("Thank you, "), "Take it back"), "Yes, take it back")
    assert card(mia) == f"{OWED} later"
    assert "Once others have posted: reply to 1 post." in receipt(mia)
    await world.until(CLOSED)
    assert card(mia) == "Discuss: Bags or leaves · 20 min · done"
    assert "reply to" not in receipt(mia)


async def test_posts_that_are_read_after_the_close_are_answered_then(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=RULED.replace("minutes: 20}", "minutes: 20, reveal: close}"))
    mia, ben = await beginning(world, "Mia", "Ben")
    assert "After the close: reply to 1 post." in (await post(mia)).text
    await post(ben)
    assert card(mia) == "Discuss: Bags or leaves · 20 min · done"
    assert "Reply: Bags or leaves · from Sat 10 Jan, 18:00" in mia.find("Week 1: One. ").text
    await world.until(CLOSED)
    assert "Next: reply to 1 post." in receipt(mia)
    week = mia.find("Week 1: One. ")
    assert "Reply: Bags or leaves · to reply" in week.text
    assert "Read the others" in week.buttons
    assert "Reply to 1 post in “Bags or leaves”, due Tue 13 Jan, 18:00" in (await mia.command("")).text
    await world.until("2026-01-12T12:00:00Z")
    for learner in (mia, ben):
        said = "\n".join(learner.inbox())
        assert "From week 1, to reply: Reply: Bags or leaves, due Tue 13 Jan, 18:00" in said
        assert "“Bags or leaves”, closed" not in said
    assert "0 of 1" in (await mia.command("")).text
    await mia.press(await read(mia), "Reply")
    said = await mia.submit(text="How do you know?")
    assert "late" not in said.text
    assert "Reply: Bags or leaves · done" in mia.find("Week 1: One. ").text
    assert "1 of 1" in (await mia.command("")).text
    world.app.storage.close()


async def test_a_group_in_which_few_post_reads_and_answers_the_nearest_group(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=TALK.replace("minutes: 20}", "minutes: 20, group: 4}"))
    zones = ("Asia/Tokyo", "America/Los_Angeles")
    people = [await world.learner(f"l{n}", f"Learner {n}", zones[n % 2]) for n in range(8)]
    await world.until("2026-01-05T18:30:00Z")
    lonely, others = people[0], people[1::2]
    await post(lonely, f0="l0 says so.")
    for learner in others:
        await post(learner, f0=f"{learner.id} says so.")
    alone = await read(lonely)
    assert "Nobody else in your group has posted yet." in alone.text
    assert "you read the nearest group, too" in alone.text
    assert "Once others have posted: reply to 1 post." in receipt(lonely)
    await world.until("2026-01-08T12:00:00Z")
    assert "l1 says so." in (await read(lonely)).text
    assert "l0 says so." not in (await read(others[0])).text
    assert "Next: reply to 1 post." in receipt(lonely)
    assert card(lonely) == OWED
    for learner in people[2::2]:
        await post(learner, f0=f"{learner.id} says so.")
    seen = (await read(lonely)).text
    assert "l2 says so." in seen
    answered = await read(lonely)
    await lonely.press(answered, "Reply")
    await lonely.submit(text="How do you know?")
    assert card(lonely) == "Discuss: Bags or leaves · 20 min · done"
    world.app.storage.close()


async def test_a_reply_is_taken_back_in_its_own_cohort_alone(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben)
    await mia.press(await read(mia), "Reply")
    said = await mia.submit(text="How do you know?")
    [reply] = world.rows(DiscussionReplyRow)
    await mia.command("join", second_cohort(world))
    other = world.app.storage.run_now(lambda unit: unit.people.cohorts())[-1]
    there = replace(world, cohort=other)
    for name in ("drop_reply", "edit_reply"):
        assert "taken back already" in await forge_in(there, mia, "discussions", name, str(reply.id))
    assert [row.text for row in world.rows(DiscussionReplyRow)] == ["How do you know?"]
    await mia.press(said, "Take it back")
    assert [row.text for row in world.rows(DiscussionReplyRow)] == [""]


async def test_below_ones_own_post_one_answers_and_still_replies_to_somebody_else(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben, f0="Bags are dust.")
    await ben.press(await read(ben), "Reply")
    await ben.submit(text="How do you know?")
    await mia.press(await own_part(mia), "Answer below my post")
    assert mia.form is not None
    assert mia.form.title == "Answer below your post"
    said = await mia.submit(text="I tasted both.")
    assert "Next: reply to 1 post of somebody else." in said.text


async def own_part(speaker: Speaker) -> Result:
    return await speaker.press(speaker.find("Thank you, "), "My part")


async def test_the_post_of_somebody_who_left_is_offered_last_and_promises_nothing(world: World) -> None:
    mia, ben, leo = await beginning(world, "Mia", "Ben", "Leo")
    await post(leo, f0="Leo was here.")
    await post(ben, f0="Bags are dust.")
    await post(mia)
    await leo.press(await leo.command("leave"), "Leave")
    shown = await read(mia)
    assert shown.text.index("Bags are dust.") < shown.text.index("Leo was here.")
    await ben.press(await ben.press(ben.find("Thank you, "), "Take it back"), "Yes, take it back")
    await mia.press(await read(mia), "Reply")
    said = await mia.submit(text="How do you know?")
    assert "Leo has left; the others read it." in said.text
    assert "hears of it" not in said.text
