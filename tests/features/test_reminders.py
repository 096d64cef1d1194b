"""Reminders, as conversations."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen, Speaker
from bot.app.calendars import of_person
from bot.core.time import say
from bot.features.reminders import feature as planning
from storage.tables.schedule import DueRow
from storage.tables.voice import SpokenRow
from tests.features.test_milestones import WITH_WORK, extend
from tests.features.test_revisions import open_item
from tests.kit import COURSE, World, new_world

# 24 h before Mon 12 Jan 11:59 UTC, the last nine o'clock in Berlin before that.
SUNDAY_BERLIN = "2026-01-11T08:00:00Z"
IDS = ("wrapup/1", "draft")


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=WITH_WORK)


def reminders(speaker: Speaker) -> list[Seen]:
    return [s for s in speaker.sees() if "still open\n" in s.text]


async def test_one_reminder_for_everything_a_day_ahead(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-11T07:59:00Z")
    assert not reminders(mia)
    await world.until(SUNDAY_BERLIN)
    (card,) = reminders(mia)
    assert card.text.startswith("2 things are still open\n")
    assert "- Answer the week 1 wrap-up, due Mon 12 Jan, 12:00" in card.text
    assert "- Hand in “The first draft”, due Mon 12 Jan, 12:59" in card.text
    assert "Your notes" not in card.text
    assert card.buttons == ["Hand in “The first draft”", "I'm away", "Move my dates", "No reminders"]
    await world.until("2026-01-16T00:00:00Z")
    assert len(reminders(mia)) == 1


async def test_a_reminder_below_a_prompt_does_not_list_what_the_prompt_asks(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=WITH_WORK.replace("due: Sun 23:59 aoe, grace", "due: Sat 16:30 learner, grace"))
    mia = await world.learner("mia", "Mia")
    await mia.press(await mia.command("settings"), "Hour", "16")
    await world.until("2026-01-09T15:30:00Z")
    (card,) = reminders(mia)
    assert card.text.startswith("Week 1 wrap-up\n")
    assert "One thing is still open\n- Hand in “The first draft”" in card.text
    assert "- Answer the week 1 wrap-up" not in card.text
    world.app.storage.close()


INTRODUCTION = """\
  - id: hello
    title: Before we begin
    week: 1
    opens: Mon 08:00
    closes: Wed 23:59
    questions:
      - {id: who, kind: text, text: "Who are you?", audience: cohort}
milestones:
  - {id: draft, week: 1, title: The first draft, due: Sun 23:59 aoe, minutes: 60}
