"""How an entry lives: merged, put off, checked again, and what becomes of it when its run ends and another begins."""

from dataclasses import replace

import numpy as np
import pytest
from sqlmodel import Session, select

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import create_cohort
from bot.core.people import Role
from bot.features.faq.wording import answering, headed, run_reason
from storage.search.vectors import SIZE, pack
from storage.tables.faq import EntryRow, SourceRow
from storage.tables.search import CourseRow, GroupRow, IndexedRow
from tests.features.test_faq import approve, pair, press_raw, solve, states
from tests.kit import PLAN, World

NEXT = replace(PLAN, code="next", channels={"main": "staff"}, people=((Role.INSTRUCTOR, "eve"),))


@pytest.mark.parametrize(
    ("said", "title", "details"),
    [
        ("how long may the report be?", "How long may the report be?", ""),
        (
            "Hi all, I have a quick question: may I reuse last year's data? It is the same survey. Thanks in advance!",
            "May I reuse last year's data?",
            "It is the same survey.",
        ),
        (
            "My reader is a team of twelve. Is that one reader, or do I have to pick one of them?",
            "My reader is a team of twelve. Is that one reader, or do I have to pick one of them?",
            "",
        ),
        (
            "Hey guys! I get this when I start compose:\n```\nport is allocated\n```\nAny ideas?",
            "I get this when I start compose:",
            "```\nport is allocated\n```\nAny ideas?",
        ),
        (
            "I followed the second video. When I run it I get 'no such role'. Has anyone had this? How do I fix it?",
            "When I run it I get 'no such role'.",
            "I followed the second video. Has anyone had this? How do I fix it?",
        ),
        (
            "How to send a PDF to a template\nHi, I have searched for a week. Does anyone have an example?\n-Ada",
            "How to send a PDF to a template",
            "I have searched for a week. Does anyone have an example?",
        ),
        ("stuck on sampling", "Stuck on sampling", ""),
        (
            "Docker exits with 137\nI ran compose up and it dies. Any ideas?",
            "Docker exits with 137",
            "I ran compose up and it dies. Any ideas?",
        ),
        ("Week 2\nHello, where do I find the data?", "Where do I find the data?", ""),
        ("Please help\nIt does not start on my machine", "It does not start on my machine", ""),
        ("Where is the video of week 2? Thanks, -Mia", "Where is the video of week 2?", ""),
        ("docker.io is down?", "docker.io is down?", ""),
        ("Hi", "Hi", ""),
        ("@Ines @Leo?", "@Leo?", ""),
    ],
)
def test_a_message_becomes_a_line_that_asks(said: str, title: str, details: str) -> None:
    assert headed(said) == (f"{title}\n\n{details}" if details else title)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Hi Mia,\nrun `brew`.\n\nThanks,\n-Ben", "Run `brew`."),
        ("Mia,\nwe forwarded it.", "We forwarded it."),
        ("It is on Monday. Cheers", "It is on Monday."),
        ("Set it to 4. Regards,\nAnna Berg", "Set it to 4."),
        ("Yes,\nthat works", "Yes,\nthat works"),
        ("Use one of:\n- Foo\n- Bar", "Use one of:\n- Foo\n- Bar"),
        ("Click Settings\nAdvanced", "Click Settings\nAdvanced"),
        ("Thanks!", "Thanks!"),
    ],
)
def test_an_answer_is_said_to_anybody(said: str, answer: str) -> None:
    assert answering(said) == answer


def test_what_names_a_day_may_be_for_one_run() -> None:
    dated = {
        "due on 12 May": "due",
        "by 2026-05-03": "2026-05-03",
        "see you tomorrow": "tomorrow",
        "join https://us02web.zoom.us/j/1": "zoom.us",
        "Mar 3rd": "Mar 3rd",
        "The deadline was extended": "deadline",
        "Hand it in by Sunday": "by Sunday",
        "We talk Mondays at nine": "Mondays at",
        "See https://demo.slack.com/archives/C1/p17": "slack.com/archives",
        "before 11:30 pm": "11:30 pm",
    }
    assert {text: run_reason(text) for text, said in dated.items() if said not in run_reason(text)} == {}
    lasting = (
        "You may use 12 sources",
        "At most ten pages",
        "see https://docs.example.org/may",
        "in a week",
        "It fails due to a missing comma",
        "Monday is a project tool",
        "Add 5 ml",
    )
    assert [text for text in lasting if run_reason(text)] == []


