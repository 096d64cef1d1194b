"""A book club that is one mount line more: it is on the card, in the calendar, in completion and wherever else features
contribute, without anything else knowing of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from bot.app.calendars import of_cohort
from bot.core.actions import Action
from bot.core.contributions import (
    CREDITS,
    DESK,
    FIGURES,
    ITEMS,
    OPEN_ENDS,
    Credit,
    CreditWords,
    DeskItem,
    Figure,
    Filed,
    Item,
    OpenEnd,
    Pile,
)
from bot.core.due import Due, Plan
from bot.core.facts import ItemDone, ItemsChanged
from bot.core.feature import Feature, Press, Reply
from bot.core.message import Button, buttons, message, paragraph
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import at_wall, say
from bot.core.timetable import DAY
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.features.completion import archive
from bot.features.completion.store import CompletionStore
from bot.runtime.turns import take_turn
from tests import toys
from tests.kit import COURSE, World, new_world

MONDAY = "2026-01-05T08:00:00Z"
CLUB = COURSE.replace("weekly_minutes: 300", "weekly_minutes: 300, completion: 1 wrap-up")


@dataclass
class Club:
    """(person, week) -> when they had read the chapter. `speakers`: learners who talk about one."""

    read: dict[tuple[int, int], datetime] = field(default_factory=dict)
    speakers: set[int] = field(default_factory=set)


def book_club() -> Feature[Club]:
    """A chapter each week, to be read until Thursday evening by each learner's clock."""
    feature: Feature[Club] = Feature("club")

    @feature.contributes(ITEMS)
    def items(turn: Turn[Club], cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
        weeks = range(1, len(course_of(cohort.course_text).weeks) + 1)
        return [(p.id, chapter(turn.store, cohort, p, week)) for p in people for week in weeks]

    def chapter(club: Club, cohort: Cohort, person: Person, week: int) -> Item:
        monday = cohort.timetable.monday(week)
        opens, due = at_wall(monday, time(0), person.zone), at_wall(monday + 3 * DAY, time(20), person.zone)
        done = (person.id, week) in club.read
        title = f"Chapter {week}"
        return Item(
            *(f"club/{week}", f"chapter-{week}", week, title, (f"Read {title.lower()}",), opens, due),
            minutes=30,
            done=done,
            state="read" if done else "to read",
            own_clock=True,
            button=Button("I have read it", Action("club", "read", cohort.id, str(week)).encode()),
        )

    @feature.contributes(ITEMS)
    def talks(turn: Turn[Club], cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
        return [(p.id, talk(cohort, p)) for p in people if p.id in turn.store.speakers]

    def talk(cohort: Cohort, person: Person) -> Item:
        monday = cohort.timetable.monday(1)
        opens, due = at_wall(monday, time(0), person.zone), at_wall(monday + 4 * DAY, time(20), person.zone)
        to_do = ("Talk about chapter 1",)
        return Item("club/talk", "talk", 1, "Your talk", to_do, opens, due, state="to do", private=True)

    @feature.action("read", roles=MEMBERS)
    def read(turn: Turn[Club], press: Press) -> Reply:
        turn.store.read[turn.me.id, int(press.subject)] = turn.now
        turn.happened(ItemDone(turn.here.id, f"club/{press.subject}", turn.me.id))
        return None

    @feature.contributes(CREDITS)
    def credits(turn: Turn[Club], cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Credit]]:
        needed = len(course_of(cohort.course_text).weeks)
        found = []
        for person in people:
            times = sorted(at for (who, _), at in turn.store.read.items() if who == person.id)
            lacks = f"{needed - len(times)} chapters"
            done_at = times[-1] if len(times) == needed else None
            missing = () if done_at else ((f"{lacks} to read",),)
            did = ((f"Read: {len(times)} chapters",),) if times else ()
            words = partial(CreditWords, did, missing, lacks=lacks)
            credit = Credit(f"{needed} chapters", "chapters", needed, len(times), done_at, words=words)
            found.append((person.id, credit))
        return found

    @feature.contributes(DESK)
    def on_the_desk(turn: Turn[Club], cohort: Cohort, person: Person) -> list[Pile]:
        items = [
            DeskItem(f"club/{who}/{week}", at, (f"{turn.people.person(who).name} read chapter {week}",), minutes=1)
            for (who, week), at in turn.store.read.items()
        ]
        return [Pile("club", ("Book club",), items)] if items else []

    @feature.contributes(FIGURES)
    def figures(turn: Turn[Club], cohort: Cohort) -> list[Figure]:
        return [Figure("club", "Chapters read", len(turn.store.read))]

    @feature.planned("ballot")
    def plan(turn: Turn[Club], planning: Planning) -> Iterator[Plan]:
        cohort = planning.cohort
        for person in planning.people:
            at = planning.when(at_wall(cohort.timetable.monday(1) + DAY, time(9), person.zone), turn.now)
            if at is not None:
                yield Plan("club.ballot", f"{cohort.id}/{person.id}", "", at, cohort.id)

    @feature.due("ballot", within=DAY)
    def ask(turn: Turn[Club], batch: Sequence[Due]) -> None:
        for due in batch:
            person = int(due.subject.split("/")[1])
            vote = Button("The long one", Action("club", "vote", turn.here.id, "long").encode())
            ballot = message(paragraph("Which book is next?"), buttons(vote))
            turn.say(Card(person, turn.here.id, f"club/{due.subject}/ballot", ballot, turn.now, turn.now + 7 * DAY))

    @feature.action("vote", roles=MEMBERS)
    def vote(turn: Turn[Club], press: Press) -> Reply:
        ballot = message(paragraph("You voted for the long one."))
        turn.show_to(turn.me.id, f"club/{turn.here.id}/{turn.me.id}/ballot", ballot)
        return None

    @feature.contributes(OPEN_ENDS)
    def shelf(turn: Turn[Club], cohort: Cohort) -> list[OpenEnd]:
        return [OpenEnd(("The books stay on the shelf",))]

    return feature


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    club = Club()
    toys.mount(monkeypatch, book_club(), store=lambda session, now: club)
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CLUB)
    yield made
    made.app.storage.close()


