"""What attendance and the survey say of a live session, side by side where the course team decides about it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.core.contributions import Attended
from bot.features.survey.desk_views import beside
from bot.features.survey.rules import advice
from bot.features.survey.store import Advice, Result
from tests.features.test_live import SUNDAY, course, tasting
from tests.features.test_live_verdict import come
from tests.features.test_survey import LAST_WEEK, learners, result, say
from tests.kit import new_world

KEEP = {"worth": {"yes": 9, "no": 5}}
CHANGE = {"worth": {"yes": 5, "no": 9}}


@pytest.mark.parametrize(
    ("worth_it", "figures", "says"),
    [
        (True, KEEP, "Both speak for it."),
        (False, CHANGE, "Both speak for a change."),
        (False, KEEP, "They differ: few came, and the survey speaks for it."),
        (True, CHANGE, "They differ: enough came, and the survey speaks for a change."),
        (None, KEEP, "That is too few people to set beside the survey."),
        (True, {}, "The survey shows too little to set beside that."),
    ],
)
@pytest.mark.parametrize("decided", ["", "keep", "remove"])
def test_each_form_of_words(
    worth_it: bool | None, figures: Mapping[str, Mapping[str, int]], says: str, decided: Advice
) -> None:
    """Whatever the course team has decided."""
    chosen = decided or advice(figures, 14)
    found = Result("tasting", "Tasting", 14, 16, chosen, figures, decided=bool(decided))
    attended = Attended("tasting", 6, "38 % came (6 of 16)", worth_it)
    assert beside(found, [attended]) == f"Attendance: 38 % came (6 of 16). {says}"


def test_more_who_say_that_they_came_than_were_counted_are_named_but_in_a_series() -> None:
    found = Result("tasting", "Tasting", 14, 16, "keep", {**KEEP, "came": {"came": 9, "neither": 5}})
    one, other = (Attended("tasting", n, f"{n} came", True) for n in (6, 9))
    assert beside(found, [one]).endswith("9 say that they came, and 6 were counted: not everybody pressed.")
    assert "counted" not in beside(found, [other])
    assert beside(found, [one, one]) == "Attendance: 6 came. Both speak for it."


async def test_whoever_decides_reads_both(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    people = await learners(world, 6)
    await come(world, people[:2])
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, came="recording")
        await say(one, "The course as a whole")
    shown = await result(world)
    assert (
        "Attendance: 33 % came (2 of 6), 0 % by recording or instead: consider replacing it. "
        "They differ: few came, and the survey speaks for it."
    ) in shown
    assert shown.count("Attendance") == 1, "the course as a whole has none"
    assert "Attendance: 33 % came" in await result(world, "omar")
    world.app.storage.close()


async def test_too_few_people_are_said_to_be_too_few(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    people = await learners(world, 4)
    await come(world, people[:2])
    await world.until(LAST_WEEK)
    for one in people:
        await say(one)
    shown = await result(world)
    assert "too few people for a verdict. That is too few people to set beside the survey." in shown
    assert "counted" not in shown
    world.app.storage.close()
