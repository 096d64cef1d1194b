"""The week card, as conversations."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.driver import CannotSee, Seen, Speaker
from bot.app import features as declared
from bot.core.contributions import ITEMS, Item
from bot.core.facts import CohortEnded, CohortPlanned, ItemDone
from bot.core.people import Account, Person
from bot.core.plain import plain
from bot.core.time import say
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.weekcard import rules, views
from bot.features.weekcard.store import Own
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.tables.outbox import OutboxRow
from storage.tables.people import change_cohort
from storage.tables.schedule import DueRow
from storage.tables.voice import SpokenRow
from storage.tables.weekcard import WeekcardRow
from tests.kit import COURSE, World, new_world

COURSES = Path(__file__).parents[2] / "courses"
WEEKS = """\
  - title: Know your customer
    goal: Describe one customer a stranger would recognise.
    materials:
      - {title: Watch "Personas", link: "https://example.org/personas", minutes: 25, captions: yes,
         transcript: "https://example.org/personas/text", guide: ["Pause at 8:00. Whom have you talked to?"]}
      - {title: Read the case, link: "https://example.org/case", minutes: 35}
    self_check:
      - Would your customer recognise the words?
      - What did they do last time?
      - A third question.
  - {title: Go on, goal: Go on, minutes: 60}
  - {title: The end, goal: End, minutes: 60}
"""
WORK = """\
milestones:
  - {id: homework, week: 1, title: Homework, due: Sun 23:59 aoe, extension: 3 days, essential: yes, minutes: 200}
  - {id: page, week: 3, title: The page, due: Sun 23:59 aoe, extension: none, minutes: 60}
discussions:
  - {id: talk, week: 1, title: One customer, question: Who, opens: Mon 09:00, closes: Sun 23:59 aoe, minutes: 40}
reviews:
  - {id: swap, milestone: homework, week: 2, title: Review one draft, opens: Mon 12:00 aoe, due: Sun 23:59 aoe,
     reviews: 1, rubric: [Is it clear], minutes: 40}
"""
FULL = COURSE[: COURSE.index("weeks:")] + "weeks:\n" + WEEKS + COURSE[COURSE.index("prompts:") :] + WORK
EVE = "2026-01-04T08:00:00Z"
"""The day before the first week, so that the first card comes at its own hour."""

MONDAY = "2026-01-05T08:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = new_world(tmp_path, now=EVE, course=FULL)
    yield made
    made.app.storage.close()


def cards(speaker: Speaker) -> list[Seen]:
    """The week cards in somebody's direct messages."""
    return [
        m
        for m in speaker.sees(f"dm:{speaker.id}")
        if m.by == "bot" and m.to is None and m.text.startswith("Week ") and "wrap-up" not in m.text.split("\n")[0]
    ]


def openings(speaker: Speaker) -> list[Seen]:
    return [
        m
        for m in speaker.sees("general")
        if m.by == "bot" and m.thread is None and "Your own card is in your direct messages" in m.text
    ]


def times(world: World, speaker: Speaker) -> list[str]:
    """When the cards came, by the person's own clock."""
    human = world.chat.sandbox.platform.human(speaker.id)
    posts = {p.id: p.at for p in world.chat.sandbox.platform.posts(f"dm:{speaker.id}", speaker.id, limit=100)}
    return [say(posts[c.id], human.zone) for c in cards(speaker)]


def person(world: World, speaker: Speaker) -> int:
    found = world.app.storage.run_now(lambda u: u.people.owner(Account("sandbox", speaker.id)))
    assert found is not None
    return found.id


def do(world: World, work: Any) -> None:
    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), work))


def change(world: World, course: str | None = None, starts_on: date | None = None) -> None:
    """The cohort's course, or its start, is another one now."""

    def work(turn: Turn[SqlEnrolment]) -> None:
        cohort = turn.people.cohort(world.cohort.id)
        assert cohort is not None
        change_cohort(
            turn.store._session,
            cohort.id,
            course_text=course or cohort.course_text,
            starts_on=starts_on or cohort.starts_on,
        )
        turn.happened(CohortPlanned(cohort.id))

    do(world, work)


async def move(speaker: Speaker, zone: str) -> None:
    await speaker.press(await speaker.command("settings"), "Change my zone")
    await speaker.submit(zone=zone)


