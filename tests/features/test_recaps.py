"""The instructor's recap of a week, as conversations."""

from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.sandbox.driver import Result, Seen, Speaker
from bot.features.recaps import rules
from tests.features.test_erasure import forget
from tests.kit import COURSE, World, new_world

FRIDAY = "2026-01-09T11:00:00Z"
TOGETHER = "2026-01-09T15:10:00Z"
CLOSED = "2026-01-12T11:30:00Z"
LINK = "https://example.org/week-1"


async def ask(learner: Speaker, text: str) -> int:
    found = (await learner.say("questions", text)).message
    assert found is not None
    return found


async def answered(mia: Speaker, leo: Speaker, question: str, answer: str) -> None:
    """Mia asks in the channel, and marks Leo's reply as the answer."""
    reply = (await leo.say("questions", answer, thread=await ask(mia, question))).message
    assert reply is not None
    await mia.react(reply, "✅")


async def script(ines: Speaker) -> Result:
    """The script that the desk leads to."""
    desk = await ines.command("desk", place="general")
    return await ines.press(desk, "Read and edit")


def together(speaker: Speaker) -> Seen:
    """'The week together' of week 1."""
    (found,) = [s for s in speaker.sees("general") if s.thread is None and "the week together" in s.text]
    return found


def roots(speaker: Speaker) -> list[Seen]:
    return [s for s in speaker.sees("general") if s.by == "bot" and s.thread is None]


# The script


