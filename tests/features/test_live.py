"""Live sessions, held or announced, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from bot.app.calendars import changes, of_cohort, of_person
from bot.app.cohorts import turn_in
from bot.core.ics import as_ics
from bot.course.loader import check
from bot.features.live.listing import listed
from tests.features.test_faq_privacy import use_course
from tests.features.test_revisions import upload
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world
from tests.test_course_gate import session

HEAD = (
    COURSE.replace("weekly_minutes: 300", "weekly_minutes: 300, live_only: [Taste and argue]")
    .replace(
        "{title: One, goal: Begin, minutes: 60}",
        "{title: One, goal: Begin, materials: [{title: Read it, minutes: 20}, {title: Watch it, minutes: 40}]}",
    )
    .replace(
        "{title: Two, goal: Go on, minutes: 60}",
        "{title: Two, goal: Go on, materials: [{title: Read more, minutes: 30}]}",
    )
)
PAYS = "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 10}]"
SUNDAY = "2026-01-04T12:00:00Z"
MONDAY = "2026-01-05T08:30:00Z"


def course(*sessions: dict[str, str], head: str = HEAD) -> str:
    listed = "".join("  - " + "\n    ".join(f"{k}: {v}" for k, v in one.items()) + "\n" for one in sessions)
    return f"{head}live:\n{listed}" if listed else head


def tasting(**changed: str) -> dict[str, str]:
    goal = {"goal": "Taste what words do not tell.", "pays": PAYS}
    return session(**{**goal, **changed})


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def test_a_learner_asks_for_the_sessions_ahead_and_for_their_week(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    page = await mia.command("live", place="general")
    assert "Live, if you like: “Tasting”, Wed 7 Jan" in page.text, "also before its week"
    await mia.press(await mia.press(page, "Choose a time"), "I come Wed 7 Jan, 08:00")
    page = await mia.command("live", place="general")
    assert "You come to “Tasting”: Wed 7 Jan" in page.text
    assert page.buttons == ["Change that"]
    assert "Propose one" in (await ines.command("live", place="general")).buttons
    await world.until(MONDAY)
    assert (await mia.command("week", place="general")).text.startswith("Week 1: One")
    assert "Week 1: One" in (await mia.command("week missing", place="general")).text, "for the course team alone"


def everything(speaker: Speaker) -> str:
    return "\n".join(m.text for place in ("dm", "general", "questions") for m in speaker.sees(place))


def calendar(world: World) -> bytes:
    """The cohort's calendar file, as the operator exports it."""
    cohort, (dates,) = of_cohort(world.app.storage, "demo", ["Europe/Berlin"])
    known = changes(world.app.storage, cohort, "Europe/Berlin")
    return as_ics("Tea", "demo", dates, world.clock.now(), known)


def listing(world: World) -> list[dict[str, Any]]:
    """The sessions as data."""
    return turn_in(world.app.storage, world.app.registry, "demo", "live", lambda turn: listed(turn, turn.here))


async def use(world: World, text: str) -> None:
    await use_course(world, text)
    await world.settle()


async def say_yes(speaker: Speaker, which: int = 0) -> Result:
    """From the week card: the slot with this position."""
    page = await speaker.press(speaker.find("Week 1: "), "Choose a time")
    return await speaker.press(page, [b for b in page.buttons if b.startswith("I come ")][which])


