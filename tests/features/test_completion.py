"""The end of a course and of a cohort, as conversations."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.driver import Speaker
from bot.core.events import ButtonPressed
from bot.core.message import Document
from bot.core.people import Account, Actor, Place
from bot.core.plain import plain
from bot.core.turn import Turn
from bot.course.loader import course_of, load
from bot.features.milestones import dates
from bot.runtime.turns import take_turn
from storage.tables.completion import CertificateRow
from storage.tables.schedule import DueRow
from storage.tables.wrapups import AnswerRow
from tests.kit import COURSE, World, new_world, receipt_of

ENDING = COURSE.replace(
    "weekly_minutes: 300", 'weekly_minutes: 300, completion: "all essential milestones and 2 wrap-ups"'
)
ENDING += """\
milestones:
  - {id: draft, week: 2, title: The draft, due: Sun 20:00, late: accepted, essential: yes, minutes: 45}
  - {id: page, week: 3, title: The page, due: Sun 20:00, late: 7 days, essential: yes, minutes: 60}
  - {id: extra, week: 2, title: An extra, due: Sun 20:00}
"""
AFTER = "2026-01-28T12:00:00Z"
"""The last wrap-up closes on Monday 26 January: the card comes on Tuesday, or a day after another one."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=ENDING)
    yield made
    made.app.storage.close()


async def answer(speaker: Speaker, week: int, text: str = "Read chapter one", stuck: str = "") -> None:
    await speaker.press(speaker.find(f"Week {week} wrap-up"), "Answer")
    await speaker.submit(done=text, stuck=stuck)


async def hand_in(speaker: Speaker, link: str = "https://example.org/work", which: str = "") -> None:
    await speaker.command("submit", values={"work": link})
    if speaker.form is not None:
        await speaker.submit({"milestone": which} if which else {})


async def finish(world: World, *speakers: Speaker, wrapups: int = 2, milestones: int = 2) -> None:
    """These learners do so much, each at the time at which it is asked for."""
    for week, friday in ((1, "09"), (2, "16"), (3, "23")):
        await world.until(f"2026-01-{friday}T15:30:00Z")
        for speaker in speakers:
            if week <= wrapups:
                await answer(speaker, week, stuck="on sampling")
            if week == 2 and milestones:
                await hand_in(speaker, which="draft")
            if week == 3 and milestones > 1:
                await hand_in(speaker, which="page")


def final(speaker: Speaker) -> list[str]:
    return [t for t in speaker.inbox() if "is over" in t.split("\n")[0] or t.startswith("You have completed")]


def files(world: World, speaker: Speaker, words: str) -> dict[str, str]:
    """The documents of a message, by name."""
    post = world.chat.sandbox.platform.post(speaker.find(words).id)
    return {b.name: b.text for b in post.message.blocks if isinstance(b, Document)} if post.message else {}


# Progress and the final card


