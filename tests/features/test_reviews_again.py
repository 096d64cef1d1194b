"""Reviews that were taken back, given back or changed, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_after_the_end import end
from tests.features.test_reviews import MONDAY, REVIEWED, TUESDAY, cohort, review, write
from tests.features.test_weekcard import change
from tests.kit import World, new_world

ONE = REVIEWED.replace("reviews: 2\n", "reviews: 1\n")


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=ONE)
    yield made
    made.app.storage.close()


async def take_out(world: World, author: str, reviewer: str) -> None:
    ines = world.chat.person("ines")
    matrix = await ines.press(await ines.command(""), "Who reviews whom")
    opened = await ines.press(await ines.press(matrix, author), f"Open: {reviewer}")
    await ines.press(opened, "Take it back")
    assert not (await ines.submit(values={"why": "It was about something else"})).errors


async def test_whoever_is_asked_for_one_more_hears_it_with_the_button(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.until(TUESDAY)
    await take_out(world, "Mia", "Ben")
    await world.until("2026-01-14T09:30:00Z")
    word = ben.find("took back your review")
    assert "One more is asked of you; it is taken until Thu 22 Jan, 20:00." in word.text
    # A reminder of the same hour has the button already.
    button = next(label for label in word.buttons if label.startswith("Review"))
    assert "The words of Cem" in (await ben.press(word, button)).text
    assert mia


async def test_whose_only_review_was_taken_back_hears_the_kind_word(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.until(TUESDAY)
    await take_out(world, "Mia", "Ben")
    await world.until("2026-01-28T12:00:00Z")
    assert any("there is no review of your work so far" in text for text in mia.inbox())


async def test_the_only_piece_that_was_given_back_is_not_called_another_one(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    given = await mia.press(await review(mia), "Give it back")
    assert "It was the only one for you" in given.text
    assert given.buttons == ["Take it again"]
    assert "The words of Ben" in (await mia.press(given, "Take it again")).text


async def test_another_one_is_another_one(world: World) -> None:
    mia, _ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    first = await review(mia)
    assert "The words of Ben" in first.text
    given = await mia.press(first, "Give it back")
    assert "The words of Cem" in (await mia.press(given, "Review another one")).text


async def test_a_review_is_changed_until_its_author_has_it(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    receipt = await write(mia, await review(mia), best="A typing mistke")
    assert "You can change it until Tue 13 Jan, 00:00, and after that the author gets it." in receipt.text
    await mia.press(receipt, "Edit")
    assert not (await mia.submit(values={"point_4f5742ef": "A typing mistake", "point_4fc858b7": "Nothing"})).errors
    await world.until(TUESDAY)
    came = ben.find("1 review of your work")
    assert "A typing mistake" in came.text
    assert not any("mistke" in text for text in ben.inbox())
    assert "on its way to its author" in (await mia.press(receipt, "Edit")).text


async def test_the_card_and_the_form_name_the_date(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(mia)
    assert "Your review is due Thu 15 Jan, 20:00, and marked late after that. The piece is kept for you" in piece.text
    await mia.press(piece, "Write the review")
    assert mia.form is not None
    assert "Due Thu 15 Jan, 20:00." in mia.form.intro


async def test_a_piece_is_kept_as_promised_also_if_the_date_moves_into_the_past(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until("2026-01-20T09:30:00Z")
    piece = await review(mia)
    assert "is kept for you until Thu 22 Jan, 10:30" in piece.text
    change(world, ONE.replace("due: Thu 20:00 cohort", "due: Mon 07:00 cohort"))
    await world.settle()
    await write(mia, piece)
    await world.until("2026-01-21T09:30:00Z")
    assert "The second paragraph" in ben.find("1 review of your work").text


async def test_a_review_can_be_changed_until_midnight_also_if_the_cohort_is_ended_before(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    receipt = await write(mia, await review(mia))
    assert "You can change it until Tue 13 Jan, 00:00, and after that the author gets it." in receipt.text
    await end(world)
    assert not any("review of your work" in text for text in ben.inbox())
    await mia.press(receipt, "Edit")
    assert mia.form is not None
    point = next(iter(mia.form.fields)).name
    await mia.submit(values={point: "Changed after the end"})
    await world.until("2026-01-13T09:00:00Z")
    (bundle,) = [text for text in ben.inbox() if "1 review of your work" in text]
    assert "Changed after the end" in bundle


async def test_at_the_minute_of_its_date_work_is_due_and_not_late(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T08:00:00Z")
    page = (await mia.command("")).text
    assert "is in time until" not in page
    assert "is due Mon 12 Jan, 09:00" in page
    await world.until("2026-01-12T08:01:00Z")
    assert "marked late" in (await mia.command("")).text
