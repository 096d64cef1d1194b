"""The one voice: what is unasked keeps to the message budget."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import Session, SQLModel

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import create_cohort
from bot.core.actions import Action
from bot.core.due import Due, Plan
from bot.core.facts import CohortEnded
from bot.core.feature import Feature
from bot.core.message import Bold, Bullets, Button, Instant, Text, buttons, message, paragraph
from bot.core.people import Account, Cohort, Person, Role
from bot.core.time import parse_instant, say
from bot.core.turn import Turn
from bot.core.voice import Awaited, Card, Hush, Line, Remark
from bot.runtime.turns import take_turn
from bot.runtime.voice import _redated
from storage.sql.migrate import configuration
from storage.tables.absence import AbsenceRow, SilenceRow
from storage.tables.schedule import DueRow
from storage.tables.voice import DroppedRow, PostRow, SpokenRow
from tests import toys
from tests.kit import COURSE, PLAN, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A cohort whose course asks nothing, and begins much later: only what a test hands in is said."""
    made = new_world(tmp_path, course=COURSE[: COURSE.index("prompts:")], starts_on=date(2026, 6, 1))
    yield made
    made.app.storage.close()


def do(world: World, work: Any) -> Any:
    app = world.app
    return app.storage.run_now(lambda unit: take_turn(app.registry, unit, "voice", world.clock.now(), work))


def hand_in(world: World, *remarks: Remark) -> None:
    def work(turn: Turn[Any]) -> None:
        turn.cohort = world.cohort
        turn.say(*remarks)

    do(world, work)


def person(world: World, user: str) -> int:
    found = world.app.storage.run_now(lambda u: u.people.owner(Account("sandbox", user)))
    assert found is not None
    return found.id


def card(world: World, user: str, name: str, at: datetime | None = None, days: float = 7, **more: Any) -> Card:
    start = at or world.clock.now()
    until = start + timedelta(days=days)
    more = {"rank": "core", **more}
    return Card(person(world, user), world.cohort.id, f"test/{name}", message(paragraph(name)), start, until, **more)


def line(world: World, user: str, text: str, days: float = 7, **more: Any) -> Line:
    until = world.clock.now() + timedelta(days=days)
    return Line(person(world, user), world.cohort.id, f"line/{text}", (text,), until, **more)


def heard(world: World, speaker: Speaker) -> list[tuple[str, str]]:
    """(local time, text) of what was said unasked, oldest first."""
    zone = world.chat.sandbox.platform.human(speaker.id).zone
    posts = world.chat.sandbox.platform.posts(f"dm:{speaker.id}", speaker.id, limit=100)
    mine = [p for p in posts if p.by == "bot" and p.to is None]
    texts = {s.id: s.text for s in speaker.sees()}
    return [(say(p.at, zone), texts[p.id]) for p in mine if p.id in texts and "Welcome" not in texts[p.id]]


async def test_a_card_is_said_at_its_time_and_carries_the_lines(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    at = world.at("2026-01-06T15:00:00Z")
    hand_in(world, card(world, "mia", "card", at), line(world, "mia", "a line", days=3))
    await world.until("2026-01-07T00:00:00Z")
    assert heard(world, mia) == [("Tue 6 Jan, 16:00", "card\nAlso:\n- a line")]


async def test_one_a_day_and_three_a_week(world: World) -> None:
    mia = await world.learner("mia", "Mia", "America/New_York")
    hand_in(world, *(card(world, "mia", f"card {n}", days=21) for n in range(5)))
    await world.until("2026-01-16T00:00:00Z")
    times = [at for at, _ in heard(world, mia)]
    assert times == [
        "Mon 5 Jan, 09:00",
        "Tue 6 Jan, 09:00",
        "Wed 7 Jan, 09:00",
        "Mon 12 Jan, 09:00",
        "Tue 13 Jan, 09:00",
    ]


async def test_what_ends_first_is_said_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, card(world, "mia", "has time", days=7), card(world, "mia", "ends soon", days=1))
    await world.wait(days=2)
    assert [text for _, text in heard(world, mia)] == ["ends soon", "has time"]


