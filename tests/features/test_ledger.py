"""The time ledger, as conversations."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy import update
from sqlmodel import Session

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import turn_in
from bot.features.ledger.listing import listed
from storage.tables.ledger import LedgerEntryRow, LedgerReportRow
from tests.features.test_faq_privacy import use_course
from tests.features.test_live import HEAD, SUNDAY, course, tasting
from tests.features.test_revisions import move_start
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

FRIDAY = "2026-01-09T16:00:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


def ledger(world: World) -> list[dict[str, int | None]]:
    """What `pacekeeper ledger demo --json` gives."""
    registry = world.app.registry
    found = turn_in(world.app.storage, registry, "demo", "ledger", lambda turn: listed(turn, turn.here), ended=True)
    read: list[dict[str, int | None]] = json.loads(json.dumps(found))
    return read


async def took(world: World, who: Speaker, minutes: int, week: int = 1) -> str:
    return await forge_in(world, who, "ledger", "took", f"{week}.{minutes}")


async def test_one_tap_rides_on_the_wrap_up_and_becomes_its_receipt(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    (prompt,) = [text for text in mia.inbox() if "How long did week 1 take you?" in text]
    assert "Week 1 wrap-up" in prompt
    assert "[30 min] [45 min] [1 h] [1 h 15] [1 h 30]" in prompt
    await mia.press(mia.find("How long did week 1"), "1 h 30")
    await world.settle()
    shown = mia.find("Noted: week 1 took you about 1 h 30.")
    await mia.press(shown, "Read it")
    await world.settle()
    assert "Longer than you thought: Read it." in mia.find("Noted: week 1").text
    assert "Week 1: about 1 h planned, 1 h 30 by you" in (await mia.command("")).text
    (row,) = world.rows(LedgerReportRow)
    assert (row.minutes, row.item) == (90, "Read it")


async def test_the_session_can_be_what_took_longer(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    await mia.press(mia.find("How long did week 1"), "1 h 30")
    await world.settle()
    await mia.press(mia.find("Noted: week 1"), "Tasting")
    await world.settle()
    assert "Longer than you thought: Tasting." in mia.find("Noted: week 1").text


async def test_the_ledger_and_ones_own_page_say_what_the_card_says(tmp_path: Path) -> None:
    """Work has an id in the course file, and a title for people; minutes are an estimate to a quarter of an hour."""
    work = "milestones:\n  - {id: sip, week: 1, title: Sip it, due: Sun 23:59 aoe, minutes: 41}\n"
    text = course(tasting(pays="[{item: sip, minutes: 30}]"), head=f"{HEAD}{work}")
    world = new_world(tmp_path, now=SUNDAY, course=text)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-05T12:00:00Z")
    week = (await ines.command("week", place="general")).text
    assert "Out: “Sip it”, 30 min, as the cohort was made" in week
    assert "1 h 45 planned of 5 h" in week
    assert "About 1 h 45" in mia.find("Week 1: ").text
    assert "Week 1: about 1 h 45 planned" in (await mia.command("")).text
    world.app.storage.close()


async def test_a_session_comes_in_and_what_pays_for_it_goes_out(world: World) -> None:
    first = ledger(world)[0]
    assert first == {"week": 1, "budget": 300, "planned": 60, "live": 30, "paid": 30, "reported": None}
    ines = world.chat.person("ines")
    await world.until("2026-01-05T12:00:00Z")
    shown = (await ines.command("week", place="general")).text
    assert "Week 1: 1 h planned of 5 h." in shown
    assert "In: “Tasting”, 30 min" in shown
    assert "Out: “Read it”, 20 min" in shown
    await use_course(world, course())
    assert ledger(world)[0] == {**first, "live": 0, "paid": 0}
    last = world.rows(LedgerEntryRow)[-1]
    assert last.minutes in (-30, 20, 10)
    shown = (await ines.command("week", place="general")).text
    assert "Out: “Tasting”, 30 min" in shown
    assert "In: “Read it”, 20 min" in shown


async def test_a_session_that_goes_there_and_back_is_counted_once(world: World) -> None:
    """It is longer for a while, is then paid for by something else, and is at last as it was."""
    ines, first = world.chat.person("ines"), ledger(world)[0]
    await world.until("2026-01-05T12:00:00Z")
    longer = course(tasting(minutes="45", pays="[{item: Read it, minutes: 20}, {item: Watch it, minutes: 25}]"))
    await use_course(world, longer)
    assert ledger(world)[0] == {**first, "live": 45, "paid": 45}
    await use_course(world, course(tasting(pays="[{item: Watch it, minutes: 30}]")))
    assert ledger(world)[0] == first
    await use_course(world, course(tasting()))
    assert ledger(world)[0] == first
    said = (await ines.command("week", place="general")).text
    lines = [line.removeprefix("- ") for line in said.splitlines() if "“" in line]
    moved = [", ".join(line.split(", ")[:2]) for line in lines]
    assert [line for line in moved if "Tasting" in line] == [
        "In: “Tasting”, 30 min",
        "In: “Tasting”, 15 min",
        "Out: “Tasting”, 15 min",
    ]
    assert [line for line in moved if "Read it" in line] == [
        "Out: “Read it”, 20 min",
        "In: “Read it”, 20 min",
        "Out: “Read it”, 20 min",
    ]


async def test_who_changed_the_course_stands_beside_the_minutes_and_no_learner_does(tmp_path: Path) -> None:
    """A session that is held as learners move to other zones goes out by nobody's name."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-05T08:00:00Z")
    page = await ines.command("live", place="general")
    await ines.press(await ines.press(page, "Week 1: Tasting"), "Change it")
    await ines.press(await ines.submit(minutes="0.5 h", pays="Watch it: 30"), "Use it")
    shown = (await ines.command("week", place="general")).text
    assert "In: “Read it”, 20 min, Mon 5 Jan, 09:00, by Ines" in shown
    await mia.press(await mia.command("settings"), "Change my zone")
    await mia.submit(zone="America/New_York")
    await world.settle()
    shown = (await ines.command("week", place="general")).text
    assert "Out: “Tasting”, 30 min, Mon 5 Jan, 09:00" in shown, "eight in the morning is nobody's day any more"
    assert "by Mia" not in shown
    world.app.storage.close()


