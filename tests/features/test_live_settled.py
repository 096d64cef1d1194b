"""What the course team was told of a session stands, whatever people do after its reflections closed."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_after_the_end import end, reopen
from tests.features.test_erasure import forget
from tests.features.test_live import HEAD, SUNDAY, course, tasting, use
from tests.features.test_live_attendance import VIDEO, note, recorded
from tests.features.test_live_verdict import JUDGED, come, figures, learners
from tests.kit import World, new_world

ZONES = (*["Europe/Berlin"] * 3, *["America/New_York"] * 2)
CUP = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def told(world: World) -> Sequence[object]:
    """What the course team reads of the first session: as data, on the desk, in the week and on its page."""
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    data = {k: v for k, v in figures(world).items() if k != "slots"}
    desk = (await ines.command("desk", place="general")).text
    week = (await omar.command("overview")).text
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    return data, _lines(desk), _lines(week), _lines(page.text)


def _lines(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if "% came" in line or "Came to" in line]
    return [line[max(0, line.find("“Tasting”")) :] for line in lines]


async def hand_in(who: Speaker) -> None:
    await who.command("submit")
    assert not (await who.submit(text="A cup of tea")).errors


async def judged(tmp_path: Path) -> tuple[World, list[Speaker]]:
    """Two of six came, and one did the alternative; the figures were told."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(alternative="{item: cup}"), head=CUP))
    people = await learners(world, 6)
    await come(world, people[:2])
    await hand_in(people[2])
    await world.until(JUDGED)
    return world, people


async def test_the_alternative_handed_in_after_the_close_counts_for_the_learner_alone(tmp_path: Path) -> None:
    world, people = await judged(tmp_path)
    before = await told(world)
    assert (figures(world)["reflected"], figures(world)["verdict"]) == (1, "replace")
    await hand_in(people[3])
    assert "Cup · 40 min · handed in" in people[3].find("Week 1: ").text
    assert await told(world) == before
    world.app.storage.close()


async def test_the_alternative_that_is_gone_after_the_close_counts_on(tmp_path: Path) -> None:
    """With the work of somebody who is erased, and with the settings of somebody who moves on."""
    world, people = await judged(tmp_path)
    before = await told(world)
    await people[4].command("timezone", "Asia/Tokyo")
    assert await told(world) == before
    await forget(world, "Person2")
    assert await told(world) == before
    world.app.storage.close()


async def test_a_reflection_on_a_recording_that_came_too_late_counts_for_its_author_alone(world: World) -> None:
    people, ines = await learners(world, 6), world.chat.person("ines")
    await come(world, people[:2])
    await world.until(JUDGED)
    before = figures(world)
    assert "its verdict stands" in await note(ines, url=VIDEO, transcript="captions")
    await world.wait(hours=1)
    await people[3].press(people[3].find("Live, if you like", "general"), "What I took from it")
    assert "counts in full" in (await people[3].submit(q1="Bitter")).text
    assert figures(world) == before
    assert "33 % came (2 of 6), 0 % by recording" in (await ines.command("desk", place="general")).text


async def test_a_head_count_after_the_verdict_changes_nothing(world: World) -> None:
    """Also one from a form that was opened before."""
    await come(world, (await learners(world, 6))[:2])
    ines = world.chat.person("ines")
    await world.until("2026-01-14T19:00:00Z")
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    assert "how many you counted" in page.text
    await ines.press(page, "Code word and recording")
    await world.until(JUDGED)
    before = await told(world)
    refused = await ines.submit(heads="6")
    assert "what was told stands" in refused.errors["heads"]
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    assert "how many you counted" not in page.text
    await ines.press(page, "Code word and recording")
    assert ines.form is not None
    assert [field.name for field in ines.form.fields] == ["word", "url", "transcript", "unasked_heads"]
    assert await told(world) == before


async def test_a_head_count_far_above_the_cohort_is_asked_about(world: World) -> None:
    await come(world, (await learners(world, 6))[:2])
    ines = world.chat.person("ines")
    assert await note(ines, heads="8") == (
        "Is it 8? In this course there are 6 learners. Please count each of them once."
    )
    assert "Saved" in await note(ines, heads="7")