async def test_ones_own_certificate_is_on_ones_page(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await finish(world, mia)
    assert "My certificate" not in (await mia.command("")).buttons
    await world.until(AFTER)
    page = await mia.command("")
    assert "You have completed the course. Your certificate's code is" in page.text
    assert "Progress:" not in page.text
    again = await mia.press(page, "My certificate")
    assert "[File: certificate.html]" in again.text
    assert "My certificate" not in (await tom.command("")).buttons


async def test_after_the_end_the_course_team_reads_what_came_in(world: World) -> None:
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    await omar.press(sure, "End the cohort")
    assert "Demo course ended Mon 5 Jan." in (await ines.command("desk")).text
    overview = await omar.command("overview")
    assert "Demo course: ended Mon 5 Jan." in overview.text
    assert "End this cohort" not in overview.buttons
    for said in (await ines.command("desk"), await ines.command("ask", "Anybody?"), overview):
        assert "join CODE" not in said.text


async def test_progress_stands_last_on_ones_own_page_and_is_nothing_to_do(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-16T15:30:00Z")
    await answer(mia, 2)
    page = await mia.command("")
    assert "Progress: 0 of 2 essential milestones, 1 of 2 wrap-ups" in page.text
    await hand_in(mia, which="draft")
    page = await mia.command("")
    lines = page.text.split("\n")
    assert lines.index("Progress: 1 of 2 essential milestones, 1 of 2 wrap-ups") > max(
        n for n, line in enumerate(lines) if line.startswith("- ")
    )
    assert "Progress" not in (await mia.command("next")).text
    assert "Progress" not in (await world.chat.person("ines").command("")).text


async def test_who_has_completed_gets_thanks_and_a_certificate_that_anyone_can_check(world: World) -> None:
    mia = await world.learner("mia", "Mia <b>")
    leo = await world.learner("leo", "Leo")
    await finish(world, mia)
    await world.until("2026-01-27T07:59:00Z")
    assert final(mia) == []
    await world.until(AFTER)
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course\nWell done, Mia <b>, and thank you")
    assert "- Milestone: The draft\n- Milestone: The page\n- Answered: 2 wrap-ups" in card
    assert "Leo" not in card
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", card)
    assert code is not None
    page = files(world, mia, "You have completed")["certificate.html"]
    assert "Mia &lt;b&gt;" in page
    assert code[0] in page
    assert "5 January to 25 January 2026".replace("5 January to", "5 to") in page
    assert not re.search(r"(src|href)=|url\(|@import|<script", page)
    eve = world.chat.person("eve", "Eve")
    for typed in (code[0], code[0].lower().replace("-", " ")):
        said = await eve.command("certificate", typed)
        assert "Mia <b> completed Demo course." in said.text
        assert "from 5 to 25 January 2026" in said.text
    assert "No certificate from here" in (await leo.command("certificate", "ABCD-EFGH-JKMN")).text


async def test_a_name_changes_nothing_once_it_is_issued(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia)
    await world.until(AFTER)
    world.chat.sandbox.platform.add_person("mia", "Someone else", "Europe/Berlin", "")
    await mia.command("")
    (row,) = world.rows(CertificateRow)
    assert "Mia completed" in (await mia.command("certificate", row.code)).text


async def test_what_is_missing_is_said_kindly_and_handing_it_in_turns_the_card(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    (card,) = final(mia)
    assert "You have 1 of 2 essential milestones, 1 of 2 wrap-ups." in card
    assert "- The page: late work counts until Mon 2 Feb, 09:00" in card
    assert "- 1 more wrap-up: late answers count, from week 2 or 3" in card
    assert "The draft" not in card.partition("missing")[2]
    assert world.rows(CertificateRow) == []
    messages = len(mia.inbox())
    await mia.press(mia.find("Demo course is over"), "Hand in: The page")
    await mia.submit(link="https://example.org/page")
    assert "You have 2 of 2 essential milestones, 1 of 2 wrap-ups." in final(mia)[0]
    await mia.press(mia.find("Demo course is over"), "Answer week 2")
    await mia.submit(done="All of it")
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course")
    assert len([t for t in mia.inbox() if t in card]) == 1
    assert len(mia.inbox()) <= messages + 2  # the two receipts
    (row,) = world.rows(CertificateRow)
    await mia.press(mia.find("Week 2 wrap-up"), "Edit")
    await mia.submit(done="All of it, and more")
    assert world.rows(CertificateRow) == [row]
    assert len(final(mia)) == 1


async def test_the_card_follows_ones_own_clock(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=ENDING)
    mia = await world.learner("mia", "Mia", "Pacific/Auckland")
    (row,) = world.rows(DueRow, kind="completion.final")
    # Their own last prompt closes on Monday 12:00 in Auckland: Tuesday 09:00 there.
    assert row.at == world.at("2026-01-26T20:00:00Z")
    await world.until("2026-01-20T12:00:00Z")
    await mia.command("settings", "Lisbon")
    (row,) = world.rows(DueRow, kind="completion.final")
    assert row.at == world.at("2026-01-27T09:00:00Z")
    world.app.storage.close()


async def test_a_course_that_asks_for_nothing_certifies_nothing(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    mia = await world.learner("mia", "Mia")
    assert "Progress" not in (await mia.command("")).text
    await world.until("2026-01-09T15:30:00Z")
    await answer(mia, 1)
    await world.until(AFTER)
    (card,) = final(mia)
    assert "Thank you for having been here, Mia." in card
    assert "- Answered: 1 wrap-up" in card
    assert world.rows(CertificateRow) == []
    world.app.storage.close()


async def test_who_joined_late_is_measured_by_what_was_theirs(world: World) -> None:
    await world.until("2026-01-22T08:00:00Z")
    late = await world.learner("tane", "Tāne")
    # Two wrap-ups are needed, and one is left; the essential milestones have dates of their own.
    assert "Progress: 0 of 2 essential milestones, 0 of 1 wrap-up" in (await late.command("")).text


async def test_who_leaves_gets_no_final_card(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-23T15:30:00Z")
    await mia.press(await mia.command("leave"), "Leave")
    assert world.rows(DueRow, kind="completion.final", state="planned") == []


async def test_who_is_away_hears_it_when_they_are_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await finish(world, mia)
    await world.until("2026-01-24T12:00:00Z")
    await mia.command("away", "pause")
    await world.until("2026-02-03T12:00:00Z")
    assert final(mia) == []
    await mia.command("away", "back")
    await world.until("2026-02-05T12:00:00Z")
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course")


async def test_the_final_card_of_who_is_paused_at_the_end_waits_for_their_return(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await finish(world, mia)
    await world.until("2026-01-24T12:00:00Z")
    await mia.command("away", "pause")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    assert "Nobody gets a message; 1 new certificate." in sure.text
    assert "1 learner is away, and gets the final card when they are back." in sure.text
    ended = await omar.press(sure, "End the cohort")
    assert "1 learner is away, and gets the final card when they are back." in ended.text
    (row,) = world.rows(CertificateRow)
    assert row.name == "Mia"
    await world.until("2026-03-02T12:00:00Z")
    assert final(mia) == []
    back = await mia.press(await mia.command(""), "I'm back")
    assert "Demo course has ended meanwhile." in back.text
    await world.wait(hours=24)
    (card,) = final(mia)
    assert card.startswith("You have completed Demo course")
    await world.wait(days=14)
    assert len(final(mia)) == 1


async def test_who_is_away_at_the_end_gets_one_card_on_the_day_after_their_last_day(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.until("2026-01-20T12:00:00Z")
    await mia.command("away", "2026-02-05")
    assert "One card comes Fri 6 Feb, 09:00" in receipt_of(mia).text
    before = len(mia.inbox())
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    await omar.press(sure, "End it, and take nothing more")
    await world.until("2026-02-06T07:59:00Z")
    assert len(mia.inbox()) == before
    await world.until("2026-02-20T12:00:00Z")
    (card,) = mia.inbox()[before:]
    assert card.startswith("Demo course is over")
    assert "takes no more work" in card


async def test_more_time_for_all_moves_the_card_and_a_card_that_stands_says_the_new_date(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await finish(world, mia, milestones=1)
    await world.until(AFTER)
    assert "The page: late work counts until Mon 2 Feb, 09:00" in final(mia)[0]

    def move(turn: Turn[Any]) -> None:
        turn.cohort, turn.person = world.cohort, turn.people.owner(Account("sandbox", ines.id))
        dates.move(turn, course_of(ENDING).milestones[1], None, 7)

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "milestones", world.clock.now(), move))
    await world.settle()
    assert "The page: counts until Mon 9 Feb, 09:00" in final(mia)[0]
    assert len(final(mia)) == 1


# The completion list


async def test_the_list_names_states_to_the_course_team_and_brings_the_file(world: World) -> None:
    mia, leo = await world.learner("mia", "=Mia"), await world.learner("leo", "Leo")
    await world.learner("aiko", "Aiko")
    omar = world.chat.person("omar")
    await finish(world, mia)
    await world.until(AFTER)
    seen = await omar.press(await omar.command("overview"), "Completion")
    assert "1 of 1 active have completed it; 1 of 3 learners in all." in seen.text
    assert "Completed:\n- =Mia" in seen.text
    assert "- Leo: “The draft”, “The page”; 2 more wrap-ups (not heard at the end)" in seen.text
    rows = list(csv.reader(StringIO(files(world, omar, "Completion of Demo course")["completion.csv"])))
    assert rows[0] == ["name", "account", "milestones", "wrap-ups", "completed on"]
    assert rows[1] == ["'=Mia", "mia", "2 of 2", "2 of 2", "2026-01-23"]
    assert rows[2] == ["Leo", "leo", "0 of 2", "0 of 2", ""]
    assert leo.find("is over")


async def test_the_button_comes_with_the_last_week(world: World) -> None:
    omar = world.chat.person("omar")
    await world.until("2026-01-18T20:00:00Z")
    assert "Completion" not in (await omar.command("overview")).buttons
    await world.until("2026-01-19T09:00:00Z")
    assert "Completion" in (await omar.command("overview")).buttons


# The end of a cohort


async def test_the_next_run_gets_a_proposal_where_people_got_stuck(tmp_path: Path) -> None:
    checked = ENDING.replace("goal: Go on, ", 'goal: Go on, self_check: [{question: "Who reads it?", answer: You}], ')
    for number, (course, proposal) in enumerate(
        [
            (ENDING, "late or did not hand in: a `self_check` or a scenario in week 2 may help"),
            (checked, "late or did not hand in: a scenario in week 2 may help"),
        ]
    ):
        (tmp_path / str(number)).mkdir()
        world = new_world(tmp_path / str(number), course=course)
        people = [await world.learner(f"l{n}", f"Learner {n}") for n in range(5)]
        await finish(world, people[0])
        omar = world.chat.person("omar")
        await world.until("2026-01-25T21:00:00Z")
        await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
        text = files(world, omar, "The archive of Demo course")["demo-next.yaml"]
        assert proposal in text
        world.app.storage.close()


async def test_closing_asks_shows_every_card_and_brings_the_archive(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    omar = world.chat.person("omar")
    await finish(world, mia)
    asked = (await leo.say("questions", "May I reuse last year's data?")).message
    assert asked is not None
    reply = (await world.chat.person("ines").say("questions", "Yes, if you say so.", thread=asked)).message
    assert reply is not None
    await leo.react(reply, "✅")
    await world.until("2026-01-25T20:00:00Z")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    assert "2 learners get the final card now; 1 new certificate." in sure.text
    assert "You get the archive" in sure.text
    before = len(leo.inbox())
    ended = await omar.press(sure, "End the cohort")
    assert "Demo course has ended. 2 learners get the final card." in ended.text
    assert final(mia)[0].startswith("You have completed")
    assert "The cohort has ended; what you were promised is still taken." in final(leo)[0]
    assert len(leo.inbox()) == before + 1
    assert "End the cohort" not in [b for s in leo.sees("dm") for b in s.buttons]
    found = files(world, omar, "The archive of Demo course")
    assert list(found) == ["completion.csv", "faq.md", "demo-next.yaml"]
    assert "Mia,mia,2 of 2,2 of 2,2026-01-23" in found["completion.csv"]
    text = found["demo-next.yaml"]
    assert load(text) == load(ENDING)
    assert "# Run demo, 5 to 25 January 2026: 2 learners, 2 active at the end; 1 completed the course." in text
    assert "  # Run demo: 60 min planned; 1 of 2 answered the wrap-up (50 %); no questions." in text
    assert "1 question, 1 got a reply within 24 h." in text
    assert "  # Run demo: 45 min planned, 1 of 2 handed it in, none late, 1 not; no feedback on it yet." in text
    assert "sampling" not in text
    assert "Leo" not in text
    # Nothing more comes, to anybody.
    counts = [len(p.inbox()) for p in (mia, leo, omar)]
    assert {d.kind for d in world.rows(DueRow, cohort=world.cohort.id, state="planned")} <= {"completion.closed"}
    await world.until("2026-03-01T12:00:00Z")
    assert [len(p.inbox()) for p in (mia, leo, omar)] == counts


async def test_a_card_that_stands_keeps_its_word_at_the_end(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await finish(world, mia, wrapups=1, milestones=1)
    await world.until(AFTER)
    before, said = len(mia.inbox()), final(mia)[0]
    # The survey closes with the cohort.
    buttons = [button for button in mia.find("is over").buttons if button != "The course as a whole"]
    assert buttons
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    assert "Nobody gets a message." in sure.text
    await omar.press(sure, "End the cohort")
    assert mia.find("is over").buttons == buttons
    assert len(mia.inbox()) == before
    until = "- The page: late work counts until Mon 2 Feb, 09:00"
    assert until in said
    assert until in final(mia)[0]


async def test_a_cohort_that_has_not_begun_ends_without_a_word(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=ENDING, now="2026-01-02T08:00:00Z")
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    before = len(mia.inbox())
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    assert "the course has not begun" in sure.text
    await omar.press(sure, "End the cohort")
    assert len(mia.inbox()) == before
    world.app.storage.close()


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("completion.close_now/1/1:", "instructors and managers"),
        ("completion.list/1/1:", "instructors and managers"),
        ("enrolment.close_now/1/1:", "from an older version"),
    ],
)
async def test_a_button_that_is_not_theirs_or_is_old_does_nothing(world: World, action: str, said: str) -> None:
    await world.learner("mia", "Mia")
    mia = Actor(Account("sandbox", "mia"), "Mia")
    place = Place("sandbox", "general")
    pressed = ButtonPressed(actor=mia, place=place, id="1", at=world.clock.now(), action=action)
    answered = await world.app.runtime.receive(pressed)
    assert answered.message is not None
    assert said in plain(answered.message)
    assert world.app.storage.run_now(lambda unit: unit.people.cohorts())


async def test_an_ended_cohort_answers_kindly_and_takes_nothing(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await finish(world, mia, wrapups=1)
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    for command in ("ask", "solved", "away"):
        said = (await mia.command(command, place="general")).text
        assert "Demo course has ended. Everything that was said here is kept" in said, command
    for command in ("", "next"):
        said = (await mia.command(command, place="general")).text
        assert said.startswith("Demo course\nIt ended"), command
    root = next(s for s in mia.sees("general") if "wrap-up" in s.text and s.by == "bot")
    posts = len(mia.sees("general"))
    answers = [(r.body, r.changed_at) for r in world.rows(AnswerRow)]
    await mia.say("general", "One more thing that I have learnt", thread=root.id)
    await mia.say("questions", "Is anybody still here?")
    await mia.say("dm", "And this is my week 3 answer")
    assert [(r.body, r.changed_at) for r in world.rows(AnswerRow)] == answers
    assert len(mia.sees("general")) == posts + 1
    assert "I do not pass “Is anybody still here?” on to the course team." in mia.last("questions").text
    assert omar.last("questions").text == "Is anybody still here?"
