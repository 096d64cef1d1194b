"""Posts for a channel that takes nothing: they wait, everybody concerned hears the true state, and nothing is lost."""

from typing import Literal

import pytest

from bot.core.events import PlaceLost, PlaceMoved
from bot.core.people import Place
from storage.tables.outbox import OutboxRow
from tests.features.test_after_the_end import end
from tests.kit import World

QUESTION = "How long may the report be?"


def archive(world: World, channel: str) -> None:
    world.chat.sandbox.platform.archive_channel(channel)


async def test_a_question_for_an_archived_channel_is_posted_once_that_is_open_again(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    assert "waits: I cannot write there at the moment" in mia.last().text
    assert [t for t in omar.inbox() if "It was archived." in t]
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert [seen for seen in mia.sees("questions") if QUESTION in seen.text]
    assert "waited, and is there now" in mia.last().text
    assert not [t for t in mia.inbox() if "waits" in t], "the receipt is corrected in place"


async def test_whoever_asks_while_others_wait_is_told_at_once(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    assert "It waits" in (await tom.command("ask", text="Where are the slides of week 2?")).text
    await world.settle()
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    posts = [seen.text for seen in mia.sees("questions")]
    assert posts.index(next(p for p in posts if QUESTION in p)) < posts.index(next(p for p in posts if "slides" in p))


async def test_managers_hear_each_cause_once_and_what_to_give(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    world.chat.sandbox.platform.faults.plan("forbidden", 1)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    assert sum("I may not write there: give me Send Messages" in t for t in omar.inbox()) == 1
    for _ in range(3):
        await world.wait(hours=1)
    assert not [t for t in omar.inbox() if "I may not write there" in t], "it is corrected where it stands"
    assert [seen for seen in mia.sees("questions") if QUESTION in seen.text], "it goes out by itself"
    await world.until("2026-01-06T12:00:00Z")
    assert sum("I can write in its channel for questions again" in t for t in omar.inbox()) == 1


async def test_a_post_that_is_refused_for_itself_says_nothing_of_its_channel(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    world.chat.sandbox.platform.faults.plan("refused", 1)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    assert "could not be made" in mia.last().text
    assert not [t for t in omar.inbox() if "I cannot write" in t]
    await mia.command("ask", text="Where are the slides of week 2?")
    await world.settle()
    assert [seen for seen in mia.sees("questions") if "slides" in seen.text]


async def test_managers_do_not_look_for_another_channel_where_that_would_not_help(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    world.chat.sandbox.platform.faults.plan("quarantined", 1)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    [told] = [t for t in omar.inbox() if "I cannot write" in t]
    assert "The platform has quarantined me" in told
    assert "Another channel would not help." in told
    assert "/cohort setup" not in told


async def test_a_question_for_a_deleted_channel_goes_into_the_one_that_is_chosen_next(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.chat.sandbox.lose("questions")
    await world.settle()
    await mia.command("ask", text=QUESTION)
    await world.settle()
    assert "waits" in mia.last().text
    world.chat.channel("help-desk")
    await omar.press(await omar.command("setup", place="help-desk"), "Choose a channel")
    await omar.submit(purpose="questions")
    await world.settle()
    assert [seen for seen in mia.sees("help-desk") if QUESTION in seen.text]
    assert "is there now" in mia.last().text


async def test_what_the_author_takes_back_leaves_a_channel_as_soon_as_that_is_open_again(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    archive(world, "questions")
    await mia.press(await mia.press(asked, "Not needed any more"), "Delete its text")
    await world.settle()
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert not [seen for seen in mia.sees("questions") if QUESTION in seen.text]


async def test_a_post_that_nobody_asked_for_waits_without_telling_learners(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    archive(world, "general")
    await world.until("2026-01-12T12:00:00Z")
    assert not [t for t in mia.inbox() if "Your post" in t]
    [told, week] = [t for t in omar.inbox() if "It was archived." in t]
    assert "I cannot write in its own channel" in told, "a message of its own says it once"
    assert "I cannot write in #general since Fri 9 Jan" in week, "the week's overview says that it lasts"
    await world.chat.sandbox.unarchive("general")
    await world.settle()
    assert any("Week 2" in seen.text for seen in mia.sees("general"))
    assert not [row for row in world.rows(OutboxRow, lane="general", state="waiting") if row.blocked]


async def test_receipts_are_true_while_the_channel_is_known_to_take_nothing(world: World) -> None:
    mia, tom, ines = await world.learner("mia", "Mia"), await world.learner("tom", "Tom"), world.chat.person("ines")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    asked = await tom.command("ask", text="Where are the slides of week 2?")
    assert "It waits: I cannot write in the question channel at the moment." in asked.text
    await world.settle()
    assert not [t for t in tom.inbox() if "waits" in t], "the receipt has said so"
    await ines.press(await ines.command("desk"), "Reply (1)")
    assert "who asked gets this privately" in (await ines.submit(text="Ten pages.")).text
    await world.settle()
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    root = mia.find(QUESTION, "questions")
    assert [seen.text for seen in mia.thread(root.id) if "Ten pages." in seen.text]
    assert [t for t in tom.inbox() if "waited, and is there now" in t]
    await tom.press(asked, "Edit")
    assert "Saved." in (await tom.submit(text="Where are the slides of week 3?")).text


async def test_an_edit_of_a_waiting_question_is_what_is_posted(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    archive(world, "questions")
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    await mia.press(asked, "Edit")
    await mia.submit(text="How long may the report be at most?")
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    posts = [seen.text for seen in mia.sees("questions")]
    assert len(posts) == 1
    assert "at most?" in posts[0]


async def test_who_takes_a_waiting_question_back_is_no_longer_told_that_it_waits(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    archive(world, "questions")
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    assert [text for text in mia.inbox() if "waits" in text]
    await mia.press(await mia.press(asked, "Not needed any more"), "Delete its text")
    await world.settle()
    assert not [text for text in mia.inbox() if "waits" in text]
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert not mia.sees("questions")


@pytest.mark.parametrize("nameless", ["", "yes"])
async def test_a_waiting_question_that_is_closed_is_never_posted(world: World, nameless: str) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    archive(world, "questions")
    await mia.command("ask", values={"text": QUESTION, "anonymous": nameless})
    await world.settle()
    told = mia.find("waits")
    await mia.press(told, "Not needed any more")
    await world.settle()
    assert "Closed as not needed any more, and not posted." in mia.find(QUESTION).text
    assert not [text for text in mia.inbox() if "waits" in text]
    await world.chat.sandbox.unarchive("questions")
    await world.wait(hours=3)
    assert not mia.sees("questions")
    assert not [text for text in mia.inbox() if "is there now" in text]
    assert QUESTION not in (await ines.command("desk")).text
    await mia.press(mia.find("and not posted"), "Open it again")
    await world.settle()
    assert len([seen for seen in mia.sees("questions") if QUESTION in seen.text]) == 1
    assert "It is open again." in mia.last().text


async def test_a_question_that_is_closed_on_its_receipt_or_by_the_team_is_not_posted_either(world: World) -> None:
    mia, tom, ines = await world.learner("mia", "Mia"), await world.learner("tom", "Tom"), world.chat.person("ines")
    archive(world, "questions")
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    await tom.command("ask", text="Where are the slides of week 2?")
    await world.settle()
    assert "and not posted" in (await mia.press(asked, "Not needed any more")).text
    await ines.press(await ines.command("desk"), "Not needed")
    await world.settle()
    assert "and not posted" in mia.find(QUESTION).text
    await mia.press(mia.find("and not posted"), "Delete its text")
    await world.settle()
    assert not [text for text in mia.inbox() if QUESTION in text]
    await world.chat.sandbox.unarchive("questions")
    await world.wait(hours=3)
    assert not mia.sees("questions")


async def test_a_reply_that_waits_below_a_closed_question_goes_out_when_that_is_opened_again(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    archive(world, "questions")
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    closed = await mia.press(asked, "Not needed any more")
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert not mia.sees("questions")
    await mia.press(closed, "Open it again")
    await world.settle()
    root = mia.find(QUESTION, "questions")
    assert ["Ten pages." in seen.text for seen in mia.thread(root.id)] == [True]


async def test_new_words_of_a_waiting_question_are_shown_where_it_is_said_that_it_waits(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    await world.wait(minutes=5)
    await mia.press(mia.find("waits"), "Edit")
    await mia.submit(text="How long may the report be at most?")
    await world.settle()
    assert "at most?" in mia.find("waits").text


async def test_who_asked_hears_that_the_end_of_the_cohort_came_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    await end(world)
    await world.settle()
    assert [text for text in mia.inbox() if "could not be made" in text]
    assert not [text for text in mia.inbox() if "waits" in text]
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert not mia.sees("questions")


async def test_who_asked_without_a_name_stays_unknown_while_the_question_waits(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    archive(world, "questions")
    await mia.command("ask", values={"text": QUESTION, "anonymous": "yes"})
    await world.settle()
    for person in (world.chat.person("omar"), world.chat.person("ines")):
        assert not [text for text in person.inbox() if "Mia" in text]
        assert "Mia" not in (await person.command("desk")).text
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert "Somebody asks" in world.chat.person("omar").find(QUESTION, "questions").text


async def test_a_channel_chosen_anew_twice_gets_each_post_once(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.chat.sandbox.lose("questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    for name in ("first", "second"):
        world.chat.channel(name)
        await omar.press(await omar.command("setup", place=name), "Choose a channel")
        # The question, and what the manager reads of the channel before.
        world.chat.sandbox.platform.faults.plan("429", 2)
        await omar.submit(purpose="questions")
        if name == "first":
            archive(world, name)
        await world.settle()
    await world.wait(hours=2)
    assert not mia.sees("first")
    assert len([seen for seen in mia.sees("second") if QUESTION in seen.text]) == 1


async def test_what_waits_in_a_thread_goes_where_its_channel_is_now(world: World) -> None:
    """Slack gives a private channel that is shared with another organization another id. Its messages keep theirs."""
    ben, ines, platform = await world.learner("ben", "Ben"), world.chat.person("ines"), world.chat.sandbox.platform
    root = (await ben.say("questions", QUESTION)).message
    assert root is not None
    desk = await ines.command("desk")
    archive(world, "questions")
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Reply")))
    await ines.submit(text="Ten pages.")
    await world.settle()
    assert not ben.thread(root)
    world.chat.channel("shared")
    platform._change(root, "place = ?", "shared")
    moved = PlaceMoved(place=Place("sandbox", "questions"), to=Place("sandbox", "shared"), at=world.clock.now())
    await world.app.runtime.receive(moved)
    await world.settle()
    assert ["Ten pages." in seen.text for seen in ben.thread(root)] == [True]


async def test_two_hundred_waiting_posts_go_out_once_and_in_order(world: World) -> None:
    people = [await world.learner(f"p{n}", f"P{n}") for n in range(4)]
    archive(world, "questions")
    for n in range(200):
        await people[n % 4].command("ask", text=f"How long is part {n:03}?")
    await world.settle()
    world.chat.sandbox.platform.faults.plan("sent-but-timeout", 3)
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    await world.wait(hours=1)
    numbers = [int(seen.text.partition("part ")[2][:3]) for seen in people[0].sees("questions")]
    assert numbers == list(range(200))


async def test_who_asked_is_told_anew_when_the_post_is_given_up(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.until("2026-01-18T12:00:00Z")
    before = mia.inbox()
    assert not [text for text in before if "could not be made" in text]
    await world.until("2026-01-20T12:00:00Z")
    assert [text for text in mia.inbox()[len(before) :] if "could not be made" in text]
    told = mia.find("The course team has it on its desk, and can answer you privately.")
    assert QUESTION in told.text
    assert "Could not be posted" in (await world.chat.person("ines").command("desk")).text


async def test_a_reply_to_a_question_that_is_given_up_reaches_its_asker_privately(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    archive(world, "questions")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    before = ines.inbox()
    await world.until("2026-01-21T12:00:00Z")
    for _ in range(3):
        await world.app.runtime._clean_up()
        await world.wait(days=1)
    assert not [text for text in ines.inbox()[len(before) :] if "could not be made" in text], "there is nothing to do"
    assert sum("Ten pages." in text for text in mia.inbox()) == 1


async def test_what_is_given_up_stands_on_the_desk_and_is_posted_again_by_one_press(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    archive(world, "questions")
    await mia.command("ask", values={"text": QUESTION, "anonymous": "yes"})
    await world.settle()
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.until("2026-01-21T12:00:00Z")
    await world.app.runtime._clean_up()
    await world.wait(hours=1)
    desk = await ines.command("desk")
    assert "Could not be posted" in desk.text
    assert "Mia" not in desk.text, "it was asked without a name"
    await world.chat.sandbox.unarchive("questions")
    await world.settle()
    assert not [seen for seen in ben.sees("questions") if QUESTION in seen.text]
    await ines.press(await ines.press(desk, "Could not be posted: all 1"), "Post it again (1)")
    await world.settle()
    roots = [seen for seen in ben.sees("questions") if QUESTION in seen.text]
    assert len(roots) == 1
    assert ["Ten pages." in seen.text for seen in ben.thread(roots[0].id)] == [True]
    await world.wait(days=1)
    told = [text for text in mia.inbox() if "The course team has posted your question after all" in text]
    assert len(told) == 1, "she was told that it could not be posted"
    assert "has posted your question" not in "\n".join(ines.inbox()), "she did it herself"
    assert "Could not be posted" not in (await ines.command("desk")).text


async def lose(world: World, why: Literal["gone", "removed"], turn: str) -> None:
    place = Place("sandbox", "questions")
    await world.app.runtime.receive(PlaceLost(place=place, why=why, at=world.clock.now(), turn=turn))
    await world.settle()


async def test_a_reply_and_an_edit_wait_with_their_question_for_a_channel_that_we_do_not_see(world: World) -> None:
    mia, ines, faults = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.sandbox.platform.faults
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    faults.plan("unseen", 1_000)
    await ines.press(await ines.command("desk"), "Reply")
    assert "It goes to the thread; you hear if" in (await ines.submit(text="Ten pages.")).text
    await mia.press(asked, "Edit")
    await mia.submit(text="How long may the report be at most?")
    await world.until("2026-01-07T12:00:00Z")
    assert not [t for t in ines.inbox() + mia.inbox() if "stopped trying" in t]
    faults.plan("unseen", 0)
    await world.wait(hours=2)
    root = mia.find("at most?", "questions")
    assert [seen.text for seen in mia.thread(root.id) if "Ten pages." in seen.text]
    assert not [t for t in ines.inbox() + mia.inbox() if "stopped trying" in t]


async def test_the_course_team_is_not_told_to_tell_the_course_team(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("ask", text=QUESTION)
    await world.settle()
    desk = await ines.command("desk")
    await world.chat.sandbox.lose("questions")
    await ines.press(desk, "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    (told,) = [t for t in ines.inbox() if "stopped trying" in t]
    assert "Send it to Mia privately" in told
    assert "course team" not in told


async def test_two_channels_lost_for_one_cause_are_one_message(world: World) -> None:
    omar = world.chat.person("omar")
    for n, name in enumerate(("questions", "general")):
        place = Place("sandbox", name)
        await world.app.runtime.receive(PlaceLost(place=place, why="archived", at=world.clock.now(), turn=str(n)))
        await world.settle()
    (told,) = [t for t in omar.inbox() if "I cannot write in" in t]
    assert "I cannot write in its own channel and its channel for questions. It was archived." in told


async def test_a_channel_lost_and_found_again_and_again_is_one_message_that_stays_true(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    for n in (1, 2):
        archive(world, "questions")
        await mia.command("ask", text=f"How long is part {n}?")
        await world.settle()
        assert sum("It was archived." in t for t in omar.inbox()) == 1
        assert "I cannot write there any more" in (await omar.command("setup")).text
        await world.chat.sandbox.unarchive("questions")
        await world.settle()
        assert "any more" not in (await omar.command("setup")).text
        assert not [t for t in omar.inbox() if "It was archived." in t]
        await world.wait(hours=1)
    await world.until("2026-01-07T12:00:00Z")
    assert sum("questions again" in t for t in omar.inbox()) == 1, "the last news is of the recovery"


async def test_a_refused_post_gives_no_second_cause_for_a_loss_that_is_known(world: World) -> None:
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await lose(world, "removed", "1")
    world.chat.sandbox.platform.faults.plan("unseen", 1)
    await mia.command("ask", text=QUESTION)
    await world.settle()
    told = [t for t in omar.inbox() if "I cannot write in its channel" in t]
    assert len(told) == 1
    assert "I was removed from it." in told[0]
    await lose(world, "gone", "2")
    assert any("It was deleted" in t for t in omar.inbox()), "the platform itself says something newer"


async def test_a_reply_that_waits_when_the_asker_takes_the_question_back_comes_back_without_its_words(
    world: World,
) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    asked = await mia.command("ask", text=QUESTION)
    await world.settle()
    archive(world, "questions")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    await mia.press(await mia.press(asked, "Not needed any more"), "Delete its text")
    await world.settle()
    await world.chat.sandbox.unarchive("questions")
    await world.until("2026-01-12T12:00:00Z")
    back = ines.find("the question was deleted in the channel before")
    assert "Ten pages." in back.text
    assert QUESTION not in back.text
    assert "privately" not in back.text, "who takes a question back wants no answer"
    assert not [t for t in ines.inbox() if "could not be made" in t or "waits" in t]


async def test_a_reply_that_waits_when_a_plain_question_is_deleted_can_be_sent_privately(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    post = await mia.say("questions", QUESTION)
    await world.settle()
    world.chat.sandbox.platform.faults.plan("forbidden", 1)
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Ten pages.")
    await world.settle()
    await mia.delete(post.message)
    await world.settle()
    back = ines.find("the question was deleted in the channel before")
    assert "Ten pages." in back.text
    assert QUESTION not in back.text
    await ines.press(back, "Send it to Mia privately")
    await world.until("2026-01-07T12:00:00Z")
    assert [t for t in mia.inbox() if "Ten pages." in t and "was deleted in the channel" in t]