async def test_lines_are_bundled_at_the_persons_hour(world: World) -> None:
    mia = await world.learner("mia", "Mia", "Asia/Tokyo")
    hand_in(world, line(world, "mia", "first"))
    await world.wait(hours=2)
    hand_in(world, line(world, "mia", "second"), line(world, "mia", "first"))
    await world.wait(days=3)
    assert heard(world, mia) == [("Tue 6 Jan, 09:00", "Demo course\n- second\n- first")]


async def test_lines_leave_the_messages_of_the_week_to_its_cards(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    wednesday, friday = (world.at(f"2026-01-{day}T15:00:00Z") for day in ("07", "09"))
    hand_in(world, *(card(world, "mia", at.isoformat(), at) for at in (wednesday, friday)))
    hand_in(world, line(world, "mia", "a line"))
    await world.until("2026-01-07T12:00:00Z")
    assert not heard(world, mia)
    await world.until("2026-01-08T12:00:00Z")
    hand_in(world, line(world, "mia", "another"))
    await world.until("2026-01-12T00:00:00Z")
    said = [text for _, text in heard(world, mia)]
    assert len(said) == 2
    assert said[0].endswith("Also:\n- a line")
    assert said[1].endswith("Also:\n- another")


async def test_a_spare_card_gives_way_to_the_days_and_the_weeks_others(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, card(world, "mia", "spare, and alone", rank="spare"))
    await world.settle()
    tuesday, friday, sunday = (world.at(f"2026-01-{day}T15:00:00Z") for day in ("06", "09", "11"))
    hand_in(world, card(world, "mia", "friday", friday), card(world, "mia", "sunday", sunday))
    hand_in(world, card(world, "mia", "the week is full", tuesday, rank="spare"))
    hand_in(world, card(world, "mia", "the same hour", friday, rank="spare"))
    hand_in(world, card(world, "mia", "first, though it ends last", friday, days=9, rank="first"))
    await world.until("2026-01-13T00:00:00Z")
    assert heard(world, mia) == [
        ("Mon 5 Jan, 09:00", "spare, and alone"),
        ("Fri 9 Jan, 16:00", "first, though it ends last\nfriday"),
        ("Sun 11 Jan, 16:00", "sunday"),
    ]


async def test_a_prompt_shares_the_message_of_a_card_and_leaves_it_with_its_answer(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    week = card(world, "mia", "the week")
    prompt = card(world, "mia", "the prompt", days=1, joins=True)
    hand_in(world, week, prompt, line(world, "mia", "a line"))
    await world.settle()
    assert [text for _, text in heard(world, mia)] == ["the week\nthe prompt\nAlso:\n- a line"]
    assert do(world, lambda turn: turn.links.ref(prompt.anchor)) == do(world, lambda turn: turn.links.ref(week.anchor))

    def show(who: Person | None, anchor: str, text: str) -> None:
        def work(turn: Turn[Any]) -> None:
            turn.cohort, turn.person = world.cohort, who
            turn.show_to(week.person, anchor, message(paragraph(text)))

        do(world, work)

    show(None, week.anchor, "the week, as it is now")
    show(None, prompt.anchor, "the prompt, until Friday")
    await world.settle()
    assert [text for _, text in heard(world, mia)] == [
        "the week, as it is now\nthe prompt, until Friday\nAlso:\n- a line"
    ]
    me = world.app.storage.run_now(lambda unit: unit.people.person(week.person))
    show(me, prompt.anchor, "thank you")
    show(me, week.anchor, "the week, with work handed in")
    await world.settle()
    assert [text for _, text in heard(world, mia)] == [
        "the week, with work handed in\nAlso:\n- a line",
        "thank you",
    ]
    assert len(world.rows(SpokenRow, person=week.person)) == 1


async def test_a_button_that_two_cards_bring_is_shown_once(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    away = Button("I am away", Action("absence", "away", world.cohort.id).encode())

    def bring(name: str, *more: Button, **rest: Any) -> Card:
        made = card(world, "mia", name, **rest)
        return replace(made, message=message(paragraph(name), buttons(*more, away)))

    rides = bring("a pod to meet", rank="rides")
    hand_in(world, bring("the week", Button("Ask", Action("home", "home").encode())), rides)
    await world.settle()
    assert list(mia.find("the week").buttons) == ["Ask", "I am away"]


async def test_a_place_in_the_budget_is_not_kept_for_a_card_that_rides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    club: Feature[None] = Feature("club")

    @club.due("invite", within=timedelta(days=1))
    def invite(turn: Turn[None], batch: Sequence[Due]) -> None:
        text = message(paragraph("Come to the club"))
        at, until = turn.now, turn.now + timedelta(days=3)
        turn.say(*(Card(int(d.subject), turn.here.id, f"club/{d.subject}", text, at, until) for d in batch))

    toys.mount(monkeypatch, club)
    world = new_world(tmp_path, course=COURSE[: COURSE.index("prompts:")])
    await world.learner("mia", "Mia")
    mia = person(world, "mia")
    do(world, lambda turn: turn.plan(Plan("club.invite", str(mia), "", turn.now, world.cohort.id, mia)))
    await world.wait(hours=1)
    assert "plans for a person a card that rides" in caplog.text
    assert [row.state for row in world.rows(DueRow, kind="club.invite")] == ["failed"]
    world.app.storage.close()


def awaited(world: World, user: str, text: str, days: float = 7) -> Awaited:
    until = world.clock.now() + timedelta(days=days)
    return Awaited(person(world, user), world.cohort.id, f"awaited/{text}", (text,), until)


async def test_what_a_person_waits_for_comes_at_their_next_hour_and_costs_no_message(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    days = [world.clock.now() + timedelta(days=n) for n in (0, 1, 2)]
    hand_in(world, *(card(world, "mia", f"card {n}", at) for n, at in enumerate(days)))
    await world.until("2026-01-07T12:00:00Z")
    hand_in(world, awaited(world, "mia", "an answer"), line(world, "mia", "thanks"))
    await world.until("2026-01-07T14:00:00Z")
    hand_in(world, awaited(world, "mia", "another answer"))
    await world.until("2026-01-08T12:00:00Z")
    # The week's three cards are used up, and a line goes along for nothing.
    assert heard(world, mia)[3:] == [("Thu 8 Jan, 09:00", "Demo course\n- an answer\n- another answer\n- thanks")]
    assert [row.awaited for row in world.rows(SpokenRow, person=person(world, "mia"))] == [False, False, False, True]


async def test_an_answer_waits_for_who_is_away_and_outlasts_the_end(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    now = world.clock.now()
    away = AbsenceRow(
        cohort=world.cohort.id, person=person(world, "mia"), starts_at=now, ends_at=now + timedelta(days=2)
    )
    add(world, away)
    hand_in(world, awaited(world, "mia", "an answer"), awaited(world, "leo", "an answer"))
    do(world, lambda turn: turn.happened(CohortEnded(world.cohort.id)))
    await world.wait(days=4)
    assert [at for at, _ in heard(world, mia)] == ["Wed 7 Jan, 09:00"]
    assert [at for at, _ in heard(world, leo)] == ["Tue 6 Jan, 09:00"]


async def test_what_the_budget_drops_is_kept_for_a_report(world: World) -> None:
    await world.learner("mia", "Mia")
    reminder = card(world, "mia", "a reminder", rank="spare", about="Hand in the draft")
    hand_in(
        world, card(world, "mia", "ends first", days=0.4), reminder, card(world, "mia", "too late tomorrow", days=0.5)
    )
    await world.wait(days=2)
    found = [(row.what, row.why) for row in world.rows(DroppedRow, person=person(world, "mia"))]
    assert found == [("Hand in the draft", "no room"), ("too late tomorrow", "too late")]


async def test_a_channel_gets_three_root_posts_a_week_and_the_rest_in_the_weeks_thread(world: World) -> None:
    def post(turn: Turn[Any]) -> None:
        turn.cohort = world.cohort
        turn.open_week(turn.here.week_on(world.clock.now().date()), message(paragraph("The week")))
        for name in ("one", "two", "three"):
            turn.post("main", f"{name}/test", message(paragraph(name)))
        turn.post("main", "three/test/more", message(paragraph("more")), below="three/test")

    ines = world.chat.person("ines")
    do(world, post)
    do(world, post)
    await world.settle()
    shown = {s.text: s for s in ines.sees("general")}
    assert [text for text, s in shown.items() if s.thread is None] == ["The week", "one", "two"]
    assert {shown["three"].thread, shown["more"].thread} == {shown["The week"].id}
    await world.wait(days=7)
    do(world, lambda turn: post_one(turn, world, "next week"))
    await world.settle()
    assert next(s for s in ines.sees("general") if s.text == "next week").thread is None


async def test_root_posts_from_before_an_upgrade_count_in_its_week(world: World) -> None:
    def post(turn: Turn[Any]) -> None:
        turn.cohort = world.cohort
        turn.open_week(turn.here.week_on(world.clock.now().date()), message(paragraph("The week")))
        turn.post("main", "wrapup/7/together", message(paragraph("The prompt")))
        turn.post("main", "question/7/root", message(paragraph("A question, which counts for nothing")))

    engine = world.app.storage.engine
    do(world, post)
    await world.settle()
    with engine.begin() as connection:
        # A database of an earlier version, in which posts were not counted.
        connection.execute(sa.delete(PostRow))
        config = configuration()
        config.attributes["connection"] = connection
        command.stamp(config, "0024")
        command.upgrade(config, "0025")
        command.stamp(config, "head")
    do(world, lambda turn: post_one(turn, world, "the third"))
    do(world, lambda turn: post_one(turn, world, "the fourth"))
    await world.settle()
    shown = {s.text: s for s in world.chat.person("ines").sees("general")}
    assert shown["the third"].thread is None
    assert shown["the fourth"].thread == shown["The week"].id


async def test_before_a_week_has_a_thread_what_exceeds_the_budget_goes_below_the_last_root_post(world: World) -> None:
    def post(turn: Turn[Any]) -> None:
        for number in range(6):
            post_one(turn, world, f"post {number}")

    ines = world.chat.person("ines")
    do(world, post)
    await world.settle()
    shown = {s.text: s for s in ines.sees("general") if s.text.startswith("post")}
    assert [text for text, s in shown.items() if s.thread is None] == ["post 0", "post 1", "post 2"]
    threads = {shown[f"post {number}"].thread for number in (3, 4, 5)}
    assert len(threads) == 1
    assert threads < {shown[f"post {number}"].id for number in (0, 1, 2)}


def post_one(turn: Turn[Any], world: World, name: str) -> None:
    turn.cohort = world.cohort
    # Each has a feature of its own, since a feature has one root post a week.
    turn.post("main", f"{name.replace(' ', '-')}/test", message(paragraph(name)))


async def test_a_message_whose_root_never_came_is_given_up_in_the_end(world: World) -> None:
    def work(turn: Turn[Any]) -> None:
        turn.cohort = world.cohort
        turn.post("main", "test/lost", message(paragraph("lost")), below="test/never")

    do(world, work)
    await world.wait(days=1)
    await world.app.runtime._clean_up()
    assert world.app.storage.run_now(lambda unit: unit.outbox.dead_deliveries()) == []
    await world.wait(days=4)
    await world.app.runtime._clean_up()
    (lost,) = world.app.storage.run_now(lambda unit: unit.outbox.dead_deliveries())
    assert (lost.anchor, lost.error) == ("test/lost", "What it belongs below was never posted.")


async def test_what_is_of_no_use_any_more_is_not_said(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, line(world, "mia", "stale", days=0.1))
    hand_in(world, line(world, "mia", "hushed"), Hush("line/hushed"))
    await world.wait(days=3)
    assert heard(world, mia) == []


async def test_no_reminder_stands_below_a_card_that_lists_what_is_open(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    tomorrow = world.at("2026-01-06T15:00:00Z")
    for who, lists_all in (("mia", True), ("leo", False)):
        reminder = card(world, who, f"What is open, {who}", tomorrow, days=2, rank="spare", joins=True)
        hand_in(world, card(world, who, f"The week, {who}", tomorrow, lists_all=lists_all), reminder)
    await world.until("2026-01-06T16:00:00Z")
    assert [text for _, text in heard(world, mia)] == ["The week, mia"]
    assert "What is open, leo" in heard(world, leo)[0][1]


async def test_an_urgent_line_may_exceed_the_budget(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, card(world, "mia", "card"))
    await world.settle()
    hand_in(world, line(world, "mia", "the date moved", urgent=True))
    await world.settle()
    assert [text for _, text in heard(world, mia)] == ["card", "Demo course\nthe date moved"]


async def test_a_manager_hears_once_a_week_and_an_instructor_once_a_workday(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until("2026-01-08T12:00:00Z")
    for n in range(4):
        hand_in(world, card(world, "omar", f"week {n}", days=10, role=Role.MANAGER))
        hand_in(world, card(world, "ines", f"desk {n}", days=30, role=Role.INSTRUCTOR))
    await world.until("2026-01-13T23:00:00Z")
    assert [at for at, text in heard(world, omar) if text.startswith("week")] == [
        "Thu 8 Jan, 13:00",
        "Mon 12 Jan, 09:00",
    ]
    # On Friday the desk of the day goes, since it is of use for the shortest time.
    assert [at for at, _ in heard(world, ines)] == [
        "Thu 8 Jan, 13:00",
        "Fri 9 Jan, 09:00",
        "Mon 12 Jan, 09:00",
        "Tue 13 Jan, 09:00",
    ]


async def test_silence_after_leaving_and_after_the_end(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    for user in ("mia", "leo"):
        hand_in(world, card(world, user, "late card", world.clock.now() + timedelta(days=1)), line(world, user, "late"))
    await mia.press(await mia.command("leave"), "Leave")

    do(world, lambda turn: turn.happened(CohortEnded(world.cohort.id)))
    await world.wait(days=3)
    assert heard(world, mia) == []
    assert heard(world, leo) == []


async def test_a_closed_account_hears_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, card(world, "mia", "late card", world.clock.now() + timedelta(days=1)))
    await world.chat.sandbox.change_account("mia", active=False)
    await world.wait(days=2)
    assert heard(world, mia) == []
    assert world.rows(SpokenRow, person=person(world, "mia")) == []


async def test_after_a_week_of_silence_nobody_is_flooded(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, *(card(world, "mia", f"c{n}", world.clock.now() + timedelta(days=n), days=2) for n in range(6)))
    await world.jump("2026-01-10T12:00:00Z")
    assert [text for _, text in heard(world, mia)] == ["c4"]


def add(world: World, *rows: SQLModel) -> None:
    with Session(world.app.storage.engine) as session:
        session.add_all(rows)
        session.commit()


async def test_who_is_away_hears_nothing_unasked_and_nothing_is_kept_for_later(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    now, day = world.clock.now(), timedelta(days=1)
    away = AbsenceRow(cohort=world.cohort.id, person=person(world, "mia"), starts_at=now, ends_at=now + 2 * day)
    add(world, away)
    hand_in(world, card(world, "mia", "while away", now + day), line(world, "mia", "a line"))
    hand_in(world, card(world, "mia", "when back", now + 3 * day))
    await world.wait(days=4)
    assert [text for _, text in heard(world, mia)] == ["when back"]


async def test_who_has_fallen_silent_hears_only_what_is_about_that(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    silent = [
        SilenceRow(cohort=world.cohort.id, person=person(world, u), since=world.clock.now()) for u in ("mia", "ines")
    ]
    add(world, *silent)
    hand_in(world, card(world, "mia", "an ordinary card"), card(world, "mia", "about it", rank="first"))
    hand_in(world, card(world, "ines", "a desk", role=Role.INSTRUCTOR))
    await world.wait(days=3)
    assert [text for _, text in heard(world, mia)] == ["about it"]
    assert "a desk" in [text for _, text in heard(world, ines)]


async def second(world: World, *learners: Speaker, **more: Any) -> Cohort:
    """Another cohort, with the same course team, that the learners join."""
    course = COURSE[: COURSE.index("prompts:")]
    more = {"channels": {"main": "other"}, **more}
    plan = replace(PLAN, code="other", course_text=course, starts_on=date(2026, 6, 1), **more)
    other, join_code = create_cohort(world.app.storage, world.app.registry, plan)
    for learner in learners:
        await learner.command("join", join_code)
    return other


async def test_away_in_one_cohort_is_not_away_in_another(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    other = await second(world, mia)
    add(world, AbsenceRow(cohort=world.cohort.id, person=person(world, "mia"), starts_at=world.clock.now()))
    here, there = card(world, "mia", "here"), replace(card(world, "mia", "there"), cohort=other.id)
    hand_in(world, here, there)
    await world.wait(days=3)
    assert [text for _, text in heard(world, mia)] == ["Demo course (other)\nthere"]


async def test_who_is_in_two_cohorts_reads_which_one_each_message_is_about(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    other = await second(world, mia, title="Archives")
    hand_in(world, *(card(world, user, f"card of {user}") for user in ("mia", "leo")))
    hand_in(world, line(world, "mia", "news"), replace(line(world, "mia", "a date moves"), cohort=other.id))
    await world.settle()
    (said,) = [text for _, text in heard(world, mia)]
    assert said == "Demo course\ncard of mia\nAlso:\n- Demo course: news\n- Archives: a date moves"
    assert [text for _, text in heard(world, leo)] == ["card of leo"]

    people = {user: person(world, user) for user in ("mia", "leo")}

    def show_again(turn: Turn[Any]) -> None:
        turn.cohort = world.cohort
        for user, id in people.items():
            turn.show_to(id, f"test/card of {user}", message(paragraph("as it is now")))

    do(world, show_again)
    await world.settle()
    assert [text for _, text in heard(world, mia)] == [said.replace("card of mia", "as it is now")]
    assert [text for _, text in heard(world, leo)] == ["as it is now"]


async def test_lines_of_two_cohorts_say_which_one_they_are_about(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    other = await second(world, mia, title="Archives")
    hand_in(world, line(world, "mia", "news"), replace(awaited(world, "mia", "an answer"), cohort=other.id))
    await world.wait(days=2)
    assert [text for _, text in heard(world, mia)] == [
        "From your cohorts\n- Archives: an answer\n- Demo course: news",
    ]


async def test_one_cohort_of_two_is_named_on_a_desk_and_on_the_card_of_its_team(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await second(world, ines, title="Archives", people=())
    hand_in(world, card(world, "ines", "a card for the team", role=Role.INSTRUCTOR))
    await mia.command("ask", "Can I reuse last year's data?")
    await world.settle()
    assert [text for _, text in heard(world, ines)] == ["Demo course\na card for the team"]
    desk = await ines.command("desk")
    assert desk.text.splitlines()[1] == "Demo course"


async def test_two_cohorts_share_a_message_so_that_neither_starves_the_other(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    other = await second(world, mia, title="Archives")
    monday, thursday = world.clock.now() + timedelta(hours=1), world.at("2026-01-08T15:00:00Z")
    for cohort in (world.cohort, other):
        week, prompt = (f"{what} in {cohort.code}" for what in ("week", "prompt"))
        cards = (card(world, "mia", week, monday), card(world, "mia", prompt, thursday, days=2, joins=True))
        hand_in(world, *(replace(one, cohort=cohort.id) for one in cards))
    await world.until("2026-01-12T00:00:00Z")
    # Each prompt is answered in words, so these two do not share a message.
    assert [text for _, text in heard(world, mia)] == [
        "Demo course\nweek in demo\nArchives\nweek in other",
        "Demo course\nprompt in demo",
        "Archives\nprompt in other",
    ]


async def test_of_two_cohorts_the_one_that_lost_last_time_comes_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    other = await second(world, mia, title="Archives")
    for week in (9, 16, 23):
        friday = world.at(f"2026-01-{week:02}T15:00:00Z")
        for cohort in (world.cohort, other):
            prompt = card(world, "mia", f"prompt {week} in {cohort.code}", friday, days=7, joins=True)
            hand_in(world, replace(prompt, cohort=cohort.id, until=friday + timedelta(hours=12)))
        await world.until(f"2026-01-{week + 1:02}T15:00:00Z")
    assert [text for _, text in heard(world, mia)] == [
        "Demo course\nprompt 9 in demo",
        "Archives\nprompt 16 in other",
        "Demo course\nprompt 23 in demo",
    ]


async def test_buttons_with_the_same_label_in_one_message_are_told_apart(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    other = await second(world, mia, title="Archives")

    def bring(user: str, name: str, **rest: Any) -> Card:
        made = card(world, user, name, **rest)
        open_it = Button("Open", Action("home", "home", subject=name).encode())
        return replace(made, message=message(paragraph(name), buttons(open_it)))

    riding = replace(bring("mia", "riding", rank="spare", joins=True), cohort=other.id)
    hand_in(world, bring("mia", "the week"), bring("mia", "a prompt", joins=True), riding)
    hand_in(world, bring("leo", "the week of leo"), bring("leo", "a prompt of leo", joins=True))
    await world.settle()
    assert list(leo.find("the week of leo").buttons) == ["Open", "Open (2)"]
    assert list(mia.find("the week").buttons)[:2] == ["Open", "Open (Demo course)"]


async def test_a_line_goes_with_the_card_of_the_same_instant(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    # Nine o'clock is when the desk comes, and when a line would be said by itself.
    await mia.command("ask", "Can I reuse last year's data?")
    hand_in(world, line(world, "ines", "a line", role=Role.INSTRUCTOR))
    await world.until("2026-01-06T12:00:00Z")
    (said,) = [text for _, text in heard(world, ines)]
    assert said.startswith("Your desk, Tuesday")
    assert "- a line" in said


async def test_what_is_long_past_is_cleared_away_but_nothing_happens_twice(world: World) -> None:
    await world.learner("mia", "Mia")
    happened = [
        Plan("digests.desk", "7", name, world.clock.now(), cohort=c) for name, c in (("a", 0), ("b", world.cohort.id))
    ]
    with Session(world.app.storage.engine) as session:
        session.add_all(DueRow(**asdict(plan), state="done") for plan in happened)
        session.commit()
    hand_in(world, card(world, "mia", "card"))
    await world.settle()
    await world.jump("2026-04-05T12:00:00Z")
    await world.app.runtime._clean_up()
    assert world.rows(SpokenRow, person=person(world, "mia")) == []
    assert [r.occurrence for r in world.rows(DueRow, kind="digests.desk", subject="7")] == ["b"]
    do(world, lambda turn: turn.happened(CohortEnded(world.cohort.id)))
    world.app.storage.run_now(lambda unit: unit.store("completion").end_cohort(world.cohort.id))
    await world.jump("2026-06-15T12:00:00Z")
    await world.app.runtime._clean_up()
    assert world.rows(DueRow, kind="digests.desk", subject="7") == []


async def test_what_waits_waits_for_the_hours_of_the_course(world: World) -> None:
    early, late = await world.learner("early", "Early"), await world.learner("late", "Late")
    for who, hour in ((early, "08:00"), (late, "21:00")):
        await who.press(await who.command("settings"), "Hour", hour)
        for name in ("first", "second"):
            hand_in(world, card(world, who.id, f"{who.id} {name}"))
    await world.until("2026-01-06T10:00:00Z")
    hand_in(world, line(world, "early", "a line"), line(world, "late", "a line"))
    await world.until("2026-01-13T00:00:00Z")
    assert [at for at, _ in heard(world, early)] == ["Mon 5 Jan, 09:00", "Tue 6 Jan, 08:00", "Mon 12 Jan, 08:00"]
    assert [at for at, _ in heard(world, late)] == ["Mon 5 Jan, 09:00", "Tue 6 Jan, 21:00"]


async def test_an_urgent_line_wakes_nobody(world: World) -> None:
    kai = await world.learner("kai", "Kai", "Pacific/Apia")
    await world.until("2026-01-06T13:00:00Z")
    hand_in(world, line(world, "kai", "in the morning", urgent=True))
    await world.until("2026-01-07T13:00:00Z")
    hand_in(world, line(world, "kai", "the date itself is over by then", days=0.1, urgent=True))
    await world.until("2026-01-08T12:00:00Z")
    assert heard(world, kai) == [
        ("Wed 7 Jan, 09:00", "Demo course\nin the morning"),
        ("Thu 8 Jan, 09:00", "Demo course\nthe date itself is over by then"),
    ]


async def test_after_downtime_nobody_is_woken_and_everybody_hears_at_their_hour(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    end = world.at("2026-01-20T12:00:00Z")
    for id in ("mia", "leo"):
        awaited = Awaited(person(world, id), world.cohort.id, f"test/answer/{id}", ("You have an answer",), end)
        hand_in(world, awaited, line(world, id, "Something new"))
    hand_in(world, card(world, "leo", "A prompt", world.at("2026-01-07T15:00:00Z")))

    await world.jump("2026-01-09T01:45:00Z")
    assert heard(world, mia) == heard(world, leo) == []
    await world.until("2026-01-09T20:00:00Z")
    assert [at for at, _ in heard(world, mia)] == [at for at, _ in heard(world, leo)] == ["Fri 9 Jan, 09:00"]


async def test_after_days_of_downtime_by_day_only_what_cannot_wait_comes_at_once(world: World) -> None:
    mia, ben, leo = [await world.learner(name.lower(), name) for name in ("Mia", "Ben", "Leo")]
    planned = world.at("2026-01-07T15:00:00Z")
    hand_in(world, line(world, "mia", "Something new"), card(world, "ben", "A prompt", planned))
    hand_in(world, card(world, "leo", "Closes tonight", planned, days=2.2))

    await world.jump("2026-01-09T13:00:00Z")
    assert [at for at, _ in heard(world, leo)] == ["Fri 9 Jan, 14:00"]
    assert heard(world, mia) == heard(world, ben) == []
    await world.until("2026-01-10T20:00:00Z")
    assert [at for at, _ in heard(world, mia)] == [at for at, _ in heard(world, ben)] == ["Sat 10 Jan, 09:00"]


async def test_after_some_hours_of_downtime_the_day_goes_on(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, line(world, "mia", "Something new"))
    await world.jump("2026-01-06T13:00:00Z")
    assert [at for at, _ in heard(world, mia)] == ["Tue 6 Jan, 14:00"]


async def test_a_card_that_a_course_plans_for_the_night_waits_for_the_morning(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    hand_in(world, card(world, "mia", "A prompt", world.at("2026-01-06T23:30:00Z")))
    await world.until("2026-01-08T00:00:00Z")
    assert heard(world, mia) == [("Wed 7 Jan, 09:00", "A prompt")]


async def test_a_card_that_fails_is_given_up_and_silences_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    toy: Feature[None] = Feature("toy")

    @toy.due("ring", within=timedelta(hours=6))
    def ring(turn: Turn[None], batch: Sequence[Due]) -> None:
        # No database stores half a surrogate pair in a key.
        turn.say(*(replace(cards[d.subject], anchor="\ud83d" if d.subject == "ben" else d.subject) for d in batch))

    toys.mount(monkeypatch, toy)
    world = new_world(tmp_path, course=COURSE[: COURSE.index("prompts:")], starts_on=date(2026, 6, 1))
    everybody = [await world.learner(name, name.title()) for name in ("mia", "ben", "leo")]
    at = world.at("2026-01-06T12:00:00Z")
    cards = {speaker.id: card(world, speaker.id, "hello", at) for speaker in everybody}
    do(world, lambda turn: turn.plan(*(Plan("toy.ring", s.id, "", at, world.cohort.id) for s in everybody)))
    await world.until("2026-01-06T13:00:00Z")
    texts = [[text for _, text in heard(world, speaker)] for speaker in everybody]
    assert texts == [["hello"], [], ["hello"]]
    assert f"Speaking to person {person(world, 'ben')} failed" in caplog.text
    assert world.app.storage.run_now(lambda unit: unit.schedule.failed()) == 1
    world.app.storage.close()


async def test_half_a_surrogate_pair_in_a_message_arrives_as_a_sign_for_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    start = world.clock.now()
    said = message(paragraph("hello \ud83d"))
    hand_in(world, Card(person(world, "mia"), world.cohort.id, "test", said, start, start + timedelta(days=1)))
    hand_in(world, card(world, "mia", "card", start))
    await world.wait(days=1)
    assert "hello \ufffd" in heard(world, mia)[0][1]


def test_a_line_that_was_sent_says_as_before_when_its_date_moves_back() -> None:
    """'Homework is due Thu 12 Mar, not Thu 12 Mar' tells nobody anything."""
    what, first, second = Bold("Homework is due"), *(parse_instant(f"2026-03-{day}T18:00:00Z") for day in (12, 15))
    told: Text = (what, " ", Instant(second), ", not ", Instant(first), ".")
    back: Text = (what, " ", Instant(first), ", not ", Instant(second), ".")
    corrected = _redated(Bullets((told, ("Something else",))), what, back, second, first)
    assert corrected == Bullets(((what, " ", Instant(first), ", as before."), ("Something else",)))
