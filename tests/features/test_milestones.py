"""Milestones, as conversations."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.sandbox.driver import CannotSee, Speaker
from bot.core.actions import Action
from bot.core.events import ButtonPressed, FormSubmitted
from bot.core.facts import CohortPlanned
from bot.core.forms import ChoiceField
from bot.core.people import Account, Actor, Place
from bot.core.plain import plain
from bot.core.ports import Answer
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.tables.milestones import MilestoneWindowRow, SubmissionRevisionRow, SubmissionRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import AuditRow, CohortRow, change_cohort
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

MILESTONES = """\
milestones:
  - {id: draft, week: 1, title: The first draft, due: Sun 23:59 aoe, grace: 2 h, late: 7 days,
     extension: 3 days, essential: yes, minutes: 60}
  - {id: notes, week: 1, title: Your notes, due: Wed 18:00 learner, late: refused,
     extension: 7 days by instructor, minutes: 30}
  - {id: page, week: 3, title: The page, opens: Mon 09:00, due: Sun 23:59 aoe, late: accepted,
     extension: none, essential: yes, minutes: 90}
reviews:
  - {id: swap, milestone: draft, week: 2, title: Read one other draft, opens: Mon 12:00 aoe, due: Sun 23:59 aoe,
     reviews: 1, rubric: [Is it clear], minutes: 30}
