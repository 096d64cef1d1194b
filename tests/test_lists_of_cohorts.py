"""Every view of somebody in several cohorts, with 1, 2 and 60 of them, and the manager's week of 1,000: those that
run, and those that are over."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.core.calendar import Stage
from bot.core.contributions import Figure
from bot.core.message import Button
from bot.core.people import Account, Actor, Cohort, Role
from bot.core.plain import plain
from bot.features.digests.store import Overview
from bot.features.digests.week_views import overview
from bot.features.questions.store import Question
from storage.unit import SqlUnit
from tests.kit import COURSE, MONDAY, World, new_world
from tests.test_lists import LONGEST, PLURAL_OF_ONE, SINGULAR_OF_MORE, View, check_limits, message_of, shown

MANY = 60
"""More than any view names."""

SIZES = (1, 2, MANY)
OVER = date(2025, 9, 1)
PEOPLE = {"ines": Role.INSTRUCTOR, "omar": Role.MANAGER, "l0": Role.LEARNER}
TUESDAY = "2026-01-13T09:00:00Z"

VIEWS = {
    "desk": View("ines", "desk", rest=r"Run 40: all|60 |\d+ new, \d+ from before"),
    "overview": View("omar", "overview", rest="60 cohorts|56 more are over"),
    "page of an instructor": View("ines", "", rest="And 54 more"),
    "page of a manager": View("omar", "", rest="And 54 more"),
    "page of a learner": View("learner", "", rest="And 54 more"),
    "what is next": View("learner", "next"),
    "help": View("omar", "help"),
    "which to set up": View("omar", "setup", rest="in 40 more"),
    "which to ask in": View("learner", "ask Why does it rain?"),
    "which to hand in for": View("learner", "submit"),
    "which to be away from": View("learner", "away"),
    "which FAQ": View("ines", "faq", rest="in 40 more"),
    "which course": View("ines", "course", rest="in 40 more"),
    "which week": View("ines", "week", rest="in 40 more"),
    "settings": View("learner", "settings"),
}


def fill(world: World, number: int, starts_on: date) -> None:
    """So many cohorts in all, with the same people, and a question in each."""

    def work(unit: SqlUnit) -> None:
        enrolment, now = unit.store("enrolment"), world.clock.now()
        people = {id: unit.people.meet(Actor(Account("sandbox", id), id.title(), "Europe/Berlin")).id for id in PEOPLE}
        cohorts = [world.cohort.id]
        for n in range(1, number):
            code = f"run-{n}"
            cohorts.append(enrolment.create_cohort(code, f"Run {n}", COURSE, "Europe/Berlin", starts_on, code))
        for cohort in cohorts:
            for id, role in PEOPLE.items():
                enrolment.add_member(cohort, people[id], role)
            asked = Question(0, cohort, people["l0"], "How?", "questions", "open", False, False, None, now)
            unit.store("questions").add(asked)

    world.app.storage.run_now(work)


@pytest.fixture(scope="module", params=[(n, day) for n in SIZES for day in (MONDAY, OVER)], ids=str)
def managed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, int]]:
    number, starts_on = request.param
    world = new_world(tmp_path_factory.mktemp("lists"))
    fill(world, number, starts_on)
    asyncio.run(world.until(TUESDAY))
    yield world, number
    world.app.storage.close()


@pytest.mark.parametrize("name", VIEWS)
async def test_a_view_of_any_number_of_cohorts(managed: tuple[World, int], name: str) -> None:
    world, number = managed
    view = VIEWS[name]
    text, messages = await shown(world, view, number)
    check_words(text)
    for message in messages:
        check_limits(message)
    if number == MANY and view.rest:
        assert re.search(view.rest, text), f"nothing says how many there are:\n{text}"


async def test_what_comes_unasked(managed: tuple[World, int]) -> None:
    """The desk and the manager's week are one message each, whatever the number of cohorts."""
    world, _ = managed
    for who in ("ines", "omar"):
        for seen in world.chat.person(who).sees():
            if seen.by == "bot" and seen.to is None:
                check_words(seen.text)
                check_limits(message_of(world, seen))


def check_words(text: str) -> None:
    for rule in (PLURAL_OF_ONE, SINGULAR_OF_MORE):
        assert not (wrong := rule.search(text)), wrong
    assert len(text) < LONGEST, f"{len(text)} characters"


@pytest.mark.parametrize("number", [0, 1, 2, 1_000])
@pytest.mark.parametrize("stage", ["running", "over"])
@pytest.mark.parametrize("look", [False, True])
def test_the_managers_week_of_any_number(number: int, stage: Stage, look: bool) -> None:
    figures = [Figure("active", "Active", 1, 9, wants_a_look=look, button=Button("Who", f"digests.quiet/1/{number}:"))]
    cohorts = [
        Overview(Cohort(n, f"run-{n}", f"Run {n}", COURSE, "Europe/Berlin", MONDAY), 2, 3, 9, figures, {}, stage=stage)
        for n in range(1, number + 1)
    ]
    shown = overview(cohorts, may_end=True)
    check_words(plain(shown))
    check_limits(shown)
