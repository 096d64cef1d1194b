"""The course of a running cohort changes, as conversations."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.app.calendars import of_cohort, of_person
from bot.app.cohorts import CohortPlan, create_cohort
from bot.core.actions import Action
from bot.core.calendar import words
from bot.core.contributions import Date
from bot.core.events import ButtonPressed, FormSubmitted
from bot.core.message import Document
from bot.core.people import Account, Actor, Place
from bot.core.plain import plain
from bot.core.time import say
from bot.course.loader import load
from storage.tables.people import AccountRow, AuditRow, CohortRow, HolidayRow
from storage.tables.revisions import CourseVersionRow, ProposalRow
from storage.tables.voice import SpokenRow
from tests.kit import COURSE, MONDAY, World, new_world

# With a comment and a milestone, whose days the wrap-ups of the kit's course do not have.
MORE = """\
# Ours, since 2024.
course: {id: demo, title: Demo course, weekly_minutes: 300}
weeks:
  - {title: One, goal: Begin, minutes: 60}
  - {title: Two, goal: Go on, minutes: 60}
  - {title: Three, goal: End, minutes: 60}   # the last one
prompts:
  - id: wrapup
    weekly: true
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {id: done, kind: long, text: "What did you finish?", audience: cohort}
milestones:
  - id: plan
    week: 2
    title: Hand in the plan
    due: Sun 23:59 aoe
    minutes: 60
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, course=MORE)


def ines(world: World) -> Speaker:
    return world.chat.person("ines")


async def open_form(world: World, button: str, who: Speaker | None = None) -> Speaker:
    """The instructor, before whom the form of a button on the course's page stands."""
    speaker = who or ines(world)
    await speaker.press(await speaker.command("course", place="general"), button)
    return speaker


async def open_item(world: World, kind: str, label: str) -> Speaker:
    speaker = ines(world)
    listed = await speaker.press(await speaker.command("course", place="general"), "Edit an item")
    await speaker.press(listed, kind, label)
    return speaker


async def upload(world: World, text: str) -> Result:
    speaker = await open_form(world, "Upload")
    return await speaker.submit(file=text)


async def move_start(world: World, day: str) -> Result:
    speaker = await open_form(world, "Change dates")
    return await speaker.submit(starts_on=day)


def cohort_row(world: World) -> CohortRow:
    found: CohortRow = world.rows(CohortRow, id=world.cohort.id)[0]
    return found


def prompts(speaker: Speaker) -> list[str]:
    """The first lines of the wrap-up cards and receipts that somebody has."""
    return [t.split("\n")[0] for t in speaker.inbox() if "wrap-up" in t.split("\n")[0] and t.startswith("Week ")]


def posts(speaker: Speaker) -> list[str]:
    """The first lines of the bot's posts in the channel."""
    return [m.text.split("\n")[0] for m in speaker.sees("general") if m.by == "bot" and m.thread is None]


def about_dates(speaker: Speaker) -> list[str]:
    """The messages that name a date instead of another."""
    return [t for t in speaker.inbox() if ", not " in t]


def moved_lines(speaker: Speaker) -> list[str]:
    return [line for t in speaker.inbox() for line in t.split("\n") if ", not " in line]


# Items come and go