"""
WITH_WORK = COURSE + MILESTONES
DUE_BERLIN = "Mon 12 Jan, 12:59"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=WITH_WORK)


def planned_anew(world: World, course: str) -> None:
    """The course file is another one now."""

    def work(turn: Turn[SqlEnrolment]) -> None:
        cohort = world.cohort
        change_cohort(turn.store._session, cohort.id, course_text=course)
        turn.happened(CohortPlanned(cohort.id))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), work))


def window(world: World, milestone: str) -> MilestoneWindowRow:
    (row,) = world.rows(MilestoneWindowRow, milestone=milestone)
    assert isinstance(row, MilestoneWindowRow)
    return row


def lines(texts: Sequence[str], words: str) -> list[str]:
    return [line for text in texts for line in text.splitlines() if words in line]


async def test_work_is_handed_in_by_form_and_gets_a_receipt(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    page = await mia.command("")
    assert f"Hand in “The first draft”, due {DUE_BERLIN}" in page.text
    assert page.buttons[:2] == ["Hand in", "Hand in “The first draft”"]
    await mia.press(page, "Hand in")
    assert mia.form is not None
    refused = await mia.submit()
    assert refused.errors == {"link": "Please give a link, write your text below, or send a file."}
    refused = await mia.submit(link="example.org/draft")
    assert "whole link" in refused.errors["link"]
    # What stands before an '@' only looks like the host.
    refused = await mia.submit(link="https://example.org@elsewhere.example/draft")
    assert "whole link" in refused.errors["link"]
    thanks = await mia.submit(link="https://example.org/notes")
    assert "“Your notes” is in. Its card is your receipt now." in thanks.text
    receipt = mia.find("Your notes\nThank you, Mia. Received Mon 5 Jan, 09:00.")
    assert "Edit until Wed 7 Jan, 18:00 your time; after that it stands as it is." in receipt.text
    assert receipt.buttons == ["Edit", "Ask", "Take it back"]


async def test_one_thing_to_hand_in_needs_no_form(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T10:00:00Z")
    thanks = await mia.command("submit", "https://example.org/draft")
    assert "“The first draft” is in" in thanks.text
    assert "https://example.org/draft" in mia.find("The first draft\nThank you").text
    again = await mia.command("submit")
    assert "Nothing waits to be handed in just now. Well done." in again.text
    assert "The page opens Mon 19 Jan, 09:00." in again.text
    await mia.press(again, "Edit: The first draft")
    await world.wait(hours=1)
    await mia.submit(text="better words")
    assert "Edited Thu 8 Jan, 12:00" in mia.find("The first draft\nThank you").text
    assert len(world.rows(SubmissionRow)) == 1
    assert len(world.rows(SubmissionRevisionRow)) == 2


async def test_what_is_typed_once_more_opens_what_is_there_with_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T10:00:00Z")
    await mia.command("submit", "https://example.org/" + "x" * 700)
    await mia.command("submit", "https://example.org/better")
    assert mia.form is not None
    assert mia.form.fields[0].value == "https://example.org/better"
    await mia.submit()
    assert "You handed in:\n> https://example.org/better\n" in mia.find("The first draft\nThank you").text
    await mia.command("submit", "and a word on it")
    assert [f.value for f in mia.form.fields] == ["https://example.org/better", "and a word on it", ""]


async def test_what_is_handed_in_too_early_is_given_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    later = COURSE + "milestones:\n  - {id: page, week: 3, title: The page, due: Sun 20:00}\n"
    mia = await new_world(tmp_path_factory.mktemp("early"), course=later).learner("mia", "Mia")
    early = await mia.command("submit", "my first words")
    assert "The page opens Mon 19 Jan, 00:00." in early.text
    assert "not handed in; here it is, to take with you:\n> my first words" in early.text
    assert "to take with you" not in (await mia.command("submit")).text


async def test_a_long_link_can_be_edited(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T10:00:00Z")
    await mia.command("submit", "https://example.org/" + "x" * 700)
    await mia.press(mia.find("The first draft\nThank you"), "Edit")
    assert (await mia.submit(text="and a word on it")).errors == {}


async def test_several_things_to_hand_in_ask_which(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("submit", "my words on it")
    assert mia.form is not None
    assert [f.name for f in mia.form.fields] == ["milestone", "link", "text", "file"]
    assert mia.form.fields[2].value == "my words on it"
    await mia.submit(milestone="draft")
    assert world.rows(SubmissionRow)[0].milestone == "draft"


async def test_late_is_welcome_and_marked_after_the_grace(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await world.until("2026-01-12T13:30:00Z")
    assert (
        "“The first draft” was due Mon 12 Jan, 12:59, and is in time until Mon 12 Jan, 14:59"
        in (await tom.command("")).text
    )
    assert "marked late" not in (await mia.command("submit", "https://example.org/a")).text
    await world.until("2026-01-12T14:00:00Z")
    page = await tom.command("")
    assert "“The first draft” can still be handed in, marked late, until Mon 19 Jan, 12:59" in page.text
    assert "is in, marked late." in (await tom.command("submit", "https://example.org/b")).text
    receipt = tom.find("The first draft\nThank you").text
    assert "Received Mon 12 Jan, 15:00, marked late." in receipt
    assert "You can change it until Mon 19 Jan, 12:59." in receipt
    assert "A change now marks it late." not in receipt
    await world.until("2026-01-19T12:00:00Z")
    ava = await world.learner("ava", "Ava")
    assert "is over" not in ava.last().text
    over = await tom.command("submit")
    assert "Edit" not in over.buttons


async def test_what_is_over_says_so_and_how_to_get_more_time(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(await mia.command(""), "Hand in")
    await world.until("2026-01-07T17:00:00Z")
    refused = await mia.submit(text="too late")
    assert "the time for late work is over" in refused.text
    assert "Ask privately" in refused.buttons
    assert not world.rows(SubmissionRow)


async def test_a_learner_moves_a_date_within_the_policy(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "Your notes, due Wed 7 Jan, 18:00" in said(await press(world, mia, "shift"))
    asked = await press(world, mia, "shift", "draft")
    assert asked.form is not None
    assert asked.form.title == "The first draft"
    field = asked.form.fields[0]
    assert isinstance(field, ChoiceField)
    assert [o.label for o in field.options][:4] == [
        "1 day: Tue 13 Jan, 12:59",
        "2 days: Wed 14 Jan, 12:59",
        "3 days: Thu 15 Jan, 12:59",
        "4 days: Fri 16 Jan, 12:59 (ask)",
    ]
    moved = said(await fill(world, mia, asked, days="2"))
    assert "The first draft is due Wed 14 Jan, 12:59 for you now." in moved
    assert "You can move it by 1 day more." in moved
    assert window(world, "draft").due_at == datetime.fromisoformat("2026-01-14T11:59:00Z")
    asked = await press(world, mia, "shift", "draft")
    assert (await fill(world, mia, asked, days="15")).problems == {"days": "Please pick one of the choices."}
    assert "You can ask for more." in said(await fill(world, mia, asked, days="1"))
    assert "None of your dates can be moved" in said(await press(world, mia, "shift", "page"))


async def press(world: World, speaker: Speaker, name: str, subject: str = "") -> Answer:
    """Presses a button that stands on a card of another feature."""
    actor = Actor(Account("sandbox", speaker.id), speaker.id.capitalize())
    action = Action("milestones", name, world.cohort.id, subject).encode()
    place = Place("sandbox", f"dm:{speaker.id}", direct=True)
    press = ButtonPressed(actor=actor, place=place, id=uuid4().hex, at=world.clock.now(), action=action)
    answer = await world.app.runtime.receive(press)
    await world.settle()
    return answer


async def fill(world: World, speaker: Speaker, opened: Answer, **values: str) -> Answer:
    """Sends a form that was opened so."""
    assert opened.form is not None
    filled = {f.name: f.value for f in opened.form.fields} | values
    actor = Actor(Account("sandbox", speaker.id), speaker.id.capitalize())
    place = Place("sandbox", f"dm:{speaker.id}", direct=True)
    sent = FormSubmitted(
        actor=actor,
        place=place,
        id=uuid4().hex,
        at=world.clock.now(),
        action=opened.form.action,
        values=filled,
        draft=opened.form.draft,
    )
    answer = await world.app.runtime.receive(sent)
    await world.settle()
    return answer


def said(answer: Answer) -> str:
    return plain(answer.message, "Europe/Berlin") if answer.message else ""


async def test_an_extension_for_all_is_shown_first_and_told_once(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom", "America/New_York")
    ines = world.chat.person("ines")
    await world.until("2026-01-06T09:00:00Z")
    await mia.command("submit", "https://example.org/a", values={})
    await mia.submit(milestone="draft")
    await extend(world, ines, milestone="draft", days="2")
    seen = ines.find("Move The first draft for everybody?")
    assert "Due now: Mon 12 Jan, 12:59" in seen.text
    assert "Then: Wed 14 Jan, 12:59" in seen.text
    assert "Moves along: Read one other draft" in seen.text
    assert "It concerns 2 learners. Each is told once, with their next message." in seen.text
    done = await ines.press(seen, "Move it")
    assert "is due Wed 14 Jan, 12:59 now, for 2 learners." in done.text
    assert "Edit until Wed 14 Jan, 14:59 your time" in mia.find("The first draft\nThank you").text
    again = await ines.press(seen, "Move it")
    assert "moved meanwhile" in again.text
    await world.until("2026-01-10T20:00:00Z")
    told = lines(tom.inbox(), "is due Wed 14 Jan, 06:59, not Mon 12 Jan, 06:59.")
    assert len(told) == 1
    assert not lines(mia.inbox(), "is due Wed 14 Jan, 12:59, not")
    assert [a.act for a in world.rows(AuditRow) if "moved" in a.act] == [
        "moved the date of 'The first draft' by 2 days for everybody"
    ]


async def test_an_extension_for_one_is_told_to_that_one_alone(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    ines = world.chat.person("ines")
    await world.until("2026-01-11T20:00:00Z")
    person = next(r.person for r in world.rows(MilestoneWindowRow, milestone="draft"))
    await extend(world, ines, milestone="draft", days="4", person=str(person))
    await ines.press(ines.find("Move The first draft for Mia?"), "Move it")
    # It moved within 48 hours, so it is told at once.
    assert lines(mia.inbox(), "is due Fri 16 Jan, 12:59, not Mon 12 Jan, 12:59.")
    assert not lines(tom.inbox(), ", not Mon")


async def test_among_many_learners_more_time_for_one_is_offered_for_that_one(world: World) -> None:
    """A list of people holds 25; the form names somebody beyond them."""
    for n in range(27):
        await world.learner(f"p{n:02}", f"Person {n:02}")
    ines = world.chat.person("ines")
    await world.until("2026-01-12T12:00:00Z")
    last = max(r.person for r in world.rows(MilestoneWindowRow, milestone="draft"))
    form = (await ines.press(await ines.command("week"), "Extend a date")).form
    assert form is not None
    offered = await world.chat.sandbox.people_for(form.filled({"person": str(last)}), "ines", "")
    assert (str(last), "Person 26") in {(o.value, o.label) for o in offered}


async def test_a_date_moves_before_anybody_has_joined(world: World) -> None:
    ines = world.chat.person("ines")
    await ines.press(await ines.command("week"), "Extend a date")
    assert ines.form is not None
    assert [f.name for f in ines.form.fields] == ["milestone", "days"]
    sure = await ines.submit(milestone="draft", days="2")
    assert "everybody" in sure.text
    assert sure.reply is not None
    moved = await ines.press(sure.reply, sure.reply.buttons[0])
    assert "is due Wed 14 Jan, 12:59 now, for everybody who joins" in moved.text
    mia = await world.learner("mia", "Mia")
    assert "Wed 14 Jan" in (await mia.command("")).text


async def extend(world: World, ines: Speaker, **values: str) -> None:
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.submit(values)


async def test_more_time_for_one_is_told_at_their_next_hour_also_when_everybody_gets_more_meanwhile(
    world: World,
) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    ines, number = world.chat.person("ines"), min(r.person for r in world.rows(MilestoneWindowRow, milestone="page"))
    await world.until("2026-01-06T12:00:00Z")
    await extend(world, ines, milestone="page", days="3", person=str(number))
    assert "They are told at their next hour" in ines.find("Move The page for Mia?").text
    await ines.press(ines.find("Move The page for Mia?"), "Move it")
    await world.wait(minutes=5)
    await extend(world, ines, milestone="page", days="1")
    await ines.press(ines.find("Move The page for everybody?"), "Move it")
    await world.until("2026-01-07T10:00:00Z")
    assert lines(mia.inbox(), "The page is due Fri 30 Jan, 12:59, not Mon 26 Jan, 12:59.")
    assert not lines(tom.inbox(), "The page is due Tue 27 Jan"), "nobody waits for it, so it comes with a card"


async def test_days_away_after_a_date_change_nothing_in_what_was_due_before_it(world: World) -> None:
    mia, tom, ines = await world.learner("mia", "Mia"), await world.learner("tom", "Tom"), world.chat.person("ines")
    await mia.command("submit", "words")
    await mia.submit(milestone="draft")
    await world.until("2026-01-20T08:00:00Z")
    for learner in (mia, tom):
        await learner.command("away", "2026-01-20")
    await world.until("2026-01-23T08:00:00Z")
    funnel = await ines.press(await ines.command("week"), "Milestones")
    figures = "1 of 2 handed in, 1 overdue"
    assert f"The first draft (week 1), due Mon 12 Jan, 12:59: {figures}" in funnel.text
    one = await ines.press(funnel, "The first draft")
    assert figures in one.text
    assert "- Tom, due Mon 12 Jan" in (await ines.press(one, "Who is missing")).text
    overview = (await world.chat.person("omar").command("overview")).text
    assert "- Week 2 wrap-ups: 0 of 2" in overview


async def test_who_was_away_when_it_was_due_counts_only_with_their_work(world: World) -> None:
    mia, tom, ines = await world.learner("mia", "Mia"), await world.learner("tom", "Tom"), world.chat.person("ines")
    await world.learner("zoe", "Zoe")
    await world.until("2026-01-08T08:00:00Z")
    for learner in (mia, tom):
        await learner.command("away", "2026-01-13")
    await mia.command("submit", "words")
    await world.until("2026-01-13T08:00:00Z")
    funnel = await ines.press(await ines.command("week"), "Milestones")
    assert "The first draft (week 1), due Mon 12 Jan, 12:59: 1 of 2 handed in, 1 overdue" in funnel.text
    assert "“The first draft” handed in: 1 of 2" in (await world.chat.person("omar").command("overview")).text


async def test_more_time_for_all_says_the_date_of_each_and_nobody_s_for_another_s(world: World) -> None:
    ines = world.chat.person("ines")
    await ines.command("settings", "Asia/Tokyo")
    await world.learner("mia", "Mia"), await world.learner("ana", "Ana", "America/Los_Angeles")
    await world.learner("tom", "Tom", "Asia/Tokyo")
    number = max(r.person for r in world.rows(MilestoneWindowRow, milestone="page"))
    await extend(world, ines, milestone="page", days="3", person=str(number))
    await ines.press(ines.find("Move The page for Tom?"), "Move it")
    await extend(world, ines, milestone="page", days="1")
    sure = ines.find("Move The page for everybody?")
    own = "- Tom, Fri 30 Jan, 20:59"
    assert f"By dates of their own then, for:\n{own}" in sure.text
    moved = (await ines.press(sure, "Move it")).text
    assert "The page is due Tue 27 Jan, 20:59 now, for 2 learners." in moved
    assert f"By dates of their own now, for:\n{own}" in moved
    # On each learner's own clock it is one date for all of them.
    await extend(world, ines, milestone="notes", days="2")
    sure = ines.find("Move Your notes for everybody?")
    assert "Due now: Wed 7 Jan, 18:00 by each learner's own clock" in sure.text
    assert "of their own" not in sure.text
    moved = (await ines.press(sure, "Move it")).text
    assert moved == "Your notes is due Fri 9 Jan, 18:00 by each learner's own clock now, for 3 learners."


async def test_joining_late_redates_what_is_essential_and_excuses_the_rest(world: World) -> None:
    await world.until("2026-01-13T10:00:00Z")
    await world.learner("mia", "Mia")
    draft, notes = window(world, "draft"), window(world, "notes")
    # The same weekday and time, the first at least a week after joining.
    assert draft.due_at == datetime.fromisoformat("2026-01-26T11:59:00Z")
    assert not draft.optional
    assert notes.optional


async def test_an_extension_for_somebody_who_joined_late_comes_on_top_of_their_own_date(world: World) -> None:
    await world.until("2026-01-13T10:00:00Z")
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    person = window(world, "draft").person
    await extend(world, ines, milestone="draft", days="4", person=str(person))
    sure = ines.find("Move The first draft for Mia?")
    await ines.press(sure, "Move it")
    assert window(world, "draft").due_at == datetime.fromisoformat("2026-01-30T11:59:00Z")
    assert "Fri 30 Jan, 12:59" in (await mia.command("")).text
    # Whole weeks, too; and who presses twice has moved it once.
    await ines.press(sure, "Move it")
    await extend(world, ines, milestone="draft", days="7", person=str(person))
    await ines.press(ines.find("Move The first draft for Mia?"), "Move it")
    assert window(world, "draft").due_at == datetime.fromisoformat("2026-02-06T11:59:00Z")
    # What moves for everybody takes no time from them.
    await extend(world, ines, milestone="draft", days="3")
    await ines.press(ines.find("Move The first draft for everybody?"), "Move it")
    assert window(world, "draft").due_at >= datetime.fromisoformat("2026-02-06T11:59:00Z")


async def test_more_time_for_all_leaves_a_late_joiner_what_they_were_told(world: World) -> None:
    await world.until("2026-01-13T10:00:00Z")
    await world.learner("mia", "Mia")
    told = window(world, "draft").due_at
    ines = world.chat.person("ines")
    await extend(world, ines, milestone="draft", days="5")
    await ines.press(ines.find("Move The first draft"), "Move it")
    assert window(world, "draft").due_at == told
    planned_anew(world, WITH_WORK.replace("title: Your notes", "title: Some notes"))
    assert window(world, "draft").due_at == told
    await extend(world, ines, milestone="draft", days="16")
    await ines.press(ines.find("Move The first draft"), "Move it")
    assert window(world, "draft").due_at == told + timedelta(days=7)


async def test_a_change_of_zone_takes_no_time_away(world: World) -> None:
    mia = await world.learner("mia", "Mia", "America/Los_Angeles")
    before = window(world, "notes").due_at
    await mia.press(await mia.command("settings"), "Change my zone")
    await mia.submit(zone="Asia/Tokyo")
    assert window(world, "notes").due_at == before
    await mia.press(await mia.command("settings"), "Change my zone")
    await mia.submit(zone="Pacific/Honolulu")
    assert window(world, "notes").due_at == before + timedelta(hours=2)


async def test_a_changed_course_moves_what_is_ahead_and_leaves_what_is_past(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until("2026-01-13T10:00:00Z")
    changed = WITH_WORK.replace("due: Sun 23:59 aoe", "due: Sat 23:59 aoe")
    planned_anew(world, changed.replace("id: notes", "id: diary"))
    assert window(world, "draft").due_at == datetime.fromisoformat("2026-01-12T11:59:00Z")
    assert window(world, "page").due_at == datetime.fromisoformat("2026-01-25T11:59:00Z")
    assert not world.rows(MilestoneWindowRow, milestone="notes")
    assert world.rows(MilestoneWindowRow, milestone="diary")
    assert world.rows(CohortRow)[0].course_text != WITH_WORK


async def test_a_date_ahead_is_not_moved_into_the_past(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until("2026-01-10T10:00:00Z")
    before = window(world, "draft").due_at
    # Planned two days earlier, it would have passed: nobody could keep a date that they were never told.
    planned_anew(world, WITH_WORK.replace("due: Sun 23:59 aoe, grace", "due: Thu 23:59 aoe, grace"))
    assert window(world, "draft").due_at == before
    assert window(world, "page").due_at == datetime.fromisoformat("2026-01-26T11:59:00Z")
    planned_anew(world, WITH_WORK.replace("due: Sun 23:59 aoe, grace", "due: Sat 23:59 aoe, grace"))
    assert window(world, "draft").due_at == before - timedelta(days=1)


async def test_the_course_team_sees_the_funnel_and_nobody_else(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.learner("tom", "Tom")
    ines = world.chat.person("ines")
    await mia.command("submit", "words")
    await mia.submit(milestone="draft")
    week = await ines.command("week")
    funnel = await ines.press(week, "Milestones")
    assert "The first draft (week 1), due Mon 12 Jan, 12:59: 1 of 2 handed in, 1 to come" in funnel.text
    assert (
        "Your notes (week 1), due Wed 7 Jan, 18:00 by each learner's own clock: 0 of 2 handed in, 2 to come"
        in funnel.text
    )
    one = await ines.press(funnel, "The first draft")
    assert "- Tom, due Mon 12 Jan, 12:59" in (await ines.press(one, "Who is missing")).text
    work = await ines.press(one, "What came in")
    assert "Mia" in work.text
    assert "> words" in work.text
    assert "for the instructors and managers" in said(await press(world, mia, "missing", "draft"))
    assert "for the instructors and managers" in said(await press(world, mia, "extend"))


async def test_who_has_completed_or_is_away_counts_in_no_figure_of_what_they_skip(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=WITH_WORK.replace("300}", "300, completion: {milestones: 1}}", 1))
    mia, __ = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    away, ines = await world.learner("zoe", "Zoe"), world.chat.person("ines")
    await mia.command("submit", "words")
    await mia.submit(milestone="draft")
    await away.command("away", "2026-03-01")
    await world.until("2026-01-12T08:00:00Z")
    funnel = await ines.press(await ines.command("week"), "Milestones")
    assert "The first draft (week 1), due Mon 12 Jan, 12:59: 1 of 2 handed in, 1 to come" in funnel.text
    assert (
        "Your notes (week 1), due Wed 7 Jan, 18:00 by each learner's own clock: 0 of 1 handed in, 1 overdue"
        in funnel.text
    )
    overview = (await world.chat.person("omar").command("overview")).text
    assert "“The first draft” handed in: 1 of 2 (50 %)" in overview
    assert "“Your notes” handed in: 0 of 1 (0 %), 1 overdue" in overview
    missing = (await ines.press(await ines.press(funnel, "Your notes"), "Who is missing")).text
    assert "- Tom, due Wed 7 Jan, 18:00" in missing
    assert "- Zoe, due Wed 7 Jan, 18:00, not counted: is away" in missing
    assert "Mia" not in missing


async def test_earlier_versions_are_there_for_their_author_and_the_course_team(world: World) -> None:
    mia, tom, ines = await world.learner("mia", "Mia"), await world.learner("tom", "Tom"), world.chat.person("ines")
    await world.until("2026-01-08T10:00:00Z")
    await mia.command("submit", "the first words")
    assert "Earlier versions" not in mia.find("The first draft\nThank you").buttons
    for text in ("the second words", "the third words"):
        await world.wait(hours=1)
        await mia.press(mia.find("The first draft\nThank you"), "Edit")
        await mia.submit(text=text)
    second = await mia.press(mia.find("The first draft\nThank you"), "Earlier versions")
    assert "The first draft: an earlier version\nfrom Thu 8 Jan, 12:00:\n> the second words" in second.text
    first = await mia.press(second, "Before that")
    assert "the first words" in first.text
    assert first.buttons == []
    await tom.command("submit", "words of Tom")
    came = await forge_in(world, ines, "milestones", "work", "draft")
    assert "the third words" in came
    assert "Mia, from Thu 8 Jan, 11:00 UTC:\n> the second words" in await forge_in(
        world, ines, "milestones", "versions", f"draft.{world.rows(SubmissionRow)[0].person}.1"
    )
    forged = await forge_in(world, tom, "milestones", "versions", f"draft.{world.rows(SubmissionRow)[0].person}.1")
    assert "words" not in forged
    sure = await mia.press(mia.find("The first draft\nThank you"), "Take it back")
    await mia.press(sure, "Take it back")
    await mia.press(second, "Before that")
    assert "This version is not there any more." in mia.find("not there any more").text


async def test_taken_back_work_is_gone_in_every_version(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("submit", "secret words")
    await mia.submit(milestone="draft")
    sure = await mia.press(mia.find("The first draft\nThank you"), "Take it back")
    await mia.press(sure, "Take it back")
    assert "You took your work back" in mia.find("The first draft\nYou took").text
    assert not [r for r in world.rows(SubmissionRevisionRow) if "secret" in r.text]
    assert not [r for r in world.rows(OutboxRow) if "secret" in r.body]
    page = await mia.command("")
    assert "Hand in “The first draft”" in page.text


async def test_a_stranger_and_another_cohort_get_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    zoe = world.chat.person("zoe", "Zoe", "UTC")
    assert "no cohort" in (await zoe.command("submit", "x")).text
    with pytest.raises(CannotSee):
        await zoe.press(zoe.find("draft"), "Hand in")
    assert "Handing in is for learners" in (await world.chat.person("ines").command("submit", "x")).text
    assert mia.inbox()


async def test_a_missed_reminder_is_not_sent_to_those_who_had_a_message_today(world: World) -> None:
    """Her card of week 2 asks for the draft, so nothing is left of Sunday's reminder."""
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-10T12:00:00Z")
    await world.jump("2026-01-12T06:00:00Z")
    await world.until("2026-01-12T08:30:00Z")
    assert "From week 1, to hand in: The first draft" in mia.last().text
    desk = await ines.command("desk")
    sent = await ines.press(desk, "Send it now (1)")
    assert sent.text == "Whom it is for has had a message today. Send it tomorrow, or leave it."
    await world.until("2026-01-13T08:30:00Z")
    sent = await ines.press(desk, "Send it now (1)")
    assert sent.text == "Nobody needs it any more, so nothing is sent."
    assert "Left out" not in (await ines.command("desk")).text


