"""The instructor's desk, as conversations."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import create_cohort
from bot.core.actions import Action
from bot.core.bounds import fit
from bot.core.contributions import DeskItem, Figure, Listing, Pile
from bot.core.events import ButtonPressed
from bot.core.message import Bold, Button
from bot.core.people import Account, Actor, Place, Role
from bot.core.plain import plain, plain_text
from bot.core.ports import Answer
from bot.features.digests import desk as laying
from bot.features.digests import desk_rules
from storage.tables.faq import EntryRow
from storage.tables.people import HolidayRow, PersonRow
from storage.tables.questions import QuestionRow
from tests.features.test_digests import ask
from tests.features.test_faq import press_raw, solve
from tests.kit import COURSE, PLAN, World, new_world

WRITE = Button("Write", "club.write/1/1:")


def desks(speaker: Speaker) -> list[str]:
    return [text for text in speaker.inbox() if text.startswith("Your desk")]


async def test_the_desk_comes_each_workday_when_something_waits(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-06T09:00:00Z")
    assert desks(ines) == []
    question = await ask(mia, "Can I reuse last year's data?")
    await world.until("2026-01-07T09:00:00Z")
    (desk,) = desks(ines)
    assert desk.startswith("Your desk, Wednesday: about 5 min")
    assert "> Can I reuse last year's data?\nwaits 23 h" in desk
    answer = (await ines.say("questions", "Yes, if you say so.", thread=question)).message
    assert answer is not None
    await mia.react(answer, "✅")
    await world.until("2026-01-08T09:00:00Z")
    (thursday,) = desks(ines)
    await world.until("2026-01-10T09:00:00Z")
    (friday,) = desks(ines)
    assert "1 FAQ draft waits" in thursday
    assert "1 of 1 got a reply within 24 h this week. Well done." in thursday
    assert "Your recap of week 1" in friday


async def test_a_desk_forgets_what_was_taken_back(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    question = await ask(mia, "May I take this back?")
    await ask(mia, "And does this one stay?")
    await world.until("2026-01-06T09:00:00Z")
    assert len([text for text in desks(ines) if "take this back" in text]) == 1
    before = len(ines.inbox())
    await mia.delete(question)
    (desk,) = desks(ines)
    assert "take this back" not in desk
    assert "1. Deleted or settled." in desk, "nobody dealt with it"
    assert "> 2. And does this one stay?" in desk, "each line keeps its number"
    assert len(ines.inbox()) == before
    await ask(mia, "And what is new today?")
    await world.until("2026-01-07T09:00:00Z")
    assert any(text.startswith("Tuesday's desk. What waits now: /cohort desk") for text in ines.inbox())
    (desk,) = desks(ines)
    assert "Questions: 2 new\n> 1. And does this one stay?\nwaits 2 days, Mia, longer than promised" in desk
    assert "> 2. And what is new today?" in desk


async def test_a_learner_sees_no_desk(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "instructors and managers" in (await mia.command("desk")).text
    assert "instructors and managers" in (await mia.command("overview")).text


async def test_who_has_it_is_shown(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Docker exits with 137, why?")
    desk = await ines.command("desk")
    await ines.press(desk, "I take it")
    assert "you have it" in (await ines.command("desk")).text


async def test_a_desk_shows_ones_own_cohorts_alone(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Is this only for our cohort?")
    world.chat.person("eve", "Eve")
    second = replace(PLAN, code="second", channels={"main": "staff"}, people=((Role.INSTRUCTOR, "eve"),))
    create_cohort(world.app.storage, world.app.registry, second)
    for place in ("dm", "general"):
        assert "Is this only" in (await ines.command("desk", place=place)).text
        assert "Nothing waits" in (await world.chat.person("eve").command("desk", place=place)).text


async def test_after_a_long_downtime_the_desk_and_the_week_go_on(world: World) -> None:
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), await world.learner("mia", "Mia")
    await ask(mia, "Can I reuse last year's data?")
    # Two desks and a weekly digest fall into it, all too old to be of use.
    await world.jump("2026-01-15T20:00:00Z")
    assert desks(ines) == []
    await world.until("2026-01-20T12:00:00Z")
    assert [d.split(":")[0].split(".")[0] for d in ines.inbox() if "desk" in d.split(":")[0]] == [
        "Friday's desk",
        "Your desk, Monday",
    ]
    assert any(t.startswith("Demo course:") for t in omar.inbox())


async def test_a_new_hour_holds_from_the_next_desk_on(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Can I reuse last year's data?")
    await world.until("2026-01-06T09:00:00Z")
    assert len(desks(ines)) == 1
    await ines.press(await ines.command("settings"), "Hour", "15")
    await ask(mia, "And the year's before?")
    await world.until("2026-01-07T13:59:00Z")
    assert desks(ines)[0].startswith("Your desk, Tuesday")
    await world.until("2026-01-07T14:01:00Z")
    assert desks(ines)[0].startswith("Your desk, Wednesday")


async def test_a_question_like_an_entry_is_answered_with_it(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await solve(world, mia, ben, "How many pages may the final report have?", "Ten pages, without the appendix.")
    await ines.press(await ines.command("faq"), "Approve")
    await ask(ben, "How many pages may the final report have at most?")
    await ask(mia, "Is the exam open book?")
    await world.until("2026-01-07T09:00:00Z")
    desk = await ines.command("desk")
    assert "One press each:\n> 1. How many pages" in desk.text
    assert (
        "waits 2 days, Ben, longer than promised, see the thread\nLike FAQ 1: How many pages may the final report have?"
        in desk.text
    )
    assert desk.buttons[:3] == ["Send it (1)", "Reply (1)", "Not needed (1)"]
    assert desk.buttons[3:6] == ["Reply (2)", "Not needed (2)", "I take it (2)"]
    sent = await ines.press(desk, "Send it (1)")
    assert "It goes to the thread;" in sent.text
    assert "Ines:\n> Ten pages, without the appendix." in ben.find("Ten pages, without", "questions").text
    again = await ines.press(desk, "Send it (1)")
    assert "Ines has sent FAQ 1 already" in again.text
    assert len([s for s in ben.sees("questions") if "Ten pages, without" in s.text and s.text.startswith("Ines")]) == 1
    assert "Send it" not in " ".join((await ines.command("desk")).buttons), "it is not offered again"
    await ines.press(sent, "This answers it")
    assert "answered meanwhile" in (await ines.press(desk, "Send it (1)")).text
    # Sending it made no second draft: one more asked it.
    assert "asked by 2 people" in (await ines.command("faq", "1")).text
    assert "Nothing waits" in (await ines.command("faq")).text


async def test_an_entry_that_fits_an_old_question_brings_it_back(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    for number in range(4):
        await ask(mia, f"Where is the room for session {number}?")
    await ask(mia, "How many pages may the final report have at most?")
    await world.until("2026-01-08T09:00:00Z")
    assert "One press each" not in desks(ines)[0]
    await solve(world, mia, ben, "How many pages may the final report have?", "Ten pages, without the appendix.")
    await ines.press(await ines.command("faq"), "Approve")
    await world.until("2026-01-09T09:00:00Z")
    (desk,) = desks(ines)
    assert "One press each:\n> 1. How many pages may the final report have at most?" in desk
    assert "Like FAQ 1" in desk
    assert desk.count("still open since Mon 5 Jan, Mia") == 4, "broken promises stand"
    assert "- Questions" not in desk, "nothing is counted twice"


async def test_who_asked_without_a_name_is_named_on_no_desk(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", "May I ask this? anonymous=yes")
    desk = await ines.command("desk")
    assert "May I ask this?" in desk.text
    assert "just now, without a name" in desk.text
    assert "Mia" not in desk.text


async def test_mondays_desk_tells_the_week_of_the_faq(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until("2026-01-06T10:00:00Z")
    _, reply = await solve(world, mia, ben, "How many pages may the final report have?", "Ten pages.")
    await ines.press(await ines.command("faq"), "Approve")
    await solve(world, ben, mia, "What is the page limit?", "Ten pages.")
    await ines.press(await ines.command("faq"), "Merge")
    await ines.submit(into="1", number="")
    await solve(world, ben, mia, "Is there a template?", "Yes, in week one.")
    await ben.edit(reply, "Twelve pages.")
    await world.until("2026-01-12T09:00:00Z")
    monday = desks(ines)[-1]
    assert "The FAQ, the last seven days" in monday
    assert "- New: 1 draft" in monday
    assert "- Asked by 2: How many pages may the final report have?, FAQ 1" in monday
    assert "- FAQ 1, How many pages may the final report have?: its source was edited" in monday
    assert "1 FAQ draft and 1 entry that changed wait for a yes or no." in monday
    await ines.press(await ines.command("faq"), "Still right")
    await ines.press(await ines.command("faq", "1"), "Edit")
    await ines.submit(answer="Twelve pages.")
    await world.until("2026-01-13T09:00:00Z")
    assert "the last seven days" not in desks(ines)[-1]
    week = await ines.press(await ines.command("desk"), "The FAQ this week")
    assert "- New: 1 approved, 1 draft" in week.text
    assert "How many pages may the final report have?: corrected by the course team" in week.text


async def test_what_was_searched_in_vain_comes_back_as_work(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until("2026-01-06T10:00:00Z")
    alone = await mia.command("find", "Grading rubric")
    assert "What two people or more searched and did not find, the course team sees, never by whom." in alone.text
    await ben.command("find", "grading rubric")
    await mia.command("find", "illness covid fever")
    for who in (mia, ben):
        await who.command("find", "refund for Ben, ben.k@mail.org")
    await world.until("2026-01-12T09:00:00Z")
    monday = desks(ines)[-1]
    assert "- Searched and not found: Grading rubric, by 2 people" in monday
    assert "illness" not in monday
    assert "- Searched and not found: refund for [name], [e-mail], by 2 people" in monday
    assert "Ben" not in monday
    assert "Mia" not in monday
    await ines.press(await ines.command("desk"), "Answer: Grading rubric")
    assert ines.form is not None
    assert ines.form.fields[0].value == "Grading rubric"
    written = await ines.submit(question="What is the grading rubric?", answer="It is in week one.")
    assert "FAQ 1 written." in written.text
    assert world.rows(EntryRow)[0].state == "approved"


# What features contribute


async def wrap_up(world: World, speaker: Speaker, stuck: str) -> None:
    """Somebody answers the first week's wrap-up, also what the instructors alone read."""
    await world.until("2026-01-09T15:30:00Z")
    await speaker.press(speaker.find("Week 1 wrap-up"), "Answer")
    await speaker.submit(done="Read it", stuck=stuck)


