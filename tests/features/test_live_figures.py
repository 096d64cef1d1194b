"""The figures of live sessions at their edges, as people meet them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.features.test_live import MONDAY, SUNDAY, course, tasting
from tests.features.test_live_proposed import SOUND, opened
from tests.features.test_live_verdict import come, figures, learners
from tests.features.test_live_ways_in import FILE
from tests.features.test_survey import LAST_WEEK, result, say
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ("Wed 08:00\nWed 21:30", ""),
        ("Wed 07:59\nWed 21:30", "07:59"),
        ("Wed 08:00\nWed 21:31", "21:31"),
    ],
)
async def test_waking_hours_are_from_eight_to_ten_with_both_ends(tmp_path: Path, slots: str, said: str) -> None:
    """Half an hour from 21:30 on ends at 22:00."""
    world = new_world(tmp_path, now=SUNDAY, course=FILE)
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    answer = await ines.submit({**SOUND, "slots": slots})
    if said:
        assert said in answer.errors["slots"]
        assert "outside 08:00-22:00 for everybody" in answer.errors["slots"]
    else:
        assert "Everybody has a time in waking hours." in answer.text
    world.app.storage.close()


async def test_it_is_judged_when_seven_days_are_over_and_not_a_minute_before(world: World) -> None:
    await come(world, (await learners(world, 6))[:3])
    ines = world.chat.person("ines")
    await world.until("2026-01-14T19:29:00Z")
    assert figures(world)["verdict"] is None
    assert "% came" not in (await ines.command("desk", place="general")).text
    await world.until("2026-01-14T19:31:00Z")
    assert figures(world)["verdict"] == "keep"
    assert "50 % came (3 of 6)" in (await ines.command("desk", place="general")).text


async def test_a_recording_is_missed_after_24_hours_until_it_is_there(world: World) -> None:
    await learners(world, 1)
    ines = world.chat.person("ines")
    await world.until("2026-01-08T19:29:00Z")
    assert "is not there yet" in (await ines.command("desk", place="general")).text
    await world.until("2026-01-08T19:31:00Z")
    desk = await ines.command("desk", place="general")
    assert "The recording of “Tasting”, week 1, is missing" in desk.text
    add = next(b for b in desk.buttons if b.startswith("Add the recording"))
    await ines.press(desk, add)
    await ines.submit({"url": "https://video.example.org/tea", "transcript": "captions"})
    desk = await ines.command("desk", place="general")
    assert not [b for b in desk.buttons if b.startswith("Add the recording")]


async def test_where_one_group_is_hidden_the_next_smallest_is_hidden_too(world: World) -> None:
    """Twelve: six, five and one. The one is not shown, and neither are the five, which would tell it."""
    people = await learners(world, 12)
    await world.until(LAST_WEEK)
    for n, one in enumerate(people):
        came = "came" if n < 6 else "recording" if n < 11 else "neither"
        await say(one, came=came)
    shown = await result(world)
    assert "12 of 12 answered" in shown
    came = shown.partition("Came:")[2].partition(".")[0]
    assert came.strip() == "Yes 6, No, or I watched the recording 6 (of 12)", "the two are counted as one"
