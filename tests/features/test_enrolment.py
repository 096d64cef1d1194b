"""Enrolment, as conversations."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen
from bot.app.cohorts import create_cohort
from bot.core.time import parse_instant
from tests.kit import COURSE, PLAN, World, new_world


async def test_a_learner_joins_and_is_welcomed(world: World) -> None:
    mia = world.chat.person("mia", "Mia", "America/New_York")
    reply = await mia.command("join", world.join_code)
    assert "Welcome to Demo course, Mia" in reply.text
    card = mia.last()
    assert "America/New York, now 03:00" in card.text
    assert card.buttons == ["Hour", "Change my zone"]


async def test_joining_twice_says_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "already" in (await mia.command("join", world.join_code.lower())).text


async def test_a_wrong_code_says_what_to_do(world: World) -> None:
    mia = world.chat.person("mia", "Mia")
    assert "copy it from your invitation" in (await mia.command("join", "NOPE")).text
    assert (await mia.command("join")).form is not None


async def test_a_zone_is_found_by_its_city(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(mia.last(), "Change my zone")
    assert (await mia.submit(zone="Atlantis")).errors["zone"].startswith("No zone")
    assert "Asia/Kolkata" in (await mia.submit(zone="kolkata")).text
    assert "Asia/Kolkata" in mia.find("Welcome").text


async def test_one_of_several_zones_is_picked(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(mia.last(), "Change my zone")
    several = await mia.submit(zone="indiana")
    done = await mia.press(several, "Zone", "America/Indiana/Knox")
    assert "America/Indiana/Knox" in done.text


def hours(card: Seen | None) -> list[str]:
    """The hours that a card offers."""
    return [o["label"] for c in (card.controls if card else ()) if c["label"] == "Hour" for o in c["options"]]


async def test_the_hour_is_picked_on_the_card(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(mia.last(), "Hour", "11:00")
    assert "11:00 your time" in mia.find("Welcome").text


async def test_learners_pick_among_the_hours_of_their_courses(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + "messages: {hours: 10:30-13:00}\n")
    mia = await world.learner("mia", "Mia")
    card = mia.find("Welcome to Demo course")
    assert "I write to you at: 10:30 your time" in card.text
    assert hours(card) == hours((await mia.command("settings")).reply) == ["10:30", "11:00", "12:00"]
    # Instructors choose when their desk comes.
    assert len(hours((await world.chat.person("ines").command("settings")).reply)) == 24
    # With a second course there are more, and each card says when its own course writes.
    course = COURSE.replace("Demo course", "Other course") + "messages: {hours: 12:00-15:00}\n"
    other = replace(PLAN, code="other", course_text=course, channels={"main": world.chat.channel("other")})
    await mia.command("join", create_cohort(world.app.storage, world.app.registry, other)[1])
    done = await mia.press(await mia.command("settings"), "Hour", "14:00")
    assert hours(done.reply) == ["10:30", "11:00", "12:00", "13:00", "14:00"]
    assert "Hour: 14:00 your time" in done.text
    assert "I write to you at: 14:00 your time" in mia.find("Welcome to Other course").text
    assert "I write to you at: 12:00 your time" in mia.find("Welcome to Demo course").text
    world.app.storage.close()


async def test_leaving_asks_first_and_can_be_undone(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    left = await mia.press(await mia.command("leave"), "Leave")
    assert world.join_code in left.text
    assert "no cohort" in (await mia.command("")).text
    assert "Welcome" in (await mia.command("join", world.join_code)).text


async def test_only_managers_name_instructors(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    for person in (mia, ines):
        assert "for the managers of a cohort" in (await person.command("setup")).text
    form = (await omar.press(await omar.command("setup"), "Name somebody")).form
    assert form is not None
    person = next(o for o in await world.chat.sandbox.people_for(form, "omar", "dm:omar") if o.label == "Mia")
    done = await omar.submit(person=person.value, role="instructor")
    assert "Mia is now an instructor of Demo course." in done.text
    assert "You are now an instructor" in mia.last().text


async def test_a_second_account_is_the_same_person(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    code = (await mia.command("link")).text.split("/cohort link ")[1].split()[0]
    other = world.chat.person("mia2", "Mia at work", "Asia/Tokyo")
    assert "you are Mia" in (await other.command("link", code)).text
    assert "Demo course" in (await other.command("")).text
    assert "not good any more" in (await world.chat.person("eve", "Eve").command("link", code)).text


async def test_the_platform_knows_better_unless_a_zone_was_picked(world: World) -> None:
    mia = await world.learner("mia", "Mia", "Europe/Berlin")
    world.chat.person("mia", "Mia", "Asia/Tokyo")
    await world.chat.sandbox.change_account("mia")
    await world.settle()
    assert "Asia/Tokyo" in (await mia.command("settings")).text
    assert world.clock.now() == parse_instant("2026-01-05T08:00:00Z")


async def test_who_picked_a_zone_is_asked_once_when_their_profile_says_another(world: World) -> None:
    mia = await world.learner("mia", "Mia", "Europe/Berlin")
    await mia.command("settings", "Europe/Berlin")
    for zone in ("Europe/Amsterdam", "America/New_York", "America/New_York"):
        await world.chat.sandbox.change_account("mia", zone=zone)
        await world.settle()
    assert "Your profile says" not in mia.last().text, "it waits for a card that comes anyway"
    await world.until("2026-01-10T20:00:00Z")
    asked = [p for p in mia.sees() if "Your profile says" in p.text]
    assert ["Your profile says New York, and your times here are for Berlin." in p.text for p in asked] == [True]
    await mia.press(asked[0], "Keep Berlin")
    assert "They will not follow your profile" in mia.find("will not follow").text
    await world.chat.sandbox.change_account("mia", zone="America/New_York", name="Mia M.")
    await world.until("2026-01-17T20:00:00Z")
    assert len([p for p in mia.sees() if "Your profile says" in p.text]) == 0


async def test_who_takes_the_zone_of_their_profile_follows_it_from_then_on(world: World) -> None:
    mia = await world.learner("mia", "Mia", "Europe/Berlin")
    await mia.command("settings", "Europe/Berlin")
    await world.chat.sandbox.change_account("mia", zone="Europe/Lisbon")
    await world.until("2026-01-10T20:00:00Z")
    (asked,) = [p for p in mia.sees() if "Your profile says" in p.text]
    await mia.press(asked, "Use Lisbon")
    assert "for Lisbon now" in mia.find("and follow your profile").text
    assert "Europe/Lisbon, now 20:00" in (await mia.command("settings")).text
    await world.chat.sandbox.change_account("mia", zone="Asia/Tokyo")
    await world.settle()
    assert "Asia/Tokyo" in (await mia.command("settings")).text


async def test_a_role_that_nobody_has_is_not_taken_away(world: World) -> None:
    await world.learner("mia", "Mia")
    omar = world.chat.person("omar")
    form = (await omar.press(await omar.command("setup"), "Name somebody")).form
    assert form is not None
    people = await world.chat.sandbox.people_for(form, "omar", "dm:omar")
    mia = next(o.value for o in people if o.label == "Mia")
    assert "no instructor" in (await omar.submit(person=mia, role="instructor", remove="yes")).errors["role"]


async def test_a_zone_is_suggested_while_it_is_typed(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    options = await world.chat.sandbox.options("mia", "dm:mia", "settings", "zone", "lisb")
    assert [o.value for o in options] == ["Europe/Lisbon"]
    assert "Europe/Lisbon, now 08:00" in options[0].label
    assert "Europe/Lisbon" in (await mia.command("settings", "Europe/Lisbon")).text
    assert "No zone" in (await mia.command("settings", "Atlantis")).errors["zone"]


@pytest.mark.parametrize("typed", ["{code} please", "my code is {code}.", "“{code}”", "code: {code}, thank you!"])
async def test_a_code_is_found_among_other_words(world: World, typed: str) -> None:
    mia = world.chat.person("mia", "Mia", "Europe/Berlin")
    refused = await mia.command("join", "that code which I lost")
    assert "No cohort has this code" in str(refused)
    told = await mia.command("join", typed.format(code=world.join_code.lower()))
    assert "Welcome to Demo course" in str(told)
