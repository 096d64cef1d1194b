"""Peer review, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Result, Seen, Speaker
from tests.features.test_more_time import one_of
from tests.features.test_weekcard import change
from tests.features.test_who_left import leave
from tests.kit import COURSE, World, new_world

REVIEWED = f"""\
{COURSE}
milestones:
  - {{id: draft, week: 1, title: The draft, opens: Mon 00:00, due: Sun 20:00, late: accepted}}
reviews:
  - id: look
    milestone: draft
    week: 2
    title: Look at two drafts
    opens: Mon 06:00 cohort
    due: Thu 20:00 cohort
    reviews: 2
    rubric: ["What works best?", "What would you change first?"]
    minutes: 40
"""
MONDAY = "2026-01-12T08:00:00Z"
TUESDAY = "2026-01-13T09:30:00Z"
THURSDAY = "2026-01-15T20:00:00Z"
FRIDAY = "2026-01-16T09:30:00Z"
BEST, FIRST = "The second paragraph", "Cut the first one"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED, address="http://pages.example")
    yield made
    made.app.storage.close()


async def hand_in(learner: Speaker, text: str) -> None:
    await learner.command("submit")
    assert learner.form is not None
    assert not (await learner.submit(text=text)).errors


async def review(learner: Speaker, label: str = "Review") -> Seen:
    """Presses 'Review' on one's own page, or, where nothing is asked there, on the card of the week."""
    page = await learner.command("")
    return await learner.press(page if label in page.buttons else learner.find("Week 2: Two"), label)


async def write(learner: Speaker, piece: Seen, best: str = BEST, first: str = FIRST, **more: str) -> Seen:
    """Writes and sends the review of a piece; the receipt."""
    await learner.press(piece, "Write the review")
    done = await learner.submit(values={"point_4f5742ef": best, "point_4fc858b7": first, **more})
    assert not done.errors, done.errors
    assert done.reply is not None
    return done.reply


async def read(learner: Speaker, label: str = "Read them", where: Seen | Result | None = None) -> Seen:
    """What somebody opens of their reviews, which stands in their direct messages."""
    answer = await learner.press(where or learner.find("of your work"), label)
    assert answer.reply is None, "it stands there"
    return learner.last()


async def cohort(world: World, *names: str) -> list[Speaker]:
    """Learners who have handed in, in this order."""
    found = []
    for name in names:
        learner = await world.learner(name.lower(), name)
        await hand_in(learner, f"The words of {name}")
        await world.wait(minutes=5)
        found.append(learner)
    return found


