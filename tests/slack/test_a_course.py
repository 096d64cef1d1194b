"""A learner's and an instructor's days in Slack: the whole bot, through the real SDKs."""

from typing import Any

import pytest
from sqlmodel import Session, select

from bot.core.events import PlaceFound
from bot.core.people import Place
from storage.tables.outbox import OutboxRow
from tests.platforms.people import Seen
from tests.slack.conftest import Course
from tests.slack.humans import shown
from tests.slack.local_slack import BOT, CHANNELS, TEAM
from tests.slack.proxy import Reply
from tests.waiting import eventually


async def seen(course: Course, who: str, where: str, words: str, below: str | None = None) -> Seen:
    async def look() -> Seen | None:
        found = await course.stage.people.sees(who, where, below)
        return next((s for s in reversed(found) if words in s.text), None)

    try:
        return await eventually(look)
    except AssertionError:
        texts = [s.text for s in await course.stage.people.sees(who, where, below)]
        raise AssertionError(f"{who} sees no {words!r} in {where}; there is {texts}") from None


async def desk_says(course: Course, words: str) -> None:
    """The desk tells at any hour of the day."""

    async def look() -> bool:
        await course.stage.people.command("ines", "general", "desk")
        return any(words in s.text for s in await course.stage.people.sees("ines", "general"))

    await eventually(look)


async def join(course: Course, *who: str) -> None:
    for person in who:
        await course.stage.people.command(person, "general", f"join {course.code}")
        await seen(course, person, "general", "Welcome to")


async def test_a_question_is_asked_by_a_form_answered_and_marked(course: Course) -> None:
    people = course.stage.people
    await join(course, "mia", "ben")
    await people.command("mia", "general", "ask")
    await eventually(lambda: people.form("mia"))
    await people.submit("mia", {"text": "How long may the report *really* be? <!channel>"})
    question = await seen(course, "ben", "questions", "How long may the report *really* be? <!channel>")
    assert question.calls == ()
    answer = await people.say("ben", "questions", "Ten pages.", below=question.id)
    await people.react("mia", "questions", answer, "✅")
    await seen(course, "ben", "questions", "Answered")


async def test_a_plain_question_is_seen_and_marked_from_its_menu(course: Course) -> None:
    people = course.stage.people
    await join(course, "mia", "ben")
    asked = await people.say("mia", "questions", "Can I reuse the data of last year?")

    async def badge() -> bool:
        message = next(m for m in await people.messages("ben", "questions") if m["ts"] == asked)
        return bool(message.get("reactions"))

    await eventually(badge)
    answer = await people.say("ben", "questions", "Yes, if you name the source.", below=asked)
    await people.shortcut("mia", "questions", answer, "questions.answer")

    async def marked() -> bool:
        root = next(m for m in await people.messages("ben", "questions") if m["ts"] == asked)
        return any(r["name"] == "white_check_mark" for r in root.get("reactions") or ())

    await eventually(marked)
    await seen(course, "mia", "questions", "Marked as the answer", below=asked)


async def test_what_is_edited_or_deleted_during_a_downtime_leaves_the_desk(course: Course) -> None:
    people = course.stage.people
    await join(course, "mia", "ben")
    words = ("Where is the canary?", "Where is the robin?", "Where is the lark?", "Where is the wren?")
    deleted, beheaded, found, _ = [await people.say("mia", "questions", w) for w in words]
    await people.say("ben", "questions", "Which one?", below=beheaded)
    await people.command("ines", "general", "desk")
    await seen(course, "ines", "general", "Where is the wren?")
    await course.close()
    for gone in (deleted, beheaded):
        await people.delete("mia", "questions", gone)
    await people.edit("mia", "questions", found, "Thanks, found it!")
    await course.open()

    async def look() -> bool:
        await people.command("ines", "general", "desk")
        desk = [s.text for s in await people.sees("ines", "general") if "Where is the wren?" in s.text][-1]
        return not any(word in desk for word in ("canary", "robin", "lark"))

    await eventually(look)


