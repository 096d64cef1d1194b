"""More time that learners ask for in discussions, check-ins and wrap-ups, as conversations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.core.forms import ChoiceField, Form
from storage.tables.milestones import RequestRow
from tests.features.test_checkins import check_in
from tests.features.test_discussion_replies import receipt
from tests.features.test_discussions import CLOSED, EVE, beginning, course_is, post, read, root, thread
from tests.features.test_erasure import everything
from tests.features.test_milestones import lines
from tests.features.test_more_time import accommodate, one_of
from tests.features.test_more_time_everywhere import AFTER_ALL, ALL, extend, on_card
from tests.features.test_talk import said
from tests.kit import World, new_world

AUTO = ALL.replace("title: The shared page,", "title: The shared page, extension: {auto: 2 days},")


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=AUTO)
    yield made
    made.app.storage.close()


async def asks(mia: Speaker, title: str) -> Form:
    """By 'Move my dates'; returns the form."""
    found = await mia.press(await mia.command("away"), "Move my dates")
    if label := next((b for b in found.buttons if title in b), ""):
        await mia.press(found, label)
    assert mia.form is not None
    assert title in mia.form.title
    return mia.form


async def test_more_time_for_a_discussion_is_asked_for_and_given_by_one_press(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    form = await asks(mia, "Bags or leaves")
    assert isinstance(form.fields[0], ChoiceField)
    assert form.fields[0].options[0].label == "1 day: Sun 11 Jan, 18:00 (ask)"
    asked = await mia.submit(days="2", reason="My father is ill.")
    assert "You asked for more time for Discuss: Bags or leaves, until Mon 12 Jan, 18:00." in asked.text
    card = mia.find("More time: Discuss: Bags or leaves")
    assert "Until they do, it closes Sat 10 Jan, 18:00." in card.text
    assert "> My father is ill." in card.text
    assert "You asked for more time for “Discuss: Bags or leaves”" in (await mia.command("")).text
    desk = await ines.command("desk")
    assert "Mia, “Discuss: Bags or leaves”: until Mon 12 Jan, 18:00, not Sat 10 Jan, 18:00" in desk.text
    done = await ines.press(desk, one_of(desk, "Yes"))
    assert "Discuss: Bags or leaves closes Mon 12 Jan, 18:00 for Mia now." in done.text
    assert "Requests" not in (await ines.command("desk")).text
    assert "Mon 12 Jan, 18:00" in on_card(mia)
    assert "Sat 10 Jan, 18:00" in on_card(ben)
    await world.until("2026-01-06T20:00:00Z")
    assert len(lines(mia.inbox(), "Yes: you have more time. Discuss: Bags or leaves closes Mon 12 Jan, 18:00")) == 1
    await world.until(CLOSED)
    await post(mia)
    assert "marked late" not in receipt(mia)
    theirs = (*ben.inbox(), root(ben).text, *thread(ben))
    assert not [text for text in theirs if "12 Jan, 18:00" in text or "father" in text]


async def test_a_request_within_auto_closes_a_check_in_later_at_once(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await world.until("2026-01-06T12:00:00Z")
    await asks(mia, "The shared page")
    said = await mia.submit(days="2")
    assert "The shared page" in said.text
    assert "closes Sat 10 Jan, 09:00 for you now" in said.text
    assert "Requests" not in (await world.chat.person("ines").command("desk")).text
    await world.until("2026-01-09T08:30:00Z")
    assert "late" not in await check_in(mia, done="A page.")
    assert "late" in await check_in(ben, done="A page.")


async def test_more_time_for_a_wrap_up_asked_after_its_close_opens_it_again(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await world.until(AFTER_ALL)
    await asks(mia, "Week 1 wrap-up")
    await mia.submit(days="3", reason="A cold")
    assert "If they say yes, it is open for you again." in mia.find("More time: Week 1 wrap-up").text
    desk = await ines.command("desk")
    await ines.press(desk, one_of(desk, "Yes"))
    await world.until("2026-01-13T12:00:00Z")
    assert len(lines(mia.inbox(), "Yes: you have more time.")) == 1
    assert "12:00" in mia.find("[Answer]").text
    await mia.press(mia.find("[Answer]"), "Answer")
    await mia.submit(done="The first page.")
    assert "Edit until Thu 15 Jan, 12:00" in mia.find("Thank you, ").text
    assert not [text for text in ben.inbox() if "A cold" in text or "15 Jan" in text]


async def test_an_accommodation_after_the_close_opens_what_closed_for_that_learner_again(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await world.until(AFTER_ALL)
    await accommodate(ines, world, "Mia", 5)
    await world.until("2026-01-13T12:00:00Z")
    for line in ("Discuss: Bags or leaves closes Thu 15 Jan, 18:00", "Week 1 wrap-up closes Sat 17 Jan, 12:00"):
        assert len(lines(mia.inbox(), line)) == 1, line
        assert not lines(ben.inbox(), line)
    page = (await mia.command("")).text
    assert "Thu 15 Jan, 18:00" in page
    assert "Sat 17 Jan, 12:00" in page
    await post(mia)
    assert "marked late" not in receipt(mia)
    assert "12:00" in mia.find("[Answer]").text
    await mia.press(mia.find("[Answer]"), "Answer")
    await mia.submit(done="The first page.")
    assert "Edit until Sat 17 Jan, 12:00" in mia.find("[Delete my answer]").text
    assert not [text for text in ben.inbox() if "15 Jan" in text or "17 Jan" in text]


@pytest.mark.parametrize(
    ("text", "title", "days"),
    [
        ("can I have two more days for the discussion?", "Discuss: Bags or leaves", "2"),
        ("may I have more time for Bags or leaves?", "Discuss: Bags or leaves", ""),
        ("I need one more day for the check-in", "The shared page", "1"),
        ("Please give me an extension for the discussion", "Discuss: Bags or leaves", ""),
        ("can I post in the discussion on Monday please?", "Discuss: Bags or leaves", "2"),
        ("Kann ich die Diskussion erst am Montag machen?", "Discuss: Bags or leaves", "2"),
    ],
)
async def test_words_lead_to_the_form_of_what_they_name(world: World, text: str, title: str, days: str) -> None:
    (mia,) = await beginning(world, "Mia")
    await world.until("2026-01-06T12:00:00Z")
    card = await said(mia, text)
    assert card.buttons[0] == "Ask for more time"
    assert f"for “{title}" in card.text
    await mia.press(card, "Ask for more time")
    await mia.press(mia.find("Nothing is moved yet."), "Choose the day")
    assert mia.form is not None
    assert title in mia.form.title
    assert mia.form.fields[0].value == days


async def test_a_discussion_whose_date_learners_may_not_move_is_for_the_course_team(tmp_path: Path) -> None:
    course = ALL.replace("title: Bags or leaves,", "title: Bags or leaves, extension: none,")
    world = new_world(tmp_path, now=EVE, course=course)
    (mia,) = await beginning(world, "Mia")
    assert (await said(mia, "more time for the discussion please")).buttons[
        0
    ] == "A private question to the course team"
    world.app.storage.close()


async def test_a_request_goes_with_what_it_is_about_and_closes_when_the_date_moves_for_all(world: World) -> None:
    mia, ines = (await beginning(world, "Mia"))[0], world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await asks(mia, "Bags or leaves")
    await mia.submit(days="2", reason="A secret reason")
    await extend(ines, "Bags or leaves", 3)
    assert "so you need no answer any more." in mia.find("Your request waits again if the date moves back.").text
    assert "Requests" not in (await ines.command("desk")).text
    await asks(mia, "Bags or leaves")
    await mia.submit(days="2", reason="Another reason")
    course_is(world, AUTO[: AUTO.index("discussions:")])
    await world.settle()
    assert "is not in the course any more. Nothing of your request is kept." in "\n".join(mia.inbox())
    assert "Another reason" not in everything(world)
    assert "A secret reason" not in everything(world)
    assert not world.rows(RequestRow)


async def test_whoever_is_done_needs_no_time_and_a_no_leaves_the_date(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    for learner in (mia, ben):
        await asks(learner, "Bags or leaves")
        await learner.submit(days="3")
    desk = await ines.command("desk")
    await ines.press(desk, one_of(desk, "Write back"))
    await ines.submit(text="Post what you have.")
    await world.until("2026-01-06T20:00:00Z")
    assert "It still closes Sat 10 Jan, 18:00." in mia.find("Ines answered your request for more time").text
    await post(mia)
    await post(ben)
    await ben.press(await read(ben), "Reply")
    await ben.submit(text="How do you know?")
    assert "Requests" not in (await ines.command("desk")).text


async def test_a_request_whose_work_came_in_says_so_and_waits_again_if_the_work_is_taken_back(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await asks(mia, "Bags or leaves")
    await mia.submit(days="2", reason="My father is ill.")
    await post(ben)
    await post(mia)
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="How do you know?")
    card = mia.find("request for more time")
    assert "Discuss: Bags or leaves came in, so nobody needs to answer" in card.text
    assert card.buttons == ["Take my request back"]
    assert "Requests" not in (await ines.command("desk")).text
    await mia.press(await mia.press(mia.find("Thank you, "), "Take it back"), "Yes, take it back")
    assert "Until they do, it closes Sat 10 Jan, 18:00." in mia.find("More time: Discuss").text
    assert "Mia, “Discuss: Bags or leaves”" in (await ines.command("desk")).text
    assert not [text for text in ben.inbox() if "father" in text]


async def test_what_is_posted_after_the_close_while_a_request_waits_is_late_no_more_with_a_yes(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await post(ben)
    await asks(mia, "Bags or leaves")
    await mia.submit(days="2", reason="A cold")
    await world.until(CLOSED)
    await post(mia)
    assert "(late)" in "".join(thread(ben))
    assert "If the course team says yes, it is not late any more." in mia.find("[Take my request back]").text
    await ines.press(desk := await ines.command("desk"), one_of(desk, "Yes"))
    assert "(late)" not in "".join(thread(ben))
    assert "marked late" not in receipt(mia)
    await world.wait(hours=24)
    assert len(lines(mia.inbox(), "Yes: you have more time.")) == 1


async def test_a_late_check_in_is_late_no_more_with_a_yes(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=ALL)
    mia, ben = await beginning(world, "Mia", "Ben")
    ines = world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await asks(mia, "The shared page")
    await mia.submit(days="3")
    await world.until("2026-01-08T12:00:00Z")
    assert "late" in await check_in(mia, done="A page.")
    await world.wait(minutes=10)
    assert "Mia, late" in "".join(m.text for m in ben.sees("general"))
    await ines.press(desk := await ines.command("desk"), one_of(desk, "Yes"))
    await world.wait(minutes=10)
    assert "Mia, late" not in "".join(m.text for m in ben.sees("general"))
    world.app.storage.close()