async def test_a_session_that_passes_rides_on_the_week_card_and_in_the_thread(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo", "America/New_York")
    await world.until("2026-01-05T14:30:00Z")
    card = mia.find("Week 1: ").text
    assert "About 1 h" in card
    assert "Live, if you like: “Tasting”, 30 min. Taste what words do not tell." in card
    assert "Wed 7 Jan, 08:00 or Wed 7 Jan, 20:00 your time." in card
    assert "It is optional. The recording with 1 short question counts in full." in card
    assert "Read it" not in card, "all of its minutes went to the session"
    assert "Watch it · 30 min" in card
    assert "Wed 7 Jan, 02:00 or Wed 7 Jan, 14:00 your time." in leo.find("Week 1: ").text
    root = mia.find("Week 1: One", "general")
    (post,) = [m for m in mia.thread(root.id) if "Live, if you like" in m.text]
    assert "Wed 7 Jan, 20:00" in post.text
    assert [m for m in mia.sees("general") if m.thread is None and "Live" in m.text] == []


async def test_yes_is_said_by_slot_and_changed_until_it_begins_and_nobody_else_sees_it(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    answer = await say_yes(mia, 1)
    assert "You said that you come: Wed 7 Jan, 20:00. Nobody else sees that." in answer.text
    assert "You come to “Tasting”" in (await mia.command("")).text
    changed = await mia.press(answer, "I come Wed 7 Jan, 08:00")
    assert "You said that you come: Wed 7 Jan, 08:00" in changed.text
    assert "you do not come. That is fine" in (await mia.press(changed, "I do not come")).text
    await mia.press(answer, "I come Wed 7 Jan, 08:00")
    assert "Mia" not in everything(ben)
    ines = world.chat.person("ines")
    told = await ines.press(ines.find("Live, if you like", "general"), "Choose a time")
    assert "Wed 7 Jan, 08:00: 1 said yes; outside waking hours for 0 %" in told.text
    assert "Mia" not in told.text
    await world.until("2026-01-07T07:05:00Z")
    assert "has begun already" in (await mia.press(answer, "I come Wed 7 Jan, 08:00")).text


async def test_those_who_said_yes_have_it_on_a_card_within_48_hours_and_an_alarm(world: World) -> None:
    await use(world, course(tasting(slots="[Sat 08:30, Sat 20:30]")))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia)
    await world.until("2026-01-09T20:00:00Z")
    (line,) = [t for t in mia.inbox() if "You come to “Tasting”: Sat 10 Jan, 08:30" in t and "Week 1: " not in t]
    assert "wrap-up" in line, "it rides on the prompt of the week, and no message is sent for it"
    assert not any("You come to" in t for t in ben.inbox())
    _cohort, _person, dates = of_person(world.app.storage, "demo", "mia")
    ics = as_ics("Tea", "demo", dates, world.clock.now()).decode()
    assert ics.count("BEGIN:VALARM") == 1
    assert "SUMMARY:Live: Tasting" in ics
    assert "It is optional." in ics.replace("\r\n ", "")


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"kind": "content"}, "Question 1, is real time the best way?"),
        ({"optional": "no"}, "Question 2, is it optional?"),
        ({"alternative": "none"}, "Question 3, "),
        ({"recorded": "no"}, "Question 4, "),
        ({"pays": "[{item: Read it, minutes: 10}]"}, "10 of its 30 min are paid"),
        ({"slots": "[Wed 03:00, Wed 20:00]"}, "outside 08:00-22:00 for everybody"),
        ({"minutes": "180", "pays": "[{item: Watch it, minutes: 40}]"}, "60 are the most"),
        ({"trial": "yes", "alternative": "none"}, "only the cohort's manager can agree"),
        ({"optional": "no", "mandated": "Rule 4"}, "A policy asks for it, “Rule 4”"),
    ],
)
async def test_one_that_fails_is_seen_by_nobody_but_the_course_team(
    tmp_path: Path, answers: dict[str, str], question: str
) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**answers)))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    assert "Tasting" not in everything(mia)
    assert "Read it" in mia.find("Week 1: ").text
    assert "Tasting" not in (await mia.command("")).text
    assert b"Tasting" not in calendar(world)
    assert "Tasting" not in await forge_in(world, mia, "live", "rsvp", "1")
    desk = await ines.command("desk", place="general")
    assert "“Tasting”, week 1, is not announced." in desk.text
    assert question in desk.text
    assert "Agree" not in desk.buttons
    world.app.storage.close()


async def test_the_desk_says_what_holds_one_as_the_instructors_guide_shows(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(pays="[{item: Read it, minutes: 10}]")))
    await world.learner("mia", "Mia")
    await world.until("2026-01-06T12:00:00Z")
    shown = (await world.chat.person("ines").command("desk", place="general")).text
    _day, _line, held = shown.partition("\n")
    assert held.startswith("Live sessions that are held, from before:")
    guide = Path("docs/instructor.md").read_text(encoding="utf-8").partition("## Live sessions")[2]
    assert guide.split("```")[1].split() == held.split()
    world.app.storage.close()


