"""Wrap-ups, as conversations."""

import json
from datetime import date
from pathlib import Path

from sqlmodel import Session

from adapters.sandbox.driver import Seen, Speaker
from bot.app.cohorts import CohortPlan, create_cohort
from bot.core.actions import Action
from bot.core.events import ButtonPressed
from bot.core.facts import CohortEnded, CohortPlanned, Fact
from bot.core.people import Account, Actor, Place, Role
from bot.core.plain import plain
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.tables.inbox import DraftRow, InteractionRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import AuditRow, CohortRow, change_cohort
from storage.tables.talk import SaidRow
from storage.tables.voice import SpokenRow
from storage.tables.wrapups import AnswerRow, PartRow, RevisionRow, RoundRow
from tests.kit import COURSE, MONDAY, World, new_world

FRIDAY_BERLIN = "2026-01-09T15:00:00Z"
MONDAY_BERLIN = "2026-01-12T11:00:00Z"


def prompts(speaker: Speaker) -> list[str]:
    """The wrap-up cards in somebody's direct messages."""
    return [t for t in speaker.inbox() if t.startswith("Week ") and "wrap-up" in t.split("\n")[0]]


def roots(speaker: Speaker) -> list[Seen]:
    """The root posts of the weeks' wrap-ups."""
    posted = [m for m in speaker.sees("general") if m.by == "bot" and m.thread is None]
    return [m for m in posted if "the week together" in m.text.split("\n")[0]]


def reactions(world: World, message: int) -> list[str]:
    return list(world.chat.sandbox.platform.reactions([message]).get(message, {}))


async def move(speaker: Speaker, zone: str) -> None:
    await speaker.press(await speaker.command("settings"), "Change my zone")
    await speaker.submit(zone=zone)


def happen(world: World, fact: Fact, end: bool = False) -> None:
    def tell(turn: Turn[SqlEnrolment]) -> None:
        if end:
            change_cohort(turn.store._session, world.cohort.id, ended_at=turn.now)
        turn.happened(fact)

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), tell))


async def forge(world: World, speaker: Speaker, name: str, subject: str) -> str:
    """What a person is answered who presses a button that they were never shown."""
    return await forge_in(world, speaker, "wrapups", name, subject)


async def forge_in(world: World, speaker: Speaker, feature: str, name: str, subject: str) -> str:
    actor = Actor(Account("sandbox", speaker.id), speaker.id.capitalize())
    action = Action(feature, name, world.cohort.id, subject).encode()
    place = Place("sandbox", f"dm:{speaker.id}", direct=True)
    id, at = f"{speaker.id}/{name}{subject}", world.clock.now()
    event = ButtonPressed(actor=actor, place=place, id=id, at=at, action=action)
    answer = await world.app.runtime.receive(event)
    return plain(answer.message) if answer.message else ""


def second_cohort(world: World, teacher: str = "") -> str:
    """Another cohort of another course in another channel; returns its join code."""
    people = ((Role.INSTRUCTOR, teacher),) if teacher else ()
    channel = world.chat.channel("other")
    course = COURSE.replace("id: demo, title: Demo course", "id: other, title: Other course")
    plan = CohortPlan("other", course, MONDAY, "Europe/Berlin", "sandbox", {"main": channel}, people=people)
    return create_cohort(world.app.storage, world.app.registry, plan)[1]