async def test_a_missed_reminder_is_offered_until_it_is_time_for_the_next_one(world: World) -> None:
    ines, _ = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-10T12:00:00Z")
    await world.jump("2026-01-12T06:00:00Z")
    assert "Left out" in (await ines.command("desk")).text
    await world.until("2026-01-18T07:30:00Z")
    assert "Left out" in (await ines.command("desk")).text
    await world.until("2026-01-18T09:00:00Z")
    assert "Left out" not in (await ines.command("desk")).text


async def test_the_card_of_the_return_has_what_can_be_done_and_no_reminder_below(world: World) -> None:
    """The wrap-up of week 1 has closed and can be answered; that of week 2 has not opened."""
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-09T18:00:00Z")
    await mia.command("away", "2026-01-12")
    await world.until("2026-01-13T10:00:00Z")
    (back,) = [text for text in mia.inbox() if text.startswith("Welcome back")]
    assert "Answer the week 1 wrap-up, closed Mon 12 Jan, 12:00; late is welcome" in back
    assert "Hand in “The first draft”, was due Mon 12 Jan, 12:59; late is welcome" in back
    assert "opens Fri 16 Jan" not in back
    await leo.command("away", "2026-01-17")
    await world.until("2026-01-18T10:00:00Z")
    (back,) = [text for text in leo.inbox() if text.startswith("Welcome back")]
    assert back.count("The first draft") == 1, "a reminder of the same day would say the same again"


async def test_a_card_about_missed_work_asks_nothing_once_the_work_is_in(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-14T10:00:00Z")
    asked = mia.find("“The first draft” did not arrive")
    assert "You are asked about it once." in asked.text
    await mia.command("submit", "words")
    await world.until("2026-01-14T10:05:00Z")
    card = mia.find("“The first draft” is in. Thank you.")
    assert card.id == asked.id
    assert "You are asked about it" not in card.text


async def test_meanwhile_ends_with_the_card_of_the_return(world: World) -> None:
    """Sunday's end anywhere on Earth is Monday morning in Los Angeles, before the card of the return."""
    ana = await world.learner("ana", "Ana", "America/Los_Angeles")
    await ana.command("away", "2026-01-11")
    away = ana.find("You are away until Sun 11 Jan").text
    assert "One card comes Mon 12 Jan, 09:00" in away
    assert "Due or closing meanwhile:" in away
    assert "Hand in “The first draft”, due Mon 12 Jan, 03:59" in away