def card(speaker: Speaker, week: int) -> str:
    return speaker.find(f"Week {week}: ").text


async def test_items_that_come_later_are_on_cards_and_private_ones_on_their_own_alone(world: World) -> None:
    mia, kenji = await world.learner("mia", "Mia"), await world.learner("kenji", "Kenji", "Asia/Tokyo")
    await world.until(MONDAY)
    assert "Your talk" not in card(mia, 1)

    def pick(turn: Turn[Club]) -> None:
        turn.store.speakers |= {p.id for p in turn.people.members(1, Role.LEARNER)}
        turn.happened(ItemsChanged(1))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "club", world.clock.now(), pick))
    await world.wait(minutes=1)
    assert "2. Your talk · to do" in card(mia, 1)
    assert "2. Your talk · to do" in card(kenji, 1)
    opening = mia.find("Week 1: ", "general").text
    assert "Chapter 1, due" in opening
    assert "Your talk" not in opening
    await world.until("2026-01-08T12:00:00Z")
    assert "- Talk about chapter 1, due Fri 9 Jan, 20:00" in mia.find("still open").text


async def test_what_it_asks_for_is_on_the_card_and_in_the_channel(world: World) -> None:
    mia, kenji = await world.learner("mia", "Mia"), await world.learner("kenji", "Kenji", "Asia/Tokyo")
    await world.until(MONDAY)
    assert "1. Chapter 1 · 30 min · to read" in card(mia, 1)
    assert "1 is due Thu 8 Jan, 20:00 your time." in card(mia, 1)
    await mia.press(mia.find("Week 1: "), "I have read it")
    assert "1. Chapter 1 · 30 min · read" in card(mia, 1)
    assert "to read" in card(kenji, 1)
    post = next(m for m in mia.sees("general") if m.text.startswith("Week 1: One"))
    assert "Chapter 1, due Thu 8 Jan, 20:00 by your own clock" in post.text


