"""What people write to the bot in private, as conversations."""

import logging
from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen, Speaker
from bot.core.events import MEDIA
from bot.core.facts import CohortEnded
from storage.tables.faq import EntryRow
from storage.tables.people import AuditRow
from storage.tables.questions import QuestionRow
from storage.tables.talk import SaidRow
from storage.tables.wrapups import AnswerRow, RoundRow
from tests.features.test_completion import files
from tests.features.test_wrapups import FRIDAY_BERLIN, MONDAY_BERLIN, forge_in, happen, second_cohort
from tests.kit import COURSE, World, new_world

CHOICES = {
    "My wrap-up, for the cohort",
    "Another wrap-up question",
    "A note for the course team",
    "Ask it in the question channel",
    "A private question to the course team",
    "Never mind",
}


async def said(speaker: Speaker, text: str, kind: str = "text") -> Seen:
    """Says something in private; the bot's answer to it."""
    before = {s.id for s in speaker.sees()}
    result = await speaker.say("dm", text, kind=kind)  # type: ignore[arg-type]
    new = [s for s in speaker.sees() if s.id not in before and s.id != result.message]
    assert len(new) == 1, f"{text!r} got {len(new)} answers"
    return new[0]


async def test_a_message_is_quoted_and_asked_about_and_nobody_else_sees_it(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(FRIDAY_BERLIN)
    card = await said(mia, "I read it twice")
    assert "> I read it twice" in card.text
    assert set(card.buttons) == CHOICES
    everything = [m.text for place in ("general", "questions", "staff") for m in ben.sees(place)]
    assert not any("read it twice" in t for t in everything)
    dropped = await mia.press(card, "Never mind")
    assert dropped.text == ""
    assert "nobody has read it" in mia.last().text
    assert world.rows(SaidRow)[0].text == ""


async def test_what_sounds_private_is_offered_to_the_smallest_audience_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    card = await said(mia, "I may have to stop, my father is ill, please tell nobody")
    assert card.buttons[:2] == ["Pause", "I'm away"], "nobody else reads it"
    assert card.buttons[2:4] == ["A note for the course team", "A private question to the course team"]
    assert (await said(mia, "How long may it be?")).buttons[0] == "Ask it in the question channel"
    assert (await said(mia, "Chapter two is done")).buttons[0] == "My wrap-up, for the cohort"


async def test_a_note_reaches_the_instructors_desk_and_its_author_hears_that_it_was_read(world: World) -> None:
    mia, ines, eve = await world.learner("mia", "Mia"), world.chat.person("ines"), await world.learner("eve", "Eve")
    card = await said(mia, "My boss counts the hours. SECRET")
    await mia.press(card, "A note for the course team")
    assert "instructors and managers alone read it" in mia.find("It is on the desk").text
    desk = await ines.command("desk")
    assert "Notes to the course team: 1 new" in desk.text
    assert "SECRET" in desk.text
    assert "Questions" not in desk.text
    for place in ("general", "questions"):
        assert not any("SECRET" in m.text for m in eve.sees(place))
    read = await ines.press(desk, "Mark as read")
    assert "Its author hears that" in read.text
    assert "SECRET" not in (await ines.command("desk")).text
    await world.wait(days=8)
    assert any("Ines has read your note" in t for t in mia.inbox())
    assert not any("SECRET" in r.act for r in world.rows(AuditRow))


async def test_an_instructor_replies_to_a_note_in_private(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.press(await said(mia, "I feel like quitting"), "A note for the course team")
    await ines.press(await ines.command("desk"), "Reply")
    assert ines.form is not None
    assert ines.form.fields[0].hint == "Who asked and the course team alone read it."
    await ines.submit(text="Let us talk about it.")
    page = await mia.press(await mia.command(""), "Look")
    assert "Let us talk about it." in page.text


async def test_a_note_is_called_a_note_and_is_quoted_in_no_card(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    for text in ("I sleep badly, SECRET", "I cannot go on, SECRET"):
        await mia.press(await said(mia, text), "A note for the course team")
    await mia.press(await said(mia, "May I hand in late?"), "A private question to the course team")
    assert "1 question and 2 notes wait" in (await ines.command("")).text
    assert "1 question and 2 notes wait" in (await ines.press(await ines.command(""), "See questions")).text
    await ines.press(await ines.command("desk"), "Reply (2)")
    await ines.submit(text="Let us talk about it.")
    await world.wait(days=8)
    page = await mia.command("")
    assert "The course team has answered your note" in page.text
    assert "SECRET" not in page.text
    assert not any("SECRET" in t and "I sleep badly" in t and "Week" in t for t in mia.inbox())
    assert any("Ines replies to your note:\n> Let us talk about it." in t for t in mia.inbox())
    await mia.press(mia.find("I cannot go on"), "Take it back")
    assert mia.find("Your note and everything that was made of it are deleted.")


async def test_the_help_and_the_page_read_well(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "/cohort is your page, and says what is next." in (await said(mia, "help")).text
    await mia.command("away", "pause")
    for text in ("hello", "help", "thanks"):
        answer = (await said(mia, text)).text
        assert "You are paused until you say that you are back" in answer
        assert ".." not in answer


async def test_a_private_question_and_a_public_one_go_where_they_were_meant_for(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await mia.press(await said(mia, "May I hand in late?"), "A private question to the course team")
    assert "instructors and managers alone see it" in mia.find("May I hand in late?").text
    assert not any("hand in late" in m.text for m in ben.sees("questions"))
    assert "May I hand in late?" in (await ines.command("desk")).text
    await mia.press(await said(mia, "How long may the report be?"), "Ask it in the question channel")
    assert "How long may the report be?" in ben.find("Mia asks", "questions").text


async def test_edits_and_deletions_follow_what_the_message_became(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    ways = {"Ask it in the question channel": "wehre", "A note for the course team": "note wehre"}
    for label, words in ways.items():
        message = (await mia.say("dm", f"It is {words} is it kept?")).message
        assert message is not None
        await mia.press(mia.last(), label)
        await mia.edit(message, "It is there, is it kept? MENDED")
        assert "MENDED" in mia.find("Thank you.").text
        seen = ben.last("questions").text if label.startswith("Ask") else (await ines.command("desk")).text
        assert "MENDED" in seen
        await mia.delete(message)
        seen = ben.last("questions").text if label.startswith("Ask") and ben.sees("questions") else ""
        assert "MENDED" not in seen + (await ines.command("desk")).text
        assert not any("MENDED" in m.text for m in mia.sees())
    assert "MENDED" not in repr(world.rows(QuestionRow)) + repr(world.rows(SaidRow))


async def test_before_it_is_decided_an_edit_is_asked_about_and_a_deletion_leaves_nothing(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    message = (await mia.say("dm", "half a sen")).message
    assert message is not None
    card = mia.last()
    await mia.edit(message, "half a sentence")
    assert "> half a sentence" in mia.last().text
    assert mia.last().id == card.id
    await mia.edit(message, "thanks")
    assert "You are welcome" in mia.last().text
    await mia.edit(message, "a whole sentence")
    assert "> a whole sentence" in mia.last().text
    await mia.delete(message)
    assert not any("sentence" in m.text for m in mia.sees())
    assert [r.text for r in world.rows(SaidRow)] == [""]


async def test_asked_before_is_shown_before_a_private_message_is_posted(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await mia.command("ask", "How long may the report be?")
    reply = await ines.say("questions", "Ten pages.", thread=mia.last("questions").id)
    assert reply.message is not None
    await mia.react(reply.message, "✅")
    await ines.press(await ines.command("faq"), "Approve")
    before = len(ben.sees("questions"))
    await ben.press(await said(ben, "How long may the report be?"), "Ask it in the question channel")
    assert "Ten pages." in ben.find("Asked before?").text
    assert len(ben.sees("questions")) == before
    await ben.press(ben.find("Asked before?"), "None of these: ask")
    assert "It goes to the question channel" in ben.find("Thank you.").text
    assert len(ben.sees("questions")) == before + 1


# Every message gets an answer


@pytest.mark.parametrize(
    "text",
    ["hello", "help", "thanks", "👍", "ok", "?", "stop", "skip", "away", "/cohort ask", "...", "I feel like quitting"],
)
async def test_every_message_gets_an_answer_at_any_time(world: World, text: str) -> None:
    eve = world.chat.person("eve", "Eve", "Europe/Berlin")
    ines = world.chat.person("ines")
    times = [await said(eve, text), await said(ines, text)]  # before joining; the course team
    await eve.command("join", world.join_code)
    times += [await said(eve, text) for _ in range(3)]  # the third of a day as the first
    await eve.command("away", "pause")
    times.append(await said(eve, text))
    await eve.press(await eve.command("leave"), "Leave")
    times.append(await said(eve, text))
    happen(world, CohortEnded(world.cohort.id), end=True)
    times += [await said(eve, text), await said(ines, text)]
    assert all(t.buttons for t in times), "each has something to press"
    assert world.rows(AnswerRow) == world.rows(QuestionRow) == []


@pytest.mark.parametrize("kind", MEDIA)
async def test_what_has_no_words_is_named_and_goes_nowhere(world: World, kind: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    answer = await said(mia, "", kind)
    assert "You sent a" in answer.text
    assert "kept nothing" in answer.text
    with_words = await said(mia, "this is my drawing", kind)
    assert "You sent a" in with_words.text
    assert "> this is my drawing" in with_words.text
    assert set(with_words.buttons) == CHOICES
    assert [r.text for r in world.rows(SaidRow)] == ["this is my drawing"]
    assert world.rows(AnswerRow) == []


async def test_the_course_team_can_tell_its_own(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(FRIDAY_BERLIN)
    card = await said(ines, "how are they doing this week")
    assert set(card.buttons) == {"A note for the course team", "Ask it in the question channel", "Never mind"}
    await ines.press(card, "A note for the course team")
    assert "how are they doing" in (await omar.command("desk")).text
    assert world.rows(AnswerRow) == []


async def test_nobodys_message_is_kept(world: World) -> None:
    eve = world.chat.person("eve", "Eve")
    answer = await said(eve, "what is this place about, SECRET")
    assert "/cohort join CODE" in answer.text
    assert "SECRET" not in answer.text
    assert world.rows(SaidRow) == []


async def test_a_button_of_somebody_elses_message_and_a_second_press_do_nothing(world: World) -> None:
    mia, eve = await world.learner("mia", "Mia"), await world.learner("eve", "Eve")
    card = await said(mia, "mine alone")
    assert "not kept any more" in await forge_in(world, eve, "talk", "team", "1.")
    assert world.rows(QuestionRow) == []
    await mia.press(card, "A note for the course team")
    assert "decided about this message already" in await forge_in(world, mia, "talk", "ask", "1.")
    assert len(world.rows(QuestionRow)) == 1


async def test_what_nobody_decides_about_is_not_kept_for_ever(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, "something undecided")
    await world.wait(days=31)
    assert [r.text for r in world.rows(SaidRow)] == [""]
    assert "send it once more" in (await mia.press(card, "A note for the course team")).text


async def test_with_two_cohorts_a_note_goes_to_the_one_that_is_chosen(world: World) -> None:
    mia, ines, tess = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("tess", "Tess")
    await mia.command("join", second_cohort(world, teacher="tess"))
    await mia.press(await said(mia, "for Tess alone, SECRET"), "A note for the course team")
    await mia.press(mia.last(), "2. Other course")
    assert "SECRET" in (await tess.command("desk")).text
    assert "SECRET" not in (await ines.command("desk")).text


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("I want to quit", "Leave"),
        ("I am away next week", "I'm away"),
        ("I'm on vacation until Friday", "I'm away"),
        ("how do I leave?", "Leave"),
        ("How do I come back?", "I'm back"),
        ("When is my deadline?", "My page"),
        ("what can you do?", "What I can do here"),
        ("delete my data", "My settings"),
        ("stop messaging me", "Leave"),
    ],
)
async def test_beside_the_choices_stands_the_button_that_helps(world: World, text: str, button: str) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, text)
    assert button in card.buttons
    then = ("You are ", "Leave the cohort, or pause ", "Welcome back")
    assert (await mia.press(card, button)).text or mia.form or mia.last().text.startswith(then)


@pytest.mark.parametrize(
    "text",
    ["my password is hunter2", "this week 😢", "Leo is copying my work", "leave me alone", "delete my data", "🤒"],
)
async def test_in_doubt_the_course_team_comes_first_and_everybody_last(world: World, text: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    card = await said(mia, text)
    assert card.buttons[0] == "A note for the course team"
    assert "My wrap-up, for the cohort" not in card.buttons


async def test_before_the_wrap_up_opens_the_card_says_when(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "The week 1 wrap-up opens Fri 9 Jan, 16:00." in (await said(mia, "I finished the page")).text
    await world.until(FRIDAY_BERLIN)
    assert "wrap-up opens" not in (await said(mia, "I finished the page")).text


async def test_a_whole_wrap_up_in_one_message_is_not_offered_to_the_cohort(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    for text in (
        "Finished: page\nNext: interviews\nStuck: the survey",
        "Finished: page. Next: more. Stuck: the survey",
    ):
        card = await said(mia, text)
        assert card.buttons[0] == "Look it over: Week 1 wrap-up"
        assert "My wrap-up, for the cohort" not in card.buttons
        assert "My wrap-up, for the instructors alone" in card.buttons
    card = await said(mia, "Finished: the page")
    assert card.buttons[0] == "My wrap-up, for the cohort"


async def test_outside_a_cohort_a_word_is_answered_as_a_word(world: World) -> None:
    eve, mia = world.chat.person("eve", "Eve"), await world.learner("mia", "Mia")
    assert "Hello Eve." in (await said(eve, "hello")).text
    assert "You are welcome, Eve." in (await said(eve, "thanks")).text
    assert "kept nothing" in (await said(eve, "I have a question about it")).text
    happen(world, CohortEnded(world.cohort.id), end=True)
    thanks = await said(mia, "thanks")
    assert "You are welcome, Mia." in thanks.text
    assert "Demo course has ended; what you did there is kept." in thanks.text
    assert (await mia.press(thanks, thanks.buttons[0])).text


TWO_A_WEEK = """\
  - id: pulse
    title: Pulse
    weekly: true
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {id: mood, kind: text, text: "How was it?", audience: cohort}
"""


async def which_one(mia: Speaker, text: str) -> Seen:
    """Mia says that a message is her wrap-up; the card that asks for which one."""
    card = await said(mia, text)
    assert "My wrap-up, for the cohort: you choose which one next" in card.text
    await mia.press(card, "My wrap-up, for the cohort")
    assert mia.last().id == card.id
    assert "Which one is it for?" in mia.last().text
    return mia.last()


async def test_two_wrap_ups_of_a_week_are_told_apart_by_their_titles(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + TWO_A_WEEK)
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    card = await which_one(mia, "quite good")
    assert card.buttons == ["1. Week 1 wrap-up", "2. Week 1: Pulse", "Back", "Never mind"]
    assert "Week 1: Pulse: it answers “How was it?”" in card.text
    await mia.press(card, "Back")
    assert "What is it?" in mia.last().text
    await mia.press(mia.last(), "My wrap-up, for the cohort")
    await mia.press(mia.last(), "2. Week 1: Pulse")
    assert "to “How was it?”. The cohort sees this." in mia.find("Saved as your").text
    assert [r.body for r in world.rows(AnswerRow)] == ['{"mood": "quite good"}']
    world.app.storage.close()


async def test_wrap_ups_of_two_cohorts_are_told_apart_by_the_cohort(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("join", second_cohort(world))
    await world.until(FRIDAY_BERLIN)
    card = await which_one(mia, "the second chapter")
    assert card.buttons == ["1. Demo course", "2. Other course", "Back", "Never mind"]
    await mia.press(card, "2. Other course")
    (answer,) = world.rows(AnswerRow)
    (round,) = world.rows(RoundRow, id=answer.round)
    assert round.cohort != world.cohort.id


async def test_several_wrap_ups_in_two_cohorts_are_told_apart_by_both(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + TWO_A_WEEK)
    mia = await world.learner("mia", "Mia")
    await mia.command("join", second_cohort(world))
    await world.until(FRIDAY_BERLIN)
    card = await which_one(mia, "quite good")
    assert card.buttons[:3] == [
        "1. Demo course, Week 1 wrap-up",
        "2. Demo course, Week 1: Pulse",
        "3. Other course",
    ]
    await mia.press(card, "2. Demo course, Week 1: Pulse")
    assert [r.body for r in world.rows(AnswerRow)] == ['{"mood": "quite good"}']
    world.app.storage.close()


# A week of what people say

SENTENCES = (
    "My father is ill and I may have to stop, please tell nobody",
    "I feel like quitting",
    "I am quitting next week",
    "Leo is copying from the others and it is unfair",
    "Somebody in my group is rude to me",
    "my boss does not know that I take this course",
    "I lost my job on Tuesday",
    "I was in hospital",
    "I am pregnant, so the last week will be hard",
    "I cannot afford the book",
    "I am afraid to ask in the channel",
    "I do not like the instructor's tone",
    "This course is a waste of time",
    "so I just wanted to",
    "and then",
    "hm",
    "😢",
    "How do I tell my team that I am behind?",
    "Can I get my money back?",
    "Where is the link?",
    "I finished the homework",
    "Everything but the last exercise",
    "The reading, twice",
    "next week I will start earlier",
    "here is my number: 555 0100",
    "my password is hunter2",
    "see https://example.org/private",
    "@everyone please read this",
    "sorry, wrong chat",
    "love you, see you at home",
    "Please do not show this to the cohort",
    "1. I am tired\n2. I am behind\n3. I am lost",
)


async def test_a_week_of_private_words_reaches_nobody_else(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each sentence has a canary. None may be found where another person can look."""
    caplog.set_level(logging.DEBUG)
    mia, ben, tess = (
        await world.learner("mia", "Mia"),
        await world.learner("ben", "Ben"),
        world.chat.person("tess", "T"),
    )
    second_cohort(world, teacher="tess")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for number, sentence in enumerate(SENTENCES):
        if number % 7 == 3:
            await world.wait(hours=20)
        answer = await said(mia, f"{sentence} CANARY{number:02}")
        assert answer.buttons
        if number % 5 == 0:
            await mia.say("dm", f"CANARY{number:02}", kind="image")
    await world.until(FRIDAY_BERLIN)
    for number, sentence in enumerate(SENTENCES):
        await said(mia, f"{sentence} CANARY{number + 50}")
    await world.until(MONDAY_BERLIN)
    await world.wait(days=1)
    for commands in (("desk",), ("week",), ("week", "answers"), ("week", "missing"), ("faq",), ("overview",)):
        for person in (ines, omar, tess):
            await person.command(*commands)
    await ben.command("find", "finished homework")
    await ben.command("")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    await omar.press(sure, "End the cohort")
    for name, text in files(world, omar, "The archive of Demo course").items():
        assert "CANARY" not in text, name
    platform = world.chat.sandbox.platform
    for person in ("ben", "ines", "omar", "tess"):
        for room in platform.places(person):
            for post in platform.posts(room.id, person, limit=5000):
                assert "CANARY" not in post.text, f"{person} sees {post.text!r} in {room.id}"
    for table in (AnswerRow, QuestionRow, EntryRow, AuditRow):
        assert "CANARY" not in repr(world.rows(table))
    assert "CANARY" not in caplog.text


async def test_what_was_said_to_be_for_the_cohort_is_all_that_the_cohort_sees(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(FRIDAY_BERLIN)
    for number, sentence in enumerate(SENTENCES):
        card = await said(mia, f"{sentence} CANARY{number:02}")
        if number == 20:
            await mia.press(card, "My wrap-up, for the cohort")
    await world.until(MONDAY_BERLIN)
    seen = " ".join(m.text for m in ben.sees("general", 5000))
    # What followed the first answer answered the question that was asked, unless it was clearly something else.
    found = {n for n in range(len(SENTENCES)) if f"CANARY{n:02}" in seen}
    assert found == {20, 21}


@pytest.mark.parametrize(
    ("name", "hello", "welcome"),
    [
        ("Mia", "Hello Mia. Write me", "You are welcome, Mia."),
        ("mia", "Hello Mia. Write me", "You are welcome, Mia."),
        ("mia.k", "Hello. Write me", "You are welcome."),
    ],
)
async def test_only_a_name_is_greeted(world: World, name: str, hello: str, welcome: str) -> None:
    mia = await world.learner("mia", name)
    assert (await said(mia, "hello")).text.startswith(hello)
    assert (await said(mia, "thank you")).text.startswith(welcome)