async def test_a_prompt_is_answered_by_form_and_becomes_its_receipt(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T14:59:00Z")
    assert not [t for t in mia.inbox() if "Week 1 wrap-up" in t]
    await world.until(FRIDAY_BERLIN)
    card = mia.find("Week 1 wrap-up")
    assert "What did you finish? The cohort sees this." in card.text
    assert "Where are you stuck? Only the instructors see this." in card.text
    assert "Open until Mon 12 Jan, 12:00 your time" in card.text
    await mia.press(card, "Answer")
    assert mia.form is not None
    assert [f.hint for f in mia.form.fields][:3] == [
        "The cohort sees this",
        "The cohort sees this",
        "Only the instructors see this",
    ]
    thanks = await mia.submit(done="homework", next="interviews", stuck="sampling")
    assert "Thank you" in thanks.text
    receipt = mia.find("Week 1 wrap-up")
    assert receipt.id == card.id
    assert "Thank you, Mia. Wrap-up received Fri 9 Jan, 16:00." in receipt.text
    assert "Cohort sees:\n> homework\n> interviews\n" in receipt.text
    assert "Instructors only:\n> sampling\n" in receipt.text
    assert "Edit until Mon 12 Jan, 12:00 your time; later is welcome, marked late." in receipt.text


async def test_each_answer_has_its_own_line_on_the_receipt(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T15:00:00Z")
    await mia.press(mia.find("Week 1 wrap-up"), "Answer")
    await mia.submit(done="My homework is done.", next="interviews", stuck="")
    assert "Cohort sees:\n> My homework is done.\n> interviews\n" in mia.find("Thank you, Mia").text


async def test_after_the_last_wrapup_there_is_nothing_to_pause(world: World) -> None:
    ines = world.chat.person("ines")
    assert "Pause" in (await ines.command("week")).buttons
    await world.until("2026-01-27T12:00:00Z")
    over = await ines.command("week")
    assert "No wrap-up is ahead any more." in over.text
    assert "Pause" not in over.buttons


async def test_the_week_together_becomes_the_report(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await world.until(FRIDAY_BERLIN)
    root = mia.find("the week together", "general")
    assert "What did you finish?" in root.text
    assert "stuck" not in root.text
    await mia.press(root, "Answer")
    await mia.submit(done="my homework", stuck="secretly sampling", quote="yes")
    await tom.press(root, "Answer")
    await tom.submit(done="nothing much", next="sleep")
    await world.until(MONDAY_BERLIN)
    report = tom.find("the week together", "general")
    assert report.id == root.id
    assert "2 of 2 answered." in report.text
    assert "> my homework — Mia" in report.text
    rest = [m.text for m in tom.thread(root.id)]
    assert any("nothing much" in t and "sleep" in t and "Tom" not in t for t in rest)
    everything = report.text + " ".join(rest)
    assert "sampling" not in everything


# Time zones


async def test_each_learner_is_asked_by_their_own_clock(world: World) -> None:
    kiri = await world.learner("kiri", "Kiri", "Pacific/Auckland")
    lea = await world.learner("lea", "Lea", "America/Los_Angeles")
    await world.until("2026-01-09T02:59:00Z")
    assert not prompts(kiri)
    await world.until("2026-01-09T03:00:00Z")
    assert "Open until Mon 12 Jan, 12:00 your time" in kiri.find("Week 1 wrap-up").text
    assert roots(kiri) == []
    await world.until(FRIDAY_BERLIN)
    assert len(roots(kiri)) == 1
    assert "Mon 12 Jan, 12:00 by your own clock" in roots(kiri)[0].text
    assert not prompts(lea)
    await world.until("2026-01-10T00:00:00Z")
    assert "Open until Mon 12 Jan, 12:00 your time" in lea.find("Week 1 wrap-up").text
    await world.until("2026-01-12T19:00:00Z")
    await lea.press(lea.find("Week 1 wrap-up"), "Answer")
    await lea.submit(done="in time, in Los Angeles")
    await kiri.press(kiri.find("Week 1 wrap-up"), "Answer")
    await kiri.submit(done="late, in Auckland")
    report = roots(lea)[0]
    assert "2 of 2 answered." in report.text
    rest = lea.thread(report.id)[-1].text
    assert {"> late, in Auckland", "> in time, in Los Angeles"} <= set(rest.split("\n"))
    assert len(prompts(kiri)) == len(prompts(lea)) == 1


async def test_a_daylight_saving_change_moves_nothing_by_an_hour_and_doubles_nothing(tmp_path: Path) -> None:
    course = COURSE.replace("Fri 16:00", "Sun 02:30").replace("Mon 12:00", "Mon 09:00")
    world = new_world(tmp_path, now="2026-03-23T08:00:00Z", course=course, starts_on=date(2026, 3, 23))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-03-29T01:29:00Z")
    assert not prompts(mia)
    await world.until("2026-03-29T12:00:00Z")
    assert len(prompts(mia)) == 1
    assert "Open until Mon 30 Mar, 09:00 your time" in mia.find("Week 1 wrap-up").text
    await world.until("2026-03-30T06:59:00Z")
    assert "answered" not in roots(mia)[0].text
    await world.until("2026-03-30T07:00:00Z")
    assert "0 of 1 answered" in roots(mia)[0].text
    world.app.storage.close()


async def test_moving_east_in_mid_week_gets_nothing_twice_and_loses_nothing(world: World) -> None:
    lea = await world.learner("lea", "Lea", "America/Los_Angeles")
    await world.until("2026-01-10T00:00:00Z")
    await world.until("2026-01-11T12:00:00Z")
    assert len(prompts(lea)) == 1
    await move(lea, "Pacific/Auckland")
    assert "Open until Tue 13 Jan, 09:00 your time" in lea.find("Week 1 wrap-up").text
    await world.until("2026-01-12T19:30:00Z")
    await lea.press(lea.find("Week 1 wrap-up"), "Answer")
    await lea.submit(done="still in time")
    assert "marked late." in lea.find("Thank you, Lea").text
    assert ", marked late." not in lea.find("Thank you, Lea").text.split("\n")[1]
    await world.until("2026-01-16T03:00:00Z")
    assert len([t for t in lea.inbox() if "Week 2 wrap-up" in t]) == 1
    await world.until("2026-01-18T03:00:00Z")
    assert len([t for t in lea.inbox() if "Week 2 wrap-up" in t]) == 1


async def test_moving_before_the_prompt_moves_the_prompt(world: World) -> None:
    lea = await world.learner("lea", "Lea", "America/Los_Angeles")
    await world.until("2026-01-09T05:00:00Z")
    await move(lea, "Pacific/Auckland")
    assert len(prompts(lea)) == 1
    await world.until("2026-01-11T00:00:00Z")
    assert len(prompts(lea)) == 1


async def test_moving_west_after_the_prompt_gives_more_time(world: World) -> None:
    kiri = await world.learner("kiri", "Kiri", "Pacific/Auckland")
    await world.until("2026-01-09T03:00:00Z")
    await move(kiri, "America/Los_Angeles")
    assert "Open until Mon 12 Jan, 12:00 your time" in kiri.find("Week 1 wrap-up").text
    await world.until("2026-01-11T00:00:00Z")
    assert len(prompts(kiri)) == 1


async def test_joining_late_starts_at_this_week(world: World) -> None:
    await world.until("2026-01-13T09:00:00Z")
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-14T09:00:00Z")
    assert not prompts(mia)
    assert "Week 2 wrap-up opens Fri 16 Jan, 16:00" in (await mia.command("wrapup")).text
    await world.until("2026-01-16T16:30:00Z")
    tom = await world.learner("tom", "Tom")
    assert "Week 2 wrap-up" in tom.inbox()[-1]


# Answering


async def test_an_edit_comes_prefilled_and_keeps_every_revision(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="one", stuck="none")
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    assert mia.form is not None
    assert {f.name: f.value for f in mia.form.fields} == {"done": "one", "next": "", "stuck": "none", "quote": ""}
    await mia.submit(done="two")
    assert "two" in mia.find("Thank you, Mia").text
    assert [json.loads(r.body)["done"] for r in world.rows(RevisionRow)] == ["one", "two"]
    await mia.command("wrapup")
    assert "Nothing was changed" in (await mia.submit()).text
    assert len(world.rows(RevisionRow)) == 2


async def test_two_tabs_are_an_answer_and_an_edit(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    card = mia.find("Week 1 wrap-up")
    await mia.press(card, "Answer")
    await mia.submit(done="first tab")
    await mia.press(mia.find("Week 1 wrap-up"), "Edit")
    assert "saved" in (await mia.submit(done="second tab")).text
    assert len(world.rows(AnswerRow)) == 1


async def test_odd_input_is_refused_at_its_field_or_stays_text(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    assert "fill this in" in (await mia.submit(done="   ")).errors["done"]
    assert "10,000 characters" in (await mia.submit(done="x" * 10_000)).errors["done"]
    odd = "<!channel> @everyone <b>bold</b> مرحبا 🎉 '; DROP TABLE wrapup_answers; --"
    await mia.submit(done=odd, quote="yes")
    assert odd in mia.find("Thank you, Mia").text
    await world.until(MONDAY_BERLIN)
    assert odd in roots(mia)[0].text


async def test_a_late_answer_joins_the_report_and_only_the_course_team_sees_whose_it_is(world: World) -> None:
    mia, tom, ines = await world.learner("mia", "Mia"), await world.learner("tom", "Tom"), world.chat.person("ines")
    await world.until(FRIDAY_BERLIN)
    await tom.command("wrapup")
    await tom.submit(done="in time", quote="yes")
    await world.until("2026-01-12T12:00:00Z")
    offer = await mia.command("wrapup")
    assert "Week 2 wrap-up opens Fri 16 Jan, 16:00" in offer.text
    await mia.press(offer, "Answer week 1, late")
    assert mia.form is not None
    assert "marked late" in mia.form.intro
    assert "marked late" in (await mia.submit(done="after all", quote="yes")).text
    report = roots(mia)[0]
    assert "2 of 2 answered." in report.text
    assert "> after all — Mia\n" in report.text
    # An edit of an answer that was in time does not make it late.
    await tom.press(tom.find("Thank you, Tom"), "Edit")
    await tom.submit(done="in time, corrected")
    report = roots(tom)[0]
    assert "2 of 2 answered." in report.text
    assert "> in time, corrected — Tom\n" in report.text
    assert "Later wrap-ups join this report." in report.text
    team = (await ines.command("week", "answers")).text
    assert "Mia, late, " in team
    assert "Tom, edited late, " in team


async def test_a_manager_reads_nothing_that_is_for_the_instructors_alone(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="two chapters", stuck="CANARY")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    assert "CANARY" in (await ines.command("week", "answers")).text
    told = (await omar.command("week", "answers")).text
    assert "two chapters" in told
    assert "CANARY" not in told


async def test_deleting_blanks_every_revision_and_the_report(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="SECRET one", quote="yes")
    await mia.command("wrapup")
    await mia.submit(done="SECRET two")
    await world.until(MONDAY_BERLIN)
    assert "SECRET two" in roots(mia)[0].text
    assert "SECRET two" in (await world.chat.person("ines").command("week", "answers")).text
    await mia.press(mia.find("Thank you, Mia"), "Edit")
    sure = await mia.press(mia.find("Thank you, Mia"), "Delete my answer")
    assert "Deleted" in (await mia.press(sure, "Delete it")).text
    assert "was deleted" in mia.find("Week 1 wrap-up").text
    assert "0 of 1 answered" in roots(mia)[0].text
    assert "SECRET" not in roots(mia)[0].text
    for table in (AnswerRow, RevisionRow, PartRow, DraftRow, InteractionRow, OutboxRow):
        assert "SECRET" not in repr(world.rows(table))
    assert "deleted already" in (await mia.press(sure, "Delete it")).text
    await mia.press(mia.find("Week 1 wrap-up"), "Answer anew")
    await mia.submit(done="once more")
    assert "1 of 1 answered." in roots(mia)[0].text


async def test_one_cannot_touch_the_answer_of_another(world: World) -> None:
    mia, eve = await world.learner("mia", "Mia"), await world.learner("eve", "Eve")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="mine")
    await mia.say("dm", "more of mine")
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    for name in ("delete", "delete_now", "undo"):
        assert "already" in await forge(world, eve, name, "1")
    assert "is not here" in await forge(world, eve, "answer", "77")
    assert world.rows(AnswerRow)[0].deleted_at is None


# In the thread


async def test_a_reply_in_the_thread_is_the_answer_and_is_followed(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    root = roots(mia)[0]
    said = await mia.say("general", "finished my homework", thread=root.id)
    assert said.message is not None
    assert reactions(world, said.message) == ["✅"]
    assert "Cohort sees:\n> finished my homework\n" in mia.find("Thank you, Mia").text
    assert len(mia.thread(root.id)) == 1
    await mia.say("general", "and the reading", thread=root.id)
    assert world.rows(AnswerRow)[0].body == '{"done": "finished my homework\\nand the reading"}'
    await mia.edit(said.message, "finished all my homework")
    assert "finished all my homework" in mia.find("Thank you, Mia").text
    await mia.delete(said.message)
    assert world.rows(AnswerRow)[0].body == '{"done": "and the reading"}'
    assert "homework" not in repr(world.rows(RevisionRow))


async def test_deleting_the_only_reply_deletes_the_answer(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    said = await mia.say("general", "only this", thread=roots(mia)[0].id)
    assert said.message is not None
    await mia.delete(said.message)
    assert "was deleted" in mia.find("Week 1 wrap-up").text
    assert "only this" not in repr(world.rows(RevisionRow)) + repr(world.rows(AnswerRow))


async def test_each_reply_that_is_deleted_later_leaves_the_report(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    root = roots(mia)[0]
    said = [await mia.say("general", words, thread=root.id) for words in ("page one", "page two", "page three")]
    await world.until(MONDAY_BERLIN)
    for reply in said[:2]:
        assert reply.message is not None
        await mia.delete(reply.message)
    below = [m.text for m in mia.thread(root.id) if m.by == "bot"]
    assert len(below) == 1
    assert below[0].endswith("What did you finish?\n> page three")


async def test_the_thread_is_for_talk_too(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(FRIDAY_BERLIN)
    root = roots(mia)[0]
    await ines.say("general", "Looking forward to these.", thread=root.id)
    await mia.say("general", "Thanks!", thread=root.id)
    await mia.say("general", "no reply in a thread")
    assert world.rows(AnswerRow) == []
    await mia.say("general", "my answer", thread=root.id)
    await world.until("2026-01-12T12:00:00Z")
    await mia.say("general", "well done, everybody, what a week", thread=root.id)
    assert world.rows(AnswerRow)[0].body == '{"done": "my answer"}'


# In private, question by question


async def wrap_up(speaker: Speaker, text: str) -> Seen:
    """Says something in private, and that it is their wrap-up."""
    await speaker.say("dm", text)
    await speaker.press(speaker.last(), "My wrap-up, for the cohort")
    return speaker.last()


async def test_a_private_message_is_an_answer_once_its_author_says_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.say("dm", "I finished the page")
    assert world.rows(AnswerRow) == world.rows(PartRow) == []
    card = mia.last()
    assert "> I finished the page" in card.text
    assert "it answers “What did you finish?” of the week 1 wrap-up; the cohort sees it" in card.text
    await mia.press(card, "My wrap-up, for the cohort")
    saved = mia.find("Saved as your week 1 answer")
    assert saved.id == card.id
    assert "to “What did you finish?”. The cohort sees this." in saved.text
    assert "I finished the page" in mia.find("Thank you, Mia").text


async def test_it_asks_one_question_after_the_other_and_says_what_is_still_empty(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    asked = await wrap_up(mia, "I finished the page")
    assert "1 of 3 answered. Next: What is next? The cohort sees this." in asked.text
    await mia.say("dm", "Interviews")
    assert "2 of 3 answered. Next: Where are you stuck? Only the instructors see this." in mia.last().text
    await mia.say("dm", "Thanks!")
    assert "I was asking: Where are you stuck?" in mia.last().text
    await mia.say("dm", "skip")
    assert "2 of 3 answered; still empty: “Where are you stuck?”." in mia.last().text
    assert json.loads(world.rows(AnswerRow)[0].body) == {"done": "I finished the page", "next": "Interviews"}
    # It asks no more, so the next message is asked about.
    await mia.say("dm", "something else altogether")
    assert "What is it?" in mia.last().text


async def test_skip_and_stop_are_words_and_buttons(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.press(await wrap_up(mia, "I finished the page"), "Skip")
    assert "Skipped." in mia.last().text
    assert "Next: Where are you stuck?" in mia.last().text
    await mia.say("dm", "Stop.")
    assert "I ask no more." in mia.last().text
    await mia.say("dm", "In the second chapter")
    assert "What is it?" in mia.last().text
    assert json.loads(world.rows(AnswerRow)[0].body) == {"done": "I finished the page"}


async def test_what_is_clearly_something_else_answers_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    for said in ("How long may it be?", "please tell nobody, I may have to stop", "help", "away", "/cohort find page"):
        await wrap_up(mia, "I finished the page")
        await mia.say("dm", said)
        assert "Saved" not in mia.last().text
        await mia.press(mia.find("Saved as your week 1 answer"), "Undo")
    await wrap_up(mia, "I finished the page")
    await mia.say("dm", "", kind="voice")
    assert "You sent a voice message" in mia.last().text
    assert set(json.loads(world.rows(AnswerRow)[0].body)) == {"done"}


async def test_a_message_much_later_or_after_something_else_is_asked_about(world: World) -> None:
    mia, lou = await world.learner("mia", "Mia"), await world.learner("lou", "Lou")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    await wrap_up(lou, "I finished the page")
    await lou.command("")
    await lou.say("dm", "Interviews")
    assert "What is it?" in lou.last().text
    await world.wait(minutes=31)
    await mia.say("dm", "Interviews")
    assert "What is it?" in mia.last().text
    assert [set(json.loads(a.body)) for a in world.rows(AnswerRow)] == [{"done"}, {"done"}]


async def test_what_sounds_private_answers_the_question_that_the_instructors_alone_read(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    await mia.say("dm", "Interviews")
    assert "Next: Where are you stuck? Only the instructors see this." in mia.last().text
    await mia.say("dm", "I have cancer and cannot concentrate")
    assert "to “Where are you stuck?”. Only the instructors see this." in mia.last().text
    assert json.loads(world.rows(AnswerRow)[0].body)["stuck"] == "I have cancer and cannot concentrate"
    await world.until(MONDAY_BERLIN)
    assert not any("cancer" in m.text for m in ben.sees("general", 500))


async def test_after_it_was_asked_a_question_stays_the_one_that_is_offered(world: World) -> None:
    mia, lou = await world.learner("mia", "Mia"), await world.learner("lou", "Lou")
    await world.until(FRIDAY_BERLIN)
    for learner in (mia, lou):
        await wrap_up(learner, "I finished the page")
        await learner.say("dm", "Interviews")
    await mia.command("")
    await lou.say("dm", "stop")
    await world.wait(hours=2)
    for learner in (mia, lou):
        await learner.say("dm", "My second exercise went nowhere")
        card = learner.last()
        assert card.buttons[0] == "My wrap-up, for the instructors alone"
        assert "My wrap-up, for the cohort" not in card.buttons
        await learner.press(card, "My wrap-up, for the instructors alone")
    assert [json.loads(a.body)["stuck"] for a in world.rows(AnswerRow)] == ["My second exercise went nowhere"] * 2


async def test_each_question_can_be_reached_by_chat_and_private_words_go_to_the_fewest_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.say("dm", "I was in hospital")
    card = mia.last()
    assert "My wrap-up, for the instructors alone" in card.buttons
    assert "My wrap-up, for the cohort" not in card.buttons
    await mia.press(card, "Another wrap-up question")
    fields = mia.last()
    assert fields.id == card.id
    assert fields.buttons[:3] == ["1. What did you finish?", "2. What is next?", "3. Where are you stuck?"]
    assert "it answers “Where are you stuck?” of the week 1 wrap-up; only the instructors see it" in fields.text
    await mia.press(fields, "3. Where are you stuck?")
    assert json.loads(world.rows(AnswerRow)[0].body) == {"stuck": "I was in hospital"}
    await mia.say("dm", "stop")
    await mia.say("dm", "I finished the page")
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    assert json.loads(world.rows(AnswerRow)[0].body)["done"] == "I finished the page"


async def test_after_a_late_answer_another_wrap_up_question_still_lists_them(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T12:00:00Z")
    await mia.say("dm", "The page, late")
    first = mia.last()
    await mia.say("dm", "Interviews come next")
    second = mia.last()
    await mia.press(first, "My wrap-up, for the cohort")
    await mia.say("dm", "stop")
    await mia.press(second, "Another wrap-up question")
    fields = next(m for m in mia.sees("dm") if m.id == second.id)
    assert fields.buttons[:3] == ["1. What did you finish?", "2. What is next?", "3. Where are you stuck?"]


async def test_every_view_counts_a_wrap_up_over_who_was_expected(world: World) -> None:
    """Leo has paused, and answers all the same: work that came in is never subtracted."""
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-06T12:00:00Z")
    await leo.command("away", "pause")
    await world.until(FRIDAY_BERLIN)
    for learner in (mia, leo):
        await learner.command("wrapup")
        await learner.submit(done="the page")
    await leo.command("away", "pause")
    await world.until("2026-01-13T12:00:00Z")
    assert "Week 1 wrap-ups: 2 of 2" in (await omar.command("overview")).text
    assert "2 of 2 answered" in (await ines.command("week")).text
    assert "2 of 2 answered" in mia.find("Week 1: the week together", "general").text


async def test_an_empty_question_is_offered_before_one_that_is_answered(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="the page", next="Interviews")
    await mia.say("dm", "the second chapter, still")
    assert "My wrap-up, for the instructors alone" in mia.last().buttons
    assert "My wrap-up, for the cohort" not in mia.last().buttons


async def test_a_card_asks_only_while_the_next_message_answers_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    first = (await mia.say("dm", "I finished the page")).message
    assert first is not None
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    card = mia.last()
    assert "Your next message answers it" in card.text
    await mia.edit(first, "I finished the pages")
    assert "Your next message answers it" in mia.find("> I finished the pages").text
    await mia.say("dm", "help")  # something else comes in between
    assert "Your next message answers it" not in mia.find("> I finished the pages").text
    assert mia.find("> I finished the pages").buttons == ["Undo", "Edit"]
    await mia.say("dm", "skip")
    assert "Next: Where are you stuck?" in mia.last().text
    await mia.say("dm", "stop")
    assert "I ask no more" in mia.last().text
    await mia.edit(first, "I finished every page")
    assert "Saved as your week 1 answer" in mia.find("> I finished every page").text
    assert not [t for t in mia.inbox() if "Your next message answers it" in t]
    assert json.loads(world.rows(AnswerRow)[0].body) == {"done": "I finished every page"}
    # The second 'stop' is about all messages.
    await mia.say("dm", "stop")
    assert "Do you want to hear less from me?" in mia.last().text


async def test_an_earlier_card_no_longer_asks_once_its_question_is_answered(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    await mia.say("dm", "Interviews")
    assert mia.find("> I finished the page").buttons == ["Undo", "Edit"]
    await mia.press(mia.last(), "Skip")
    assert len([t for t in mia.inbox() if "Skip" in t and "Next:" in t]) == 0


async def test_with_a_required_question_empty_it_is_begun_and_not_handed_in(tmp_path: Path) -> None:
    required = COURSE.replace('"What is next?", audience: cohort, required: false', '"What is next?", audience: cohort')
    world = new_world(tmp_path, course=required)
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    receipt = mia.find("Week 1 wrap-up")
    assert "Begun Fri 9 Jan, 16:00: 1 of 3 answered; still empty: “What is next?” (required)" in receipt.text
    assert receipt.buttons[:2] == ["Finish it", "Delete my answer"]
    assert "Finish the week 1 wrap-up: 1 of 3 answered" in (await mia.command("")).text
    assert "0 of 1 answered, 1 begun" in (await ines.command("week")).text
    assert "Still in time: Mia (begun)" in (await ines.command("week", "missing")).text
    assert "Then what the cohort may read of it joins the report as it is." in receipt.text
    await world.until(MONDAY_BERLIN)
    # At the close it is given as it is, in every view but its author's progress.
    assert "Week 1 wrap-ups: 1 of 1" in (await omar.command("overview")).text
    assert "Everybody has answered" in (await ines.command("week", "missing")).text
    (report,) = roots(mia)
    assert "1 of 1 answered." in report.text
    assert "> I finished the page" in mia.thread(report.id)[0].text
    receipt = mia.find("Begun Fri 9 Jan")
    assert "It has closed, and what the cohort may read of yours joins its report." in receipt.text
    assert "Open until" not in receipt.text
    page = await mia.command("")
    assert "Finish the week 1 wrap-up: 1 of 3 answered; it is marked late then" in page.text
    assert "Finish: Week 1 wrap-up" in page.buttons
    # Their next card offers it, too.
    await world.until("2026-01-16T15:00:00Z")
    card = mia.find("You have begun the week 1 wrap-up")
    await mia.press(card, "Finish: Week 1 wrap-up")
    await mia.submit(next="Interviews")
    assert "1 of 1 answered." in roots(mia)[0].text
    assert "Interviews" in mia.thread(report.id)[0].text
    assert "You have handed in the week 1 wrap-up" in "\n".join(mia.inbox())
    assert "Finish the week 1" not in (await mia.command("")).text
    world.app.storage.close()


async def test_a_choice_is_taken_by_its_words_and_anything_else_is_asked_again(tmp_path: Path) -> None:
    choice = '      - {id: load, kind: choice, text: "How full was it?", options: [light, full], audience: cohort}\n'
    world = new_world(tmp_path, course=COURSE + choice)
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    await mia.say("dm", "skip")
    await mia.say("dm", "skip")
    assert "Write one of these: light, full." in mia.last().text
    await mia.say("dm", "rather heavy")
    assert "takes one of these: light, full" in mia.last().text
    said = (await mia.say("dm", "Full.")).message
    assert said is not None
    assert json.loads(world.rows(AnswerRow)[0].body)["load"] == "full"
    await mia.edit(said, "light")
    assert json.loads(world.rows(AnswerRow)[0].body)["load"] == "light"
    await mia.edit(said, "somewhere between")
    assert "Your answer stands as it was" in mia.last().text
    await mia.delete(said)
    assert "load" not in json.loads(world.rows(AnswerRow)[0].body)
    world.app.storage.close()


async def test_an_edited_private_message_is_followed(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    said = await mia.say("dm", "I finished the pge")
    assert said.message is not None
    await mia.edit(said.message, "I finished that pge")
    assert "> I finished that pge" in mia.last().text
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    await mia.edit(said.message, "I finished the page")
    assert "> I finished the page" in mia.find("Saved as your").text
    assert world.rows(AnswerRow)[0].body == '{"done": "I finished the page"}'
    await mia.delete(said.message)
    assert "pge" not in repr(world.rows(RevisionRow))
    assert not [t for t in mia.inbox() if "Saved as" in t]


async def test_undo_leaves_what_was_there_before_and_asks_anew(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="by form", next="by form", stuck="by form")
    await wrap_up(mia, "one more thing")
    assert "> by form\n> one more thing\n" in mia.find("Thank you, Mia").text
    await mia.press(mia.find("Saved as your week 1 answer"), "Undo")
    assert json.loads(world.rows(AnswerRow)[0].body)["done"] == "by form"
    assert "> one more thing" in mia.find("What is it?").text
    await mia.press(mia.find("What is it?"), "Never mind")
    for table in (AnswerRow, RevisionRow, PartRow, SaidRow):
        assert "one more thing" not in repr(world.rows(table))


async def test_too_much_is_said_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await mia.say("dm", "x" * 10_000)
    assert "10,000 characters" in (await mia.press(mia.last(), "My wrap-up, for the cohort")).text
    assert world.rows(AnswerRow) == []
    assert "What is it?" in mia.find("xxx").text


async def test_an_edit_that_no_longer_fits_changes_nothing_and_is_said(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    sent = (await mia.say("dm", "Two \x00chapters")).message
    assert sent is not None
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    await mia.edit(sent, "x" * 3001)
    assert "was not saved" in mia.find("3,001 characters").text
    assert [json.loads(a.body)["done"] for a in world.rows(AnswerRow)] == ["Two chapters"]
    await mia.edit(sent, "Three chapters")
    assert [json.loads(a.body)["done"] for a in world.rows(AnswerRow)] == ["Three chapters"]


async def test_what_belongs_to_a_closed_week_is_offered_late(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-12T12:00:00Z")
    saved = await wrap_up(mia, "after all")
    assert "Saved as your week 1 answer, marked late" in saved.text
    assert "1 of 1 answered." in roots(mia)[0].text


async def test_with_two_cohorts_it_asks_which_and_loses_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    second = second_cohort(world)
    await mia.command("join", second)
    await world.until(FRIDAY_BERLIN)
    await mia.say("dm", "finished chapter two")
    ask = mia.last()
    await mia.press(ask, "My wrap-up, for the cohort")
    assert mia.last().buttons == ["1. Demo course", "2. Other course", "Back", "Never mind"]
    assert world.rows(AnswerRow) == []
    await mia.press(mia.last(), "Back")
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    await mia.press(mia.last(), "2. Other course")
    assert "Saved as your week 1 answer" in mia.find("Saved").text
    [answer] = world.rows(AnswerRow)
    assert next(r for r in world.rows(RoundRow, id=answer.round)).cohort != world.cohort.id
    await mia.say("dm", "chapter three")
    assert json.loads(world.rows(AnswerRow)[0].body) == {"done": "finished chapter two", "next": "chapter three"}
    await mia.press(mia.find("to “What is next?”"), "Undo")
    await mia.press(mia.find("to “What did you finish?”"), "Undo")
    assert world.rows(AnswerRow)[0].deleted_at is not None


# The course team


async def test_an_instructor_sees_who_is_missing_and_a_learner_does_not(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    ines = world.chat.person("ines")
    await world.until(FRIDAY_BERLIN)
    await mia.command("wrapup")
    await mia.submit(done="done", stuck="private matter")
    week = await ines.command("week")
    assert "1 of 2 answered" in week.text
    missing = await ines.press(week, "Who is missing")
    assert "Still in time: Tom" in missing.text
    assert "1 has not answered." in missing.text
    answers = await ines.press(week, "Answers")
    assert "private matter" in answers.text
    assert "Mia" in answers.text
    assert "answered" not in (await tom.command("week")).text, "a learner's week is their own"
    for name in ("preview", "post", "pause", "resume", "missing", "answers"):
        assert "instructors and managers" in await forge(world, tom, name, "1")
    await world.until(MONDAY_BERLIN)
    assert "Their time is over: Tom" in (await ines.command("week", "missing")).text
    seen = " ".join(m.text for place in ("dm", "general") for m in tom.sees(place))
    seen += " ".join(m.text for m in tom.thread(roots(tom)[0].id))
    assert "private matter" not in seen
    assert "Tom" not in " ".join(m.text for m in tom.sees("general"))


async def test_the_week_leads_straight_to_more_time_to_another_start_and_to_the_milestones(tmp_path: Path) -> None:
    work = "milestones:\n  - {id: draft, week: 1, title: Draft, due: Sun 23:59 aoe}\n"
    world = new_world(tmp_path, course=COURSE + work)
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    assert (await ines.command("week", "milestones")).text.startswith("Milestones")
    await ines.command("week", "extend")
    assert ines.form is not None
    await ines.press(await ines.submit(milestone="draft", days="2"), "Move it")
    assert "Wed 14 Jan" in (await ines.command("week", "milestones")).text
    await ines.command("week", "move")
    assert "Dates that move" in (await ines.submit(starts_on="2026-01-12")).text
    for show in ("milestones", "extend", "move"):
        assert (await mia.command("week", show)).text.startswith("Week 1: One."), "a learner's week is their own"
    assert mia.form is None
    # For who teaches two cohorts it first asks which one is meant.
    second_cohort(world, teacher="ines")
    which = await ines.command("week", "extend")
    assert ines.form is None
    await ines.press(which, "Demo course")
    assert "milestone" in {f.name for f in ines.form.fields}
    world.app.storage.close()


async def test_the_preview_is_the_card_and_its_form_saves_nothing(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    card = await ines.press(await ines.command("week"), "Preview")
    await ines.press(card, "Answer")
    assert "Nothing was saved" in (await ines.submit(done="a try")).text
    assert world.rows(AnswerRow) == []
    await world.until(FRIDAY_BERLIN)
    said = "\nThis is a preview, for you alone. Its form can be tried; it saves nothing."
    # What rides on the prompt stands below it.
    assert mia.find("Week 1 wrap-up").text.startswith(card.text.replace(said, ""))
    assert said in card.text


async def test_a_preview_closes_by_the_clock_of_who_looks(world: World) -> None:
    ines = world.chat.person("ines")
    assert "Open until Mon 12 Jan, 12:00 your time" in (await ines.command("week", "preview")).text
    await ines.press(await ines.command("settings"), "Change my zone")
    await ines.submit(zone="Lisbon")
    assert "Open until Mon 12 Jan, 12:00 your time" in (await ines.command("week", "preview")).text


async def test_posting_by_hand_is_not_doubled_by_the_schedule(world: World) -> None:
    lea, mia = await world.learner("lea", "Lea", "America/Los_Angeles"), await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-08T10:00:00Z")
    week = await ines.command("week")
    assert "2 prompts" in (await ines.press(week, "Post now")).text
    assert "Nobody is asked twice" in (await ines.press(week, "Post now")).text
    assert len(prompts(mia)) == len(roots(mia)) == 1
    assert prompts(lea) == []  # It is two in the morning in Los Angeles.
    await world.until("2026-01-11T09:00:00Z")
    assert len(prompts(lea)) == len(prompts(mia)) == len(roots(mia)) == 1
    assert [r.act for r in world.rows(AuditRow) if "by hand" in r.act] == ["posted the Week 1 wrap-up by hand"]
    tom = await world.learner("tom", "Tom")
    assert len(prompts(tom)) == 1


async def test_a_pause_sends_nothing_and_resuming_sends_what_is_open(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ines.press(await ines.command("week"), "Pause")
    await world.until("2026-01-16T20:00:00Z")
    assert not prompts(mia)
    assert roots(mia) == []
    assert "wrap-up" not in (await mia.command("")).text
    assert "No wrap-up is open" in (await mia.command("wrapup")).text
    paused = await ines.command("week")
    assert "Paused" in paused.text
    await ines.press(paused, "Resume")
    assert [t.split("\n")[0] for t in prompts(mia)] == ["Week 2 wrap-up"]
    assert [r.text.split("\n")[0] for r in roots(mia)] == ["Week 2: the week together"]
    acts = [r.act for r in world.rows(AuditRow)]
    assert "paused the wrap-ups" in acts
    assert "resumed the wrap-ups" in acts


# What is next, budgets, downtime, leaving


async def test_a_prompt_with_a_title_of_its_own_is_named_by_it(tmp_path: Path) -> None:
    course = COURSE + (
        "  - {id: start, week: 1, title: Before we begin, opens: Mon 14:00, closes: Wed 12:00,\n"
        "     questions: [{id: hope, kind: text, audience: instructors, text: 'What do you hope for?'}]}\n"
    )
    world = new_world(tmp_path, course=course)
    mia = await world.learner("mia", "Mia")
    assert "“Week 1: Before we begin” opens Mon 5 Jan, 14:00" in (await mia.command("")).text
    await world.until("2026-01-05T14:00:00Z")
    assert "Answer “Week 1: Before we begin”, due Wed 7 Jan, 12:00" in (await mia.command("")).text
    world.app.storage.close()


async def test_the_week_together_promises_its_report_for_an_hour_at_which_it_comes(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE.replace("closes: Mon 12:00", "closes: Sun 23:59"))
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    together = mia.find("Week 1: the week together", "general").text
    assert "What you all wrote appears here Mon 12 Jan, 08:00" in together
    await world.until("2026-01-12T06:59:00Z")
    assert "answered" not in mia.find("Week 1: the week together", "general").text
    await world.until("2026-01-12T07:00:00Z")
    assert "0 of 1 answered" in mia.find("Week 1: the week together", "general").text
    world.app.storage.close()


async def test_home_says_what_is_next(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    assert "The week 1 wrap-up opens Fri 9 Jan, 16:00" in (await mia.command("")).text
    await world.until(FRIDAY_BERLIN)
    page = await mia.command("next")
    assert "Answer the week 1 wrap-up, due Mon 12 Jan, 12:00" in page.text
    await mia.press(page, "Answer")
    await mia.submit(done="all")
    assert "Answer the week 1" not in (await mia.command("")).text
    assert "1 of 1 answered" in (await ines.command("")).text


async def test_after_downtime_the_open_prompt_comes_late_and_the_closed_one_not(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.jump("2026-01-17T09:00:00Z")
    assert [t.split("\n")[0] for t in prompts(mia)] == ["Week 2 wrap-up"]
    await world.jump("2026-01-19T20:00:00Z")
    assert len(prompts(mia)) == 1
    # She has another day.
    await world.until("2026-01-21T08:00:00Z")
    assert "0 of 1 answered" in mia.find("Week 2: the week together", "general").text
    assert [m.text.split(":")[0] for m in roots(mia)] == ["Week 2"]


async def test_the_budget_holds_in_an_ordinary_run(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-27T09:00:00Z")
    assert len(prompts(mia)) == 3
    days = [r.at.date() for r in world.rows(SpokenRow, role="learner")]
    assert len(days) == len(set(days))
    weeks = [day.isocalendar().week for day in days]
    assert all(weeks.count(week) <= 3 for week in weeks)
    assert len(roots(mia)) == 3
    # One post opens each week, one is the week together.
    assert len(mia.sees("general")) == 6


async def test_who_has_left_hears_nothing_and_is_not_missing(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await mia.press(await mia.command("leave"), "Leave")
    await world.until(MONDAY_BERLIN)
    assert not prompts(mia)
    assert "0 of 1 answered" in roots(tom)[0].text
    await mia.command("join", world.join_code)
    await world.until("2026-01-16T15:00:00Z")
    assert len(prompts(mia)) == 1


async def test_after_the_end_nothing_is_sent(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    happen(world, CohortEnded(world.cohort.id), end=True)
    await world.until("2026-01-19T20:00:00Z")
    assert not prompts(mia)
    assert roots(mia) == []


async def test_new_dates_move_what_is_planned(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    with Session(world.app.storage.engine) as session, session.begin():
        session.get_one(CohortRow, world.cohort.id).starts_on = date(2026, 1, 12)
    happen(world, CohortPlanned(world.cohort.id))
    await world.until("2026-01-12T20:00:00Z")
    assert not prompts(mia)
    await world.until("2026-01-16T15:00:00Z")
    assert [t.split("\n")[0] for t in prompts(mia)] == ["Week 1 wrap-up"]


async def test_figures_quotes_and_pages(tmp_path: Path) -> None:
    course = COURSE.replace(
        "      - {id: stuck,",
        '      - {id: load, kind: scale, text: "How full was it?", audience: cohort, required: false}\n'
        '      - {id: mood, kind: scale, text: "And you?", audience: instructors, required: false}\n'
        "      - {id: stuck,",
    )
    world = new_world(tmp_path, course=course)
    people = [await world.learner(f"p{n}", f"Person {n}") for n in range(24)]
    await world.until(FRIDAY_BERLIN)
    for n, person in enumerate(people):
        await person.command("wrapup")
        mood = "5" if n < 4 else ""
        await person.submit(done=f"work {n}", load="4", mood=mood, quote="yes" if n < 7 else "")
    await world.until(MONDAY_BERLIN)
    report = roots(people[0])[0]
    assert "24 of 24 answered." in report.text
    assert "How full was it?: 4.0 on average (24 answered)" in report.text
    assert "And you?" not in report.text
    assert report.text.count(" — Person") == 5
    rest = people[0].thread(report.id)
    assert len(rest) == 1
    assert rest[0].text.count("> work") == 19
    assert "> work 5 — Person 5" in rest[0].text
    assert "Person 20" not in rest[0].text
    ines = world.chat.person("ines")
    page = await ines.command("week", "answers")
    assert "page 1 of 3" in page.text
    assert "on average (4 answered)" not in page.text
    assert "Person 10" in (await ines.press(page, "More")).text
    world.app.storage.close()


async def test_a_late_prompt_wakes_nobody(world: World) -> None:
    mia, kai = await world.learner("mia", "Mia"), await world.learner("kai", "Kai", "Pacific/Apia")
    # Nobody ran from Thursday to Friday evening in Berlin, which is Saturday morning, 07:00, in Apia.
    await world.until("2026-01-08T20:00:00Z")
    await world.jump("2026-01-09T18:00:00Z")
    assert len(prompts(mia)) == 1
    assert not prompts(kai)
    await world.until("2026-01-09T20:00:00Z")
    assert len(prompts(kai)) == 1


async def test_who_comes_back_before_a_wrapup_opens_reads_when_it_does(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("away", "2026-01-11")
    back = await mia.press(await mia.command(""), "I'm back")
    assert (
        "Nothing is open for you just now. Next comes:\n- Answer the week 1 wrap-up, opens Fri 9 Jan, 16:00"
        in back.text
    )
    assert "Answer" not in back.buttons
    await world.until("2026-01-09T15:00:00Z")
    await mia.command("away", "2026-01-10")
    again = await mia.press(await mia.command(""), "I'm back")
    assert "Open for you:\n- Answer the week 1 wrap-up, due Mon 12 Jan, 12:00" in again.text


async def test_a_time_by_the_cohort_s_clock_is_written_by_that_clock(world: World) -> None:
    ines = world.chat.person("ines")
    await ines.command("settings", "Asia/Tokyo")
    await world.until("2026-01-07T12:00:00Z")
    when = "Fri 9 Jan, 16:00 by the cohort's clock, for each learner by their own"
    assert f"Opens {when}." in (await ines.command("week")).text
    assert f"Week 1 wrap-up opens {when}" in (await ines.command("")).text
