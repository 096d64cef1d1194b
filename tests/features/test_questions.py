"""Questions, as conversations."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.acts import Act
from adapters.sandbox.driver import Speaker
from bot.core.events import MEDIA, ButtonPressed, MessageDeleted, MessageEdited, MessagePosted
from bot.core.people import Account, Actor, Place
from bot.core.plain import plain
from bot.core.typed import visible
from bot.features.questions.rules import is_over, opens_question
from storage.tables.faq import EntryRow
from storage.tables.inbox import InteractionRow
from storage.tables.people import AuditRow
from storage.tables.questions import MarkRow, QuestionRow, ReplyRow, RevisionRow
from tests.kit import COURSE, World, new_world


async def test_a_question_by_command_is_answered_in_its_thread(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    receipt = await mia.command("ask", "How long may the report be?")
    assert "It goes to the question channel" in receipt.text
    root = ben.last("questions")
    assert "Mia asks" in root.text
    assert "How long may the report be?" in root.text
    reply = await ben.say("questions", "Ten pages.", thread=root.id)
    assert reply.message is not None
    assert "has 1 reply" in (await mia.command("")).text
    before = len(ben.sees("questions"))
    await mia.react(reply.message, "✅")
    root = ben.find("Mia asks", "questions")
    assert "Answered: see the answer" in root.text
    assert len(ben.sees("questions")) == before
    sitting = await ines.command("faq")
    assert "How long may the report be?" in sitting.text
    assert "Ten pages." in sitting.text
    approved = await ines.press(sitting, "Approve")
    assert "FAQ 1 approved" in approved.text
    assert "Ten pages." in (await ben.command("find", "report length long")).text


async def asked(world: World, who: Speaker, text: str, **values: str) -> int:
    """Asks by command; returns the id of what the bot posted in the channel."""
    await who.command("ask", values={"text": text, **values})
    return who.find(text[:30], "questions").id


def badges(world: World, message: int) -> list[str]:
    """The bot's own reactions on a message."""
    found = world.chat.sandbox.platform.reactions([message]).get(message, {})
    return sorted(emoji for emoji, people in found.items() if "bot" in people)


def state(world: World, number: int = 1) -> str:
    return str(world.rows(QuestionRow, id=number)[0].state)


async def said(who: Speaker, text: str, thread: int | None = None, place: str = "questions") -> int:
    message = (await who.say(place, text, thread)).message
    assert message is not None
    return message


# Asking


@pytest.mark.parametrize(
    "typed",
    ["anonymous=yes May I skip week 2?", "May I skip week 2? anonymous=yes", 'anonymous=yes text="May I skip week 2?"'],
)
async def test_without_a_name_wherever_that_is_said(world: World, typed: str) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command(f"ask {typed}")
    assert mia.last("questions").text.startswith("Somebody asks\n> May I skip week 2?\n")