async def test_each_held_one_has_its_replacement_one_press_away(tmp_path: Path) -> None:
    """What would have paid for the session pays for what replaces it, and the week takes no longer."""
    unpaid = tasting(pays="[{item: Read it, minutes: 10}]")
    world = new_world(tmp_path, now=SUNDAY, course=course(unpaid))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    desk = await ines.command("desk", place="general")
    proposed = await ines.press(desk, next(b for b in desk.buttons if b.startswith("Replace it")))
    assert "Use it" in proposed.buttons
    assert "Tasting" not in everything(mia), "nothing changes before somebody uses it"
    await ines.press(proposed, "Use it")
    assert "Read it · 10 min" in mia.find("Week 1: ").text
    assert "Watch it · 20 min" in mia.find("Week 1: ").text
    assert "Tasting · 30 min · to hand in" in mia.find("Week 1: ").text
    assert "About 1 h\n" in mia.find("Week 1: ").text
    world.app.storage.close()


async def test_a_held_one_is_mended_by_the_form_from_the_desk(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(recorded="no")))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    desk = await ines.command("desk", place="general")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Change it")))
    await ines.press(await ines.submit(recorded="yes"), "Use it")
    assert "Live, if you like: “Tasting”" in mia.find("Week 1: ").text
    await world.wait(hours=1)
    assert "Live, if you like" in mia.find("Tasting", "general").text
    assert "Tasting" not in (await ines.command("desk", place="general")).text
    world.app.storage.close()


