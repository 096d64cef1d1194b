"""Waking hours: nothing that nobody asked for comes outside `messages.hours`, for people and for channels."""

from datetime import date, time
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from adapters.sandbox.refusals import BadAct
from bot.app.rehearsal.script import BOT, DIRECT, read
from bot.core.time import local
from tests.kit import COURSE, World, new_world

NIGHTS = (
    COURSE[: COURSE.index("prompts:")].replace("weeks:", "weeks:\n  - {title: Zero, goal: Begin, minutes: 60}", 1)
    + """\
  - {title: Five, goal: End, minutes: 60}
prompts:
  - id: plans
    title: Your plans
    weekly: true
    opens: Sun 02:30
    closes: Sun 23:59
    questions: [{id: plans, kind: long, text: "What do you plan?", audience: cohort}]
  - id: evening
    title: Your evening
    week: 2
    opens: Wed 23:30
    closes: Fri 03:00
    questions: [{id: done, kind: long, text: "What did you finish?", audience: cohort}]
milestones:
  - {id: draft, week: 2, title: The draft, due: Thu 04:00 learner, late: accepted, essential: yes, minutes: 30}
"""
)
ZONES = {"ana": "Pacific/Auckland", "kiran": "Asia/Kolkata", "lou": "America/Los_Angeles"}
STARTS, ENDS = time(8), time(22)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Five weeks from 2 March: the clocks change in Los Angeles on 8 March, in Berlin on 29 March and in Auckland on
    5 April, each time on a Sunday at about 02:30."""
    return new_world(tmp_path, course=NIGHTS, starts_on=date(2026, 3, 2), now="2026-02-27T12:00:00Z")


async def join(world: World) -> dict[str, Speaker]:
    """A learner in each zone."""
    return {id: await world.learner(id, id.capitalize(), zone) for id, zone in ZONES.items()}


def unasked(world: World, zones: dict[str, str]) -> list[tuple[str, str, str]]:
    """(person or place, local time, first line) of what the bot posted for these people and places while they did
    nothing."""
    acted: dict[str, object] = {}
    found = []
    for line in map(read, world.chat.sandbox.platform.transcript.read(0)):
        who = line.place.removeprefix(DIRECT)
        if line.by != BOT:
            acted[line.by] = acted["anybody"] = line.at
        elif line.kind == "posted" and who in zones and line.at != acted.get(who if who != line.place else "anybody"):
            found.append((who, f"{local(line.at, zones[who]):%a %d %b %H:%M}", line.heading))
    return found


def at_night(world: World, zones: dict[str, str] = ZONES) -> list[tuple[str, str, str]]:
    return [one for one in unasked(world, zones) if not STARTS <= time.fromisoformat(one[1][-5:]) < ENDS]


async def test_prompts_that_open_at_night_wait_for_the_morning_of_each_learner(world: World) -> None:
    people = await join(world)
    for wednesday in ("2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01", "2026-04-08"):
        await world.until(f"{wednesday}T12:00:00Z")
        for one in people.values():
            await one.command("")
    assert at_night(world) == []
    for who in ZONES:
        prompts = [at for person, at, text in unasked(world, ZONES) if person == who and "Your plans" in text]
        assert prompts == [f"Sun {day} 09:00" for day in ("08 Mar", "15 Mar", "22 Mar", "29 Mar", "05 Apr")]
        evening = [at for person, at, text in unasked(world, ZONES) if person == who and "Your evening" in text]
        assert evening == ["Thu 12 Mar 09:00"]


async def test_the_channel_hears_nothing_at_night(world: World) -> None:
    people = await join(world)
    await world.until("2026-03-08T12:00:00Z")
    await people["kiran"].command("wrapup")
    await people["kiran"].submit(plans="To go on")
    # The round closed at 23:59 in Berlin.
    await world.until("2026-03-09T06:59:00Z")
    assert "answered" not in people["ana"].find("Your plans", "general").text
    await world.until("2026-03-09T07:00:00Z")
    assert "1 of 3" in people["ana"].find("Your plans", "general").text
    await world.until("2026-03-13T12:00:00Z")
    berlin = {"general": "Europe/Berlin"}
    assert at_night(world, berlin) == []
    assert [(at, text) for _, at, text in unasked(world, berlin)] == [
        ("Mon 02 Mar 09:00", "Week 1: Zero"),
        ("Sun 08 Mar 08:00", "Week 1: Your plans"),
        ("Mon 09 Mar 08:00", "What you wrote, without names but where you agreed."),
        ("Mon 09 Mar 09:00", "Week 2: One"),
        ("Thu 12 Mar 08:00", "Week 2: Your evening"),
    ]


async def test_welcome_back_comes_at_the_learners_hour(world: World) -> None:
    for one in (await join(world)).values():
        await one.command("away", "2026-03-03 2026-03-07")
    await world.until("2026-03-09T00:00:00Z")
    back = [(who, at) for who, at, text in unasked(world, ZONES) if "Welcome back" in text]
    assert sorted(back) == [(who, "Sun 08 Mar 09:00") for who in sorted(ZONES)]


@pytest.mark.parametrize("up", ["2026-03-08T02:00:00Z", "2026-03-07T14:00:00Z", "2026-03-08T10:00:00Z"])
async def test_downtime_that_ends_at_night_wakes_nobody(world: World, up: str) -> None:
    """It ends at 03:00 in Berlin, Auckland and Los Angeles."""
    for one in (await join(world)).values():
        await one.command("away", "2026-03-03 2026-03-05")
    await world.until("2026-03-04T12:00:00Z")
    await world.jump(up)
    await world.until("2026-03-12T00:00:00Z")
    assert at_night(world) == []
    assert at_night(world, {"general": "Europe/Berlin"}) == []
    assert {who for who, _, text in unasked(world, ZONES) if "Welcome back" in text} == set(ZONES)


async def test_ten_in_the_evening_is_the_first_minute_that_is_not_allowed(world: World) -> None:
    """Lou joined while it was 22:00 on her clock, and Kiran's hour is the last one."""
    await world.until("2026-03-04T06:00:00Z")
    lou, kiran = await world.learner("lou", "Lou", ZONES["lou"]), await world.learner("kiran", "Kiran", ZONES["kiran"])
    settings = await kiran.command("settings")
    with pytest.raises(BadAct):
        await kiran.press(settings, "Hour", "22:00")
    await kiran.press(settings, "Hour", "21:00")
    await world.until("2026-03-05T12:00:00Z")
    await lou.command("")
    await world.until("2026-03-10T12:00:00Z")
    assert at_night(world) == []
    week = {who: at for who, at, text in reversed(unasked(world, ZONES)) if "Week 2: One" in text}
    assert week == {"lou": "Mon 09 Mar 09:00", "kiran": "Mon 09 Mar 21:00"}


