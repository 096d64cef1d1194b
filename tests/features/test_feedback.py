"""Feedback on work, as conversations. The first Monday is 5 January 2026."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Seen, Speaker
from tests.features.test_erasure import copy, everything, forget
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world
from tests.test_web import controls, open_browser, sign_in

WITH_WORK = f"""\
{COURSE}
milestones:
  - {{id: draft, week: 1, title: The draft, opens: Mon 00:00, due: Sun 20:00, late: accepted}}
  - {{id: page, week: 1, title: The page, opens: Mon 00:00, due: Sun 20:00, late: accepted}}
"""
TUESDAY = "2026-01-06T09:30:00Z"
WEDNESDAY = "2026-01-07T09:30:00Z"
SAID = "The second paragraph is the beginning. Start there."


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=WITH_WORK, address="http://pages.example")
    yield made
    made.app.storage.close()


async def hand_in(learner: Speaker, milestone: str, text: str) -> None:
    await learner.command("submit")
    assert learner.form is not None
    which = {"milestone": milestone} if any(f.name == "milestone" for f in learner.form.fields) else {}
    await learner.submit(text=text, values=which)


async def give(ines: Speaker, number: int = 1, **values: str) -> Seen:
    """From the desk; the receipt."""
    desk = await ines.command("desk")
    label = "Give feedback" if "Give feedback" in desk.buttons else f"Give feedback ({number})"
    await ines.press(desk, label)
    done = await ines.submit(values=values)
    assert not done.errors, done.errors
    assert done.reply is not None
    return done.reply


async def test_feedback_comes_in_the_learners_bundle_and_they_reply_once(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    before = len(mia.inbox())
    desk = await ines.command("desk")
    assert desk.buttons[:3] == ["Give feedback", "Open", "Seen"]
    await ines.press(desk, "Give feedback")
    assert ines.form is not None
    assert "Mia handed in “The draft”: A page about tea" in ines.form.intro
    receipt = await ines.submit(text=SAID)
    assert "Mia gets it at their next hour" in receipt.text
    assert len(mia.inbox()) == before, "it comes at the learner's hour"
    assert "Work that came in" not in (await ines.command("desk")).text
    await world.until(TUESDAY)
    came = mia.find("gives you feedback on “The draft”")
    assert f"Ines gives you feedback on “The draft”:\n> {SAID}" in came.text
    together = await mia.press(came, "Read it with my work")
    assert "Your work\n> A page about tea\nFeedback by Ines" in together.text
    await mia.press(came, "Reply")
    assert (await mia.submit(text=" ")).errors
    await mia.submit(text="Thank you, I will")
    assert "Your reply is sent." in mia.find("gave you feedback on").text
    assert "replied to this feedback already" in (await mia.press(together, "Reply")).text
    desk = await ines.command("desk")
    assert "Replies to feedback: 1 new\n> Thank you, I will\njust now, Mia, “The draft”" in desk.text
    assert desk.buttons[:3] == ["Answer", "Open", "Seen"]
    opened = (await ines.press(desk, "Open")).text
    assert opened.index("A page about tea") < opened.index(SAID) < opened.index("Thank you, I will")
    await world.wait(minutes=5)
    await ines.press(desk, "Answer")
    await ines.submit(text="Well done")
    assert "Replies to feedback" not in (await ines.command("desk")).text
    assert not any(SAID in text or "Thank you, I will" in text for text in ben.inbox())
    assert not any(SAID in m.text or "tea" in m.text for m in ben.sees("general"))


async def test_a_recording_is_linked_and_a_wrong_link_comes_back_with_what_was_typed(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    await ines.press(await ines.command("desk"), "Give feedback")
    assert "write your feedback" in (await ines.submit(text=" ")).errors["text"]
    refused = await ines.submit(text=SAID, link="javascript:alert(1)")
    assert "whole link" in refused.errors["link"]
    assert ines.form is not None
    assert {f.name: f.value for f in ines.form.fields}["text"] == SAID
    assert "http://voices.example/mia" in (await ines.submit(text="", link="http://voices.example/mia")).text
    await world.until(TUESDAY)
    assert "A recording for you: http://voices.example/mia" in mia.find("gives you feedback").text


async def test_a_draft_is_kept_and_nothing_is_sent(world: World) -> None:
    ines, omar, mia = world.chat.person("ines"), world.chat.person("omar"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    kept = await give(ines, text="The second paragraph", later="yes")
    assert "Your draft is kept, and nothing was sent to Mia." in kept.text
    assert "You have a draft of your feedback." in (await ines.command("desk")).text
    assert "draft of your" not in (await omar.command("desk")).text
    await world.until(TUESDAY)
    assert not any("paragraph" in text for text in mia.inbox())
    await ines.press(await ines.command("desk"), "Give feedback")
    assert ines.form is not None
    assert {f.name: f.value for f in ines.form.fields}["text"] == "The second paragraph"
    await ines.submit(text=SAID)
    await ines.press(kept, "Go on")
    assert ines.form is not None
    assert {f.name: f.value for f in ines.form.fields}["text"] == ""
    assert "Your draft is empty" in (await ines.submit(later="yes")).text


async def test_the_queue_is_oldest_first_and_changed_work_comes_back(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await hand_in(ben, "draft", "Coffee, first")
    await world.wait(minutes=5)
    await hand_in(mia, "draft", "Tea, second")
    text = (await ines.command("desk")).text
    assert text.index("Coffee, first") < text.index("Tea, second")
    receipt = await give(ines, 1, text=SAID)
    assert "Next: Mia, The draft" in receipt.buttons
    assert "Tea, second" in (await ines.press(receipt, "Next: Mia, The draft")).text
    await world.wait(minutes=5)
    await ben.press(ben.find("Thank you, Ben."), "Edit")
    await ben.submit(text="Coffee, better")
    desk = (await ines.command("desk")).text
    assert "Coffee, better\njust now, Ben, “The draft”, changed after feedback" in desk
    assert desk.index("Tea, second") < desk.index("Coffee, better")


async def test_feedback_on_work_that_changed_meanwhile_is_not_given_unseen(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    await ines.press(await ines.command("desk"), "Give feedback")
    await world.wait(minutes=5)
    await mia.press(mia.find("Thank you, Mia."), "Edit")
    await mia.submit(text="A page about leaves")
    refused = await ines.submit(text=SAID)
    assert "Newer: Mia changed the work" in refused.errors[""]
    assert "Thank you." in (await ines.submit(text=SAID)).text


async def test_what_was_seen_is_told_on_the_next_card_and_never_by_a_message(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    for learner in (mia, ben):
        await hand_in(learner, "draft", f"The draft of {learner.id}")
        await hand_in(learner, "page", f"The page of {learner.id}")
    desk = await ines.command("desk")
    assert "Seen: all 4 (Work that came in)" in desk.buttons
    await ines.press(desk, "Seen: all 4 (Work that came in)")
    assert "Work that came in" not in (await ines.command("desk")).text
    assert "Seen by the course team." in (await mia.press(await mia.command(""), "My work")).text
    assert not any("was seen" in text for text in mia.inbox())
    await world.until("2026-01-09T15:30:00Z")
    (card,) = [text for text in mia.inbox() if "Your work was seen by the course team:" in text]
    assert "Week 1: One" in card
    assert "- The draft\n- The page" in card


async def test_feedback_is_edited_and_taken_back_until_it_was_opened(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    receipt = await give(ines, text="Sart there")
    await ines.press(receipt, "Edit")
    assert "Mia gets it at their next hour" in (await ines.submit(text="Start there")).text
    await world.until(TUESDAY)
    assert "Start there" in mia.find("gives you feedback").text
    assert "Edited" not in mia.find("gives you feedback").text
    before = len(mia.inbox())
    await ines.press(receipt, "Edit")
    edited = await ines.submit(text="Start with the second paragraph")
    assert "It had come to Mia, who sees the new words in its place" in edited.text
    assert "> Start with the second paragraph\nEdited" in mia.find("gives you feedback").text
    gone = await ines.press(edited, "Take it back")
    assert "It had come to Mia, who may have read it" in gone.text
    assert "Ines took back the feedback on “The draft”." in mia.find("took back").text
    assert len(mia.inbox()) == before
    assert "A page about tea" in (await ines.command("desk")).text, "it waits again"
    assert "taken back" in (await ines.press(edited, "Edit")).text
    again = await give(ines, text=SAID)
    gone = await ines.press(again, "Take it back")
    assert "Mia has not seen it." in gone.text
    last = await give(ines, text=SAID)
    await world.until(WEDNESDAY)
    await mia.press(mia.find("gives you feedback"), "Read it with my work")
    for label in ("Edit", "Take it back"):
        assert "Mia has opened it" in (await ines.press(last, label)).text
    assert len([t for t in mia.inbox() if "gives you feedback" in t]) == 1


async def take_back(mia: Speaker) -> None:
    sure = await mia.press(mia.find("A page about tea"), "Take it back")
    assert "taken back" in (await mia.press(sure, "Take it back")).text.lower()


async def test_a_reply_stands_on_the_desk_when_its_work_was_taken_back(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    await give(ines, text=SAID)
    await world.until(TUESDAY)
    came = mia.find("gives you feedback")
    await take_back(mia)
    await mia.press(came, "Reply")
    await mia.submit(text="I begin again")
    desk = await ines.command("desk")
    assert "I begin again" in desk.text
    assert "They took the work back meanwhile." in desk.text
    assert desk.buttons[0] == "Answer"
    await ines.press(desk, "Answer")
    await ines.submit(text="Good luck")
    assert "I begin again" not in (await ines.command("desk")).text


async def test_feedback_on_work_that_is_gone_does_not_come(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    receipt = await give(ines, text=SAID)
    await take_back(mia)
    await world.until(TUESDAY)
    assert not any("gives you feedback" in text for text in mia.inbox())
    assert "They took the work back, too." in (await ines.press(receipt, "Take it back")).text


async def test_no_answer_that_is_kept_has_the_words_of_somebody_who_is_erased(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    await give(ines, text=SAID)
    await world.until(TUESDAY)
    came = mia.find("gives you feedback")
    await mia.press(came, "Read it with my work")
    await mia.press(came, "Reply")
    await mia.submit(text="My cat is ill")
    await mia.press(await mia.command(""), "My work")
    await ines.press(await ines.command("desk"), "Open")
    await forget(world, "Mia")
    held = everything(world)
    for words in ("A page about tea", SAID, "My cat is ill"):
        assert words not in held


async def test_work_with_other_feedback_does_not_wait_again(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    desk = await ines.command("desk")
    opened = await ines.press(desk, "Open")
    await give(ines, text=SAID)
    await ines.press(opened, "Give feedback")
    second = await ines.submit(text="And the end is good")
    taken = await ines.press(second, "Take it back")
    assert "Other feedback on their work stands" in taken.text


async def test_work_that_changes_while_it_waits_is_as_old_as_its_change_on_the_desk(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    ben = await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    await world.wait(minutes=5)
    await hand_in(ben, "draft", "A page about coffee")
    await world.wait(minutes=5)
    await mia.press(mia.find("A page about tea"), "Edit")
    await mia.submit(text="A page about green tea")
    desk = (await ines.command("desk")).text
    assert desk.index("coffee") < desk.index("green tea"), "an older 'Seen' is not about what came after it"


async def test_one_learners_feedback_is_nobody_elses(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    receipt = await give(ines, text=SAID)
    await world.until(TUESDAY)
    (number,) = [b["action"].rpartition(":")[2] for b in receipt.controls if b["label"] == "Edit"]
    for name in ("read", "reply"):
        refused = await forge_in(world, ben, "feedback", name, number)
        assert SAID not in refused
    for name in ("give", "open"):
        refused = await forge_in(world, ben, "feedback", name, "milestones/1")
        assert "tea" not in refused
    assert "Only Ines can change" in await forge_in(world, omar, "feedback", "undo", number)


async def test_the_learners_own_page_has_their_work_with_the_feedback(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    page = await mia.command("")
    assert "1 piece of work handed in, no feedback yet." in page.text
    assert "has not looked at it yet" in (await mia.press(page, "My work")).text
    await give(ines, text=SAID)
    page = await mia.command("")
    assert "Read the feedback on “The draft” by Ines" in page.text
    await mia.press(page, "Feedback: The draft")
    await world.until(TUESDAY)
    assert not any("gives you feedback" in text for text in mia.inbox()), "they have read it already"
    mine = await mia.press(await mia.command(""), "My work")
    assert "A page about tea" in mine.text
    assert SAID in mine.text


async def test_a_button_of_an_earlier_desk_still_marks_work_as_seen(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    await hand_in(ben, "draft", "A page about coffee")
    desk = await ines.command("desk")
    assert desk.reply is not None
    subject = next(b["action"].partition(":")[2] for b in desk.reply.controls if b["label"] == "Seen (1)")
    await forge_in(world, ines, "digests", "seen", subject)
    assert "Seen by the course team." in (await mia.press(await mia.command(""), "My work")).text


async def test_the_manager_reads_how_long_feedback_takes(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    await hand_in(ben, "draft", "A page about coffee")
    await world.until(TUESDAY)
    await give(ines, 1, text=SAID)
    week = await omar.command("overview")
    assert "Feedback after (median): 25 h 30, 1 waits, the longest for 25 h" in week.text
    await world.until("2026-01-14T09:30:00Z")
    late = await omar.command("overview")
    assert "the longest for 9 days" in late.text
    assert "A page about coffee" in (await omar.press(late, "What waits")).text


async def test_feedback_is_in_the_learners_copy_and_goes_with_them(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    await give(ines, text=SAID)
    await hand_in(mia, "page", "Another page")
    await give(ines, text="Half a word about Mia", later="yes")
    await world.until(TUESDAY)
    await mia.press(mia.find("gives you feedback"), "Reply")
    await mia.submit(text="My canary")
    copies = {name: json.dumps(copy(world, name)[0]) for name in ("Mia", "Ben", "Ines")}
    assert SAID in copies["Mia"]
    assert "My canary" in copies["Mia"]
    assert "Half a word" not in copies["Mia"], "a draft was never said"
    assert SAID not in copies["Ben"]
    assert "Half a word" in copies["Ines"]
    await forget(world, "Mia")
    left = everything(world)
    for words in (SAID, "My canary", "Half a word", "A page about tea"):
        assert words not in left
    assert "My canary" not in (await ines.command("desk")).text
    assert not any("My canary" in text for text in ines.inbox())


async def test_work_and_feedback_stand_together_on_a_page_of_the_course_team(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "<script>alert(1)</script> about tea")
    link = re.search(r"(/in/\w+)", (await ines.press(await ines.command("desk"), "Work on a page")).text)
    assert link
    async with open_browser(world) as browser:
        page = await sign_in(world, browser, link[1])
        assert "1 piece, the oldest first." in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        form = await browser.post("/feedback/1", data=controls(page, "Give feedback")[0])
        (send,) = controls(form, "Send")
        refused = await browser.post("/feedback/1", data={**send, "f-text": SAID, "f-link": "tea"})
        assert f"{SAID}</textarea>" in refused.text
        (send,) = controls(refused, "Send")
        sent = await browser.post("/feedback/1", data={**send, "f-text": SAID, "f-link": ""})
        assert "Mia gets it at their next hour" in sent.text
        assert "Nothing waits. Well done." in sent.text
        alone = (await browser.get("/feedback/1/milestones/1")).text
        assert alone.index("about tea") < alone.index(SAID)
        assert (await browser.get("/feedback/1/milestones/99")).status_code == 404
    async with open_browser(world) as other:
        assert SAID not in (await other.get("/feedback/1/milestones/1")).text


async def test_an_old_desk_says_what_feedback_the_work_has_already(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await hand_in(mia, "draft", "A page about tea")
    desk = await ines.command("desk")
    await ines.press(desk, "Give feedback")
    assert ines.form is not None
    assert "already" not in ines.form.intro
    await ines.submit(text="Well begun.")
    await ines.press(desk, "Give feedback")
    assert ines.form is not None
    assert "It has feedback already, and yours is added to it: “Well begun.”" in ines.form.intro


async def test_seen_for_a_pile_leaves_work_with_a_draft(world: World) -> None:
    ines, mia, ben = world.chat.person("ines"), await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await hand_in(mia, "draft", "A page about tea")
    await give(ines, text="The second paragraph", later="yes")
    await hand_in(ben, "draft", "A page about pots")
    await hand_in(ben, "page", "Another page")
    desk = await ines.command("desk")
    assert "Your drafts of feedback: 1 new" in desk.text
    await ines.press(desk, "Seen: all 2 (Work that came in)")
    desk = await ines.command("desk")
    assert "You have a draft of your feedback." in desk.text
    assert "Work that came in" not in desk.text
    await ines.press(desk, "Give feedback")
    assert ines.form is not None
    assert ines.form.fields[0].value == "The second paragraph"