async def test_days_away_name_the_session_that_one_said_yes_to(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await mia.command("away", "7.1.")
    assert "Nothing falls due meanwhile." in mia.find("away on Wed 7 Jan").text
    await say_yes(mia)
    receipt = mia.find("away on Wed 7 Jan")
    assert "You have said that you come to Tasting, Wed 7 Jan, 08:00." in receipt.text
    assert "Nothing falls due" not in receipt.text
    await mia.press(mia.find("Week 1: "), "Change that")
    await mia.press(mia.last(), "I do not come")
    assert "Nothing falls due meanwhile." in mia.find("away on Wed 7 Jan").text


async def test_the_card_of_a_return_takes_the_answer_that_the_week_card_would_have_taken(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("away", "4.1. to 5.1.")
    await world.until("2026-01-06T09:00:00Z")
    assert not any("Goal: Begin" in text and "Watch it" in text for text in mia.inbox()), "there is no week card"
    back = mia.find("Welcome back")
    assert "Live, if you like: “Tasting”, 30 min." in back.text
    assert "Wed 7 Jan, 08:00 or Wed 7 Jan, 20:00 your time." in back.text
    page = await mia.press(back, "Choose a time")
    await mia.press(page, "I come Wed 7 Jan, 20:00")
    assert "You come to “Tasting”: Wed 7 Jan, 20:00 your time." in mia.find("Welcome back").text
    await world.until("2026-01-07T19:10:00Z")
    assert "I am here" in mia.find("Welcome back").buttons
    await mia.press(mia.find("Welcome back"), "I am here")
    assert "You were at “Tasting”" not in mia.find("Welcome back").text, "nothing is asked any more"
    await record(ines)
    ben = await world.learner("ben", "Ben")
    await ben.command("away", "7.1. to 8.1.")
    await world.until("2026-01-09T09:00:00Z")
    assert "What I took from it" in ben.find("Welcome back").buttons


async def record(ines: Speaker) -> None:
    """Adds the recording of the first session that took place."""
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    await ines.press(page, "Code word and recording")
    await ines.submit(url="https://video.example/tasting", transcript="captions")


async def test_the_card_after_two_quiet_weeks_takes_a_yes(tmp_path: Path) -> None:
    text = course(tasting(week="3", pays="", title="Last", trial="yes", slots="[Fri 08:00, Fri 20:00]"))
    world = new_world(tmp_path, now=SUNDAY, course=text)
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    await world.until("2026-01-20T12:00:00Z")
    back = await mia.press(mia.find("It has been quiet"), "Catch up")
    assert "Live, if you like: “Last”, 30 min." in back.text
    await mia.press(await mia.press(back, "Choose a time"), "I come Fri 23 Jan, 20:00")
    assert "You come to “Last”: Fri 23 Jan, 20:00" in (await mia.command("")).text
    world.app.storage.close()


async def test_the_answer_to_coming_back_has_the_session_and_what_became_of_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await mia.command("away", "pause")
    back = await mia.command("away", "back")
    assert "Choose a time" in back.buttons
    await mia.command("away", "6.1. to 8.1.")
    await use(world, course())
    await world.until("2026-01-09T09:00:00Z")
    assert "The live session “Tasting” does not take place: it was taken out of the course." in welcomed(mia)


def welcomed(speaker: Speaker) -> str:
    return speaker.find("Welcome back").text


async def test_what_fails_after_an_edit_is_taken_back_and_those_who_said_yes_are_told_once(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    before = calendar(world)
    assert b"STATUS:CONFIRMED" in before
    await use(world, course(tasting(alternative="none")))
    gone = "The live session “Tasting” does not take place: those who cannot come would have had no other way."
    assert gone in mia.find("Week 1: ").text
    assert "Live, if you like" not in mia.find("Week 1: ").text
    assert "Read it" in mia.find("Week 1: ").text
    assert not any("Live, if you like" in m.text for m in mia.sees("general"))
    await use(world, course(tasting(alternative="none", minutes="25")))
    await world.until("2026-01-07T18:00:00Z")
    (told,) = [t for t in mia.inbox() if "to which you had said yes, does not take place" in t]
    assert "those who cannot come would have had no other way" in told
    assert [t for t in ben.inbox() if "does not take place" in t] == [ben.find("Week 1: ").text]
    await world.until("2026-01-12T09:00:00Z")
    assert "Tasting" not in mia.find("Week 2: ").text
    after = calendar(world).decode()
    assert after.count("STATUS:CANCELLED") == 2
    uids = {line for line in before.decode().splitlines() if line.startswith("UID")}
    assert {line for line in after.splitlines() if line.startswith("UID")} == uids


async def test_who_would_come_tonight_hears_today_that_it_does_not_take_place(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await world.until("2026-01-07T16:00:00Z")
    await use(world, course(tasting(recorded="no")))
    await world.until("2026-01-07T16:10:00Z")
    told = "to which you had said yes, does not take place: it would not have been recorded"
    assert sum(told in t for t in mia.inbox()) == 1
    await world.until("2026-01-09T12:00:00Z")
    assert sum("to which you had said yes" in t for t in mia.inbox()) == 1


async def test_the_card_follows_what_one_answers_and_names_no_time_that_is_over(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    card = mia.find("Week 1: ")
    assert "You come to “Tasting”: Wed 7 Jan, 20:00 your time. It is optional." in card.text
    assert "08:00" not in card.text
    assert "Change that" in card.buttons
    assert "Live, if you like" in ben.find("Week 1: ").text, "nobody else's card says so"
    await world.until("2026-01-07T07:05:00Z")
    assert {"I am here", "Change that"} <= set(mia.find("Week 1: ").buttons), "the other time can still be changed"
    assert {"I am here", "Choose a time"} <= set(ben.find("Week 1: ").buttons)
    await ben.press(ben.find("Week 1: "), "I am here")
    card = ben.find("Week 1: ")
    assert "You were at “Tasting”. Thank you." in card.text
    assert not {"I am here", "Choose a time"} & set(card.buttons)
    assert "Tasting" not in (await ben.command("")).text, "nothing of it is left to do"
    leo = await world.learner("leo", "Leo")
    await world.until("2026-01-07T08:05:00Z")
    page = await leo.press(await leo.command(""), "This week")
    assert "Wed 7 Jan, 20:00 your time." in page.text
    assert "08:00" not in page.text
    assert "08:00" not in leo.find("Live, if you like", "general").text
    page = await mia.press(mia.find("Week 1: "), "Change that")
    await mia.press(page, "I do not come")
    assert "Choose a time" in mia.find("Week 1: ").buttons


async def test_a_yes_brings_a_file_for_ones_calendar_and_its_change_cancels_the_one_before(world: World) -> None:
    """The same events, by their UIDs, as in the file that the operator exports."""
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    answer = await say_yes(mia, 1)
    file = answer.files["tasting.ics"]
    assert (file.count("BEGIN:VEVENT"), file.count("BEGIN:VALARM")) == (1, 1)
    assert "DTSTART:20260107T190000Z" in file
    uid = next(line for line in file.splitlines() if line.startswith("UID"))
    assert uid in calendar(world).decode()
    file = (await mia.press(answer, "I come Wed 7 Jan, 08:00")).files["tasting.ics"]
    confirmed, cancelled = file.split("BEGIN:VEVENT")[1:]
    assert "DTSTART:20260107T070000Z" in confirmed
    assert "STATUS:CANCELLED" in cancelled
    assert uid in cancelled
    page = await mia.press(mia.find("Week 1: "), "Change that")
    assert (await mia.press(page, "For my calendar")).files["tasting.ics"].count("STATUS:CONFIRMED") == 1
    file = (await mia.press(page, "I do not come")).files["tasting.ics"]
    assert "STATUS:CONFIRMED" not in file
    assert file.count("STATUS:CANCELLED") == 1


def uid_of(file: str) -> str:
    return next(line for line in file.splitlines() if line.startswith("UID"))


def sequence_of(file: str) -> int:
    return int(next(line for line in file.splitlines() if line.startswith("SEQUENCE")).partition(":")[2])


@pytest.mark.parametrize("now", [MONDAY, "2026-01-06T12:00:00Z"])
async def test_the_news_that_it_does_not_take_place_takes_it_out_of_ones_calendar(world: World, now: str) -> None:
    """At their next hour, or at once if it is near."""
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(now)
    kept = (await say_yes(mia, 1)).files["tasting.ics"]
    await use(world, course())
    await world.until("2026-01-07T12:00:00Z")
    assert sum("does not take place" in text and "had said yes" in text for text in mia.inbox()) == 1
    file = (await mia.press(mia.find("to which you had said yes"), "Take it out of my calendar")).files["tasting.ics"]
    assert "METHOD:CANCEL" in file
    assert "STATUS:CANCELLED" in file
    assert "STATUS:CONFIRMED" not in file
    assert uid_of(file) == uid_of(kept)
    assert sequence_of(file) > sequence_of(kept)
    assert "Take it out of my calendar" not in "\n".join(ben.inbox())


async def test_the_news_of_another_time_has_the_file_that_moves_it_in_ones_calendar(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    kept = (await say_yes(mia, 1)).files["tasting.ics"]
    await use(world, course(tasting(slots="[Wed 08:00, Thu 20:00]")))
    await world.until("2026-01-07T12:00:00Z")
    told = mia.find("to which you said yes, begins")
    file = (await mia.press(told, "For my calendar")).files["tasting.ics"]
    assert "DTSTART:20260108T190000Z" in file
    assert uid_of(file) == uid_of(kept)
    assert sequence_of(file) > sequence_of(kept)
    assert file.count("STATUS:CONFIRMED") == 1


async def test_times_are_named_in_the_text_and_the_buttons_say_whose_clock_theirs_are_by(world: World) -> None:
    await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo", "America/New_York")
    await world.until("2026-01-05T14:30:00Z")
    page = await leo.press(leo.find("Week 1: "), "Choose a time")
    assert "Wed 7 Jan, 02:00" in page.text
    assert "The buttons say the times of America/New York." in page.text


async def test_what_is_taken_out_before_anybody_could_read_of_it_is_explained_to_nobody(world: World) -> None:
    later = tasting(week="2", id="later", title="Later", pays="[{item: Read more, minutes: 30}]")
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await use(world, course(tasting(), later))
    await use(world, course(tasting()))
    assert [one["id"] for one in listing(world)] == ["tasting"]
    await world.until("2026-01-12T09:00:00Z")
    assert "Later" not in everything(mia)


async def test_who_joins_after_it_is_gone_reads_nothing_of_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await use(world, course())
    await world.until("2026-01-06T12:00:00Z")
    ben = await world.learner("ben", "Ben")
    await world.until("2026-01-12T09:00:00Z")
    assert "“Tasting” does not take place" in mia.find("Week 2: ").text
    assert "Tasting" not in everything(ben)


async def test_what_is_removed_for_good_is_explained_on_the_next_card(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course())
    await world.until("2026-01-12T09:00:00Z")
    assert sum("to which you had said yes, does not take place: it was taken out" in t for t in mia.inbox()) == 1
    explained = "The live session “Tasting” does not take place: it was taken out of the course."
    assert explained in ben.find("Week 2: ").text


async def test_a_slot_that_moves_takes_its_yes_along(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await use(world, course(tasting(slots="[Wed 08:00, Thu 20:00]")))
    await world.until("2026-01-06T12:00:00Z")
    assert any("begins Thu 8 Jan, 20:00 instead of Wed 7 Jan, 20:00" in t for t in mia.inbox())
    page = await mia.press(mia.find("Week 1: "), "Change that")
    assert "You said that you come: Thu 8 Jan, 20:00" in page.text
    assert calendar(world).decode().count("SEQUENCE:1") == 2


async def test_a_trial_takes_effect_after_the_managers_press_alone(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(trial="yes", alternative="none")))
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    page = await omar.press(await omar.command(""), "Look at it")
    assert "It is a trial" in page.text
    assert "Agree" in "".join((await omar.command("desk")).buttons)
    assert "for the managers" in await forge_in(world, ines, "live", "trial", "1.no")
    agreed = await omar.press(page, "Agree")
    assert "Learners read of “Tasting” on the card of week 1, from now on." in agreed.text
    assert "Live, if you like" in mia.find("Week 1: ").text
    await omar.press(page, "Agree")
    await say_yes(mia)
    await omar.press(agreed, "Take that back")
    opened = await omar.press(await omar.command("live", place="general"), "Week 1: Tasting")
    asked = await omar.press(opened, "Take that back")
    assert "1 learner said yes, and is told once." in asked.text
    assert "You come to “Tasting”" in mia.find("Week 1: ").text, "nothing is taken back yet"
    receipt = await omar.press(asked, "Take it back")
    assert "nobody sees it any more. 1 learner said yes, and is told once." in receipt.text
    assert "“Tasting” does not take place: the course team decided against it" in mia.find("Week 1: ").text
    # What the manager had read is another session now.
    await use(world, course(tasting(trial="yes", kind="content")))
    assert "is another one now" in (await omar.press(page, "Agree")).text
    assert "Live, if you like" not in mia.find("Week 1: ").text
    world.app.storage.close()


async def test_a_policy_says_that_absence_counts_nowhere(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(optional="no", mandated="Rule 4")))
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.until(MONDAY)
    await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    assert "If you miss it, nothing counts against you" in mia.find("Week 1: ").text
    world.app.storage.close()


async def test_slots_follow_who_is_there_until_somebody_said_yes(tmp_path: Path) -> None:
    near = course(tasting(slots="[Tue 12:00, Thu 12:00]"))
    world = new_world(tmp_path, now=SUNDAY, course=near)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia)
    await world.learner("leo", "Leo", "America/Los_Angeles")
    assert "You come to “Tasting”" in mia.find("Week 1: ").text, "a promise stays"
    await use(world, course(tasting(slots="[Tue 12:00, Thu 13:00]")))
    assert "You come to “Tasting”" not in mia.find("Week 1: ").text
    desk = (await ines.command("desk", place="general")).text
    assert "suits has another time, and 50 % of the learners have none" in desk
    assert "Choose another time for it, in the day of America/Los_Angeles." in desk
    world.app.storage.close()


async def test_a_payer_that_is_also_the_other_way_stays_on_the_card(tmp_path: Path) -> None:
    head = HEAD + "milestones:\n  - {id: cup, week: 1, title: The cup, minutes: 40}\n"
    both = tasting(alternative="{item: cup}", pays="[{item: cup, minutes: 30}]", reflection="")
    world = new_world(tmp_path, now=SUNDAY, course=course(both, head=head))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    card = mia.find("Week 1: ").text
    assert "The cup · 40 min · to hand in · or come to “Tasting”" in card
    assert "“The cup” counts in full instead." in card
    assert "About 1 h 45" in card
    world.app.storage.close()


async def test_what_was_announced_comes_first(world: World) -> None:
    """A second session of the week, above it in the file, does not push it out."""
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await use(world, course({**tasting(), "id": "other", "title": "Other"}, tasting()))
    card = mia.find("Week 1: ").text
    assert "“Tasting”" in card
    assert "Other" not in card


async def desk_of(world: World) -> str:
    return (await world.chat.person("ines").command("desk", place="general")).text


async def test_a_slot_at_night_for_most_is_offered_to_nobody(tmp_path: Path) -> None:
    """One learner who is awake then makes no night of nine a day."""
    pays = "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 40}]"
    world = new_world(
        tmp_path, now=SUNDAY, course=course(tasting(slots="[Wed 03:00, Wed 20:00]", minutes="60", pays=pays))
    )
    nine = [await world.learner(f"l{n}", f"Learner {n}") for n in range(9)]
    await world.learner("hana", "Hana", "Pacific/Honolulu")
    await world.until(MONDAY)
    assert "Tasting" not in everything(nine[0])
    desk = await desk_of(world)
    assert "“Wed 03:00”, for 60 min, is outside 08:00-22:00 for 90 % of the learners." in desk
    assert "Choose another time for it, which suits at least half of them." in desk
    await use(world, course(tasting(slots="[Wed 10:00, Wed 22:00]", minutes="60", pays=pays)))
    assert "Tasting" not in everything(nine[0]), "it would end at eleven"
    await use(world, course(tasting(slots="[Wed 08:00, Wed 20:00]", minutes="60", pays=pays)))
    assert "Wed 7 Jan, 20:00 your time" in nine[0].find("Week 1: ").text
    world.app.storage.close()


async def test_a_time_that_has_passed_is_offered_to_nobody(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-07T10:00:00Z")
    await use(world, course(tasting(slots="[Mon 08:00, Wed 20:00]")))
    assert "Tasting" not in mia.find("Week 1: ").text
    assert "“Mon 08:00” has passed." in await desk_of(world)
    await use(world, course(tasting(slots="[Thu 08:00, Thu 20:00]")))
    await world.until("2026-01-08T09:00:00Z")
    card = mia.find("Week 1: ").text
    assert "Thu 8 Jan, 20:00 your time." in card, "between its times, the one ahead is offered"
    assert "Thu 8 Jan, 08:00" not in card
    assert "Thu 8 Jan, 08:00" not in mia.find("Live, if you like", "general").text
    world.app.storage.close()


async def test_a_session_takes_place_in_its_own_week(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots="[week 2 Wed 08:00, week 2 Wed 20:00]")))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert "Tasting" not in everything(mia)
    assert "“week 2 Wed 08:00” is in week 2, not 1." in await desk_of(world)
    world.app.storage.close()


async def test_a_peer_review_gives_its_minutes_and_counts_as_having_come(tmp_path: Path) -> None:
    head = HEAD + (
        "milestones:\n  - {id: cup, week: 1, title: Cup, due: Fri 20:00, minutes: 60}\n"
        "reviews:\n  - {id: rv, week: 2, milestone: cup, title: Read one, minutes: 50, opens: Mon 09:00, rubric: [A]}\n"
    )
    session = tasting(week="2", alternative="{item: rv}", reflection="", pays="[{item: rv, minutes: 30}]")
    world = new_world(tmp_path, now=SUNDAY, course=course(session, head=head))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    for one in (mia, ben):
        await one.command("submit")
        await one.submit(text="A cup of tea")
    await world.until("2026-01-12T09:00:00Z")
    card = mia.find("Week 2: ").text
    assert "Live, if you like: “Tasting”" in card
    assert "“Read one” counts in full instead." in card
    assert "Question" not in await desk_of(world)
    await world.until("2026-01-13T09:00:00Z")
    await mia.press(await mia.press(await mia.command(""), "Review"), "Write the review")
    assert not (await mia.submit(point_559aead0="It is hot")).errors
    await world.until("2026-01-21T12:00:00Z")
    [judged] = listing(world)
    assert (judged["base"], judged["attended"], judged["reflected"], judged["neither"]) == (2, 0, 1, 1)
    world.app.storage.close()


async def test_all_figures_of_a_slot_are_by_the_cohorts_clock(tmp_path: Path) -> None:
    """Most learners are elsewhere; what the preview says is what takes effect."""
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    await world.learner("mia", "Mia")
    for n in range(3):
        await world.learner(f"l{n}", f"Learner {n}", "America/New_York" if n else "Asia/Tokyo")
    await world.until(MONDAY)
    ines = world.chat.person("ines")
    preview = await upload(world, course(tasting(slots="[Wed 10:00, Wed 20:00]")))
    assert "Wed 10:00 cohort in week 1, is outside 08:00-22:00 for 50 % of the learners (America/New_York 04:00)" in (
        preview.text
    )
    assert "Wed 20:00 cohort in week 1, is outside 08:00-22:00 for 25 % of the learners (Asia/Tokyo 04:00)" in (
        preview.text
    )
    await ines.press(preview, "Use it")
    await world.wait(hours=1)
    shown = (await ines.press(ines.find("Live, if you like", "general"), "Choose a time")).text
    assert "10:00: 0 said yes; outside waking hours for 50 %" in shown
    assert "20:00: 0 said yes; outside waking hours for 25 %" in shown
    world.app.storage.close()


async def test_who_said_yes_hears_the_true_reason(world: World) -> None:
    """The week has hours to spare: it is the payment that is gone."""
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course(tasting()).replace("{title: Read it,", "{title: Read this,"))
    await world.until("2026-01-06T12:00:00Z")
    (told,) = [t for t in mia.inbox() if "to which you had said yes, does not take place" in t]
    assert "no other work of its week makes room for it any more" in told
    assert "too long" not in told


async def test_a_preview_says_how_many_who_said_yes_are_told(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.learner("cem", "Cem")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await say_yes(ben, 1)
    ines = world.chat.person("ines")
    moved = await upload(world, course(tasting(slots="[Wed 08:00, Wed 21:00]")))
    said = "2 learners who said yes to a live session are told what changes."
    assert said in moved.text
    assert "nobody is told" not in moved.text
    assert "2 learners are told, once each." in (await ines.press(moved, "Use it")).text
    first = await upload(world, course(tasting(slots="[Wed 08:30, Wed 21:00]")))
    assert "so nobody is told" in first.text, "nobody said yes to that one"
    held = await upload(world, course(tasting(slots="[Wed 08:00, Wed 21:00]", recorded="no")))
    assert said in held.text
    await ines.press(held, "Use it")
    await world.until("2026-01-07T12:00:00Z")
    assert sum("to which you had said yes, does not take place" in text for text in mia.inbox()) == 1


CALL = "https://call.example.org/room/7?k=secret"


async def test_where_the_call_is_reads_who_said_yes_and_nobody_else(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(link=CALL)))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    assert "call.example.org" not in everything(mia) + calendar(world).decode()
    answer = await say_yes(mia, 1)
    assert f"Here is the call ({CALL})" in answer.text or CALL in answer.text
    file = answer.files["tasting.ics"].replace("\r\n ", "")
    assert CALL in file.partition("URL")[2].partition("\n")[0]
    assert "LOCATION" in file
    assert "Here is the call" in mia.find("Week 1: ").text
    other = CALL.replace("7", "8")
    await use(world, course(tasting(link=other)))
    await world.until("2026-01-06T20:00:00Z")
    assert sum("is at another address now" in text for text in mia.inbox()) == 1
    await world.until("2026-01-07T07:05:00Z")
    assert "call.example.org" not in everything(ben)
    assert "Here is the call" in (await ben.press(ben.find("Week 1: "), "I am here")).text
    assert "call.example.org" not in str(listing(world))
    world.app.storage.close()


async def test_a_link_with_signs_that_no_uri_has_is_quoted_in_a_calendar(tmp_path: Path) -> None:
    typed = 'https://call.example.org/<b>?x="&y=50%&z=%20ä'
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(link=f"'{typed}'")))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    file = (await say_yes(mia, 1)).files["tasting.ics"].replace("\r\n ", "")
    quoted = "https://call.example.org/%3Cb%3E?x=%22&y=50%25&z=%20%C3%A4"
    assert file.count(quoted) == 2, "URL and LOCATION"
    assert "<b>" not in file
    world.app.storage.close()


def test_the_call_is_at_a_secure_address() -> None:
    [problem] = [p for p in check(course(tasting(link="http://call.example.org/7"))) if p.code == "link"]
    assert "does not begin with `https://`" in problem.message