async def test_a_cohort_of_two_reviews_each_other_and_reads_it_in_one_message(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(mia)
    assert "The work of Ben:" in piece.text
    assert "The words of Ben" in piece.text
    assert "1. What works best?" in piece.text
    receipt = await write(mia, piece)
    assert "Thank you, your review is in." in receipt.text
    assert "Review another one" not in receipt.buttons, "there is nobody else"
    assert not any(BEST in text for text in ben.inbox()), "it comes at the author's hour"
    await world.until(TUESDAY)
    came = ben.find("1 review of your work, “Look at two drafts”")
    assert f"> What works best?\n> {BEST}" in came.text
    assert "by Mia" in came.text
    assert "done" in (await mia.command("")).text or "You have given 1 review" in (await mia.command("")).text
    page = await read(ben)
    await ben.press(page, "Was review 1 useful?")
    await ben.submit(values={"useful": "very", "reply": "I cut it at once"})
    await world.until("2026-01-14T09:30:00Z")
    answer = mia.find("Ben answers your review")
    assert "I cut it at once" in answer.text


async def test_the_piece_with_the_fewest_reviews_comes_first_and_never_ones_own(world: World) -> None:
    mia, ben, cem, _dia = await cohort(world, "Mia", "Ben", "Cem", "Dia")
    await world.until(MONDAY)
    assert "The words of Mia" in (await review(ben)).text, "the oldest"
    assert "The words of Ben" in (await review(cem)).text, "somebody has Mia's"
    assert "The words of Cem" in (await review(mia)).text
    held = await mia.press(await mia.command(""), "Go on: Look at two drafts")
    assert "The words of Cem" in held.text, "one at a time"
    receipt = await write(mia, held)
    assert "1 more is asked of you." in receipt.text
    assert "The words of Dia" in (await mia.press(receipt, "Review another one")).text


async def test_a_piece_is_given_back_or_goes_back_after_its_time(world: World) -> None:
    mia, ben, cem, _dia = await cohort(world, "Mia", "Ben", "Cem", "Dia")
    await world.until(MONDAY)
    taken = await review(ben)
    assert "is kept for you until" in taken.text
    given = await ben.press(taken, "Give it back")
    assert "somebody else can review it now" in given.text
    assert "The words of Mia" in (await review(cem)).text
    await world.wait(hours=47)
    assert "The words of Ben" in (await review(mia)).text
    await world.wait(hours=2)
    assert "The words of Mia" in (await ben.press(given, "Review another one")).text, "Cem's time is over"
    late = await cem.press(await cem.command(""), "Review")
    assert "The words of" in late.text


async def test_what_was_sent_after_its_time_counts_all_the_same(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    taken = await review(ben)
    await world.wait(hours=60)
    await write(ben, taken)
    await world.until("2026-01-15T09:30:00Z")
    assert BEST in mia.find("review of your work").text


async def test_four_pieces_open_a_review_before_its_date_for_those_whose_own_is_in(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    assert "Review" not in (await mia.command("")).buttons
    eva = await world.learner("eva", "Eva")
    (dia,) = await cohort(world, "Dia")
    page = await mia.command("")
    assert "work of others is in already, and you can begin" in page.text
    assert "The words of Ben" in (await mia.press(page, "Review")).text
    assert "The words of Mia" in (await review(dia)).text
    assert "can begin" not in (await eva.command("")).text
    assert "The words of Mia" not in (await eva.command("")).text
    assert ben
    assert cem


async def test_all_reviews_of_a_piece_come_in_one_message(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben), best="Ben likes the start")
    await world.until(TUESDAY)
    assert not any("Ben likes" in text for text in mia.inbox()), "another one may come"
    await write(cem, await review(cem), best="Cem likes the end")
    piece = await review(cem)
    if "The words of Mia" in piece.text:
        await write(cem, piece, best="Cem likes the end")
    await world.until("2026-01-14T09:30:00Z")
    came = mia.find("2 reviews of your work")
    assert "Ben likes the start" in came.text
    assert "Cem likes the end" in came.text
    assert len([t for t in mia.inbox() if "of your work" in t]) == 1


async def test_what_is_in_when_a_review_is_due_is_told_then(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.until("2026-01-15T18:00:00Z")
    assert not any("of your work" in text for text in mia.inbox())
    await world.until(FRIDAY)
    assert BEST in mia.find("1 review of your work").text


async def test_a_review_is_changed_until_its_author_was_told(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    receipt = await write(ben, await review(ben), best="Sart")
    await ben.press(receipt, "Edit")
    assert ben.form is not None
    assert {f.name: f.value for f in ben.form.fields}["point_4f5742ef"] == "Sart"
    again = await ben.submit(values={"point_4f5742ef": "Start", "point_4fc858b7": FIRST})
    assert "your review is in" in again.text
    await world.until(FRIDAY)
    assert "> Start" in mia.find("of your work").text
    assert "stays as it is" in (await ben.press(receipt, "Edit")).text


async def test_an_empty_point_comes_back_and_keeps_the_others(world: World) -> None:
    _mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await ben.press(await review(ben), "Write the review")
    refused = await ben.submit(values={"point_4f5742ef": BEST, "point_4fc858b7": "  "})
    assert "fill this in" in refused.errors["point_4fc858b7"]
    assert ben.form is not None
    assert {f.name: f.value for f in ben.form.fields}["point_4f5742ef"] == BEST


async def test_work_that_changed_meanwhile_is_not_reviewed_unseen(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(ben)
    await ben.press(piece, "Write the review")
    await mia.press(mia.find("Thank you, Mia."), "Edit")
    await mia.submit(text="Other words")
    refused = await ben.submit(values={"point_4f5742ef": BEST, "point_4fc858b7": FIRST})
    assert "the author changed their work" in refused.errors[""]
    assert "Other words" in (await ben.press(await ben.command(""), "Go on: Look at two drafts")).text
    assert "your review is in" in (await ben.submit(values={"point_4f5742ef": BEST, "point_4fc858b7": FIRST})).text


async def test_work_that_is_taken_back_is_in_nobodys_hands(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    piece = await review(ben)
    sure = await mia.press(mia.find("Thank you, Mia."), "Take it back")
    await mia.press(sure, "Take it back")
    assert "not there any more" in (await ben.press(piece, "Write the review")).text
    assert "Review" not in (await ben.command("")).buttons, "nobody else's work is in"


async def told(world: World, *names: str) -> list[Speaker]:
    """Everybody reviewed, and was told."""
    people = await cohort(world, *names)
    await world.until(MONDAY)
    for who in people:
        piece = await review(who)
        for _ in range(2):
            if "Write the review" not in piece.buttons:
                break
            receipt = await write(who, piece, best=f"{who.id} likes it")
            if "Review another one" not in receipt.buttons:
                break
            piece = await who.press(receipt, "Review another one")
    await world.until(TUESDAY)
    return people


async def test_a_hurtful_review_is_looked_at_first_and_taken_back_with_a_reason(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, _cem = await told(world, "Mia", "Ben", "Cem")
    page = await read(mia)
    assert "ben likes it" in page.text
    await mia.press(page, "Was review 1 useful?")
    assert not (await mia.submit(values={"useful": "not"})).errors
    page = await read(mia)
    assert "You said: Not useful" in page.text
    await mia.press(page, "Was review 2 useful?")
    await mia.submit(values={"useful": "hurtful"})
    desk = await ines.command("desk")
    assert "Peer reviews to look at: 2 new" in desk.text
    assert desk.text.index("hurtful") < desk.text.index("not useful")
    opened = await ines.press(desk, "Open (1)" if "Open (1)" in desk.buttons else "Open")
    assert "likes it" in opened.text
    await ines.press(opened, "Take it back")
    assert (await ines.submit(values={"why": " "})).errors
    done = await ines.submit(values={"why": "It speaks about Mia, not about her draft"})
    assert "Taken back." in done.text
    assert "1 review of your work" in mia.find("of your work").text
    await world.until("2026-01-14T09:30:00Z")
    heard = [who for who in (ben, _cem) if any("took back your review" in text for text in who.inbox())]
    assert len(heard) == 1
    assert "It speaks about Mia" in heard[0].find("took back your review").text
    matrix = await ines.press(done, "Who reviews whom")
    assert "taken back" in matrix.text


async def test_the_course_team_sees_who_reviews_whom(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await review(cem)
    page = await ines.command("")
    assert "“Look at two drafts”: 1 of 3 pieces has a review" in page.text
    matrix = await ines.press(page, "Who reviews whom")
    assert "Mia, given to Ben (sent" in matrix.text
    assert "Cem (under way)" in matrix.text
    assert "nobody yet" in matrix.text
    opened = await ines.press(matrix, "Mia")
    assert BEST in opened.text
    assert mia


async def test_the_matrix_tells_who_gave_a_piece_back_from_whose_time_ran_out(world: World) -> None:
    ines = world.chat.person("ines")
    _mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await review(cem)
    await ben.press(await review(ben), "Give it back")
    await world.wait(hours=49)
    matrix = await ines.press(await ines.command(""), "Who reviews whom")
    assert "Ben (gave it back)" in matrix.text
    assert "Cem (ran out of time)" in matrix.text


async def test_what_nobody_is_left_to_review_stands_on_the_desk(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    assert "Work without a peer review" not in (await ines.command("desk")).text
    await world.until(FRIDAY)
    desk = await ines.command("desk")
    assert "Work without a peer review: 2 new" in desk.text
    assert "The words of Cem" in desk.text
    await write(mia, await review(mia))
    assert "Work without a peer review: 1 new" in (await ines.command("desk")).text
    assert cem


async def test_a_late_review_is_taken_and_marked(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(FRIDAY)
    page = await ben.command("")
    assert "“Look at two drafts” was due. A late review is welcome" in page.text
    receipt = await write(ben, await ben.press(page, "Review"))
    assert "It is marked late." in receipt.text
    await world.until("2026-01-17T09:30:00Z")
    assert BEST in mia.find("of your work").text


async def test_more_time_moves_the_date_of_a_review(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until("2026-01-12T12:00:00Z")
    shown = await ben.press(await ben.command("away"), "Move my dates")
    if ben.form is None:
        await ben.press(shown, "Look at two drafts")
    asked = await ben.submit(days="3", reason="I am ill")
    assert "You asked for more time for Look at two drafts, until Sun 18 Jan, 20:00." in asked.text
    desk = await ines.command("desk")
    assert "Ben, “Look at two drafts”: until Sun 18 Jan, 20:00, not Thu 15 Jan, 20:00" in desk.text
    await ines.press(desk, one_of(desk, "Yes"))
    await world.until(FRIDAY)
    assert "due Sun 18 Jan, 20:00" in (await ben.command("")).text
    assert "was due" in (await mia.command("")).text
    assert "marked late" not in (await write(ben, await review(ben))).text
    assert "marked late" in (await write(mia, await review(mia))).text


async def test_a_review_moves_along_with_its_milestone(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    shown = await ines.command("week", "extend")
    assert shown.form is not None
    sure = await ines.submit(milestone="draft", days="7")
    assert "Moves along: Look at two drafts" in sure.text
    await ines.press(sure, "Move it")
    await world.until(MONDAY)
    assert "Look at two drafts" not in (await mia.command("")).text
    await hand_in(mia, "The words of Mia")
    await world.until("2026-01-19T08:00:00Z")
    assert "Thu 15 Jan" not in mia.find("Week 2: Two").text
    assert "Thu 22 Jan, 20:00" in mia.find("Week 2: Two").text


async def test_whoever_has_no_work_may_volunteer_and_is_not_asked(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    eva = await world.learner("eva", "Eva")
    await world.until(MONDAY)
    page = await eva.command("")
    assert "if you would like to give one" in page.text
    piece = await eva.press(page, "Review one: Look at two drafts")
    assert "The words of Mia" in piece.text
    assert "your review is in" in (await write(eva, piece)).text
    assert ben
    assert mia


async def test_late_work_is_reviewed_by_whoever_still_reviews(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    eva = await world.learner("eva", "Eva")
    await world.until(MONDAY)
    for who in (mia, ben, cem):
        receipt = await write(who, await review(who))
        if "Review another one" in receipt.buttons:
            await write(who, await who.press(receipt, "Review another one"))
    await hand_in(eva, "The words of Eva")
    page = await mia.command("")
    assert "1 piece waits for a review" in page.text
    assert "The words of Eva" in (await mia.press(page, "Review one: Look at two drafts")).text


async def test_what_a_leaver_had_is_free_at_once_and_nobody_reviews_for_them(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    assert "The words of Mia" in (await review(ben)).text
    await leave(ben)
    piece = await review(cem)
    assert "The words of Mia" in piece.text
    assert "Review another one" not in (await write(cem, piece)).buttons, "Ben's work needs no review any more"
    assert mia


async def test_a_volunteer_without_work_is_asked_for_no_more(world: World) -> None:
    await cohort(world, "Mia", "Ben", "Cem")
    dia = await world.learner("dia", "Dia")
    await world.until(MONDAY)
    receipt = await write(dia, await review(dia, "Review one: Look at two drafts"))
    assert "Thank you, your review is in." in receipt.text
    assert "is asked of you" not in receipt.text
    assert "Review another one" in receipt.buttons


async def test_what_waits_for_its_author_comes_if_the_date_moves_into_the_past(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(TUESDAY)
    piece = await review(ben)
    assert "The words of Mia" in piece.text
    await write(ben, piece)
    await world.until("2026-01-14T09:30:00Z")
    assert not any(BEST in text for text in mia.inbox())
    change(world, REVIEWED.replace("Thu 20:00", "Tue 20:00"))
    await world.until("2026-01-15T12:00:00Z")
    assert BEST in mia.find("1 review of your work").text
