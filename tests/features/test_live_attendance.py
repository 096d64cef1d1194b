"""Being there, the recording, and the reflection that counts as much, as conversations."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_after_the_end import end
from tests.features.test_erasure import copy, forget
from tests.features.test_erasure import everything as kept
from tests.features.test_live import SUNDAY, course, everything, say_yes, tasting, use
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

BEGINS = "2026-01-07T07:00:00Z"
OVER = "2026-01-07T20:02:00Z"
"""More than half an hour after the end of the last slot."""
VIDEO = "https://video.example.org/tasting"
QUESTION = "What did you taste?"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def note(ines: Speaker, **values: str) -> str:
    """The course team's notes, from the first session's page."""
    listed = await ines.command("live", place="general")
    page = await ines.press(listed, next(b for b in listed.buttons if b.startswith("Week ")))
    await ines.press(page, "Code word and recording")
    result = await ines.submit(values)
    return " ".join(result.errors.values()) or result.text


async def recorded(world: World) -> None:
    """Between its times, what was recorded in the first is there."""
    await world.until("2026-01-07T12:00:00Z")
    assert "The recording goes into" in await note(world.chat.person("ines"), url=VIDEO, transcript="captions")


async def test_who_is_there_presses_from_its_beginning_to_half_an_hour_after_its_end(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until("2026-01-07T06:55:00Z")
    assert "I am here" not in mia.find("Week 1: ").buttons
    assert "“Tasting” begins Wed 7 Jan" in await forge_in(world, mia, "live", "here", "1")
    await world.until(BEGINS)
    assert "is noted" in (await mia.press(mia.find("Week 1: "), "I am here")).text
    assert "is noted" in (await mia.press(mia.find("Live, if you like", "general"), "I am here")).text
    await world.until("2026-01-07T08:00:00Z")
    assert "is noted" in (await ben.press(ben.find("Week 1: "), "I was there")).text
    await world.until("2026-01-07T08:02:00Z")
    assert "I was there" not in mia.find("Week 1: ").buttons
    assert "0 said yes" in await forge_in(world, ines, "live", "here", "1"), "what is for the course team"
    await world.until(OVER)
    assert "If you missed it, nothing is lost" in await forge_in(
        world, await world.learner("leo", "Leo"), "live", "here", "1"
    )
    assert "Mia" not in everything(ben)


@pytest.mark.parametrize("said", ["none", "-", "n/a", "No.", ""])
async def test_a_transcript_says_something(world: World, said: str) -> None:
    ines = world.chat.person("ines")
    await world.until(OVER)
    assert "Please add a transcript or a link to one" in await note(ines, url=VIDEO, transcript=said)
    assert "The recording goes into" in await note(ines, url=VIDEO, transcript="Welcome, everybody")


async def test_that_one_comes_stands_once_and_goes_when_the_time_comes(world: World) -> None:
    """The week card says it by itself, so nothing below it does; the line on a prompt goes when its time begins."""
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await use(world, course(tasting(slots="[Wed 08:00, Sat 10:00]")))
    await world.until("2026-01-05T12:00:00Z")
    for one, slot in ((mia, 1), (ben, 0)):
        await say_yes(one, slot)
    await world.until("2026-01-07T06:59:00Z")
    assert everything(ben).count("You come to “Tasting”") == 1
    await world.until("2026-01-09T20:00:00Z")
    (line,) = [text for text in mia.inbox() if "wrap-up" in text and "You come to “Tasting”" in text]
    await world.until("2026-01-10T09:01:00Z")
    assert not [text for text in mia.inbox() if "You come to “Tasting”" in text and "Week 1: " not in text], line
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until("2026-01-10T11:00:00Z")
    assert "You come to" not in everything(mia)
    assert "You come to" not in everything(ben), "nothing reminds of what one missed"


async def test_a_call_without_an_address_is_on_the_desk_and_its_address_on_the_page(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await use(world, course(tasting(slots="[Wed 08:00, Sat 10:00]")))
    await world.until("2026-01-05T06:30:00Z")
    assert "nobody knows where the call is" not in (await ines.command("desk", place="general")).text
    await world.until("2026-01-05T12:00:00Z")
    await say_yes(mia, 1)
    desk = await ines.command("desk", place="general")
    assert "“Tasting”, Wed 7 Jan, 08:00: nobody knows where the call is; 1 learner comes" in desk.text
    await world.until("2026-01-07T07:05:00Z")
    desk = await ines.command("desk", place="general")
    assert "“Tasting”, Wed 7 Jan, 08:00: nobody knows where the call is" in desk.text, "it has begun"
    await ines.press(desk, "Change it")
    await ines.press(await ines.submit(link="https://call.example/tea"), "Use it")
    assert "nobody knows where the call is" not in (await ines.command("desk", place="general")).text
    page = (await mia.command("")).text
    assert "“Tasting” is on now." in page
    assert "https://call.example/tea" in page


async def test_what_counts_in_its_place_is_offered_once_it_is_there(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(OVER)
    post = mia.find("Live, if you like", "general")
    assert "Its recording comes here, and counts in full with 1 short question." in post.text
    assert post.buttons == [], "no code word was said, and there is nothing to reflect on yet"
    assert "What I took from it" not in (await mia.command("")).text
    assert "Its recording comes here" in await forge_in(world, mia, "live", "reflect", "1")
    await note(world.chat.person("ines"), url=VIDEO, transcript="captions")
    await world.settle()
    assert "What I took from it" in mia.find("Live, if you like", "general").buttons
    home = (await mia.command("")).text
    assert "and what you took from it" in home
    assert VIDEO in home


async def test_a_code_word_said_in_the_call_counts_as_well(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    assert "Saved. Whoever hears “Green Tea” in the call" in await note(ines, word="Green Tea")
    await world.until(OVER)
    page = await mia.press(mia.find("Live, if you like", "general"), "I was there")
    await mia.press(page, "I have the code word")
    assert "not the word" in (await mia.submit(word="black tea")).errors["word"]
    assert "is noted" in (await mia.submit(word=" green  tea")).text
    assert "You were there" in (await mia.press(mia.find("Live, if you like", "general"), "I was there")).text


async def test_the_code_word_said_to_the_bot_is_taken_as_it_comes(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await note(ines, word="Green Tea")
    await mia.say("dm", "green tea")
    assert "is noted" not in everything(mia), "it has not begun"
    await world.until(BEGINS)
    await mia.say("dm", "GREEN-TEA!")
    assert "That you were at “Tasting” is noted." in mia.inbox()[-1]
    assert "You were at “Tasting”" in mia.find("Week 1: ").text
    await mia.say("dm", "green tea")
    assert mia.inbox()[-1] == "That you were at “Tasting” is noted already."
    await ben.say("dm", "black tea")
    assert "What is it?" in ben.inbox()[-1] or "read this so far" in ben.inbox()[-1]
    await ben.say("dm", "How long do I have to let the tea steep so that it is green tea for sure?")
    assert "is noted" not in everything(ben)


@pytest.mark.parametrize(
    "said",
    [
        "The word is Green Tea",
        "it's “green tea”!",
        "green tea, I think it was",
        "Green  tea.",
        "I was there, the word was green tea, thanks a lot everybody",
        "hi! Green Tea was the word today, thanks Ines. Can you share the slides?",
        "What a lovely call! I stayed until the very end and learnt a lot about leaves. The word was green tea.",
    ],
)
async def test_a_code_word_in_a_sentence_is_taken_and_offered_for_no_channel(world: World, said: str) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await note(ines, word="Green Tea")
    await world.until(BEGINS)
    await mia.say("dm", said)
    assert mia.inbox()[-1].startswith("Thank you. That you were at “Tasting” is noted.")
    await mia.say("dm", said)
    assert mia.inbox()[-1] == "That you were at “Tasting” is noted already."


async def test_days_after_the_call_a_sentence_about_it_is_taken_and_one_about_the_course_is_not(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await note(ines, word="Green Tea")
    await world.until("2026-01-10T12:00:00Z")
    await mia.say("dm", "Sorry that I am late with it: I was there and the word was Green Tea, thanks a lot everybody!")
    assert "That you were at “Tasting” is noted." in mia.inbox()[-1]
    assert "write it without the code word" in mia.inbox()[-1]
    await ben.say("dm", "What helped me most this week was to drink green tea while it is hot")
    assert "is noted" not in everything(ben)


async def test_who_says_days_later_that_they_were_there_reads_what_can_be_done(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await note(ines, word="Green Tea")
    await world.until("2026-01-10T12:00:00Z")
    page = await mia.press(mia.find("Live, if you like", "general"), "I was there")
    noted = "If you were there, the code word that was said in the call notes it."
    assert f"Its recording comes here, and counts in full with 1 short question. {noted}" in page.text
    late = await forge_in(world, mia, "live", "here", "1")
    assert f"“Tasting” is not on now. {noted} If you missed it, nothing is lost." in late
    assert "The recording with 1 short question counts in full." in late


async def test_card_post_and_page_say_the_same_of_a_call_that_has_just_ended(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-07T07:31:00Z")
    card, post, page = mia.find("Week 1: "), mia.find("Live, if you like", "general"), await mia.command("")
    for shown in (card, post, page):
        assert "I was there" in shown.buttons
        assert "I am here" not in shown.buttons
    assert "“Tasting” has just ended. If you were there, say so." in page.text
    assert "It has just ended; if you were there, say so." in card.text
    assert "is noted" in (await mia.press(card, "I was there")).text


async def test_who_says_after_its_end_that_they_are_here_reads_no_link_to_the_call(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(link="https://meet.example.org/tea")))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(BEGINS)
    pressed = await mia.press(await mia.command(""), "I am here")
    assert "Here is the call" in pressed.text
    await world.wait(minutes=45)
    pressed = await ben.press(await ben.command(""), "I was there")
    assert pressed.text == "Thank you. That you were at “Tasting” is noted."
    world.app.storage.close()


@pytest.mark.parametrize("said", ["green te", "green teas", "geren tea", "green tee"])
async def test_a_mistyped_code_word_is_said_to_be_none(world: World, said: str) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await note(ines, word="Green Tea")
    await world.until(BEGINS)
    await mia.say("dm", said)
    assert "That is nearly the code word of “Tasting”." in mia.inbox()[-1]
    await mia.say("dm", "green tea")
    assert "is noted" in mia.inbox()[-1]


async def test_the_recording_goes_into_the_thread_and_a_reflection_counts_as_having_come(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(OVER)
    card = mia.find("Week 1: ")
    assert "“Tasting” took place. Its recording comes here, and counts in full with 1 short question." in card.text
    assert "What I took from it" not in card.buttons
    desk = await ines.command("desk", place="general")
    assert "Its recording is not there yet." in desk.text
    await world.until("2026-01-08T20:00:00Z")
    desk = await ines.command("desk", place="general")
    assert "The recording of “Tasting”, week 1, is missing" in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Add the recording")))
    assert "transcript" in (await ines.submit(url=VIDEO)).errors["transcript"]
    await ines.submit(url=VIDEO, transcript="Everybody said: it is green.")
    await world.until("2026-01-09T09:00:00Z")
    posted = mia.find("The recording of “Tasting”", "general")
    assert posted.thread is not None
    assert "Everybody said: it is green." in posted.text
    assert VIDEO in mia.find("Week 1: ").text
    assert "What I took from it" in mia.find("Week 1: ").buttons
    assert "Tasting" not in (await ines.command("desk", place="general")).text
    await mia.press(posted, "What I took from it")
    assert (await mia.submit(q1="  ")).errors["q1"] == "Please fill this in."
    assert "It counts in full" in (await mia.submit(q1="CANARY: it is bitter")).text
    assert "CANARY" not in everything(ben)
    assert "CANARY" not in (await world.chat.person("omar").command("desk")).text
    page = await ines.press(ines.find("The recording of", "general"), "What I took from it")
    assert "1 reflection" in page.buttons, "what is for the course team"
    assert "CANARY: it is bitter" in await forge_in(world, ines, "live", "read", "1")
    assert "CANARY" not in await forge_in(world, world.chat.person("omar"), "live", "read", "1")


async def test_the_post_of_a_recording_has_no_button_once_its_answers_count_no_more(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(OVER)
    await note(ines, url=VIDEO, transcript="captions")
    await world.wait(hours=1)
    posted = mia.find("The recording of “Tasting”", "general")
    assert "it counts as having come" in posted.text
    await world.wait(days=7)
    posted = mia.find("The recording of “Tasting”", "general")
    assert VIDEO in posted.text
    assert not posted.buttons
    assert "counts" not in posted.text
    assert sum("The recording of" in m.text for m in mia.sees("general")) == 1
    assert "The time for this has passed. Nothing is lost" in await forge_in(world, mia, "live", "reflect", "1")


@pytest.mark.parametrize("changed", [{"word": "plum"}, {"heads": "1"}], ids=["word", "heads"])
async def test_a_recording_stays_where_the_course_says_later_that_none_is_made(
    world: World, changed: dict[str, str]
) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(OVER)
    await note(ines, url=VIDEO, transcript="captions")
    await use(world, course(tasting(recorded="no")))
    await note(ines, **changed)
    await world.wait(hours=1)
    posted = mia.find("The recording of “Tasting”", "general")
    assert "It has captions." in posted.text
    await note(ines, url="")
    await world.wait(minutes=5)
    assert not any("The recording of" in m.text for m in mia.sees("general"))


async def test_a_reflection_is_edited_until_it_closes_and_keeps_somebody_active(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.learner("ben", "Ben")
    await recorded(world)
    await world.until(OVER)
    await mia.press(mia.find("Live, if you like", "general"), "What I took from it")
    answer = await mia.submit(q1="Bitter")
    await mia.press(answer, "Edit")
    assert mia.form is not None
    assert mia.form.fields[0].value == "Bitter"
    await mia.submit(q1="Sweet")
    await world.wait(minutes=1)
    assert "Active: 1 of 2" in (await omar.command("overview")).text
    await world.until("2026-01-14T19:31:00Z")
    assert "The time for this has passed" in await forge_in(world, mia, "live", "reflect", "1")


async def test_nobody_is_reminded_of_what_they_missed(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T08:30:00Z")
    await say_yes(mia)
    await world.until("2026-01-16T12:00:00Z")
    unasked = [t for t in mia.inbox() if "Tasting" in t and not t.startswith("Week 1: ")]
    assert all("You come to “Tasting”" in t for t in unasked)


async def test_what_somebody_took_from_it_is_in_their_copy_and_goes_with_them(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await recorded(world)
    await world.until(OVER)
    await mia.press(mia.find("Live, if you like", "general"), "What I took from it")
    await mia.submit(q1="CANARY: it is bitter")
    document, _files = copy(world, "mia")
    assert "CANARY: it is bitter" in json.dumps(document)
    await forget(world, "mia")
    assert "CANARY" not in kept(world)


async def test_a_reflection_is_taken_after_the_end_of_the_cohort_as_was_promised(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await recorded(world)
    await world.until(OVER)
    post, asks = mia.find("Live, if you like", "general"), "What I took from it"
    await end(world)
    await mia.press(post, asks)
    assert "It counts in full" in (await mia.submit(q1="Bitter")).text
    await world.until("2026-01-15T12:00:00Z")
    assert "The time for this has passed" in await forge_in(world, mia, "live", "reflect", "1")


async def test_a_recording_that_never_comes_is_promised_no_more(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(BEGINS)
    await ben.press(ben.find("Week 1: "), "I am here")
    await world.until(OVER)
    for shown in (mia.find("Week 1: "), mia.find("Live, if you like", "general")):
        assert shown.text.count("counts in full") == 1
    await world.until("2026-01-14T19:40:00Z")
    for shown in (mia.find("Week 1: "), mia.find("Live, if you like", "general")):
        assert "There is no recording of it; if you missed it, nothing is lost." in shown.text
        assert "counts in full" not in shown.text
    assert "There is no recording of it" in await forge_in(world, mia, "live", "reflect", "1")
    assert "no recording" not in ben.find("Week 1: ").text


async def test_a_recording_that_comes_late_counts_from_then_on(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.learner("ben", "Ben")
    await world.until("2026-01-23T12:00:00Z")
    receipt = await note(ines, url=VIDEO, transcript="captions")
    assert "Its figures were drawn up before, and its verdict stands." in receipt
    assert "counts in full until Fri 30 Jan" in receipt
    await world.settle()
    for shown in (mia.find("Week 1: "), mia.find("Live, if you like", "general")):
        assert "The recording with 1 short question counts in full." in shown.text
        assert "What I took from it" in shown.buttons
    await mia.press(await mia.command(""), "What I took from it")
    assert "It counts in full" in (await mia.submit(q1="Bitter")).text
    assert "is missing" not in (await ines.command("desk", place="general")).text
    await world.until("2026-01-30T12:05:00Z")
    leo = await world.learner("leo", "Leo")
    shown = leo.find("Live, if you like", "general")
    assert "What I took from it" not in shown.buttons
    assert "counts in full" not in shown.text
    assert "The time for this has passed" in await forge_in(world, leo, "live", "reflect", "1")
