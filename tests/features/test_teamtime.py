"""Instructors say by one tap what a week took them; what nobody says is not measured."""

import html
import re
from pathlib import Path

from storage.tables.teamtime import TeamMinutesRow
from tests.features.test_desk import desks
from tests.features.test_runs import page, two_runs
from tests.features.test_stuck import PLAN as STUCK
from tests.features.test_stuck import a_week
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world
from tests.test_web import ADDRESS, open_browser, sign_in

ASKED = "How long did week 1 take you, all in all?"
FRIDAY = "2026-01-09T09:00:00Z"


async def test_one_tap_on_fridays_desk_is_noted_and_can_be_changed(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.say("questions", "When does the library open?")
    await world.until("2026-01-08T09:00:00Z")
    assert desks(ines)
    assert not any(ASKED in text for text in desks(ines))
    await world.until(FRIDAY)
    desk = ines.find(ASKED)
    assert "[1 h (1)] [2 h (1)] [Another time (1)]" in desk.text
    noted = await ines.press(desk, "2 h (1)")
    assert "Noted: week 1 took you about 2 h." in noted.text
    await world.settle()
    assert ASKED not in desks(ines)[-1]
    await ines.press(await ines.press(noted, "Change that"), "4 h")
    (row,) = world.rows(TeamMinutesRow)
    assert (row.week, row.minutes) == (1, 240)
    await world.until("2026-01-16T09:00:00Z")
    assert "[4 h" in ines.find("How long did week 2 take you").text, "as last week, for one tap"


async def test_who_says_nothing_is_not_asked_again_after_the_week(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until("2026-01-12T09:00:00Z")
    assert ASKED not in (await ines.command("desk")).text
    assert "took an instructor" not in (await world.chat.person("omar").command("overview")).text


async def test_only_what_can_be_tapped_counts_and_for_weeks_that_have_begun(world: World) -> None:
    ines = world.chat.person("ines")
    for subject in ("1.7", "1.-60", "2.60", "0.60", "x"):
        await forge_in(world, ines, "teamtime", "took", subject)
    await forge_in(world, await world.learner("mia", "Mia"), "teamtime", "took", "1.60")
    assert world.rows(TeamMinutesRow) == []


async def test_a_manager_reads_the_average_and_what_to_do(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + "manager: {look_team_hours: 7, look_under: 0}\n")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    await ines.press(await ines.press(ines.find(ASKED), "Another time"), "8 h")
    await world.until("2026-01-12T09:00:00Z")
    shown = await omar.command("overview")
    assert "Week 1 took an instructor (on average): 8 h, 1 of 1 said so" in shown.text
    assert "Demo course: would like a look" in shown.text
    await omar.press(shown, "Name another instructor")
    assert omar.form is not None
    assert omar.form.title == "Name somebody"
    world.app.storage.close()


async def test_the_weeks_in_which_people_get_stuck_have_it(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=STUCK, address=ADDRESS)
    ines = world.chat.person("ines")
    await forge_in(world, ines, "teamtime", "took", "1.90")
    await a_week(world)
    answer = await ines.press(await ines.command("stuck", place="general"), "On a page")
    link = re.search(rf"{ADDRESS}(/in/\w+)", answer.text)
    assert link
    async with open_browser(world) as browser:
        await sign_in(world, browser, link[1])
        rows = (await browser.get(f"/stuck/{world.cohort.id}?table=stuck&as=json")).json()
        said = {row["where"]: row["team"] for row in rows}
        assert said == {"Week 1: One": 90, "Week 1, “The cup”": None}
    world.app.storage.close()


async def test_a_week_that_nobody_spoke_of_is_not_measured(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=STUCK, address=ADDRESS)
    ines = world.chat.person("ines")
    await a_week(world)
    answer = await ines.press(await ines.command("stuck", place="general"), "On a page")
    link = re.search(rf"{ADDRESS}(/in/\w+)", answer.text)
    assert link
    async with open_browser(world) as browser:
        await sign_in(world, browser, link[1])
        rows = (await browser.get(f"/stuck/{world.cohort.id}?table=stuck&as=json")).json()
        assert [row["team"] for row in rows] == ["not measured", None]
    world.app.storage.close()


async def test_runs_side_by_side_have_what_was_said_and_no_guess(tmp_path: Path) -> None:
    world, _again = await two_runs(tmp_path)
    await world.until("2026-02-06T09:00:00Z")
    ines = world.chat.person("ines")
    await ines.press(ines.find(ASKED), "2 h")
    shown = html.unescape((await page(world, "/runs")).text)
    assert "An instructor's time in a week (average)" in shown
    assert "2 h (said 1 time)" in shown
    assert "not measured" in shown, "of the first run nobody said anything"
    world.app.storage.close()
