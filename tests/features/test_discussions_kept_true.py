"""What a discussion has posted stays true: words that are taken back, and a course file that changes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_discussions import (
    CLAIM,
    CLOSED,
    EVE,
    TALK,
    beginning,
    course_is,
    fill,
    forge,
    post,
    read,
    root,
    thread,
)
from tests.features.test_erasure import forget
from tests.kit import COURSE, World, new_world

SUNDAY = TALK.replace("closes: Sat 18:00 cohort", "closes: Sun 18:00 cohort")


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=TALK)
    yield made
    made.app.storage.close()


async def quoted(world: World) -> tuple[Speaker, Speaker]:
    """Mia, who agreed to be quoted, and Ben, who replied to her, after the close."""
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia, "yes", f0="A word too much.")
    await post(ben, f2="Who has tried white tea?")
    await ben.press(await read(ben), "Reply")
    await ben.submit(text="A reply too much.")
    await world.until(CLOSED)
    assert "A word too much." in thread(ben)[-1]
    return mia, ben


async def removed(world: World) -> None:
    course_is(world, COURSE)
    await world.settle()


async def take_back(speaker: Speaker) -> None:
    await speaker.press(
        await speaker.press(speaker.find(f"Thank you, {speaker.id.title()}."), "Take it back"), "Yes, take it back"
    )


def channel(speaker: Speaker) -> list[str]:
    """All that stands in the channel and in the threads there."""
    return [
        text for m in speaker.sees("general") if not m.to for text in (m.text, *(t.text for t in speaker.thread(m.id)))
    ]


async def test_what_is_taken_back_goes_although_the_discussion_was_removed(world: World) -> None:
    mia, ben = await quoted(world)
    await removed(world)
    await take_back(mia)
    assert not [t for t in channel(ben) if "A word too much." in t]


async def test_whoever_is_erased_is_gone_although_the_discussion_was_removed(world: World) -> None:
    __, ben = await quoted(world)
    await removed(world)
    await forget(world, "mia")
    await world.settle()
    assert not [t for t in channel(ben) if "A word too much." in t]


async def test_a_reply_is_taken_back_although_the_discussion_was_removed(world: World) -> None:
    mia, ben = await quoted(world)
    await removed(world)
    assert any("A reply too much." in t for t in channel(mia))
    await ben.press(await ben.press(ben.find("Thank you"), "My part"), "Take it back")
    assert not [t for t in channel(mia) if "A reply too much." in t]


async def test_the_root_of_a_removed_discussion_leads_to_ones_own_part(world: World) -> None:
    mia, ben = await quoted(world)
    await removed(world)
    above = next(m for m in mia.sees("general") if "was taken out of the course" in m.text)
    assert list(above.buttons) == ["My part"]
    mine = await ben.press(above, "My part")
    assert "Who has tried white tea?" in mine.text
    assert "A reply too much." in mine.text
    course_is(world, TALK)
    await world.settle()
    assert "Closed: 2 of 2 posted." in root(mia).text


async def test_a_close_that_moves_later_after_the_close_leaves_everything_true(world: World) -> None:
    mia, ben = await quoted(world)
    course_is(world, SUNDAY)
    await world.settle()
    assert "Open until Sun 11 Jan, 18:00." in root(ben).text
    assert "Posts come into this thread at once." in root(ben).text
    assert "So far: 2 of 2 posted." in thread(ben)[-1]
    await ben.press(ben.find("Thank you"), "Edit")
    await fill(ben, {**CLAIM, "f0": "Ben thought again."})
    assert any("Ben thought again." in t for t in thread(mia))
    await take_back(mia)
    assert not [t for t in channel(ben) if "A word too much." in t]


async def test_an_opening_that_moves_later_closes_the_form_again(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    course_is(world, TALK.replace("opens: Mon 09:00", "opens: Wed 09:00"))
    await world.settle()
    assert "Bags or leaves opens Wed 7 Jan, 09:00." in root(mia).text
    assert not root(mia).buttons
    assert "opens Wed 7 Jan, 08:00 UTC" in await forge(world, mia, "post", "bags.0")
    await world.until("2026-01-07T08:30:00Z")
    assert "Post" in root(mia).buttons


async def test_a_quote_is_refused_after_the_close(world: World) -> None:
    mia, ben = await quoted(world)
    said = await mia.press(mia.find("Thank you"), "Do not quote me")
    assert "No summary quotes your post any more." in said.text
    assert "A word too much." not in thread(ben)[-1]
    assert any("A word too much." in t for t in thread(ben))
    assert "Do not quote me" not in mia.find("Thank you").buttons


async def test_ones_own_reply_is_no_answer_and_outlives_the_post_that_it_answers(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben)
    await mia.press(await mia.press(mia.find("Thank you"), "My part"), "Answer below my post")
    await mia.submit(text="One more thing.")
    assert "Nobody has answered yet." in (await read(ben)).text
    await ben.press(await read(ben), "Reply")
    await ben.submit(text="Which leaves?")
    await take_back(mia)
    mine = (await ben.press(ben.find("Thank you"), "My part")).text
    assert "To a post that was taken back:" in mine
    assert "Which leaves?" in mine


async def test_a_question_that_is_raised_has_no_name_is_told_and_follows_its_post(world: World) -> None:
    mia, ben = await quoted(world)
    await world.until("2026-01-12T08:30:00Z")
    ines = world.chat.person("ines")
    await ines.press(await ines.command("desk"), "Make it a question")
    asked = next(m for m in mia.sees("questions") if "Who has tried white tea?" in m.text)
    assert "Ben" not in asked.text
    await world.until("2026-01-13T08:30:00Z")
    told = ben.find("without your name")
    assert "Who has tried white tea?" in told.text
    assert "Take it back" in told.buttons
    await take_back(ben)
    assert not [m for m in mia.sees("questions") if "white tea" in m.text]
    assert not [m for m in ben.sees() if "white tea" in m.text and not m.to]
