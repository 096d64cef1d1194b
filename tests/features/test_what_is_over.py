"""What is over for everybody keeps its dates when a start, a zone or a holiday moves, as conversations."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from alembic import command

from adapters.sandbox.driver import Result
from bot.app.calendars import of_cohort, of_person
from storage.sql.migrate import configuration, upgrade
from tests.features.test_discussions import fill
from tests.features.test_weekcard import change
from tests.kit import COURSE, MONDAY, World, new_world

WEEK = timedelta(days=7)
BOTH = f"""\
{COURSE}
checkins:
  - {{id: page, title: The shared page, weekly: yes, days: [Tue 09:00, Thu 09:00], minutes: 5}}
discussions:
  - id: bags
    week: 1
    title: Bags or leaves
    question: Talk of tea
    rounds:
      - {{opens: "Mon 09:00", closes: Wed 18:00 learner, fields: [Hunch]}}
      - {{opens: "Thu 09:00", closes: Sat 18:00 cohort, fields: [What changed]}}
"""


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=BOTH)
    for name, zone in (("mia", "Europe/Berlin"), ("leo", "America/New_York")):
        await made.learner(name, name.title(), zone)
    yield made
    made.app.storage.close()


async def preview(world: World, **values: str) -> Result:
    ines = world.chat.person("ines")
    await ines.press(await ines.command("course", place="general"), "Change dates")
    return await ines.submit(values)


def dates(world: World, person: str = "") -> dict[str, str]:
    """When each round opens and closes, by the calendar."""
    found = (
        of_person(world.app.storage, "demo", person)[2] if person else of_cohort(world.app.storage, "demo", [])[1][0]
    )
    kinds = ("page/", "bags")
    return {f"{d.kind} {d.id}": f"{d.at:%d %b %H:%M}" for d in found if d.id.startswith(kinds)}


async def test_rounds_that_have_closed_keep_their_dates_when_the_start_moves(world: World) -> None:
    mia, leo, ines = (world.chat.person(name) for name in ("mia", "leo", "ines"))
    await world.until("2026-01-06T10:00:00Z")
    await mia.press(mia.find("Week 1: "), "Check in")
    await mia.submit(done="Read it")
    await mia.press(mia.find("Bags or leaves", "general"), "Post")
    await fill(mia, {"f0": "Bags"})
    await world.until("2026-01-09T12:00:00Z")
    before = {name: dates(world, name) for name in ("", "mia", "leo")}
    shown = await preview(world, starts_on=(MONDAY + WEEK).isoformat())
    # Only what has not closed moves: the second round, and Thursday's check-in, which is open.
    moves = shown.text.partition("What has happened stays")[0].rpartition("\n")[0]
    assert "round 2 closes" in moves
    assert "round 1" not in moves
    assert "Tue 6 Jan" not in moves
    await ines.press(shown, "Use it")
    await world.settle()
    after = {name: dates(world, name) for name in ("", "mia", "leo")}
    for name, old in before.items():
        kept = {key for key, at in old.items() if after[name][key] == at}
        assert kept == {"opens page/1.0", "closes page/1.0", "opens bags", "closes bags"}, (name, old, after[name])
    assert mia.find("The shared page (Tue 6 Jan)", "general")
    assert "Wed 7 Jan" not in mia.find("Bags or leaves", "general").text
    page = (await leo.command("")).text
    assert "Tue 13 Jan" not in page
    assert "Wed 14 Jan" not in page


async def test_a_start_that_was_wrong_for_a_moment_takes_no_round_away(world: World) -> None:
    """A round that was never open by a date is not over by it."""
    await world.until("2026-01-05T10:00:00Z")
    before = dates(world)
    ines = world.chat.person("ines")
    await ines.press(await preview(world, starts_on="2025-12-01"), "Use it")
    await ines.press(await preview(world, starts_on=MONDAY.isoformat()), "Use it")
    assert dates(world) == before


async def test_a_holiday_and_a_zone_that_come_later_leave_what_is_over(world: World) -> None:
    await world.until("2026-01-09T12:00:00Z")
    before, ines = dates(world, "mia"), world.chat.person("ines")
    shown = await preview(world, holidays="2026-01-05..2026-01-07", zone="Asia/Tokyo")
    await ines.press(shown, "Use it")
    kept = {key for key, at in dates(world, "mia").items() if before[key] == at}
    assert {"opens page/1.0", "closes page/1.0", "opens bags", "closes bags"} <= kept


async def test_rounds_from_before_this_was_stored_keep_their_dates_too(world: World) -> None:
    await world.until("2026-01-09T12:00:00Z")
    before = dates(world)
    with world.app.storage.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0052")
    upgrade(world.app.storage.engine)
    change(world, starts_on=MONDAY + WEEK)
    kept = {key for key, at in dates(world).items() if before[key] == at}
    assert kept == {"opens page/1.0", "closes page/1.0", "opens bags", "closes bags"}
