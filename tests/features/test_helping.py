"""Whether a reply helped, and what the FAQ already says about a question in the channel."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from storage.tables.faq import EntryRow, MissRow
from storage.tables.people import AuditRow
from tests.features.test_faq import approve, pair, press_raw, solve
from tests.features.test_questions import asked, badges, said, state
from tests.kit import COURSE, World, new_world

WRAPUP = "2026-01-09T15:00:00Z"


async def test_the_asker_is_asked_once_whether_a_reply_helped_and_yes_marks_it(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    await said(ben, "Ten pages.", question)
    await world.until(WRAPUP)
    card = mia.find("Did Ben's reply help?", "dm")
    assert "Week 1 wrap-up" in card.text
    assert "Ten pages" not in card.text
    assert "Ten pages." in (await mia.press(card, "Look")).text
    assert "Did Ben" not in "".join(m.text for m in ben.sees("questions"))
    await mia.press(card, "Yes")
    assert "is answered" in mia.last("dm").text
    assert "Answered: see the answer" in ben.find("Mia asks", "questions").text
    assert "Ten pages." in (await ines.command("faq")).text
    assert "Did Ben's reply help?" not in mia.find("Week 1 wrap-up", "dm").text


async def test_not_yet_keeps_it_on_the_desk_and_nobody_asks_again(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    await said(ben, "Ten pages.", question)
    await world.until(WRAPUP)
    await mia.press(mia.find("Did Ben's reply help?", "dm"), "Not yet")
    assert "You are not asked about it again" in mia.last("dm").text
    await said(ben, "Or eleven.", question)
    before = len(mia.sees("dm"))
    await world.until("2026-01-23T15:00:00Z")
    assert not any("reply help?" in m.text for m in mia.sees("dm")[before:])
    waiting = await ines.command("desk")
    assert "no reply has helped yet" in waiting.text


async def test_an_anonymous_asker_is_asked_too_and_stays_unknown(world: World) -> None:
    mia, ben, _ = await pair(world)
    question = await asked(world, mia, "May I skip week 2?", anonymous="yes")
    await said(ben, "Yes, if you tell Ines.", question)
    await world.until(WRAPUP)
    await mia.press(mia.find("Did Ben's reply help?", "dm"), "Yes")
    root = ben.find("Somebody asks", "questions")
    assert "Answered" in root.text
    assert "Mia" not in root.text
    assert not [row for row in world.rows(AuditRow) if "question" in row.act]


async def test_a_press_on_what_was_solved_meanwhile_says_so(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    reply = await said(ben, "Ten pages.", question)
    await world.until(WRAPUP)
    await ines.react(reply, "✅")
    await mia.press(mia.find("Did Ben's reply help?", "dm"), "Not yet")
    assert "marked as answered meanwhile" in mia.last("dm").text
    assert state(world) == "solved"


async def test_what_is_solved_in_time_is_not_asked_about(world: World) -> None:
    mia, ben, _ = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    reply = await said(ben, "Ten pages.", question)
    await mia.react(reply, "✅")
    await world.until(WRAPUP)
    assert not any("reply help?" in m.text for m in mia.sees("dm"))


# What the FAQ says

LONG = "How many pages may the final survey report have at most?"


async def known(world: World) -> tuple[Speaker, Speaker, Speaker]:
    """Leo, who has asked nothing yet, with Ben and Ines; the FAQ knows how long the report may be."""
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, LONG, "Ten pages, without the appendix.")
    await approve(ines)
    return await world.learner("leo", "Leo"), ben, ines


async def test_the_author_of_a_message_in_the_channel_gets_the_answer_privately(world: World) -> None:
    leo, ben, _ines = await known(world)
    before = len(ben.sees("questions"))
    question = await said(leo, LONG)
    whisper = leo.find("Asked before?", "questions")
    assert "> Ten pages, without the appendix." in whisper.text
    assert len(ben.sees("questions")) == before + 1
    assert state(world, 2) == "open"
    helped = await leo.press(whisper, "That helped")
    assert "FAQ 1 answers it" in helped.text
    assert badges(world, question) == ["✅", "❓"]
    assert [row.askers for row in world.rows(EntryRow)] == [2]
    assert len(ben.sees("questions")) == before + 1
    page = await press_raw(world, "ines", f"questions.open/1/{world.cohort.id}:2")
    assert "1. Leo · FAQ 1 · the answer" in page
    await world.until(WRAPUP)
    assert not any("The FAQ may answer" in m.text for m in leo.sees("dm"))
    await leo.press(helped, "Undo")
    assert state(world, 2) == "open"


async def test_a_whisper_that_nobody_pressed_rides_on_the_next_card_once(world: World) -> None:
    leo, _, _ = await known(world)
    await said(leo, LONG)
    await world.until(WRAPUP)
    cards = [m for m in leo.sees("dm") if "The FAQ may answer your question" in m.text]
    assert len(cards) == 1
    assert "Week 1" in cards[0].text
    shown = await leo.press(cards[0], "Show me")
    assert "> Ten pages, without the appendix." in shown.text
    assert "stays open" in (await leo.press(shown, "No")).text
    assert state(world, 2) == "open"
    assert [row.wrong for row in world.rows(MissRow)] == ["1"]
    assert "not in the FAQ any more" in (await leo.press(shown, "That helped")).text


async def test_its_author_alone_gets_it_by_a_reaction(world: World) -> None:
    leo, ben, _ = await known(world)
    question = await said(leo, LONG)
    await ben.react(question, "💡")
    assert not any("Asked before?" in m.text for m in ben.sees("dm"))
    await leo.react(question, "💡")
    answer = leo.find("Asked before?", "dm")
    await leo.press(answer, "That helped")
    assert state(world, 2) == "solved"


@pytest.mark.parametrize("text", ["How do I export the chart as a picture?", "pages?", "Is the survey report fun?"])
async def test_what_is_not_very_likely_known_is_not_said(world: World, text: str) -> None:
    leo, _, _ = await known(world)
    await said(leo, text)
    assert not any("Asked before?" in m.text for m in leo.sees("questions"))


async def test_nothing_is_said_of_a_thread_that_nobody_approved(world: World) -> None:
    mia, ben, _ = await pair(world)
    await solve(world, mia, ben, LONG, "Ten pages, without the appendix.")
    await said(ben, LONG)
    assert not any("Asked before?" in m.text for m in ben.sees("questions"))


async def test_a_course_that_is_not_in_english_suggests_nothing_but_is_searched(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE.replace("id: demo,", "id: demo, language: de,"))
    leo, ben, ines = await known(world)
    await said(leo, LONG)
    await leo.command("ask", LONG)
    assert not any("Asked before?" in m.text for m in (*leo.sees("questions"), *leo.sees("dm")))
    assert "Ten pages" in (await leo.command("find", "survey report pages")).text
    root = await said(leo, "How do I start the container?")
    await said(ben, "Run make up.", root)
    await said(leo, "That worked, thank you!", root)
    assert badges(world, root) == ["❓"]
    assert "Run make up" not in (await ines.command("faq")).text
    world.app.storage.close()


# What was searched in vain


@pytest.mark.parametrize("thanks", ["Danke, das hilft!", "Obrigada 🙏", "merci"])
async def test_thanks_in_another_language_wait_for_nobody(tmp_path: Path, thanks: str) -> None:
    world = new_world(tmp_path, course=COURSE.replace("{id: demo,", "{id: demo, language: de,"))
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "Wie lang darf der Bericht sein?")
    await said(ben, "Zehn Seiten.", question)
    await said(mia, thanks, question)
    await world.until("2026-01-07T15:00:00Z")
    desk = await ines.command("desk")
    assert "Wie lang darf der Bericht sein?" in desk.text
    assert "longer than promised" not in desk.text
    assert "Wrote again" not in desk.text
    await said(mia, "Danke, aber gilt das auch für den Anhang?", question)
    await world.until("2026-01-09T14:00:00Z")
    desk = await ines.command("desk")
    assert "longer than promised" in desk.text
    assert "Wrote again: Danke, aber gilt das auch" in desk.text
    await world.until(WRAPUP)
    assert "Did Ben's reply help?" in mia.find("Week 1 wrap-up", "dm").text
    world.app.storage.close()


async def test_whoever_searched_in_vain_hears_with_their_next_card_that_it_is_answered(world: World) -> None:
    mia, ben, ines = await pair(world)
    leo, eve = await world.learner("leo", "Leo"), await world.learner("eve", "Eve")
    assert "Nothing in the FAQ fits" in (await leo.command("find", "survey report pages")).text
    await eve.command("find", "docker memory")
    await mia.command("find", "survey report pages")
    await solve(world, mia, ben, LONG, "Ten pages, without the appendix.")
    await approve(ines)
    assert not any("answers it now" in m.text for m in leo.sees("dm"))
    await world.until(WRAPUP)
    (card,) = [m for m in leo.sees("dm") if "and found nothing. FAQ 1 answers it now" in m.text]
    assert "Ten pages" not in card.text
    assert "Ten pages, without the appendix." in (await leo.press(card, "Show it")).text
    assert not any("answers it now" in m.text for m in (*eve.sees("dm"), *mia.sees("dm")))
    await ines.press(await ines.command("faq", "1"), "Still right")
    await world.until("2026-01-16T15:00:00Z")
    assert len([m for m in leo.sees("dm") if "answers it now" in m.text]) == 1


async def test_what_holds_no_words_is_asked_about(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    asked = await mia.command("ask", "😀")
    assert asked.errors == {"text": "Nothing here is in words. What would you like to ask?"}
    await world.wait(minutes=5)
    assert not any("😀" in post.text for post in mia.sees("questions"))


# What others settle


@pytest.mark.parametrize("anonymous", ["", "yes"])
async def test_an_answer_that_is_marked_at_once_reaches_its_asker_at_their_next_hour(
    world: World, anonymous: str
) -> None:
    mia, _ben, ines = await pair(world)
    await asked(world, mia, "How long may the report be?", anonymous=anonymous)
    await ines.press(await ines.command("desk"), "Reply")
    replied = await ines.submit({"text": "Ten pages."})
    await ines.press(replied, "This answers it")
    assert "Your question “How long may the report be?” has an answer" in (await mia.command("")).text
    await world.until("2026-01-06T09:00:00Z")
    told = [m for m in mia.sees("dm") if "has an answer; /cohort shows it" in m.text]
    assert len(told) == 1
    assert "1 reply" not in told[0].text
    assert "Ten pages." in (await mia.press(told[0], "Look")).text
    assert "has an answer" not in (await mia.command("")).text
    await world.until("2026-01-08T09:00:00Z")
    assert len([m for m in mia.sees("dm") if "has an answer; /cohort shows it" in m.text]) == 1


async def test_a_mark_taken_back_before_its_asker_looked_leaves_the_reply_to_be_told(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    reply = await said(ben, "Ten pages.", question)
    await ines.react(reply, "✅")
    await ines.unreact(reply, "✅")
    await world.until("2026-01-06T09:00:00Z")
    assert "".join(m.text for m in mia.sees("dm")).count("has 1 reply; /cohort shows it") == 1
    assert "has an answer" not in "".join(m.text for m in mia.sees("dm"))


async def test_a_reply_is_told_though_the_course_team_closes_the_question_after_it(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    await said(ben, "Ten pages.", question)
    await ines.press(await ines.command("desk"), "Not needed")
    assert "has 1 reply" in (await mia.command("")).text
    await world.until("2026-01-06T09:00:00Z")
    told = "".join(m.text for m in mia.sees("dm"))
    assert "has 1 reply" in told
    assert "Do you still need it?" in told


async def test_whoever_has_replied_below_it_is_not_told_again(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await asked(world, mia, "How long may the report be?")
    reply = await said(ben, "Ten pages.", question)
    await said(mia, "Ah, thank you", question)
    await ines.react(reply, "✅")
    await world.until("2026-01-06T09:00:00Z")
    assert not [m for m in mia.sees("dm") if "/cohort shows it" in m.text]


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("wait, why was this closed? I still need to know which font!", True),
        ("No, I need to know this by Friday.", True),
        ("I asked about the font, not the pages", True),
        ("ok, thanks", False),
        ("Thank you!", False),
        ("no problem", False),
        ("fine, never mind, I found it", False),
    ],
)
async def test_words_below_a_question_that_the_team_closed_bring_it_back(world: World, words: str, back: bool) -> None:
    mia, ben, ines = await pair(world)
    question = await said(mia, "Which font may the report have?")
    await ines.press(await ines.command("desk"), "Not needed")
    assert badges(world, question) == []
    await said(ben, "Is this one over?", question)
    assert state(world) == "dropped"
    await said(mia, words, question)
    assert state(world) == ("open" if back else "dropped")
    assert ("Which font" in (await ines.command("desk")).text) == back
    await world.until("2026-01-06T09:00:00Z")
    assert any("Do you still need it?" in m.text for m in mia.sees("dm")) != back


async def test_what_its_asker_closed_stays_closed_while_they_talk_on(world: World) -> None:
    mia, _ben, _ines = await pair(world)
    question = await said(mia, "Who else is from Berlin?")
    await mia.react(question, "❌")
    await said(mia, "I live near the river", question)
    assert state(world) == "dropped"


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("That does not work here", "open"),
        ("and for the appendix?", "open"),
        ("Thank you, that is it", "solved"),
        ("Great", "solved"),
    ],
)
async def test_a_protest_below_what_the_team_marked_comes_back_to_the_desk(
    world: World, words: str, after: str
) -> None:
    mia, ben, ines = await pair(world)
    question = await said(mia, "How long may the report be?")
    reply = await said(ben, "Ten pages.", question)
    await ines.react(reply, "✅")
    await said(mia, words, question)
    assert state(world) == after
    assert (words in (await ines.command("desk")).text) == (after == "open")


async def test_a_question_in_the_main_channel_is_asked_about_and_counted_as_others_are(world: World) -> None:
    mia, ben, ines = await pair(world)
    question = await said(
        mia, "Does anyone know how long the report may be? I can't find it anywhere.", place="general"
    )
    assert state(world) == "elsewhere"
    assert "seen in" in (await ines.command("desk")).text
    await said(ben, "Ten pages.", question, place="general")
    assert "1 of 1 got a reply" in (await ines.command("desk")).text
    await world.until(WRAPUP)
    await mia.press(mia.find("Did Ben's reply help?", "dm"), "Yes")
    assert state(world) == "solved"
