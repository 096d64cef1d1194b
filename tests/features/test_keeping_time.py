"""A course says how long it keeps what is its learners'; after that they are erased."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.app.cohorts import create_cohort
from storage.tables.people import AuditRow
from tests.features.test_after_the_end import end, reopen
from tests.features.test_erasure import everything
from tests.kit import COURSE, PLAN, World, new_world

CANARY = "keemun-canary"
KEEPS = COURSE + "privacy: {keep_days: 30}\n"


async def a_run(tmp_path: Path, course: str = KEEPS) -> World:
    """A course of two weeks, in which Mia asks, and which its manager ends on 26 January."""
    world = new_world(tmp_path, now="2026-01-05T08:30:00Z", course=course)
    mia = await world.learner("mia", "Mia Canary")
    await mia.say("questions", f"How long does {CANARY} brew?")
    await world.until("2026-01-26T09:00:00Z")
    return world


async def test_learners_are_told_and_erased_when_the_time_is_over(tmp_path: Path) -> None:
    world = await a_run(tmp_path)
    mia = world.chat.person("mia")
    assert "keeps what is yours for 30 days after its end" in mia.find("Welcome").text
    await end(world)
    assert "keeps what is yours for 30 days after its end" in mia.find("is over").text
    page = await mia.command("")
    assert "What is kept about you is erased on Wed 25 Feb" in page.text
    assert CANARY in (await mia.press(page, "Get a copy")).files["person.json"]
    await world.until("2026-02-25T08:00:00Z")
    assert CANARY in everything(world)
    await world.until("2026-02-26T09:00:00Z")
    assert CANARY not in everything(world)
    assert "Mia Canary" not in everything(world)
    assert "Omar" in everything(world), "the course team stays"
    assert sum("as the course says" in row.act for row in world.rows(AuditRow)) == 1
    world.app.storage.close()


async def test_who_is_in_another_course_stays_for_as_long_as_that_keeps_them(tmp_path: Path) -> None:
    world = await a_run(tmp_path)
    mia = world.chat.person("mia")
    await end(world)
    other = replace(PLAN, code="other", starts_on=date(2026, 2, 2), channels={"main": "other", "questions": "asked"})
    _, code = create_cohort(world.app.storage, world.app.registry, other)
    await mia.command("join", code)
    await world.until("2026-03-01T09:00:00Z")
    assert CANARY in everything(world)
    assert "is erased on" not in (await mia.command("")).text
    world.app.storage.close()


async def test_a_cohort_that_is_open_again_keeps_everything(tmp_path: Path) -> None:
    world = await a_run(tmp_path)
    await end(world)
    await reopen(world)
    await world.until("2026-03-01T09:00:00Z")
    assert CANARY in everything(world)
    world.app.storage.close()


async def test_without_a_word_in_the_course_nothing_is_erased(tmp_path: Path) -> None:
    world = await a_run(tmp_path, COURSE)
    await end(world)
    assert "keeps what is yours" not in "".join(world.chat.person("mia").inbox())
    await world.until("2027-03-01T09:00:00Z")
    assert CANARY in everything(world)
    world.app.storage.close()
