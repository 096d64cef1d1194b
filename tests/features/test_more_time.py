"""More time that a learner asks for, and more time for the whole run, as conversations."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.core.forms import ChoiceField, Form
from storage.tables.inbox import DraftRow
from storage.tables.milestones import MoveRow, RequestRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import PersonRow
from tests.features.test_erasure import copy, everything, forget
from tests.features.test_milestones import lines, planned_anew, press, said
from tests.kit import COURSE, World, new_world

WORK = """\
milestones:
  - {id: draft, week: 1, title: The first draft, due: Sun 18:00 learner, late: 2 days,
     extension: {self: 1 day, ask: 10 days, auto: 3 days}, essential: yes, minutes: 60}
  - {id: page, week: 3, title: The page, opens: Mon 09:00, due: Sun 18:00 learner, late: refused,
     extension: 7 days by instructor, minutes: 90}
"""


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=COURSE + WORK)


async def open_form(mia: Speaker) -> Form:
    found = await mia.press(await mia.command("away"), "Move my dates")
    if "The first draft" in found.buttons:
        await mia.press(found, "The first draft")
    assert mia.form is not None
    return mia.form


def one_of(desk: Result, label: str) -> str:
    """The first button with this label, which has a number if several requests are on the desk."""
    assert desk.reply is not None
    return next(b for b in desk.reply.buttons if b.partition(" (")[0] == label)


async def from_desk(ines: Speaker, label: str) -> Result:
    desk = await ines.command("desk")
    return await ines.press(desk, one_of(desk, label))


async def ask(mia: Speaker, days: int, reason: str = "") -> str:
    """Asks for the first draft."""
    await open_form(mia)
    return (await mia.submit({"days": str(days), **({"reason": reason} if reason else {})})).text


async def test_a_request_is_answered_yes_by_one_press_and_reaches_the_learner_once(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines = world.chat.person("ines")
    form = await open_form(mia)
    assert isinstance(form.fields[0], ChoiceField)
    assert [o.label for o in form.fields[0].options][:5] == [
        "1 day: Mon 12 Jan, 18:00",
        "2 days: Tue 13 Jan, 18:00",
        "3 days: Wed 14 Jan, 18:00",
        "4 days: Thu 15 Jan, 18:00 (ask)",
        "5 days: Fri 16 Jan, 18:00 (ask)",
    ]
    assert "Your other dates stay." in form.intro
    assert "you need no proof" in form.fields[1].hint
    asked = await mia.submit(days="5", reason="My father is ill.")
    assert "You asked for more time for The first draft, until Fri 16 Jan, 18:00." in asked.text
    card = mia.find("More time: The first draft")
    assert "Until they do, work that comes by Fri 16 Jan, 18:00 is not late." in card.text
    assert "You asked for more time for “The first draft”, until Fri 16 Jan, 18:00" in (await mia.command("")).text
    desk = await ines.command("desk")
    assert "Mia, “The first draft”: until Fri 16 Jan, 18:00, not Sun 11 Jan, 18:00" in desk.text
    assert "My father is ill." in desk.text
    assert "Has not asked before" in desk.text
    overview = (await world.chat.person("omar").command("overview")).text
    assert "Requests for more time that wait: 1" in overview
    done = await ines.press(desk, one_of(desk, "Yes"))
    assert "The first draft is due Fri 16 Jan, 18:00 for Mia now. They are told at their next hour." in done.text
    assert "Ines gave you more time: it is due Fri 16 Jan, 18:00 now." in mia.find("More time: The first draft").text
    again = await ines.press(desk, one_of(desk, "Yes"))
    assert "gave Mia time until Fri 16 Jan, 18:00 already" in again.text
    await world.until("2026-01-06T20:00:00Z")
    told = lines(
        mia.inbox(), "Yes: you have more time. The first draft is due Fri 16 Jan, 18:00, not Sun 11 Jan, 18:00."
    )
    assert len(told) == 1
    assert "Fri 16 Jan, 18:00" in (await mia.command("")).text
    assert "Sun 11 Jan, 18:00" in (await ben.command("")).text
    assert not [text for text in ben.inbox() if "16 Jan" in text or "father" in text]
    assert not [seen.text for seen in ben.sees("general") if "16 Jan" in seen.text]


async def test_a_request_within_auto_is_granted_at_once(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    assert "The first draft is due Wed 14 Jan, 18:00 for you now." in await ask(mia, 3, "A busy week")
    assert "Requests" not in (await ines.command("desk")).text
    # What the course granted is seen beside the next request.
    assert "You asked for more time" in await ask(mia, 2)
    desk = (await ines.command("desk")).text
    assert "until Fri 16 Jan, 18:00, not Wed 14 Jan, 18:00" in desk
    assert "Asked before: “The first draft”, 3 days (granted by the course)" in desk


async def test_a_form_whose_days_have_passed_comes_back_with_those_that_are_left(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await open_form(mia)
    await world.until("2026-01-13T20:00:00Z")
    again = await mia.submit(days="1", reason="My father is ill.")
    assert again.errors == {"days": "Please pick one of the choices."}
    assert again.form is not None
    days, reason = again.form.fields
    assert isinstance(days, ChoiceField)
    assert (days.value, days.options[0].label) == ("", "3 days: Wed 14 Jan, 18:00")
    assert reason.value == "My father is ill."
    assert not (await mia.submit(days="3")).errors


async def test_the_instructor_gives_another_day_or_writes_back(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines = world.chat.person("ines")
    await ask(mia, 8)
    await ask(ben, 9, "I was on a trip")
    desk = await ines.command("desk")
    await ines.press(desk, one_of(desk, "Another day"))
    assert ines.form is not None
    assert ines.form.title == "More time for Mia"
    assert isinstance(ines.form.fields[0], ChoiceField)
    labels = [o.label for o in ines.form.fields[0].options]
    # Two weeks day by day, then by the week, and no further than two weeks after the course, which is said.
    assert labels[0] == "1 day: Mon 12 Jan, 18:00"
    assert labels[13:] == [
        "14 days: Sun 25 Jan, 18:00",
        "21 days: Sun 1 Feb, 18:00, after the last week",
        "28 days: Sun 8 Feb, 18:00, after the last week",
    ]
    given = await ines.submit(days="6", text="The reviews begin on Sunday.")
    assert "The first draft is due Sat 17 Jan, 18:00 for Mia now." in given.text
    await from_desk(ines, "Write back")
    assert (await ines.submit(text=" ")).errors
    assert "Ben reads your words at their next hour" in (await ines.submit(text="Hand in what you have.")).text
    await world.until("2026-01-06T20:00:00Z")
    (told,) = lines(mia.inbox(), "not until the day that you asked for. Ines writes: “The reviews begin on Sunday.”")
    assert "The first draft is due Sat 17 Jan, 18:00, not Sun 11 Jan, 18:00." in told
    heard = ben.find("Ines answered your request for more time for The first draft").text
    assert "It is still due Sun 11 Jan, 18:00." in heard
    assert "> Hand in what you have." in heard
    assert "Requests" not in (await ines.command("desk")).text


async def test_a_request_stands_on_each_desk_once_its_date_is_near(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 5)
    await world.until("2026-01-08T16:00:00Z")
    assert len([text for text in ines.inbox() if "Mia, “The first draft”" in text]) == 1
    await world.until("2026-01-12T16:00:00Z")
    assert ines.find("Your desk, Monday")
    assert "Mia, “The first draft”" in ines.find("Your desk, Monday").text


async def test_a_request_is_changed_or_taken_back_until_it_is_answered(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 5, "My sister marries")
    desk = await ines.command("desk")
    await mia.press(mia.find("More time: The first draft"), "Change it")
    assert mia.form is not None
    assert {f.name: f.value for f in mia.form.fields} == {"days": "5", "reason": "My sister marries"}
    await mia.submit(days="7", reason="A wedding")
    assert "another day meanwhile" in (await ines.press(desk, one_of(desk, "Yes"))).text
    assert "until Sun 18 Jan, 18:00" in (await ines.command("desk")).text
    assert "took back" in (await mia.press(mia.find("More time: The first draft"), "Take it back")).text
    assert "Requests" not in (await ines.command("desk")).text
    assert "taken back" in (await ines.press(desk, one_of(desk, "Yes"))).text
    assert not world.rows(RequestRow)
    assert not [r for r in world.rows(OutboxRow) if "A wedding" in r.body or "marries" in r.body]
    assert not [r for r in world.rows(DraftRow) if "wedding" in str(r)]
    assert "due Sun 11 Jan, 18:00" in (await mia.command("")).text


async def test_two_instructors_answer_at_once_and_the_second_reads_what_the_first_said(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    omar = world.chat.person("omar")
    await ask(mia, 5)
    desk, beside = await ines.command("desk"), await omar.command("desk")
    await ines.press(desk, one_of(desk, "Another day"))
    await omar.press(beside, one_of(beside, "Yes"))
    late = await ines.submit(days="2")
    assert "Omar gave Mia time until Fri 16 Jan, 18:00 already" in late.text
    assert world.rows(MoveRow)[0].days == 5


async def test_while_a_request_waits_work_is_not_late_and_nobody_is_chased(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines = world.chat.person("ines")
    await ask(mia, 4)
    await world.until("2026-01-13T19:00:00Z")
    # Two days of late work are over for Ben; Mia asked until Thursday.
    assert "it is in time until Thu 15 Jan, 18:00" in "\n".join([*mia.inbox(), (await mia.command("")).text])
    desk = (await ines.command("desk")).text
    assert "Ben: “The first draft” was due" in desk
    assert "Mia: “The first draft” was due" not in desk
    assert "its time is over" in (await ben.command("submit", "https://example.org/b")).text
    handed = await mia.command("submit", "https://example.org/a")
    assert "is in. " in handed.text
    assert "late" not in handed.text
    # There is nothing to decide any more.
    assert "Requests" not in (await ines.command("desk")).text


async def test_a_no_after_the_date_leaves_a_day(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 8)
    await world.until("2026-01-14T09:00:00Z")
    await from_desk(ines, "Write back")
    await ines.submit(text="Send what you have.")
    await world.until("2026-01-14T20:00:00Z")
    assert "work that comes by Thu 15 Jan, 10:00 is not late" in mia.find("Ines answered your request").text
    await world.until("2026-01-15T08:30:00Z")
    assert "late" not in (await mia.command("submit", "https://example.org/a")).text


async def test_a_no_after_the_day_that_was_asked_for_leaves_a_day_too(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 4)
    await world.until("2026-01-19T09:00:00Z")
    await from_desk(ines, "Write back")
    await ines.submit(text="Send what you have.")
    await world.until("2026-01-19T20:00:00Z")
    assert "work that comes by Tue 20 Jan, 10:00 is not late" in mia.find("Ines answered your request").text
    await world.until("2026-01-20T08:30:00Z")
    assert "late" not in (await mia.command("submit", "https://example.org/a")).text


async def test_a_no_to_whoever_asked_after_the_close_names_no_date_that_would_be_ahead(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-14T09:00:00Z")
    await ask(mia, 7)
    await from_desk(ines, "Write back")
    await ines.submit(text="Leave it.")
    await world.until("2026-01-14T20:00:00Z")
    assert "Its date stays: it was due Sun 11 Jan, 18:00." in mia.find("Ines answered your request").text


async def test_work_that_came_in_leaves_nothing_to_decide_and_its_request_says_so(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 8, "Ill")
    await mia.command("submit https://example.org/draft")
    if mia.form is not None:
        await mia.submit({})
    card = mia.find("The first draft came in, so nobody needs to answer your request for more time.")
    assert card.buttons == ["Take my request back"]
    assert "Requests" not in (await ines.command("desk")).text
    assert "request" not in (await mia.command("")).text


async def test_a_request_goes_with_its_milestone(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 5, "A secret reason")
    planned_anew(world, COURSE + WORK.replace("id: draft", "id: other").replace("The first draft", "Another draft"))
    await world.settle()
    assert "is not in the course any more. Nothing of your request is kept." in "\n".join(mia.inbox())
    assert "secret reason" not in everything(world)
    assert not world.rows(RequestRow)
    assert "taken back" in said(await press(world, mia, "withdraw", "1"))
    assert "not in the course any more" in said(await press(world, mia, "more", "draft"))
    assert "Requests" not in (await ines.command("desk")).text


async def test_a_request_whose_date_became_as_late_needs_no_answer_until_it_moves_back(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 4)
    planned_anew(world, COURSE + WORK.replace("week: 1, title: The first", "week: 2, title: The first"))
    await world.settle()
    assert "The first draft is due Sun 18 Jan, 18:00 now, so you need no answer any more." in "\n".join(mia.inbox())
    assert "Requests" not in (await ines.command("desk")).text
    assert "not answered" not in (await mia.command("")).text
    planned_anew(world, COURSE + WORK)
    await world.settle()
    card = mia.find("More time: The first draft").text
    assert "Until they do, work that comes by Thu 15 Jan, 18:00 is not late." in card
    assert "so you need no answer any more" not in "\n".join(mia.inbox())
    assert "until Thu 15 Jan, 18:00; not answered yet" in (await mia.command("")).text
    asked = await from_desk(ines, "Yes")
    assert "is due Thu 15 Jan, 18:00 for Mia now" in asked.text


async def test_whoever_needs_no_answer_takes_the_request_back_or_asks_for_a_later_day(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 4)
    await extend_for_all(ines, 5)
    card = mia.find("so you need no answer any more.")
    await mia.press(card, "Take it back")
    assert not world.rows(RequestRow)
    await ask(mia, 4)
    await extend_for_all(ines, 4)
    await ask(mia, 6)
    assert [r.state for r in world.rows(RequestRow)] == ["waiting"]
    assert "More time: The first draft" in mia.find("Take it back").text


async def extend_for_all(ines: Speaker, days: int) -> None:
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="draft", days=str(days)), "Move it")


async def test_the_card_of_an_answered_request_follows_the_date(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines = world.chat.person("ines")
    await ask(mia, 5)
    await from_desk(ines, "Yes")
    await ask(ben, 5)
    await from_desk(ines, "Write back")
    await ines.submit(text="Leave it.")
    assert "Ines gave you more time: it is due Fri 16 Jan, 18:00 now." in mia.find("gave you more time").text
    await world.until("2026-01-06T20:00:00Z")
    await extend_for_all(ines, 2)
    await world.settle()
    assert "Ines gave you more time: it is due Sun 18 Jan, 18:00 now." in mia.find("gave you more time").text
    answers = [line for text in ben.inbox() for line in text.split("\n") if "Ines answered your request" in line]
    assert len(answers) == 2
    assert all("It is still due Tue 13 Jan, 18:00." in line for line in answers)


async def test_whoever_may_ask_no_more_still_takes_a_request_back(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await ask(mia, 5)
    planned_anew(world, COURSE + WORK.replace("{self: 1 day, ask: 10 days, auto: 3 days}", "none"))
    shown = await mia.press(await mia.command(""), "Change my request")
    assert "No other day can be asked for any more." in shown.text
    assert "took back" in (await mia.press(shown, "Take it back")).text


async def test_asking_after_the_close_opens_nothing_by_itself(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-14T09:00:00Z")
    await ask(mia, 7)
    assert "its time is over" in (await mia.command("submit", "x")).text
    assert "Until they do, it is due Sun 11 Jan, 18:00." in mia.find("More time: The first draft").text
    await from_desk(ines, "Yes")
    assert "is in. " in (await mia.command("submit", "https://example.org/a")).text


async def test_a_date_that_moved_for_all_meanwhile_leaves_nothing_to_decide(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 5)
    desk = await ines.command("desk")
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="draft", days="7"), "Move it")
    assert "Nothing is left to decide" in (await ines.press(desk, one_of(desk, "Yes"))).text
    assert "Requests" not in (await ines.command("desk")).text
    assert "not answered" not in (await mia.command("")).text


async def accommodate(ines: Speaker, world: World, who: str, days: int, **more: str) -> str:
    listed = await ines.press(await ines.press(await ines.command("week"), "Milestones"), "More time for one, always")
    await ines.press(listed, f"Change {who}" if f"Change {who}" in listed.buttons else "Add a learner")
    assert ines.form is not None
    choice = ines.form.fields[0]
    assert isinstance(choice, ChoiceField)
    options = {o.label: o.value for o in choice.options}
    done = await ines.submit(person=options[who], days=str(days), **more)
    assert not done.errors
    return done.text


def number(world: World, name: str) -> str:
    (person,) = world.rows(PersonRow, name=name)
    return str(person.id)


def due(world: World, who: str) -> dict[str, datetime]:
    from storage.tables.milestones import MilestoneWindowRow
    from storage.tables.people import AccountRow

    person = world.rows(AccountRow, user=who)[0].person
    return {w.milestone: w.due_at for w in world.rows(MilestoneWindowRow, person=person)}


async def test_more_time_counts_from_the_date_that_one_has(world: World) -> None:
    """The draft was due before the start moved by a week, so its date stayed."""
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until("2026-01-13T08:00:00Z")
    before = due(world, "mia")
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.press(await ines.submit(starts_on="2026-01-12"), "Use it")
    assert due(world, "mia")["draft"] == before["draft"]
    await accommodate(ines, world, "Mia", 3)
    assert due(world, "mia")["draft"] == before["draft"] + timedelta(days=3)
    assert due(world, "mia")["page"] == before["page"] + timedelta(days=10)
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="draft", days="2", person=number(world, "Mia")), "Move it")
    assert due(world, "mia")["draft"] == before["draft"] + timedelta(days=5)


async def test_whoever_decides_about_time_reads_whether_it_falls_into_days_away(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("away", "2026-01-10 2026-01-16")
    form = await open_form(mia)
    assert isinstance(form.fields[0], ChoiceField)
    labels = [o.label for o in form.fields[0].options]
    assert labels[4:6] == [
        "5 days: Fri 16 Jan, 18:00, while you are away (ask)",
        "6 days: Sat 17 Jan, 18:00 (ask)",
    ]
    await mia.submit(days="5")
    desk = await ines.command("desk")
    assert "until Fri 16 Jan, 18:00, not Sun 11 Jan, 18:00, which falls into their days away" in desk.text
    await ines.press(desk, one_of(desk, "Another day"))
    assert ines.form is not None
    assert isinstance(ines.form.fields[0], ChoiceField)
    assert "4 days: Thu 15 Jan, 18:00, while they are away" in [o.label for o in ines.form.fields[0].options]
    done = await ines.submit(days="4")
    assert "The new date falls into their days away. They are told at their next hour." in done.text


async def test_who_is_away_hears_of_more_time_when_they_are_back(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T08:00:00Z")
    await mia.command("away", "until 2026-01-08")
    await ines.press(await ines.command("week"), "Extend a date")
    sure = await ines.submit(milestone="page", days="2", person=number(world, "Mia"))
    assert "They are away or silent, and read it when they are back." in sure.text
    assert "next hour" not in sure.text


async def test_an_accommodation_is_in_every_date_and_seen_by_nobody_else(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines, usual, three = world.chat.person("ines"), due(world, "mia"), timedelta(days=3)
    assert "Mia has 3 days more on everything from now on." in await accommodate(ines, world, "Mia", 3)
    assert due(world, "mia") == {id: at + three for id, at in usual.items()}
    assert due(world, "ben") == usual
    assert "You have 3 days more on everything" in (await mia.command("")).text
    # What moves for all, moves for her too, and so does what she moves herself.
    await ines.press(await ines.command("week"), "Extend a date")
    await ines.press(await ines.submit(milestone="page", days="2"), "Move it")
    assert due(world, "mia")["page"] == usual["page"] + timedelta(days=5)
    assert due(world, "ben")["page"] == usual["page"] + timedelta(days=2)
    await ask(mia, 1)
    assert due(world, "mia")["draft"] == usual["draft"] + timedelta(days=4)
    await world.until("2026-01-20T12:00:00Z")
    told = lines(mia.inbox(), "you have 3 days more on everything, and your dates have it already")
    assert len(told) == 1
    # The week card had the right date from the start, so there is nothing to correct.
    assert not lines(mia.inbox(), "The first draft is due Wed 14 Jan, 18:00, not")
    overview = (await world.chat.person("omar").command("overview")).text
    everywhere = [*ben.inbox(), (await ben.command("")).text, overview]
    everywhere += [seen.text for name in ("general", "questions") for seen in ben.sees(name)]
    everywhere += [(await ines.press(await ines.command("week"), "Milestones")).text]
    assert not [text for text in everywhere if "more on every" in text or "15 Jan" in text or "Mia" in text]


async def test_a_date_that_the_only_learner_has_is_not_the_date_of_the_cohort(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    before = (await ines.press(await ines.command("week"), "Milestones")).text
    assert "11 Jan" in before
    await ask(mia, 7, "A secret reason")
    assert (await ines.press(await ines.command("week"), "Milestones")).text == before
    await accommodate(ines, world, "Mia", 3)
    assert (await ines.press(await ines.command("week"), "Milestones")).text == before
    assert "14 Jan" in (await mia.command("")).text
    await world.until("2026-01-12T20:00:00Z")
    assert not [seen.text for seen in ines.sees("general") if "14 Jan" in seen.text]


async def test_fewer_days_move_what_is_open_only_if_the_form_says_so(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    usual = due(world, "mia")
    await accommodate(ines, world, "Mia", 5)
    said = await accommodate(ines, world, "Mia", 2)
    assert "The first draft is open and keeps its date: Fri 16 Jan, 18:00" in said
    said = await accommodate(ines, world, "Mia", 2, open="yes")
    assert "The first draft is open and is due earlier now: Tue 13 Jan, 18:00" in said
    two = timedelta(days=2)
    assert due(world, "mia") == {id: at + two for id, at in usual.items()}
    await world.until("2026-01-06T12:00:00Z")
    assert "Tue 13 Jan, 18:00" in "\n".join(mia.inbox())
    # What has passed by the shorter date keeps the one that it has.
    await accommodate(ines, world, "Mia", 5)
    await world.until("2026-01-12T12:00:00Z")
    before = due(world, "mia")["draft"]
    said = await accommodate(ines, world, "Mia", 0, open="yes")
    assert "The first draft is open and keeps its date" in said
    assert due(world, "mia")["draft"] == before


async def test_an_accommodation_that_ends_takes_no_date_that_is_open(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    usual = due(world, "mia")
    await accommodate(ines, world, "Mia", 5)
    assert "Mia has 2 days more" in await accommodate(ines, world, "Mia", 2)
    assert due(world, "mia") == {"draft": usual["draft"] + timedelta(days=5), "page": usual["page"] + timedelta(days=2)}
    assert "the usual dates from now on" in await accommodate(ines, world, "Mia", 0)
    assert due(world, "mia") == {"draft": usual["draft"] + timedelta(days=5), "page": usual["page"]}
    # Set once more it does not add up.
    again = await accommodate(ines, world, "Mia", 3)
    assert "The first draft is open and keeps its date: Fri 16 Jan, 18:00" in again
    assert due(world, "mia") == {"draft": usual["draft"] + timedelta(days=5), "page": usual["page"] + timedelta(days=3)}
    await accommodate(ines, world, "Mia", 0)
    assert due(world, "mia") == {"draft": usual["draft"] + timedelta(days=5), "page": usual["page"]}
    assert "5 days: Wed 21 Jan, 18:00 (ask)" in str((await open_form(mia)).fields[0]), (
        "it takes nothing of her own days"
    )
    await world.until("2026-01-06T20:00:00Z")
    assert lines(mia.inbox(), "what was open then keeps its date")
    assert not lines(mia.inbox(), "more on everything")
    assert "more on everything" not in (await mia.command("")).text


async def test_only_the_course_team_sees_and_sets_more_time_for_the_whole_run(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await accommodate(world.chat.person("ines"), world, "Ben", 3)
    for name in ("accommodations", "accommodate"):
        refused = said(await press(world, mia, name))
        assert "for the instructors and managers" in refused
        assert "Ben" not in refused
    assert "3 days more on everything" in (await ben.command("")).text


async def test_an_accommodation_holds_for_what_the_course_adds_later(world: World) -> None:
    await world.learner("mia", "Mia")
    await accommodate(world.chat.person("ines"), world, "Mia", 3)
    usual = "{id: essay, week: 2, title: An essay, due: Sun 18:00 learner}"
    planned_anew(world, f"{COURSE}{WORK}  - {usual}\n")
    assert due(world, "mia")["essay"] == datetime.fromisoformat("2026-01-21T17:00:00Z")


async def test_the_end_of_a_cohort_names_requests_that_nobody_answered(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await ask(mia, 5)
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    assert "1 request for more time is not answered" in sure.text


async def test_a_reason_is_exported_and_erased_with_its_author(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ask(mia, 5, "A secret reason")
    await accommodate(ines, world, "Mia", 2)
    await world.until("2026-01-07T16:00:00Z")
    assert "A secret reason" in "\n".join(ines.inbox())
    tables = {table["table"]: table["rows"] for table in copy(world, "sandbox/mia")[0]["tables"]}
    assert tables["time_requests"][0]["reason"] == "A secret reason"
    assert tables["milestone_moves"][0]["days"] == 2
    await forget(world, "sandbox/mia")
    assert "A secret reason" not in everything(world)
    assert "A secret reason" not in "\n".join(ines.inbox())
    assert not world.rows(RequestRow)
    assert not world.rows(MoveRow)


async def test_who_asks_for_more_time_is_neither_quiet_nor_inactive(world: World) -> None:
    mia, _ben, cleo, ines, omar = [
        *[await world.learner(name.lower(), name) for name in ("Mia", "Ben", "Cleo")],
        world.chat.person("ines"),
        world.chat.person("omar"),
    ]
    await world.until("2026-01-10T09:00:00Z")
    await ask(mia, 8, "My father is ill.")
    await ask(cleo, 1)
    await world.until("2026-01-12T09:00:00Z")
    overview = (await omar.command("overview")).text
    assert "Active: 2 of 3" in overview
    await world.until("2026-01-20T09:00:00Z")
    desk = (await ines.command("desk")).text
    assert "Ben: nothing under their name since Mon 5 Jan" in desk
    assert "Mia: nothing under their name" not in desk
    assert "Cleo: nothing under their name" not in desk
    named = (await omar.press(await omar.command("overview"), "Who may drop out")).text
    assert "Ben: nothing under their name since Mon 5 Jan" in named
    assert "quiet" not in named.partition("Mia")[2].partition("\n")[0]


async def test_when_the_clocks_change_a_date_keeps_its_time_of_day_everywhere(tmp_path: Path) -> None:
    course = COURSE + WORK.replace("due: Sun 18:00 learner, late: 2 days", "due: Sat 23:30 learner, late: 2 days")
    spring = new_world(tmp_path, course=course, now="2026-03-23T08:00:00Z", starts_on=date(2026, 3, 23))
    mia, ines = await spring.learner("mia", "Mia"), spring.chat.person("ines")
    form = await open_form(mia)
    assert isinstance(form.fields[0], ChoiceField)
    assert [o.label for o in form.fields[0].options][:2] == ["1 day: Sun 29 Mar, 23:30", "2 days: Mon 30 Mar, 23:30"]
    assert "until Thu 2 Apr, 23:30" in (await mia.submit(days="5", reason="My laptop broke.")).text
    desk = await ines.command("desk")
    assert "Thu 2 Apr, 23:30" in desk.text
    assert "Thu 2 Apr, 23:30" in (await ines.press(desk, one_of(desk, "Yes"))).text
    await spring.settle()
    assert due(spring, "mia")["draft"] == datetime(2026, 4, 2, 21, 30, tzinfo=UTC)
    spring.app.storage.close()
