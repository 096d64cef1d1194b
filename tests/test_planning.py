"""What is planned follows from how things stand, whatever happened on the way there: a start that moved there and back,
another zone, a person who left and came again, a cohort that ended and was opened again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters.sandbox.driver import Speaker
from bot.core.facts import CohortPlanned, ZoneChanged
from bot.core.turn import Turn
from bot.features.completion import closing
from bot.runtime.turns import take_turn
from storage.tables.people import PersonRow, change_cohort
from storage.tables.schedule import DueRow
from tests.effort import tries
from tests.features.test_milestones import WITH_WORK
from tests.kit import MONDAY, World, new_world

WEEK = timedelta(days=7)
Way = Callable[[World, Speaker], Any]


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=WITH_WORK)
    yield made
    made.app.storage.close()


LATER = {"voice.speak", "digests.follow"}
"""What follows an act a little later, and is no date."""


def planned(world: World) -> set[tuple[Any, ...]]:
    rows = world.rows(DueRow, state="planned")
    return {(r.kind, r.subject, r.occurrence, r.at, r.cohort, r.person) for r in rows if r.kind not in LATER}


def happened(world: World) -> set[tuple[Any, ...]]:
    kinds = {*LATER, "reminders.plan"}
    return {(r.kind, r.subject, r.occurrence, r.at) for r in world.rows(DueRow, state="done") if r.kind not in kinds}


def do(world: World, feature: str, work: Callable[[Turn[Any]], None]) -> None:
    def here(turn: Turn[Any]) -> None:
        work(replace(turn, cohort=turn.people.cohort(world.cohort.id)))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, feature, world.clock.now(), here))


def start(world: World, weeks: int) -> None:
    def work(turn: Turn[Any]) -> None:
        home = turn.here
        change_cohort(turn.store._session, home.id, starts_on=MONDAY + weeks * WEEK)
        turn.happened(CohortPlanned(home.id))

    do(world, "enrolment", work)


async def zone(speaker: Speaker, name: str) -> None:
    await speaker.press(await speaker.command("settings"), "Change my zone")
    await speaker.submit(zone=name)


def hour(world: World, name: str, value: int) -> None:
    (person,) = world.rows(PersonRow, name=name)

    def work(turn: Turn[Any]) -> None:
        turn.store.set_hour(person.id, value)
        turn.happened(ZoneChanged(person.id))

    do(world, "enrolment", work)


async def start_moves(world: World, mia: Speaker) -> None:
    start(world, 2)
    await world.wait(minutes=1)
    start(world, 0)


async def zone_changes(world: World, mia: Speaker) -> None:
    await zone(mia, "Asia/Tokyo")
    await world.wait(minutes=1)
    await zone(mia, "Europe/Berlin")


async def hour_changes(world: World, mia: Speaker) -> None:
    hour(world, "Mia", 19)
    await world.wait(minutes=1)
    hour(world, "Mia", 9)


async def work_goes_and_comes(world: World, mia: Speaker) -> None:
    await mia.command("submit", "https://example.org/draft")
    await world.wait(minutes=1)
    await zone_changes(world, mia)
    await mia.press(await mia.press(mia.find("The first draft\nThank you"), "Take it back"), "Take it back")


async def leaves_and_comes_back(world: World, mia: Speaker) -> None:
    await mia.press(await mia.command("leave"), "Leave")
    assert about(world, "Mia") == set()
    await mia.command("join", world.join_code)


async def ends_and_goes_on(world: World, mia: Speaker) -> None:
    do(world, "completion", lambda turn: closing.close(turn, turn.here, False) and None)
    assert {row[0] for row in planned(world)} <= {
        "absence.back",
        "digests.desk",
        "digests.week",
        "completion.closed",
    }
    await world.wait(minutes=1)
    do(world, "completion", lambda turn: closing.reopen(turn, turn.here))


CLOCKS: tuple[Way, ...] = (start_moves, zone_changes, hour_changes)
WAYS = (*CLOCKS, work_goes_and_comes, leaves_and_comes_back, ends_and_goes_on)


async def two_learners(world: World) -> Speaker:
    """Mia, who does nothing, and Tom, who will be away, on a Thursday."""
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom", "America/New_York")
    await world.until("2026-01-08T10:00:00Z")
    await tom.command("away", "2026-01-13")
    await world.wait(minutes=1)
    return mia


@pytest.mark.parametrize("way", WAYS)
async def test_there_and_back_leaves_the_plans_as_they_were(world: World, way: Way) -> None:
    mia = await two_learners(world)
    before, done = planned(world), happened(world)
    await way(world, mia)
    await world.wait(minutes=1)
    assert (planned(world), happened(world)) == (before, done)


@pytest.mark.parametrize("seed", range(tries(4)))
async def test_nobody_hears_of_it_when_plans_move_there_and_back(tmp_path: Path, seed: int) -> None:
    heard = []
    for name, ways in (("quiet", []), ("lively", Random(seed).choices(CLOCKS, k=4))):
        (tmp_path / name).mkdir()
        world = new_world(tmp_path / name, course=WITH_WORK)
        mia = await two_learners(world)
        for way in ways:
            await way(world, mia)
        await world.until("2026-02-10T12:00:00Z")
        # The welcome says the settings, and what time it was then.
        # A card says 'was due' or 'closed' from its next change on.
        heard.append([text.replace(" was due", " is due").replace(", closed ", ", due ") for text in mia.inbox()[1:]])
        world.app.storage.close()
    assert heard[0] == heard[1]
    assert len(heard[0]) > 5


async def test_who_joins_late_has_what_lies_ahead_for_everybody_and_the_card_of_this_week(world: World) -> None:
    await two_learners(world)
    await world.learner("zoe", "Zoe")
    await world.wait(minutes=1)
    mine, hers = (about(world, name) for name in ("Mia", "Zoe"))
    assert hers - mine == {("weekcard.open", "1/2026-01-09", world.at("2026-01-09T08:00:00Z"))}
    assert mine <= hers
    assert {kind for kind, _, _ in mine} >= {"weekcard.open", "wrapups.open", "completion.final", "absence.missed"}


def about(world: World, name: str) -> set[tuple[Any, ...]]:
    """What is planned about somebody."""
    (person,) = world.rows(PersonRow, name=name)
    start = f"{world.cohort.id}/{person.id}/"
    return {(row[0], *row[2:4]) for row in planned(world) if f"{row[1]}/".startswith(start)}
