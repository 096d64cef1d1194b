"""A yes keeps a time for those who know of it, also where most who join later sleep then."""

from pathlib import Path

from bot.app.calendars import changes, of_person
from tests.features.test_live import MONDAY, SUNDAY, course, everything, say_yes, tasting
from tests.features.test_wrapups import forge_in
from tests.kit import new_world

CALIFORNIA = "America/Los_Angeles"
PEOPLE = ("mia", "leo", "l0")


async def test_one_yes_offers_no_night_to_those_who_join_later(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    later = [await world.learner(f"l{n}", f"Lea {n}", CALIFORNIA) for n in range(9)]
    await world.settle()
    late = await world.learner("leo", "Leo")
    await world.until("2026-01-06T10:00:00Z")
    for lea in later:
        card = lea.find("Week 1: ")
        assert "Wed 7 Jan, 11:00 your time." in card.text
        page = await lea.press(card, "Choose a time")
        assert [b for b in page.buttons if b.startswith("I come ")] == ["I come Wed 7 Jan, 11:00"]
        assert "Tue 6 Jan, 23:00" not in everything(lea) + (await lea.command("")).text
        refused = await forge_in(world, lea, "live", "rsvp", "1.1")
        assert "not offered any more" in refused
    assert "You come to “Tasting”: Wed 7 Jan, 08:00" in mia.find("Week 1: ").text
    for awake in (ben, late):
        assert "Wed 7 Jan, 08:00 or Wed 7 Jan, 20:00 your time." in awake.find("Week 1: ").text
    assert [m.text for m in mia.sees("general") if "Live, if you like" in m.text and "08:00" in m.text] == []
    own = {who: [d.at.hour for d in of_person(world.app.storage, "demo", who)[2] if d.kind == "live"] for who in PEOPLE}
    assert own == {"mia": [7, 19], "leo": [7, 19], "l0": [19]}, "a calendar has what its reader is offered"
    cohort, lea, _dates = of_person(world.app.storage, "demo", "l0")
    known = changes(world.app.storage, cohort, CALIFORNIA, lea.id)
    assert [date.at.hour for date, _changed in known.values() if date.kind == "live"] == [19], "and takes nothing out"
    world.app.storage.close()


async def test_the_desk_says_for_how_many_a_time_that_stands_is_at_night(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    for n in range(9):
        await world.learner(f"l{n}", f"Lea {n}", CALIFORNIA)
    await world.settle()
    desk = await ines.command("desk", place="general")
    assert "“Tasting”, week 1: Wed 7 Jan, 08:00 is outside 08:00-22:00 for 9 of 10 who could come" in desk.text
    assert "Choose another time for it, which suits at least half of them." in desk.text
    form = await ines.press(desk, "Change it (2)")
    assert form.form is not None
    await world.until("2026-01-06T08:00:00Z")
    desk = await ines.command("desk", place="general")
    line = next(line for line in desk.text.splitlines() if "is outside 08:00-22:00 for 9 of 10" in line)
    assert "waits" not in line, "it has been so for less than a day, whenever it was announced"
    await world.until("2026-01-07T07:05:00Z")
    assert "at night for most" not in (await ines.command("desk", place="general")).text
    world.app.storage.close()


async def test_whom_no_time_suits_reads_so_and_has_the_other_way(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots="[Wed 12:00, Thu 12:00]")))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    later = [await world.learner(f"l{n}", f"Lea {n}", CALIFORNIA) for n in range(3)]
    await world.until("2026-01-05T20:00:00Z")
    for lea in later:
        card = lea.find("Week 1: ")
        assert "Its times are outside waking hours for you. It is optional. The recording with 1" in card.text
        assert "Choose a time" not in card.buttons
    assert "03:00" not in everything(later[0])
    world.app.storage.close()


async def test_a_time_at_night_is_offered_no_more_once_the_yes_to_it_is_taken_back(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    later = [await world.learner(f"l{n}", f"Lea {n}", CALIFORNIA) for n in range(9)]
    await world.settle()
    lea = later[0]
    await world.until("2026-01-05T18:00:00Z")
    await lea.command("settings", "Europe/Berlin")
    page = await lea.press(lea.find("Week 1: "), "Choose a time")
    page = await lea.press(page, "I come Wed 7 Jan, 08:00")
    await lea.command("settings", CALIFORNIA)
    page = await lea.press(lea.find("Week 1: "), "Change that")
    page = await lea.press(page, "I do not come")
    assert [b for b in page.buttons if b.startswith("I come ")] == ["I come Wed 7 Jan, 11:00"]
    assert "Tue 6 Jan, 23:00" not in page.text
    world.app.storage.close()


async def test_a_call_that_took_place_was_at_night_for_those_who_were_there(tmp_path: Path) -> None:
    """Whoever joins after it is in none of its figures."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots="[Wed 08:00, Wed 20:00]")))
    await world.learner("mia", "Mia")
    await world.learner("ken", "Ken", "Asia/Tokyo")
    await world.until("2026-01-07T20:02:00Z")
    for n in range(5):
        await world.learner(f"l{n}", f"Lea {n}", CALIFORNIA)
    await world.settle()
    week = (await world.chat.person("omar").command("overview", place="general")).text
    assert "is outside 08:00-22:00 for: 1 of 2" in week
    assert "Another time" not in week, "it is over"
    ken = world.chat.person("ken")
    await ken.press(await ken.command("leave", place="general"), "Leave")
    week = (await world.chat.person("omar").command("overview", place="general")).text
    assert "is outside 08:00-22:00 for: 1 of 2" in week, "who left since was there that day"
    page = await world.chat.person("ines").command("live", place="general")
    page = await world.chat.person("ines").press(page, "Week 1: Tasting")
    assert "50 %" in page.text
    world.app.storage.close()
