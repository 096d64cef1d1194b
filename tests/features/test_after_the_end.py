"""After the end of a cohort, as conversations: what was promised is kept, and what is one's own can be reached."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.driver import Result, Seen, Speaker
from bot.app.cohorts import create_cohort
from bot.core.events import ButtonPressed
from bot.core.message import Document
from bot.core.people import STAFF, Account, Actor, Place, Role
from bot.core.plain import plain
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.completion import closing
from bot.features.milestones import dates
from bot.runtime.turns import take_turn
from storage.tables.completion import CertificateRow
from storage.tables.milestones import SubmissionRow
from storage.tables.people import AccountRow
from storage.tables.questions import QuestionRow
from storage.tables.wrapups import AnswerRow
from tests.features.test_completion import AFTER, ENDING, files, final, finish, hand_in
from tests.features.test_faq import solve
from tests.features.test_talk import said
from tests.kit import COURSE, PLAN, World, new_world
from tests.test_page_outline import Outline
from tests.test_web import open_browser, sign_in

ADDRESS = "http://pages.example"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=ENDING, address=ADDRESS)
    yield made
    made.app.storage.close()


async def sure(world: World) -> Result:
    omar = world.chat.person("omar")
    return await omar.press(await omar.command("overview"), "End this cohort")


async def end(world: World, button: str = "End the cohort") -> Result:
    return await world.chat.person("omar").press(await sure(world), button)


async def reopen(world: World) -> None:
    app = world.app

    def again(turn: Turn[Any]) -> None:
        turn.cohort = turn.people.cohort(world.cohort.id)
        closing.reopen(turn, turn.here)

    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "completion", world.clock.now(), again))
    await world.settle()


async def pressed(world: World, who: str, action: str) -> str:
    """What somebody reads who presses a button on a message that is not there any more, or not theirs."""
    actor, place = Actor(Account("sandbox", who), who), Place("sandbox", "general")
    press = ButtonPressed(actor=actor, place=place, id=f"{who}/{action}", at=world.clock.now(), action=action)
    answer = await world.app.runtime.receive(press)
    assert answer.form is None
    assert answer.message is not None
    return plain(answer.message)


def second_cohort(world: World, *learners: str) -> None:
    """Another cohort that runs, in another channel."""
    people = ((Role.INSTRUCTOR, "ines"), *((Role.LEARNER, id) for id in learners))
    plan = replace(PLAN, code="other", title="Other course", channels={"main": "staff"}, people=people)
    create_cohort(world.app.storage, world.app.registry, plan)


# What was promised


async def test_late_work_that_was_promised_counts_after_the_end(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    said = await sure(world)
    assert "Promised, and still taken after the end" in said.text
    assert "- The page, due Mon 26 Jan, 09:00: taken until Mon 2 Feb, 09:00: Mia" in said.text
    assert "- Wrap-ups: late answers, without an end: Mia" in said.text
    assert "What was promised is still taken" in (await world.chat.person("omar").press(said, "End the cohort")).text
    await world.until("2026-01-31T12:00:00Z")
    await mia.press(mia.find("is over"), "Hand in: The page")
    await mia.submit(link="https://example.org/page")
    assert "Received Sat 31 Jan, 13:00, marked late." in mia.find("Thank you, Mia. Received Sat 31").text
    assert "You have 2 of 2 essential milestones" in final(mia)[0]
    await mia.press(mia.find("is over"), "Answer week 2")
    await mia.submit(done="All of it")
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course")
    (row,) = world.rows(CertificateRow)
    assert str(row.ended_on) == "2026-01-25"
    omar = world.chat.person("omar")
    assert "Mia,mia,1 of 2" in files(world, omar, "The archive of Demo course")["completion.csv"]
    anew = await omar.press(omar.find("The archive of Demo course"), "The files as they are now")
    assert anew.reply is not None
    found = world.chat.sandbox.platform.post(anew.reply.id).message
    assert found is not None
    assert any("Mia,mia,2 of 2,2 of 2" in b.text for b in found.blocks if isinstance(b, Document))


async def test_a_promise_ends_at_its_date(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    await end(world)
    await world.until("2026-02-02T08:00:00Z")
    assert "The page: its time is over" in final(mia)[0]
    said = await pressed(world, "mia", f"milestones.open/1/{world.cohort.id}:page")
    assert "Demo course has ended, and The page takes no more work." in said
    assert len(world.rows(SubmissionRow)) == 1


def roots(mia: Speaker) -> list[Seen]:
    return [post for post in mia.sees("general") if post.thread is None]


def week(mia: Speaker, number: int) -> str:
    """The week's post and what stands in its thread."""
    post = mia.find(f"Week {number}: the week together", "general")
    return "\n".join([post.text, *(m.text for m in mia.thread(post.id))])


