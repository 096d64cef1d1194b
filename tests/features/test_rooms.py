"""Quiet rooms, as conversations. The first Monday is 5 January 2026, on which Berlin is an hour ahead of UTC."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import CannotSee, Chat, Seen, Speaker
from bot.app.cohorts import turn_in
from bot.app.compose import compose
from bot.app.features import make_registry
from bot.core.calendar import calendar
from bot.core.contributions import AGENDA, DATES, EXTRAS, FINDINGS, HELD, ON_WEEK, RUNS
from bot.core.timetable import Timetable
from bot.course.audit import audit
from bot.course.difference import changes
from bot.course.loader import check, load
from bot.course.weeks import follow
from storage.tables.rooms import RoomRow, SeatRow
from tests.features.test_after_the_end import end
from tests.features.test_conflicts import Tabs
from tests.features.test_erasure import copy, everything, forget
from tests.features.test_faq_privacy import use_course
from tests.features.test_held_posts import archive
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

ROOMS = f"""\
{COURSE}
rooms:
  - {{id: hour, title: The quiet hour, weekly: yes, slots: [Tue 09:00, Thu 19:00]}}
"""
MONDAY = "2026-01-05T08:30:00Z"
TUESDAY = "2026-01-06T08:01:00Z"
SECRET = "the letter to my landlord"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=ROOMS)
    yield made
    made.app.storage.close()


async def learners(world: World, *names: str) -> list[Speaker]:
    return [await world.learner(name.lower(), name) for name in names]


def posts(reader: Speaker, title: str = "Quiet room") -> list[Seen]:
    """The posts of rooms, as somebody sees them in the channel."""
    found = (m for m in reader.sees("general") if m.to is None and m.by == "bot")
    return [m for m in found if m.text.startswith((f"{title}, open", f"{title} has closed"))]


def post(reader: Speaker, title: str = "Quiet room") -> Seen:
    """The one post of a room."""
    found = posts(reader, title)
    assert len(found) == 1, [m.text[:60] for m in reader.sees("general")]
    return found[0]


def private(reader: Speaker) -> list[str]:
    """What somebody has of rooms in their direct messages, their week card left out."""
    return [text for text in reader.inbox() if "Quiet room" in text and not text.startswith("Week 1")]


async def open_room(speaker: Speaker, about: str = "", **more: str) -> None:
    await speaker.command("room")
    await speaker.submit(values={"about": about, **more})


async def join(speaker: Speaker, about: str = "", title: str = "Quiet room", **more: str) -> None:
    await speaker.press(post(speaker, title), "I am here")
    await speaker.submit(values={"about": about, **more})


async def say_done(speaker: Speaker, done: str = "", title: str = "Quiet room") -> None:
    await speaker.press(post(speaker, title), "What I got done")
    await speaker.submit(values={"done": done})


async def test_two_learners_work_side_by_side_and_nobody_else_hears_of_it(world: World) -> None:
    mia, ben, ana = await learners(world, "Mia", "Ben", "Ana")
    await world.until(MONDAY)
    before = ana.inbox()
    await open_room(mia, "the intro of my page")
    assert post(ben).thread is not None, "it stands in the thread of the week"
    assert "open until 10:20" in post(ben).text
    assert "Mia: the intro of my page" in post(ben).text
    await join(ben)
    assert "Mia: the intro of my page\n- Ben" in post(ana).text
    await say_done(mia, "The intro has an end")
    assert "Got done:" in post(ana).text
    assert "Mia: The intro has an end" in post(ana).text
    assert "the intro of my page" not in post(ana).text
    await world.until("2026-01-05T09:21:00Z")
    assert post(ana).text.startswith("Quiet room has closed.")
    assert len(private(ben)) == 1, "what told that they are in it tells that it closed"
    assert "Well worked." in private(ben)[0]
    await ben.press(ben.find("Well worked."), "What I got done")
    await ben.submit(values={"done": "Two pages read"})
    assert "Ben: Two pages read" in post(ana).text
    assert ana.inbox() == before
    assert len([m for m in ana.sees("general") if m.thread is None and m.by == "bot"]) == 1, "no post of its own"


async def test_a_room_opens_at_its_slot_and_leaves_nothing_if_nobody_comes(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    card = mia.find("Week 1: ").text
    assert "The quiet hour, if you like to work beside others: " in card
    assert card.count("The quiet hour") == 1
    await world.until(TUESDAY)
    assert "Nobody is here at the moment." in post(ben, "The quiet hour").text
    assert "open until 09:50" in post(ben, "The quiet hour").text
    await world.until("2026-01-06T09:00:00Z")
    assert posts(ben, "The quiet hour") == []
    await world.until("2026-01-08T18:01:00Z")
    await join(ben, title="The quiet hour")
    await ben.press(ben.find("You are in The quiet hour"), "Leave")
    assert "Nobody is here" in post(mia, "The quiet hour").text, "a slot keeps its room open until its end"


async def test_no_name_is_shown_of_somebody_who_prefers_none(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, SECRET, nameless="yes")
    assert f"someone: {SECRET}" in post(ben).text
    assert "Mia" not in post(ben).text
    await say_done(mia, "Sent it")
    assert "someone: Sent it" in post(ben).text
    assert "Mia" not in post(ben).text


async def test_whoever_shows_their_name_without_meaning_to_is_asked(world: World) -> None:
    mia, ben = await learners(world, "Mia-Finch", "Ben")
    await world.until(MONDAY)
    await mia.command("room")
    asked = await mia.submit(about="Finch's essay", nameless="yes")
    assert asked.errors["about"] == "Your name stands in it."
    assert asked.errors[""] == "Change it, or send it again as it is."
    assert posts(ben) == []
    assert not (await mia.submit(about="An essay", nameless="yes")).errors
    await mia.press(mia.find("You are in Quiet room"), "What I got done")
    assert "Your name stands in it." in (await mia.submit(done="Mia is done", then="stay")).errors["done"]
    assert not (await mia.submit(done="Mia is done", then="stay")).errors
    assert "someone: Mia is done" in post(ben).text, "as they said so"
    await mia.press(mia.find("You are in Quiet room"), "Change")
    assert not (await mia.submit(about="Finch's essay", nameless="")).errors, "with their name nobody is asked"
    await join(ben, about="Ben reads")
    await ben.press(ben.find("You are in Quiet room"), "Change")
    assert (await ben.submit(nameless="yes")).errors["about"] == "Your name stands in it."


async def test_whoever_leaves_vanishes_and_the_last_one_closes_the_room(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, SECRET)
    await join(ben)
    await mia.press(mia.find("You are in Quiet room"), "Leave")
    assert "Mia" not in post(ben).text
    assert SECRET not in post(ben).text
    assert "The post does not have you any more." in mia.inbox()[-1]
    assert SECRET not in everything(world)
    await say_done(ben)
    assert posts(mia) == []
    assert world.rows(SeatRow) == []
    assert "closed" in (await forge_in(world, mia, "rooms", "here", "1"))


async def test_what_one_works_on_is_changed_and_what_one_got_done_is_taken_back_at_once(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, SECRET)
    await join(ben)
    await mia.press(mia.find("You are in Quiet room"), "Change")
    assert mia.form is not None
    assert mia.form.fields[0].value == SECRET
    await mia.submit(values={"about": "my page"})
    assert "Mia: my page" in post(ben).text
    assert SECRET not in everything(world)
    await say_done(mia, "The pigeon letter")
    await mia.press(mia.find("What you got done in Quiet room"), "Edit")
    await mia.submit(values={"done": "The first letter"})
    assert "Mia: The first letter" in post(ben).text
    await mia.press(mia.find("What you got done in Quiet room"), "Take it back")
    assert "Mia" not in post(ben).text
    assert "letter" not in everything(world)


async def test_pressing_twice_two_tabs_and_two_who_open_make_one_room(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.command("room")
    await ben.command("room")
    await mia.submit(values={"about": "one"}, delivery="same")
    await mia.command("room")
    await ben.submit(values={"about": "two"}, delivery="same-2")
    await mia.submit(values={"about": "three"})
    assert "- Mia: three\n- Ben: two" in post(ben).text
    assert len(world.rows(RoomRow)) == 1
    assert len(world.rows(SeatRow)) == 2
    await mia.press(post(mia), "I am here")
    await mia.press(mia.find("You are in Quiet room"), "Leave")
    await world.wait(minutes=1)
    await mia.press(mia.find("You left Quiet room"), "I am here")
    await mia.submit(values={"about": "four"})
    assert "- Ben: two\n- Mia: four" in post(ben).text


async def test_an_end_in_a_downtime_and_a_slot_in_one(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, "my page")
    await join(ben, "mine")
    await world.jump("2026-01-05T12:00:00Z")
    assert post(ben).text.startswith("Quiet room has closed.")
    assert "mine" not in post(ben).text
    await say_done(ben, "All of it")
    assert "Ben: All of it" in post(mia).text
    await world.jump("2026-01-06T08:30:00Z")
    assert "open until 09:50" in post(mia, "The quiet hour").text, "it opens late, and keeps its end"
    await world.jump("2026-01-08T18:45:00Z")
    assert posts(mia, "The quiet hour") == [], "five minutes are too few"


async def test_a_day_after_it_closed_a_room_keeps_nothing_of_those_who_said_nothing(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, SECRET)
    await join(ben, "my page")
    await say_done(ben, "A page")
    await world.until("2026-01-06T09:30:00Z")
    assert [row.person for row in world.rows(SeatRow)] == [row.person for row in world.rows(SeatRow, done="A page")]
    assert SECRET not in everything(world)
    assert post(mia).buttons == []
    assert "Ben: A page" in post(mia).text
    assert "What I got done" not in mia.find("Quiet room has closed").buttons


async def test_nothing_of_a_room_outlasts_the_run(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, SECRET)
    await join(ben, "my pigeon page")
    await say_done(ben, "The pigeon page")
    await end(world)
    assert posts(mia) == []
    assert private(ben) == []
    said = "".join(m.text for m in mia.sees("general") if m.by == "bot")
    assert "Ben" not in said
    assert "pigeon" not in said
    assert world.rows(RoomRow) == []
    assert SECRET not in everything(world)
    assert "pigeon" not in everything(world)


async def test_leaving_and_being_forgotten_take_everything_out_of_the_post(world: World) -> None:
    mia, ben, ana = await learners(world, "Mia", "Ben", "Ana")
    await world.until(MONDAY)
    await open_room(mia, SECRET)
    await join(ben, "the pigeon page")
    await join(ana)
    await say_done(mia, "Two more pigeons")
    rows = copy(world, "mia")[0]
    assert "Two more pigeons" in str(rows)
    await forget(world, "mia")
    assert "pigeons" not in post(ana).text
    await ben.press(await ben.command("leave"), "Leave")
    assert "Ben" not in post(ana).text
    assert "pigeon" not in everything(world)
    assert [line for line in post(ana).text.split("\n") if line.startswith("- ")] == ["- Ana"]


async def test_sixty_people_in_one_room_stay_one_short_post(world: World) -> None:
    people = await learners(world, *(f"Learner{n}" for n in range(60)))
    await world.until(MONDAY)
    await open_room(people[0], minutes="90")
    for one in people[1:]:
        await join(one)
    assert "- Learner19" in post(people[0]).text
    assert "- … and 40 more" in post(people[0]).text
    for n, one in enumerate(people):
        await join(one, f"{n} " + "w" * 78)
    assert len(post(people[0]).text) < 1900
    assert " more" in post(people[0]).text


async def test_what_people_type_calls_nobody_and_is_one_line(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, "@everyone *look*\n<!channel> https://example.org")
    assert "Mia: @everyone *look* <!channel> https://example.org" in post(ben).text


async def test_a_room_of_the_course_team_stays_open_and_needs_no_rooms_in_the_course(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=COURSE)
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert "quiet" not in (await mia.command("")).text.lower()
    ines = world.chat.person("ines")
    await open_room(ines, "your drafts", minutes="25")
    assert "Ines: your drafts" in post(mia).text
    assert "Quiet room is open until 09:55. One is there." in (await mia.command("")).text
    await say_done(ines)
    assert "Nobody is here at the moment." in post(mia).text
    await world.until("2026-01-05T08:56:00Z")
    assert posts(mia) == []
    world.app.storage.close()


async def test_ones_page_has_the_way_in(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(MONDAY)
    page = await mia.command("")
    assert "work silently beside others" in page.text
    await mia.press(page, "Open a quiet room")
    await mia.submit()
    assert "You are in Quiet room" in (await mia.command("")).text
    assert "quiet" not in (await mia.command("next")).text.lower(), "nobody is asked to come"


async def test_whoever_comes_into_another_room_leaves_the_first(tmp_path: Path) -> None:
    course = f"{ROOMS}  - {{id: early, title: The early hour, weekly: yes, slots: [Tue 08:40]}}\n"
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=course)
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until("2026-01-06T07:41:00Z")
    await join(mia, title="The early hour")
    await join(ben, title="The early hour")
    await world.until(TUESDAY)
    await join(mia, title="The quiet hour")
    assert "Mia" not in post(ben, "The early hour").text
    assert "Mia" in post(ben, "The quiet hour").text
    world.app.storage.close()


async def test_a_room_that_is_open_at_a_slot_becomes_that_of_the_slot(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until("2026-01-06T07:40:00Z")
    await open_room(mia, "my page", minutes="25")
    await world.until(TUESDAY)
    assert posts(ben) == []
    assert "open until 09:50" in post(ben, "The quiet hour").text
    assert "Mia: my page" in post(ben, "The quiet hour").text
    assert "You are in The quiet hour, until 09:50" in mia.find("my page").text
    await world.until("2026-01-06T08:30:00Z")
    await mia.press(mia.find("my page"), "Leave")
    assert "Nobody is here" in post(ben, "The quiet hour").text
    await world.until("2026-01-06T08:51:00Z")
    assert posts(ben, "The quiet hour") == []


async def test_one_press_has_one_answer(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, "my page")
    for person, act in ((mia, "You are in Quiet room"), (ben, "You are in Quiet room")):
        before = [*person.inbox(), *(m.text for m in person.sees("general") if m.to)]
        await join(person, "another page")
        after = [*person.inbox(), *(m.text for m in person.sees("general") if m.to)]
        assert sum(act in text for text in after) == 1, after
        assert len(after) - len(before) == (0 if person is mia else 1)
        await person.command("room", place="general")
        await person.submit(values={"about": "a third page"})
        assert sum(act in text for text in [*person.inbox(), *(m.text for m in person.sees("general") if m.to)]) == 1


async def test_whoever_got_something_done_may_go_on_and_leaves_when_they_like(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia, "my page")
    await mia.press(mia.find("You are in Quiet room"), "What I got done")
    await mia.submit(values={"done": "The intro", "then": "stay"})
    assert "- Mia: my page\nGot done:\n- Mia: The intro" in post(ben).text
    mine = mia.find("You are in Quiet room")
    assert "The intro" in mine.text
    await mia.press(mine, "Change")
    await mia.submit(values={"about": "the next page"})
    assert "- Mia: the next page\nGot done:\n- Mia: The intro" in post(ben).text
    await mia.press(mia.find("You are in Quiet room"), "Leave")
    assert "next page" not in post(ben).text
    assert "Mia: The intro" in post(ben).text
    assert "next page" not in everything(world)
    await mia.press(mia.find("What you got done in Quiet room"), "Take it back")
    assert posts(ben) == []
    assert "The intro" not in everything(world)


async def test_a_room_lasts_over_midnight_and_a_restart(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until("2026-01-11T22:40:00Z")
    await open_room(mia, "my page")
    await world.jump("2026-01-11T23:05:00Z")
    assert "open until 00:30" in post(ben).text
    await join(ben, "mine")
    assert "- Mia: my page\n- Ben: mine" in post(mia).text
    await world.jump("2026-01-11T23:31:00Z")
    assert post(mia).text.startswith("Quiet room has closed.")
    assert len([text for text in ben.inbox() if "Quiet room has closed" in text]) == 1


async def test_a_later_slot_of_the_same_room_takes_over_the_earlier_one(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=ROOMS.replace("Thu 19:00", "Tue 09:30"))
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await join(mia, "my page", title="The quiet hour")
    await world.until("2026-01-06T08:31:00Z")
    assert "open until 10:20" in post(ben, "The quiet hour").text, "one room, which stays open longer"
    assert "Mia: my page" in post(ben, "The quiet hour").text
    assert "until 10:20" in mia.find("You are in The quiet hour").text
    await world.until("2026-01-06T08:51:00Z")
    assert "open until 10:20" in post(ben, "The quiet hour").text, "the end of the earlier slot closes nothing"
    await world.until("2026-01-06T09:21:00Z")
    assert "Well worked." in mia.find("The quiet hour has closed").text
    assert len([text for text in mia.inbox() if "The quiet hour has closed" in text]) == 1
    world.app.storage.close()


async def test_a_new_process_goes_on_with_the_room(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until("2026-01-11T22:40:00Z")
    await open_room(mia, "my page")
    world.app.storage.close()
    world.clock.wind(world.at("2026-01-11T23:05:00Z"))
    sandbox = world.chat.sandbox
    again = compose(str(world.app.storage.engine.url), world.clock, [sandbox])
    sandbox._bot = again.runtime
    world.app, world.chat = again, Chat(sandbox, settle=again.runtime.settle)
    mia, ben = (world.chat.person(one) for one in ("mia", "ben"))
    await world.settle()
    assert "Mia: my page" in post(ben).text
    await join(ben, "mine")
    await mia.press(mia.find("You are in Quiet room"), "Change")
    await mia.submit(values={"about": "the next page"})
    assert "- Mia: the next page\n- Ben: mine" in post(mia).text
    await world.until("2026-01-11T23:31:00Z")
    assert post(ben).text.startswith("Quiet room has closed.")
    for person in (mia, ben):
        assert len([text for text in person.inbox() if "Quiet room has closed" in text]) == 1


async def test_slots_follow_the_course_file_and_summer_time(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-03-22T08:00:00Z", course=ROOMS, starts_on=date(2026, 3, 23))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-03-24T08:01:00Z")
    assert "open until 09:50" in post(mia, "The quiet hour").text
    await use_course(world, ROOMS.replace("Thu 19:00", "Thu 20:00"))
    await world.until("2026-03-26T18:01:00Z")
    assert posts(mia, "The quiet hour") == []
    await world.until("2026-03-26T19:01:00Z")
    assert "open until 20:50" in post(mia, "The quiet hour").text
    await world.until("2026-03-31T07:01:00Z")
    assert "open until 09:50" in post(mia, "The quiet hour").text, "nine o'clock is an hour earlier now"
    await use_course(world, COURSE)
    await world.until("2026-04-02T18:30:00Z")
    assert posts(mia, "The quiet hour") == []
    world.app.storage.close()


async def test_a_slot_with_another_title_and_time_opens_no_second_room(world: World) -> None:
    mia, _ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await mia.press(post(mia, "The quiet hour"), "I am here")
    await mia.submit(about="a chapter")
    await use_course(world, ROOMS.replace("The quiet hour", "Work beside others").replace("Tue 09:00", "Tue 09:15"))
    await world.until("2026-01-06T08:16:00Z")
    assert posts(mia, "The quiet hour") == []
    only = post(mia, "Work beside others")
    assert "a chapter" in only.text
    assert "open until 10:05" in only.text


async def test_a_slot_at_night_opens_no_room_unless_the_course_says_so(tmp_path: Path) -> None:
    night = ROOMS.replace("Tue 09:00", "Tue 23:30")
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=night)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T22:31:00Z")
    assert posts(mia, "The quiet hour") == []
    assert "23:30" not in mia.find("Week 1: ").text
    await open_room(mia, "my page")
    assert "Mia: my page" in post(mia).text, "by hand it opens at any hour"
    await use_course(world, night.replace("weekly: yes", "weekly: yes, any_hour: yes"))
    await world.until("2026-01-13T22:31:00Z")
    assert "open until 00:20" in post(mia, "The quiet hour").text
    world.app.storage.close()


async def test_buttons_of_others_and_of_other_rooms_do_nothing(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia)
    assert "You are not in this room." in await forge_in(world, ben, "rooms", "done", "1")
    assert "You are not in this room." in await forge_in(world, ben, "rooms", "leave", "1")
    assert "not here any more" in await forge_in(world, ben, "rooms", "here", "99")
    with pytest.raises(CannotSee):
        await ben.press(post(ben), "Leave")


async def test_a_room_without_slots_is_opened_by_hand_and_the_course_team_reads_what_would_suit(tmp_path: Path) -> None:
    course = ROOMS.replace(", slots: [Tue 09:00, Thu 19:00]", "")
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=course)
    mia = await world.learner("mia", "Mia")
    await world.learner("kim", "Kim", "Asia/Tokyo")
    await world.until(MONDAY)
    assert "A quiet room: work silently beside others, whenever you like." in mia.find("Week 1: ").text
    said = (await world.chat.person("ines").command("week", place="general")).text
    assert "These would suit your learners: slots: [" in said, said
    assert "suit your learners" not in (await mia.command("")).text
    world.app.storage.close()


async def test_in_a_channel_that_takes_no_posts_nobody_is_kept_in_the_dark(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    archive(world, "general")
    await open_room(mia, "my page")
    await world.wait(minutes=1)
    assert "The channel takes no posts at the moment" in mia.find("You are in Quiet room").text
    await ben.press(ben.find("Week 1: "), "Open a quiet room")
    await ben.submit()
    assert "so the others do not see it yet" in ben.find("You are in Quiet room").text
    await world.chat.sandbox.unarchive("general")
    await world.wait(minutes=5)
    assert "- Mia: my page\n- Ben" in post(ben).text
    assert "The others read your name." in mia.find("You are in Quiet room").text
    assert not [text for text in mia.inbox() if "was archived" in text], "nobody is told of it"


async def test_where_no_post_can_stand_nobody_opens_a_room(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    archive(world, "general")
    await open_room(mia, "my page")
    await mia.press(mia.find("You are in Quiet room"), "Leave")
    assert "nobody would see a room" in (await ben.command("room")).text


async def test_two_tabs_show_both_texts_before_one_replaces_the_other(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(MONDAY)
    await open_room(mia, "my page")
    tabs = Tabs(world, mia)
    await mia.press(mia.find("You are in Quiet room"), "Change")
    first = tabs.form
    await mia.press(mia.find("You are in Quiet room"), "Change")
    second = tabs.form
    await tabs.send(second, about="the newer one")
    assert (await tabs.send(first, about="the older one")).form is not None
    await world.settle()
    assert "Mia: the newer one" in post(mia).text


# In the course file


def test_what_is_wrong_with_a_room_is_said() -> None:
    def found(room: str) -> list[tuple[str, str]]:
        return [(p.code, p.fix) for p in check(f"{COURSE}rooms:\n  - {room}\n") if p.severity == "error"]

    assert found("{id: hour, weekly: yes}") == []
    assert [code for code, _fix in found("{id: hour, slots: [Tue 09:00]}")] == ["missing"]
    assert [code for code, _fix in found("{id: hour, weekly: yes, slots: [week 2 Tue 09:00]}")] == ["week"]
    assert [code for code, _fix in found("{id: hour, weekly: yes, slots: [Tue 09:00, Tue 09:00]}")] == ["duplicate-day"]
    assert [code for code, _fix in found("{id: hour, weekly: yes, minutes: 3}")] == ["range"]
    ((code, fix),) = found("{id: hour, weekly: yes, slots: [Tue 09:00 learner]}")
    assert code == "clock"
    assert "Tue 09:00 cohort" in fix


def test_rooms_take_no_minutes_and_are_in_the_difference() -> None:
    without, course = load(COURSE), load(ROOMS)
    assert [course.minutes(week) for week in (1, 2, 3)] == [without.minutes(week) for week in (1, 2, 3)]
    (change,) = changes(without, course)
    assert (change.kind, change.item) == ("added", "Quiet room hour: The quiet hour")
    (moved,) = changes(course, load(ROOMS.replace("Thu 19:00", "Thu 20:00")))
    assert [fact.label for fact in moved.facts] == ["slots"]


def test_slots_at_night_are_told_and_times_that_suit_are_suggested() -> None:
    berlin = Timetable(date(2026, 1, 5), "Europe/Berlin")
    zones = ["Europe/Berlin"] * 2 + ["Asia/Tokyo"]
    assert [p.code for p in audit(load(ROOMS), zones, berlin)] == [], "a slot need not suit everybody"
    (night,) = audit(load(ROOMS.replace("Thu 19:00", "Thu 03:00")), zones, berlin)
    assert (night.path, night.code) == ("rooms[0].slots[1]", "room-slots")
    assert "is at night for 67 % of the learners" in night.message
    (none,) = audit(load(ROOMS.replace(", slots: [Tue 09:00, Thu 19:00]", "")), zones, berlin)
    assert none.code == "room-slots"
    assert re.search(r"Write `slots: \[\w{3} \d\d:00, \w{3} \d\d:00\]`", none.fix), none.fix


def test_an_inserted_week_takes_the_room_of_its_week_with_it() -> None:
    before = load(ROOMS.replace("weekly: yes, slots", "week: 2, slots"))
    text = ROOMS.replace("weekly: yes, slots", "week: 2, slots")
    longer = text.replace("weeks:\n", "weeks:\n  - {title: Zero, goal: Come, minutes: 60}\n")
    assert load(follow(before, longer)).rooms[0].weeks == (3,)


async def test_the_calendar_has_the_slots(world: World) -> None:
    turned = turn_in(
        world.app.storage, world.app.registry, "demo", "rooms", lambda t: calendar(t, t.here, "Europe/Berlin")
    )
    found = [(d.at.isoformat()[:16], d.minutes) for d in turned if d.subject == "The quiet hour"]
    assert found[:2] == [("2026-01-06T08:00", 50), ("2026-01-08T18:00", 50)]
    assert len(found) == 6


def test_rooms_add_nothing_to_any_view_that_counts_people() -> None:
    """The post promises that nobody counts who comes. What is allowed here is about rooms, their times and their own
    people's pages."""
    allowed = {kind.name for kind in (AGENDA, DATES, EXTRAS, FINDINGS, HELD, ON_WEEK, RUNS)}
    (rooms,) = (feature for feature in make_registry().features if feature.name == "rooms")
    assert {*rooms.contributions} <= allowed