async def test_nothing_of_a_question_is_lost_behind_a_named_word(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("ask", "text=Is x=1 or x=2?")
    assert "> Is x=1 or x=2?" in mia.last("questions").text
    await mia.command("ask", "Why does it print b=2")
    assert "> Why does it print b=2" in mia.last("questions").text


async def test_too_long_a_question_comes_back_whole_with_its_ticks(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    said = await mia.command("ask", "anonymous=yes " + "y" * 10_000)
    assert "10,000 characters long; 3,000 fit" in said.errors["text"]
    assert said.form is not None
    assert said.form.title == "Ask a question"
    assert {f.name: f.value for f in said.form.fields} == {
        "text": "y" * 10_000,
        "anonymous": "yes",
        "instructors_only": "",
    }
    await mia.submit(text="Short?", anonymous="yes")
    assert mia.last("questions").text.startswith("Somebody asks\n> Short?")


async def test_a_form_opens_when_nothing_is_written(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    form = (await mia.command("ask")).form
    assert form is not None
    assert [f.label for f in form.fields] == ["Your question", "Without my name", "Course team only"]
    assert (await mia.submit(text="   ")).errors["text"]
    assert mia.form is not None
    assert (await mia.submit(text="x" * 3001)).errors["text"].startswith("This is 3,001 characters")
    assert "Thank you" in (await mia.submit(text="Which zone counts?")).text
    assert "Which zone counts?" in mia.find("Mia asks", "questions").text


async def test_a_course_can_do_without_anonymous_questions(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + "privacy: {anonymous_questions: false}\n")
    mia = await world.learner("mia", "Mia")
    form = (await mia.command("ask")).form
    assert form is not None
    assert [f.name for f in form.fields] == ["text", "instructors_only"]
    refused = await mia.command("ask", values={"text": "Who am I?", "anonymous": "yes"})
    assert "no questions without a name" in str(dict(refused.errors))
    assert refused.form is not None
    assert refused.form.fields[0].value == "Who am I?"
    assert world.rows(QuestionRow) == []
    world.app.storage.close()


async def test_a_text_that_is_too_long_keeps_what_was_typed(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    long = await mia.command("ask", "Why? " * 2000)
    assert "fit. Please shorten it" in str(dict(long.errors))
    assert long.form is not None
    assert len(long.form.fields[0].value) > 9_000
    assert world.rows(QuestionRow) == []


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> why?",
        "@everyone is it due?",
        "<b onclick=alert(1)>bold</b>?",
        "'; DROP TABLE questions; --?",
        "ما هو الموعد النهائي؟",
        "Why 😀😀😀?",
        "a\u202eb?",
    ],
)
async def test_odd_words_stay_words(world: World, text: str) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await mia.command("ask", text)
    assert f"> {visible(text)}\n" in ben.find("Mia asks", "questions").text
    answer = await said(ben, text, mia.find("Mia asks", "questions").id)
    await mia.react(answer, "✅")
    assert state(world) == "solved"


async def test_a_double_press_and_a_second_delivery_ask_once(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    for _ in range(2):
        await mia.command("ask", "Is it due?", delivery="d1")
    assert "It is in the question channel" in (await mia.command("ask", "Is it due?")).text
    assert len(world.rows(QuestionRow)) == 1
    assert len([s for s in mia.sees("questions") if "asks" in s.text]) == 1


async def test_the_asker_edits_closes_opens_and_deletes(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    receipt = await mia.command("ask", "How logn?")
    await mia.press(receipt, "Edit")
    assert mia.form is not None
    assert mia.form.fields[0].value == "How logn?"
    assert "Please fill this in" in (await mia.submit(text="\x00")).errors["text"]
    assert [r.text for r in world.rows(QuestionRow)] == ["How logn?"]
    assert "How long?" in (await mia.submit(text="How long?")).text
    root = ben.find("Mia asks", "questions")
    assert "How long?" in root.text
    assert "course team" in (await ben.press(root, "Not needed any more")).text
    closed = await mia.press(root, "Not needed any more")
    assert "Not needed any more" in ben.find("Mia asks", "questions").text
    assert ben.find("Mia asks", "questions").buttons == []
    await mia.press(closed, "Open it again")
    assert "I take it" in ben.find("Mia asks", "questions").buttons
    closed = await mia.press(ben.find("Mia asks", "questions"), "Not needed any more")
    assert "deleted" in (await mia.press(closed, "Delete its text")).text
    assert not [s for s in ben.sees("questions") if s.by == "bot" and s.to is None]
    assert [r.text for r in world.rows(QuestionRow)] == [""]
    assert world.rows(RevisionRow) == []


# Plain messages


async def test_a_plain_question_gets_one_quiet_reaction(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    number = len(mia.sees("questions"))
    root = await said(mia, "Why does it fail on my machine")
    assert badges(world, root) == ["❓"]
    assert len(mia.sees("questions")) == number + 1
    for text in ("Hello all", "Thanks, that worked", "ok", "👍", "Good morning everybody, a fine week to all of you"):
        assert badges(world, await said(ben, text)) == []
    answer = await said(ben, "Restart it.", root)
    assert badges(world, answer) == []
    await mia.react(answer, "✅")
    assert badges(world, root) == ["✅", "❓"]
    assert len(mia.sees("questions")) == number + 7
    await mia.unreact(answer, "✅")
    assert badges(world, root) == ["❓"]
    assert state(world) == "open"


async def test_not_a_question_is_one_gesture(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await said(mia, "Look at this?")
    await ben.react(root, "❌")
    assert state(world) == "open"
    await ines.react(root, "❌")
    assert state(world) == "dropped"
    assert badges(world, root) == []
    await ines.unreact(root, "❌")
    assert state(world) == "open"
    assert badges(world, root) == ["❓"]
    await mia.react(root, "❌")
    assert state(world) == "dropped"


async def test_elsewhere_only_the_queue_is_filled(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await said(mia, "When is it due?", place="general")
    assert state(world) == "elsewhere"
    assert badges(world, root) == []
    await said(ben, "I like it here.", place="general")
    await said(ines, "How was your week?", place="general")
    await said(mia, "What is this?", place="dm")
    assert len(world.rows(QuestionRow)) == 1
    queue = await ines.press(await ines.command(""), "See questions")
    assert "1 question waits" in queue.text
    assert "seen in the main channel" in queue.text
    await said(ben, "On Monday.", root, "general")
    assert "question waits" not in (await ines.command("")).text


# Marking


async def test_only_the_asker_and_the_course_team_mark(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await asked(world, mia, "How long?")
    first, second = await said(ben, "Ten.", root), await said(ben, "No, twelve.", root)
    await ben.react(first, "✅")
    assert state(world) == "open"
    await mia.react(first, "✅")
    await ines.react(second, "✅")
    row = world.rows(QuestionRow)[0]
    assert world.rows(ReplyRow, id=row.answer)[0].text == "No, twelve."
    await ines.unreact(second, "✅")
    row = world.rows(QuestionRow)[0]
    assert world.rows(ReplyRow, id=row.answer)[0].text == "Ten."
    await ben.unreact(first, "✅")
    assert state(world) == "solved"
    await mia.unreact(first, "✅")
    assert state(world) == "open"
    assert "Answers go into the thread" in ben.find("Mia asks", "questions").text


async def test_a_mark_delivered_twice_counts_once(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = await said(mia, "How long?")
    for _ in range(2):
        await ben.say("questions", "Ten.", root, delivery="r1")
    answer = ben.find("Ten.", "questions").id
    for _ in range(3):
        await mia.react(answer, "✅", delivery="t1")
    assert len(world.rows(ReplyRow)) == len(world.rows(MarkRow)) == len(world.rows(EntryRow)) == 1


async def test_solved_marks_the_last_reply_of_another(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    assert "None of your questions" in (await mia.command("solved")).text
    root = await asked(world, mia, "How long?")
    await said(ben, "Ten.", root)
    await said(mia, "Thanks!", root)
    inside = Act("mia", "command", "questions", root, None, "solved")
    outcome = await world.chat.act(inside)
    assert outcome.reply is not None
    row = world.rows(QuestionRow)[0]
    assert world.rows(ReplyRow, id=row.answer)[0].text == "Ten."
    await mia.press(outcome.reply.id, "Undo")
    assert state(world) == "open"
    await asked(world, mia, "And how wide?")
    lists = await mia.command("solved")
    assert "Ben:\n> Ten.\n" in lists.text
    assert "No replies yet" in lists.text
    await mia.press(lists, "This answers it")
    assert state(world) == "solved"
    refused = await world.chat.act(Act("ben", "command", "questions", root, None, "solved"))
    assert refused.reply is not None
    assert "Only whoever asked" in ben.last("questions").text


async def test_buttons_twice_change_nothing_more(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = await asked(world, mia, "How long?")
    await said(ben, "Ten.", root)
    page = await mia.press(await mia.command(""), "Look")
    receipts = [await mia.press(page, "This answers it") for _ in range(2)]
    assert len(world.rows(EntryRow)) == 1
    for receipt in receipts:
        assert "open again" in (await mia.press(receipt, "Undo")).text
    assert state(world) == "open"
    assert [e.state for e in world.rows(EntryRow)] == ["dropped"]


async def test_another_cohort_neither_opens_nor_marks(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    eve = world.chat.person("eve", "Eve")
    root = await asked(world, mia, "How long?")
    await said(ben, "Ten.", root)
    reply = await said(ben, "Or twelve.", root)
    await eve.react(reply, "✅")
    assert state(world) == "open"
    take = ben.find("Mia asks", "questions")
    assert "members" in (await eve.press(take, "Not needed any more")).text
    assert "instructors and managers" in (await ben.press(take, "I take it")).text
    for action in ("questions.open/1/1:1", "questions.mark/1/1:1.1"):
        for who in ("ben", "eve"):
            event = ButtonPressed(
                actor=Actor(Account("sandbox", who), who), place=Place("sandbox", "questions"), id=f"{action}{who}",
                at=world.clock.now(), action=action,
            )  # fmt: skip
            answer = await world.app.runtime.receive(event)
            assert answer.message is not None
            assert "Ten" not in plain(answer.message)
    assert state(world) == "open"


# Edits and deletions


async def test_edits_are_followed(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = await said(mia, "How long?")
    answer = await said(ben, "Ten.", root)
    await mia.react(answer, "✅")
    await ben.edit(answer, "Twelve.")
    await mia.edit(root, "How long is the report?")
    entry = world.rows(EntryRow)[0]
    assert (entry.question, entry.answer, entry.state) == ("How long is the report?", "Twelve.", "draft")
    assert {r.text for r in world.rows(RevisionRow)} == {"How long?", "Ten."}


async def test_a_question_edited_into_thanks_leaves_the_queue_until_its_asker_says_otherwise(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    root = await said(mia, "How long may the report be?")
    await mia.edit(root, "thanks, found it")
    assert (state(world), badges(world, root)) == ("dropped", [])
    assert "found it" not in (await ines.command("desk")).text
    told = mia.last()
    assert "reads “thanks, found it” now" in told.text
    await mia.press(told, "Open it again")
    assert (state(world), badges(world, root)) == ("open", ["❓"])
    await mia.edit(root, "Thanks all, found it!")
    assert state(world) == "open", "a word more is no new decision"


async def test_a_question_comes_back_with_its_words(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    root = await said(mia, "How long may the report be?")
    await mia.edit(root, "How long may the report be? EDIT: solved")
    assert state(world) == "dropped"
    await mia.edit(root, "How long may the report be? The handbook says nothing.")
    assert state(world) == "open"
    assert "it is open again" in mia.last().text
    assert not [t for t in mia.inbox() if "nobody waits" in t], "one message, which follows the edits"
    await mia.react(root, "❌")
    await mia.edit(root, "How long may the report be at most?")
    assert state(world) == "dropped", "what its asker closed by hand stays closed"


async def test_an_edit_that_came_long_ago_is_told_with_the_next_message(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    root = await said(mia, "How long may the report be?")
    before = len(mia.inbox())
    event = _event(world, MessageEdited, str(root), "never mind", revision="9")
    await world.wait(hours=5)
    await world.app.runtime.receive(event)
    await world.settle()
    assert state(world) == "dropped"
    assert len(mia.inbox()) == before
    await world.until("2026-01-06T12:00:00Z")
    assert any("reads “never mind” now" in text for text in mia.inbox())


@pytest.mark.parametrize(
    ("before", "after", "over"),
    [
        ("How long is it?", "thanks, found it", True),
        ("How long is it?", "nvm", True),
        ("How long is it?", "Found it in the handbook.", True),
        ("How long is it?", "~How long is it?~ solved", True),
        ("How long is it?", "[SOLVED] How long is it?", True),
        ("How long is it?", "How long is it? Edit: figured it out.", True),
        ("How long is it?", "-", True),
        ("How long is it?", "", True),
        ("How long is it?", "Good morning everyone, I am Mia", True),
        ("How long is it?", "How long is the report?", False),
        ("How long is it?", "How long is it? Thanks!", False),
        ("How long is it?", "How long is it? Not solved yet.", False),
        ("How long is it?", "How long is it? I found it, but it does not load.", False),
        ("How long is it?", "How long is it? Is this solved?", False),
        ("The build is broken on my laptop", "The build was broken on my laptop", False),
        ("My notebook crash on cell 3", "My notebook crashes on cell 3", False),
    ],
)
def test_what_an_edit_says_of_a_question(before: str, after: str, over: bool) -> None:
    assert is_over(before, after) is over


async def test_a_deleted_answer_opens_the_question_again(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = await said(mia, "How long?")
    answer, other = await said(ben, "Ten.", root), await said(ben, "Maybe.", root)
    await ben.edit(answer, "Twelve.")
    await mia.react(answer, "✅")
    await ben.delete(other)
    assert state(world) == "solved"
    await ben.delete(answer)
    row = world.rows(QuestionRow)[0]
    assert (row.state, row.answer, row.replies, row.first_answer_at) == ("open", None, 0, None)
    assert badges(world, root) == ["❓"]
    assert [r.text for r in world.rows(ReplyRow)] == ["", ""]
    assert world.rows(RevisionRow) == []
    assert [(e.state, e.question, e.answer) for e in world.rows(EntryRow)] == [("dropped", "", "")]


async def test_a_deleted_question_is_withdrawn(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await said(mia, "How long?")
    await mia.edit(root, "How long, please?")
    answer = await said(ben, "Ten.", root)
    await mia.react(answer, "✅")
    await ines.press(await ines.command("faq"), "Approve")
    await mia.delete(root, delivery="x")
    await mia.delete(root, delivery="x")
    assert state(world) == "withdrawn"
    assert world.rows(QuestionRow)[0].text == ""
    assert world.rows(RevisionRow) == []
    entry = world.rows(EntryRow)[0]
    assert (entry.state, entry.flag) == ("flagged", "withdrawn")
    assert "Needs another look: Its source was deleted" in (await ines.command("faq")).text


def _event(world: World, kind: type[MessagePosted] | type[MessageEdited], id: str, text: str, **more: Any) -> Any:
    actor = Actor(Account("sandbox", "mia"), "Mia")
    place = Place("sandbox", "questions", more.pop("thread", None))
    return kind(actor=actor, place=place, id=id, at=world.clock.now(), text=text, **more)


async def test_events_in_any_order_end_the_same(world: World) -> None:
    await world.learner("mia", "Mia")
    runtime = world.app.runtime
    place = Place("sandbox", "questions")
    now = world.clock.now()
    for event in (
        _event(world, MessageEdited, "901", "Why not?", revision="10"),
        _event(world, MessagePosted, "901", "Why?"),
        _event(world, MessageEdited, "901", "Older?", revision="9"),
        MessageDeleted(place=place, id="902", at=now),
        _event(world, MessagePosted, "902", "Gone already?"),
        _event(world, MessageEdited, "902", "Gone already??", revision="2"),
        _event(world, MessagePosted, "904", "To nobody's thread", thread="903"),
        _event(world, MessagePosted, "903", "A late root?"),
        _event(world, MessageEdited, "905", "Edited reply", thread="901", revision="2"),
        _event(world, MessagePosted, "905", "Reply", thread="901"),
        MessageDeleted(place=replace(place, thread="901"), id="906", at=now),
        _event(world, MessagePosted, "906", "Deleted reply", thread="901"),
    ):
        await runtime.receive(event)
        await runtime.settle()
    assert {(q.message, q.text) for q in world.rows(QuestionRow)} == {("901", "Why not?"), ("903", "A late root?")}
    assert [(r.message, r.text) for r in world.rows(ReplyRow)] == [("905", "Edited reply")]


async def test_who_asked_is_told_once_that_the_post_was_deleted_in_the_channel(world: World) -> None:
    mia, ben, omar = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("omar")
    await mia.command("ask", values={"text": "May I name my employer?", "anonymous": "yes"})
    await world.settle()
    root = ben.find("May I name my employer?", "questions")
    for _ in range(2):
        deleted = MessageDeleted(place=Place("sandbox", "questions"), id=str(root.id), at=world.clock.now())
        await world.app.runtime.receive(deleted)
    await world.until("2026-01-07T12:00:00Z")
    told = [t for t in mia.inbox() if "somebody who looks after the channel has deleted it there" in t]
    assert len(told) == 1
    assert "May I name my employer?" in told[0]
    assert not [t for person in (ben, omar) for t in person.inbox() if "has deleted it there" in t]
    card = mia.find("has deleted it there")
    asked = {"text": "May I name my employer?", "anonymous": "yes"}
    for button, private in (("Ask the team privately", "yes"), ("Ask again", "")):
        form = (await mia.press(card, button)).form
        assert form is not None
        assert {f.name: f.value for f in form.fields} == asked | {"instructors_only": private}
    await mia.submit(text="May I name the company I work for?")
    await world.settle()
    assert ben.find("May I name the company I work for?", "questions")


# Without a name


async def test_nobody_sees_who_asked_without_a_name(tmp_path: Path) -> None:
    world = new_world(tmp_path, channels={"main": "general", "questions": "questions", "staff": "staff"})
    zoe = await world.learner("zoe", "Zoe")
    ben, ines, omar = await world.learner("ben", "Ben"), world.chat.person("ines"), world.chat.person("omar")
    receipt = await zoe.command("ask", values={"text": "Is it silly to ask this?", "anonymous": "yes"})
    assert "No role sees who you are" in receipt.text
    root = ben.find("Somebody asks", "questions")
    first = await said(ben, "Not at all.", root.id)
    page = await zoe.press(await zoe.command(""), "Look")
    assert "Ben" in page.text
    await zoe.press(page, "Reply")
    await zoe.submit(text="Thank you, and how long?")
    assert "The asker:\n> Thank you, and how long?" in ben.last("questions").text
    second = await said(ines, "Ten pages.", root.id)
    await ines.press(root, "I take it")
    await ines.press(await ines.press(ben.find("Somebody asks", "questions"), "I take it"), "Look")
    await omar.press(await omar.press(root, "I take it"), "Look")
    page = await zoe.press(receipt.reply.id if receipt.reply else 0, "Edit")
    await zoe.submit(text="Is it silly to ask that?")
    lists = await zoe.command("solved")
    await zoe.press(lists, "This answers it")
    assert state(world) == "solved"
    for who in (ben, ines, omar):
        for place in ("general", "questions", "staff", "dm"):
            assert not [s.text for s in who.sees(place) if "Zoe" in s.text or "zoe" in s.text]
    assert world.rows(EntryRow) == []
    assert not [a.act for a in world.rows(AuditRow) if "Zoe" in a.act]
    assert world.rows(AuditRow, person=world.rows(QuestionRow)[0].asker) == []
    assert {r.author for r in world.rows(ReplyRow, own=True)} == {None}
    seen = [json.loads(line) for line in world.chat.sandbox.platform.transcript.read()]
    by_bot = [s for s in seen if s["by"] == "bot" and s["place"] != "dm:zoe" and s["to"] != "zoe"]
    assert not [s for s in by_bot if "zoe" in json.dumps(s).lower()]
    assert first
    assert second
    world.app.storage.close()


async def test_an_open_gesture_of_who_asked_without_a_name_counts_as_anybodys(world: World) -> None:
    zoe, ben = await world.learner("zoe", "Zoe"), await world.learner("ben", "Ben")
    root = await asked(world, zoe, "Is it silly?", anonymous="yes")
    answer = await said(ben, "No.", root)
    await zoe.react(answer, "✅")
    assert state(world) == "open"
    hint = zoe.last("questions")
    assert "not counted" in hint.text
    assert hint.to == "zoe"
    await zoe.press(await zoe.press(hint, "Look"), "This answers it")
    assert state(world) == "solved"
    # In the thread under their own name they are somebody like anybody else.
    await said(zoe, "I wondered too.", root)
    assert world.rows(ReplyRow)[-1].own is False


async def test_the_asker_hears_of_replies_in_one_bundled_line(world: World) -> None:
    zoe, ben = await world.learner("zoe", "Zoe"), await world.learner("ben", "Ben")
    root = await asked(world, zoe, "Is it silly?", anonymous="yes")
    before = len(zoe.inbox())
    for text in ("No.", "Not at all.", "Never."):
        await said(ben, text, root)
    assert len(zoe.inbox()) == before
    await world.until("2026-01-06T12:00:00Z")
    told = zoe.inbox()[before:]
    assert len(told) == 1
    assert "has 3 replies" in told[0]


# Instructors alone


async def test_instructors_only_stays_among_them(tmp_path: Path) -> None:
    world = new_world(tmp_path, channels={"main": "general", "questions": "questions", "staff": "staff"})
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    receipt = await mia.command("ask", values={"text": "May I hand in late?", "instructors_only": "yes"})
    assert "instructors and managers alone see it" in receipt.text
    assert not [s for s in ben.sees("questions") + ben.sees("general") if "late" in s.text]
    card = ines.find("Mia asks the course team alone", "staff")
    assert "May I hand in late?" in card.text
    # No message of its own: it stands in their channel, and on the desk.
    assert not [text for text in ines.inbox() if "late" in text]
    assert "May I hand in late?" in (await ines.command("desk")).text
    await ines.press(card, "Reply")
    await ines.submit(text="Yes, until Friday.")
    await ines.press(card, "Reply")
    await ines.submit(text="Yes, until Friday.")
    assert len(world.rows(ReplyRow)) == 1
    page = await mia.press(await mia.command(""), "Look")
    assert "Ines" in page.text
    assert "Yes, until Friday." in page.text
    await mia.press(page, "Reply")
    await mia.submit(text="Thank you!")
    assert "Mia:\n> Thank you!" in ines.last("staff").text
    await mia.press(page, "This answers it")
    assert world.rows(EntryRow) == []
    assert "Answered." in ines.find("asks the course team alone", "staff").text
    assert not [s for s in ben.sees("questions") + ben.sees("general") if "Friday" in s.text]
    world.app.storage.close()


async def test_taking_a_question(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await asked(world, mia, "How long?")
    root = ines.find("Mia asks", "questions")
    taken = await ines.press(root, "I take it")
    assert "You have it" in taken.text
    assert "You have it" in (await ines.press(root, "I take it")).text
    other = await omar.press(root, "I take it")
    assert "Ines has it already" in other.text
    await omar.press(other, "Take it over")
    await ines.press(taken, "Give it back")
    assert world.rows(QuestionRow)[0].taken_by is not None
    await omar.press(await omar.press(root, "I take it"), "Give it back")
    assert world.rows(QuestionRow)[0].taken_by is None


async def test_staff_reply_from_their_page(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    root = await said(mia, "How long?")
    page = await ines.press(await ines.press(await ines.command(""), "See questions"), "Open 1")
    await ines.press(page, "Reply")
    await ines.submit(text="Ten pages.")
    reply = mia.last("questions")
    assert (reply.thread, reply.text) == (root, "Ines:\n> Ten pages.")
    await mia.react(reply.id, "✅")
    assert state(world) == "solved"
    assert [e.answer for e in world.rows(EntryRow)] == ["Ten pages."]


# Asked before?


async def test_what_is_known_is_shown_before_posting(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await asked(world, mia, "How many pages may the final report have?")
    await mia.react(await said(ben, "Ten.", root), "✅")
    await ines.press(await ines.command("faq"), "Approve")
    known = await ben.command("ask", "How many pages may the final report have at most?")
    assert "Asked before?" in known.text
    assert "Ten." in known.text
    assert "checked" in known.text
    assert len([s for s in mia.sees("questions") if "asks" in s.text]) == 1
    await ben.press(known, "None of these: ask")
    assert "at most" in mia.find("Ben asks", "questions").text
    assert "It is in the question channel" in (await ben.press(known, "None of these: ask")).text
    assert len([s for s in mia.sees("questions") if "asks" in s.text]) == 2
    again = await mia.command("ask", "The final report, how many pages may it have?")
    assert "Nothing was posted" in (await mia.press(again, "That helped")).text
    assert len(world.rows(QuestionRow)) == 2
    assert "It goes to" in (await mia.command("ask", "May a report contain videos?")).text


# The rest


async def test_one_channel_for_everything(tmp_path: Path) -> None:
    world = new_world(tmp_path, channels={"main": "general"})
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await mia.command("ask", "How long?")
    root = ben.find("Mia asks", "general")
    await mia.react(await said(ben, "Ten.", root.id, "general"), "✅")
    assert "Answered" in ben.find("Mia asks", "general").text
    world.app.storage.close()


async def test_who_has_not_joined_may_ask_and_mark_too(world: World) -> None:
    eve, ben = world.chat.person("eve", "Eve"), await world.learner("ben", "Ben")
    root = await said(eve, "How do I join this course")
    await eve.react(await said(ben, "With the code.", root), "✅")
    assert state(world) == "solved"
    await eve.edit(root, "How do I join this course, please")
    await eve.delete(root)
    assert state(world) == "withdrawn"


async def test_a_reply_by_form_of_who_asked_without_a_name_goes_with_the_question(world: World) -> None:
    zoe, ben = await world.learner("zoe", "Zoe"), await world.learner("ben", "Ben")
    root = await asked(world, zoe, "Is it silly?", anonymous="yes")
    await said(ben, "No.", root)
    page = await zoe.press(await zoe.command(""), "Look")
    await zoe.press(page, "Reply")
    await zoe.submit(text="Sure?")
    assert [s.text for s in ben.thread(root)] == ["No.", "The asker:\n> Sure?"]
    closed = await zoe.press(page, "Not needed any more")
    await zoe.press(closed, "Delete its text")
    assert [s.text for s in ben.thread(root)] == ["No."]
    assert "taken back" in ben.find("This question", "questions").text
    assert {r.text for r in world.rows(ReplyRow)} == {"No.", ""}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How do I install this", True),
        ("is there a template", True),
        ("error 137 in docker", True),
        ("What now?", True),
        ("ما هو الموعد؟", True),
        ("I ran the notebook twice and both times the kernel died", True),
        ("Hi, I am stuck: the notebook does not start on my laptop", True),
        ("", False),
        ("😀", False),
        ("Hello all", False),
        ("Thanks a lot, everybody, this was really very useful to me!", False),
        ("https://example.org/?q=1", False),
        ("Done!", False),
        ("Lunch now", False),
    ],
)
def test_what_opens_a_question(text: str, asks: bool) -> None:
    assert opens_question(text) is asks


async def test_what_was_deleted_stands_in_no_stored_answer(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    long = "Quartz and\n" + "feldspar, " * 30 + "which is it?"
    asked = await mia.say("questions", "Quartz, at first?")
    assert asked.message is not None
    await mia.edit(asked.message, long)
    said = await ben.say("questions", "Granite, I think.", thread=asked.message)
    assert said.message is not None
    await ben.edit(said.message, "Basalt, I think.")
    assert "Quartz" in (await ines.command("desk")).text
    await mia.react(said.message, "✅")
    assert "Basalt" in (await ines.command("faq", delivery="f")).text
    receipt = await ben.command("ask", "Slate or marble?", delivery="b")
    form = (await ben.press(receipt, "Edit")).form
    assert form is not None
    await ben.submit(text="Marble or slate?")
    await ben.delete(said.message)
    await mia.delete(asked.message)
    await ben.press(await ben.press(receipt, "Not needed any more"), "Delete its text")
    stored = str([r.answer for r in world.rows(InteractionRow)])
    kept = str(world.chat.sandbox.platform._db.rows("SELECT group_concat(event) AS e FROM deliveries")[0]["e"])
    for word in ("Quartz", "feldspar", "Granite", "Basalt", "Slate", "Marble"):
        assert word not in stored
        assert word not in kept
    assert (await ines.command("faq", delivery="f")).text == ""


async def test_what_is_deleted_after_the_end_is_deleted(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    question = (await mia.say("questions", "How do I take this back later?")).message
    assert question is not None
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    await mia.delete(question)
    (row,) = world.rows(QuestionRow)
    assert (row.state, row.text) == ("withdrawn", "")


# Reading what was said


async def test_a_thread_that_says_so_itself_is_solved_quietly(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await said(mia, "How do I install the tool?")
    await said(ben, "Which system do you have?", root)
    await said(mia, "A Mac", root)
    answer = await said(ben, "Then run brew install tool in the terminal.", root)
    number = len(mia.sees("questions"))
    await said(mia, "Thank you, that worked!", root)
    assert badges(world, root) == ["✅", "❓"]
    assert badges(world, answer) == ["✅"]
    assert len(mia.sees("questions")) == number + 1
    assert "brew install tool" in (await ines.command("faq")).text
    # What is said afterwards takes it back.
    await said(mia, "Sorry, no: it still does not work, I get the same error. Any idea why?", root)
    assert state(world) == "open"
    assert badges(world, answer) == []
    assert "Nothing waits" in (await ines.command("faq")).text


async def test_one_gesture_says_that_it_was_not_the_answer(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    root = await said(mia, "How do I install the tool?")
    wrong = await said(ben, "Run brew install tool in the terminal.", root)
    right = await said(ines, "Or download it.", root)
    await said(mia, "Thank you, it works now!", root)
    assert badges(world, right) + badges(world, wrong) == ["✅"]
    guessed = right if badges(world, right) else wrong
    await ben.react(guessed, "❌")
    assert state(world) == "solved"
    await ines.react(guessed, "❌")
    assert state(world) == "open"
    assert badges(world, guessed) == []
    # It is not tried again, but people may still say so.
    await said(mia, "Thanks again, that worked", root)
    assert state(world) == "open"
    await mia.react(wrong, "✅")
    assert state(world) == "solved"
    assert badges(world, wrong) == []


async def test_a_mark_is_worth_more_than_what_was_read(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = await said(mia, "How do I install the tool?")
    first, second = await said(ben, "With pip install tool.", root), await said(ben, "On a Mac: with brew.", root)
    await said(mia, "Thanks, it works!", root)
    await mia.react(first, "✅")
    row = world.rows(QuestionRow)[0]
    assert (row.guess, world.rows(ReplyRow, id=row.answer)[0].text) == ("", "With pip install tool.")
    assert badges(world, first) == badges(world, second) == []
    await said(mia, "Hm, it still does not work. Why?", root)
    assert state(world) == "solved"


async def test_what_was_read_goes_with_the_answer_alone(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = await said(mia, "How do I install the tool?")
    answer = await said(ben, "Run brew install tool in the terminal.", root)
    other = await said(ben, "Or not.", root)
    await said(mia, "Thank you, that worked!", root)
    guessed, rest = (answer, other) if badges(world, answer) else (other, answer)
    await ben.delete(rest)
    assert state(world) == "solved"
    await ben.delete(guessed)
    assert state(world) == "open"
    assert badges(world, root) == ["❓"]


async def test_elsewhere_talk_goes_on_and_a_new_question_stands_out(world: World) -> None:
    mia, ben, zoe = [await world.learner(name, name.title()) for name in ("mia", "ben", "zoe")]
    await said(mia, "Hello all", place="general")
    await said(mia, "Does anybody know how to export the notebook as a file? I get an error.", place="general")
    assert [r.text[:8] for r in world.rows(QuestionRow)] == ["Does any"]
    await world.wait(seconds=40)
    await said(ben, "which error?", place="general")
    await world.wait(seconds=40)
    await said(mia, "it says: no file, why is that so?", place="general")
    assert len(world.rows(QuestionRow)) == 1
    await world.wait(hours=5)
    await said(zoe, "Hi everyone, I am trying to open the second task but it fails, can anyone help", place="general")
    assert len(world.rows(QuestionRow)) == 2
    await said(ben, "Lunch now", place="general")
    assert len(world.rows(QuestionRow)) == 2


async def test_a_picture_is_no_question_and_no_entry_of_the_faq(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    for kind in MEDIA:
        await mia.say("questions", "", kind=kind)
    assert world.rows(QuestionRow) == []
    asked = await mia.say("questions", "Where does the arrow go in this picture?", kind="image")
    assert asked.message is not None
    reply = await ben.say("questions", "", thread=asked.message, kind="image")
    assert reply.message is not None
    await mia.react(reply.message, "✅")
    [question] = world.rows(QuestionRow)
    assert question.state == "solved"
    assert world.rows(EntryRow) == []


async def test_two_instructors_press_on_one_desk_and_the_later_reads_how_the_question_stands(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    root = await asked(world, mia, "How long is the report?")
    taken = await omar.press(root, "I take it")
    page = await omar.press(taken, "Look")
    await ines.press(root, "Not needed any more")
    assert "closed as not needed" in (await omar.press(page, "I take it")).text
    late = await omar.press(taken, "Give it back")
    assert "It was closed as not needed any more" in late.text
    assert "waits for anybody" not in late.text
    await omar.press(late, "Open it again")
    assert state(world) == "open"
