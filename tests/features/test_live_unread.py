"""Nothing that people wrote about a live session stays unread: reflections, and the words of the survey."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.app.cohorts import turn_in
from bot.course.loader import check
from bot.features.live.listing import listed
from bot.features.survey import rules
from tests.features.test_after_the_end import end
from tests.features.test_live import SUNDAY, course, tasting
from tests.features.test_live_attendance import OVER, VIDEO, note
from tests.features.test_live_verdict import come, learners
from tests.features.test_survey import LAST_WEEK, result, say
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def test_all_of_many_reflections_are_read_page_by_page(world: World) -> None:
    people, ines = await learners(world, 22), world.chat.person("ines")
    await world.until(OVER)
    await note(ines, url=VIDEO, transcript="captions")
    for n, one in enumerate(people):
        await one.press(one.find("Week 1: "), "What I took from it")
        assert "counts in full" in (await one.submit(q1=f"Umami-{n:02}")).text
    opened = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    first = await ines.press(opened, "22 reflections")
    second = await ines.press(first, "Next page")
    read = first.text + second.text
    assert [n for n in range(22) if f"Umami-{n:02}" not in read] == []
    assert "Next page" not in second.buttons
    assert "Umami-00" in (await ines.press(second, "Back")).text


async def test_after_the_end_a_recording_can_be_added_and_reflections_are_read(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(OVER)
    await world.until("2026-01-08T12:00:00Z")
    await end(world)
    page = await ines.command("")
    assert "Open" in page.buttons
    assert "The recording goes into" in await note(ines, url=VIDEO, transcript="captions")
    home = await mia.command("")
    assert "the recording, and what you took from it" in home.text.replace(f" ({VIDEO})", "")
    await mia.press(home, "What I took from it")
    assert "your instructors can read it" in (await mia.submit(q1="Umami is a taste")).text
    opened = await ines.press(page, "Open")
    assert {"Propose one", "Change it", "Take it out", "Replace it"} & set(opened.buttons) == set()
    assert "Umami is a taste" in (await ines.press(opened, "1 reflection")).text


async def test_all_words_of_the_survey_can_be_read_before_the_decision(world: World) -> None:
    people, ines = [await world.learner(f"l{n}", f"Learner {n}") for n in range(22)], world.chat.person("ines")
    await world.until(LAST_WEEK)
    for n, one in enumerate(people):
        await say(one, words=f"Umami-{n:02}")
    await result(world)
    first = await ines.press(await ines.command("desk", place="general"), "Look and decide (1)")
    assert "Read all pages before you decide" in first.text
    second = await ines.press(first, "Words: page 2 of 2")
    assert [n for n in range(22) if f"Umami-{n:02}" not in first.text + second.text] == []
    assert "Keep it" in second.buttons


async def test_a_session_is_judged_by_its_own_measure_with_what_the_survey_says(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(metric="{attended: 50, worth: 70}")))
    people, ines = await learners(world, 6), world.chat.person("ines")
    await come(world, people)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, worth="no")
    await result(world)
    shown = (await ines.command("live", place="general")).text
    assert "70 % were to find it worth the time, and 0 % said so." in shown
    assert "Enough people came, and too few of them found it worth the time." in shown
    assert "It is worth keeping." not in shown
    found = turn_in(world.app.storage, world.app.registry, "demo", "live", lambda turn: listed(turn, turn.here))
    assert found[0]["metric"] == {"attended": {"wanted": 50, "was": 100}, "worth": {"wanted": 70, "was": 0}}
    world.app.storage.close()


def test_a_share_that_may_not_be_shown_is_none() -> None:
    assert rules.found_worth({"worth": {"yes": 6, "less": 5}}, 11) == 55
    assert rules.found_worth({"worth": {"yes": 6}}, 11) is None
    assert rules.found_worth({"worth": {"some": 6, "no": 5}}, 11) is None
    assert rules.found_worth({}, 11) is None


def test_a_reflection_asks_no_more_than_its_form_has() -> None:
    seven = ", ".join(f'"Question {n}?"' for n in range(7))
    text = course(tasting()).replace('reflection: ["What did you taste?"]', f"reflection: [{seven}]")
    assert seven in text
    assert [p.path for p in check(text) if "reflection" in p.path]
