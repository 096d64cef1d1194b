"""The last weeks of the course in courses/demo.yaml: every view says the same of what is over and what is accepted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from tests.features.test_completion import final
from tests.kit import World, new_world

DEMO = (Path(__file__).parents[2] / "courses/demo.yaml").read_text()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=DEMO.replace("late: accepted", "late: 14 days"))
    yield made
    made.app.storage.close()


def weeks(manager: Speaker) -> list[str]:
    return [text for text in manager.inbox() if "May drop out: " in text]


def desks(instructor: Speaker) -> list[str]:
    return [text for text in instructor.inbox() if text.startswith("Your desk")]


async def do(world: World, speaker: Speaker, *parts: str) -> None:
    """What a learner does each week: 'wrap-up', or the id of a milestone."""
    for part in parts:
        if part == "wrap-up":
            await speaker.press(speaker.find("wrap-up\n"), "Answer")
            await speaker.submit(done="All of it", next="More")
        else:
            await speaker.command("submit", values={"work": f"https://example.org/{part}"})
            if speaker.form is not None:
                await speaker.submit({"milestone": part})


async def test_the_last_monday_and_what_comes_after_it(world: World) -> None:
    """The last Sunday, 'anywhere on Earth', ends on Monday at noon in Berlin, and late work counts for a week."""
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.learner("tom", "Tom")
    await world.until("2026-01-09T16:00:00Z")
    await do(world, mia, "wrap-up", "reader")
    await do(world, leo, "wrap-up")
    await world.until("2026-01-16T16:00:00Z")
    await do(world, mia, "wrap-up", "draft")
    await world.until("2026-01-23T16:00:00Z")
    await do(world, mia, "wrap-up")
    await world.until("2026-01-21T09:00:00Z")
    assert "the last Monday's message" not in weeks(omar)[-1]
    await world.until("2026-01-28T09:00:00Z")
    (card,) = [text for text in mia.inbox() if text.startswith("Week 4: ")]
    assert "This is the last week. What comes late is taken until Mon 9 Feb, 12:59 your time at the latest." in card
    assert sum("This is the last week." in text for text in mia.inbox()) == 1
    said = "This is the last Monday's message about Write one page that people read. It takes late work until Mon 9 Feb"
    assert said in weeks(omar)[-1]
    assert "May drop out: " in weeks(omar)[-1]
    assert "“The first draft of your page” handed in: 1 of 3 (33 %), as the week before, 2 overdue" in weeks(omar)[-1]
    told = len(weeks(omar))
    await world.until("2026-02-02T09:00:00Z")
    assert len(weeks(omar)) == told
    assert "May drop out: 2 of 3 (67 %)" in (await omar.command("overview")).text
    assert "Learners who may need a word" in (await ines.command("desk")).text
    # Mia misses the page alone. The desk says so once.
    await world.until("2026-02-03T09:00:00Z")
    assert "Mia: “The page, and what its reader said” was due Mon 2 Feb" in desks(ines)[-1]
    (card,) = final(mia)
    assert "The page, and what its reader said: late work counts until Mon 9 Feb, 12:59" in card
    assert "When it is there, this message becomes your certificate." in card
    assert "[Hand in: The page" in card
    overview = (await omar.command("overview")).text
    assert "Write one page that people read is over; late work is still taken." in overview
    assert "May drop out" not in overview
    (told,) = [text for text in omar.inbox() if "0 of 3 learners completed it." in text]
    assert "still taken" in told
    await world.until("2026-02-09T12:10:00Z")
    (card,) = final(mia)
    assert "The page, and what its reader said: its time is over" in card
    assert "[Hand in" not in card
    assert "becomes your certificate" not in card
    overview = (await omar.command("overview")).text
    assert "Write one page that people read is over: all its dates have passed." in overview
    await world.until("2026-02-24T10:00:00Z")
    assert not any("After the last week" in text for text in weeks(omar))
    assert sum("0 of 3 learners completed it." in text for text in omar.inbox()) == 1
    assert sum("0 of 3 learners completed it." in text for text in ines.inbox()) == 1
    assert "may need a word" not in (await ines.command("desk")).text


async def test_where_some_late_work_has_no_end_no_view_says_that_all_of_it_ends(tmp_path: Path) -> None:
    """The first draft is taken late without an end, the page for a week."""
    world = new_world(tmp_path, course=DEMO)
    omar, leo = world.chat.person("omar"), await world.learner("leo", "Leo")
    await world.until("2026-01-09T16:00:00Z")
    await do(world, leo, "wrap-up")
    await world.until("2026-01-16T16:00:00Z")
    await do(world, leo, "wrap-up")
    await world.until("2026-01-28T09:00:00Z")
    (card,) = [text for text in leo.inbox() if text.startswith("Week 4: ")]
    assert "What comes late is taken until Mon 9 Feb, 12:59 your time, some without an end." in card
    assert "From week 2: Hand in “The first draft of your page”, was due Mon 19 Jan, 12:59; late is welcome." in card
    assert "It takes late work until Mon 9 Feb, 12:59, some without an end." in weeks(omar)[-1]
    await world.until("2026-02-10T09:00:00Z")
    assert "late work is still taken." in (await omar.command("overview")).text
    assert "all its dates have passed" not in (await omar.command("overview")).text
    assert "late work counts" in final(leo)[0]
    world.app.storage.close()


async def test_a_final_card_follows_a_date_that_passes_after_the_end(world: World) -> None:
    omar, mia = world.chat.person("omar"), await world.learner("mia", "Mia")
    await world.until("2026-01-09T16:00:00Z")
    await do(world, mia, "wrap-up", "reader")
    await world.until("2026-01-23T16:00:00Z")
    await do(world, mia, "wrap-up", "draft")
    await world.until("2026-02-04T12:00:00Z")
    asked = await omar.press(await omar.command("overview"), "End this cohort")
    await omar.press(asked, "End the cohort")
    assert "late work counts until Mon 9 Feb, 12:59" in final(mia)[0]
    await world.until("2026-02-09T12:10:00Z")
    (card,) = final(mia)
    assert "late work counts until" not in card
    assert "nothing more can be handed in" in card


async def test_ones_page_offers_the_wrap_ups_that_the_final_card_offers(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-09T16:00:00Z")
    await do(world, mia, "wrap-up", "reader")
    await do(world, leo, "reader")
    await world.until("2026-01-16T16:00:00Z")
    await do(world, mia, "wrap-up", "draft")
    await do(world, leo, "draft")
    await world.until("2026-02-20T12:00:00Z")
    assert "4 wrap-ups can still be answered, marked late" in (await leo.command("")).text
    assert "wrap-up" not in (await mia.command("")).text.replace("2 of 2 wrap-ups", "")
    await leo.press(await leo.press(await leo.command(""), "Late wrap-ups"), "Answer week 4, late")
    assert "marked late" in (await leo.submit(done="All of it", next="More")).text


async def test_what_is_in_time_is_in_time_everywhere(world: World) -> None:
    """Due on Monday at 12:59 in Berlin, with two hours of grace."""
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T12:30:00Z")
    said = "“Your reader in five sentences” was due Mon 12 Jan, 12:59, and is in time until Mon 12 Jan, 14:59"
    assert said in (await mia.command("")).text
    await do(world, mia, "reader")
    receipt = mia.find("Received Mon 12 Jan, 13:30").text
    assert "marked late." not in receipt.split("\n")[1]
    assert "Edit until Mon 12 Jan, 14:59 your time; later is welcome, marked late." in receipt


async def test_who_was_quiet_reads_for_how_long(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-07T12:00:00Z")
    await mia.say("general", "Here I am.")
    await world.until("2026-01-22T12:00:00Z")
    assert any("has not heard of you for 14 days." in text for text in mia.inbox())


async def test_what_was_merely_opened_is_no_figure(world: World) -> None:
    omar = world.chat.person("omar")
    mia = await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    await world.until("2026-01-10T12:00:00Z")
    assert "handed in" not in (await omar.command("overview")).text
    await do(world, mia, "reader")
    assert "“Your reader in five sentences” handed in: 1 of 2 (50 %)" in (await omar.command("overview")).text


async def test_when_a_word_comes_is_said_by_the_receivers_clock(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("aiko", "Aiko", "Asia/Tokyo")
    await world.until("2026-01-13T12:00:00Z")
    await ines.press(await ines.command("desk"), "Write")
    said = (await ines.submit(text="How is it going?")).text
    assert "Aiko gets it at their next hour for messages (Wed 14 Jan, 09:00 in Tokyo at the earliest)" in said