"""


async def test_an_introduction_due_on_wednesday_does_not_spend_the_reminder_of_the_week(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + INTRODUCTION, now="2026-01-02T08:00:00Z")
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T12:00:00Z")
    assert not reminders(mia)
    await world.until("2026-01-12T09:00:00Z")
    (card,) = reminders(mia)
    assert "- Hand in “The first draft”, due Mon 12 Jan, 12:59" in card.text
    world.app.storage.close()


async def test_each_reader_gets_it_by_their_own_clock(world: World) -> None:
    tom = await world.learner("tom", "Tom", "America/New_York")
    kai = await world.learner("kai", "Kai", "Pacific/Apia")
    await world.until("2026-01-10T13:59:00Z")
    assert not reminders(tom)
    await world.until("2026-01-10T14:00:00Z")
    assert "due Mon 12 Jan, 06:59" in reminders(tom)[0].text
    # In Apia the deadline is Tue 00:59; the last nine o'clock a day before that is Sunday's.
    await world.until("2026-01-10T19:59:00Z")
    assert not reminders(kai)
    await world.until("2026-01-10T20:00:00Z")
    assert "due Tue 13 Jan, 00:59" in reminders(kai)[0].text


async def test_who_has_nothing_open_is_not_reminded(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T16:00:00Z")
    await mia.command("submit", "https://example.org/draft")
    await mia.command("wrapup")
    await mia.submit(done="all of it")
    await world.until("2026-01-12T23:00:00Z")
    assert not reminders(mia)


async def test_who_wants_none_gets_none_until_they_do(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(SUNDAY_BERLIN)
    off = await mia.press(reminders(mia)[0], "No reminders")
    assert "You get no reminders." in off.text
    await world.until("2026-01-19T00:00:00Z")
    assert len(reminders(mia)) == 1
    await mia.press(off, "Remind me again")
    await world.until("2026-01-26T00:00:00Z")
    assert len(reminders(mia)) == 2


async def test_the_settings_lead_back_to_reminders(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    now = await mia.press(await mia.command("settings"), "Reminders")
    assert "You are reminded of what is open" in now.text
    await mia.press(now, "No reminders")
    off = await mia.press(await mia.command("settings"), "Reminders")
    assert off.buttons == ["Remind me again"]
    assert "Reminders" not in (await ines.command("settings")).buttons


async def test_a_moved_date_moves_its_reminder_and_none_comes_twice(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-06T10:00:00Z")
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.submit(milestone="draft", days="7")
    await ines.press(ines.find("Move The first draft"), "Move it")
    await world.until("2026-01-12T00:00:00Z")
    # What is due in more than a week is not spoken of yet.
    assert reminders(mia)[0].text.startswith("One thing is still open\n- Answer the week 1 wrap-up")
    await world.until("2026-01-18T08:00:00Z")
    assert "due Mon 19 Jan, 12:59" in reminders(mia)[1].text
    await mia.press(await mia.command("settings"), "Change my zone")
    await mia.submit(zone="America/New_York")
    await world.until("2026-01-19T00:00:00Z")
    assert len(reminders(mia)) == 2


async def test_a_sent_reminder_quotes_the_date_that_moved(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    ines = world.chat.person("ines")
    await world.until(SUNDAY_BERLIN)
    await mia.press(await mia.press(reminders(mia)[0], "Move my dates"), "The first draft")
    await mia.submit(days="2")
    assert "- Hand in “The first draft”, due Wed 14 Jan, 12:59" in reminders(mia)[0].text
    assert "- Hand in “The first draft”, due Mon 12 Jan, 12:59" in reminders(leo)[0].text
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.press(await ines.submit(starts_on="12 January"), "Use it")
    await world.wait(minutes=1)
    (card,) = reminders(leo)
    assert "- Hand in “The first draft”, due Mon 19 Jan, 12:59" in card.text
    assert "- Answer the week 1 wrap-up, due Mon 19 Jan, 12:00" in card.text


@pytest.mark.parametrize("ways", [["12 January", "5 January"], ["12 January", "19 January", "12 January"]])
async def test_a_sent_reminder_follows_a_start_that_moves_there_and_back(world: World, ways: list[str]) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-11T15:00:00Z")
    before = reminders(mia)[0].text
    for starts_on in ways:
        await ines.press(await ines.command("course", place="general"), "Change dates")
        await ines.press(await ines.submit(starts_on=starts_on), "Use it")
        await world.wait(minutes=5)
        # Every date that it quotes is the one of the learner's own calendar.
        mine = [d for d in of_person(world.app.storage, "demo", "mia")[2] if d.kind in ("due", "closes")]
        dates = {d.id: say(d.at, "Europe/Berlin") for d in mine}
        (card,) = reminders(mia)
        quoted = [line.split(", due ")[1] for line in card.text.partition("Also:")[0].split("\n") if ", due " in line]
        assert sorted(quoted) == sorted(dates[id] for id in IDS)
    if ways[-1] == "5 January":
        assert reminders(mia)[0].text == before


async def test_news_below_a_card_follows_a_date_that_moves_again(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T06:00:00Z")
    for due in ("Sat 12:00 learner", "Sun 12:00 learner"):
        ines = await open_item(world, "Milestones", "Milestone: The first draft")
        await ines.press(await ines.submit(due=due), "Use it")
        await world.wait(days=2)
    (card,) = [text for text in mia.inbox() if text.startswith("Week 1: ")]
    assert "The first draft is due Sun 11 Jan, 12:00, not Mon 12 Jan, 12:59" in card.partition("Also:")[2]
    assert "Sat 10 Jan, 12:00" not in card


async def test_news_of_a_moved_date_takes_no_reminders_place(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=WITH_WORK.replace("Sun 23:59 aoe, grace", "Thu 18:00 learner, grace"))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T10:00:00Z")
    ines = await open_item(world, "Milestones", "Milestone: The first draft")
    await ines.press(await ines.submit(due="Fri 12:00 learner"), "Use it")
    # Friday's prompt would bring the news too late. Thursday's date, which Mia knows, is near on Wednesday morning.
    await world.until("2026-01-07T07:59:00Z")
    assert not [text for text in mia.inbox() if "not Thu 8 Jan" in text]
    await world.until("2026-01-07T08:00:00Z")
    (news,) = [text for text in mia.inbox() if "not Thu 8 Jan" in text]
    assert news == "Demo course\n- The first draft is due Fri 9 Jan, 12:00, not Thu 8 Jan, 18:00."
    await world.until("2026-01-10T00:00:00Z")
    assert "due Fri 9 Jan, 12:00" in reminders(mia)[0].text
    assert [spoken.awaited for spoken in world.rows(SpokenRow, role="learner")].count(True) == 1
    world.app.storage.close()


async def test_an_earlier_reminder_follows_a_date_that_moves_far(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-11T15:00:00Z")
    await extend(world, ines, milestone="draft", days="7")
    await ines.press(ines.find("Move The first draft for everybody?"), "Move it")
    await world.until("2026-01-18T12:00:00Z")
    assert ["“The first draft”, due Mon 19 Jan, 12:59" in card.text for card in reminders(mia)] == [True, True]
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.press(await ines.submit(starts_on="19 January"), "Use it")
    await world.wait(minutes=5)
    assert "Mon 19 Jan, 12:59" not in " ".join(card.text.partition("Also:")[0] for card in reminders(mia))


async def test_those_of_many_learners_are_planned_some_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 2)
    learners = [await world.learner(f"l{n}", f"Learner {n}") for n in range(5)]
    ines = world.chat.person("ines")
    await world.until("2026-01-06T09:00:00Z")
    await extend(world, ines, milestone="draft", days="2")
    seen = ines.find("Move The first draft for everybody?")
    await ines.press(seen, "Move it")
    rounds = [r.occurrence.partition("/")[0] for r in world.rows(DueRow, kind=planning.PLAN, state="done")]
    assert len(rounds) == 1 + 3, "once for the cohort's beginning, and then three times for two learners at most"
    # Of the wrap-up on Sunday, and of the draft a day before its new date.
    await world.until("2026-01-13T23:00:00Z")
    assert [len(reminders(learner)) for learner in learners] == [2] * 5


async def test_leaving_and_the_end_unplan(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert [r for r in world.rows(DueRow, kind="reminders.remind") if r.state == "planned"]
    await mia.press(await mia.command("leave"), "Leave")
    assert not [r for r in world.rows(DueRow, kind="reminders.remind") if r.state == "planned"]


async def test_what_is_done_leaves_the_reminder_to_what_is_still_open(world: World) -> None:
    # For New York the draft is due first, on Monday at 6:59, and its reminder would come on Saturday.
    tom, zoe = [await world.learner(id, id.title(), "America/New_York") for id in ("tom", "zoe")]
    await world.until("2026-01-10T13:00:00Z")
    await tom.command("submit", "https://example.org/draft")
    await zoe.command("submit", "https://example.org/draft")
    await zoe.press(await zoe.press(zoe.find("The first draft\nThank you"), "Take it back"), "Take it back")
    await world.until("2026-01-10T14:00:00Z")
    assert not reminders(tom)
    assert len(reminders(zoe)) == 1
    await world.until("2026-01-11T14:00:00Z")
    assert reminders(tom)[0].text.startswith("One thing is still open\n- Answer the week 1 wrap-up")
    await world.until("2026-01-12T23:00:00Z")
    assert [len(reminders(one)) for one in (tom, zoe)] == [1, 1]


async def test_a_sent_reminder_names_what_is_still_open(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(SUNDAY_BERLIN)
    (sent,) = reminders(mia)

    async def now() -> Seen:
        await world.wait(minutes=1)
        return next(s for s in mia.sees() if s.id == sent.id)

    await mia.command("submit", "https://example.org/draft")
    assert (await now()).text.startswith("One thing is still open\n- Answer the week 1 wrap-up")
    await mia.press(await now(), "Answer the week 1 wrap-up")
    await mia.submit(done="All")
    assert (await now()).text.startswith("Everything that this reminder named is done. Thank you.")
    work = mia.find("The first draft\nThank you")
    await mia.press(await mia.press(work, "Take it back"), "Take it back")
    assert (await now()).text.startswith("One thing is still open\n- Hand in “The first draft”")
    assert len(reminders(mia)) == 1


async def test_two_a_week_are_two_messages_whatever_moves_in_between(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    course = WITH_WORK[: WITH_WORK.index("prompts:")] + WITH_WORK[WITH_WORK.index("milestones:") :]
    course = course.replace("Wed 18:00 learner", "Fri 18:00 learner") + "messages: {reminders: 2}\n"
    world = new_world(tmp_path_factory.mktemp("world"), course=course)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T10:00:00Z")
    assert len(reminders(mia)) == 1
    await mia.press(await mia.command("settings"), "Change my zone")
    await mia.submit(zone="Europe/Paris")
    await world.until("2026-01-12T00:00:00Z")
    assert ["Your notes" in r.text for r in reminders(mia)] == [True, False]


async def test_what_is_essential_and_overdue_comes_first_with_its_button(tmp_path: Path) -> None:
    work = """\