@pytest.mark.parametrize("stopped", [False, True])
async def test_what_is_written_where_the_bot_is_not_is_read_once_it_is_back(course: Course, stopped: bool) -> None:
    people, proxy, questions = course.stage.people, course.stage.proxy, CHANNELS["questions"]
    await join(course, "mia", "ben")
    found = await people.say("mia", "questions", "Where is the canary?")
    await people.command("ines", "general", "desk")
    await seen(course, "ines", "general", "Where is the canary?")
    outside: Reply = (200, {"ok": False, "error": "not_in_channel"}, {})
    proxy.refuse = lambda method, given: outside if given.get("channel") == questions else None
    if stopped:
        await course.close()
    else:
        await proxy.tell({"type": "member_left_channel", "user": BOT, "channel": questions, "event_ts": "1767607200.1"})
        proxy.silent = True
    await people.say("mia", "questions", "Where is the robin?")
    await people.edit("mia", "questions", found, "Thanks, found it!")
    if stopped:
        await course.open()
    proxy.silent = False
    await desk_says(course, "I cannot write in")
    proxy.refuse = lambda method, given: None
    await proxy.tell({"type": "member_joined_channel", "user": BOT, "channel": questions, "event_ts": "1767607200.2"})
    # Whoever writes first, now that the bot is back, hides nothing that was written before.
    await people.say("ben", "questions", "Where is the wren?")

    async def look() -> bool:
        await people.command("ines", "general", "desk")
        desk = [s.text for s in await people.sees("ines", "general") if "Where is the wren?" in s.text]
        gone = ("canary", "I cannot write in")
        return bool(desk) and "Where is the robin?" in desk[-1] and not any(words in desk[-1] for words in gone)

    await eventually(look)


async def test_the_author_of_a_question_alone_sees_what_the_faq_knows(course: Course) -> None:
    people = course.stage.people
    await join(course, "mia", "ben")
    known = "How many pages may the final survey report have at most?"
    asked = await people.say("mia", "questions", known)
    answer = await people.say("ben", "questions", "Ten pages, without the appendix.", below=asked)
    await people.react("mia", "questions", answer, "✅")
    await people.command("ines", "general", "faq")
    await people.press("ines", "general", "Approve")
    await seen(course, "ines", "general", "FAQ 1 approved")
    again = await people.say("ben", "questions", known)
    shown = await seen(course, "ben", "questions", "Asked before?")
    assert shown.private
    assert "Ten pages, without the appendix." in shown.text
    assert not any("Asked before?" in s.text for s in await people.sees("mia", "questions"))
    await people.press("ben", "questions", "That helped")
    await seen(course, "ben", "questions", "FAQ 1 answers it")

    async def solved() -> bool:
        root = next(m for m in await people.messages("mia", "questions") if m["ts"] == again)
        return any(r["name"] == "white_check_mark" for r in root.get("reactions") or ())

    await eventually(solved)


async def test_the_home_page_is_ones_own_page(course: Course) -> None:
    people = course.stage.people
    await join(course, "mia")
    await people.open_home("mia")

    async def home() -> str | None:
        view = people.homes.get("U0MIA")
        return shown(str(view["blocks"])) if view else None

    assert "Week 1" in await eventually(home)


async def test_help_comes_privately_wherever_it_is_asked(course: Course) -> None:
    people = course.stage.people
    await people.command("mia", "dm", "help")
    assert (await seen(course, "mia", "dm", "/cohort join")).private
    await people.command("mia", "general", "hlep")
    assert "Did you mean" in (await seen(course, "mia", "general", "hlep")).text


async def test_an_instructor_manages_the_course_from_slack(course: Course) -> None:
    people = course.stage.people
    await join(course, "mia")
    await people.command("ines", "staff", "course")
    await seen(course, "ines", "staff", "Demo")
    await people.command("ines", "staff", "setup")
    await seen(course, "ines", "staff", "Ines")
    await people.command("mia", "staff", "setup")
    await seen(course, "mia", "staff", "manager")