async def test_who_is_stuck_is_on_the_instructors_desk_and_gets_a_private_reply(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await wrap_up(world, mia, "The second exercise: I get an error.")
    await wrap_up(world, leo, "Nothing.")
    desk = await ines.command("desk")
    assert "Told to the instructors alone in a wrap-up: 1 new\n> 1. The second exercise: I get an error." in desk.text
    assert "Mia, Week 1 wrap-up: Where are you stuck?" in desk.text
    assert "second exercise" not in (await omar.command("desk")).text
    await ines.press(desk, "Reply (1)")
    receipt = (await ines.submit(text="Which error is it?")).text
    assert "Mia gets it at their next hour for messages (Sat 10 Jan, 09:00 in Berlin at the earliest)" in receipt
    assert not any("Ines writes to you" in text for text in mia.inbox())
    await world.until("2026-01-13T09:00:00Z")
    word = mia.find("Ines writes to you about your Week 1 wrap-up")
    assert "> Which error is it?" in word.text
    await mia.press(word, "Reply")
    assert mia.form is not None
    assert [f.name for f in mia.form.fields] == ["text"], "nothing there can make it public"
    await mia.submit(text="Error 137.")
    receipt = mia.find("Your answer is sent. Ines gets it")
    assert "> Which error is it?" in receipt.text
    assert "Reply" not in receipt.buttons
    assert sum("Which error is it?" in text for text in mia.inbox()) == 1, "the receipt stands in its place"
    desk = await ines.command("desk")
    assert "Notes to the course team: 1 new\n> Error 137." in desk.text
    assert "Answers: Which error is it?" in desk.text
    assert "Questions" not in (await omar.command("overview")).text, "it is no question"
    assert not any("137" in seen.text for seen in mia.sees("questions"))
    await world.until("2026-01-14T09:00:00Z")
    told = [text for text in ines.inbox() if "Error 137." in text]
    assert len(told) == 1
    assert told[0].startswith("Your desk, Wednesday")
    assert told[0].count("Error 137.") == 1, "a reply stands there once"
    assert "Mia; you have it\nAnswers: Which error is it?" in told[0]
    await ines.press(ines.find("Your desk, Wednesday"), "Mark as read")
    assert "Done by you. Error 137." in ines.find("Your desk, Wednesday").text
    assert "137" not in (await ines.command("desk")).text
    await world.until("2026-01-15T09:00:00Z")
    assert any("Ines has read your note" in text for text in mia.inbox())


async def test_a_private_reply_is_answered_once(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", "I am lost. What now? instructors_only=yes")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="With which part?")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Exercise two?")
    await world.until("2026-01-06T09:00:00Z")
    told = mia.find("Ines replies to your private question:")
    assert told.text.index("With which part?") < told.text.index("Exercise two?")
    await mia.press(told, "Reply")
    first = mia.form
    await mia.submit(text="The second exercise.")
    receipt = mia.find("Your answer is sent.")
    assert "> Exercise two?" in receipt.text
    assert not any("Reply" in seen.buttons for seen in mia.sees())
    page = await mia.press(receipt, "All replies")
    assert "The second exercise." in page.text
    assert "Reply" not in page.buttons
    assert first is not None
    again = await press_raw(world, "mia", first.action)
    assert "write it to me as a new message" in again
    before = len(ines.inbox())
    assert "Wrote again: The second exercise." in (await ines.command("desk")).text
    assert not any("A reply to" in text for text in ines.inbox()[before:]), "the desk is the place"
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Read page four.")
    await world.until("2026-01-07T09:00:00Z")
    await mia.press(mia.find("> Read page four."), "Reply")
    await mia.submit(text="That helped.")
    assert "> Read page four." in mia.find("Your answer is sent.").text


async def test_two_instructors_do_not_answer_a_private_question_unaware_of_each_other(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    people = (*PLAN.people, (Role.INSTRUCTOR, "omar"))
    second = replace(PLAN, code="second", title="Second", channels={"main": "staff"}, people=people)
    code = create_cohort(world.app.storage, world.app.registry, second)[1]
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), world.chat.person("mia", "Mia")
    await mia.command("join", code)
    await mia.command("ask", "May I hand in on Friday? instructors_only=yes")
    desks_of = {who.id: await who.command("desk") for who in (ines, omar)}
    await ines.press(desks_of["ines"], "Reply")
    await omar.press(desks_of["omar"], "Reply")
    await omar.submit(text="Yes, of course.")
    refused = await ines.submit(text="No, on Thursday.")
    assert "Newer: Omar replied" in refused.errors[""]
    assert "“Yes, of course.”" in refused.errors[""]
    assert "send it again" in refused.errors[""]
    assert refused.form is not None
    assert refused.form.fields[0].value == "No, on Thursday.", "what was typed is kept"
    await world.until("2026-01-06T09:00:00Z")
    assert any("Yes, of course." in text for text in mia.inbox())
    assert not any("on Thursday" in text for text in mia.inbox())
    assert "Sent." in (await ines.submit(text="Thursday is fine, too.")).text
    # What was closed meanwhile is said as well.
    await mia.command("ask", "And may I write by hand? instructors_only=yes")
    await ines.press(await ines.command("desk"), "Reply (1)")
    await omar.press(await omar.command("desk"), "Not needed (1)")
    closed = await ines.submit(text="Please do not.")
    assert "closed as not needed any more" in closed.errors[""]
    world.app.storage.close()


async def test_a_word_waits_for_somebody_who_is_away_and_costs_no_card(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await wrap_up(world, mia, "The second exercise: I get an error.")
    await mia.command("away", "2026-01-14")
    await world.until("2026-01-12T22:00:00Z")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Rest well.")
    await world.until("2026-01-14T20:00:00Z")
    assert not any("Rest well." in text for text in mia.inbox())
    await world.until("2026-01-16T20:00:00Z")
    assert sum("Rest well." in text for text in mia.inbox()) == 1
    assert mia.find("Week 2 wrap-up"), "the prompt comes all the same"


async def test_a_word_reaches_somebody_who_has_fallen_silent(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await wrap_up(world, mia, "The second exercise: I get an error.")
    await world.until("2026-02-03T20:00:00Z")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Are you well?")
    assert not any("Are you well?" in text for text in mia.inbox())
    await world.until("2026-02-04T09:00:00Z")
    assert any("Are you well?" in text for text in mia.inbox())


async def test_what_a_colleague_has_answered_is_off_every_desk_which_says_who_did(world: World) -> None:
    ines = world.chat.person("ines")
    mia = await world.learner("mia", "Mia")
    await wrap_up(world, mia, "The second exercise.")
    await world.until("2026-01-12T09:00:00Z")
    desk = ines.find("Your desk, Monday")
    assert "second exercise" in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Reply")))
    await ines.submit(text="Which error is it?")
    after = ines.find("Your desk, Monday").text
    assert "Done by you." in after
    assert "second exercise" not in after
    assert "second exercise" not in (await ines.command("desk")).text


async def test_what_comes_in_joins_the_posted_desk_silently_and_is_new_on_the_next_one(working: World) -> None:
    ines, mia, leo = (
        working.chat.person("ines"),
        await working.learner("mia", "Mia"),
        await working.learner("leo", "Leo"),
    )
    await ask(mia, "Is this the first?")
    await ask(leo, "Is this the second?")
    await working.until("2026-01-06T09:00:00Z")
    before = len(ines.inbox())
    await ines.press(ines.find("Your desk, Tuesday"), "Not needed (1)")
    await ask(mia, "Is this the third?")
    await leo.command("submit", "https://example.org/draft")
    await working.wait(minutes=11)
    desk = ines.find("Your desk, Tuesday")
    lines = [line for line in desk.text.split("\n") if line.startswith(("1. ", "> "))]
    assert lines == [
        "1. Done by you. Is this the first?",
        "> 2. Is this the second?",
        "> 3. Is this the third?",
        "> 4. https://example.org/draft",
    ]
    assert desk.text.count("Came in since:") == 1
    assert desk.text.startswith("Your desk, Tuesday: about 15 min")
    assert [b for b in desk.buttons if b.startswith(("Reply", "Give", "Open"))] == [
        "Reply (2)",
        "Reply (3)",
        "Give feedback (4)",
        "Open (4)",
    ]
    assert len(ines.inbox()) == before, "nothing is sent"
    await ines.press(desk, "Seen (4)")
    assert "4. Done by you." in ines.find("Your desk, Tuesday").text
    await working.wait(minutes=1)
    await leo.command("submit", "https://example.org/better")
    await leo.submit()
    await working.wait(minutes=10)
    assert "> 4. https://example.org/better" in ines.find("Your desk, Tuesday").text, "it has changed since it was seen"
    await working.until("2026-01-07T09:00:00Z")
    (wednesday,) = desks(ines)
    assert "> 2. Is this the third?" in wednesday
    assert "Work that came in: 1 new\n> 3. https://example.org/better" in wednesday


async def test_learners_wait_for_no_desk_and_it_follows_all_of_them_at_once(
    working: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = working.chat.person("ines")
    learners = [await working.learner(f"l{number}", f"Learner {number}") for number in range(4)]
    for learner in learners:
        await learner.command("submit", f"https://example.org/{learner.id}")
    await working.until("2026-01-06T09:00:00Z")
    laid: list[int] = []
    lay = laying._desk

    def counted(turn: Any, cohort: Any, person: Any) -> Any:
        laid.append(person.id)
        return lay(turn, cohort, person)

    monkeypatch.setattr(laying, "_desk", counted)
    for learner in learners:
        await learner.command("submit", f"https://example.org/{learner.id}/better")
        await learner.submit()
    assert laid == []
    await working.wait(minutes=11)
    assert len(laid) == 1
    (tuesday,) = desks(ines)
    assert all(f"https://example.org/{learner.id}/better" in tuesday for learner in learners)
    await ines.press(ines.find("Your desk, Tuesday"), "Seen (1)")
    assert "1. Done by you." in ines.find("Your desk, Tuesday").text, "what the course team does is there at once"


async def test_the_minutes_on_a_desk_are_those_of_its_lines(working: World) -> None:
    ines = working.chat.person("ines")
    for number in range(10):
        learner = await working.learner(f"l{number}", f"Learner {number}")
        await learner.command("submit", f"Draft number {number}")
    await working.until("2026-01-06T09:00:00Z")
    (desk,) = desks(ines)
    assert desk.startswith("Your desk, Tuesday: about 40 min")
    assert "What has no line here takes about 10 min more:" in desk


async def test_what_is_opened_again_is_back_on_its_line(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "May I take this back?")
    await world.until("2026-01-06T09:00:00Z")
    closed = await ines.press(ines.find("Your desk, Tuesday"), "Not needed")
    assert "Done by you." in ines.find("Your desk, Tuesday").text
    await ines.press(closed, "Open it again")
    desk = ines.find("Your desk, Tuesday").text
    assert "> May I take this back?" in desk
    assert "Done by" not in desk


async def test_whoever_looks_at_their_desk_has_the_posted_one_brought_up_to_date(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await solve(world, mia, ben, "How many pages may the report have?", "Ten pages.")
    await world.until("2026-01-06T09:00:00Z")
    assert "1 FAQ draft waits" in ines.find("Your desk, Tuesday").text
    await ines.press(await ines.press(ines.find("Your desk, Tuesday"), "Review the FAQ"), "Approve")
    before = len(ines.inbox())
    await ines.command("desk")
    (posted,) = desks(ines)
    assert "FAQ draft" not in posted
    assert len(ines.inbox()) == before


async def test_who_was_written_to_needs_no_second_word(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.learner("leo", "Leo")
    await world.until("2026-01-20T09:00:00Z")
    names = await omar.press(await omar.command("overview"), "Who may drop out")
    await omar.press(names, "Write to Leo")
    await omar.submit(text="How are you?")
    assert "Done by Omar." in ines.find("Your desk, Monday").text
    assert "Leo: nothing under their name" not in (await ines.command("desk")).text


async def test_what_was_told_privately_and_deleted_is_on_no_desk(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await wrap_up(world, mia, "SECRET")
    await world.until("2026-01-12T09:00:00Z")
    assert any("SECRET" in text for text in desks(ines))
    await mia.press(await mia.press(mia.find("Week 1 wrap-up"), "Delete my answer"), "Delete it")
    assert not any("SECRET" in text for text in desks(ines))


WITH_DRAFT = (
    COURSE
    + """
milestones:
  - {id: draft, week: 1, title: The draft, opens: Mon 00:00, due: Sun 20:00, late: accepted}
"""
)


@pytest.fixture
def working(tmp_path: Path) -> Iterator[World]:
    """A cohort with work to hand in."""
    made = new_world(tmp_path, course=WITH_DRAFT)
    yield made
    made.app.storage.close()


async def test_work_is_on_the_desk_until_somebody_of_the_team_has_seen_it(working: World) -> None:
    ines, omar = working.chat.person("ines"), working.chat.person("omar")
    mia = await working.learner("mia", "Mia")
    await mia.command("submit", "https://example.org/draft")
    await working.until("2026-01-06T09:00:00Z")
    (posted,) = desks(ines)
    assert "Work that came in: 1 new\n> https://example.org/draft\nwaits 24 h, Mia, “The draft”" in posted
    assert "No feedback yet." in (await ines.press(ines.find("Your desk, Tuesday"), "Open")).text
    await ines.press(ines.find("Your desk, Tuesday"), "Seen")
    assert "That was everything new. Well done." in ines.find("Your desk, Tuesday").text
    assert "Work that came in" not in (await omar.command("desk")).text
    await working.wait(minutes=1)
    await mia.command("submit", "https://example.org/better")
    await mia.submit(link="https://example.org/better")
    assert "> https://example.org/better" in (await omar.command("desk")).text


async def test_many_of_a_kind_fold_into_pages_and_can_be_seen_at_once(working: World) -> None:
    ines = working.chat.person("ines")
    for number in range(7):
        learner = await working.learner(f"l{number}", f"Learner {number}")
        await learner.command("submit", f"Draft number {number}")
    desk = await ines.command("desk")
    assert "Work that came in: 7 new" in desk.text
    page = await ines.press(desk, "Work that came in: all 7")
    assert page.text.count("> ") == 5
    rest = await ines.press(page, "2 more")
    assert "> 6. Draft number 5" in rest.text
    page = await ines.press(rest, "Seen (6)")
    assert "> 6. Draft number 6" in page.text, "the page stays, and nothing is lost"
    assert "Work that came in (6):" in page.text
    await ines.press(rest, "Seen: 6 to 7")
    assert "Work that came in: 5 new" in (await ines.command("desk")).text
    await ines.press(await ines.press(desk, "Work that came in: all 7"), "All seen")
    assert "Nothing waits for you" in (await ines.command("desk")).text
    assert "Nothing of this waits any more" in (await ines.press(desk, "Work that came in: all 7")).text


async def test_seen_leaves_what_came_in_after_the_page_was_shown(working: World) -> None:
    ines, mia, leo = (
        working.chat.person("ines"),
        await working.learner("mia", "Mia"),
        await working.learner("leo", "Leo"),
    )
    await mia.command("submit", "The first of Mia")
    await leo.command("submit", "The first of Leo")
    desk = await ines.command("desk")
    third = await working.learner("ava", "Ava")
    await third.command("submit", "The first of Ava")
    page = await ines.press(await ines.command("desk"), "Work that came in: all 3")
    await working.wait(minutes=1)
    late = await working.learner("zoe", "Zoe")
    await late.command("submit", "The first of Zoe")
    await mia.command("submit", "Better")
    await mia.submit()
    await ines.press(desk, "Seen (1)")
    assert "Work that came in: 4 new" in (await ines.command("desk")).text
    await ines.press(page, "All seen")
    left = (await ines.command("desk")).text
    assert "Work that came in: 2 new" in left
    assert "The first of Zoe" in left
    assert "> 1. Better\n" in left


async def test_however_many_cohorts_there_are_the_desk_is_one_message_that_leads_to_all(working: World) -> None:
    ines = working.chat.person("ines")
    plans = [replace(PLAN, code=f"c{n}", title=f"Course {n}", channels={"main": f"c{n}"}) for n in range(11)]
    codes = [create_cohort(working.app.storage, working.app.registry, plan)[1] for plan in plans]
    for number in range(4):
        learner = await working.learner(f"l{number}", f"Learner {number}")
        await learner.command("submit", f"Draft number {number}")
    await ask(learner, "Is it this one that waits?")
    for n, code in enumerate(codes):
        other = working.chat.person(f"c{n}", f"Person {n}")
        await other.command("join", code)
        await other.command("ask", f"Is this course {n}? instructors_only=yes")
    await working.until("2026-01-06T09:00:00Z")
    before = len(ines.inbox())
    (desk,) = desks(ines)
    assert desk.count("> ") == 8
    assert "Private questions: 7 new" in desk
    assert "- Private questions: 4 new" in desk
    assert "Course 3" in desk
    shown = ines.find("Your desk")
    assert len(shown.buttons) == len(set(shown.buttons)) <= 45
    one = await ines.press(shown, "Course 10: all 1")
    assert "Is this course 10?" in one.text
    # What found no room today is new tomorrow.
    await working.until("2026-01-07T09:00:00Z")
    (desk,) = desks(ines)
    assert desk.count("> ") == 8
    assert len(ines.inbox()) == before + 1


async def test_a_learner_who_was_seen_comes_back_with_a_reason_that_reaches_back(working: World) -> None:
    ines = working.chat.person("ines")
    await working.learner("leo", "Leo")
    await working.until("2026-01-13T10:00:00Z")
    desk = await ines.command("desk")
    assert "Leo: “The draft” was due" in desk.text
    await ines.press(desk, "Seen")
    await working.wait(days=1)
    assert "Leo" not in (await ines.command("desk")).text
    await working.until("2026-01-22T10:00:00Z")
    desk = await ines.command("desk")
    assert "Leo: nothing under their name since Mon 5 Jan; “The draft” was due" in desk.text
    await ines.press(desk, "Seen")
    assert "Leo" not in (await ines.command("desk")).text


async def test_who_fell_behind_can_be_given_more_time(working: World) -> None:
    ines, omar = working.chat.person("ines"), working.chat.person("omar")
    await working.learner("mia", "Mia")
    leo = await working.learner("leo", "Leo")
    await leo.command("submit", "My draft")
    await working.until("2026-01-13T09:00:00Z")
    desk = await ines.command("desk")
    assert "Learners who may need a word: 1 new" in desk.text
    assert "Mia: “The draft” was due Mon 12 Jan" in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give more time")))
    assert ines.form is not None
    (mia,) = working.rows(PersonRow, name="Mia")
    assert {f.name: f.value for f in ines.form.fields}["person"] == str(mia.id)
    overview = await omar.command("overview")
    # One piece of work puts nobody at risk.
    assert "May drop out: 0 of 2" in overview.text
    assert "“The draft” handed in: 1 of 2 (50 %), 1 overdue" in overview.text


async def test_more_time_for_another_date_leaves_what_is_overdue_on_the_desk(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=WITH_DRAFT + "  - {id: page, week: 3, title: The page, due: Mon 09:00}\n")
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-13T09:00:00Z")
    assert "Mia: “The draft” was due" in ines.find("Your desk, Tuesday").text
    (row,) = world.rows(PersonRow, name="Mia")
    for milestone, days in (("page", "2"), ("draft", "6")):
        assert "Done by you." not in ines.find("Your desk, Tuesday").text
        await ines.press(await ines.command("week"), "Extend a date")
        await ines.press(await ines.submit(milestone=milestone, days=days, person=str(row.id)), "Move it")
    assert "Done by you." in ines.find("Your desk, Tuesday").text
    assert mia.inbox()


async def test_more_time_that_is_given_after_the_date_counts_from_today_and_is_told(working: World) -> None:
    ines, omar, mia = working.chat.person("ines"), working.chat.person("omar"), await working.learner("mia", "Mia")
    leo = await working.learner("leo", "Leo")
    await leo.command("submit", "My draft")
    await working.until("2026-01-16T10:00:00Z")
    desk = await ines.command("desk")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give more time")))
    assert ines.form is not None
    assert {f.name: f.value for f in ines.form.fields}["days"] == "6"
    refused = await ines.submit(days="2")
    assert "Wed 14 Jan, 09:00, which has passed: write 6" in refused.errors["days"]
    sure = await ines.submit(days="6")
    assert "Then: Sun 18 Jan, 09:00" in sure.text
    await ines.press(sure, "Move it")
    await working.until("2026-01-17T20:00:00Z")
    assert any("is due Sun 18 Jan, 09:00, not" in text for text in mia.inbox())
    # Mia's date is hers alone: the cohort's figure stays.
    assert "“The draft” handed in: 1 of 2 (50 %)" in (await omar.command("overview")).text


async def test_who_is_back_is_on_the_desk_and_not_at_risk(world: World) -> None:
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await mia.command("away", "2026-01-12")
    await world.until("2026-01-12T10:00:00Z")
    await leo.command("away", "2026-01-12")
    await world.until("2026-01-13T09:00:00Z")
    desk = (await ines.command("desk")).text
    assert "Mia: back since Tue 13 Jan" in desk
    assert "Leo: back" not in desk, "a day off is no reason to talk to somebody"
    assert "May drop out: 0 of 1 (0 %)" in (await omar.command("overview")).text


async def press(world: World, id: str, action: Action) -> Answer:
    """Somebody presses what stands on a message that was posted by an earlier version."""
    who, home = Actor(Account("sandbox", id), id.capitalize()), Place("sandbox", f"dm-{id}", direct=True)
    at = world.clock.now()
    pressed = ButtonPressed(actor=who, place=home, id=f"{id}/{action.name}", at=at, action=action.encode())
    return await world.app.runtime.receive(pressed)


async def test_buttons_of_desks_that_were_posted_earlier_work(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until("2026-01-09T16:00:00Z")
    week = await press(world, "ines", Action("digests", "faq", world.cohort.id))
    assert week.message is not None
    assert "Nothing happened to the FAQ" in plain(week.message)
    linking = await press(world, "ines", Action("digests", "recording", world.cohort.id, "1"))
    assert linking.form is not None
    assert linking.form.title == "Your recap of week 1"
    # What an even older desk has.
    older = await press(world, "ines", Action("wrapups", "recording", world.cohort.id, "1"))
    assert older.form is not None
    assert older.form.title == "Your recap of week 1"


# A list that one can finish


async def test_what_was_shown_and_did_not_change_is_folded(world: World) -> None:
    ines, mia, leo = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-05T14:00:00Z")
    question = await ask(mia, "Can I reuse last year's data?")
    await world.until("2026-01-06T09:00:00Z")
    assert "> Can I reuse" in desks(ines)[0]
    # It waits longer than promised now, which is news; on Thursday nothing is.
    await world.until("2026-01-07T09:00:00Z")
    assert "waits 42 h, Mia, longer than promised" in desks(ines)[0]
    await world.until("2026-01-08T09:00:00Z")
    assert not any(text.startswith("Your desk, Thursday") for text in desks(ines))
    asked_for = (await ines.command("desk")).text
    assert "Questions, from before:\n> Can I reuse" in asked_for
    # A reply by a peer changes nothing for the team, but the asker's next words do.
    await leo.say("questions", "I think so.", thread=question)
    await world.until("2026-01-09T09:00:00Z")
    assert not any(text.startswith("Your desk, Friday") and "> Can I reuse" in text for text in desks(ines))
    await mia.say("questions", "Are you sure? The form says no.", thread=question)
    await world.until("2026-01-12T09:00:00Z")
    assert "Wrote again: Are you sure? The form says no." in desks(ines)[0]
    # Mondays also bring what is old.
    await world.until("2026-01-19T12:00:00Z")
    assert desks(ines)[0].startswith("Your desk, Monday")


async def test_old_questions_with_replies_are_closed_by_one_press(world: World) -> None:
    ines, mia, leo = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    for number in range(3):
        question = await ask(mia, f"Question number {number}, how does it go?")
        if number:
            await leo.say("questions", "Like this.", thread=question)
    assert "Close old ones with a reply" not in (await ines.command("desk")).buttons
    await world.until("2026-01-20T09:00:00Z")
    desk = await ines.command("desk")
    assert "- Questions: 2 older than two weeks" in desk.text
    closed = await ines.press(desk, "Close old ones with a reply")
    assert "2 questions are closed.\n- Question number 1" in closed.text
    left = (await ines.command("desk")).text
    assert "Question number 0" in left
    assert "Question number 1" not in left
    assert "- Questions" not in left
    await ines.press(closed, "Open 1 again")
    assert "Questions: all 2" in (await ines.command("desk")).buttons
    # Each asker is told with their next card, and can open theirs again: it stays then.
    await world.until("2026-01-21T09:00:00Z")
    told = mia.find("The course team has closed your question “Question number 2")
    assert "“Question number 1" not in told.text, "it is open again"
    await mia.press(told, "Open it again")
    assert "Questions: all 3" in (await ines.command("desk")).buttons
    closed = await ines.press(await ines.command("desk"), "Close old ones with a reply")
    assert "1 question is closed.\n- Question number 1" in closed.text


async def test_what_waits_longer_than_promised_stands_on_each_desk_of_whoever_has_it(tmp_path: Path) -> None:
    plan = replace(PLAN, people=(*PLAN.people, (Role.INSTRUCTOR, "omar")))
    world = new_world(tmp_path)
    second = replace(plan, code="second", title="Second", channels={"main": "staff"})
    code = create_cohort(world.app.storage, world.app.registry, second)[1]
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), world.chat.person("mia", "Mia")
    await mia.command("join", code)
    for text in ("Who has the key to the archive?", "How is a letter from the archive quoted?"):
        await mia.command("ask", f"{text} instructors_only=yes")
    days: dict[str, list[str]] = {"ines": [], "omar": []}
    for day in range(6, 29):
        await world.until(f"2026-01-{day:02}T12:00:00Z")
        if day == 6:
            await ines.press(ines.find("Your desk"), "I take it (1)")
        for who in (ines, omar):
            desk = next((text for text in desks(who) if day == 6 or f"{date(2026, 1, day):%A}" in text), "")
            lines = [n for n, words in enumerate(("Who has the key", "letter from the archive"), 1) if words in desk]
            days[who.id] += [f"{day}: {lines}"] if lines else []
    # Both were asked exactly a day, the promised time, before the first desk. Ines took the first one then.
    assert days["ines"] == ["6: [1, 2]", "7: [1, 2]", *(f"{day}: [1, 2]" for day in (9, 12, 16, 19, 23, 26))]
    assert days["omar"] == ["6: [1, 2]", "7: [2]", *(f"{day}: [2]" for day in (9, 12, 16, 19, 23, 26))]
    world.app.storage.close()


async def test_this_week_s_replies_are_told_in_the_week_of_the_question_alone(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Who has the key to the archive?")
    await world.until("2026-01-08T12:00:00Z")
    assert "0 of 1 got a reply within 24 h this week." in (await ines.command("desk")).text
    await world.until("2026-01-14T12:00:00Z")
    desk = (await ines.command("desk")).text
    assert "longer than promised" in desk
    assert "this week" not in desk


async def test_a_question_that_waits_exactly_as_long_as_promised_is_in_time(world: World) -> None:
    ines, mia, leo = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    question = await ask(mia, "Who has the key to the archive?")
    await ask(mia, "How is a letter from the archive quoted?")
    await world.until("2026-01-06T08:00:00Z")
    desk = (await ines.command("desk")).text
    assert "waits 24 h, Mia, see the thread" in desk
    assert "longer than promised" not in desk
    await leo.say("questions", "The porter has it.", thread=question)
    await world.wait(seconds=1)
    desk = (await ines.command("desk")).text
    assert "waits 24 h, Mia, longer than promised" in desk
    assert "1 of 2 got a reply within 24 h this week." in desk


async def test_a_desk_without_lines_stays_what_it_is_when_something_happens(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Who has the key to the archive?")
    await world.until("2026-01-06T09:00:00Z")
    assert "Who has the key" in desks(ines)[0]
    await ines.press(ines.find("Your desk, Tuesday"), "I take it")
    await world.until("2026-01-12T09:00:00Z")
    monday = desks(ines)[0]
    assert monday.startswith("Your desk, Monday")
    assert "> Who has the key to the archive?\nstill open since Mon 5 Jan" in monday
    await ask_and_delete(mia, "And how is it quoted?")
    assert "> Who has the key to the archive?\nstill open since Mon 5 Jan" in desks(ines)[0], "it is not new again"


async def ask_and_delete(speaker: Speaker, text: str) -> None:
    """Asks, and takes it back, which shows each desk again."""
    await speaker.delete(await ask(speaker, text))


async def test_no_question_is_closed_whose_asker_waits(world: World) -> None:
    ines, mia, leo = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    first = await ask(mia, "Which of the two forms is the right one?")
    await leo.say("questions", "The short one.", thread=first)
    await mia.command("ask", "May I have more time? instructors_only=yes")
    quiet = await ask(leo, "Where is the list of topics?")
    await mia.say("questions", "In the first week's card.", thread=quiet)
    # Leo's reply did not help, which Mia says when she is asked; Ines answers her privately, and she writes again.
    await world.until("2026-01-12T12:00:00Z")
    await mia.press(mia.find("Did Leo's reply help?"), "Not yet")
    desk = ines.find("Your desk, Monday")
    assert "Nothing is new" not in desk.text
    await ines.press(desk, "Reply")
    await ines.submit(text="How long do you need?")
    await world.until("2026-01-13T12:00:00Z")
    await mia.press(mia.find("How long do you need?"), "Reply")
    await mia.submit(text="Two weeks would be enough, I think.")
    await world.until("2026-01-25T12:00:00Z")
    desk = await ines.command("desk")
    assert "May I have more time?\nstill open since Tue 13 Jan" in desk.text, "she wrote eleven days ago"
    await world.until("2026-01-29T12:00:00Z")
    closed = await ines.press(await ines.command("desk"), "Close old ones with a reply")
    assert "1 question is closed.\n- Where is the list of topics?" in closed.text
    desk = await ines.command("desk")
    assert "Close old ones with a reply" not in desk.buttons
    assert "May I have more time" in desk.text
    assert "Which of the two forms" in desk.text
    await world.until("2026-01-30T12:00:00Z")
    assert "“Where is the list" in leo.find("The course team has closed your question").text
    assert not any("has closed your" in text for text in mia.inbox())


async def test_what_one_instructor_does_stands_on_the_desk_of_the_other(tmp_path: Path) -> None:
    plan = replace(PLAN, people=(*PLAN.people, (Role.INSTRUCTOR, "omar")))
    world = new_world(tmp_path, course=WITH_DRAFT)
    second = replace(plan, code="second", title="Second", channels={"main": "staff"}, people=plan.people)
    code = create_cohort(world.app.storage, world.app.registry, second)[1]
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), world.chat.person("mia", "Mia")
    await mia.command("join", code)
    for text in ("Is this the first?", "Is this the second?", "Is this the third?"):
        await mia.command("ask", f"{text} instructors_only=yes")
    await world.until("2026-01-06T09:00:00Z")
    for who in (ines, omar):
        assert "> 3. Is this the third?" in desks(who)[0]
    await ines.press(ines.find("Your desk, Tuesday"), "Not needed (1)")
    await ines.press(ines.find("Your desk, Tuesday"), "Reply (2)")
    await ines.submit(text="Yes, it is.")
    await ines.press(ines.find("Your desk, Tuesday"), "I take it (3)")
    for who in (ines, omar):
        (desk,) = desks(who)
        by, has = ("you", "you have") if who is ines else ("Ines", "Ines has")
        assert f"1. Done by {by}. Is this the first?\n2. Done by {by}. Is this the second?\n" in desk
        assert f"> 3. Is this the third?\nwaits 25 h, Mia; {has} it" in desk.replace("24 h", "25 h").replace(
            ", longer than promised", ""
        ).replace(", Second", "")
    world.app.storage.close()


async def test_a_private_reply_comes_in_the_learners_bundle_and_their_answer_back_to_the_desk(tmp_path: Path) -> None:
    channels = {"main": "general", "questions": "questions", "staff": "staff"}
    world = new_world(tmp_path, course=WITH_DRAFT, channels=channels)
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", "I feel lost; is it me? instructors_only=yes")
    assert any("I feel lost" in seen.text for seen in ines.sees("staff"))
    await world.until("2026-01-06T09:00:00Z")
    desk = ines.find("Your desk, Tuesday")
    assert "Private questions: 1 new\n> I feel lost; is it me?" in desk.text
    assert desk.buttons[:3] == ["Reply", "Give more time", "Not needed"]
    (card,) = [seen for seen in ines.sees("staff") if "I feel lost" in seen.text]
    assert "Give more time" in card.buttons, "what is told privately has the same acts wherever it stands"
    await ines.press(desk, "Reply")
    await ines.submit(text="It is not you. Shall I give you a week more?")
    assert "Done by you. I feel lost; is it me?" in ines.find("Your desk, Tuesday").text
    assert not any("It is not you" in text for text in mia.inbox())
    await world.until("2026-01-07T09:00:00Z")
    word = mia.find("Ines replies to your private question:")
    assert "> It is not you. Shall I give you a week more?" in word.text
    await mia.press(word, "Reply")
    await mia.submit(text="Yes, please.")
    await world.until("2026-01-08T09:00:00Z")
    (desk_again,) = desks(ines)
    assert "Private questions: 1 new\n> I feel lost; is it me?" in desk_again
    assert "Wrote again: Yes, please." in desk_again
    assert not any("Yes, please." in seen.text for seen in mia.sees("questions"))
    world.app.storage.close()


async def test_no_desk_comes_on_a_holiday(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ines.command("course")
    await ask(mia, "Can I reuse last year's data?")
    with Session(world.app.storage.engine) as session:
        session.add(HolidayRow(cohort=world.cohort.id, day=date(2026, 1, 6), name="Epiphany"))
        session.commit()
    await world.until("2026-01-06T20:00:00Z")
    assert desks(ines) == []
    await world.until("2026-01-07T09:00:00Z")
    assert desks(ines)[0].startswith("Your desk, Wednesday")


async def test_after_the_last_day_only_what_people_tell_and_ask_makes_a_desk(working: World) -> None:
    ines, mia = working.chat.person("ines"), await working.learner("mia", "Mia")
    await working.learner("leo", "Leo")
    # The last wrap-up closes on Monday 26 January, after that day's desk.
    await working.until("2026-01-26T12:00:00Z")
    before = [t for t in ines.inbox() if "desk" in t.split("\n")[0]]
    await working.until("2026-02-13T12:00:00Z")
    assert [t for t in ines.inbox() if "desk" in t.split("\n")[0]] == before
    await mia.command("submit", "Late, but whole")
    await ask(mia, "Will this still be read?")
    await working.until("2026-02-16T09:00:00Z")
    (desk,) = desks(ines)
    assert "> 1. Will this still be read?" in desk
    assert "Mia, “The draft”, late" in desk
    assert "may need a word" not in desk


async def test_a_desk_of_two_thousand_questions_is_bounded(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Question number 0, how does it go?")
    few = await queries(world, ines)
    (row,) = world.rows(QuestionRow)
    with Session(world.app.storage.engine) as session:
        for number in range(1, 2000):
            given = row.model_dump(exclude={"id"}) | {"text": f"Question number {number}?", "message": f"m{number}"}
            session.add(QuestionRow(**given | {"asked_at": row.asked_at + timedelta(seconds=number)}))
        session.commit()
    assert await queries(world, ines) < few + 60 * 8, "the FAQ is searched for fifty at most"
    await world.until("2026-01-06T09:00:00Z")
    (desk,) = desks(ines)
    assert desk.count("> ") == 8
    assert "- Questions: 42 new, 1950 from before" in desk
    page = await ines.press(ines.find("Your desk"), "Questions: all 2000")
    assert page.text.count("> ") == 5


async def queries(world: World, speaker: Speaker) -> int:
    """How many statements the database runs to show a desk."""
    ran: list[str] = []

    def note(*given: Any) -> None:
        ran.append(given[2])

    sa.event.listen(world.app.storage.engine, "before_cursor_execute", note)
    await speaker.command("desk")
    sa.event.remove(world.app.storage.engine, "before_cursor_execute", note)
    return len(ran)


def test_what_features_contribute_is_within_bounds() -> None:
    long = "word " * 4000
    item = DeskItem("club/1", datetime(2026, 1, 5, tzinfo=UTC), (Bold(long), long), long, (long,), [WRITE] * 40)
    pile = fit(Pile("club", (long,), [item], listings=[Listing(long, [(long,)] * 500)] * 50, buttons=[WRITE] * 40))
    assert len(plain_text(pile.title)) <= 120
    assert len(plain_text(pile.items[0].text)) <= 600
    assert len(pile.items[0].buttons) == len(pile.buttons) == 6
    assert (len(pile.listings), len(pile.listings[0].lines)) == (6, 12)
    assert len(desk_rules.unseen(replace(pile, items=[item] * 10_000), {}, item.since).items) == 100
    assert len(fit(Figure("club", long, 3, 4)).label) <= 120
    with pytest.raises(ValueError, match="10000 of 2"):
        fit(Figure("club", "Read", 10_000, 2))


async def test_the_posted_desk_follows_a_date_that_moves_for_all(working: World) -> None:
    ines = working.chat.person("ines")
    await working.learner("mia", "Mia")
    await working.until("2026-01-13T10:00:00Z")
    assert "Mia: “The draft” was due Mon 12 Jan" in desks(ines)[-1]
    await ines.press(await ines.command("week"), "Extend a date")
    shown = await ines.submit(milestone="draft", days="7")
    await ines.press(shown, "Move it")
    assert "was due Mon 12 Jan" not in desks(ines)[-1]


async def test_an_answered_private_question_is_settled_from_its_line(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", "I have ADHD and read slowly. May I hand in later? instructors_only=yes")
    first = await ines.command("desk")
    assert "This answers it" not in first.text
    await ines.press(first, "Reply")
    await ines.submit(text="Yes, three days more on everything.")
    await world.until("2026-01-08T09:00:00Z")
    desk = await ines.command("desk")
    assert "1 reply" in desk.text
    assert "waits" not in desk.text.partition("1 reply")[0].rpartition("\n")[2]
    await ines.press(desk, "This answers it")
    assert "ADHD" not in (await ines.command("desk")).text
    await world.until("2026-01-09T09:00:00Z")
    assert not any("not needed" in text for text in mia.inbox())


async def test_a_question_whose_asker_writes_again_is_not_called_answered(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", "I am lost. What now? instructors_only=yes")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="With which part?")
    await world.until("2026-01-06T09:00:00Z")
    await mia.press(mia.find("Ines replies to your private question:"), "Reply")
    await mia.submit(text="The second exercise.")
    assert "This answers it" not in (await ines.command("desk")).text


async def test_a_done_line_of_a_downtime_says_what_was_done(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", "May I use another tool? instructors_only=yes")
    await world.until("2026-01-11T12:00:00Z")
    await world.jump("2026-01-18T21:00:00Z")
    await world.until("2026-01-19T09:00:00Z")
    desk = next(seen for seen in reversed(ines.sees()) if seen.text.startswith("Your desk, Monday"))
    label = next(b for b in desk.buttons if b.startswith("Leave it"))
    await ines.press(desk, label)
    now = next(seen for seen in reversed(ines.sees()) if seen.text.startswith("Your desk, Monday"))
    done = next(line for line in now.text.split("\n") if "Done by you." in line)
    assert done.endswith(", left out while Pacekeeper was down")
    assert not done.endswith("Done by you. , left out while Pacekeeper was down")


async def test_nothing_is_praised_above_something_that_waits(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until("2026-01-14T09:00:00Z")
    desk = (await ines.command("desk")).text
    assert "Your recap of week 1" in desk
    assert "Well done" not in desk
    assert "Nothing is new." in desk


async def test_ones_page_says_how_much_is_on_the_desk(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    assert "on your desk" not in (await ines.command("")).text
    await ask(mia, "Can I reuse last year's data?")
    await world.until("2026-03-02T09:00:00Z")
    page = await ines.command("")
    assert "Nothing waits for you" not in page.text
    assert " on your desk." in page.text
    assert "Can I reuse last year's data?" in (await ines.press(page, "Your desk")).text
    assert "on your desk" not in (await mia.command("")).text
