"""The desk, the instructor's own wrap-up and the manager's week, as conversations."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import create_cohort
from bot.core.actions import Action
from bot.core.events import ButtonPressed
from bot.core.people import Account, Actor, Place, Role
from bot.core.plain import plain
from bot.core.ports import Answer
from storage.tables.faq import EntryRow
from storage.tables.people import PersonRow
from tests.features.test_faq import solve
from tests.kit import COURSE, PLAN, World, new_world


async def ask(speaker: Speaker, text: str) -> int:
    """A plain question in the question channel; returns the message."""
    asked = (await speaker.say("questions", text)).message
    assert asked is not None
    return asked


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
    assert "1 of 1 answered within 24 h this week. Well done." in thursday
    assert "Your own wrap-up of week 1" in friday


async def test_a_desk_forgets_what_was_taken_back(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    question = await ask(mia, "May I take this back?")
    await ask(mia, "And does this one stay?")
    await world.until("2026-01-07T09:00:00Z")
    assert len([text for text in desks(ines) if "take this back" in text]) == 1
    assert any(text.startswith("Tuesday's desk. What waits now: /cohort desk") for text in ines.inbox())
    await world.until("2026-02-20T08:59:00Z")
    quoting = [text for text in ines.inbox() if "does this one stay" in text]
    assert len(quoting) == 1
    assert "May I take this back?" in quoting[0]
    before = len(ines.inbox())
    await mia.delete(question)
    assert not [text for text in ines.inbox() if "take this back" in text]
    assert len([text for text in ines.inbox() if "does this one stay" in text]) == 1
    assert len(ines.inbox()) == before


async def test_a_learner_sees_no_desk(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "instructors and managers" in (await mia.command("desk")).text
    assert "instructors and managers" in (await mia.command("overview")).text


async def test_who_has_it_is_shown(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Docker exits with 137, why?")
    desk = await ines.command("desk")
    await ines.press(desk, "I take it")
    assert "Ines has it" in (await ines.command("desk")).text


async def test_friday_brings_an_outline_and_the_recording_goes_into_the_week(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    question = await ask(mia, "How long may the report be?")
    answer = (await leo.say("questions", "Five pages, without the appendix.", thread=question)).message
    assert answer is not None
    await mia.react(answer, "✅")
    await world.until("2026-01-09T16:00:00Z")
    desk = await ines.command("desk")
    assert "1. How long may the report be?" in desk.text
    assert "Five pages, without the appendix." in desk.text
    assert "Next: week 2, Two. Go on" in desk.text
    await ines.press(desk, "Add recording link")
    assert "https://" in (await ines.submit(url="javascript:alert(1)")).errors["url"]
    assert "goes into 'the week together'" in (await ines.submit(url="https://example.org/week-1")).text
    together = [s for s in mia.sees("general") if "the week together" in s.text.split("\n")[0]]
    assert len(together) == 1
    assert "https://example.org/week-1" in together[0].text


async def test_the_manager_reads_one_message_a_week(world: World) -> None:
    omar, mia = world.chat.person("omar"), await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    await ask(mia, "Is the exam open book?")
    await world.until("2026-01-20T09:00:00Z")
    weeks = [t for t in omar.inbox() if t.startswith("Demo course:")]
    assert len(weeks) == 2
    assert "Demo course: would like a look" in weeks[0]
    assert "- Active: 1 of 2 (50 %)\n" in weeks[0]
    assert "- Questions asked: 1\n- Questions waiting too long: 1\n" in weeks[0]
    assert "May drop out: 0 of 2" in weeks[0]


async def test_a_manager_sees_the_questions_that_the_week_counts(world: World) -> None:
    omar, mia, ben = world.chat.person("omar"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    first = await ask(mia, "Is the exam open book?")
    await ben.say("questions", "I think so, but ask.", thread=first)
    await world.until("2026-01-06T11:00:00Z")
    second = await ask(ben, "Where is the template?")
    reply = (await mia.say("questions", "Below week one.", thread=second)).message
    assert reply is not None
    await ben.react(reply, "✅")
    await world.until("2026-01-12T09:00:00Z")
    overview = await omar.command("overview")
    assert "Questions waiting too long: 1" in overview.text
    assert "First answer after (median): less than a minute" in overview.text
    listed = (await omar.press(overview, "See questions")).text
    assert listed.startswith("1 question waits")
    assert "Is the exam open book?" in listed
    assert "Well done" not in (await omar.command("desk")).text


async def test_everybody_who_may_drop_out_can_be_written_to(world: World) -> None:
    omar = world.chat.person("omar")
    for number in range(12):
        await world.learner(f"l{number}", f"Learner {number}")
    await world.until("2026-01-20T09:00:00Z")
    page = await omar.press(await omar.command("overview"), "Who may drop out")
    second = await omar.press(page, "7 more")
    third = await omar.press(second, "2 more")
    written = [b for shown in (page, second, third) for b in shown.buttons if b.startswith("Write to")]
    assert sorted(written) == sorted(f"Write to Learner {n}" for n in range(12))


async def test_who_was_away_in_the_week_before_counts_from_monday_on(world: World) -> None:
    omar, mia, zoe = world.chat.person("omar"), await world.learner("mia", "Mia"), await world.learner("zoe", "Zoe")
    await zoe.command("away", "2026-01-11")
    await world.until("2026-01-16T15:30:00Z")
    await mia.press(mia.find("Week 2 wrap-up"), "Answer")
    await mia.submit(done="Wrote it")
    await world.until("2026-01-20T09:00:00Z")
    assert "- Week 2 wrap-ups: 1 of 2 (50 %)" in (await omar.command("overview")).text


async def test_wrap_ups_are_counted_over_all_who_could_answer(world: World) -> None:
    omar, mia, leo = world.chat.person("omar"), await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    aiko = await world.learner("aiko", "Aiko")
    await ask(aiko, "Is the exam open book?")
    await world.until("2026-01-09T15:30:00Z")
    for learner in (mia, leo):
        await learner.press(learner.find("Week 1 wrap-up"), "Answer")
        await learner.submit(done="Read it")
    await world.wait(minutes=1)
    assert "- Week 1 wrap-ups: 2 of 3 (67 %)\n" in (await omar.command("overview")).text
    # In week 2 Leo is away; Aiko says nothing, and counts all the same; Tāne joins, and answers nothing.
    await world.until("2026-01-12T12:00:00Z")
    await leo.command("away", "2026-01-18")
    tane = await world.learner("tane", "Tāne")
    await world.until("2026-01-16T15:30:00Z")
    await ask(tane, "Where is the reader?")
    await mia.press(mia.find("Week 2 wrap-up"), "Answer")
    await mia.submit(done="Wrote it")
    await world.until("2026-01-20T09:00:00Z")
    assert "- Week 2 wrap-ups: 1 of 3 (33 %), -1 on the week before\n" in (await omar.command("overview")).text


async def test_the_quiet_are_named_to_the_manager_alone(world: World) -> None:
    omar = world.chat.person("omar")
    await world.learner("leo", "Leo")
    await world.until("2026-01-20T09:00:00Z")
    overview = await omar.command("overview")
    assert "May drop out: 1 of 1 (100 %), names for you alone" in overview.text
    assert "Leo" not in overview.text
    assert "Leo: quiet since Tue 6 Jan" in (await omar.press(overview, "Who may drop out")).text


async def test_a_question_without_a_name_makes_nobody_active(world: World) -> None:
    leo, omar = await world.learner("leo", "Leo"), world.chat.person("omar")
    await world.until("2026-01-22T10:00:00Z")
    await leo.command("ask", "I feel lost, is it me? anonymous=yes")
    await world.wait(minutes=1)
    assert "Active: 0 of 1" in (await omar.command("overview")).text
    await leo.command("ask", "Where is the room for the session?")
    await world.wait(minutes=1)
    assert "Active: 1 of 1" in (await omar.command("overview")).text


async def test_who_pressed_something_or_is_just_back_is_not_quiet(world: World) -> None:
    omar = world.chat.person("omar")
    leo, mia, _ = (
        await world.learner("leo", "Leo"),
        await world.learner("mia", "Mia"),
        await world.learner("ava", "Ava"),
    )
    await mia.command("away", "2026-01-12")
    await world.until("2026-01-08T09:00:00Z")
    await leo.command("")
    await world.until("2026-01-20T09:00:00Z")
    names = (await omar.press(await omar.command("overview"), "Who may drop out")).text
    assert "Ava" in names
    assert "Leo" not in names
    assert "Mia" not in names


async def test_what_was_left_out_is_said(world: World) -> None:
    ines, _ = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-09T12:00:00Z")
    await world.jump("2026-01-30T12:00:00Z")
    await world.until("2026-02-02T12:00:00Z")
    assert any("I was away, and left out" in text for text in ines.inbox())


async def test_ending_a_cohort_asks_first_and_stops_everything(world: World) -> None:
    omar, mia = world.chat.person("omar"), await world.learner("mia", "Mia")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    ended = await omar.press(sure, "End the cohort")
    assert "has ended" in ended.text
    before = len(mia.inbox())
    await world.until("2026-01-30T12:00:00Z")
    assert len(mia.inbox()) == before
    assert "no cohort" in (await mia.command("")).text


async def test_a_manager_of_two_cohorts_sees_both_wherever_it_is_asked(world: World) -> None:
    omar = world.chat.person("omar")
    second = replace(PLAN, code="second", title="Second course", channels={"main": "staff"})
    create_cohort(world.app.storage, world.app.registry, second)
    for place in ("dm", "general"):
        overview = await omar.command("overview", place=place)
        assert "Demo course" in overview.text
        assert "Second course" in overview.text


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
        "Monday's desk",
        "Your desk, Tuesday",
    ]
    assert any(t.startswith("Demo course:") for t in omar.inbox())


async def test_a_new_hour_holds_from_the_next_desk_on(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ask(mia, "Can I reuse last year's data?")
    await world.until("2026-01-06T09:00:00Z")
    assert len(desks(ines)) == 1
    await ines.press(await ines.command("settings"), "Hour", "15")
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
    assert "2 questions wait, 2 of them for over 24 h:" in desk.text
    assert "waits 49 h, Ben\nLike FAQ 1: How many pages may the final report have?" in desk.text
    assert desk.buttons[:3] == ["Send it (1)", "Look (1)", "I take it (1)"]
    assert desk.buttons[3:5] == ["Look (2)", "I take it (2)"]
    sent = await ines.press(desk, "Send it (1)")
    assert "It stands in the thread." in sent.text
    assert "Ines:\n> Ten pages, without the appendix." in ben.find("Ten pages, without", "questions").text
    again = await ines.press(desk, "Send it (1)")
    assert "It stands in the thread." in again.text
    await ines.press(sent, "This answers it")
    assert "answered meanwhile" in (await ines.press(desk, "Send it (1)")).text
    # Sending it made no second draft: one more asked it.
    assert "asked by 2 people" in (await ines.command("faq", "1")).text
    assert "Nothing waits" in (await ines.command("faq")).text


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
    assert "Told to the instructors alone in a wrap-up (1):\n> The second exercise: I get an error." in desk.text
    assert "Mia, Week 1 wrap-up: Where are you stuck?" in desk.text
    assert "second exercise" not in (await omar.command("desk")).text
    await ines.press(desk, "Reply")
    receipt = (await ines.submit(text="Which error is it?")).text
    assert "Mia gets it at their next hour for messages (Sat 10 Jan, 09:00 at the earliest)" in receipt
    assert not any("Ines writes to you" in text for text in mia.inbox())
    await world.until("2026-01-13T09:00:00Z")
    word = mia.find("Ines writes to you about your Week 1 wrap-up")
    assert "> Which error is it?" in word.text
    await mia.press(word, "Reply")
    assert mia.form is not None
    assert [f.name for f in mia.form.fields] == ["text"], "nothing there can make it public"
    assert "Ines gets it" in (await mia.submit(text="Error 137.")).text
    desk = await ines.command("desk")
    assert "1 note was written to the course team alone:\n> Error 137." in desk.text
    assert "Answers: Which error is it?" in desk.text
    assert "Questions" not in (await omar.command("overview")).text, "it is no question"
    assert not any("137" in seen.text for seen in mia.sees("questions"))
    await world.until("2026-01-14T09:00:00Z")
    reply = ines.find("Mia replies to your message “Which error is it?”")
    assert "> Error 137." in reply.text
    await ines.press(reply, "Mark as read")
    assert "137" not in (await ines.command("desk")).text
    await world.until("2026-01-15T09:00:00Z")
    assert any("Ines has read your note" in text for text in mia.inbox())


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
    await ines.press(await ines.command("desk"), "Write (2)")
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
    assert "Ines has written to Mia." in after
    assert "second exercise" not in after
    assert "second exercise" not in (await ines.command("desk")).text


async def test_who_was_written_to_needs_no_second_word(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.learner("leo", "Leo")
    await world.until("2026-01-20T09:00:00Z")
    names = await omar.press(await omar.command("overview"), "Who may drop out")
    await omar.press(names, "Write to Leo")
    await omar.submit(text="How are you?")
    assert "Omar has written to Leo." in ines.find("Your desk, Tuesday").text
    assert "Leo: quiet" not in (await ines.command("desk")).text


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
    assert "Work that came in (1):\n> https://example.org/draft\nwaits 24 h, Mia, “The draft”" in posted
    assert "what came in" in (await ines.press(ines.find("Your desk, Tuesday"), "Open")).text
    await ines.press(ines.find("Your desk, Tuesday"), "Seen")
    assert "Nothing waits for you" in ines.find("Your desk, Tuesday").text
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
    assert "Work that came in (7):" in desk.text
    assert [b for b in desk.buttons if b.startswith("Seen")] == ["Seen (1)", "Seen (2)"]
    page = await ines.press(desk, "All 7")
    assert page.text.count("> ") == 5
    rest = await ines.press(page, "2 more")
    assert "> 6. Draft number 5" in rest.text
    await ines.press(rest, "Seen: 6 to 7")
    assert "Work that came in (5):" in (await ines.command("desk")).text
    await ines.press(await ines.press(desk, "All 7"), "All seen")
    assert "Nothing waits for you" in (await ines.command("desk")).text
    assert "Nothing of this waits any more" in (await ines.press(desk, "All 7")).text


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
    page = await ines.press(await ines.command("desk"), "All 3")
    await working.wait(minutes=1)
    late = await working.learner("zoe", "Zoe")
    await late.command("submit", "The first of Zoe")
    await mia.command("submit", "Better")
    await mia.submit()
    await ines.press(desk, "Seen (1)")
    assert "Work that came in (4):" in (await ines.command("desk")).text
    await ines.press(page, "All seen")
    left = (await ines.command("desk")).text
    assert "Work that came in (2):" in left
    assert "The first of Zoe" in left
    assert "> 1. Better\n" in left


async def test_every_pile_of_every_cohort_shows_something_and_leads_to_the_rest(working: World) -> None:
    ines = working.chat.person("ines")
    plans = [replace(PLAN, code=code, title=f"Course {code}", channels={"main": code}) for code in ("b2", "c3")]
    codes = [create_cohort(working.app.storage, working.app.registry, plan)[1] for plan in plans]
    for number in range(4):
        learner = await working.learner(f"l{number}", f"Learner {number}")
        await learner.command("submit", f"Draft number {number}")
        await ask(learner, f"Question number {number}, how does it go?")
    for n, code in enumerate(codes):
        for number in range(3):
            other = working.chat.person(f"c{n}{number}", f"Person {n}{number}")
            await other.command("join", code)
    await working.until("2026-01-28T09:00:00Z")
    desk = desks(ines)[-1]
    assert "Question number 0" in desk
    for title in ("Demo course", "Course b2", "Course c3"):
        part = desk.split(f"{title}\n")[1].split("Course ")[0]
        assert "Person" in part or "Learner" in part
    shown = await ines.command("desk", place="dm")
    assert len(shown.buttons) == len(set(shown.buttons)) <= 45
    for label in [b for b in shown.buttons if b.startswith("All ")]:
        listed = await ines.press(shown, label)
        assert listed.text.count("\n") > 2


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
    assert "Leo: quiet since Tue 6 Jan; “The draft” was due" in desk.text
    await ines.press(desk, "Seen")
    assert "Leo" not in (await ines.command("desk")).text


async def test_who_fell_behind_can_be_given_more_time(working: World) -> None:
    ines, omar = working.chat.person("ines"), working.chat.person("omar")
    await working.learner("mia", "Mia")
    leo = await working.learner("leo", "Leo")
    await leo.command("submit", "My draft")
    await working.until("2026-01-13T09:00:00Z")
    desk = await ines.command("desk")
    assert "Learners who may need a word (1):" in desk.text
    assert "Mia: “The draft” was due Mon 12 Jan" in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give more time")))
    assert ines.form is not None
    (mia,) = working.rows(PersonRow, name="Mia")
    assert {f.name: f.value for f in ines.form.fields}["person"] == str(mia.id)
    overview = await omar.command("overview")
    # One piece of work puts nobody at risk.
    assert "May drop out: 0 of 2" in overview.text
    assert "“The draft” handed in: 1 of 2 (50 %), 1 overdue" in overview.text


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
    assert any("is due Sun 18 Jan, 09:00 your time now" in text for text in mia.inbox())
    # Mia's date is hers alone: the cohort's figure stays.
    assert "“The draft” handed in: 1 of 2 (50 %)" in (await omar.command("overview")).text


async def test_who_is_back_is_on_the_desk_and_not_at_risk(world: World) -> None:
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-12")
    await world.until("2026-01-13T09:00:00Z")
    assert "Mia: back since Tue 13 Jan" in (await ines.command("desk")).text
    assert "May drop out" not in (await omar.command("overview")).text


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
    assert linking.form.title == "Your wrap-up of week 1"
