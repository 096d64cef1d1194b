"""What was typed into a form and not sent is in it when its button is pressed again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_reviews import BEST, FIRST, MONDAY, REVIEWED, cohort, review
from tests.kit import World, new_world

LONG = "x" * 40_000


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED)
    yield made
    made.app.storage.close()


def in_form(speaker: Speaker) -> dict[str, str]:
    assert speaker.form is not None
    return {f.name: f.value for f in speaker.form.fields}


async def test_a_refused_review_that_was_closed_comes_back_by_its_button(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(mia)
    await mia.press(piece, "Write the review")
    assert (await mia.submit(point0=BEST)).errors
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert in_form(mia) == {"point0": BEST, "point1": ""}
    assert (await mia.submit(point0=f"{BEST}, and the last")).errors
    await world.wait(minutes=1)
    await mia.press(piece, "Write the review")
    assert in_form(mia)["point0"] == f"{BEST}, and the last", "the newest"
    assert not (await mia.submit(point1=FIRST)).errors


async def test_what_was_sent_does_not_come_back(world: World) -> None:
    (mia,) = await cohort(world, "Mia")
    await mia.command("ask")
    assert (await mia.submit(text=LONG)).errors
    await world.wait(minutes=1)
    await mia.command("ask")
    assert in_form(mia)["text"] == LONG
    assert not (await mia.submit(text="How long may it be?")).errors
    await world.wait(minutes=1)
    await mia.command("ask")
    assert in_form(mia)["text"] == ""


async def test_words_for_an_older_version_do_not_come_back(world: World) -> None:
    """They would replace what was stored since."""
    (mia,) = await cohort(world, "Mia")
    receipt = mia.find("Thank you, Mia")
    await mia.press(receipt, "Edit")
    assert (await mia.submit(text=LONG)).errors
    await world.wait(minutes=1)
    await mia.press(receipt, "Edit")
    assert in_form(mia)["text"] == LONG
    assert not (await mia.submit(text="Other words")).errors
    await world.wait(minutes=1)
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    assert in_form(mia)["text"] == "Other words"