async def test_a_late_answer_joins_the_report_after_the_end_and_leaves_it_when_deleted(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await finish(world, mia, leo, wrapups=2, milestones=1)
    await world.until(AFTER)
    before = len(roots(mia))
    await end(world)
    assert "2 of 2 answered." in week(mia, 2)
    await mia.press(mia.find("Week 3 wrap-up"), "Answer")
    await mia.submit(done="All of chapter nine")
    await world.wait(minutes=1)
    assert "1 of 2 answered" in week(mia, 3)
    assert "All of chapter nine" in week(mia, 3)
    await mia.press(await mia.press(mia.find("Week 2 wrap-up"), "Delete my answer"), "Delete it")
    await world.wait(minutes=1)
    assert "1 of 2 answered" in week(mia, 2)
    assert len(roots(mia)) == before


async def test_a_week_that_was_open_at_the_end_gets_its_report(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T16:30:00Z")
    assert "What you all wrote appears here" in week(mia, 1)
    await end(world)
    assert "0 of 1 answered" in week(mia, 1)
    posts = len(roots(mia))
    await mia.press(mia.find("Week 1 wrap-up"), "Answer")
    await mia.submit(done="Chapter one")
    await world.wait(minutes=1)
    assert "1 of 1 answered." in week(mia, 1)
    assert "Chapter one" in week(mia, 1)
    assert len(roots(mia)) == posts


@pytest.mark.parametrize("place", ["dm", "general"])
async def test_an_edit_of_a_wrap_up_message_after_the_end_gets_an_answer(world: World, place: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T16:30:00Z")
    said = await wrapup_by_message(mia, place)
    await end(world)
    await mia.edit(said, "Chapter one and two")
    await world.wait(minutes=1)
    assert "Chapter one and two" in mia.find("Wrap-up received").text
    await mia.delete(said)
    await world.wait(minutes=1)
    assert "Chapter one" not in "".join(mia.inbox())


@pytest.mark.parametrize("place", ["dm", "general"])
async def test_an_edit_after_a_cohort_was_cut_short_is_answered_and_a_deletion_counts(world: World, place: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T16:30:00Z")
    said = await wrapup_by_message(mia, place)
    await end(world, "End it, and take nothing more")
    await mia.edit(said, "Chapter one and two")
    assert "takes no more answers" in mia.inbox()[-1]
    assert "Your answer stands as it was before this edit." in mia.inbox()[-1]
    await mia.delete(said)
    await world.wait(minutes=1)
    assert [row.body for row in world.rows(AnswerRow)] == ["{}"]


async def wrapup_by_message(mia: Speaker, place: str) -> int:
    """Mia answers week 1 in private, or in the week's thread; returns her message."""
    if place == "general":
        root = mia.find("Week 1: the week together", "general")
        said = await mia.say("general", "Chapter one", thread=root.id)
    else:
        said = await mia.say("dm", "Chapter one")
        await mia.press(mia.last(), "My wrap-up, for the cohort")
    assert said.message is not None
    return said.message


async def test_work_is_handed_in_by_command_and_changed_after_the_end(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, milestones=1)
    await world.until(AFTER)
    await end(world)
    await hand_in(mia, which="page")
    # It might be new work for the page, too.
    await mia.command("submit", "https://example.org/extra", place="general")
    said = await mia.submit(milestone="extra")
    assert "“An extra” is in, marked late." in said.text
    assert [r.milestone for r in world.rows(SubmissionRow)] == ["draft", "page", "extra"]
    await mia.press(await mia.press(mia.find("An extra"), "Take it back"), "Take it back")
    assert [r.milestone for r in world.rows(SubmissionRow, deleted_at=None)] == ["draft", "page"]


async def test_a_promise_that_is_cut_short_is_told_once_and_kindly(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    zoe = await world.learner("zoe", "Zoe")
    await finish(world, mia, zoe, wrapups=1, milestones=1)
    await hand_in(zoe, which="page")
    await world.until(AFTER)
    await leo.command("away", "pause")
    before = {p: len(p.inbox()) for p in (mia, leo, zoe)}
    await end(world, "End it, and take nothing more")
    # At their next hour: they wait for what was promised. Leo has paused.
    await world.wait(hours=24)
    assert len(leo.inbox()) == before[leo]
    await leo.press(await leo.command(""), "I'm back")
    await world.wait(hours=24)
    for person in (mia, leo):
        (told,) = [t for t in person.inbox() if "Your course team has ended Demo course" in t]
        assert "takes no more work, although you had been told that some still counts. We are sorry" in told
        assert len(person.inbox()) == before[person] + 1
    assert "takes no more work; what was said about late work holds no longer" in final(mia)[0]
    assert mia.find("is over").buttons == []
    await world.until("2026-03-01T12:00:00Z")
    assert len(mia.inbox()) == before[mia] + 1


async def test_who_hears_of_the_end_by_their_final_card_hears_it_there_alone(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, milestones=1)
    before = len(mia.inbox())
    assert final(mia) == []
    await end(world, "End it, and take nothing more")
    (card,) = final(mia)
    assert "holds no longer" in card
    assert len(mia.inbox()) == before + 1


async def test_a_question_after_the_end_is_led_to_the_way_that_works(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-25T12:00:00Z")
    await end(world)
    refused = await mia.command("ask", "Where is my certificate?")
    assert "what you write to me in private can reach the course team" in refused.text


async def test_an_old_button_of_a_cohort_that_was_cut_short_takes_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    await end(world, "End it, and take nothing more")
    for action in ("milestones.open/1/1:page", "wrapups.answer/1/1:2"):
        assert "Demo course has ended, and" in await pressed(world, "mia", action)


async def test_an_early_end_opens_nothing_more_and_says_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await mia.say("questions", "May I reuse last year's data?")
    await world.until("2026-01-13T12:00:00Z")
    said = await sure(world)
    assert "Not opened yet, and never will: “The page”" in said.text
    assert "1 question without an answer" in said.text
    assert "- The draft, due Mon 19 Jan, 09:00: taken, without an end: Mia" in said.text
    await world.chat.person("omar").press(said, "End the cohort")
    assert "It does not suffice for the certificate any more; what you hand in is kept." in final(mia)[0]
    await world.until("2026-01-22T12:00:00Z")
    page = await mia.command("")
    assert "“The draft” can still be handed in" in page.text
    assert "The page" not in page.text
    await hand_in(mia)
    assert [r.milestone for r in world.rows(SubmissionRow)] == ["draft"]
    assert "Demo course" in (await ines.command("")).text


async def test_own_dates_are_named_beside_the_promise(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until("2026-01-20T12:00:00Z")

    def extend(turn: Turn[Any]) -> None:
        turn.cohort, turn.person = world.cohort, turn.people.owner(Account("sandbox", "ines"))
        dates.move(turn, course_of(ENDING).milestones[1], turn.people.owner(Account("sandbox", leo.id)), 14)

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "milestones", world.clock.now(), extend))
    said = await sure(world)
    assert "- The page, due Mon 26 Jan, 09:00: taken until Mon 2 Feb, 09:00: Mia" in said.text
    assert "- The page, due Mon 9 Feb, 09:00: taken until Mon 16 Feb, 09:00, by a date of their own: Leo" in said.text
    await world.chat.person("omar").press(said, "End the cohort")
    await world.until("2026-02-12T12:00:00Z")
    await hand_in(leo, which="page")
    await hand_in(mia, which="page")
    (work,) = world.rows(SubmissionRow)
    assert work.person == world.rows(AccountRow, user="leo")[0].person


async def test_who_was_away_at_the_end_still_gets_the_certificate(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, milestones=1)
    await world.until("2026-01-24T12:00:00Z")
    await mia.command("away", "pause")
    await world.until(AFTER)
    await end(world)
    assert final(mia) == []
    await hand_in(mia, which="page")
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course")


async def test_an_end_by_mistake_is_taken_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-13T12:00:00Z")
    await end(world, "End it, and take nothing more")
    assert "holds no longer" in final(mia)[0]
    await world.until("2026-01-14T12:00:00Z")
    await reopen(world)
    # It runs again, so nothing says that it is over.
    assert final(mia) == []
    await finish(world, mia)
    await world.until(AFTER)
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course")


# The course team


async def test_the_team_reads_late_work_after_the_end_and_is_told_of_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    await end(world)
    heard = len(ines.inbox())
    await mia.press(mia.find("is over"), "Hand in: The page")
    await mia.submit(link="https://example.org/late-page")
    await mia.press(mia.find("is over"), "Answer week 2")
    await mia.submit(done="All of it", stuck="on sampling")
    await world.until("2026-02-02T12:00:00Z")
    (line,) = ines.inbox()[heard:]
    assert "Late work or a question came in for Demo course, which has ended" in line
    for place in ("dm", "general"):
        desk = await ines.command("desk", place=place)
        page = await ines.press(await ines.press(desk, "Milestones"), "The page")
        assert "https://example.org/late-page" in (await ines.press(page, "What came in")).text
        assert "All of it" in (await ines.press(await ines.press(desk, "Wrap-ups"), "Week 2")).text
        answers = await ines.press(await ines.command("week", "answers", place=place), "Week 2")
        assert "on sampling" in answers.text
        assert "Milestones" in (await ines.command("week", "milestones", place=place)).text
        assert "waits" in (await ines.command("faq", place=place)).text
        overview = await omar.command("overview", place=place)
        assert "Demo course: ended Wed 28 Jan." in overview.text
        assert "Milestones" in (await omar.press(overview, "What came in")).buttons


async def test_after_the_end_the_team_changes_no_date(world: World) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-13T12:00:00Z")
    await end(world)
    assert "nothing to preview" in (await ines.command("week", "preview")).text
    for show in ("extend", "move"):
        assert "has ended, so this is closed" in (await ines.command("week", show)).text
    offered = {*(await ines.command("week")).buttons, *(await ines.command("week", "milestones")).buttons}
    assert not offered & {"Extend a date", "Move the start", "Post now", "Pause", "Preview", "Next week's card"}
    assert "Who is missing" in offered


async def test_a_member_of_another_cohort_reaches_the_ended_one_by_their_page(world: World) -> None:
    await world.until("2026-01-13T12:00:00Z")
    await end(world)
    second_cohort(world)
    ines = world.chat.person("ines")
    assert "ended" not in (await ines.command("desk")).text
    earlier = await ines.press(await ines.command(""), "Demo course (ended)")
    assert "Demo course ended Tue 13 Jan." in (await ines.press(earlier, "Your desk")).text
    assert "Demo course ended Tue 13 Jan." in (await ines.command("desk", place="general")).text


async def test_promised_wrap_ups_are_reached_by_command_and_page(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    await end(world)
    assert "2 wrap-ups can still be answered, marked late" in (await mia.command("")).text
    await mia.press(await mia.command("wrapup", place="general"), "Answer week 2, late")
    await mia.submit(done="All of it")
    assert "Answer week 3, late" in (await mia.command("")).buttons
    assert (await mia.command("wrapup")).buttons == ["Answer week 3, late"]


async def test_what_still_counts_comes_before_feedback_that_is_there_to_be_read(tmp_path: Path) -> None:
    more = "".join(f"  - {{id: m{n}, week: 1, title: Part {n}, due: Sun 20:00, late: accepted}}\n" for n in range(6))
    world = new_world(tmp_path, course=ENDING + more)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    for n in range(6):
        await mia.command("submit", values={"work": "https://example.org/work"})
        await mia.submit({"milestone": f"m{n}"})
        desk = await ines.command("desk")
        await ines.press(desk, next(label for label in desk.buttons if label.startswith("Give feedback")))
        await ines.submit(text="Start with the second paragraph.")
    await world.until(AFTER)
    await end(world)
    page = await mia.command("")
    assert "3 wrap-ups can still be answered, marked late" in page.text
    assert page.text.index("wrap-ups can still") < page.text.index("feedback on")
    assert page.text.index("The draft") < page.text.index("feedback on")
    listed = await mia.press(page, "Late wrap-ups")
    assert listed.buttons == [f"Answer week {week}, late" for week in (3, 2, 1)]
    world.app.storage.close()


async def test_every_wrap_up_that_is_still_taken_is_offered(tmp_path: Path) -> None:
    weeks = "".join(f"  - {{title: More {n}, goal: Go on, minutes: 60}}\n" for n in range(4))
    world = new_world(tmp_path, course=COURSE.replace("prompts:\n", f"{weeks}prompts:\n"))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-02-25T12:00:00Z")
    await end(world)
    assert "7 wrap-ups can still be answered, marked late" in (await mia.command("")).text
    assert (await mia.command("wrapup")).buttons == [f"Answer week {week}, late" for week in range(7, 0, -1)]
    world.app.storage.close()


async def test_cards_shown_after_the_end_offer_nothing_that_is_refused(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, milestones=1)
    await world.until(AFTER)
    await end(world)
    await hand_in(mia, which="page")
    await world.wait(minutes=1)
    receipt = mia.find("Thank you, Mia. Received Wed 28")
    assert "Edit" in receipt.buttons
    assert "Ask" not in receipt.buttons
    for label in receipt.buttons:
        assert "so this is closed" not in (await mia.press(receipt, label)).text


# Notes and questions


async def note(mia: Speaker, text: str) -> Seen:
    """Mia writes a note to the instructors; returns its receipt."""
    await mia.say("dm", text)
    await mia.press(mia.last(), "A note for the course team")
    return mia.find("You hear when it was read")


async def test_notes_and_replies_outlive_the_end(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("ask", values={"text": "May I hand in a film?", "instructors_only": "yes"})
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Yes, do.")
    await note(mia, "I lost my laptop")
    await world.until("2026-01-09T16:30:00Z")
    said = (await sure(world)).text
    assert "1 note to the course team not read yet" in said
    assert "1 conversation with replies, not settled" in said
    assert "without an answer" not in said
    assert "Week 1 wrap-up: its report appears now" in said
    await end(world)
    page = await mia.command("")
    assert "The course team has answered your private question" in page.text
    assert "Yes, do." in (await mia.press(page, "Look")).text
    heard = len(mia.inbox())
    desk = await ines.command("desk")
    assert "I lost my laptop" in desk.text
    assert "Read." in (await ines.press(desk, "Mark as read (2)")).text
    await world.wait(days=4)
    (told,) = mia.inbox()[heard:]
    assert "Ines has read your note “I lost my laptop”" in told


@pytest.mark.parametrize("how", ["ended", "left"])
async def test_a_note_is_taken_back_after_the_end_and_after_leaving(world: World, how: str) -> None:
    mia = await world.learner("mia", "Mia")
    receipt = await note(mia, "I lost my laptop")
    if how == "ended":
        await end(world)
        await mia.press(receipt, "Edit")
        await mia.submit(text="I lost my keys")
        assert world.rows(QuestionRow)[0].text == "I lost my keys"
    else:
        await mia.press(await mia.command("leave"), "Leave")
    await mia.press(receipt, "Take it back")
    (row,) = world.rows(QuestionRow)
    assert (row.state, row.text) == ("withdrawn", "")


async def test_nobody_takes_back_somebody_elses_note(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await note(mia, "I lost my laptop")
    await end(world)
    for who in (leo.id, "eve", "ines"):
        await pressed(world, who, "questions.withdraw/1/1:1")
    assert world.rows(QuestionRow)[0].state == "open"


async def test_each_end_has_its_own_archive_message_with_the_way_back(world: World) -> None:
    omar = world.chat.person("omar")
    code = f"pacekeeper cohort reopen {world.cohort.code}"
    assert code in (await end(world)).text
    await reopen(world)
    await world.wait(days=1)
    await end(world)
    found = [text for text in omar.inbox() if text.startswith("The archive of Demo course")]
    assert len(found) == 2
    assert code in found[-1]


# What is one's own


async def test_page_work_and_answers_can_be_reached_after_the_end(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines = world.chat.person("ines")
    await solve(world, mia, ben, "How long may the report be?", "Ten pages")
    await ines.press(await ines.command("faq"), "Approve")
    await finish(world, mia)
    await world.until(AFTER)
    await end(world)
    page = await mia.command("")
    assert page.text.startswith("Demo course\nIt ended Wed 28 Jan.")
    assert "You have completed the course." in page.text
    assert "You are in no cohort that runs." in page.text
    did = await mia.press(page, "What I did")
    assert "- Milestone: The draft\n- Milestone: The page\n- Answered: 2 wrap-ups" in did.text
    found = await mia.command("find", "report length")
    assert "Ten pages" in found.text
    assert found.buttons == []
    assert "so it cannot be asked here" in (await mia.command("find", "zebra")).text
    assert "Demo course has ended" in (await mia.command("ask", "Is anybody here?", place="questions")).text
    eve = world.chat.person("eve", "Eve")
    assert "You are in no cohort that runs" in (await eve.command("find", "report")).text
    assert "Demo course has ended" in (await eve.command("find", "report", place="general")).text


async def test_two_cohorts_the_one_that_runs_is_meant_and_the_other_has_a_button(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia)
    await world.until(AFTER)
    second_cohort(world, "mia")
    await end(world)
    page = await mia.command("")
    assert "Other course" in page.text
    assert "It ended" not in page.text
    earlier = await mia.press(page, "Demo course (ended)")
    assert earlier.text.startswith("Demo course\nIt ended")
    assert "My certificate" in earlier.buttons
    assert "It ended" in (await mia.command("", place="general")).text
    assert "Other course" not in (await mia.command("", place="general")).text.partition("[")[0]


# The certificate's page


async def test_ones_own_certificate_needs_no_code(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await finish(world, mia)
    assert "You have no certificate yet" in (await mia.command("certificate")).text
    await world.until(AFTER)
    await end(world)
    assert "Your certificate is the file below" in (await mia.command("certificate")).text
    assert "You have no certificate yet" in (await leo.command("certificate")).text


async def publish(mia: Speaker) -> str:
    asked = await mia.press(await mia.command("certificate"), "Show it to others")
    assert "This will be on it, and nothing else" in asked.text
    shown = await mia.press(asked, "Make the page")
    found = re.search(rf"{ADDRESS}(/certificate/[A-Z0-9-]+)", shown.text)
    assert found
    return found[1]


async def test_a_page_shows_what_its_owner_agreed_to_until_they_take_it_away(world: World) -> None:
    evil = "Mia <script>alert(1)</script>\u202e[Win](http://evil.example)"
    mia = await world.learner("mia", evil)
    await finish(world, mia)
    await world.until(AFTER)
    await end(world)
    (row,) = world.rows(CertificateRow)
    async with open_browser(world) as employer:
        unknown = await employer.get("/certificate/ABCD-EFGH-JKMN")
        before = await employer.get(f"/certificate/{row.code}")
        assert (before.status_code, before.text) == (404, unknown.text)
        path = await publish(mia)
        for spelled in (path, path.lower(), path.replace("-", ""), f"{path}/"):
            page = await employer.get(spelled)
            assert page.status_code == 200
        assert "Mia &lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "<script" not in page.text
        assert 'href="http://evil' not in page.text
        assert "<strong>Demo course</strong>" in page.text
        assert [[*Outline(shown.text).faults()] for shown in (page, unknown)] == [[], []]
        assert "5 to 25 January 2026" in page.text
        assert "noindex" in page.headers["x-robots-tag"]
        assert page.headers["cache-control"] == "no-store"
        assert "set-cookie" not in page.headers
        # An address that was withdrawn while somebody reads it says what an unknown one says.
        gone = await mia.press(
            await mia.press(await mia.command("certificate"), "Show it to others"), "Take the page away"
        )
        assert "The page is gone" in gone.text
        after = await employer.get(path)
        assert (after.status_code, after.text) == (404, unknown.text)
        assert await publish(mia) == path


async def test_nobody_makes_a_page_of_somebody_elses_certificate(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await finish(world, mia)
    await world.until(AFTER)
    for verb in ("page", "show", "hide", "mine"):
        assert "There is no certificate of yours here" in await pressed(world, leo.id, f"completion.{verb}/1/1:")
    assert world.rows(CertificateRow)[0].shown_at is None


async def test_without_pages_there_is_a_text_to_pass_on(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=ENDING)
    mia = await world.learner("mia", "Mia")
    await finish(world, mia)
    await world.until(AFTER)
    said = await mia.press(await mia.command("certificate"), "Show it to others")
    assert "No pages are served here" in said.text
    assert "Mia completed Demo course, which ran from 5 to 25 January 2026." in said.text
    world.app.storage.close()


async def test_guessing_codes_ends_soon(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await finish(world, mia)
    await world.until(AFTER)
    (row,) = world.rows(CertificateRow)
    for number in range(10):
        assert "No certificate from here" in (await leo.command("certificate", f"ABCD-EFGH-JK{number}")).text
    assert "try again in an hour" in (await leo.command("certificate", row.code)).text
    assert "Mia completed Demo course." in (await mia.command("certificate", row.code)).text
    assert "You have no certificate yet" in (await leo.command("certificate")).text
    await world.wait(hours=2)
    assert "Mia completed Demo course." in (await leo.command("certificate", row.code)).text
    async with open_browser(world) as guesser:
        for number in range(20):
            assert (await guesser.get(f"/certificate/{number}")).status_code == 404
        assert (await guesser.get(f"/certificate/{row.code}")).status_code == 429


async def test_what_was_answered_in_time_is_not_told_of_after_the_end_and_its_reply_can_be_marked(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(AFTER)
    await end(world)
    await mia.press(await said(mia, "When do I get my certificate?"), "A private question to the course team")
    await ines.press(await ines.command("desk"), "Reply")
    replied = await ines.submit(text="It is on your final card.")
    await ines.press(replied, "This answers it")
    (question,) = world.rows(QuestionRow)
    assert question.state == "solved"
    await world.until("2026-02-02T12:00:00Z")
    assert "Late work or a question came in" not in " ".join(ines.inbox())
    assert "It is on your final card." in " ".join(mia.inbox())


async def test_a_private_message_after_the_end_becomes_a_question_or_late_work(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(AFTER)
    await end(world)
    card = await said(mia, "When do I get my certificate?")
    assert "Demo course has ended; its course team still reads what you send them here." in card.text
    assert "Ask it in the question channel" not in card.buttons
    await mia.press(card, "A private question to the course team")
    (question,) = world.rows(QuestionRow)
    assert (question.kind, question.state) == ("private", "open")
    await world.until("2026-02-02T12:00:00Z")
    assert "Late work or a question came in for Demo course, which has ended" in " ".join(ines.inbox())
    desk = await ines.command("desk")
    assert "When do I get my certificate?" in desk.text
    await ines.press(desk, "Reply")
    await ines.submit(text="Next week.")
    await world.until("2026-02-04T12:00:00Z")
    assert "Next week." in " ".join(mia.inbox())
    late = await said(mia, "here it is https://example.org/page")
    assert late.buttons[0] == "Hand it in"
    await mia.press(late, "Hand it in")
    which = mia.find("Which one is it for?")
    await mia.press(which, next(b for b in which.buttons if b.startswith("1. ")))
    (work,) = world.rows(SubmissionRow)
    assert work.link == "https://example.org/page"


async def test_a_late_wrap_up_can_be_written_to_the_bot_after_the_end(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(AFTER)
    await end(world)
    card = await said(mia, "I finished chapter nine")
    wrapup = next(b for b in card.buttons if "wrap-up" in b)
    await mia.press(card, wrapup)
    assert "Chapter nine" in "".join(row.body for row in world.rows(AnswerRow)).replace("chapter", "Chapter")


async def test_a_private_message_where_nothing_is_taken_any_more_says_where_it_goes(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(AFTER)
    await end(world, "End it, and take nothing more")
    assert "Write to somebody of the course team" in (await said(mia, "When do I get my certificate?")).text


async def test_the_pages_of_a_cohort_can_still_be_read(world: World) -> None:
    """By those who could read them before: a manager compares runs, an instructor gives feedback on late work, and a
    learner looks at what they did."""
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await leo.press(await leo.command("leave"), "Leave")
    assert mia
    await world.until(AFTER)
    await end(world)
    about = [p for p, _ in world.app.registry.pages if p.tab and "{cohort}" in p.path and p.roles <= STAFF]
    team = {page.path.format(cohort=1): page.roles for page in about}
    assert {"week/1", "learners/1", "milestones/1", "runs/1"} <= team.keys()
    for who, role in (("omar", Role.MANAGER), ("ines", Role.INSTRUCTOR), ("mia", Role.LEARNER), ("leo", Role.LEARNER)):
        async with open_browser(world) as browser:
            await enter(world, browser, who)
            for path, roles in team.items():
                page = await browser.get(f"/{path}")
                assert page.status_code == (200 if role in roles else 403), (who, path)
                assert "has ended, so this is closed" not in page.text
            assert (await browser.get("/progress/1")).status_code == (403 if who == "leo" else 200)
            if who == "omar":
                assert "None of your cohorts runs now." in (await browser.get("/managers-week")).text
                assert "/runs/1" in (await browser.get("/runs")).text


async def enter(world: World, browser: Any, who: str) -> None:
    person = world.app.storage.run_now(lambda unit: unit.people.owner(Account("sandbox", who)))
    assert person is not None
    invited = world.app.storage.run_now(lambda unit: unit.page_sessions.invite(person.id, "mine/"))
    await sign_in(world, browser, f"/in/{invited}")