async def test_the_receipt_of_a_question_is_true_while_its_channel_is_archived_and_after(course: Course) -> None:
    people, questions = course.stage.people, CHANNELS["questions"]
    await join(course, "mia")
    course.stage.proxy.archived.add(questions)
    await people.command("mia", "general", "ask")
    await eventually(lambda: people.form("mia"))
    await people.submit("mia", {"text": "How long may the report be?"})
    await seen(course, "mia", "dm", "waits: I cannot write there at the moment")
    course.stage.proxy.archived.clear()
    at = course.app.clock.now()
    await course.app.runtime.receive(PlaceFound(place=Place(TEAM, questions), at=at, turn="1"))
    await seen(course, "mia", "questions", "How long may the report be?")
    await seen(course, "mia", "dm", "waited, and is there now")
    assert not [s for s in await people.sees("mia", "dm") if "waits: I cannot" in s.text], "changed in place"


async def test_a_question_whose_answer_was_lost_stands_once_though_another_channel_was_chosen(course: Course) -> None:
    people, proxy, questions = course.stage.people, course.stage.proxy, CHANNELS["questions"]
    await join(course, "mia")
    lost, outside = ["after"], (200, {"ok": False, "error": "not_in_channel"}, {})

    def refuse(method: str, given: dict[str, Any]) -> Reply | str | None:
        if given.get("channel") != questions or not method.startswith(("chat.", "conversations.")):
            return None
        return lost.pop() if lost and method == "chat.postMessage" else None if lost else outside

    proxy.refuse = refuse
    await people.command("mia", "general", "ask")
    await eventually(lambda: people.form("mia"))
    await people.submit("mia", {"text": "How long may the report be?"})
    await desk_says(course, "I cannot write in")
    await people.command("ines", "general", "setup")
    await people.press("ines", "general", "Choose a channel")
    await eventually(lambda: people.form("ines"))
    await people.submit("ines", {"channel": CHANNELS["staff"], "purpose": "questions"})

    async def looked() -> bool:
        return len(proxy.called("conversations.history")) > before

    before = len(proxy.called("conversations.history"))
    await eventually(looked)
    assert not [s for s in await people.sees("ines", "staff") if "How long may the report be?" in s.text]
    proxy.refuse = lambda method, given: None
    chosen = Place(TEAM, CHANNELS["staff"])
    await course.app.runtime.receive(PlaceFound(place=chosen, at=course.app.clock.now(), turn="1"))

    async def nothing_waits() -> bool:
        with Session(course.app.storage.engine) as session:
            rows = session.exec(select(OutboxRow).where(OutboxRow.cohort == 1)).all()
        return not [row for row in rows if row.state not in ("sent", "dropped")]

    await eventually(nothing_waits)
    there = {where: [s.text for s in await people.sees("mia", where)] for where in ("questions", "staff")}
    assert [where for where, texts in there.items() for text in texts if "How long may" in text] == ["questions"]


async def test_a_reply_waits_while_slack_does_not_show_us_the_private_channel_of_its_question(course: Course) -> None:
    people, proxy, questions = course.stage.people, course.stage.proxy, CHANNELS["questions"]
    await join(course, "mia")
    await people.command("mia", "general", "ask")
    await eventually(lambda: people.form("mia"))
    await people.submit("mia", {"text": "How long may the report be?"})
    asked = await seen(course, "mia", "questions", "How long may the report be?")
    unseen: Reply = (200, {"ok": False, "error": "channel_not_found"}, {})
    proxy.refuse = lambda method, given: unseen if given.get("channel") == questions else None
    await people.command("ines", "general", "desk")
    await people.press("ines", "general", "Reply")
    await eventually(lambda: people.form("ines"))
    await people.submit("ines", {"text": "Ten pages."})
    told = await seen(course, "ines", "dm", "waits: I cannot write there at the moment")
    assert "course team" not in told.text
    proxy.refuse = lambda method, given: None
    at = course.app.clock.now()
    await course.app.runtime.receive(PlaceFound(place=Place(TEAM, questions), at=at, turn="1"))
    await seen(course, "mia", "questions", "Ten pages.", below=asked.id)
    assert not [s for s in await people.sees("ines", "dm") if "stopped trying" in s.text]
