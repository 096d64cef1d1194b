"""What is asked of reviewers, and of whom, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_after_the_end import end, sure
from tests.features.test_erasure import forget
from tests.features.test_pods import formed, learners
from tests.features.test_reviews import (
    BEST,
    FRIDAY,
    MONDAY,
    REVIEWED,
    TUESDAY,
    cohort,
    hand_in,
    read,
    review,
    write,
)
from tests.features.test_weekcard import change
from tests.features.test_who_left import leave
from tests.kit import World, new_world

UNNAMED = REVIEWED.replace("reviews: 2\n", "reviews: 2\n    anonymous: yes\n")
TEAMS = REVIEWED.replace("late: accepted}", "late: accepted, pod: yes}").replace("title: The draft", "title: The map")
WEDNESDAY = "2026-01-14T09:30:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED, address="http://pages.example")
    yield made
    made.app.storage.close()


@pytest_asyncio.fixture
async def unnamed(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=UNNAMED, address="http://pages.example")
    yield made
    made.app.storage.close()


@pytest_asyncio.fixture
async def teams(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=f"{TEAMS}pods: {{size: 5}}\n")
    yield made
    made.app.storage.close()


def mentions(learner: Speaker, words: str) -> int:
    return sum(words in text for text in learner.inbox())


async def test_nobody_is_asked_for_what_is_not_there(world: World) -> None:
    (mia,) = await cohort(world, "Mia")
    await world.learner("ben", "Ben")
    await world.until(MONDAY)
    page = await mia.command("")
    assert "Review others' work" not in page.text
    await world.until(FRIDAY)
    assert "was due. A late review" not in (await mia.command("")).text
    assert mentions(mia, "Review others' work: “Look at two drafts”, due") <= 1, "the week card, before it opened"


async def test_whoever_could_do_nothing_is_asked_once_when_work_comes(world: World) -> None:
    (mia,) = await cohort(world, "Mia")
    ben = await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await world.until(TUESDAY)
    await hand_in(ben, "The words of Ben")
    page = await mia.command("")
    assert "Review others' work" in page.text
    await world.until("2026-01-16T18:00:00Z")
    assert mentions(mia, "there was nothing to review for you, and now there is") == 1
    assert "Review others' work" not in mia.find("and now there is").text, "it is said once"
    assert "The words of Ben" in (await review(mia)).text


async def test_a_share_is_what_there_is(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    receipt = await write(mia, await review(mia))
    assert "asked of you" not in receipt.text
    assert "Review others' work" not in (await mia.command("")).text
    await leave(mia)
    assert "Review others' work" not in (await ben.command("")).text, "nobody else's work is in"


async def test_editing_a_review_is_not_another_one(world: World) -> None:
    mia, _ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    receipt = await write(mia, await review(mia))
    await mia.press(receipt, "Edit")
    again = await mia.submit(values={"point_4f5742ef": "Better words", "point_4fc858b7": "More of them"})
    assert "1 more is asked of you." in again.text
    assert "Review others' work" in (await mia.command("")).text


async def test_a_piece_that_waits_for_consent_is_asked_of_nobody(unnamed: World) -> None:
    ines = unnamed.chat.person("ines")
    mia = await unnamed.learner("mia", "Mia")
    await hand_in(mia, "A page about tea")
    ben = await unnamed.learner("ben", "Ben")
    await ben.command("submit")
    assert not (await ben.submit(link="https://example.org/of-ben")).errors
    await unnamed.until(MONDAY)
    assert "Review others' work" not in (await mia.command("")).text
    assert "Review others' work" in (await ben.command("")).text, "Mia's can be had"
    page = await ines.command("")
    matrix = await ines.press(page, "Who reviews whom")
    assert "Ben: its author has not agreed yet that it is handed out" in matrix.text
    await unnamed.until(FRIDAY)
    desk = await ines.command("desk")
    assert "Its author has not agreed yet that it is handed out." in desk.text
    assert "Nobody is left who is asked" not in desk.text
    asked = await ben.press(await ben.command(""), "Hand it out")
    await ben.press(asked, "Hand it out as it is")
    assert "A late review is welcome" in (await mia.command("")).text
    await unnamed.until("2026-01-19T09:30:00Z")
    assert mentions(mia, "there was nothing to review for you, and now there is") == 1


async def test_nothing_is_promised_while_all_pieces_of_others_wait(unnamed: World) -> None:
    ines = unnamed.chat.person("ines")
    people = [await unnamed.learner(name.lower(), name) for name in ("Mia", "Ben", "Cem", "Dia")]
    mia, ben = people[:2]
    for who in people:
        await who.command("submit")
        assert not (await who.submit(link=f"https://example.org/of-{who.id}")).errors
    assert "you can begin" not in (await mia.command("")).text
    await unnamed.until(MONDAY)
    page = (await mia.command("")).text
    assert "Review others' work" not in page
    assert "waits for a review" not in page
    await ben.press(await ben.command(""), "Hand it out")
    await ben.press(ben.last(), "Not like this")
    await unnamed.until(FRIDAY)
    assert "Its author does not want it handed out" in (await ines.command("desk")).text
    matrix = await ines.press(await ines.command(""), "Who reviews whom")
    assert "Ben: its author does not want it handed out" in matrix.text
    assert "Mia: its author has not agreed yet" in matrix.text
    theirs = await ben.command("")
    assert "“Look at two drafts”: you did not want your work handed out, so the instructor reads it" in theirs.text
    await ben.press(theirs, "Hand it out as it is")
    assert "you did not want your work" not in (await ben.command("")).text
    page = (await mia.command("")).text
    assert "“Look at two drafts” was due" in page
    assert "of-ben" in (await review(mia)).text


async def test_nobody_is_asked_about_work_that_nobody_can_review_any_more(unnamed: World) -> None:
    mia, ben, cem = [await unnamed.learner(name.lower(), name) for name in ("Mia", "Ben", "Cem")]
    for who in (mia, ben):
        await who.command("submit")
        assert not (await who.submit(link=f"https://example.org/of-{who.id}")).errors
    await ben.press(ben.find("may show your name"), "Not like this")
    await unnamed.until("2026-01-22T18:00:00Z")
    assert "may show your name" in (await mia.command("")).text
    assert "you did not want your work handed out" in (await ben.command("")).text
    await unnamed.until("2026-01-22T19:30:00Z")
    assert "may show your name" not in (await mia.command("")).text
    assert "you did not want your work handed out" not in (await ben.command("")).text
    await cem.command("submit")
    assert not (await cem.submit(link="https://example.org/of-cem")).errors
    await unnamed.until("2026-01-26T12:00:00Z")
    assert not mentions(cem, "may show your name")


async def test_the_card_of_the_week_has_the_button_once_one_may_begin(world: World) -> None:
    change(world, REVIEWED.replace("opens: Mon 06:00 cohort", "opens: Wed 06:00 cohort"))
    mia, _ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    eve = await world.learner("eve", "Eve")
    await world.until(MONDAY)
    card = mia.find("Week 2: Two")
    assert "40 min · from Wed 14 Jan" in card.text
    assert "Review" not in card.buttons
    dia = await world.learner("dia", "Dia")
    await hand_in(dia, "The words of Dia")
    await world.wait(minutes=5)
    for who in (mia, cem):
        card = who.find("Week 2: Two")
        assert "40 min · to review" in card.text
        assert "The words of" in (await who.press(card, "Review")).text
    card = eve.find("Week 2: Two")
    assert "from Wed 14 Jan" in card.text, "nothing of hers is in"
    assert "Review" not in card.buttons


async def test_a_question_about_consent_stands_on_the_week_card_while_it_waits(unnamed: World) -> None:
    ben = await unnamed.learner("ben", "Ben")
    await ben.command("submit")
    assert not (await ben.submit(link="https://example.org/of-ben")).errors
    await unnamed.until(MONDAY)
    card = ben.find("Week 2: Two")
    assert "may show your name" in card.text
    await ben.press(card, "Hand it out as it is")
    assert "may show your name" not in ben.find("Week 2: Two").text


async def test_the_desk_says_truly_why_work_has_no_review(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.until(FRIDAY)
    desk = await ines.command("desk")
    assert "Work without a peer review: 2 new" in desk.text
    assert desk.text.count("Others may still review it, late.") == 2
    assert mia


async def team(world: World) -> tuple[list[Speaker], list[Speaker]]:
    """A pod of four that handed in, and two others, each with their own work; it is Monday of the second week."""
    pod = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    others = await learners(world, "Dan", "Eva")
    for who in (pod[0], *others):
        await hand_in(who, f"The map of {who.id}")
        await world.wait(minutes=5)
    await world.until(MONDAY)
    return pod, others


async def test_the_work_of_a_pod_is_one_piece_and_all_of_them_read_its_reviews(teams: World) -> None:
    ines = teams.chat.person("ines")
    (mia, ben, ada, cleo), (dan, _eva) = await team(teams)
    assert "0 of 3 pieces have a review" in (await ines.command("")).text
    first = await review(dan)
    assert "The map of mia" in first.text
    assert "Mia, Ben, Ada and Cleo" in first.text or "Ada, Ben, Cleo and Mia" in first.text
    assert "The map of mia" not in (await review(ben)).text
    receipt = await write(dan, first, best="Dan likes the legend")
    assert "The map of eva" in (await dan.press(receipt, "Review another one")).text, "the pod's is there once"
    await teams.until(FRIDAY)
    for who in (mia, ben, ada, cleo):
        assert "Dan likes the legend" in who.find("of your work").text
        assert mentions(who, "Dan likes the legend") == 1
    page = await read(ben)
    await ben.press(page, "Was review 1 useful?")
    assert not (await ben.submit(values={"useful": "very", "reply": "Ben thanks you"})).errors
    again = await read(ada)
    assert "Ben thanks you" in again.text, "one answer for all"
    await teams.until("2026-01-17T09:30:00Z")
    assert "Ben thanks you" in dan.find("Ben answers your review").text
    await forget(teams, "ben")
    assert "Ben thanks you" not in (await read(ada)).text


async def test_a_pods_work_is_reviewed_on_when_one_of_them_leaves(teams: World) -> None:
    (mia, ben, ada, cleo), (dan, _eva) = await team(teams)
    piece = await review(dan)
    assert "The map of mia" in piece.text
    await dan.press(piece, "Write the review")
    await leave(mia)
    done = await dan.submit(values={"point_4f5742ef": BEST, "point_4fc858b7": "Nothing"})
    assert "your review is in" in done.text
    await teams.until(FRIDAY)
    for who in (ben, ada, cleo):
        assert BEST in who.find("of your work").text


async def test_nobody_reviews_what_those_made_who_are_in_their_pod_now(teams: World) -> None:
    """Two pods handed in, and are one since: neither's people review the other's piece, and nobody is asked for it."""
    near = await learners(teams, "Ann", "Bob", "Cat", "Dov")
    far = [await teams.learner(name.lower(), name, "Asia/Tokyo") for name in ("Eve", "Fay", "Gus", "Hal")]
    for person in (*near, *far):
        await person.press(person.find("Welcome to"), "I'd like a pod")
    await teams.until("2026-01-07T11:01:00Z")
    for person in (near[0], far[0]):
        await hand_in(person, f"The map of {person.id}")
    await teams.until(MONDAY)
    begun = await review(near[1])
    assert "The map of eve" in begun.text
    for person in far[2:]:
        page = await person.press(await person.command(""), "My pod")
        await person.press(await person.press(page, "Leave the pod"), "Leave the pod")
    await teams.settle()
    assert "You are in the pod now" in (await near[1].press(begun, "Write the review")).text
    for person in (*near, *far[:2]):
        assert "nothing to review" in (await review(person)).text
        assert "Review others' work" not in (await person.command("")).text
    assert "The map of" in (await review(far[2])).text, "whoever left is asked on"
    await teams.until(WEDNESDAY)
    assert near[1].find("is not there any more, so you need not finish it")
    (dan,) = await learners(teams, "Dan")
    await hand_in(dan, "The map of dan")
    await teams.settle()
    assert "The map of dan" in (await review(near[2])).text


async def test_what_was_taken_back_with_a_reason_counts_nowhere(world: World) -> None:
    ines = world.chat.person("ines")
    _mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    matrix = await ines.press(await ines.command(""), "Who reviews whom")
    opened = await ines.press(await ines.press(matrix, "Mia"), "Open: Ben")
    await ines.press(opened, "Take it back")
    await ines.submit(values={"why": "It was about something else"})
    assert "You have given" not in (await ben.command("")).text
    assert "Review others' work" not in (await ben.command("")).text, "there is nothing else that he could review"
    assert "0 of 2 pieces have a review" in (await ines.command("")).text
    await world.until(WEDNESDAY)
    heard = ben.find("took back your review").text
    assert "Nothing more is asked of you now." in heard
    assert " due " not in ben.find("nothing to review yet").text


ASKED = REVIEWED.replace("weekly_minutes: 300}", "weekly_minutes: 300, completion: {reviews: all}}")


@pytest_asyncio.fixture
async def asked(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=ASKED, address="http://pages.example")
    yield made
    made.app.storage.close()


async def test_late_reviews_are_taken_after_the_end_for_as_long_as_was_said(asked: World) -> None:
    mia, ben = await cohort(asked, "Mia", "Ben")
    await asked.until("2026-01-19T09:30:00Z")
    held = await review(mia)
    preview = await sure(asked)
    assert "Promised, and still taken after the end" in preview.text
    assert "taken until Thu 22 Jan, 20:00" in preview.text
    await end(asked)
    await asked.until("2026-01-20T09:30:00Z")
    assert "a late review counts until Thu 22 Jan, 20:00" in ben.find("is over").text
    await write(mia, held)
    receipt = await write(ben, await review(ben))
    assert "It is marked late." in receipt.text
    assert ben.find("You have completed")
    await asked.until("2026-01-21T09:30:00Z")
    assert BEST in ben.find("1 review of your work").text


async def test_after_that_nobody_is_told_that_a_review_may_still_come(asked: World) -> None:
    mia, _ben = await cohort(asked, "Mia", "Ben")
    await asked.until("2026-01-19T09:30:00Z")
    await end(asked)
    await asked.until("2026-01-22T20:30:00Z")
    card = mia.find("is over")
    assert "still taken" not in card.text
    assert "Review" not in card.buttons
    assert "late review" not in (await mia.command("")).text


async def test_late_work_after_the_due_date_is_asked_about_once(asked: World) -> None:
    (mia,) = await cohort(asked, "Mia")
    ben = await asked.learner("ben", "Ben")
    await asked.until("2026-01-19T09:30:00Z")
    await hand_in(ben, "The words of Ben")
    await asked.until("2026-01-20T09:30:00Z")
    came = mia.find("and now there is")
    assert "Due Thu 15 Jan, 20:00; a late review is taken until Thu 22 Jan, 20:00." in came.text
    assert "Completing the course asks for it." in came.text
    progress = await mia.press(await mia.command(""), "My progress")
    assert "Review others' work: “Look at two" in progress.text
    await asked.until("2026-01-22T20:30:00Z")
    assert mentions(mia, "and now there is") == 1
    assert "waits for a review" not in (await mia.command("")).text
    refused = await mia.press(came, "Review")
    assert "The time for reviews of “Look at two drafts” is over." in refused.text


async def test_what_comes_shortly_before_the_date_is_told_truly_after_it(asked: World) -> None:
    (mia,) = await cohort(asked, "Mia")
    ben = await asked.learner("ben", "Ben")
    await asked.until("2026-01-15T18:30:00Z")
    await hand_in(ben, "The words of Ben")
    await asked.until("2026-01-16T09:30:00Z")
    came = mia.find("and now there is").text
    assert "It is due" not in came
    assert "Due Thu 15 Jan, 20:00; a late review is taken until Thu 22 Jan, 20:00." in came
    assert "Completing the course asks for it." in came


async def test_nobody_is_asked_for_work_that_comes_too_late_to_be_reviewed(asked: World) -> None:
    (mia,) = await cohort(asked, "Mia")
    ben = await asked.learner("ben", "Ben")
    await asked.until("2026-01-23T09:30:00Z")
    await hand_in(ben, "The words of Ben")
    assert "0 of 1 peer review" not in (await mia.command("")).text
