"""A start that moves while the course runs, there and back, as conversations: nobody is asked twice, and nobody who was
never asked is left out as long as the time for it is ahead."""

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from adapters.sandbox.driver import Speaker
from bot.app.calendars import of_person
from bot.core.time import at_wall, say
from storage.tables.people import CohortRow
from storage.tables.schedule import DueRow
from storage.tables.wrapups import RoundRow
from tests.effort import tries
from tests.features.test_weekcard import cards, change
from tests.kit import COURSE, MONDAY, World, new_world

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKS = (1, 2, 3)
DRAFT = "milestones:\n  - {id: draft, week: 1, title: Draft, due: Sun 23:59 aoe}\n"


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path)
    yield made
    made.app.storage.close()


def move(world: World, weeks: int) -> None:
    """The start is so many weeks after the first Monday now."""
    change(world, starts_on=MONDAY + weeks * WEEK)


def prompts(speaker: Speaker) -> list[int]:
    """The weeks whose wrap-up somebody was asked, as often as they were."""
    # A prompt may stand below a card in the same message.
    return [int(week) for text in speaker.inbox() for week in re.findall(r"^Week (\d) wrap-up", text, re.MULTILINE)]


def together(speaker: Speaker, *, threads: bool = False) -> list[int]:
    """The weeks together that are root posts, or in threads too."""
    texts = [m.text for m in speaker.sees("general") if threads or m.thread is None]
    return [int(t[5]) for t in texts if t.startswith("Week ") and "the week together" in t.split("\n")[0]]


def weeks(speaker: Speaker) -> list[int]:
    """The weeks whose card came to somebody, as often as it did."""
    return [int(card.text[5]) for card in cards(speaker)]


def monday(start: int, week: int) -> date:
    """The Monday of a week, where the start was moved by so many weeks."""
    return MONDAY + (start + week - 1) * WEEK


def closes(start: int, week: int, zone: str) -> datetime:
    """When the wrap-up of a week closes."""
    return at_wall(monday(start, week + 1), time(12), zone)


