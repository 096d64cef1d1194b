"""A reply that cannot go out counts as none; whoever wrote something that is not in its channel knows why and what."""

from tests.kit import World

QUESTION = "How long may the report be?"


async def test_a_reply_to_a_locked_thread_is_none_until_it_is_sent_privately(world: World) -> None:
    mia, ines, faults = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.sandbox.platform.faults
    await mia.say("questions", QUESTION)
    faults.plan("locked", 1)
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    told = ines.find("could not be posted")
    assert "Its thread is locked." in told.text
    assert "Your reply to “How long may the report be?”" in told.text
    assert "Ten pages." in told.text
    desk = await ines.command("desk")
    assert "1 reply" not in desk.text
    assert "1 of 1" not in desk.text
    assert "See all: 1" in desk.text or QUESTION in desk.text
    assert "reply" not in (await mia.command("")).text.lower()
    await world.until("2026-01-07T12:00:00Z")
    assert any(QUESTION in t for t in ines.inbox() if "desk" in t), "the question is on the next desk"
    assert not [t for t in mia.inbox() if "Did" in t and "help?" in t]
    assert "Its thread is locked." in desk.text
    await ines.press(told, "Send it to Mia privately")
    await world.settle()
    receipt = ines.find("Mia gets it privately, at their next hour for messages.")
    assert not [seen for seen in ines.sees("dm:ines") if "could not be posted" in seen.text], "it is its own receipt"
    assert "Send it to Mia privately" not in receipt.buttons
    assert "Mia gets it privately" in (await ines.press(desk, "Send it to Mia privately (1)")).text, "a second press"
    await world.until("2026-01-08T12:00:00Z")
    assert sum("Ten pages." in t for t in mia.inbox()) == 1
    assert "Could not be posted" not in (await ines.command("desk")).text
    assert not [seen for seen in mia.sees("questions") if "Ten pages." in seen.text]