async def test_what_was_outside_waking_hours_stands_once_it_is_over(world: World) -> None:
    people = [await world.learner(f"p{n}", f"Person{n}", zone) for n, zone in enumerate(ZONES)]
    await come(world, people[:2])
    await world.until("2026-01-08T12:00:00Z")
    before = figures(world)["slots"]
    assert [slot["outside"] for slot in before] == [40, 0]
    await people[0].press(await people[0].command("leave"), "Leave")
    await world.learner("late", "Late", "Asia/Tokyo")
    assert figures(world)["slots"] == before
    await world.until(JUDGED)
    await people[4].command("timezone", "Europe/Berlin")
    assert figures(world)["slots"] == before
    page = await world.chat.person("ines").command("live", place="general")
    page = await world.chat.person("ines").press(page, "Week 1: Tasting")
    assert "outside waking hours for 40 %" in page.text


async def test_a_recording_that_came_too_late_leaves_its_caveat_beside_the_figures(world: World) -> None:
    people, ines, omar = await learners(world, 6), world.chat.person("ines"), world.chat.person("omar")
    await come(world, people[:2])
    await world.until(JUDGED)
    missing = "Its recording is missing, so nobody could watch it instead."
    assert missing in (await ines.command("desk", place="general")).text
    assert "its recording never came" in (await omar.command("overview")).text
    await note(ines, url=VIDEO, transcript="captions")
    late = "Its recording came after these figures, so nobody could watch it instead."
    desk = (await ines.command("desk", place="general")).text
    assert late in desk
    assert missing not in desk
    assert "its recording came after these figures" in (await omar.command("overview")).text
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    assert late in page.text


async def test_a_recording_that_is_taken_away_after_the_figures_was_there_in_time(world: World) -> None:
    people, ines = await learners(world, 6), world.chat.person("ines")
    await come(world, people[:2])
    await recorded(world)
    await world.until(JUDGED)
    before = await told(world)
    await note(ines, url="", transcript="")
    assert await told(world) == before


async def test_other_rules_are_for_the_sessions_ahead(world: World) -> None:
    await come(world, (await learners(world, 6))[:2])
    await world.until(JUDGED)
    before = await told(world)
    await use(world, course(tasting(), head=HEAD + "live_rules: {replace_under: 20, drop_under: 10}\n"))
    assert await told(world) == before


async def test_an_end_that_is_taken_back_leaves_reflections_their_time(world: World) -> None:
    people = await learners(world, 6)
    await come(world, people[:2])
    await recorded(world)
    await world.until("2026-01-08T12:00:00Z")
    await end(world)
    await reopen(world)
    assert figures(world)["verdict"] is None
    await people[3].press(people[3].find("Live, if you like", "general"), "What I took from it")
    assert "counts in full" in (await people[3].submit(q1="Bitter")).text
    await world.until(JUDGED)
    assert (figures(world)["reflected"], figures(world)["verdict"]) == (1, "replace")


async def test_the_end_settles_what_is_told_then(world: World) -> None:
    people = await learners(world, 6)
    await come(world, people[:2])
    await recorded(world)
    await world.until("2026-01-08T12:00:00Z")
    await end(world)
    before = (await world.chat.person("omar").command("")).text
    assert "33 % came (2 of 6), 0 % by recording" in before
    await people[3].press(await people[3].command(""), "What I took from it")
    assert "counts in full" in (await people[3].submit(q1="Bitter")).text
    assert (await world.chat.person("omar").command("")).text == before


async def test_a_series_is_judged_once_though_an_earlier_one_closes_later(tmp_path: Path) -> None:
    """The first is recorded on its last day, so it closes after the second."""
    sessions = [tasting(), tasting(id="again", week="2", pays="[{item: Read more, minutes: 30}]")]
    rules = "live_rules: {weeks_share: 100}\n"
    world = new_world(tmp_path, now=SUNDAY, course=course(*sessions, head=HEAD + rules))
    people, ines = await learners(world, 6), world.chat.person("ines")
    await come(world, people[:5])
    await come(world, people[:2], "2", "2026-01-14T07:10:00Z")
    await world.until("2026-01-14T18:00:00Z")
    await note(ines, url=VIDEO, transcript="captions")
    await world.until("2026-01-21T17:59:00Z")
    assert [figures(world, n)["verdict"] for n in range(2)] == [None, None]
    await world.until("2026-01-21T18:01:00Z")
    assert [figures(world, n)["verdict"] for n in range(2)] == ["keep", None]
    await world.until("2026-01-21T19:40:00Z")
    assert "Over its last two, 58 % came" in (await ines.command("desk", place="general")).text
    world.app.storage.close()