async def test_a_milestone_is_added_by_form_and_removed_again(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    speaker = ines(world)
    listed = await speaker.press(await speaker.command("course", place="general"), "Edit an item")
    await speaker.press(listed, "Add a milestone")
    refused = await speaker.submit(id="plan", week="1", title="")
    assert refused.errors["title"] == "Please fill this in."
    refused = await speaker.submit(id="plan", week="1", title="The sketch")
    assert refused.errors
    shown = await speaker.submit(id="sketch", week="1", title="The sketch", due="Sun 18:00")
    assert "Added: " in shown.text
    assert "The sketch is due: Mon 12 Jan, 07:00 (new)" in shown.text
    assert "sketch" not in cohort_row(world).course_text
    await speaker.press(shown, "Use it")
    text = cohort_row(world).course_text
    assert text == MORE + "  - id: sketch\n    week: 1\n    title: The sketch\n    due: Sun 18:00\n"
    assert "Hand in “The sketch”" in (await mia.command("")).text
    await open_item(world, "Milestones", "Milestone: The sketch")
    shown = await speaker.submit(remove="yes")
    assert "Falls away: The sketch is due, " in shown.text
    await speaker.press(shown, "Use it")
    assert cohort_row(world).course_text == MORE
    assert "The sketch" not in (await mia.command("")).text


async def test_who_could_read_the_date_of_what_is_removed_before_it_opens_is_told_once(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo", "America/New_York")
    await world.until("2026-01-07T12:00:00Z")
    without = MORE[: MORE.index("milestones:")]
    shown = await upload(world, without)
    assert "2 of 2 learners have dates that move. Each is told once, with their next message." in shown.text
    await ines(world).press(shown, "Use it")
    assert not any("not asked of you" in text for speaker in (mia, leo) for text in speaker.inbox())
    await world.until("2026-01-25T12:00:00Z")
    for speaker in (mia, leo):
        told = [text for text in speaker.inbox() if "Hand in the plan is not asked of you any more." in text]
        assert len(told) == 1
        assert told[0].startswith("Week 1 wrap-up"), "it rides on what comes anyway"


async def test_nobody_is_told_of_what_was_removed_and_put_back_before_they_heard(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-07T12:00:00Z")
    for text in (MORE[: MORE.index("milestones:")], MORE):
        await ines(world).press(await upload(world, text), "Use it")
    await world.until("2026-01-10T12:00:00Z")
    assert prompts(mia)
    assert not any("not asked of you" in text for text in mia.inbox())


async def test_a_week_is_put_in_by_form_and_what_belongs_to_later_ones_moves(world: World) -> None:
    speaker = ines(world)
    listed = await speaker.press(await speaker.command("course", place="general"), "Edit an item")
    await speaker.press(listed, "Add a week")
    shown = await speaker.submit(after="1", title="Bridge", goal="Cross", minutes="60")
    assert "Week 2 is new: “Bridge”. Weeks 2 to 3 become 3 to 4. The course ends a week later." in shown.text
    await speaker.press(shown, "Use it")
    assert "week: 3" in cohort_row(world).course_text
    await open_item(world, "Weeks", "Week 3: Two")
    assert "plan belongs to this week" in (await speaker.submit(remove="yes")).errors["remove"]
    await open_item(world, "Weeks", "Week 2: Bridge")
    await speaker.press(await speaker.submit(remove="yes"), "Use it")
    assert cohort_row(world).course_text == MORE


async def test_a_week_moves_by_form_and_takes_along_what_belongs_to_it(world: World) -> None:
    speaker = ines(world)
    await open_item(world, "Weeks", "Week 3: Three")
    assert "eek 1 has begun" in str((await speaker.submit(after="0")).errors)
    await open_item(world, "Weeks", "Week 3: Three")
    shown = await speaker.submit(after="1")
    assert "Week 2 becomes 3" in shown.text
    await speaker.press(shown, "Use it")
    course = load(cohort_row(world).course_text)
    assert [week.title for week in course.weeks] == ["One", "Three", "Two"]
    assert [milestone.week for milestone in course.milestones] == [3]
    assert "title: Three, goal: End, minutes: 60}   # the last one" in cohort_row(world).course_text
    await open_item(world, "Weeks", "Week 2: Three")
    await speaker.press(await speaker.submit(after="3"), "Use it")
    assert cohort_row(world).course_text == MORE


async def put_in_a_week(world: World) -> Result:
    speaker = ines(world)
    listed = await speaker.press(await speaker.command("course", place="general"), "Edit an item")
    await speaker.press(listed, "Add a week")
    shown = await speaker.submit(after="1", title="Bridge", goal="Cross", minutes="60")
    return await speaker.press(shown, "Use it")


async def take_out_a_week(world: World, label: str) -> Result:
    await open_item(world, "Weeks", label)
    return await ines(world).press(await ines(world).submit(remove="yes"), "Use it")


async def test_everybody_hears_once_that_a_week_was_put_in(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await omar.press(await omar.command("setup"), "Name somebody")
    await omar.submit(person=str(world.rows(AccountRow, user="omar")[0].person), role="instructor")
    done = await put_in_a_week(world)
    what = "Week 2 is new: “Bridge”. {} 2 to 3 become 3 to 4. The course ends a week later."
    assert what.format("Weeks") in done.text
    assert "1 learner is told once." in done.text
    await world.until("2026-01-12T12:00:00Z")
    told = [text for text in mia.inbox() if "is new" in text]
    assert len(told) == 1
    assert what.format("Your weeks") in told[0]
    assert "Hand in the plan is due Mon 26 Jan, 12:59, not Mon 19 Jan, 12:59." in told[0]
    (heard,) = [text for text in omar.inbox() if "changed the course of" in text]
    assert "Ines changed the course of Demo course. " + what.format("Weeks") in heard
    assert "1 learner is told that dates move." in heard
    assert not [text for text in ines(world).inbox() if "changed the course of" in text]


async def test_a_week_that_goes_before_anybody_heard_of_it_is_not_spoken_of(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await put_in_a_week(world)
    await take_out_a_week(world, "Week 2: Bridge")
    await world.until("2026-01-12T12:00:00Z")
    assert not [text for text in mia.inbox() if "Bridge" in text or ", not " in text]


async def test_a_start_that_moves_back_before_anybody_heard_of_it_is_told_to_nobody(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    for day in ("2026-01-12", "2026-01-19", "2026-01-05"):
        await ines(world).press(await move_start(world, day), "Use it")
    await world.until("2026-01-12T12:00:00Z")
    heard = "\n".join([*mia.inbox(), *omar.inbox()])
    assert "changed the course of" not in heard
    assert "The first day of the course is" not in heard
    assert ", not " not in heard


def told_of_the_start(speaker: Speaker) -> list[str]:
    return re.findall(r"The first day of the course is [^.]*\.", "\n".join(speaker.inbox()))


async def test_several_moves_of_a_start_before_anybody_heard_are_told_as_one(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    for day in ("2026-01-12", "2026-01-19", "2026-01-26"):
        await ines(world).press(await move_start(world, day), "Use it")
    await world.until("2026-01-12T12:00:00Z")
    whole = ["The first day of the course is Mon 26 Jan 2026, not Mon 5 Jan 2026."]
    assert told_of_the_start(mia) == told_of_the_start(omar) == whole
    # What they heard is what they know: the next move is told from there.
    await ines(world).press(await move_start(world, "2026-01-19"), "Use it")
    await world.until("2026-01-18T12:00:00Z")
    whole.append("The first day of the course is Mon 19 Jan 2026, not Mon 26 Jan 2026.")
    assert told_of_the_start(mia) == told_of_the_start(omar) == whole


async def test_a_start_that_moves_there_and_back_around_a_new_title_is_told_to_nobody(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await ines(world).press(await move_start(world, "2026-01-12"), "Use it")
    # A title alone is told to nobody.
    await open_item(world, "Weeks", "Week 3: Three")
    await ines(world).press(await ines(world).submit(title="The third"), "Use it")
    await ines(world).press(await move_start(world, "2026-01-05"), "Use it")
    await world.until("2026-01-12T12:00:00Z")
    heard = "\n".join([*mia.inbox(), *omar.inbox()])
    assert "The first day of the course is" not in heard
    assert "changed the course of" not in heard


async def test_a_move_that_concerns_no_date_of_a_learner_still_corrects_what_waits_for_them(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await ines(world).press(await move_start(world, "2026-01-12"), "Use it")
    holiday = await open_form(world, "Change dates")
    shown = await holiday.submit(holidays="2026-01-14 Town day")
    assert "No learner has a date ahead that moves" in shown.text
    await ines(world).press(shown, "Use it")
    await world.until("2026-01-12T12:00:00Z")
    heard = "\n".join(mia.inbox())
    assert (
        "The first day of the course is Mon 12 Jan 2026, not Mon 5 Jan 2026. Wed 14 Jan 2026 (Town day) is free now."
        in heard
    )


async def test_who_heard_of_a_week_hears_that_it_goes(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await put_in_a_week(world)
    await world.until("2026-01-08T12:00:00Z")
    await take_out_a_week(world, "Week 2: Bridge")
    await world.until("2026-01-12T12:00:00Z")
    told = [text for text in mia.inbox() if "Bridge" in text]
    assert len(told) == 2
    assert "Week 2 is left out: “Bridge”. Your weeks 3 to 4 become 2 to 3. The course ends a week earlier." in told[1]


async def test_a_prompt_is_added_with_its_question(world: World) -> None:
    speaker = ines(world)
    listed = await speaker.press(await speaker.command("course", place="general"), "Edit an item")
    await speaker.press(listed, "Add a prompt")
    asked = {"questions.id": "hope", "questions.text": "What do you hope for?", "questions.audience": "instructors"}
    values = {"id": "start", "week": "1", "title": "Hopes", "opens": "Mon 14:00", "closes": "Wed 12:00", **asked}
    shown = await speaker.submit(**values)
    await speaker.press(shown, "Use it")
    text = cohort_row(world).course_text
    assert 'questions: [{id: hope, kind: long, text: "What do you hope for?", audience: instructors}]' in text


# Who may


# What there is to study


STUDY = MORE.replace(
    "  - {title: One, goal: Begin, minutes: 60}\n",
    "  - title: One\n    goal: Begin\n    materials:\n"
    "      - {title: Watch Tea, link: https://example.org/tea, minutes: 20}   # the old one\n"
    "      - title: Read Water\n        minutes: 30\n",
)


@pytest.fixture
def studying(tmp_path: Path) -> World:
    return new_world(tmp_path, course=STUDY)


async def open_materials(world: World, week: str, who: Speaker | None = None) -> tuple[Speaker, Result]:
    speaker = who or ines(world)
    listed = await speaker.press(await speaker.command("course", place="general"), "Edit an item")
    return speaker, await speaker.press(listed, "Materials of", week)


async def test_a_material_is_added_by_form_and_everybody_who_has_the_card_hears_of_it_once(studying: World) -> None:
    world = studying
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T12:00:00Z")
    assert any("Read Water" in text for text in mia.inbox())
    speaker, shown = await open_materials(world, "Week 1: One")
    assert "50 min of 5 h are planned." in shown.text
    await speaker.press(shown, "Add a material")
    refused = await speaker.submit(title="Listen to steam", link="steam", minutes="500")
    assert set(refused.errors) == {"link"}
    refused = await speaker.submit(title="Listen to steam", link="https://example.org/steam", minutes="500")
    assert "week 1 would be 9 h 10 of a 5 h budget" in refused.errors["minutes"]
    shown = await speaker.submit(title="Listen to steam", link="https://example.org/steam", minutes="15", after="1")
    assert "material “Listen to steam” added" in shown.text
    assert "Week 1: 50 min → 1 h 05 of 5 h" in shown.text
    assert "1 learner has the card of week 1. It changes, and they are told once." in shown.text
    done = await speaker.press(shown, "Use it")
    assert "New to study in week 1: “Listen to steam”. 1 learner is told once." in done.text
    (card,) = [text for text in mia.inbox() if "Read Water" in text]
    assert card.index("Watch Tea") < card.index("Listen to steam") < card.index("Read Water")
    await world.until("2026-01-12T12:00:00Z")
    assert sum("New to study in week 1: “Listen to steam”." in text for text in mia.inbox()) == 1


async def test_a_material_that_goes_before_anybody_heard_of_it_is_not_spoken_of(studying: World) -> None:
    world = studying
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T12:00:00Z")
    speaker, shown = await open_materials(world, "Week 1: One")
    await speaker.press(shown, "Add a material")
    await speaker.press(await speaker.submit(title="Steam"), "Use it")
    speaker, shown = await open_materials(world, "Week 1: One")
    await speaker.press(shown, "Materials", "Steam")
    await speaker.press(await speaker.submit(remove="yes"), "Use it")
    assert cohort_row(world).course_text == STUDY
    await world.until("2026-01-12T12:00:00Z")
    assert not [text for text in mia.inbox() if "to study in week" in text]


async def test_materials_change_move_and_go_by_form(studying: World) -> None:
    world = studying
    await world.learner("mia", "Mia")
    speaker, shown = await open_materials(world, "Week 1: One")
    await speaker.press(shown, "Materials", "Watch Tea")
    shown = await speaker.submit(link="https://example.org/green", minutes="25")
    assert "material “Watch Tea”: link https://example.org/tea, minutes 20 → " in shown.text
    await speaker.press(shown, "Use it")
    text = STUDY.replace("org/tea, minutes: 20", "org/green, minutes: 25")
    assert cohort_row(world).course_text == text
    # Within its week.
    speaker, shown = await open_materials(world, "Week 1: One")
    await speaker.press(shown, "Materials", "Read Water")
    shown = await speaker.submit(after="0")
    assert "order: “Watch Tea”, “Read Water” → “Read Water”, “Watch Tea”" in shown.text
    await speaker.press(shown, "Use it")
    week = load(cohort_row(world).course_text).weeks[0]
    assert [m.title for m in week.materials] == ["Read Water", "Watch Tea"]
    assert "minutes: 25}   # the old one\n" in cohort_row(world).course_text
    # To another week, which has a plan for its minutes.
    speaker, shown = await open_materials(world, "Week 1: One")
    await speaker.press(shown, "Materials", "Watch Tea")
    shown = await speaker.submit(to_week="3")
    assert "material “Watch Tea” removed" in shown.text
    assert "material “Watch Tea” added" in shown.text
    assert "1 learner has the card of week 1. It changes, and they are told once." in shown.text
    await speaker.press(shown, "Use it")
    weeks = load(cohort_row(world).course_text).weeks
    assert [[m.title for m in week.materials] for week in weeks] == [["Read Water"], [], ["Watch Tea"]]
    speaker, shown = await open_materials(world, "Week 3: Three")
    await speaker.press(shown, "Materials", "Watch Tea")
    await speaker.press(await speaker.submit(remove="yes"), "Use it")
    assert not load(cohort_row(world).course_text).weeks[2].materials


async def test_a_material_does_not_move_into_a_full_week(studying: World) -> None:
    world = studying
    full = STUDY.replace("goal: Go on, minutes: 60", "goal: Go on, materials: [{title: Long, minutes: 220}]")
    await ines(world).press(await upload(world, full), "Use it")
    speaker, shown = await open_materials(world, "Week 1: One")
    await speaker.press(shown, "Materials", "Read Water")
    refused = await speaker.submit(to_week="2")
    assert "week 2 would be 5 h 10 of a 5 h budget" in refused.errors["minutes"]


async def test_the_course_is_for_the_course_team(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    refused = await mia.command("course", place="general")
    assert "for the instructors and managers" in refused.text
    assert "The course: Demo course" in (await world.chat.person("omar").command("course", place="general")).text
    for name in ("download", "upload", "items", "item", "dates", "versions", "again", "use", "discard"):
        assert "for the instructors and managers" in await forge(world, mia, name, "1")
    for name in ("upload", "item", "dates"):
        event = FormSubmitted(
            actor=Actor(Account("sandbox", "mia"), "Mia"),
            place=Place("sandbox", "dm:mia", direct=True),
            id=f"form{name}",
            at=world.clock.now(),
            action=Action("revisions", name, world.cohort.id, "course").encode(),
            values={"file": MORE.replace("Demo", "Mine"), "starts_on": "2026-02-02", "zone": "UTC", "title": "Mine"},
        )
        answer = await world.app.runtime.receive(event)
        assert "for the instructors and managers" in "".join(answer.problems.values())
    assert not world.rows(ProposalRow)


async def test_another_cohorts_team_changes_nothing_here(world: World) -> None:
    channel = world.chat.channel("other")
    other = COURSE.replace("id: demo, title: Demo course", "id: other, title: Other course")
    people = CohortPlan("other", other, MONDAY, "Europe/Berlin", "sandbox", {"main": channel})
    stranger, _ = create_cohort(world.app.storage, world.app.registry, people)
    shown = await move_start(world, "2026-01-12")
    assert "This would change" in shown.text
    number = world.rows(ProposalRow)[0].id
    # Ines is of the demo cohort's team, and its proposal is none of the other one's.
    assert "for the instructors" in await forge(world, ines(world), "use", str(number), stranger.id)
    assert cohort_row(world).starts_on == MONDAY


async def forge(world: World, speaker: Speaker, name: str, subject: str, cohort: int | None = None) -> str:
    """What a person is answered who presses a button that they were never shown."""
    event = ButtonPressed(
        actor=Actor(Account("sandbox", speaker.id), speaker.id.capitalize()),
        place=Place("sandbox", f"dm:{speaker.id}", direct=True),
        id=f"{name}{subject}{cohort}",
        at=world.clock.now(),
        action=Action("revisions", name, cohort or world.cohort.id, subject).encode(),
    )
    answer = await world.app.runtime.receive(event)
    return plain(answer.message) if answer.message else ""


# The page, and the file


async def test_the_page_says_how_the_course_stands_and_gives_its_file(world: World) -> None:
    page = await ines(world).command("course", place="general")
    assert "Version: 1, since" in page.text
    assert "3 weeks, 1 milestone, 1 prompt" in page.text
    assert "Starts: Mon 5 Jan 2026" in page.text
    assert "Holidays: none" in page.text
    file = await ines(world).press(page, "Download")
    assert "[File: demo-1.yaml]" in file.text
    assert file.reply is not None
    blocks = world.chat.sandbox.platform.post(file.reply.id).message.blocks
    assert [b for b in blocks if isinstance(b, Document)] == [Document("demo-1.yaml", MORE)]
    listed = await ines(world).press(page, "Versions")
    assert "one version so far" in listed.text


async def test_a_file_with_errors_stays_in_the_form_and_each_is_told_at_its_place(world: World) -> None:
    wrong = MORE.replace("due: Sun 23:59 aoe", "due: Sunday 11 pm").replace("opens: Fri 16:00", "opens: 16:00")
    refused = await upload(world, wrong)
    assert set(refused.errors) == {"file"}
    lines = refused.errors["file"].split("\n")
    assert [line.partition(":")[0] for line in lines] == ["Line 10, column 12", "Line 18, column 10"]
    assert "Write `due: " in lines[1]
    form = ines(world).form
    assert form is not None
    assert form.fields[0].value == wrong
    assert not world.rows(ProposalRow)
    many = MORE + "discussions:\n" + "  - {id: BAD, week: 99, title: x}\n" * 9
    lines = (await ines(world).submit(file=many)).errors["file"].split("\n")
    assert len(lines) == 11
    assert lines[-1].startswith("And ")
    shown = await ines(world).submit(file=MORE.replace("title: Two", "title: Second"))
    assert "Week 2: Second: title: Two → Second" in shown.text


async def test_a_file_from_any_editor_is_taken(world: World) -> None:
    windows = "\ufeff" + MORE.replace("title: Two", "title: Zwei größer").replace("\n", "\r\n")
    shown = await upload(world, windows)
    assert "title: Two → Zwei größer" in shown.text
    assert "goal" not in shown.text
    await ines(world).press(shown, "Use it")
    assert cohort_row(world).course_text.count("\r\n") == MORE.count("\n")
    assert "Zwei" in (await ines(world).press(await open_versions(world), "Use 1 again")).text


async def test_a_file_in_another_encoding_is_told_where_letters_were_lost(world: World) -> None:
    latin = MORE.replace("title: Two", "title: gr\u00f6\u00dfer").encode("latin-1").decode("utf-8", "replace")
    refused = await upload(world, latin)
    assert "Line 5, column 15" in refused.errors["file"]
    assert "Save it as UTF-8" in refused.errors["file"]


async def test_a_file_of_another_course_or_without_a_change_is_refused(world: World) -> None:
    assert "the file of another course" in (await upload(world, MORE.replace("id: demo", "id: else"))).errors["file"]
    assert "what is used already" in " ".join((await upload(world, MORE)).errors.values())


async def open_versions(world: World) -> Result:
    return await ines(world).press(await ines(world).command("course", place="general"), "Versions")


# One item


async def test_an_item_is_edited_by_a_form_and_the_file_keeps_everything_else(world: World) -> None:
    speaker = await open_item(world, "Milestones", "Milestone: Hand in the plan")
    form = speaker.form
    assert form is not None
    assert {f.name: f.value for f in form.fields}["due"] == "Sun 23:59 aoe"
    refused = await speaker.submit(due="Sonday", week="0")
    assert set(refused.errors) == {"due", "week"}
    refused = await speaker.submit(due="Sun 18:00", week="9")
    assert set(refused.errors) == {"week"}
    shown = await speaker.submit(due="Sun 18:00 learner", week="2", grace="2 h")
    assert "Milestone plan: Hand in the plan: due: Sun 23:59 aoe → Sun 18:00 learner; grace: none → 2 h" in shown.text
    assert "No learner has a date ahead that moves" in shown.text
    assert cohort_row(world).course_text == MORE
    done = await speaker.press(shown, "Use it")
    assert "Version 2 is used from now on." in done.text
    after = cohort_row(world).course_text
    assert after == MORE.replace("Sun 23:59 aoe", "Sun 18:00 learner\n    grace: 2 h")
    assert [a.act for a in world.rows(AuditRow) if "version" in a.act] == ["changed the course: version 2"]
    versions = world.rows(CourseVersionRow, cohort=world.cohort.id)
    assert [(v.number, v.by is None, v.at is None) for v in versions] == [(1, True, False), (2, False, False)]


async def test_a_change_that_breaks_the_weeks_budget_is_refused_with_the_figures(world: World) -> None:
    speaker = await open_item(world, "Milestones", "Milestone: Hand in the plan")
    refused = await speaker.submit(minutes="420")
    assert refused.errors == {
        "minutes": "Not changed: week 2 would be 7 h of a 5 h budget. "
        "Take the time out of something else in that week, or move it to another."
    }
    upload_refused = await upload(world, MORE.replace("weekly_minutes: 300", "weekly_minutes: 50"))
    assert "week 1 would be 1 h of a 50 min budget" in upload_refused.errors["file"]


async def test_what_was_answered_keeps_its_id(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T15:01:00Z")
    await mia.press(mia.find("Week 1 wrap-up"), "Answer")
    await mia.submit(done="All of it")
    await world.until("2026-01-13T09:00:00Z")
    await mia.command("submit", "https://example.org/plan", place="general")
    gone = MORE.replace("id: wrapup", "id: weekly").replace("id: plan", "id: other")
    said = (await upload(world, gone)).errors["file"].split("\n")
    how = "Keep its id; to move it, change its week or its dates."
    assert said == [
        f"Prompt wrapup cannot go: one learner has answered it. {how}",
        f"Milestone plan cannot go: one learner has handed it in. {how}",
    ]
    speaker = await open_item(world, "Milestones", "Milestone: Hand in the plan")
    assert set((await speaker.submit(id="other")).errors) == {"id"}


# Dates


async def test_dates_are_checked_field_by_field(world: World) -> None:
    speaker = await open_form(world, "Change dates")
    refused = await speaker.submit(zone="Europe/Berln", holidays="2026-13-01", country="GERMANY")
    assert set(refused.errors) == {"zone", "holidays", "country"}
    assert "DE" in refused.errors["country"]
    shown = await speaker.submit(zone="Europe/Berlin", holidays="2026-01-14..2026-01-15 Retreat", country="de-by")
    assert "Holidays added" in shown.text
    assert "Wed 14 Jan 2026, Retreat" in shown.text
    await speaker.press(shown, "Use it")
    days = {h.day: h.name for h in world.rows(HolidayRow, cohort=world.cohort.id)}
    assert days[date(2026, 1, 15)] == "Retreat"
    assert date(2026, 1, 6) in days  # Epiphany, in Bavaria
    speaker = await open_form(world, "Change dates")
    form = speaker.form
    assert form is not None
    assert {f.name: f.value for f in form.fields} == {
        "starts_on": "2026-01-05",
        "zone": "Europe/Berlin",
        "holidays": "2026-01-14..2026-01-15 Retreat",
        "country": "DE-BY",
    }


async def test_a_discarded_or_used_change_cannot_be_used_again(world: World) -> None:
    shown = await move_start(world, "2026-01-12")
    await ines(world).press(shown, "Discard")
    assert "was discarded already" in (await ines(world).press(shown, "Use it")).text
    assert cohort_row(world).starts_on == MONDAY
    shown = await move_start(world, "2026-01-12")
    await ines(world).press(shown, "Use it")
    assert "was used already" in (await ines(world).press(shown, "Use it")).text
    assert len(world.rows(CourseVersionRow, cohort=world.cohort.id)) == 2


async def test_of_two_changes_at_once_the_second_is_shown_anew(world: World) -> None:
    first = await move_start(world, "2026-01-12")
    speaker = await open_form(world, "Change dates", world.chat.person("omar"))
    second = await speaker.submit(starts_on="2026-01-19")
    await ines(world).press(first, "Use it")
    overtaken = await speaker.press(second, "Use it")
    assert "Nothing was changed. Somebody has changed the course since" in overtaken.text
    assert "Start: Mon 12 Jan 2026 → Mon 19 Jan 2026" in overtaken.text
    assert cohort_row(world).starts_on == date(2026, 1, 12)
    assert "Version 3" in (await speaker.press(overtaken, "Use it")).text
    assert cohort_row(world).starts_on == date(2026, 1, 19)


async def test_dates_that_would_lie_in_the_past_are_shown_before(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=MORE, starts_on=date(2026, 1, 12))
    shown = await move_start(world, "2025-12-22")
    assert "Dates that would lie in the past" in shown.text
    assert "Week 1 wrap-up closes: Mon 19 Jan, 12:00 → Mon 29 Dec 2025, 12:00" in shown.text
    assert "have passed" not in shown.text


async def test_a_start_in_the_past_is_asked_about_with_figures(world: World) -> None:
    await world.learner("mia", "Mia")
    shown = await move_start(world, "2025-12-15")
    assert "This start lies in the past: 3 of 4 dates would be over for 1 learner." in shown.text
    kept = "“Hand in the plan”, “Week 1 wrap-up” and “Week 2 wrap-up” keep their present dates."
    assert kept in shown.text
    assert "That is most of the course. Is this start right?" in shown.text
    assert cohort_row(world).starts_on == MONDAY
    assert "lies in the past" not in (await move_start(world, "2026-01-12")).text


async def test_a_start_a_year_too_early_is_asked_about(world: World) -> None:
    await world.learner("mia", "Mia")
    shown = await move_start(world, "2025-01-05")
    assert "This start lies in the past: all 4 dates would be over for 1 learner." in shown.text
    assert "Is this start right?" in shown.text


async def test_a_preview_goes_by_one_clock(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=CLOCKS)
    speaker = ines(world)
    await speaker.press(await speaker.command("settings"), "Change my zone")
    await speaker.submit(zone="Asia/Tokyo")
    shown = await move_start(world, "2026-01-12")
    assert "all times are by the clock of Europe/Berlin." in shown.text
    dates = {d.at for d in of_cohort(world.app.storage, "demo", [])[1][0]}
    listed = re.findall(r"^- .+: (.+) → ", shown.text, re.MULTILINE)
    assert listed
    assert set(listed) <= {say(at, "Europe/Berlin") for at in dates}


async def test_a_preview_says_who_is_told_at_once_and_who_later(world: World) -> None:
    """Leo has four more days, so his date is not near."""
    await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    await world.until("2026-01-17T13:00:00Z")
    speaker = ines(world)
    await speaker.press(await speaker.command("week"), "Extend a date")
    leo = str(world.rows(AccountRow, user="leo")[0].person)
    await speaker.press(await speaker.submit(milestone="plan", days="4", person=leo), "Move it")
    await open_item(world, "Milestones", "Milestone: Hand in the plan")
    shown = await speaker.submit(due="Sun 12:00 aoe")
    assert "2 of 2 learners have dates that move. 1 of them is told at once, or in their morning" in shown.text


CLOCKS = (
    MORE
    + """\
  - {id: essay, week: 1, title: The essay, due: Sun 18:00 cohort, minutes: 20}
  - {id: sketch, week: 3, title: The sketch, due: Sun 18:00 cohort, minutes: 20}
  - {id: note, week: 3, title: The note, due: Sun 18:00 learner, minutes: 20}
live:
  - {id: talk, week: 2, title: Talk, minutes: 30, slots: [Tue 18:00], goal: Meet}
"""
)


@pytest.mark.parametrize(
    "learners", [{}, {"mia": "Europe/Berlin"}, {"mia": "Europe/Berlin", "leo": "America/New_York"}]
)
@pytest.mark.parametrize("moves", [{}, {"starts_on": "2026-03-23"}])
async def test_a_change_of_zone_shows_what_then_happens(
    tmp_path: Path, learners: dict[str, str], moves: dict[str, str]
) -> None:
    """There and back; the clocks of New York change on 8 March, those of Berlin on 29 March."""
    world = new_world(tmp_path, course=CLOCKS, now="2026-03-10T08:00:00Z", starts_on=date(2026, 3, 16))
    people = [await world.learner(name, name.title(), zone) for name, zone in learners.items()]
    storage = world.app.storage
    for zone, start in (("America/New_York", moves), ("Europe/Berlin", {})):
        before = [of_cohort(storage, "demo", [zone])[1][0], *(of_person(storage, "demo", p.id)[2] for p in people)]
        speaker = await open_form(world, "Change dates")
        shown = await speaker.submit(zone=zone, **start)
        await speaker.press(shown, "Use it")
        after = [of_cohort(storage, "demo", [zone])[1][0], *(of_person(storage, "demo", p.id)[2] for p in people)]
        usual, *own = [difference(*both) for both in zip(before, after, strict=True)]
        lines = {f"- {what}: {say(old, zone)} → {say(new, zone)}" for what, old, new in usual}
        listed = {line for line in shown.text.split("\n") if " → " in line and line.startswith("- ")}
        more = re.search(r"^- and (\d+) more$", shown.text, re.MULTILINE)
        assert listed <= lines
        assert len(listed) + int(more[1] if more else 0) == len(lines) > 0
        assert f"by the clock of {zone}" in shown.text
        if not any(own):
            assert "No learner has a date ahead that moves" in shown.text


def difference(before: list[Date], after: list[Date]) -> list[tuple[str, datetime, datetime]]:
    """The dates that have moved, of the kinds that a preview lists."""
    old = {(d.kind, d.id): d.at for d in before}
    listed = [d for d in after if d.kind in ("opens", "closes", "due", "live")]
    return [(words(d.kind, d.subject), old[d.kind, d.id], d.at) for d in listed if old[d.kind, d.id] != d.at]


# Telling


async def test_whom_it_concerns_is_told_once_in_their_own_time(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo", "America/New_York")
    await world.wait(hours=1)
    shown = await move_start(world, "2026-01-12")
    assert "2 of 2 learners have dates that move. Each is told once, with their next message." in shown.text
    await ines(world).press(shown, "Use it")
    assert not about_dates(mia)
    await world.until("2026-01-11T00:00:00Z")
    assert len(about_dates(mia)) == len(about_dates(leo)) == 1
    assert len(moved_lines(mia)) == 4
    assert "The first day of the course is Mon 12 Jan 2026, not Mon 5 Jan 2026." in moved_lines(mia)[0]
    assert "closes Mon 19 Jan, 12:00, not Mon 12 Jan, 12:00" in moved_lines(mia)[1]
    assert "is due Mon 26 Jan, 06:59, not Mon 19 Jan, 06:59" in "\n".join(moved_lines(leo))
    assert "1 more date moves; the card of its week has it." in about_dates(mia)[0]
    assert not about_dates(ines(world))


async def test_of_many_dates_the_essential_ones_are_named(tmp_path: Path) -> None:
    work = [
        f"  - {{id: m{n}, week: 3, title: Piece {n}, due: {day} 18:00, minutes: 5{', essential: yes' * (n > 4)}}}\n"
        for n, day in enumerate(("Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), start=1)
    ]
    world = new_world(tmp_path, course=COURSE[: COURSE.index("prompts:")] + "milestones:\n" + "".join(work))
    mia = await world.learner("mia", "Mia")
    await world.wait(hours=1)
    await ines(world).press(await move_start(world, "2026-01-12"), "Use it")
    await world.until("2026-01-11T00:00:00Z")
    (told,) = about_dates(mia)
    assert [n for n in range(1, 7) if f"Piece {n} is due" in told] == [1, 5, 6]
    assert "3 more dates move; the card of each week has its dates." in told


async def test_a_date_within_two_days_is_told_at_once(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-17T13:00:00Z")
    await mia.command("submit", "https://example.org/plan", place="general")
    leo = await world.learner("leo", "Leo", "America/New_York")
    before = len(world.rows(SpokenRow))
    speaker = await open_item(world, "Milestones", "Milestone: Hand in the plan")
    shown = await speaker.submit(due="Sun 12:00 aoe")
    assert "1 of 2 learners has" not in shown.text
    await speaker.press(shown, "Use it")
    # Mia has handed it in: nothing of hers moves. Leo came too late to have to.
    assert not about_dates(mia)
    assert len(world.rows(SpokenRow)) == before
    ben = await world.learner("ben", "Ben")
    await world.wait(minutes=1)
    assert not about_dates(ben)
    assert leo


async def test_a_near_date_that_moves_is_urgent(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-17T13:00:00Z")
    speaker = await open_item(world, "Milestones", "Milestone: Hand in the plan")
    shown = await speaker.submit(due="Sun 12:00 aoe")
    assert "1 learner has dates that move. They are told at once, or in their morning, since the date" in shown.text
    await speaker.press(shown, "Use it")
    await world.wait(minutes=1)
    assert moved_lines(mia) == ["Hand in the plan is due Mon 19 Jan, 01:00, not Mon 19 Jan, 12:59."]
    await world.wait(days=2)
    assert len(about_dates(mia)) == 1


# A start that moves while the course runs


async def test_a_start_moves_by_a_week_after_two_weeks_have_run(tmp_path: Path) -> None:
    """Three zones; the clocks of New York change on 8 March, those of Berlin on 29 March."""
    world = new_world(tmp_path, course=MORE, now="2026-03-02T08:00:00Z", starts_on=date(2026, 3, 2))
    people = {
        "Europe/Berlin": await world.learner("mia", "Mia"),
        "America/New_York": await world.learner("leo", "Leo", "America/New_York"),
        "Pacific/Auckland": await world.learner("tane", "Tane", "Pacific/Auckland"),
    }
    mia = people["Europe/Berlin"]
    await world.until("2026-03-06T21:30:00Z")
    await mia.press(mia.find("Week 1 wrap-up"), "Answer")
    await mia.submit(done="All of it")
    # Tuesday of week 3: two weeks have run, their reports stand.
    await world.until("2026-03-17T12:00:00Z")
    asked = {zone: prompts(p) for zone, p in people.items()}
    assert all(len(some) == 2 for some in asked.values())
    roots = posts(mia)

    shown = await move_start(world, "2026-03-09")
    assert "Dates that move" in shown.text
    assert "have passed" in shown.text
    await ines(world).press(shown, "Use it")
    assert posts(mia) == roots
    # The second week is over. By the new dates it would still be open: nobody is told so.
    assert "Open until Mon 16 Mar, 12:00" in people["America/New_York"].find("Week 2 wrap-up").text

    # Week 3's prompt would have come this Friday. It comes in a week, at 16:00 of each one's own clock.
    await world.until("2026-03-24T00:00:00Z")
    assert {zone: prompts(p) for zone, p in people.items()} == asked
    assert all(len(about_dates(p)) == 1 for p in people.values())
    for instant, zone in (
        ("2026-03-27T03:00:00Z", "Pacific/Auckland"),
        ("2026-03-27T15:00:00Z", "Europe/Berlin"),
        ("2026-03-27T20:00:00Z", "America/New_York"),
    ):
        at = world.at(instant)
        await world.until((at.replace(minute=0)).isoformat().replace("+00:00", "Z"))
        await world.wait(minutes=1)
        assert len(prompts(people[zone])) == 3, zone
    for p in people.values():
        assert len(prompts(p)) == 3
        assert len(set(prompts(p))) == 3
    # It closes at noon of Monday, by the summer time that Berlin has since the day before.
    together = next(m for m in mia.sees("general") if m.text.startswith("Week 3: the week together"))
    assert "open until Mon 30 Mar, 12:00" in together.text
    await world.until("2026-03-30T09:59:00Z")
    assert "Answer" in mia.sees("general")[-1].buttons
    await world.until("2026-03-30T10:01:00Z")
    assert "0 of 3 answered" in next(m for m in mia.sees("general") if m.id == together.id).text
    await world.until("2026-04-20T00:00:00Z")
    for zone, p in people.items():
        assert len(prompts(p)) == 3, zone
        assert [sum(t.startswith(f"Week {n}: ") for t in p.inbox()) for n in (1, 2, 3)] == [1, 1, 1], zone
        assert len(about_dates(p)) == 1
    assert [t for t in posts(mia) if "together" in t] == [f"Week {n}: the week together" for n in (1, 2, 3)]


async def test_an_open_wrapup_stays_open_longer_and_says_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo", "America/New_York")
    await world.until("2026-01-10T12:00:00Z")
    assert len(prompts(mia)) == len(prompts(leo)) == 1
    shown = await move_start(world, "2026-01-12")
    await ines(world).press(shown, "Use it")
    card = mia.find("Week 1 wrap-up")
    assert "Mon 19 Jan, 12:00" in card.text
    root = mia.find("The wrap-up is open until", "general")
    assert "Mon 19 Jan" in root.text
    await world.until("2026-01-18T00:00:00Z")
    assert len(prompts(mia)) == len(prompts(leo)) == 1
    await world.until("2026-01-24T00:00:00Z")
    assert len(prompts(mia)) == 2


async def test_who_joined_late_is_not_asked_for_a_week_that_is_over(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until("2026-01-13T12:00:00Z")
    tom = await world.learner("tom", "Tom")
    await ines(world).press(await move_start(world, "2026-01-12"), "Use it")
    ben = await world.learner("ben", "Ben")
    await world.until("2026-01-22T00:00:00Z")
    assert [p for p in (*prompts(tom), *prompts(ben)) if "Week 1" in p] == []


async def test_a_discussion_goes_by_form_and_what_a_form_cannot_add_takes_the_file(tmp_path: Path) -> None:
    talk = """\
discussions:
  - {id: bags, week: 2, title: Bags or leaves, question: Talk of tea, opens: Mon 09:00, closes: Sun 18:00}
checkins:
  - {id: page, title: The shared page, link: "https://example.org/page", weekly: yes, days: [Tue 09:00]}
"""
    world = new_world(tmp_path, course=COURSE + talk)
    listed = await ines(world).press(await ines(world).command("course", place="general"), "Edit an item")
    assert "Propose a live session" in listed.buttons
    await open_item(world, "Discussions", "Discussion: Bags or leaves")
    shown = await ines(world).submit(remove="yes")
    assert "Removed: “Bags or leaves”" in shown.text or "Removed: " in shown.text
    await ines(world).press(shown, "Use it")
    listed = await ines(world).press(await ines(world).command("course", place="general"), "Edit an item")
    assert "Bags or leaves" not in listed.text
    await open_item(world, "Check-ins", "Check-in: The shared page")
    assert "Removed: " in (await ines(world).submit(remove="yes")).text
    world.app.storage.close()