milestones:
  - {id: plan, week: 1, title: The plan, due: Wed 18:00 learner, late: 12 days, essential: yes, minutes: 60}
  - {id: photo, week: 2, title: A photo, due: Mon 11:00 learner, late: refused, minutes: 10}
"""
    world = new_world(tmp_path, course=COURSE + work)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-18T20:00:00Z")
    last = reminders(mia)[-1]
    lines = [line for line in last.text.split("\n") if line.startswith("- ")]
    assert lines[0].startswith("- Hand in “The plan”, was due Wed 7 Jan, 18:00")
    assert any(line.startswith("- Answer the week 2 wrap-up") for line in lines[1:])
    assert last.buttons[0] == "Hand in “The plan”"
    world.app.storage.close()


async def test_no_reminder_comes_with_a_word_of_the_course_team(world: World) -> None:
    mia, leo, ines = await world.learner("mia", "Mia"), await world.learner("leo", "Leo"), world.chat.person("ines")
    await world.until("2026-01-09T16:00:00Z")
    await mia.command("wrapup")
    await mia.submit(done="The reading", stuck="I do not sleep well.")
    await world.until("2026-01-10T20:00:00Z")
    desk = await ines.command("desk")
    assert desk.reply is not None
    await ines.press(desk, next(b for b in desk.reply.buttons if b.startswith("Reply")))
    await ines.submit(text="Are you well?")
    await world.until(SUNDAY_BERLIN)
    await world.wait(minutes=5)
    assert reminders(leo)
    assert any("Are you well?" in text for text in mia.inbox())
    assert not reminders(mia)


async def test_a_long_reminder_says_how_many_it_does_not_list(tmp_path: Path) -> None:
    work = "milestones:\n" + "".join(
        f"  - {{id: m{n}, week: 1, title: Piece {n}, due: Sun 18:00 learner, late: refused, minutes: 5}}\n"
        for n in range(1, 8)
    )
    world = new_world(tmp_path, course=COURSE + work)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-10T20:00:00Z")
    (card,) = reminders(mia)
    assert card.text.startswith("7 things are still open\n")
    assert card.text.count("\n- Hand in") == 5
    assert "And 2 more: /cohort shows them." in card.text
    world.app.storage.close()
