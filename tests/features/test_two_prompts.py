"""A week with two prompts, as conversations: the channel has room for one root, so the other stands in its thread."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen, Speaker
from tests.features.test_wrapups import reactions
from tests.kit import COURSE, World, new_world

INTRO = (
    "  - {id: start, week: 1, title: Before we begin, opens: Mon 10:00, closes: Wed 23:59,\n"
    "     questions: [{id: hope, kind: text, audience: cohort, text: 'What do you hope for?'},\n"
    "                 {id: fear, kind: text, audience: instructors, text: 'What worries you?'}]}\n"
)
FRIDAY = "2026-01-09T15:10:00Z"
MONDAY = "2026-01-12T11:10:00Z"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=COURSE + INTRO)
    yield made
    made.app.storage.close()


def where(speaker: Speaker, words: str) -> tuple[Seen, Seen]:
    """A post of the bot in the channel or one of its threads, and the root of its thread."""
    for root in [m for m in speaker.sees("general") if m.thread is None]:
        for post in (root, *speaker.thread(root.id)):
            if post.by == "bot" and words in post.text.split("\n")[0]:
                return post, root
    raise AssertionError(words)


async def test_a_wrap_up_written_where_its_post_stands_is_taken(world: World) -> None:
    kofi, mia = await world.learner("kofi", "Kofi"), await world.learner("mia", "Mia")
    await world.until("2026-01-05T10:00:00Z")
    intro, root = where(kofi, "Before we begin")
    hope = await kofi.say("general", "an offer that sells", thread=root.id)
    assert reactions(world, hope.message or 0) == ["✅"]
    await world.until(FRIDAY)
    together, thread = where(kofi, "the week together")
    assert (intro.id, together.id != thread.id) == (root.id, True)
    said = await kofi.say("general", "Finished the offer. It showed me who buys.", thread=thread.id)
    assert reactions(world, said.message or 0) == ["✅"]
    assert "Cohort sees:\n> Finished the offer" in kofi.find("Week 1 wrap-up").text
    # A question to the others is no wrap-up, and no question of the course either.
    asked = await mia.say("general", "did anybody finish the sheet?", thread=thread.id)
    assert reactions(world, asked.message or 0) == []
    assert "Answer the week 1 wrap-up" in (await mia.command("")).text
    more = await kofi.say("general", "And I called two shops.", thread=thread.id)
    assert reactions(world, more.message or 0) == ["✅"]
    await world.until(MONDAY)
    report = where(kofi, "the week together")[0].text
    assert "1 of 2 answered" in report
    assert "called two shops" in "\n".join(m.text for m in kofi.thread(thread.id) if m.by == "bot")


async def test_while_two_posts_of_a_thread_are_open_a_reply_goes_to_the_one_that_lacks_it(tmp_path: Path) -> None:
    halfway = INTRO.replace("id: start", "id: half").replace("Before we begin", "Halfway")
    course = COURSE + INTRO + halfway.replace("Mon 10:00", "Thu 10:00").replace("Wed 23:59", "Sat 12:00")
    world = new_world(tmp_path, course=course)
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    thread = where(mia, "Halfway")[1]
    assert where(mia, "the week together")[1].id == thread.id
    await mia.say("general", "courage", thread=thread.id)
    assert "Halfway\nThank you, Mia" in mia.find("> courage").text
    await mia.say("general", "I read everything", thread=thread.id)
    assert "Week 1 wrap-up\nThank you, Mia" in mia.find("> I read everything").text
    world.app.storage.close()


async def test_a_recap_goes_to_the_week_together(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-05T10:00:00Z")
    await ines.command("week")
    await world.until(FRIDAY)
    page = await ines.press(await ines.command("desk"), "Read and edit")
    receipt = await ines.press(page, "Post as text")
    assert "goes into 'the week together'" in receipt.text or "the week together" in receipt.text
    await world.wait(minutes=5)
    assert "The instructor's recap of week 1" in where(mia, "the week together")[0].text
    assert "recap" not in where(mia, "Before we begin")[0].text


async def test_what_was_said_in_the_thread_alone_is_in_the_report_by_one_s_own_close(tmp_path: Path) -> None:
    """Nobody can answer a question for the instructors alone in a thread."""
    required = COURSE.replace("instructors, required: false", "instructors")
    world = new_world(tmp_path, course=required)
    sara, lola = await world.learner("sara", "Sara"), await world.learner("lola", "Lola", "America/Los_Angeles")
    ines = world.chat.person("ines")
    await world.until(FRIDAY)
    thread = where(sara, "the week together")[0]
    await sara.say("general", "The page is up", thread=thread.id)
    await lola.say("general", "Two drafts", thread=thread.id)
    await world.until(MONDAY)
    report = where(sara, "the week together")[0].text
    assert "1 of 2 answered" in report
    assert "Open until" in lola.find("Begun").text
    assert "Still in time: Lola (begun)" in (await ines.command("week", "missing")).text
    await world.until("2026-01-12T20:10:00Z")
    assert "2 of 2 answered" in where(sara, "the week together")[0].text
    assert "It has closed" in lola.find("Begun").text
    below = "\n".join(m.text for m in sara.thread(thread.id) if m.by == "bot")
    assert "The page is up" in below
    assert "Two drafts" in below
    # Whoever tells the instructors nothing worth a look is no work for them.
    await sara.press(sara.find("Begun"), "Finish it")
    await sara.submit(stuck="no thx")
    await lola.press(lola.find("Begun"), "Finish it")
    await lola.submit(stuck="nothing really")
    assert "stuck" not in (await ines.command("desk")).text
    world.app.storage.close()