async def test_merged_entries_count_whoever_asked_either(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages may the report have?", "Ten")
    await approve(ines)
    await solve(world, ben, mia, "What is the page limit of the report?", "Ten, I think")
    await solve(world, ben, mia, "Is there a template?", "Yes")
    await ines.press(await ines.command("faq"), "Merge")
    assert ines.form is not None
    assert [o.label for o in ines.form.fields[0].options] == [  # type: ignore[union-attr]
        "1: How many pages may the report have?",
    ]
    assert (await ines.submit()).errors == {"into": "Please pick another entry."}
    assert "no FAQ 77" in (await ines.submit(number="77")).errors["number"]
    merged = await ines.submit(into="1", number="")
    assert "FAQ 2 merged into FAQ 1. 1 draft left." in merged.text
    assert "Is there a template?" in merged.text
    assert [(e.state, e.askers) for e in world.rows(EntryRow)] == [("approved", 2), ("merged", 0), ("draft", 1)]
    assert "asked by 2 people" in (await ines.command("faq", "1")).text
    assert "FAQ 1 answers it" in (await ines.command("faq", "2")).text
    assert "page limit" in (await ines.press(merged, "Undo")).text
    assert [(e.state, e.askers) for e in world.rows(EntryRow)] == [("approved", 1), ("draft", 1), ("draft", 1)]


async def test_what_was_merged_follows_no_more_than_its_askers(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    await approve(ines)
    root, reply = await solve(world, ben, mia, "What is the page limit?", "Ten, I think")
    await ines.press(await ines.command("faq"), "Merge")
    await ines.submit(into="1")
    await mia.edit(reply, "Twenty")
    assert states(world) == [("approved", ""), ("merged", "")]
    await ben.delete(root)
    assert [(e.state, e.askers) for e in world.rows(EntryRow)] == [("approved", 1), ("merged", 0)]
    assert len(world.rows(SourceRow)) == 1


async def test_later_comes_back_after_a_week(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    put_off = await ines.press(await ines.command("faq"), "Later")
    assert "put off for a week. Nothing else waits." in put_off.text
    assert "Nothing waits" in (await ines.command("faq")).text
    await world.wait(days=7)
    assert "How many pages?" in (await ines.command("faq")).text


async def test_what_names_a_day_is_offered_for_this_run(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "When is the talk?", "On 12 May, in the usual room")
    card = await ines.command("faq")
    assert "It says “12 May”. For this run alone?" in card.text
    assert card.buttons[:2] == ["For this run alone", "Approve"]
    await ines.press(card, "Edit")
    assert ines.form is not None
    assert ines.form.fields[2].value == "yes"
    await ines.press(card, "For this run alone")
    (row,) = world.rows(EntryRow)
    assert (row.state, row.run_only) == ("approved", True)


async def test_an_entry_goes_stale_after_the_courses_time(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    await approve(ines)
    await world.until("2026-07-01T08:00:00Z")
    assert "Nothing waits" in (await ines.command("faq")).text
    await world.until("2026-07-06T08:00:00Z")
    card = await ines.command("faq")
    assert "FAQ: 1 to verify" in card.text
    assert "Checked Mon 5 Jan" in card.text
    assert card.buttons == ["Still right", "Edit", "Merge", "Remove", "Later"]
    assert "found still right" in (await ines.press(card, "Still right")).text
    assert "Nothing waits" in (await ines.command("faq")).text


async def test_a_new_run_verifies_what_the_last_one_left(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    await solve(world, mia, ben, "When is the talk?", "Tomorrow")
    await solve(world, mia, ben, "Is there a template?", "Yes")
    for _ in range(2):
        await approve(ines)
    await ines.press(await ines.command("faq", "2"), "Edit")
    await ines.submit(run_only="yes")
    assert "Nothing waits" not in (await ines.command("faq")).text
    await world.wait(days=1)
    world.chat.person("eve", "Eve")
    create_cohort(world.app.storage, world.app.registry, NEXT)
    eve = world.chat.person("eve")
    card = await eve.command("faq", place="staff")
    assert "FAQ: 1 to verify" in card.text
    assert "How many pages?" in card.text
    assert "Still right" in card.buttons
    await eve.press(card, "Still right")
    assert "Nothing waits" in (await eve.command("faq", place="staff")).text
    # What the last run left undecided is theirs once it has ended.
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    assert "Is there a template?" in (await eve.command("faq", place="staff")).text
    assert "not here any more" in (await eve.command("faq", "2", place="staff")).text


async def test_an_entry_nobody_asked_for_and_an_earlier_wording(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages?", "Ten")
    await approve(ines)
    await ines.press(await ines.command("faq", "1"), "Edit")
    long = await ines.submit(question="Why? " * 40, answer="x")
    assert "more than 150 characters" in long.errors["question"]
    await ines.submit(question="How many pages?", answer="Twelve.")
    versions = await ines.press(await ines.command("faq", "1"), "Versions (2)")
    assert "Ines: edited and approved" in versions.text
    assert versions.buttons == ["Use 2 again"]
    await ines.press(versions, "Use 2 again")
    assert world.rows(EntryRow)[0].answer == "Ten"


async def test_the_same_answer_to_another_question_is_another_draft(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "May I use my own data?", "Yes, you may.")
    await approve(ines)
    await solve(world, ben, mia, "May I hand in late?", "Yes, you may.")
    assert [(e.state, e.askers) for e in world.rows(EntryRow)] == [("approved", 1), ("draft", 1)]


async def test_the_post_in_the_channel_is_pinned_and_stays_current(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "How many pages?", "Ten <b>pages</b>")
    done = await approve(ines)
    await solve(world, mia, ben, "Is there a template?", "Yes")
    assert done.buttons == ["Publish"]
    where = await ines.press(done, "Publish")
    assert "1 entry approved." in where.text
    posted = await ines.press(where, "Post it in the channel, pinned")
    assert posted.buttons == ["Take the post away", "Write an entry"]
    first = mia.find("Questions and answers", "questions")
    assert "How many pages? (FAQ 1)\n> Ten <b>pages</b>\n" in first.text
    assert world.chat.sandbox.platform.post(first.id).pinned
    await approve(ines)
    again = mia.find("Questions and answers", "questions")
    assert (again.id, "Is there a template?" in again.text) == (first.id, True)
    # What its author deletes stands there no longer.
    await ben.delete(reply)
    assert "How many pages?" not in mia.find("Questions and answers", "questions").text
    await ines.press(posted, "Take the post away")
    assert [s for s in mia.sees("questions") if "Questions and answers" in s.text] == []
    await ines.press(posted, "Write an entry")
    await ines.submit(question="Who marks?", answer="The course team")
    assert [e.question for e in world.rows(EntryRow, source=None)] == ["Who marks?"]


async def test_only_the_course_team_publishes(world: World) -> None:
    mia, _, ines = await pair(world)
    page = await ines.press(await ines.command("faq"), "Publish")
    assert page.reply is not None
    action = page.reply.controls[0]["action"]
    assert "instructors and managers" in await press_raw(world, "mia", action)
    assert [s for s in mia.sees("questions") if "Questions and answers" in s.text] == []


def group(world: World, **alike: float) -> None:
    """These entries may ask the same, as the search index has found out: each as alike to the first as its number
    says."""
    with Session(world.app.storage.engine) as session:
        course = session.exec(select(CourseRow)).one()
        made = GroupRow(course=course.id)
        session.add(made)
        session.flush()
        for name, cosine in alike.items():
            row = session.get_one(IndexedRow, int(name.removeprefix("faq")))
            vector, own = np.zeros(SIZE), 64 * row.entry
            vector[:64], vector[own : own + 64] = cosine / 8, (1 - cosine**2) ** 0.5 / 8
            row.kin, row.encoded, row.vectors = made.id, True, pack([vector])[0] * 3
        session.commit()


def ticks(ines: Speaker) -> dict[str, str]:
    """The ticks of the open form, by the entry that they name."""
    assert ines.form is not None
    return {f.label.partition(":")[0]: f.value for f in ines.form.fields}


async def test_drafts_that_may_ask_the_same_are_one_card_and_merged_one_by_one(world: World) -> None:
    mia, ben, ines = await pair(world)
    for question in ("How many pages may it have?", "What is the page limit?", "Which pages are read?", "A template?"):
        await solve(world, mia, ben, question, f"Ten: {question}")
    group(world, faq1=1.0, faq2=0.95, faq3=0.6)
    card = await ines.command("faq")
    assert "FAQ: 4 drafts" in card.text
    assert "May ask the same:\n- What is the page limit?, draft 2\n- Which pages are read?, draft 3" in card.text
    await ines.press(card, "Which ask the same?")
    assert ticks(ines) == {"draft 2": "yes", "draft 3": ""}
    one = await ines.submit()
    assert "1 draft merged into this one. Approve it, or edit it first." in one.text
    assert "Which pages are read?" not in one.text
    assert [e.state for e in world.rows(EntryRow)] == ["draft", "merged", "draft", "draft"]
    back = await ines.press(one, "Undo: FAQ 2")
    assert "What is the page limit?" in back.text
    assert [e.state for e in world.rows(EntryRow)] == ["draft"] * 4
    assert [s.entry for s in world.rows(SourceRow)] == [1, 2, 3, 4]


async def test_a_draft_like_what_stands_is_merged_into_it(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages may it have?", "Ten")
    await approve(ines)
    await solve(world, ben, mia, "What is the page limit?", "Ten, I think")
    await solve(world, ben, mia, "Is there a template?", "Yes")
    group(world, faq1=1.0, faq2=0.7)
    card = await ines.command("faq")
    assert "May ask the same:\n- How many pages may it have?, FAQ 1" in card.text
    await ines.press(card, "Which ask the same?")
    assert ticks(ines) == {"FAQ 1": ""}
    merged = await ines.submit(**{"1": "yes"})
    assert "Merged into FAQ 1. 1 draft left." in merged.text
    assert "Is there a template?" in merged.text
    assert [(e.state, e.askers) for e in world.rows(EntryRow)] == [("approved", 2), ("merged", 0), ("draft", 1)]
    assert "What is the page limit?" in (await ines.press(merged, "Undo: FAQ 2")).text


async def test_what_does_not_ask_the_same_is_not_proposed_again(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How many pages may it have?", "Ten")
    await solve(world, ben, mia, "Which pages are read?", "The first")
    group(world, faq1=1.0, faq2=0.6)
    await ines.press(await ines.command("faq"), "Which ask the same?")
    kept = await ines.submit()
    assert "May ask the same" not in kept.text
    card = await ines.press(kept, "Approve")
    assert "Which pages are read?" in card.text
    assert "May ask the same" not in card.text


async def test_each_merge_can_be_undone_after_the_next(world: World) -> None:
    mia, ben, ines = await pair(world)
    for question in ("How many pages?", "What is the limit?", "How long may it be?"):
        await solve(world, mia, ben, question, "Ten")
    for entry, into in ((1, 2), (2, 3)):
        await ines.press(await ines.command("faq", str(entry)), "Merge")
        await ines.submit(number=str(into))
    assert [s.entry for s in world.rows(SourceRow)] == [3, 3, 3]
    await ines.press(await ines.command("faq", "2"), "Undo")
    assert [s.entry for s in world.rows(SourceRow)] == [2, 2, 3]
    await ines.press(await ines.command("faq", "1"), "Undo")
    assert [s.entry for s in world.rows(SourceRow)] == [1, 2, 3]


async def test_a_draft_says_how_its_answer_is_known(world: World) -> None:
    mia, ben, ines = await pair(world)
    root = (await mia.say("questions", "How do I start the container?")).message
    await ben.say("questions", "Run make up in the folder of the course.", root)
    await mia.say("questions", "That worked, thank you!", root)
    await solve(world, mia, ben, "How many pages may it have?", "Ten")
    first = await ines.command("faq")
    assert "How many pages may it have?" in first.text
    assert "Marked by the asker." in first.text
    second = await ines.press(first, "Skip")
    assert "Read out of the thread, marked by nobody: the thread" in second.text
    assert "> Ben: Run make up in the folder of the course." in second.text
    assert "> Mia: That worked, thank you!" in second.text
    asked = (await mia.say("questions", "Is there a template?")).message
    told = (await ben.say("questions", "Yes, on the wiki.", asked)).message
    assert told is not None
    await ines.react(told, "✅")
    assert "Marked by the course team." in (await ines.command("faq")).text


async def test_a_corrected_answer_is_taken_over_with_one_press(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "How many pages may it have?", "Ten")
    await approve(ines)
    await ben.edit(reply, "Twelve")
    card = await ines.command("faq")
    await ben.edit(reply, "Fourteen")
    assert card.buttons == ["Still right", "Use the new wording", "Edit", "Merge", "Remove", "Later"]
    again = await ines.press(card, "Use the new wording")
    assert "It has changed since you saw it." in again.text
    assert "Fourteen" in again.text
    assert "edited as its source was" in (await ines.press(again, "Use the new wording")).text
    assert [(e.state, e.answer, e.news_answer) for e in world.rows(EntryRow)] == [("approved", "Fourteen", "")]
    # The same answer, marked anew, is nothing new.
    await mia.unreact(reply, "✅")
    await mia.react(reply, "✅")
    assert states(world) == [("approved", "")]


@pytest.mark.parametrize("empty", ["Is this by design or am I wrong?", "Is this how the API is supposed to work?"])
def test_whether_something_is_meant_so_is_no_title(empty: str) -> None:
    assert headed(f"The export leaves out all the drafts since Monday. {empty}").startswith("The export leaves out")


@pytest.mark.parametrize(
    "said",
    [
        "I am Kofi, i work in a bank and I am realy excited to start!! When does the first thing come?",
        "Hello, my name is Kofi. When does the first thing come?",
        "hi all I'm new here, when does the first thing come?",
    ],
)
def test_how_somebody_introduces_themselves_is_left_out(said: str) -> None:
    assert headed(said) == "When does the first thing come?"


def test_what_the_question_needs_stays() -> None:
    assert "Windows" in headed("I'm using Windows. How do I install it?")