async def test_a_reply_that_waits_counts_once_it_is_in_its_thread(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    world.chat.sandbox.platform.archive_channel("questions")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    assert "Ten pages." in ines.find("waits: I cannot write there at the moment").text
    desk = await ines.command("desk")
    assert "a reply waits to be posted" in desk.text
    assert "1 reply" not in desk.text
    await world.wait(hours=3)
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert "waited, and is there now" in ines.find("Ten pages.").text
    assert "1 of 1 got a reply" in (await ines.command("desk")).text
    assert "1 reply" in (await mia.command("")).text


async def test_the_manager_is_not_told_that_what_was_sent_privately_is_posted(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    world.chat.sandbox.platform.archive_channel("questions")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.until("2026-01-06T12:00:00Z")
    assert "I cannot write in" in omar.find("its channel for questions").text
    await ines.press(ines.find("Ten pages."), "Send it to Mia privately")
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    told = omar.find("I can write in its channel for questions again.").text
    assert told.endswith("What still waited is posted.")
    assert not [seen for seen in mia.sees("questions") if "Ten pages." in seen.text]


async def test_a_question_that_is_not_posted_is_said_so_and_answered_privately(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    world.chat.sandbox.platform.faults.plan("filtered", 1_000)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    desk = await ines.command("desk")
    assert "not posted: the chat's filter stops its words" in desk.text
    assert "see the thread" not in desk.text
    await ines.press(desk, "Reply")
    assert "who asked gets this privately" in (await ines.submit(text="Ten pages.")).text
    world.chat.sandbox.platform.faults.plan("filtered", 0)
    await world.until("2026-01-07T12:00:00Z")
    assert sum("Ten pages." in t for t in mia.inbox()) == 1
    root = mia.find(QUESTION, "questions")
    assert ["Ten pages." in seen.text for seen in mia.thread(root.id)] == [True]


async def test_whose_words_are_filtered_hears_at_once_which_and_changes_them(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    world.chat.sandbox.platform.faults.plan("filtered", 1)
    await mia.command("ask", text=QUESTION)
    await mia.command("ask", text="Where are the slides?")
    await world.settle()
    (told,) = [seen for seen in mia.sees("dm:mia") if "waits" in seen.text]
    assert "filter does not let its words through" in told.text
    assert QUESTION in told.text
    assert "slides" not in told.text
    await mia.press(told, "Edit")
    await mia.submit(text="How many pages may the report have?")
    await world.settle()
    assert [seen for seen in mia.sees("questions") if "How many pages" in seen.text]
    assert [seen for seen in mia.sees("dm:mia") if "is there now" in seen.text and "How many pages" in seen.text]


async def test_new_words_that_are_refused_too_are_shown_with_the_cause(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    world.chat.sandbox.platform.faults.plan("filtered", 1)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    assert "not posted: the chat's filter stops its words" in (await ines.command("desk")).text
    await world.wait(seconds=2)
    await mia.press(mia.find("waits"), "Edit")
    world.chat.sandbox.platform.faults.plan("filtered", 1)
    await mia.submit(text="How many pages may the report have?")
    await world.settle()
    (told,) = [seen for seen in mia.sees("dm:mia") if "waits" in seen.text]
    assert "How many pages" in told.text
    assert "filter does not let its words through" in told.text
    assert not mia.sees("questions")


async def test_a_reply_that_is_refused_again_is_told_again_and_sent_from_the_desk(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    faults = world.chat.sandbox.platform.faults
    await mia.say("questions", QUESTION)
    faults.plan("locked", 1)
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    first = ines.find("could not be posted").id
    await world.wait(minutes=5)
    faults.plan("locked", 1)
    again = await ines.press(await ines.command("desk"), "Post it again (1)")
    assert "You hear if it is refused." in again.text
    await world.settle()
    (told,) = [seen for seen in ines.sees("dm:ines") if "could not be posted" in seen.text]
    assert told.id != first, "a new message, which people notice"
    await world.wait(minutes=5)
    faults.plan("locked", 1)
    await omar.press(await omar.command("desk"), "Post it again (1)")
    await world.settle()
    assert "What Ines wrote could not be posted" in omar.last().text
    assert "gets it privately" in (await omar.press(await omar.command("desk"), "Send it to Mia privately (1)")).text
    await world.settle()
    assert "Could not be posted" not in (await ines.command("desk")).text
    assert not [seen for seen in ines.sees("dm:ines") if "could not be posted" in seen.text]
    await world.until("2026-01-08T12:00:00Z")
    assert sum("Ten pages." in t for t in mia.inbox()) == 1


async def test_a_short_fault_is_nothing_to_speak_of(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    world.chat.sandbox.platform.faults.plan("cut", 1)
    await mia.command("ask", text=QUESTION)
    await world.wait(minutes=1)
    assert not [t for t in mia.inbox() if "waits" in t], "a moment is nothing to speak of"
    assert [seen for seen in mia.sees("questions") if QUESTION in seen.text]


async def test_a_tick_does_not_make_a_reply_that_is_lost_the_answer(world: World) -> None:
    mia, ines, faults = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.sandbox.platform.faults
    await mia.say("questions", QUESTION)
    faults.plan("locked", 1)
    await ines.press(await ines.command("desk"), "Reply")
    await ines.press(await ines.submit(text="Ten pages."), "This answers it")
    await world.settle()
    assert QUESTION in (await ines.command("desk")).text, "it is open again"


async def test_the_instructors_desk_says_which_channel_is_lost(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    world.chat.sandbox.platform.archive_channel("questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    desk = await ines.command("desk")
    assert "I cannot write in #questions since" in desk.text
    assert "It was archived." in desk.text
    assert "Managers know." in desk.text
    overview = (await world.chat.person("omar").command("overview")).text
    assert "would like a look" in overview
    assert "I cannot write in #questions since" in overview
    assert "not posted yet" in desk.text
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    desk = await ines.command("desk")
    assert "I cannot write in" not in desk.text
    assert "see the thread" in desk.text


async def test_at_night_the_desk_says_when_managers_hear_of_a_cause_that_no_other_channel_mends(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T21:30:00Z")
    world.chat.sandbox.platform.faults.plan("quarantined", 1)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    desk = (await ines.command("desk")).text
    assert "The platform has quarantined me" in desk
    assert "Managers hear it" in desk
    assert "9:00" in desk
    assert "/cohort setup" not in desk
    overview = (await world.chat.person("omar").command("overview")).text
    assert "The platform has quarantined me" in overview


async def test_a_posted_desk_names_a_lost_channel_until_it_is_well_again(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    world.chat.sandbox.platform.archive_channel("questions")
    await mia.command("ask", text=QUESTION)
    await world.until("2026-01-06T12:00:00Z")
    assert [t for t in ines.inbox() if "I cannot write in" in t and "desk" in t]
    await world.chat.sandbox.unarchive("questions")
    await world.wait(minutes=11)
    assert not [t for t in ines.inbox() if "I cannot write in" in t]


async def test_each_of_several_receipts_says_which_post_it_is_about(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    world.chat.sandbox.platform.archive_channel("questions")
    for text in (QUESTION, "Where are the slides of week 2?"):
        await mia.command("ask", text=text)
        await world.settle()
    first, second = [seen.text for seen in mia.sees("dm:mia") if "waits" in seen.text]
    assert QUESTION in first
    assert "slides" in second