async def work_through(world: World, speaker: Speaker, until: str) -> None:
    """Time passes for somebody who hands in and answers in time, so that nothing reminds them."""
    await speaker.command("submit", "https://example.org/mine")
    end = world.at(until)
    while world.clock.now() < end:
        await world.wait(hours=12)
        for card in speaker.sees(f"dm:{speaker.id}"):
            if "wrap-up" in card.text and "Answer" in card.buttons:
                await speaker.press(card, "Answer")
                await speaker.submit(done="work")


# What it says


async def test_the_card_says_what_the_week_is_for_what_to_do_and_by_when(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T07:59:00Z")
    assert cards(mia) == []
    await world.until(MONDAY)
    (card,) = cards(mia)
    assert card.text.split("\n") == [
        "Week 1: Know your customer. About 5 h",
        "Goal: Describe one customer a stranger would recognise.",
        '1. Watch "Personas" (https://example.org/personas) · 25 min · captions · '
        "transcript (https://example.org/personas/text) · Pause at 8:00. Whom have you talked to?",
        "2. Read the case (https://example.org/case) · 35 min",
        "3. Homework · 3 h 20 · to hand in",
        "4. Discuss: One customer · 40 min · to post",
        "3 and 4 are due Mon 12 Jan, 12:59 your time.",
        "Short of time? Do 3.",
        "Check yourself: Would your customer recognise the words? What did they do last time?",
        "[Hand in] [Post] [Ask] [I'm away] [Move my dates]",
    ]


async def test_a_week_of_little_says_little(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await work_through(world, mia, "2026-01-12T09:00:00Z")
    assert cards(mia)[-1].text == (
        "Week 2: Go on. About 1 h\nGoal: Go on\n1. Review one draft · 40 min · from Tue 13 Jan, 01:00\n"
        "1 is due Mon 19 Jan, 12:59 your time.\n"
        "From week 1, to post: Discuss: One customer, due Mon 12 Jan, 12:59 your time.\n"
        "[Post] [Ask] [I'm away] [Move my dates]"
    )
    await work_through(world, mia, "2026-01-19T09:00:00Z")
    # Nothing to move: this one's date is not the learner's own.
    assert cards(mia)[-1].buttons == ["Hand in", "Ask", "I'm away"]


async def test_its_buttons_open_what_they_say(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await mia.press(cards(mia)[0], "Hand in")
    assert mia.form is not None
    assert mia.form.title == "Homework"
    await mia.submit(link="https://example.org/mine")
    await mia.press(cards(mia)[0], "Ask")
    assert mia.form is not None
    assert mia.form.title == "Ask a question"


@pytest.mark.parametrize("name", ["digital-marketing", "data-engineering"])
async def test_a_big_course_fits_into_one_message(tmp_path: Path, name: str) -> None:
    world = new_world(tmp_path, course=(COURSES / f"{name}.yaml").read_text(encoding="utf-8"))
    for week in course_of(world.cohort.course_text).weeks:
        said = plain(views.card(1, week, of(world, week.number), world.clock.now()), "Asia/Tokyo")
        assert len(said) <= views.LONGEST
        assert all(m.title in said and m.link in said for m in week.materials)
        assert "Short of time? Do" in said
    world.app.storage.close()


async def test_a_week_of_very_much_folds_its_guides_first_and_then_its_last_materials(world: World) -> None:
    own = of(world, 1)

    def said(number: int, guide: str) -> str:
        materials = "\n".join(
            f'      - {{title: Text {n} {"x" * 30}, link: "https://example.org/{n}/{"y" * 40}", minutes: 5, '
            f"guide: [{guide}]}}"
            for n in range(number)
        )
        many = FULL.replace(WEEKS.split("    self_check")[0].split("    materials:\n")[1], materials + "\n")
        week = course_of(many).week(1)
        assert week is not None
        whole = plain(views.page(1, week, own, world.clock.now()))
        assert whole.count("https://example.org/") == number
        return plain(views.card(1, week, own, world.clock.now()))

    few = said(15, "a guide " + "z" * 80)
    assert len(few) <= views.LONGEST
    assert few.count("https://") == 15
    assert "a guide" not in few
    assert "The guided notes: /cohort shows the whole week." in few
    many = said(40, "a guide")
    assert len(many) <= views.LONGEST
    shown = many.count("https://")
    assert f"And {40 - shown} more to study: /cohort shows the whole week." in many
    # The numbers are those of the list as it is shown.
    assert f"{shown + 1}. Homework" in many
    assert f"Short of time? Do {shown + 1}." in many


def test_a_card_with_too_much_to_do_says_how_much_more_there_is(world: World) -> None:
    week, now = course_of(FULL).week(1), world.clock.now()
    assert week is not None
    items = [Item(f"work/{n}", f"{n}", 1, f"Work {n}", (), now, now + timedelta(days=3)) for n in range(30)]
    mine = rules.own(world.cohort.timetable, 1, "Europe/Berlin", items, now)
    said = plain(views.card(1, week, mine, now))
    assert said.count("Work ") == 25
    assert "And 5 more to do." in said


def of(world: World, week: int) -> Own:
    """What the card of a week has for a learner in Tokyo who has done nothing."""
    anybody = Person(0, "", "Asia/Tokyo")

    def work(turn: Turn[Any]) -> list[Item]:
        return [item for _, item in turn.collect(ITEMS, world.cohort, [anybody])]

    app = world.app
    items = app.storage.run_now(lambda u: take_turn(app.registry, u, "weekcard", world.clock.now(), work))
    return rules.own(world.cohort.timetable, week, anybody.zone, items, world.clock.now())


def test_the_smallest_way_through_a_week(world: World) -> None:
    week = course_of(FULL).week(1)
    assert week is not None
    mine = of(world, 1)
    homework, talk = mine.items
    usual = replace(homework, essential=False, required=False)
    other = replace(usual, name="other", title="Other", due_at=homework.due_at - timedelta(days=4))

    def way(*items: Item, apart: str = "Answer it") -> object:
        found = rules.smallest(week, Own(items, apart=apart))
        return found if found is None or isinstance(found, str) else [e.title for e in found]

    assert mine.apart == "Answer the wrap-up at the end of the week"
    assert way(homework, talk) == ["Homework"]
    assert way(replace(homework, done=True), talk) is None
    assert way(replace(homework, optional=True), talk) == ["Discuss: One customer"]
    assert way(replace(homework, optional=True), replace(talk, optional=True)) == "Answer it"
    assert way(homework, other) == ["Homework"]
    assert way(usual, other) == ["Other"]
    assert way(usual, replace(other, done=True)) is None
    needed = replace(talk, required=True)
    assert way(needed, other) == ["Discuss: One customer"], "before what is due earlier and not needed"
    assert way(homework, needed, other) == ["Homework", "Discuss: One customer"]
    assert way(replace(talk, done=True), other) is None, "a review that was needed is not, once it is given"
    assert way(apart="") == ['Watch "Personas"']


async def test_what_no_feature_runs_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = tuple(feature for feature in declared.FEATURES if feature.name != "reviews")
    monkeypatch.setattr(declared, "FEATURES", others)
    world = new_world(tmp_path, now=EVE, course=FULL)
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert "3. Homework" in cards(mia)[0].text
    assert "3 and 4 are due Mon 12 Jan, 12:59 your time." in cards(mia)[0].text
    await world.until("2026-01-12T09:00:00Z")
    assert "Review one draft" not in cards(mia)[-1].text
    assert "Review one draft" not in openings(mia)[-1].text
    world.app.storage.close()


# When it comes


async def test_it_comes_at_each_learners_own_hour(world: World) -> None:
    tala = await world.learner("tala", "Tala", "Pacific/Apia")
    mia = await world.learner("mia", "Mia")
    lea = await world.learner("lea", "Lea", "America/Los_Angeles")
    await mia.press(await mia.command("settings"), "Hour", "11")
    await world.until("2026-01-04T19:59:00Z")
    assert cards(tala) == []
    await world.until("2026-01-04T20:00:00Z")
    assert "3 and 4 are due Tue 13 Jan, 00:59 your time." in cards(tala)[0].text
    await world.until("2026-01-13T00:00:00Z")
    assert times(world, tala) == ["Mon 5 Jan, 09:00", "Mon 12 Jan, 09:00"]
    assert times(world, mia) == ["Mon 5 Jan, 11:00", "Mon 12 Jan, 11:00"]
    assert times(world, lea) == ["Mon 5 Jan, 09:00", "Mon 12 Jan, 09:00"]
    assert "3 and 4 are due Mon 12 Jan, 03:59 your time." in cards(lea)[0].text


async def test_a_daylight_saving_change_moves_no_card(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-03-22T08:00:00Z", course=FULL, starts_on=date(2026, 3, 23))
    mia = await world.learner("mia", "Mia")
    lea = await world.learner("lea", "Lea", "America/New_York")
    await world.until("2026-03-31T00:00:00Z")
    assert times(world, mia) == ["Mon 23 Mar, 09:00", "Mon 30 Mar, 09:00"]
    assert times(world, lea) == ["Mon 23 Mar, 09:00", "Mon 30 Mar, 09:00"]
    world.app.storage.close()


async def test_nobody_is_written_to_outside_the_courses_hours(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=FULL + "messages: {hours: 10:00-20:00}\n")
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T00:00:00Z")
    assert times(world, mia) == ["Mon 5 Jan, 10:00"]
    world.app.storage.close()


async def test_a_first_week_that_begins_in_mid_week_opens_on_its_first_day(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=FULL, starts_on=date(2026, 1, 7))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T00:00:00Z")
    assert times(world, mia) == ["Wed 7 Jan, 09:00", "Mon 12 Jan, 09:00"]
    world.app.storage.close()


async def test_a_holiday_moves_it_and_a_break_says_until_when(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    monday = date(2026, 1, 12)
    off = {monday + timedelta(days=n): "Break" for n in range(7)} | {date(2026, 1, 19): "A holiday"}

    def work(turn: Turn[SqlEnrolment]) -> None:
        turn.store.set_holidays(world.cohort.id, off)
        turn.happened(CohortPlanned(world.cohort.id))

    do(world, work)
    await world.until("2026-01-14T09:00:00Z")
    assert len(cards(mia)) == 1
    page = await mia.command("")
    assert "A break until Mon 19 Jan." in page.text
    assert "This week" not in page.buttons
    await world.until("2026-01-21T00:00:00Z")
    assert times(world, mia) == ["Mon 5 Jan, 09:00", "Tue 20 Jan, 09:00"]


# Joining late


async def test_joining_on_wednesday_brings_this_weeks_card_next_morning(world: World) -> None:
    early = await world.learner("early", "Early")
    await world.until("2026-01-21T12:00:00Z")
    zoe = await world.learner("zoe", "Zoë")
    await world.until("2026-01-22T07:59:00Z")
    assert cards(zoe) == []
    await world.until("2026-01-22T08:00:00Z")
    (card,) = cards(zoe)
    assert card.text.startswith("Week 3: The end")
    assert "Weeks 1 and 2 are optional for you; /cohort shows them." in card.text
    assert "optional for you" not in "".join(c.text for c in cards(early))
    # What was missed and is essential got another date; the card of its week says it.
    assert "From week 1, to hand in: Homework, due" not in card.text
    shown = await zoe.press(await zoe.command(""), "This week")
    shown = await zoe.press(shown, "Week 2")
    shown = await zoe.press(shown, "Week 1")
    assert "Week 1: Know your customer" in shown.text


async def test_only_the_first_card_says_what_is_optional(world: World) -> None:
    await world.until("2026-01-14T12:00:00Z")
    zoe = await world.learner("zoe", "Zoë")
    await world.until("2026-01-20T00:00:00Z")
    first, second = cards(zoe)
    assert "Week 1 is optional for you; /cohort shows it." in first.text
    assert "optional" not in second.text


async def test_whoever_joins_after_their_sunday_hour_begins_next_week(world: World) -> None:
    await world.until("2026-01-11T12:00:00Z")
    zoe = await world.learner("zoe", "Zoë")
    await world.until("2026-01-13T00:00:00Z")
    assert times(world, zoe) == ["Mon 12 Jan, 09:00"]


async def test_a_late_joiners_first_card_takes_no_day_from_the_prompt(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=FULL)
    await world.until("2026-01-15T19:00:00Z")
    zoe = await world.learner("zoe", "Zoë")
    await world.until("2026-01-16T14:59:00Z")
    assert cards(zoe) == []
    await world.until("2026-01-16T15:00:00Z")
    assert "Week 2 wrap-up" in cards(zoe)[0].text


# Nothing twice, nothing lost


async def test_moving_east_in_mid_week_gets_nothing_twice_and_loses_nothing(world: World) -> None:
    lea = await world.learner("lea", "Lea", "America/Los_Angeles")
    await world.until("2026-01-07T00:00:00Z")
    assert len(cards(lea)) == 1
    await move(lea, "Pacific/Auckland")
    assert "3 and 4 are due Tue 13 Jan, 00:59 your time." in cards(lea)[0].text
    await world.until("2026-01-26T00:00:00Z")
    assert [c.text.split(":")[0] for c in cards(lea)] == ["Week 1", "Week 2", "Week 3"]


async def test_moving_east_over_its_hour_brings_the_card_next_morning(world: World) -> None:
    lea = await world.learner("lea", "Lea", "America/Los_Angeles")
    await world.until("2026-01-05T02:00:00Z")
    await move(lea, "Pacific/Auckland")
    assert cards(lea) == []
    await world.until("2026-01-05T20:00:00Z")
    assert len(cards(lea)) == 1
    await world.until("2026-01-11T00:00:00Z")
    assert len(cards(lea)) == 1


async def test_after_two_weeks_of_downtime_only_the_newest_card_comes(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await work_through(world, mia, "2026-01-10T12:00:00Z")
    await world.jump("2026-01-20T12:00:00Z")
    assert [c.text.split(":")[0] for c in cards(mia)] == ["Week 1", "Week 3"]
    assert [o.text.split(":")[0] for o in openings(mia)] == ["Week 1", "Week 3"]
    assert "optional" not in cards(mia)[1].text


async def test_after_downtime_the_card_waits_for_the_morning(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.jump("2026-01-07T02:00:00Z")
    assert cards(mia) == []
    await world.until("2026-01-07T08:00:00Z")
    assert len(cards(mia)) == 1


async def test_leaving_and_the_end_stop_the_cards_and_coming_back_repeats_none(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await mia.press(await mia.command("leave"), "Leave")
    await world.until("2026-01-12T09:00:00Z")
    assert (len(cards(mia)), len(cards(leo))) == (1, 2)
    await mia.command("join", world.join_code)
    await world.until("2026-01-14T09:00:00Z")
    assert [c.text.split(":")[0] for c in cards(mia)] == ["Week 1", "Week 2"]

    def end(turn: Turn[SqlEnrolment]) -> None:
        change_cohort(turn.store._session, world.cohort.id, ended_at=turn.now)
        turn.happened(CohortEnded(world.cohort.id))

    do(world, end)
    assert [r for r in world.rows(DueRow, state="planned") if r.kind.startswith("weekcard.")] == []
    await world.until("2026-01-20T09:00:00Z")
    assert len(cards(leo)) == 2


# Kept true


async def test_what_is_handed_in_stands_on_the_card(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    before = cards(mia)[0]
    await mia.command("submit", "https://example.org/mine")
    (card,) = cards(mia)
    assert card.id == before.id
    assert card.edited
    assert "3. Homework · 3 h 20 · handed in" in card.text
    assert "4 is due Mon 12 Jan, 12:59 your time." in card.text
    assert "Short of time" not in card.text
    assert card.buttons == ["Post", "Ask", "I'm away", "Move my dates"]
    assert not cards(leo)[0].edited


async def test_whoever_was_away_when_the_card_came_gets_none_for_handing_in(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-06")
    await world.until("2026-01-07T12:00:00Z")
    assert [t for t in mia.inbox() if t.startswith("Welcome back, Mia")]
    await mia.command("submit", "https://example.org/mine")
    assert cards(mia) == []
    # So there is room for all that this week still has for her.
    await world.until("2026-01-11T23:00:00Z")
    assert cards(mia) == []
    assert [t for t in mia.inbox() if t.startswith(("Week 1 wrap-up", "Weekly wrap-up"))]


async def test_work_that_is_taken_back_is_to_be_handed_in_again(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await mia.command("submit", "https://example.org/mine")
    sure = await mia.press(mia.find("Thank you, Mia."), "Take it back")
    await mia.press(sure, sure.buttons[0])
    assert "3. Homework · 3 h 20 · to hand in" in cards(mia)[0].text


async def test_a_date_that_moved_for_all_moves_on_every_card_and_in_the_channel(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    assert "Homework, due Mon 12 Jan, 12:59" in openings(mia)[0].text

    ines = world.chat.person("ines")
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.submit(milestone="homework", days="2")
    await ines.press(ines.find("Move Homework for everybody?"), "Move it")
    for speaker in (mia, leo):
        assert "4 is due Mon 12 Jan, 12:59; 3 is due Wed 14 Jan, 12:59 your time." in cards(speaker)[0].text
    assert len(openings(mia)) == 1
    assert "Homework, due Wed 14 Jan, 12:59" in openings(mia)[0].text


async def test_a_card_that_comes_a_minute_after_a_date_says_that_it_was_due(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-11T12:00:00Z")
    await world.jump("2026-01-12T12:00:00Z")
    card = cards(mia)[-1].text
    assert card.startswith("Week 2")
    # It was due while the bot was down, so nobody is late for a day.
    assert "From week 1: Hand in “Homework”, was due Mon 12 Jan, 12:59; it is in time until Tue 13 Jan, 13:00." in card
    assert "1 is due Mon 19 Jan, 12:59 your time." in card


async def test_a_learners_own_date_moves_on_their_card_alone(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await mia.press(await mia.press(cards(mia)[0], "Move my dates"), "Homework")
    await mia.submit(days="3")
    assert "4 is due Mon 12 Jan, 12:59; 3 is due Thu 15 Jan, 12:59 your time." in cards(mia)[0].text
    assert not cards(leo)[0].edited
    assert "Homework, due Mon 12 Jan" in openings(leo)[0].text
    await world.until("2026-01-12T09:00:00Z")
    assert "From week 1, to hand in: Homework, due Thu 15 Jan, 12:59 your time." in cards(mia)[-1].text
    # The review is of what others hand in, and stays.
    assert "1 is due Mon 19 Jan, 12:59 your time." in cards(mia)[-1].text
    # What is due at noon of that very day is on the card, too.
    assert "From week 1, to hand in: Homework, due Mon 12 Jan, 12:59 your time." in cards(leo)[-1].text
    await mia.press(cards(mia)[-1], "Hand in")
    await mia.submit(link="https://example.org/mine")
    assert "From week 1, to hand in" not in cards(mia)[-1].text


async def test_a_new_course_file_shows_on_the_present_card_and_nothing_is_edited_for_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    change(world)
    change(world, FULL.replace("goal: End", "goal: Another end"))
    await world.settle()
    assert not cards(mia)[0].edited
    assert not openings(mia)[0].edited
    assert [r for r in world.rows(OutboxRow) if r.anchor.startswith("week/") and r.state != "sent"] == []
    change(world, FULL.replace("Read the case", "Read two cases"))
    await world.settle()
    assert "2. Read two cases" in cards(mia)[0].text
    assert len(cards(mia)) == 1


async def test_a_card_that_waits_for_its_day_takes_the_new_wording(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.jump("2026-01-07T02:00:00Z")
    change(world, FULL.replace("Read the case", "Read two cases"))
    await world.until("2026-01-09T00:00:00Z")
    (card,) = cards(mia)
    assert "Read two cases" in card.text
    assert not card.edited
    assert times(world, mia) == ["Wed 7 Jan, 09:00"]


async def test_a_start_that_moves_moves_the_cards(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    change(world, starts_on=date(2026, 1, 12))
    await world.until("2026-01-13T00:00:00Z")
    assert times(world, mia) == ["Mon 12 Jan, 09:00"]
    assert cards(mia)[0].text.startswith("Week 1")


async def test_a_start_that_moves_when_the_week_has_begun_moves_the_dates_and_brings_no_second_card(
    world: World,
) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T12:00:00Z")
    change(world, starts_on=date(2026, 1, 12))
    await world.until("2026-01-13T00:00:00Z")
    assert [c.text.split(":")[0] for c in cards(mia)] == ["Week 1"]
    assert "3 and 4 are due Mon 19 Jan, 12:59 your time." in cards(mia)[0].text
    assert [o.text.split(":")[0] for o in openings(mia)] == ["Week 1"]
    assert "Homework, due Mon 19 Jan, 12:59" in openings(mia)[0].text


# Asked for


async def test_the_page_brings_the_card_as_it_stands(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    page = await mia.command("")
    assert "This week" not in page.buttons
    await world.until("2026-01-06T12:00:00Z")
    page = await mia.command("")
    assert "This week's card: what to study, and what to hand in" in page.text
    shown = await mia.press(page, "This week")
    assert shown.text.startswith("Week 1: Know your customer")
    assert shown.buttons == ["Hand in", "Post", "Ask", "I'm away", "Move my dates"]
    assert "This week's card" not in (await ines.command("")).text


async def test_the_course_team_sees_next_weeks_card_beforehand(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    first = await ines.press(await ines.command("week"), "Next week's card")
    assert first.text.startswith("Week 1: Know your customer")
    assert "as a learner in your time zone gets it on Mon 5 Jan, 09:00" in first.text
    assert first.buttons == []
    await world.until("2026-01-14T12:00:00Z")
    following = await ines.press(await ines.command("week"), "Next week's card")
    assert following.text.startswith("Week 3: The end")
    await world.until("2026-01-20T12:00:00Z")
    over = await ines.press(await ines.command("week"), "Next week's card")
    assert over.text == "No week is ahead any more, so there is no card to preview."
    with pytest.raises(CannotSee):
        await mia.press(await mia.command(""), "Next week's card")


# The channel, and the budget


async def test_one_post_a_week_opens_it_in_the_channel(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T07:59:00Z")
    assert openings(mia) == []
    await world.until(MONDAY)
    assert openings(mia)[0].text.split("\n") == [
        "Week 1: Know your customer",
        "Goal: Describe one customer a stranger would recognise.",
        "- Homework, due Mon 12 Jan, 12:59",
        "- Discuss: One customer, due Mon 12 Jan, 12:59",
        "Questions go into the questions channel. Your own card is in your direct messages.",
    ]
    await world.until("2026-01-25T00:00:00Z")
    assert len(openings(mia)) == 3
    assert len([m for m in mia.sees("general") if m.by == "bot" and m.thread is None]) == 7


@pytest.mark.parametrize(
    ("made", "posted"),
    [
        ("2026-01-05T09:30:00Z", "2026-01-05T09:31:00Z"),
        ("2026-01-05T21:30:00Z", "2026-01-06T07:01:00Z"),
        ("2026-01-07T10:00:00Z", "2026-01-07T10:01:00Z"),
    ],
    ids=["on its Monday", "on its Monday night", "on a Wednesday"],
)
async def test_the_week_opens_first_in_a_cohort_that_is_made_after_its_monday_morning(
    tmp_path: Path, made: str, posted: str
) -> None:
    bags = (
        "{id: bags, week: 1, title: Bags or leaves, question: Talk of tea, opens: Mon 09:00, closes: Fri 18:00 cohort}"
    )
    world = new_world(tmp_path, now=made, course=f"{COURSE}discussions:\n  - {bags}\n", starts_on=date(2026, 1, 5))
    mia = await world.learner("mia", "Mia")
    await world.until(posted)
    roots = [m.text.split("\n")[0] for m in mia.sees("general") if m.thread is None]
    assert roots == ["Week 1: One", "Bags or leaves"]
    world.app.storage.close()


async def test_an_ordinary_week_is_the_card_and_the_prompt(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=FULL[: FULL.index("discussions:")])
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await work_through(world, mia, "2026-01-11T20:00:00Z")
    spoken = world.rows(SpokenRow, person=person(world, mia))
    assert [say(s.at, "Europe/Berlin") for s in spoken] == ["Mon 5 Jan, 09:00", "Fri 9 Jan, 16:00"]
    world.app.storage.close()


async def test_a_whole_cohort_shares_what_is_the_same(world: World) -> None:
    """One query for all of them, and one message for all who have the same dates."""
    learners = [await world.learner(f"l{n}", f"L{n}", ("Europe/Berlin", "Asia/Tokyo")[n % 2]) for n in range(8)]
    await world.until("2026-01-05T09:00:00Z")
    rows = [r for r in world.rows(WeekcardRow, week=1) if r.person]
    assert len(rows) == len(learners)
    assert len({r.fingerprint for r in rows}) == 1
    do(world, lambda turn: turn.happened(ItemDone(world.cohort.id, "milestone/homework", rows[0].person)))
    await world.settle()
    assert not any(c.edited for speaker in learners for c in cards(speaker))


async def test_a_cohort_that_starts_on_a_saturday_hears_of_its_week_before_its_first_prompt(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-08T06:00:00Z", starts_on=date(2026, 1, 10))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T20:00:00Z")
    assert mia.sees("general") == [], "nothing comes before the first day"
    await world.until("2026-01-10T20:00:00Z")
    posts = [seen.text for seen in mia.sees("general")]
    opening, prompt = (next(n for n, post in enumerate(posts) if words in post) for words in ("Week 1", "wrap-up"))
    assert opening < prompt
    world.app.storage.close()


async def test_who_joins_on_the_monday_after_a_weekend_start_has_missed_nothing(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-12T06:00:00Z", starts_on=date(2026, 1, 10))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T12:00:00Z")
    (card,) = cards(mia)
    assert "Week 2" in card.text
    assert "optional" not in card.text
    world.app.storage.close()
