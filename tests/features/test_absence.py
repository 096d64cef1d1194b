"""Away, and back, as conversations."""

from datetime import date, timedelta

import pytest

from adapters.sandbox.driver import Seen, Speaker
from bot.core.facts import CohortPlanned, Fact, ItemMoved, ZoneChanged
from bot.core.forms import DateField
from bot.core.turn import Turn
from bot.core.uptime import Outage
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.tables.absence import AbsenceRow, HeardRow, InterestRow, SilenceRow
from storage.tables.milestones import MilestoneWindowRow, SubmissionRow
from storage.tables.people import AuditRow
from storage.tables.schedule import DueRow
from tests.features.test_moving_starts import change
from tests.features.test_talk import said
from tests.kit import COURSE, MONDAY, World, new_world, receipt_of

LATE = "late is welcome until Mon 19 Jan, 12:59, and the course needs it by then"
WORK = """\
milestones:
  - {id: draft, week: 1, title: The first draft, due: Sun 23:59 aoe, late: 7 days, extension: 3 days,
     essential: yes, minutes: 60}
  - {id: extra, week: 1, title: An extra, due: Sun 23:59 aoe, late: accepted, extension: none, minutes: 30}
  - {id: page, week: 2, title: The page, due: Sun 18:00 learner, late: accepted, extension: none,
     essential: yes, minutes: 60}
"""
QUIET = "It has been quiet"
BACK = "Welcome back"
MISSED = "did not arrive"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Six weeks with work to hand in; it begins on Monday 5 January, 09:00 in Berlin."""
    weeks = "".join(f"  - {{title: Week {n}, goal: Goal {n}, minutes: 60}}\n" for n in ("Four", "Five", "Six", "Seven"))
    course = COURSE.replace("prompts:", f"{weeks}prompts:") + WORK
    return new_world(tmp_path_factory.mktemp("world"), course=course)


def unasked(speaker: Speaker, words: str) -> list[str]:
    return [t for t in speaker.inbox() if words in t]


def happen(world: World, *facts: Fact) -> None:
    def tell(turn: Turn[SqlEnrolment]) -> None:
        for fact in facts:
            turn.happened(fact)

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), tell))


async def move(speaker: Speaker, zone: str) -> None:
    await speaker.press(await speaker.command("settings"), "Change my zone")
    await speaker.submit(zone=zone)


def me(world: World) -> int:
    """The person of the one learner."""
    return int(world.rows(MilestoneWindowRow)[0].person)


def row(world: World) -> AbsenceRow:
    (found,) = world.rows(AbsenceRow)
    assert isinstance(found, AbsenceRow)
    return found


async def hand_in(speaker: Speaker, work: str = "https://example.org/draft") -> None:
    await speaker.press(await speaker.command(""), "Hand in")
    await speaker.submit(link=work)


# Going away, and back


async def test_away_by_form_is_a_receipt_and_holds_everything_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    page = await mia.command("away")
    assert "You are here." in page.text
    assert page.buttons == ["I'm away", "Pause", "Move my dates", "Leave the cohort"]
    await mia.press(page, "I'm away")
    assert mia.form is not None
    assert mia.form.fields[0].value == "2026-01-05"
    assert "You are away until Sun 18 Jan." in (await mia.submit(until="2026-01-18")).text
    receipt = receipt_of(mia)
    assert "You are away until Sun 18 Jan." in receipt.text
    assert "One card comes Mon 19 Jan, 09:00" in receipt.text
    assert "Hand in “The first draft”, due Mon 12 Jan, 12:59" in receipt.text
    assert "Hand in “The page”, due Sun 18 Jan, 18:00" in receipt.text
    assert receipt.buttons == ["Move my dates", "Other dates", "I'm back"]
    before = len(mia.inbox())
    await world.until("2026-01-18T22:59:00Z")
    assert len(mia.inbox()) == before
    await world.until("2026-01-19T07:59:00Z")
    assert len(mia.inbox()) == before
    await world.until("2026-01-19T08:00:00Z")
    (card,) = mia.inbox()[before:]
    assert card.startswith("Welcome back, Mia\nWeek 3 of 7: Three. Goal: End")
    assert f"Hand in “The first draft”, was due Mon 12 Jan, 12:59; {LATE}" in card
    assert mia.find(BACK).buttons[0] == "Hand in"
    assert {"Ask privately", "My page"} <= set(mia.find(BACK).buttons)
    await world.until("2026-01-30T12:00:00Z")
    assert len(unasked(mia, BACK)) == 1
    assert unasked(mia, MISSED) == []


async def test_the_welcome_follows_a_date_that_moves_and_another_zone(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("away", "2026-01-11")
    await world.until("2026-01-12T09:00:00Z")
    assert "Hand in “The first draft”, due Mon 12 Jan, 12:59" in mia.find(BACK).text
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="draft", days="1"), "Move it")
    assert "Hand in “The first draft”, due Tue 13 Jan, 12:59" in mia.find(BACK).text
    await move(mia, "America/New_York")
    assert "Hand in “The first draft”, due Tue 13 Jan, 06:59" in mia.find(BACK).text
    assert len(unasked(mia, BACK)) == 1


async def extend(ines: Speaker, days: int) -> str:
    """The instructor gives everybody more time for the draft; returns the preview."""
    await ines.press(await ines.command("week"), "Extend a date")
    preview = await ines.submit(milestone="draft", days=str(days))
    await ines.press(preview, "Move it")
    return preview.text


async def test_a_date_that_moves_into_days_away_is_told_to_all(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("away", "15.1. to 17.1.")
    assert "Nothing falls due meanwhile." in receipt_of(mia).text
    assert "The new date falls into their days away." in await extend(ines, 3)
    assert "Hand in “The first draft”, due Thu 15 Jan, 12:59" in receipt_of(mia).text
    assert "The new date falls into their days away." in await extend(ines, 1), "as the date before did"
    assert "days away" not in await extend(ines, 2)
    assert "Nothing falls due meanwhile." in receipt_of(mia).text
    await world.until("2026-01-14T12:00:00Z")
    assert not [t for t in mia.inbox() if "You have said that you are away then." in t], "the date moved on"


async def test_what_is_taken_late_for_the_last_time_while_away_is_in_the_receipt(world: World) -> None:
    """Its date is before the days away, and its last one in them."""
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "19.1.")
    receipt = receipt_of(mia).text
    assert "Due or closing meanwhile:\n- Hand in “The first draft”, due Mon 12 Jan, 12:59" in receipt
    assert LATE in receipt
    assert "Nothing falls due" not in receipt
    await hand_in(mia)
    assert "The first draft" not in receipt_of(mia).text


async def test_a_date_in_the_morning_of_the_return_falls_into_the_days_away(world: World) -> None:
    """Sunday's end anywhere on Earth is Monday morning in Los Angeles, before the card of the return."""
    ana, ines = await world.learner("ana", "Ana", "America/Los_Angeles"), world.chat.person("ines")
    await ana.command("away", "13.1. to 14.1.")
    assert "The new date falls into their days away." in await extend(ines, 3)
    assert "Hand in “The first draft”, due Thu 15 Jan, 03:59" in receipt_of(ana).text