async def test_who_has_not_done_it_is_reminded(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await mia.press(mia.find("Week 1: "), "I have read it")
    await world.until("2026-01-08T19:00:00Z")

    def reminded(speaker: Speaker) -> bool:
        return any("Read chapter 1" in m.text and m.by == "bot" for m in speaker.sees(f"dm:{speaker.id}"))

    assert reminded(leo)
    assert not reminded(mia)


async def test_its_ballot_rides_on_the_next_message_and_the_prompt_keeps_its_day(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await mia.press(mia.find("Week 1: "), "I have read it")
    await world.until("2026-01-09T15:00:00Z")
    assert "Which book is next?\n[The long one]" in mia.find("Week 1 wrap-up").text
    assert "Which book is next?" in leo.find("One thing is still open").text
    assert leo.find("Week 1 wrap-up")
    await mia.press(mia.find("Week 1 wrap-up"), "Answer")
    await mia.submit(done="Read it")
    assert "Which book is next?" in mia.find("Wrap-up received").text
    await mia.press(mia.find("Wrap-up received"), "The long one")
    assert "Which book" not in mia.find("Wrap-up received").text
    assert mia.find("You voted for the long one.").text == "You voted for the long one."


async def test_its_dates_are_in_the_calendar(world: World) -> None:
    _, (tokyo, here) = of_cohort(world.app.storage, world.cohort.code, ["Asia/Tokyo", "Europe/Berlin"])
    for dates, zone in ((tokyo, "Asia/Tokyo"), (here, "Europe/Berlin")):
        due = {d.subject: d.at for d in dates if d.kind == "due"}
        assert [say(due[f"Chapter {week}"], zone) for week in (1, 2)] == ["Thu 8 Jan, 20:00", "Thu 15 Jan, 20:00"]
    assert dates[-1].kind == "end"
    assert any("Chapter 1" in d.subject for d in dates if d.kind == "reminder")


async def test_it_counts_for_completion(world: World) -> None:
    def kept(turn: Turn[CompletionStore]) -> list[Filed]:
        return archive.files(turn, world.cohort)

    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    omar = world.chat.person("omar")
    for week in (1, 2, 3):
        await world.until(f"2026-01-{7 * week - 2:02}T09:00:00Z")
        await mia.press(mia.find(f"Week {week}: "), "I have read it")
        await leo.say("general", "Still here, and not reading.")
    assert "Progress: 3 of 3 chapters" in (await mia.command("")).text.replace("0 of 1 wrap-up, ", "")
    await world.until("2026-01-23T16:00:00Z")
    await mia.press(mia.find("Week 3 wrap-up"), "Answer")
    await mia.submit(done="Read it")
    await world.until("2026-01-29T12:00:00Z")
    assert "You have completed Demo course" in mia.find("You have completed").text
    assert "Read: 3 chapters" in mia.find("You have completed").text
    assert "3 chapters to read" in leo.find("Demo course is over").text
    listed = await omar.press(await omar.command("overview"), "Completion")
    assert "Leo: 1 more wrap-up; 3 chapters" in listed.text.replace("*", "")
    files = world.app.storage.run_now(lambda u: take_turn(world.app.registry, u, "completion", world.clock.now(), kept))
    assert "name,account,milestones,wrap-ups,chapters,completed on" in files[0].document.text
    closing = await omar.press(await omar.command("overview"), "End this cohort")
    assert "The books stay on the shelf" in closing.text


async def test_the_course_team_reads_of_it(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await mia.press(mia.find("Week 1: "), "I have read it")
    desk = await ines.command("desk")
    assert "Book club" in desk.text
    assert "Mia read chapter 1" in desk.text
    overview = await world.chat.person("omar").command("overview")
    assert "Chapters read" in overview.text
    await world.wait(days=2)
    assert "Mia read chapter 1, waits 2 days" in (await ines.command("desk")).text


def test_nobody_else_knows_of_it() -> None:
    """The card and completion, and what keeps them, name no other feature."""
    root = Path(__file__).parents[2]
    for folder in ("bot/features/weekcard", "bot/features/completion"):
        for path in (root / folder).glob("*.py"):
            assert not {"Milestone", "Wrapup", "milestone_windows"} & set(path.read_text(encoding="utf-8").split())
    for name in ("weekcard", "completion"):
        text = (root / "storage/stores" / f"{name}.py").read_text(encoding="utf-8")
        assert not [n for n in ("milestones", "wrapups", "questions", "faq", "digests") if f"tables.{n}" in text]
