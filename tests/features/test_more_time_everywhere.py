"""More time on everything that closes, as conversations: each learner's own close is the one that counts for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.core.forms import ChoiceField
from tests.features.test_checkins import check_in
from tests.features.test_discussion_replies import receipt
from tests.features.test_discussions import CLOSED, EVE, TALK, beginning, post, read, root, thread
from tests.features.test_more_time import accommodate, number
from tests.kit import World, new_world

ALL = (
    TALK.replace("weekly_minutes: 300}", "weekly_minutes: 300, completion: all discussions}", 1)
    + """\
checkins:
  - {id: page, week: 1, title: The shared page, days: [Tue 09:00], minutes: 5}
"""
)
AFTER_ALL = "2026-01-12T12:00:00Z"
"""After the wrap-up's close, and before Mia's own close of the discussion."""


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=ALL)
    yield made
    made.app.storage.close()


def on_card(speaker: Speaker) -> str:
    return speaker.find("Week 1: One. ").text


async def test_who_has_more_time_posts_in_a_discussion_until_their_own_close(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await accommodate(ines, world, "Mia", 3)
    await world.until("2026-01-06T12:00:00Z")
    assert "Tue 13 Jan, 18:00" in on_card(mia)
    assert "Sat 10 Jan, 18:00" in on_card(ben)
    assert "Tue 13 Jan, 18:00" in (await mia.command("")).text
    await post(ben)
    assert "Post" in (await read(mia)).buttons, "she reads nobody before she has posted"
    await world.until(CLOSED)
    # The thread opens for all at once: nobody sees that somebody has more time.
    assert any("Bags are tea." in text for text in thread(ben))
    assert not [text for text in thread(ben) if "13 Jan" in text]
    assert "13 Jan" not in root(ben).text
    await post(mia, f0="Leaves are tea.")
    assert "marked late" not in receipt(mia)
    assert "Edit until Tue 13 Jan, 18:00" in receipt(mia)
    assert any("Leaves are tea." in text for text in thread(ben))
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="How do you know?")
    assert "1 of 1 discussion" in (await mia.command("")).text
    await world.until("2026-01-13T18:00:00Z")
    await mia.press(mia.find("Thank you, "), "Edit")
    assert mia.form is None, "her own close has passed"


async def test_who_has_more_time_is_late_in_nothing_before_their_own_close(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben", until="2026-01-05T07:30:00Z")
    ines = world.chat.person("ines")
    await accommodate(ines, world, "Mia", 3)
    await world.until("2026-01-09T08:30:00Z")
    assert "late" not in await check_in(mia, done="A page.")
    assert "late" in await check_in(ben, done="A page.")
    await world.until(AFTER_ALL)
    await mia.press(mia.find("Week 1 wrap-up"), "Answer")
    await mia.submit(done="The first page.")
    assert "Edit until Thu 15 Jan, 12:00" in mia.find("Thank you, ").text
    theirs = "\n".join([*ben.inbox(), (await ben.command("")).text])
    assert "15 Jan" not in theirs
    assert "13 Jan" not in theirs
    assert "Tue 13 Jan, 18:00" in (await mia.command("")).text


async def test_fewer_days_leave_what_is_open_as_it_was_promised(world: World) -> None:
    mia, _ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await accommodate(ines, world, "Mia", 3)
    said = await accommodate(ines, world, "Mia", 0)
    assert "Bags or leaves is open and keeps its date: Tue 13 Jan, 18:00" in said
    assert "13 Jan" in on_card(mia)
    said = await accommodate(ines, world, "Mia", 0, open="yes")
    assert "Bags or leaves is open and is due earlier now: Sat 10 Jan, 18:00" in said
    assert "10 Jan" in on_card(mia)


async def test_the_figures_of_the_week_count_nobody_as_missing_before_their_own_close(world: World) -> None:
    _mia, ben, _leo = await beginning(world, "Mia", "Ben", "Leo")
    omar = world.chat.person("omar")
    await accommodate(world.chat.person("ines"), world, "Mia", 3)
    await post(ben)
    await world.until(AFTER_ALL)
    assert "1 of 2" in next(x for x in (await omar.command("overview")).text.splitlines() if "Bags or leaves" in x)
    await world.until("2026-01-13T18:00:00Z")
    assert "1 of 3" in next(x for x in (await omar.command("overview")).text.splitlines() if "Bags or leaves" in x)


async def extend(ines: Speaker, what: str, days: int, person: str = "") -> tuple[str, str]:
    """By 'Extend a date': what it asks, and its answer."""
    await ines.press(await ines.press(await ines.command("week"), "Milestones"), "Extend a date")
    assert ines.form is not None
    choice = ines.form.fields[0]
    assert isinstance(choice, ChoiceField)
    value = next(option.value for option in choice.options if what in option.label)
    sure = await ines.submit(milestone=value, days=str(days), person=person)
    assert not sure.errors
    return sure.text, (await ines.press(sure, "Move it")).text


async def test_the_course_team_extends_a_discussion_for_one_or_for_all(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    sure, done = await extend(ines, "Bags or leaves", 2, number(world, "Mia"))
    assert "Bags or leaves for Mia?" in sure
    assert "12 Jan, 18:00" in done
    assert "Mon 12 Jan, 18:00" in on_card(mia)
    assert "Sat 10 Jan, 18:00" in on_card(ben)
    await extend(ines, "Bags or leaves", 1)
    assert "Tue 13 Jan, 18:00" in on_card(mia)
    assert "Sun 11 Jan, 18:00" in on_card(ben)
    assert "Open until Sun 11 Jan, 18:00" in root(ben).text
    await post(ben)
    await world.until(CLOSED)
    assert not any("Bags are tea." in text for text in thread(mia)), "the thread waits for the new close"
    await world.until("2026-01-11T17:30:00Z")
    assert any("Bags are tea." in text for text in thread(mia))
    await post(mia)
    assert "marked late" not in receipt(mia)


async def test_the_course_team_extends_a_check_in_and_a_wrap_up(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await extend(ines, "The shared page", 2)
    await world.until("2026-01-09T08:30:00Z")
    assert "late" not in await check_in(ben, done="A page.")
    await world.until("2026-01-10T12:00:00Z")
    await extend(ines, "wrap-up", 2, number(world, "Mia"))
    assert "Wed 14 Jan, 12:00" in mia.find("[Answer]").text
    assert "Mon 12 Jan, 12:00" in ben.find("[Answer]").text
    await extend(ines, "wrap-up", 1)
    assert "Thu 15 Jan, 12:00" in mia.find("[Answer]").text
    assert "Tue 13 Jan, 12:00" in ben.find("[Answer]").text