async def test_fridays_desk_has_a_script_of_what_happened(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await answered(mia, leo, "How long may the report be?", "Five pages, without the appendix.")
    await world.until("2026-01-08T16:00:00Z")
    assert "Your recap" not in (await ines.command("desk")).text
    await world.until(FRIDAY)
    desk = await ines.command("desk", place="general")
    assert "Your recap of week 1, " in desk.text
    assert "seconds to say" in desk.text
    shown = await script(ines)
    assert "1 question of this week got you talking. Its thread has what came of it." in shown.text
    assert "Only the course team sees it before it is posted." in shown.text
    assert "Next comes week 2, Two. What it is for: Go on." in shown.text
    # Leo has not agreed to be named, or to be quoted.
    assert "got a good answer from one of you" in shown.text
    assert "Leo" not in shown.text
    assert "Five pages" not in shown.text
    assert "How long" not in shown.text, "nor has Mia"


async def test_a_quiet_week_is_called_one(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    shown = await script(ines)
    assert "It was a quiet week here" in shown.text
    assert "“" not in shown.text


async def test_a_week_with_waiting_questions_is_not_called_quiet(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await ask(mia, "How long may the report be?")
    second = await ask(leo, "Where does the data come from?")
    await world.until(FRIDAY)
    shown = await script(ines)
    assert "quiet week" not in shown.text
    assert "As I say this, 2 questions of this week wait for a reply." in shown.text
    await ines.say("questions", "From the town's archive.", thread=second)
    shown = await script(ines)
    assert "As I say this, 1 question of this week waits for a reply." in shown.text


async def test_a_week_in_which_somebody_did_something_untold_is_not_called_quiet(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.command("ask", values={"text": "May I hand it in later?", "instructors_only": "yes"})
    await world.until(FRIDAY)
    shown = await script(ines)
    assert "quiet week" not in shown.text
    assert "questions of this week" not in shown.text, "what only instructors read is not told"
    assert "If something holds you up, write to us: we read it all." in shown.text


async def test_who_agreed_is_named_and_quoted_until_they_change_their_mind(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await answered(mia, leo, "How long may the report be?", "Five pages, without the appendix.")
    await world.until(TOGETHER)
    # The question rides on the prompt of the wrap-up.
    await leo.press(leo.find("May I name you on Friday"), "You may name me")
    shown = await script(ines)
    assert "Leo answered a question of this week so: “Five pages, without the appendix.”" in shown.text
    await ines.press(shown, "Edit")
    await ines.submit()
    await leo.press(leo.find("You may be named"), "Do not name me")
    after = await script(ines)
    assert "Leo" not in after.text
    assert "One of you answered" not in after.text, "without the answer it says nothing"
    assert "Five pages" not in after.text


async def test_a_script_never_takes_longer_than_ninety_seconds(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    for n in range(6):
        await answered(mia, leo, f"Is {'a very ' * 20}long question {n} allowed?", f"Yes, {'surely ' * 40}it is, {n}.")
    await world.until(TOGETHER)
    await leo.press(leo.find("May I name you on Friday"), "You may name me")
    await ines.press(await script(ines), "Edit")
    assert ines.form is not None
    (text,) = [f.value for f in ines.form.fields if f.name == "script"]
    assert 60 < rules.words(text) <= rules.WORDS
    assert rules.seconds(text) <= rules.SECONDS


async def test_what_instructors_alone_read_is_counted_and_only_from_five_on(world: World) -> None:
    ines = world.chat.person("ines")
    people = [await world.learner(f"p{n}", f"Person {n}") for n in range(6)]
    await world.until(TOGETHER)
    for learner in people[:4]:
        await learner.command("wrapup")
        await learner.submit(done="The reading", stuck="My secret trouble with joins")
    assert "where it is hard" not in (await script(ines)).text
    await people[4].command("wrapup")
    await people[4].submit(done="The reading", stuck="The same trouble")
    shown = await script(ines)
    assert "5 of you told me in the wrap-up where it is hard" in shown.text
    assert "5 of you have sent in “Week 1 wrap-up”" in shown.text
    assert "trouble" not in shown.text


async def test_an_edited_script_stays_and_is_told_what_is_new(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await world.until(FRIDAY)
    await ines.press(await script(ines), "Edit")
    await ines.submit(script="Hello. I am proud of you.")
    await answered(mia, leo, "How long may the report be?", "Five pages.")
    await world.until(CLOSED)
    assert "as it was edited, and what is new since" in (await ines.command("desk", place="general")).text
    shown = await ines.press(await ines.command("", place="general"), "Read and edit")
    assert "Hello. I am proud of you." in shown.text
    assert "1 question of this week got you talking." in shown.text.partition("New since it was edited:")[2]
    await ines.press(shown, "Add what is new")
    await ines.submit()
    both = await ines.press(await ines.command("", place="general"), "Read and edit")
    assert "Hello. I am proud of you." in both.text
    assert "1 question of this week got you talking" in both.text
    assert "New since" not in both.text


async def test_what_is_new_makes_a_script_that_can_be_said(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo, zoe = await world.learner("leo", "Leo"), await world.learner("zoe", "Zoe")
    await world.until(FRIDAY)
    quiet = await script(ines)
    assert "It was a quiet week here" in quiet.text
    await ines.press(quiet, "Edit")
    assert ines.form is not None
    (text,) = [f.value for f in ines.form.fields if f.name == "script"]
    await ines.submit(script=f"{text} Take care.")
    await world.until(TOGETHER)
    for learner in (mia, leo):
        await learner.command("wrapup")
        await learner.submit(done="The reading")
    await ines.press(await script(ines), "Add what is new")
    await ines.submit()
    two = (await script(ines)).text
    assert "2 of you have sent in “Week 1 wrap-up”. Thank you." in two
    assert two.index("2 of you") < two.index("Next comes week 2")
    await zoe.command("wrapup")
    await zoe.submit(done="The reading", stuck="My secret trouble")
    await ines.press(await script(ines), "Add what is new")
    await ines.submit()
    three = (await script(ines)).text
    assert "3 of you have sent in" in three
    assert "2 of you have sent in" not in three
    assert "quiet week" not in three, "somebody is stuck, though nobody is told so"
    assert three.index("3 of you") < three.index("Next comes week 2")
    assert "Take care." in three


# Out to the cohort


async def test_a_recording_goes_into_the_week_together_its_thread_and_the_next_card(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    before = len(roots(mia))
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    assert "https://" in (await ines.submit(url="javascript:alert(1)")).errors["url"]
    assert "goes into 'the week together'" in (await ines.submit(url=LINK)).text
    await world.wait(minutes=1)
    assert LINK in together(mia).text
    (transcript,) = [s for s in mia.thread(together(mia).id) if LINK in s.text]
    assert "Next comes week 2" in transcript.text
    assert len(roots(mia)) == before
    assert "Your recap" not in (await ines.command("desk", place="general")).text
    await world.until("2026-01-12T09:00:00Z")
    card = mia.find("Week 2: Two")
    assert LINK in card.text
    assert "Next comes week 2" in (await mia.press(card, "Read the recap")).text


async def test_a_recording_before_the_week_together_waits_for_it(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    await ines.submit(url=LINK)
    await world.wait(minutes=5)
    assert not [s for s in mia.sees("general") if LINK in s.text]
    await world.until("2026-01-09T16:00:00Z")
    assert LINK in together(mia).text
    assert any(LINK in s.text for s in mia.thread(together(mia).id))


async def test_after_the_report_the_recap_is_still_there(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    await ines.submit(url=LINK)
    await mia.command("wrapup")
    await mia.submit(done="All of it")
    await world.until(CLOSED)
    assert "1 of 1 answered" in together(mia).text
    assert LINK in together(mia).text


async def test_without_a_recording_one_press_posts_the_text(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    await ines.press(await ines.command("desk", place="general"), "Post as text")
    await world.wait(minutes=1)
    assert "The instructor's recap of week 1" in together(mia).text
    assert any("Next comes week 2" in s.text for s in mia.thread(together(mia).id))


async def test_it_is_corrected_and_taken_back(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    posted = await ines.submit(url=LINK, script="Hello from the kitchen.")
    await world.until("2026-01-12T09:00:00Z")
    await ines.press(posted, "Edit")
    assert "Saved" in (await ines.submit(script="Hello from the garden.")).text
    await world.wait(minutes=1)
    below = [s.text for s in mia.thread(together(mia).id)]
    assert any("garden" in text for text in below)
    assert not any("kitchen" in text for text in below)
    back = await ines.press(posted, "Take it back")
    assert "does not see it any more" in back.text
    await world.wait(minutes=1)
    assert LINK not in together(mia).text
    assert not [s for s in mia.thread(together(mia).id) if "garden" in s.text]
    card = mia.find("Week 2: Two")
    assert LINK not in card.text
    assert "Read the recap" not in card.buttons
    # The script is kept, and can be posted again.
    assert "Hello from the garden." in (await ines.press(back, "Read and edit")).text


async def test_a_name_is_taken_out_of_what_was_posted(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await answered(mia, leo, "How long may the report be?", "Five pages.")
    await world.until(TOGETHER)
    await leo.press(leo.find("May I name you on Friday"), "You may name me")
    await ines.press(await ines.command("desk", place="general"), "Post as text")
    await world.wait(minutes=1)
    assert any("Leo answered" in s.text for s in mia.thread(together(mia).id))
    await leo.press(leo.find("You may be named"), "Do not name me")
    assert not any("Leo" in s.text for s in mia.thread(together(mia).id))
    assert not any("answered a question" in s.text or "…" in s.text for s in mia.thread(together(mia).id))


async def test_nobody_is_named_who_has_not_agreed(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("mia", "Mia Okafor")
    await world.until(TOGETHER)
    await ines.press(await script(ines), "Edit")
    await ines.submit(script="Hello. Mia Okafor did it best.")
    refused = await script(ines)
    assert "It names Mia Okafor, without their agreement here" in refused.text
    await ines.press(refused, "Edit")
    await ines.submit(script="Well done, Mia.")
    await ines.press(await ines.command("desk", place="general"), "Post as text")
    assert ines.form is not None
    assert "Nothing is posted yet. It names Mia Okafor, without their agreement here" in ines.form.intro
    refused = await script(ines)
    assert "It names Mia Okafor, without their agreement here" in refused.text
    await ines.press(refused, "Add recording link")
    assert "https://" in (await ines.submit(url="https://")).errors["url"]
    assert "Mia Okafor" in (await ines.submit(url=LINK)).errors["script"]
    # Mia said so in a call.
    assert "Thank you" in (await ines.submit(url=LINK, agreed="yes")).text


async def test_a_name_that_is_a_word_of_the_script_is_asked_about(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.learner("week", "Week Okafor")
    await world.until(TOGETHER)
    shown = await script(ines)
    await ines.press(shown, "Edit")
    assert ines.form is not None
    (text,) = [f.value for f in ines.form.fields if f.name == "script"]
    await ines.submit(script=f"What a week. {text}")
    asked = await ines.press(await ines.command("desk", place="general"), "Post as text")
    assert "A word of it may be a name: Week Okafor. Do you mean them?" in asked.text
    assert "Thank you" in (await ines.press(asked, "Nobody is meant: post it")).text
    await world.wait(minutes=1)
    assert any("What a week." in s.text for s in mia.thread(together(mia).id))


async def test_whoever_said_yes_elsewhere_is_named_in_a_text_too(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    await ines.press(await script(ines), "Edit")
    await ines.submit(script="Well done, Mia.")
    await ines.press(await script(ines), "Post as text")
    assert "Mia" in (await ines.submit()).errors["script"]
    assert "Thank you" in (await ines.submit(agreed="yes")).text
    await world.wait(minutes=1)
    assert any("Well done, Mia." in s.text for s in mia.thread(together(mia).id))


ORDINARY = """I hope you sleep well. Will it rain? Art is long. An idea. So it goes.

“Will we?” So young, and so good. I will."""


async def test_names_that_are_words_hold_no_recap_up(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    for number, name in enumerate(("Hope", "Will", "Art Miller", "An Nguyen", "So Grün")):
        await world.learner(f"p{number}", name)
    await world.until(TOGETHER)
    await ines.press(await script(ines), "Edit")
    await ines.submit(script=ORDINARY)
    asked = await ines.press(await ines.command("desk", place="general"), "Post as text")
    assert "Nothing is posted yet." in asked.text
    assert "A word of it may be a name: Hope, Will, Art Miller, An Nguyen and So Grün. Do you mean them?" in asked.text
    assert "Thank you" in (await ines.press(asked, "Nobody is meant: post it")).text
    await world.wait(minutes=1)
    (below,) = [s.text for s in mia.thread(together(mia).id) if "I hope you sleep well" in s.text]
    # They are words for good: whoever is forgotten takes none of them along.
    await forget(world, "Hope")
    await forget(world, "Will")
    await world.wait(minutes=1)
    assert below in [s.text for s in mia.thread(together(mia).id)]


async def test_a_name_in_the_middle_of_a_sentence_is_meant(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("will", "Will Okafor")
    await world.learner("ko", "小林")
    await world.until(TOGETHER)
    for said in ("Well done, Will.", "Ask will okafor.", "谢谢 小林 again."):
        await ines.press(await script(ines), "Edit")
        await ines.submit(script=said)
        assert "without their agreement here" in (await script(ines)).text, said


async def test_no_recap_of_a_week_is_fine(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    gone = await ines.press(await script(ines), "None this week")
    assert "Your desk asks no more" in gone.text
    assert "Your recap" not in (await ines.command("desk", place="general")).text
    await ines.press(gone, "One after all")
    assert "Your recap" in (await ines.command("desk", place="general")).text


async def test_the_managers_week_has_what_was_posted(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    await ines.submit(url=LINK)
    await world.until("2026-01-12T09:00:00Z")
    shown = (await omar.command("overview", place="general")).text
    assert "Instructor's recaps" in shown
    assert "video of week 1 posted" in shown


async def test_the_last_week_has_a_recap_without_a_next_one(world: World) -> None:
    ines = world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until("2026-01-23T15:10:00Z")
    shown = await script(ines)
    assert "That was the last week" in shown.text
    posted = await ines.press(shown, "Post as text")
    assert "The week card of week 4" not in posted.text


async def test_what_nobody_replied_to_is_no_talk_of_the_week(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    question = await ask(mia, "How long may the report be?")
    await mia.say("questions", "With the appendix, I mean.", thread=question)
    await world.until(FRIDAY)
    assert "got you talking" not in (await script(ines)).text
    await leo.say("questions", "I wonder, too.", thread=question)
    assert "got you talking" in (await script(ines)).text
    await mia.delete(question)
    assert "got you talking" not in (await script(ines)).text


async def test_the_desk_says_whose_words_the_script_has(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until("2026-01-14T08:00:00Z")
    assert "made again with what came in since" in (await ines.command("desk", place="general")).text
    await ines.press(await ines.press(await ines.command(""), "Read and edit"), "Edit")
    await ines.submit(script="Hello from the garden.")
    desk = (await ines.command("desk", place="general")).text
    assert "has the script as it was edited" in desk
    assert "made again" not in desk
    assert mia.sees("general")


# Courses of other kinds


NO_PROMPT = COURSE.partition("prompts:")[0]


async def test_a_course_without_recaps_asks_for_none(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE.replace("weekly_minutes: 300", "weekly_minutes: 300, recap: no"))
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    assert "Your recap" not in (await ines.command("desk", place="general")).text
    assert "recap" not in (await ines.command("", place="general")).text
    await world.until(CLOSED)
    assert "Your recap" not in (await ines.command("desk", place="general")).text
    assert "recaps" not in (await omar.command("overview", place="general")).text


async def test_without_a_weekly_prompt_it_goes_into_the_thread_of_the_week(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=NO_PROMPT)
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(FRIDAY)
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    posted = await ines.submit(url=LINK)
    await world.wait(minutes=1)
    (opening,) = roots(mia)
    assert "goes into the thread of the week" in posted.text
    assert any(LINK in s.text for s in mia.thread(opening.id))
    await world.until("2026-01-12T09:00:00Z")
    assert LINK in mia.find("Week 2: Two").text


async def test_a_recording_of_an_older_version_is_still_there(world: World) -> None:
    """It has no script: there was none."""
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.until(TOGETHER)
    row = "(1, 1, '', '', :url, 'posted', '2026-01-09 15:00:00.000000')"
    older = text(f"INSERT INTO recaps (cohort, week, script, base, url, state, posted_at) VALUES {row}")
    with world.app.storage.engine.begin() as connection:
        connection.execute(older, {"url": LINK})
    await world.until("2026-01-12T09:00:00Z")
    card = mia.find("Week 2: Two")
    assert LINK in card.text
    assert "Read the recap" not in card.buttons
    await world.until(CLOSED)
    assert LINK in together(mia).text
    assert "Your recap" not in (await ines.command("desk", place="general")).text
    omar = world.chat.person("omar")
    assert "video of week 1 posted" in (await omar.command("overview", place="general")).text


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Paris", "from Friday 16 January to Monday 19 January: Week 2 wrap-up"),
        ("Pacific/Auckland", "from Friday 16 January, 16:00 in Berlin to Monday 19 January, 12:00 in Berlin"),
    ],
)
async def test_a_day_that_is_another_one_for_some_readers_is_said_with_its_zone(
    tmp_path: Path, zone: str, said: str
) -> None:
    world = new_world(tmp_path, course=COURSE.replace("closes: Mon 12:00", "closes: Mon 12:00 cohort"))
    ines = world.chat.person("ines")
    await world.learner("kiri", "Kiri", zone)
    await world.until(FRIDAY)
    assert f"Open {said}" in (await script(ines)).text
    world.app.storage.close()