async def test_what_the_operator_changed_says_so(world: World) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-04T13:00:00Z")
    await use_course(world, course(tasting(minutes="20", pays="[{item: Read it, minutes: 20}]")))
    await world.until("2026-01-05T08:30:00Z")
    shown = (await ines.command("week", place="general")).text
    assert "In: “Tasting”, 30 min, as the cohort was made" in shown
    assert "Out: “Tasting”, 10 min, Sun 4 Jan, 14:00, by the operator, on the command line" in shown
    assert "In: “Watch it”, 10 min, Sun 4 Jan, 14:00, by the operator, on the command line" in shown


async def test_a_start_that_moves_leaves_the_ledger_as_it_was(world: World) -> None:
    """Weeks keep their sessions and what pays for them, whatever their dates."""
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    before, entries = ledger(world), len(world.rows(LedgerEntryRow))
    await ines.press(await move_start(world, "2026-01-12"), "Use it")
    await world.settle()
    assert ledger(world) == before
    assert len(world.rows(LedgerEntryRow)) == entries
    await world.until("2026-01-14T12:00:00Z")
    await ines.press(await move_start(world, "2026-01-19"), "Use it")
    await world.settle()
    assert ledger(world) == before, "its first time took place in week 1 as it was then"
    assert len(world.rows(LedgerEntryRow)) == entries


async def test_the_desk_says_where_many_report_more_than_planned_and_names_the_items(world: World) -> None:
    people = [await world.learner(f"l{n}", f"Learner {n}") for n in range(6)]
    ines = world.chat.person("ines")
    await world.until(FRIDAY)
    for n, one in enumerate(people):
        await one.press(one.find("How long did week 1"), "1 h 30")
        await world.settle()
        if n < 4:
            assert "longer than planned" not in (await ines.command("desk", place="general")).text
        await one.press(one.find("Noted: week 1"), "Watch it")
        if n == 3:
            assert ledger(world)[0]["reported"] is None
    desk = (await ines.command("desk", place="general")).text
    assert "Week 1: 6 of 6 report more than the 1 h planned." in desk
    assert "Longer than they thought: “Watch it” (6)." in desk
    assert "Learner 3" not in desk
    assert ledger(world)[0]["reported"] == 90
    assert "6 learners say 1 h 30 (the median)." in (await ines.command("week", place="general")).text


SHARED = "milestones:\n  - {id: tea, week: 1, title: Watch it, due: Sun 23:59 aoe, minutes: 41}\n"


async def test_two_items_of_one_title_are_named_apart_and_keep_what_was_said_under_another_one(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(), head=HEAD + SHARED))
    people = [await world.learner(f"l{n}", f"Learner {n}") for n in range(10)]
    ines = world.chat.person("ines")
    await world.until(FRIDAY)
    for n, one in enumerate(people):
        await one.press(one.find("How long did week 1"), "2 h 30")
        await world.settle()
        what = "Watch it (material)" if n < 5 else "Watch it (milestone)"
        await one.press(one.find("Noted: week 1"), what)
        await world.settle()
        assert f"Longer than you thought: {what}." in one.find("Noted: week 1").text
    desk = (await ines.command("desk", place="general")).text
    assert "Longer than they thought: “Watch it (material)” (5), “Watch it (milestone)” (5)." in desk
    # An item before it, and another title.
    first = "milestones:\n  - {id: sip, week: 1, title: Sip it, due: Sun 23:59 aoe, minutes: 5}\n"
    other = first + SHARED.partition("\n")[2].replace("Watch it", "Make it")
    await use_course(world, course(tasting(), head=HEAD + other))
    desk = (await ines.command("desk", place="general")).text
    assert "Longer than they thought: “Make it” (5), “Watch it” (5)." in desk
    world.app.storage.close()


async def test_a_title_that_an_earlier_version_stored_counts_with_its_item(world: World) -> None:
    people = [await world.learner(f"l{n}", f"Learner {n}") for n in range(6)]
    await world.until(FRIDAY)
    for n, one in enumerate(people):
        await one.press(one.find("How long did week 1"), "1 h 30")
        await world.settle()
        await one.press(one.find("Noted: week 1"), "Watch it")
        if n == 2:
            with Session(world.app.storage.engine) as session:
                session.execute(update(LedgerReportRow).values(name=""))
                session.commit()
    desk = (await world.chat.person("ines").command("desk", place="general")).text
    assert "Longer than they thought: “Watch it” (6)." in desk


async def test_what_few_report_is_no_figure(world: World) -> None:
    people = [await world.learner(f"l{n}", f"Learner {n}") for n in range(6)]
    await world.until(FRIDAY)
    for one in people[:5]:
        await took(world, one, 60)
    await took(world, people[5], 90)
    assert "longer than planned" not in (await world.chat.person("ines").command("desk", place="general")).text


async def test_nothing_but_a_week_that_has_begun_can_be_reported(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    assert "Noted" not in await took(world, mia, 60, week=2)
    assert "Noted" not in await took(world, mia, 61)
    assert "for learners" in await took(world, ines, 60)
    assert world.rows(LedgerReportRow) == []
    assert "Noted: week 1 took you about 1 h." in await took(world, mia, 60)
