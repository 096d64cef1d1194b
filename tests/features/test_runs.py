"""A manager sees the runs of a course side by side, and whether a change made a difference."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.cohorts import create_cohort
from bot.core.contributions import Measure
from bot.core.people import Role
from bot.features.runs.rules import compared, wilson
from tests.features.test_after_the_end import end
from tests.features.test_completion import ENDING, finish
from tests.kit import PLAN, World, new_world
from tests.test_web import ADDRESS, open_browser, sign_in


async def two_runs(folder: Path, manager: str = "omar") -> tuple[World, int]:
    """The first run ended with one of two certificates; the second of the same course has another title."""
    world = new_world(folder, course=ENDING, address=ADDRESS)
    mia = await world.learner("mia", "Mia")
    await world.learner("ben", "Ben")
    await finish(world, mia)
    await world.until("2026-01-28T09:00:00Z")
    await end(world)
    again = replace(
        PLAN,
        code="again",
        course_text=ENDING.replace("goal: Begin", "goal: Begin well"),
        starts_on=date(2026, 2, 2),
        channels={"main": "again", "questions": "asked"},
        people=((Role.INSTRUCTOR, "ines"), (Role.MANAGER, manager)),
    )
    cohort, code = create_cohort(world.app.storage, world.app.registry, again)
    for n in range(2):
        await world.chat.person(f"a{n}", f"Ana {n}").command("join", code)
    return world, cohort.id


async def page(world: World, path: str) -> httpx.Response:
    """As Omar reads it, signed in by a link from the chat."""
    link = await linked(world)
    async with open_browser(world) as browser:
        await sign_in(world, browser, link[1])
        return await browser.get(path)


async def linked(world: World) -> re.Match[str]:
    omar = world.chat.person("omar")
    found = re.search(rf"{ADDRESS}(/in/\w+)", (await omar.press(await omar.command("settings"), "Get a copy")).text)
    assert found
    return found


async def test_runs_stand_side_by_side(tmp_path: Path) -> None:
    world, _ = await two_runs(tmp_path)
    rows = (await page(world, "/runs?table=runs&as=json")).json()
    assert [row["run"] for row in rows] == ["again", "demo"]
    assert rows[1]["state"] == "ended"
    assert rows[1]["completed"] == "1 of 2 (50 %)"
    world.app.storage.close()


async def test_a_run_stands_beside_the_last_one_with_what_changed(tmp_path: Path) -> None:
    world, again = await two_runs(tmp_path)
    shown = (await page(world, f"/runs/{again}")).text
    assert "again beside demo" in shown
    assert "With fewer than 30 people in a run" in shown
    assert "Begin well" in shown
    world.app.storage.close()


async def test_runs_of_others_are_not_seen(tmp_path: Path) -> None:
    world, again = await two_runs(tmp_path, manager="mona")
    assert (await page(world, f"/runs/{again}")).status_code in (403, 404)
    rows = (await page(world, "/runs?table=runs&as=json")).json()
    assert [row["run"] for row in rows] == ["demo"]
    world.app.storage.close()


@pytest.mark.parametrize(
    ("newer", "earlier", "differs"),
    [((18, 20), (10, 20), True), ((12, 20), (10, 20), False), ((2, 2), (0, 2), False), ((90, 100), (70, 100), True)],
)
def test_small_numbers_say_little(newer: tuple[int, int], earlier: tuple[int, int], differs: bool) -> None:
    (one,) = compared([Measure("a/b", "A", *newer, people=True)], [Measure("a/b", "A", *earlier, people=True)])
    assert one.differs is differs
    assert one.few is (min(newer[1], earlier[1]) < 30)


@given(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(share: tuple[int, int]) -> None:
    low, high = wilson(*share)
    assert -1e-9 <= low <= share[0] / share[1] + 1e-9
    assert share[0] / share[1] - 1e-9 <= high <= 1 + 1e-9
