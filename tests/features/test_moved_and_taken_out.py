"""What stands in messages follows when the start moves or something is taken out, as conversations."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen, Speaker
from tests.features.test_discussions import EVE, beginning, course_is, post
from tests.features.test_two_tabs import WITH_ALL
from tests.features.test_weekcard import change
from tests.kit import MONDAY, World, new_world

LATER = WITH_ALL.replace("opens: Mon 09:00, closes: Sat 18:00 cohort", "opens: Mon 09:00, closes: Sun 12:00 cohort")
GONE = WITH_ALL.partition("discussions:")[0] + "checkins:" + WITH_ALL.partition("checkins:")[2]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, now=EVE, course=WITH_ALL)
    yield made
    made.app.storage.close()


def check_in(speaker: Speaker) -> Seen:
    """The newest post of the check-in."""
    return [m for root in speaker.sees("general") for m in speaker.thread(root.id) if "The shared page" in m.text][-1]


async def test_a_receipt_says_until_when_the_post_can_be_edited_now(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await post(mia)
    assert "Edit until Sat 10 Jan, 18:00." in mia.find("Thank you, Mia").text
    course_is(world, LATER)
    await world.wait(minutes=1)
    assert "Edit until Sun 11 Jan, 12:00." in mia.find("Thank you, Mia").text


async def test_what_a_start_moves_is_open_when_it_says_so(world: World) -> None:
    (mia,) = await beginning(world, "Mia", until="2026-01-06T08:30:00Z")
    await post(mia)
    change(world, starts_on=MONDAY + timedelta(weeks=1))
    await world.wait(minutes=1)
    assert "Edit until Sat 17 Jan, 18:00." in mia.find("Thank you, Mia").text
    assert "Open from Tue 13 Jan, 09:00." in check_in(mia).text
    assert "Check in" not in check_in(mia).buttons
    await world.until("2026-01-13T08:30:00Z")
    assert "Open until Thu 15 Jan, 09:00." in check_in(mia).text
    assert "Check in" in check_in(mia).buttons


async def test_the_receipt_of_a_post_whose_discussion_was_taken_out_offers_what_still_works(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await post(mia)
    course_is(world, GONE)
    await world.wait(minutes=1)
    receipt = mia.find("Thank you, Mia")
    assert receipt.buttons == ["My part", "Take it back"]
    assert "Edit until" not in receipt.text
    assert "Next:" not in receipt.text
    course_is(world, WITH_ALL)
    await world.wait(minutes=1)
    assert "Edit until Sat 10 Jan, 18:00." in mia.find("Thank you, Mia").text


async def test_whoever_posted_can_edit_although_the_discussion_opens_later_now(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await post(mia)
    course_is(world, WITH_ALL.replace("opens: Mon 09:00", "opens: Wed 09:00"))
    await world.wait(minutes=1)
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    assert mia.form is not None
    await mia.submit({mia.form.fields[0].name: "Leaves are tea."})
    assert "Leaves are tea." in mia.find("Thank you, Mia").text


async def test_a_link_may_begin_with_a_capital_letter(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    await mia.command("submit")
    said = await mia.submit({"link": "Https://example.org/Draft"})
    assert not said.errors
    await world.wait(minutes=1)
    assert any("https://example.org/Draft" in m.text for m in mia.sees())