async def test_a_start_that_moves_there_and_back_over_a_friday_asks_at_the_next_that_is_ahead(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T12:00:00Z")
    move(world, 1)
    # The second week would have ended with this Friday; now it is the first once more.
    await world.until("2026-01-20T12:00:00Z")
    assert prompts(mia) == [1]
    move(world, 0)
    await world.until("2026-01-21T12:00:00Z")
    # By these dates the second week's is over, and nobody was asked; by the next it is ahead again.
    assert prompts(mia) == together(mia) == [1]
    move(world, 1)
    await world.until("2026-01-23T15:00:00Z")
    assert prompts(mia) == together(mia) == [1, 2]
    await mia.press(mia.find("Week 2 wrap-up"), "Answer")
    await mia.submit(done="All of it")
    await world.until("2026-01-26T11:01:00Z")
    assert "1 of 1 answered." in mia.find("Week 2: the week together", "general").text
    await world.until("2026-02-10T00:00:00Z")
    assert prompts(mia) == together(mia) == [1, 2, 3]


async def test_a_start_that_moves_back_while_its_prompt_is_open_asks_at_once(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    move(world, 1)
    await world.until("2026-01-10T12:00:00Z")
    assert prompts(mia) == []
    move(world, 0)
    await world.wait(minutes=1)
    assert prompts(mia) == together(mia) == [1]
    assert "Open until Mon 12 Jan, 12:00" in mia.find("Week 1 wrap-up").text


async def test_what_a_pause_swallowed_is_asked_where_its_time_comes_again(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ines.press(await ines.command("week"), "Pause")
    await world.until("2026-01-13T12:00:00Z")
    await ines.press(await ines.command("week"), "Resume")
    assert prompts(mia) == []
    move(world, 1)
    await world.until("2026-01-20T12:00:00Z")
    assert prompts(mia) == together(mia) == [1]
    assert "0 of 1 answered." in mia.find("Week 1: the week together", "general").text


async def test_who_answered_unasked_is_not_asked_when_the_time_comes_again(world: World) -> None:
    leo = await world.learner("leo", "Leo", "America/New_York")
    await world.until("2026-01-09T16:00:00Z")
    await leo.say("general", "All of it", thread=leo.find("the week together", "general").id)
    move(world, 1)
    await world.until("2026-01-20T12:00:00Z")
    assert prompts(leo) == [1]
    assert "Thank you, Leo. Wrap-up received Fri 9 Jan" in leo.find("Week 1 wrap-up").text
    assert "1 of 1 answered." in leo.find("Week 1: the week together", "general").text


async def test_a_prompt_that_is_open_keeps_its_time_for_everybody_when_its_start_moves_far_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-10T12:00:00Z")
    move(world, -4)
    await world.wait(minutes=1)
    await says_everywhere(world, mia, 1, "Mon 12 Jan, 12:00")
    await world.until("2026-01-12T11:01:00Z")
    assert "0 of 1 answered." in mia.find("Week 1: the week together", "general").text


@pytest.mark.parametrize("back", ["2026-01-18T16:00:00Z", "2026-01-20T12:00:00Z"])
async def test_a_start_moved_there_and_back_leaves_one_close_of_a_prompt_in_every_view(world: World, back: str) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo", "America/New_York")
    await world.until("2026-01-17T15:00:00Z")
    await leo.press(leo.find("Week 2 wrap-up"), "Answer")
    await leo.submit(done="All of it")
    move(world, 1)
    await world.wait(minutes=1)
    await says_everywhere(world, mia, 2, "Mon 26 Jan, 12:00")
    assert "Edit until Mon 26 Jan, 12:00" in leo.find("Week 2 wrap-up").text
    await world.until(back)
    move(world, 0)
    await world.wait(minutes=1)
    # By the earlier dates the prompt would be over in the second case: it stays open as long as everybody was told.
    close = "Mon 19 Jan, 12:00" if back.startswith("2026-01-18") else "Mon 26 Jan, 12:00"
    await says_everywhere(world, mia, 2, close)
    assert f"Edit until {close}" in leo.find("Week 2 wrap-up").text


async def test_a_past_week_that_a_moved_start_asks_stays_open_for_everybody_when_it_moves_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.jump("2026-01-14T10:00:00Z")
    await world.until("2026-01-17T15:00:00Z")
    assert prompts(mia) == [2]
    move(world, 1)
    await world.until("2026-01-18T16:00:00Z")
    move(world, 0)
    await world.wait(minutes=1)
    await says_everywhere(world, mia, 1, "Mon 19 Jan, 12:00")


async def says_everywhere(world: World, mia: Speaker, week: int, close: str) -> None:
    """The channel, a learner's card, page, calendar and the cohort's report have one close of a week's prompt."""
    together = mia.find(f"Week {week}: the week together", "general").text
    assert f"The wrap-up is open until {close} by your own clock." in together
    assert f"What you all wrote appears here {close}." in together
    card = [s.text for s in mia.sees() if re.search(rf"^Week {week} wrap-up", s.text, re.MULTILINE)][-1]
    assert f"Open until {close}" in card
    assert f"Answer the week {week} wrap-up, due {close}" in (await mia.command("")).text
    dates = {(d.kind, d.id): say(d.at, "Europe/Berlin") for d in of_person(world.app.storage, "demo", "mia")[2]}
    assert {dates[kind, f"wrapup/{week}"] for kind in ("closes", "report")} == {close}


# The week cards


async def test_who_was_away_on_a_monday_that_came_too_early_gets_the_card_when_its_week_begins(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-06T12:00:00Z")
    await mia.command("away", "2026-01-12")
    await world.until("2026-01-12T12:00:00Z")
    assert (weeks(mia), weeks(leo)) == ([1], [1, 2])
    move(world, 1)
    await world.until("2026-01-19T07:59:00Z")
    assert (weeks(mia), weeks(leo)) == ([1], [1, 2])
    await world.until("2026-01-19T08:00:00Z")
    assert (weeks(mia), weeks(leo)) == ([1, 2], [1, 2])
    await world.until("2026-01-24T00:00:00Z")
    assert (weeks(mia), weeks(leo)) == ([1, 2], [1, 2])


async def test_a_card_that_waits_for_its_day_waits_for_its_week_where_the_start_moves(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    # Nobody ran on Monday, so the card of the second week waits for an hour at which messages come.
    await world.until("2026-01-11T12:00:00Z")
    await world.jump("2026-01-13T02:00:00Z")
    assert weeks(mia) == [1]
    move(world, 1)
    await world.until("2026-01-19T07:59:00Z")
    assert weeks(mia) == [1]
    await world.until("2026-01-20T12:00:00Z")
    assert weeks(mia) == [1, 2]


async def test_a_start_that_moves_back_in_mid_week_brings_its_card_the_next_morning(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T12:00:00Z")
    move(world, 1)
    await world.until("2026-01-14T12:00:00Z")
    assert weeks(mia) == [1]
    move(world, 0)
    await world.until("2026-01-15T08:00:00Z")
    assert weeks(mia) == [1, 2]
    move(world, 1)
    await pass_time(world, [mia], 24 * 20)
    assert weeks(mia) == [1, 2, 3]


# Milestones and their reminders


def reminded(world: World, speaker: Speaker) -> list[str]:
    """The days (UTC) on which somebody was reminded of their draft."""
    posts = {p.id: p.at for p in world.chat.sandbox.platform.posts(f"dm:{speaker.id}", speaker.id, limit=100)}
    private = speaker.sees(f"dm:{speaker.id}")
    return [f"{posts[m.id]:%d %b}" for m in private if "still open" in m.text and "“Draft”" in m.text]


async def test_a_milestone_follows_its_start_there_and_back_and_is_reminded_of_once(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + DRAFT)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    move(world, 1)
    await world.until("2026-01-09T12:00:00Z")
    move(world, 0)
    await world.until("2026-01-12T12:30:00Z")
    assert reminded(world, mia) == ["11 Jan"]
    # What was due is due no more, whatever becomes of the start.
    move(world, 1)
    await pass_time(world, [mia], 24 * 14)
    assert reminded(world, mia) == ["11 Jan"]
    world.app.storage.close()


async def test_a_milestone_whose_date_would_come_to_lie_in_the_past_keeps_its_later_one(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + DRAFT)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T12:00:00Z")
    move(world, 1)
    await pass_time(world, [mia], 24 * 5)
    assert reminded(world, mia) == []
    move(world, 0)
    assert "“Draft”, due Mon 19 Jan, 12:59" in (await mia.command("")).text
    await pass_time(world, [mia], 24 * 14)
    assert reminded(world, mia) == ["18 Jan"]
    world.app.storage.close()


async def test_a_start_that_moves_earlier_reminds_of_the_earlier_date(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + DRAFT)
    mia = await world.learner("mia", "Mia")
    move(world, 2)
    await pass_time(world, [mia], 24 * 8)
    move(world, 1)
    await pass_time(world, [mia], 24 * 20)
    assert reminded(world, mia) == ["18 Jan"]
    world.app.storage.close()


# What is told of it

CHECKINS = "checkins:\n  - {id: page, title: The page, weekly: yes, days: [Tue 09:00, Thu 09:00], minutes: 5}\n"


async def test_news_of_a_start_that_was_moved_back_is_not_told_any_more(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + CHECKINS)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T09:30:00Z")
    await new_start(world, 1)
    await world.until("2026-01-13T20:30:00Z")
    await new_start(world, 0)
    before = len(mia.inbox())
    await world.until("2026-01-26T00:00:00Z")
    told = [
        line for text in mia.inbox()[before:] for line in text.split("\n") if "The page" in line and ", not " in line
    ]
    assert [line for line in told if "closes Sat 17 Jan" in line or "not Sat 10 Jan" in line] == []
    world.app.storage.close()


async def test_who_was_told_a_date_hears_that_its_time_is_over(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + CHECKINS)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T07:30:00Z")
    await new_start(world, 1)
    await world.until("2026-01-16T12:00:00Z")
    assert "The page (Tue 20 Jan) closes Thu 22 Jan, 09:00, not Thu 15 Jan, 09:00." in "\n".join(mia.inbox())
    await new_start(world, 0)
    await world.until("2026-01-21T12:00:00Z")
    over = "The page (Tue 13 Jan) closed Thu 15 Jan, 09:00, not Thu 22 Jan, 09:00: its time is over."
    assert "\n".join(mia.inbox()).count(over) == 1
    world.app.storage.close()


async def new_start(world: World, weeks: int) -> None:
    """Ines moves the start by the form."""
    ines = world.chat.person("ines")
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.press(await ines.submit(starts_on=(MONDAY + weeks * WEEK).isoformat()), "Use it")


# At random


@pytest.mark.parametrize("seed", range(tries(12)))
async def test_wherever_a_start_moves_everybody_is_asked_once(world: World, seed: int) -> None:
    chance = Random(seed)
    zones = {"mia": "Europe/Berlin", "leo": "America/New_York", "tane": "Pacific/Auckland"}
    people = {zone: await world.learner(name, name.title(), zone) for name, zone in zones.items()}
    moved_at, start = world.clock.now(), 0
    for _ in range(chance.randint(2, 6)):
        await pass_time(world, people.values(), chance.randint(6, 220))
        moved_at, start = world.clock.now(), chance.choice([s for s in (-1, 0, 1, 2, 3) if s != start])
        move(world, start)
    await pass_time(world, people.values(), 24 * 7 * (start + 6))
    for zone, person in people.items():
        asked = prompts(person)
        # Nobody gets more than one message a day, and none at night: what has little more than a day left may be lost.
        ahead = [week for week in WEEKS if closes(start, week, zone) > moved_at + 2 * DAY]
        assert len(asked) == len(set(asked)), f"{zone} was asked twice: {asked}"
        assert set(ahead) <= set(asked), f"{zone} was asked {asked}, and {ahead} were ahead on {moved_at}"
        handed, begin = weeks(person), [w for w in WEEKS if monday(start, w) + 5 * DAY > moved_at.date()]
        assert len(handed) == len(set(handed)), f"{zone} got a card twice: {handed}"
        assert set(begin) <= set(handed), f"{zone} got the cards {handed}, and {begin} were ahead on {moved_at}"
    # A feature has one root post a week: where a move makes two weeks open within one, the second is in the thread.
    seen = together(next(iter(people.values())), threads=True)
    assert len(seen) == len(set(seen))
    assert {r.week for r in world.rows(RoundRow) if r.state == "closed" and r.posted} == set(seen)
    assert all(r.state == "closed" for r in world.rows(RoundRow))


@pytest.mark.parametrize("seed", range(tries(4)))
async def test_a_start_that_comes_back_leaves_what_a_course_has_that_never_moved(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    steps = [chance.choice([-2, -1, 1, 2, 3]) for _ in range(chance.randint(1, 5))]
    still, stirred = [await _before_the_start(tmp_path / name) for name in ("still", "stirred")]
    for weeks_later in (*steps, 0):
        if cohort_start(stirred) != MONDAY + weeks_later * WEEK:
            ines = stirred.chat.person("ines")
            await ines.press(await ines.command("course", place="general"), "Change dates")
            shown = await ines.submit(starts_on=(MONDAY + weeks_later * WEEK).isoformat())
            await ines.press(shown, "Use it")
    assert planned(stirred) == planned(still), steps
    for instant in ("2026-01-05T12:00:00Z", "2026-01-12T12:30:00Z", "2026-01-19T12:30:00Z", "2026-02-06T12:00:00Z"):
        await still.until(instant)
        await stirred.until(instant)
        assert shown_of(stirred) == shown_of(still), f"{steps} by {instant}"
        assert planned(stirred) == planned(still), f"{steps} by {instant}"
    for world in (still, stirred):
        world.app.storage.close()


ZONES = {"mia": "Europe/Berlin", "leo": "America/New_York", "tane": "Pacific/Auckland"}


async def _before_the_start(folder: Path) -> World:
    folder.mkdir()
    world = new_world(folder, course=COURSE + DRAFT, now="2025-12-18T12:00:00Z")
    for name, zone in ZONES.items():
        await world.learner(name, name.title(), zone)
    await world.until("2025-12-19T12:00:00Z")
    return world


def cohort_start(world: World) -> date:
    start: date = world.rows(CohortRow)[0].starts_on
    return start


def planned(world: World) -> set[tuple[str, str, str, datetime]]:
    """What is still to happen in the course. When the bot speaks is decided by what waits to be said."""
    rows = world.rows(DueRow, state="planned")
    return {(r.kind, r.subject, r.occurrence, r.at) for r in rows if r.kind != "voice.speak"}


def shown_of(world: World) -> dict[str, object]:
    """Everybody's messages and calendar, and the channel."""
    found: dict[str, object] = {"general": [m.text for m in world.chat.person("mia").sees("general")]}
    for name in ZONES:
        found[name] = (world.chat.person(name).inbox(), of_person(world.app.storage, "demo", name)[2])
    return found


async def pass_time(world: World, people: Collection[Speaker], hours: int) -> None:
    """Everybody looks in every two days, so that nobody falls silent."""
    end = world.clock.now() + timedelta(hours=hours)
    while world.clock.now() < end:
        await world.app.runtime.advance(min(end, world.clock.now() + timedelta(days=2)))
        for person in people:
            await person.command("")