async def test_a_change_of_a_date_that_is_over_by_the_return_is_not_told(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("away", "8.1. to 20.1.")
    await world.until("2026-01-08T12:00:00Z")
    await extend(ines, 2)
    await world.until("2026-01-23T12:00:00Z")
    assert mia.find("Welcome back")
    assert not [text for text in mia.inbox() if "not Mon 12 Jan" in text]


async def test_news_of_a_date_says_that_the_learner_is_away_then_as_long_as_that_is_so(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("away", "15.1. to 17.1.")
    await extend(ines, 3)
    await world.until("2026-01-12T12:00:00Z")
    told = mia.find("You have said that you are away then.")
    assert "The first draft is due Thu 15 Jan, 12:59, not Mon 12 Jan, 12:59. You have said" in told.text
    await extend(ines, 3)
    (now,) = [seen for seen in mia.sees() if seen.id == told.id]
    assert "The first draft is due Sun 18 Jan, 12:59, not Mon 12 Jan, 12:59." in now.text
    assert "You have said that you are away then." not in now.text


async def test_a_start_that_moves_into_days_away_is_told_to_all(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.say("dm", "I am away from 24.1. to 25.1.")
    await mia.press(mia.last(), "I'm away")
    assert "Nothing falls due meanwhile." in receipt_of(mia).text
    await ines.press(await ines.command("course"), "Change dates")
    preview = await ines.submit(starts_on="2026-01-12")
    assert "The new date falls into their days away." in preview.text
    await ines.press(preview, "Use it")
    assert "Hand in “The page”, due Sun 25 Jan, 18:00" in receipt_of(mia).text
    await move(mia, "Asia/Tokyo")
    assert "away from Sat 24 Jan until Sun 25 Jan." in receipt_of(mia).text
    assert "Hand in “The page”, due Sun 25 Jan, 18:00" in receipt_of(mia).text


async def test_a_receipt_ends_with_the_days_that_it_is_about(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "12.1. to 14.1.")
    first = receipt_of(mia)
    await mia.command("away", "16.1. to 17.1.")
    second = receipt_of(mia)
    await mia.command("away", "14.1. to 18.1.")
    assert "away from Mon 12 Jan until Sun 18 Jan." in receipt_of(mia).text
    assert [seen.id for seen in mia.sees() if seen.id in (first.id, second.id)] == [first.id]
    await world.until("2026-01-13T12:00:00Z")
    await mia.command("away", "back")
    assert [seen.text for seen in mia.sees() if seen.id == first.id] == ["You are here. Nothing is held back."]


async def test_days_away_given_in_a_channel_have_their_receipt_there(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    before = mia.inbox()
    said = await mia.command("away", "12.-14. January and 26.-28. January", place="general")
    assert "After each, one card says where to go on." in said.text
    assert mia.inbox() == before


async def test_back_by_hand_shows_the_card_at_once_and_no_other_comes(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-11")
    assert (await mia.command("")).text.split("\n")[2].startswith("- You are away until Sun 11 Jan")
    assert "You are away" in (await mia.command("next")).text
    await world.until("2026-01-07T12:00:00Z")
    back = await mia.press(await mia.command(""), "I'm back")
    assert back.text.startswith("Welcome back, Mia")
    assert "Hand in “The first draft”, due Mon 12 Jan, 12:59" in back.text
    assert "You are here." in (await mia.command("away", "back")).text
    await world.until("2026-01-13T12:00:00Z")
    assert unasked(mia, BACK) == []
    assert "away" not in (await mia.command("")).text
    form = await mia.press(back, "Ask privately")
    assert form.form is not None
    assert {f.name: f.value for f in form.form.fields}["instructors_only"] == "yes"


async def test_a_pause_has_no_end_and_may_get_one(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    receipt = await mia.command("away", "pause")
    assert "You are paused until you say that you are back." in receipt.text
    before = len(mia.inbox())
    await world.until("2026-01-20T12:00:00Z")
    assert len(mia.inbox()) == before
    page = await mia.command("away")
    assert page.buttons[:2] == ["I'm back", "Until a date"]
    await mia.press(page, "Until a date")
    assert "You are away until Thu 22 Jan." in (await mia.submit(until="2026-01-22")).text
    assert row(world).starts_at == world.at("2026-01-05T08:00:00Z")
    await world.until("2026-01-23T08:00:00Z")
    assert len(mia.inbox()) == before + 1
    assert BACK in mia.inbox()[-1]


async def test_days_ahead_begin_at_midnight_and_can_be_taken_back(world: World) -> None:
    mia = await world.learner("mia", "Mia", "America/New_York")
    said = await mia.command("away", "from 2026-01-12 to 2026-01-18")
    assert "You are here; away from Mon 12 Jan until Sun 18 Jan." in said.text
    assert row(world).starts_at == world.at("2026-01-12T05:00:00Z")
    assert row(world).ends_at == world.at("2026-01-19T05:00:00Z")
    await mia.press(receipt := receipt_of(mia), "I stay here")
    assert "You are here. Nothing is held back." in [seen.text for seen in mia.sees() if seen.id == receipt.id]
    assert world.rows(AbsenceRow) == []
    assert world.rows(DueRow, kind="absence.back") == []
    await mia.command("away", "2026-01-12 2026-01-18")
    await world.until("2026-01-12T06:00:00Z")
    assert "away until Sun 18 Jan" in (await mia.command("away")).text
    # Another absence, further ahead: both stay.
    await mia.command("away", "2026-01-24 2026-02-08")
    standing = "You are away until Sun 18 Jan. Also away: from Sat 24 Jan until Sun 8 Feb."
    assert standing in (await mia.command("away")).text
    await world.until("2026-01-23T14:00:00Z")
    assert len(unasked(mia, BACK)) == 1
    await world.until("2026-02-08T14:00:00Z")
    assert len(unasked(mia, BACK)) == 1
    await world.until("2026-02-09T14:00:00Z")
    assert len(unasked(mia, BACK)) == 2


async def test_dates_that_replace_others_say_so_and_offer_the_way_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "from 2026-01-12 to 2026-01-14")
    await mia.press(await mia.command("away"), "Other dates")
    assert mia.form is not None
    assert [f.value for f in mia.form.fields] == ["2026-01-12", "2026-01-14"]
    said = await mia.submit(start="2026-01-20", until="2026-01-22")
    assert "away from Tue 20 Jan until Thu 22 Jan." in said.text
    assert "This replaces your absence from Mon 12 Jan until Wed 14 Jan." in receipt_of(mia).text
    back = await mia.press(receipt_of(mia), "The dates from before")
    assert "away from Mon 12 Jan until Wed 14 Jan." in back.text
    assert "This replaces your absence from Tue 20 Jan until Thu 22 Jan." in receipt_of(mia).text
    assert row(world).last_day == date(2026, 1, 14)


async def test_dates_that_touch_become_one_absence(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "from 2026-01-12 to 2026-01-14")
    for typed in ("from 2026-01-15 to 2026-01-18", "from 2026-01-10 to 2026-01-12"):
        assert "replaces" not in (await mia.command("away", typed)).text
    assert "away from Sat 10 Jan until Sun 18 Jan." in (await mia.command("away")).text
    shorter = await mia.command("away", "from 2026-01-12 to 2026-01-14")
    assert "away from Mon 12 Jan until Wed 14 Jan." in shorter.text
    assert "This replaces your absence from Sat 10 Jan until Sun 18 Jan." in receipt_of(mia).text


async def test_absences_apart_are_each_kept_changed_and_cancelled(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    said = await mia.command("away", "12.-14. January and 26.-28. January")
    both = "You are here; away from Mon 12 Jan until Wed 14 Jan and from Mon 26 Jan until Wed 28 Jan."
    assert both in said.text
    assert both.rstrip(".") in (await mia.command("")).text
    page = await mia.press(receipt_of(mia), "My days away")
    changed = "Change: from Mon 26 Jan until Wed 28 Jan"
    assert changed in page.buttons
    await mia.press(page, changed)
    await mia.submit(start="2026-01-27", until="2026-01-30")
    receipt = receipt_of(mia)
    assert "You are also away from Mon 12 Jan until Wed 14 Jan." in receipt.text
    assert "This replaces your absence from Mon 26 Jan until Wed 28 Jan." in receipt.text
    await mia.press(receipt, "The dates from before")
    await mia.press(await mia.command("away"), "More days away")
    await mia.submit(start="2026-01-19", until="2026-01-20")
    left = await mia.press(await mia.command("away"), "Cancel: from Mon 12 Jan until Wed 14 Jan")
    assert "away from Mon 19 Jan until Tue 20 Jan and from Mon 26 Jan until Wed 28 Jan." in left.text
    for day, cards in (("14", 0), ("20", 0), ("21", 1), ("27", 1), ("29", 2)):
        await world.until(f"2026-01-{day}T12:00:00Z")
        assert len(unasked(mia, BACK)) == cards, day


async def test_days_that_bridge_two_absences_make_one_of_them(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "12.1. to 14.1., 18.1. to 20.1.")
    assert "until Tue 20 Jan." in (await mia.command("away", "14.1. to 19.1.")).text
    assert row(world).first_day == date(2026, 1, 12)
    assert len(world.rows(DueRow, kind="absence.back")) == 1


async def test_a_pause_keeps_the_days_ahead_and_no_card_comes_in_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "12.1. to 14.1. and 26.1. to 28.1.")
    await mia.command("away", "pause")
    paused = receipt_of(mia)
    assert "You are also away from Mon 12 Jan until Wed 14 Jan and from Mon 26 Jan until Wed 28 Jan." in paused.text
    await world.until("2026-01-16T12:00:00Z")
    assert unasked(mia, BACK) == []
    assert "Welcome back" in (await mia.command("away", "back")).text
    assert "You are here; away from Mon 26 Jan until Wed 28 Jan." in (await mia.command("away")).text
    await world.until("2026-01-30T12:00:00Z")
    assert len(unasked(mia, BACK)) == 1


async def test_back_before_days_ahead_cancels_nothing_unasked(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "next week")
    page = await mia.command("away", "back")
    assert "You are here; away from Mon 12 Jan until Sun 18 Jan." in page.text
    assert "You are here." in (await mia.press(page, "I stay here")).text
    assert world.rows(AbsenceRow) == []


async def test_nobody_plans_days_away_without_end(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    for day in (8, 11, 14, 17, 20, 23):
        await mia.command("away", f"2026-01-{day:02} 2026-01-{day:02}")
    assert "6 times already" in (await mia.command("away", "2026-01-26 2026-01-26")).text
    assert len(world.rows(AbsenceRow)) == 6


async def test_a_pause_says_what_is_left_and_until_when_it_is_taken_late(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T12:00:00Z")
    await mia.command("away", "pause")
    left = receipt_of(mia).text.partition("Left for when you are back, essential work first:")[2].split("\n")
    assert left[1].endswith(f"was due Mon 12 Jan, 12:59; {LATE}")
    assert left[2].endswith("Hand in “The page”, due Sun 18 Jan, 18:00; late is welcome")
    assert left[3].endswith("Hand in “An extra”, was due Mon 12 Jan, 12:59; late is welcome")


async def test_a_pause_that_gives_way_to_dates_ahead_can_go_on(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(await mia.command("away"), "Pause")
    await mia.command("away", "from 2026-01-20 to 2026-01-22")
    assert "This replaces your absence without an end." in (said := receipt_of(mia)).text
    assert "You are paused until you say that you are back." in (await mia.press(said, "Pause again")).text


@pytest.mark.parametrize(
    ("typed", "standing"),
    [
        ("tomorrow", "You are here; away on Tue 6 Jan."),
        ("12.1. to 18.1.", "You are here; away from Mon 12 Jan until Sun 18 Jan."),
        ("next week", "You are here; away from Mon 12 Jan until Sun 18 Jan."),
        ("Wed-Fri", "You are here; away from Wed 7 Jan until Fri 9 Jan."),
        ("until Friday", "You are away until Fri 9 Jan."),
    ],
)
async def test_days_are_typed_as_people_say_them(world: World, typed: str, standing: str) -> None:
    mia = await world.learner("mia", "Mia")
    assert standing in (await mia.command("away", typed)).text


async def test_days_that_can_mean_two_are_asked_with_both(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    asked = await mia.command("away", "2/3 to 3/3")
    assert asked.text.startswith("“2/3 to 3/3” can mean several days. Which do you mean?")
    assert asked.buttons == ["from Mon 2 Mar until Tue 3 Mar", "from Tue 3 Feb until Tue 3 Mar"]
    said = await mia.press(asked, "from Mon 2 Mar until Tue 3 Mar")
    assert "You are here; away from Mon 2 Mar until Tue 3 Mar." in said.text
    asked = await mia.command("away", "3/4 and 5/4")
    assert asked.buttons == ["on Fri 3 Apr and on Sun 5 Apr", "on Wed 4 Mar and on Mon 4 May"]
    said = await mia.press(asked, "on Fri 3 Apr and on Sun 5 Apr")
    assert "on Fri 3 Apr and on Sun 5 Apr." in said.text
    said = await mia.command("away", "1/2 to 2/2")
    assert "from Sun 1 Feb until Mon 2 Feb" in said.text, "the other reading lies behind"


async def test_the_form_takes_typed_days_and_asks_back_filled(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(await mia.command("away"), "I'm away")
    asked = await mia.submit(start="6/1", until="2/3")
    assert asked.errors["until"] == "“2/3” can be Mon 2 Mar 2026 or Tue 3 Feb 2026. Please write it as 2 Mar."
    assert asked.form is not None
    assert [f.value for f in asked.form.fields] == ["6/1", "2/3"]
    said = await mia.submit(start="tomorrow", until="9.1.")
    assert "You are here; away from Tue 6 Jan until Fri 9 Jan." in said.text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ("soon", "until", "“soon” is not understood"),
        ("2026-01-32", "until", "not understood"),
        ("18.1. to 12.1.", "until", "before the first day"),
        ("2026-01-18 2026-01-12", "until", "before the first day"),
        ("2026-01-04", "until", "This day is over"),
        ("2026-01-01 2026-01-12", "start", "This day is over"),
        ("2026-01-06 2026-05-06", "until", "longer than 120 days"),
        ("2027-05-06 9999-12-31", "start", "more than a year ahead"),
    ],
)
async def test_what_is_typed_wrongly_opens_the_form_with_a_word_at_the_field(
    world: World, typed: str, field: str, words: str
) -> None:
    mia = await world.learner("mia", "Mia")
    wrong = await mia.command("away", typed)
    assert words in wrong.errors[field]
    assert wrong.form is not None
    assert world.rows(AbsenceRow) == []
    assert "You are away until Sun 18 Jan." in (await mia.submit(start="", until="2026-01-18")).text


async def test_the_longest_absence_is_120_days(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "You are away until" in (await mia.command("away", "2026-01-05 2026-05-04")).text


async def test_today_is_the_learners_today(world: World) -> None:
    kiri = await world.learner("kiri", "Kiri", "Pacific/Auckland")
    await world.until("2026-01-05T12:00:00Z")
    assert "This day is over" in (await kiri.command("away", "2026-01-05")).errors["until"]
    assert "away until Tue 6 Jan" in (await kiri.command("away", "2026-01-06")).text


async def test_another_zone_moves_the_end_across_the_date_line(world: World) -> None:
    kiri = await world.learner("kiri", "Kiri", "Pacific/Auckland")
    await kiri.command("away", "2026-01-09")
    assert row(world).ends_at == world.at("2026-01-09T11:00:00Z")
    await move(kiri, "Pacific/Honolulu")
    assert row(world).ends_at == world.at("2026-01-10T10:00:00Z")
    await world.until("2026-01-10T18:59:00Z")
    assert unasked(kiri, BACK) == []
    await world.until("2026-01-10T19:00:00Z")
    assert len(unasked(kiri, BACK)) == 1
    # Back home: the card has been read, and the days that were do not come again.
    await move(kiri, "Pacific/Auckland")
    await move(kiri, "Pacific/Honolulu")
    await world.until("2026-01-13T19:00:00Z")
    assert len(unasked(kiri, BACK)) == 1


async def test_a_zone_where_the_last_day_has_passed_ends_it(world: World) -> None:
    lea = await world.learner("lea", "Lea", "Pacific/Honolulu")
    await lea.command("away", "2026-01-09")
    await world.until("2026-01-10T05:00:00Z")
    # 18:00 on the 10th, in Auckland: the day after, past the hour. The card waits for the next morning.
    await move(lea, "Pacific/Auckland")
    assert "You are here." in (await lea.command("away")).text
    await world.until("2026-01-10T19:59:00Z")
    assert unasked(lea, BACK) == []
    await world.until("2026-01-10T20:00:00Z")
    assert row(world).back_at == world.at("2026-01-10T20:00:00Z")
    # What had come due at once with the new clock may have taken the day's one message.
    await world.until("2026-01-14T20:00:00Z")
    assert len(unasked(lea, BACK)) == 1


async def test_the_card_keeps_within_the_hours_of_the_course(tmp_path_factory: pytest.TempPathFactory) -> None:
    course = COURSE + "messages: {hours: 08:30-20:00}\n"
    world = new_world(tmp_path_factory.mktemp("world"), course=course)
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await mia.press(await mia.command("settings"), "Hour", "08:30")
    await tom.press(await tom.command("settings"), "Hour", "19:00")
    for one in (mia, tom):
        await one.command("away", "2026-01-06")
    await world.until("2026-01-07T07:29:00Z")
    assert unasked(mia, BACK) == []
    await world.until("2026-01-07T07:30:00Z")
    assert len(unasked(mia, BACK)) == 1
    await world.until("2026-01-07T17:59:00Z")
    assert unasked(tom, BACK) == []
    await world.until("2026-01-07T18:00:00Z")
    assert len(unasked(tom, BACK)) == 1


async def test_planning_anew_and_a_late_start_double_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-11")
    happen(world, CohortPlanned(world.cohort.id), ZoneChanged(me(world)), CohortPlanned(world.cohort.id))
    await world.jump("2026-01-13T12:00:00Z")
    assert len(unasked(mia, BACK)) == 1
    happen(
        world,
        CohortPlanned(world.cohort.id),
        ZoneChanged(me(world)),
        ItemMoved(world.cohort.id, "milestone/draft"),
    )
    await world.until("2026-01-16T12:00:00Z")
    assert len(unasked(mia, BACK)) == 1


async def test_being_away_is_for_learners(world: World) -> None:
    ines, zoe = world.chat.person("ines"), world.chat.person("zoe", "Zoe")
    assert "for learners" in (await ines.command("away")).text
    assert "for learners" in (await ines.command("away", "pause")).text
    assert "no cohort" in (await zoe.command("away")).text
    mia = await world.learner("mia", "Mia")
    page = await mia.command("away")
    await mia.press(await mia.press(page, "Leave the cohort"), "Leave")
    assert "members of the cohort" in (await mia.press(page, "Pause")).text
    assert world.rows(AbsenceRow) == []


async def test_who_leaves_while_away_hears_nothing_and_may_return(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    page = await mia.press(await mia.command("away"), "Pause")
    await mia.press(await mia.command("leave"), "Leave")
    assert page.text
    await mia.command("join", world.join_code)
    assert "You are here." in (await mia.command("away")).text
    await mia.command("away", "2026-01-07")
    await mia.press(await mia.command("leave"), "Leave")
    before = len(mia.inbox())
    await world.until("2026-02-20T12:00:00Z")
    assert len(mia.inbox()) == before


# A missed milestone


async def test_a_missed_essential_milestone_brings_one_card(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await hand_in(tom)
    # Due on Monday 12:59 in Berlin; 12 hours later it is night, so it comes on Tuesday at nine.
    await world.until("2026-01-13T07:59:00Z")
    assert unasked(mia, MISSED) == []
    await world.until("2026-01-13T08:00:00Z")
    (card,) = unasked(mia, MISSED)
    assert "“The first draft” did not arrive. That happens." in card
    assert "An extra” did not" not in card
    assert mia.find(MISSED).buttons == ["Move my dates", "Pause", "Ask privately", "Hand in", "My page"]
    happen(world, CohortPlanned(world.cohort.id), ItemMoved(world.cohort.id, "milestone/draft"))
    await world.until("2026-01-18T16:00:00Z")
    assert len(unasked(mia, MISSED)) == 1
    assert unasked(tom, MISSED) == []


async def test_the_card_about_missed_work_follows_dates_and_another_zone(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-13T08:00:00Z")
    card = mia.find(MISSED)
    assert f"“The first draft”, was due Mon 12 Jan, 12:59; {LATE}" in card.text
    await move(mia, "America/New_York")
    assert "“The first draft”, was due Mon 12 Jan, 06:59" in mia.find(MISSED).text
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="draft", days="7"), "Move it")
    (moved,) = [s for s in mia.sees() if s.id == card.id]
    assert moved.text.startswith("“The first draft” has another date now.")
    assert "Hand in “The first draft”, due Mon 19 Jan, 06:59" in moved.text
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.press(await ines.submit(starts_on="12 January"), "Use it")
    (moved,) = [s for s in mia.sees() if s.id == card.id]
    quoted = [line for line in moved.text.split("\n") if "“The first draft”, due " in line]
    page = [line for line in (await mia.command("")).text.split("\n") if "“The first draft”, due " in line]
    assert [line.split("due ")[1][:17] for line in quoted] == [line.split("due ")[1][:17] for line in page]


async def test_another_try_that_a_downtime_left_out_concerns_its_learner(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until("2026-01-13T10:00:00Z")
    await world.jump("2026-01-18T12:00:00Z")
    desk = (await world.chat.person("ines").command("desk")).text
    assert "Cards about missed work, Wed 14 Jan, 09:00: not sent to 1 learner" in desk


async def test_after_the_last_week_the_final_card_says_what_is_missing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    world = new_world(tmp_path_factory.mktemp("last"), course=COURSE + WORK.replace("week: 2", "week: 3"))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-20T12:00:00Z")
    before = len(unasked(mia, MISSED))
    await world.until("2026-02-02T12:00:00Z")
    assert len(unasked(mia, MISSED)) == before
    assert "is over" in mia.inbox()[-1]


async def test_a_pause_says_how_much_more_falls_due(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-03-01")
    away = receipt_of(mia).text
    assert away.count(", due ") == 6
    assert "- and 4 more" in away
    await mia.command("away", "pause")
    paused = receipt_of(mia).text
    assert "Hand in “The first draft”, due Mon 12 Jan" in paused
    assert "wrap-up" not in paused, "it has not opened"


async def test_a_moved_date_moves_the_card(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(await mia.command("away"), "Move my dates")
    assert "You can ask for more." in (await mia.submit(days="3")).text
    assert "Move my dates" in (await mia.command("away")).buttons
    await world.until("2026-01-10T12:00:00Z")
    await mia.say("general", "Good morning from the train.")
    # Friday belongs to the wrap-up's prompt, which is the week's third message, and Monday to the week's card.
    await world.until("2026-01-20T07:59:00Z")
    assert unasked(mia, MISSED) == []
    await world.until("2026-01-20T08:00:00Z")
    assert len(unasked(mia, MISSED)) == 1


async def test_away_paused_or_joined_later_brings_no_such_card(world: World) -> None:
    mia, tom, ann = [await world.learner(n, n.capitalize()) for n in ("mia", "tom", "ann")]
    await mia.command("away", "pause")
    # Back the day before: the card of coming back names the draft already.
    await tom.command("away", "2026-01-11")
    for window in world.rows(MilestoneWindowRow, milestone="draft", person=3 + 2):
        assert not window.optional
    await world.until("2026-01-12T12:30:00Z")
    eve = await world.learner("eve", "Eve")
    await world.until("2026-01-14T12:00:00Z")
    assert [len(unasked(p, MISSED)) for p in (mia, tom, ann, eve)] == [0, 0, 1, 0]
    assert "The first draft" in unasked(tom, BACK)[0]
    assert world.rows(SubmissionRow) == []


async def test_a_first_day_without_a_last_one_is_asked_until_when(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    asked = await mia.command("away", "from 20.1.")
    assert asked.errors == {"until": "Until when? Pick the last day on which you are away."}
    assert world.rows(AbsenceRow) == []
    assert asked.form is not None
    assert {f.name: f.value for f in asked.form.fields if isinstance(f, DateField)}["start"] == "2026-01-20"
    await mia.submit(start="2026-01-20", until="2026-01-22")
    assert (row(world).first_day, row(world).last_day) == (date(2026, 1, 20), date(2026, 1, 22))


async def test_leave_typed_behind_away_leads_to_leaving(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    asked = await mia.command("away", "leave")
    assert asked.reply is not None
    assert asked.reply.buttons == ["Leave the cohort", "Pause"]
    sure = await mia.press(asked.reply, "Leave the cohort")
    assert "Leave" in sure.text


# Silence


async def test_two_quiet_weeks_bring_one_card_and_then_nothing(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom", "America/New_York")
    await world.until("2026-01-09T16:00:00Z")
    await tom.say("dm", "I wrote two pages.")
    # Heard on Monday 5 January, a moment after nine: the look on Monday 19 finds 13 days, that on Tuesday 14.
    await world.until("2026-01-19T12:00:00Z")
    assert unasked(mia, QUIET) == []
    await world.until("2026-01-26T08:00:00Z")
    (card,) = unasked(mia, QUIET)
    assert "All of these are fine:" in card
    assert mia.find(QUIET).buttons == ["Catch up", "Pause", "Next run", "Leave"]
    assert unasked(tom, QUIET) == []
    await world.until("2026-01-26T14:00:00Z")
    assert len(unasked(tom, QUIET)) == 1
    before = len(mia.inbox())
    happen(world, CohortPlanned(world.cohort.id))
    await world.until("2026-02-16T12:00:00Z")
    assert len(mia.inbox()) == before
    assert len(world.rows(SilenceRow)) == 2


async def test_two_quiet_weeks_bring_the_card_at_the_learners_next_hour(world: World) -> None:
    leo = await world.learner("leo", "Leo")
    await world.until("2026-01-06T15:00:00Z")
    await leo.say("general", "Good afternoon from the train.")
    await world.until("2026-01-21T07:59:00Z")
    assert not any("It has been quiet" in text for text in leo.inbox())
    await world.until("2026-01-21T08:01:00Z")
    assert "has not heard of you for 14 days" in leo.find("It has been quiet").text


async def test_heard_again_ends_it_and_another_card_takes_two_more_weeks(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-27T12:00:00Z")
    assert len(unasked(mia, QUIET)) == 1
    # A command that is refused is heard, too.
    assert "There is no /cohort hepl." in (await mia.command("hepl")).text
    assert world.rows(SilenceRow) == []
    before = len(mia.inbox())
    await world.until("2026-02-09T12:00:00Z")
    assert len(mia.inbox()) > before
    assert len(unasked(mia, QUIET)) == 1
    await world.until("2026-02-16T12:00:00Z")
    assert len(unasked(mia, QUIET)) == 2
    caught_up = await mia.press(mia.find(QUIET), "Catch up")
    assert caught_up.text.startswith("Welcome back, Mia")
    assert world.rows(SilenceRow) == []


async def test_a_message_is_heard_before_the_card_is_said(world: World) -> None:
    # At nine in Berlin it is three in New York: the card waits there, and is taken back.
    tom = await world.learner("tom", "Tom", "America/New_York")
    await world.until("2026-01-20T09:00:00Z")
    assert len(world.rows(SilenceRow)) == 1
    await tom.say("general", "Here I am.")
    assert world.rows(SilenceRow) == []
    await world.until("2026-01-22T12:00:00Z")
    assert unasked(tom, QUIET) == []


async def test_away_days_are_not_quiet_days(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-25")
    await world.until("2026-02-07T12:00:00Z")
    assert unasked(mia, QUIET) == []
    await world.until("2026-02-09T12:00:00Z")
    assert len(unasked(mia, QUIET)) == 1


async def test_a_break_is_not_quiet(world: World) -> None:
    mia = await world.learner("mia", "Mia")

    def rest(turn: Turn[SqlEnrolment]) -> None:
        days = {(world.cohort.starts_on + timedelta(days=14 + n)): "Break" for n in range(7)}
        turn.store.set_holidays(world.cohort.id, days)
        turn.happened(CohortPlanned(world.cohort.id))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), rest))
    await world.until("2026-01-26T12:00:00Z")
    assert unasked(mia, QUIET) == []
    await world.until("2026-01-27T12:00:00Z")
    assert len(unasked(mia, QUIET)) == 1


async def test_the_catch_up_card_is_in_the_week_of_everybodys_own_page(world: World) -> None:
    """On a Monday morning in Auckland it is still Sunday for the cohort."""
    zoe, mia = await world.learner("zoe", "Zoe", "Pacific/Auckland"), await world.learner("mia", "Mia")
    await world.until("2026-01-11T21:00:00Z")
    for learner, number in ((zoe, 2), (mia, 1)):
        assert f"Week {number} of 7: " in (await learner.command("")).text
        await learner.press(await said(learner, "what did I miss?"), "Catch up")
        assert f"Week {number} of 7: " in learner.find(BACK).text, learner.id


async def test_the_catch_up_cards_know_of_a_break(world: World) -> None:
    mia = await world.learner("mia", "Mia")

    def rest(turn: Turn[SqlEnrolment]) -> None:
        days = {(world.cohort.starts_on + timedelta(days=7 + n)): "Break" for n in range(7)}
        turn.store.set_holidays(world.cohort.id, days)
        turn.happened(CohortPlanned(world.cohort.id))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), rest))
    await world.until("2026-01-14T12:00:00Z")
    until = "A break until Mon 19 Jan."
    assert until in (await mia.command("")).text
    assert until in mia.find(MISSED).text
    await mia.press(await said(mia, "what did I miss?"), "Catch up")
    assert until in mia.find(BACK).text


async def test_days_without_the_bot_are_nobodys_silence(world: World) -> None:
    """Everybody is heard on Saturday, and then the bot is down for twelve days."""
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-10T11:00:00Z")
    for learner in (mia, leo):
        await learner.command("ask", f"What comes after Monday, asks {learner.id}?")
        await world.wait(minutes=1)
    await world.until("2026-01-10T12:00:00Z")
    await world.jump("2026-01-22T12:00:00Z")
    assert "May drop out: 0 of 2" in (await omar.command("overview")).text
    assert "Active: 2 of 2" in (await omar.command("overview")).text
    assert "longer than promised" not in (await ines.command("desk")).text
    assert "nothing under their name since" not in (await ines.command("desk")).text
    await world.until("2026-01-24T12:00:00Z")
    assert world.rows(SilenceRow) == []
    assert unasked(mia, QUIET) == unasked(leo, QUIET) == []
    # The next wrap-up reaches them.
    assert any("Week 3 wrap-up" in text for text in mia.inbox())
    await leo.say("general", "There it is.")
    await world.until("2026-02-06T12:00:00Z")
    assert "has not heard of you for 14 days" in mia.find(QUIET).text
    assert unasked(leo, QUIET) == []


async def test_who_was_muted_by_a_downtime_is_heard_again(world: World) -> None:
    """The mute is older than what is known of the downtime."""
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-20T12:00:00Z")
    assert len(world.rows(SilenceRow)) == 1
    down = Outage(world.at("2026-01-08T08:00:00Z"), world.at("2026-01-16T08:00:00Z"))
    world.app.storage.run_now(lambda unit: unit.schedule.was_down(down))
    await world.until("2026-01-22T12:00:00Z")
    assert world.rows(SilenceRow) == []
    await world.until("2026-01-24T12:00:00Z")
    assert any("wrap-up" in text for text in mia.inbox())


async def test_the_day_since_when_somebody_is_quiet_is_the_cohorts(world: World) -> None:
    """The course begins on a Monday in Berlin, which is a Sunday for an instructor in London. A start that is moved
    makes the line no news."""
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.learner("leo", "Leo")
    await move(ines, "Europe/London")
    await world.until("2026-01-20T12:00:00Z")
    assert "Leo: nothing under their name since Mon 5 Jan" in (await ines.command("desk")).text
    named = await omar.press(await omar.command("overview"), "Who may drop out")
    assert "Leo: nothing under their name since Mon 5 Jan" in named.text
    change(world, starts_on=MONDAY + timedelta(days=7))
    await world.until("2026-01-28T12:00:00Z")
    assert "Nothing is new." in ines.find("Your desk, Monday").text
    assert "Leo: nothing under their name since Mon 12 Jan" in (await ines.command("desk")).text


async def test_nobody_who_wrote_to_the_bot_alone_is_called_quiet(world: World) -> None:
    """That they wrote is told to nobody: a question without their name may follow it."""
    ines, omar, leo = world.chat.person("ines"), world.chat.person("omar"), await world.learner("leo", "Leo")
    await world.learner("ava", "Ava")
    await world.until("2026-01-14T09:00:00Z")
    await leo.say("dm", "uh this is all too much, where do i click")
    await world.until("2026-01-20T12:00:00Z")
    named = await omar.press(await omar.command("overview"), "Who may drop out")
    for text in (named.text, (await ines.command("desk")).text):
        (line,) = [line for line in text.splitlines() if "Leo: " in line]
        assert "nothing under their name since Mon 5 Jan" in line
        assert "quiet" not in line


async def test_an_anonymous_question_takes_nobody_off_a_list(world: World) -> None:
    """Neither on its day nor on the next one, whatever its asker looked at before."""
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    leo, _ = await world.learner("leo", "Leo"), await world.learner("ava", "Ava")
    await world.until("2026-01-27T09:00:00Z")
    quiet_card = leo.find(QUIET)

    async def views() -> list[str]:
        overview, desk = await omar.command("overview"), await ines.command("desk")
        named = await omar.press(overview, "Who may drop out")
        risk = [line for line in overview.text.splitlines() if "May drop out" in line]
        lines = [line.partition(". ")[2] for line in desk.text.splitlines() if "Leo:" in line or "Ava:" in line]
        return [*risk, named.text, *lines]

    before = await views()
    assert any("Leo: nothing under their name since Mon 5 Jan" in text for text in before)
    await leo.press(quiet_card, "Catch up")
    await leo.command("")
    await leo.command("ask", "Is it too late for me? anonymous=yes")
    await world.wait(minutes=5)
    assert "Is it too late for me?" in omar.last("questions").text
    assert await views() == before
    await world.until("2026-01-28T09:00:00Z")
    assert [text for text in await views() if "Leo" in text] == [text for text in before if "Leo" in text]
    await leo.command("ask", "Where is the room for the session?")
    await world.wait(minutes=5)
    assert not any("Leo: nothing under their name" in text for text in await views())


async def test_the_next_run_is_noted_for_the_manager_and_leaving_asks_once(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.until("2026-01-26T12:00:00Z")
    card = mia.find(QUIET)
    noted = await mia.press(card, "Next run")
    assert "your manager knows" in noted.text
    await mia.press(card, "Next run")
    assert len(world.rows(InterestRow)) == 1
    assert [r.act for r in world.rows(AuditRow) if "next run" in r.act] == ["would like the next run"]
    assert "It was good to have you" in (await mia.press(noted, "Leave this run")).text
    before = len(mia.inbox())
    await world.until("2026-02-03T12:00:00Z")
    assert len(mia.inbox()) == before
    assert "Mia would like the next run of Demo course" in " ".join(omar.inbox())
    assert "Mia would like" not in " ".join(m.text for m in _everything(world, "general"))


def _everything(world: World, place: str) -> list[Seen]:
    return world.chat.person("ines").sees(place)


async def test_hearing_writes_once_a_day(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    (first,) = [r for r in world.rows(HeardRow) if r.person == me(world)]
    assert first.until == world.at("2026-01-06T00:00:00Z")
    await mia.command("")
    await world.until("2026-01-06T00:00:00Z")
    await mia.command("")
    (second,) = [r for r in world.rows(HeardRow) if r.person == me(world)]
    assert second.until == world.at("2026-01-07T00:00:00Z")


async def test_the_course_team_reads_away_beside_a_missing_name(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.learner("tom", "Tom")
    await mia.command("away", "pause")
    await world.until("2026-01-09T16:00:00Z")
    ines = world.chat.person("ines")
    assert "Still in time: Mia (away), Tom" in (await ines.command("week", "missing")).text


@pytest.mark.parametrize(
    ("typed", "near"),
    [("back", "away back"), ("bakc", "away back"), ("pause", "away pause"), ("vacation", "away"), ("quit", "leave")],
)
async def test_words_typed_as_commands_lead_to_the_right_one(world: World, typed: str, near: str) -> None:
    mia = await world.learner("mia", "Mia")
    assert f"Did you mean /cohort {near}?" in (await mia.command(typed)).text