async def test_a_date_that_moves_while_somebody_sleeps_is_told_in_the_morning(world: World) -> None:
    people, ines = await join(world), world.chat.person("ines")
    await world.until("2026-03-11T12:00:00Z")
    await ines.command("week", "extend")
    checked = await ines.submit(milestone="draft", days="1")
    await ines.press(checked, checked.buttons[0])
    await world.until("2026-03-12T18:00:00Z")
    assert at_night(world) == []
    told = {who: at for who, at, _ in reversed(unasked(world, ZONES)) if at >= "Thu"}
    told |= {who: at for who, at, text in unasked(world, ZONES) if text == "Demo course"}
    assert told == {"ana": "Thu 12 Mar 09:00", "kiran": "Wed 11 Mar 17:30", "lou": "Wed 11 Mar 09:00"}
    assert all("The draft" in one.find("not Thu 12 Mar, 04:00").text for one in people.values())


async def test_the_end_of_a_cohort_is_told_in_the_morning(world: World) -> None:
    people, omar = await join(world), world.chat.person("omar")
    for day in ("2026-03-12", "2026-03-23"):
        await world.until(f"{day}T12:00:00Z")
        for one in people.values():
            await one.command("")
    await world.until("2026-03-24T14:00:00Z")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    await world.until("2026-03-26T14:00:00Z")
    assert at_night(world) == []
    final = [(who, at) for who, at, text in unasked(world, ZONES) if "is over" in text]
    assert sorted(final) == [("ana", "Wed 25 Mar 09:00"), ("kiran", "Tue 24 Mar 19:30"), ("lou", "Tue 24 Mar 09:00")]
