"""What reaches authors and reviewers, and when, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_after_the_end import end
from tests.features.test_conflicts import Tabs
from tests.features.test_erasure import forget
from tests.features.test_reviews import (
    BEST,
    FIRST,
    FRIDAY,
    MONDAY,
    REVIEWED,
    TUESDAY,
    cohort,
    read,
    review,
    told,
    write,
)
from tests.features.test_weekcard import change
from tests.features.test_who_left import leave
from tests.features.test_whole_forms import form_of
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED, address="http://pages.example")
    yield made
    made.app.storage.close()


async def test_what_waits_comes_after_a_downtime_over_the_date(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.until("2026-01-15T12:00:00Z")
    await world.jump("2026-01-16T12:00:00Z")
    await world.until("2026-01-19T09:30:00Z")
    assert [BEST in text for text in mia.inbox()].count(True) == 1


async def test_what_waits_comes_if_the_bot_was_down_until_long_after_the_date(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.jump("2026-01-21T12:00:00Z")
    await world.until("2026-01-24T09:30:00Z")
    assert [BEST in text for text in mia.inbox()].count(True) == 1


async def test_what_was_written_comes_if_the_review_is_not_in_the_course_any_more(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    change(world, REVIEWED[: REVIEWED.index("reviews:")])
    await world.until("2026-01-13T12:00:00Z")
    came = mia.find("1 review of your work")
    assert BEST in came.text
    assert BEST in (await read(mia)).text


async def test_whoever_has_a_piece_hears_that_its_review_left_the_course(world: World) -> None:
    _mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await ben.press(await review(ben), "Write the review")
    change(world, REVIEWED[: REVIEWED.index("reviews:")])
    done = await ben.submit(point_4f5742ef=BEST, point_4fc858b7=FIRST)
    assert "not in the course any more" in str(done.errors)
    assert ben.form is not None
    assert [f.value for f in ben.form.fields] == [BEST, FIRST], "to be copied"
    await world.until("2026-01-16T12:00:00Z")
    said = [text for text in ben.inbox() if "so you need not finish it" in text]
    assert len(said) == 1
    assert "Another one" not in said[0]
    assert "Review" not in ben.find("so you need not finish it").buttons


async def test_whoever_has_a_piece_that_was_taken_back_hears_of_another_one_only_if_there_is(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    assert "The words of Mia" in (await review(ben)).text
    await leave(mia)
    await world.until(TUESDAY)
    said = ben.find("so you need not finish it")
    assert "Another one waits." in said.text
    assert "The words of Cem" in (await ben.press(said, "Review")).text
    await leave(cem)
    await world.until("2026-01-14T12:00:00Z")
    assert "Another one" not in [text for text in ben.inbox() if "so you need not finish it" in text][-1]


async def test_what_was_written_comes_when_the_cohort_ends(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await end(world)
    await world.until("2026-01-15T09:30:00Z")
    came = mia.find("1 review of your work")
    assert BEST in came.text
    assert BEST in (await read(mia)).text


async def test_a_message_fills_the_form_of_a_review_after_the_end_too(world: World) -> None:
    _mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await review(ben)
    await end(world)
    label = "Look it over: Look at two drafts"
    card, there = await form_of(ben, f"What works best: {BEST}\nWhat would you change first: The end", label)
    assert there == {"point_4f5742ef": BEST, "point_4fc858b7": "The end"}
    assert "your review is in" in (await ben.submit(values=there)).text
    assert card


async def test_a_review_is_feedback_on_ones_work(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    assert "1 piece of work handed in, no feedback yet." in (await mia.command("")).text
    await world.until(MONDAY)
    await write(ben, await review(ben))
    assert "no feedback yet" in (await mia.command("")).text, "it is told once the others are in"
    await world.until(FRIDAY)
    page = (await mia.command("")).text
    assert "Read 1 review of your work" in page
    assert "1 piece of work handed in, 1 with feedback." in page


async def test_what_was_taken_back_stands_nowhere_any_more(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, _cem = await told(world, "Mia", "Ben", "Cem")
    first = await read(mia)
    page = await read(mia, where=first if "Read them" in first.buttons else None)
    assert sum("ben likes it" in text for text in mia.inbox()) == 2, "in the message, and in what she opened last"
    number = page.text[: page.text.index("ben likes it")].rpartition("Review ")[2][0]
    await mia.press(page, f"Was review {number} useful?")
    await mia.submit(values={"useful": "hurtful", "reply": "This is about me"})
    await ben.command("")
    await read(ben, "My reviews", await ben.command(""))
    await ines.press(await ines.command("desk"), "Take it back (1)")
    await ines.submit(values={"why": "It speaks about Mia"})
    assert not any("ben likes it" in seen.text for seen in mia.sees())
    assert "cem likes it" in mia.find("cem likes it").text, "the other one stays"
    assert "The course team took it back: It speaks about Mia" in ben.find("My reviews").text
    await forget(world, "Mia")
    assert not any("This is about me" in text for text in ben.inbox())


async def test_reviews_that_come_in_the_same_hour_are_one_message(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=REVIEWED.replace("reviews: 2", "reviews: 1"))
    people = await cohort(world, "Mia", "Ben")
    others = [await world.learner(name.lower(), name) for name in ("Cem", "Dia", "Eve", "Fay")]
    mia, ben = people
    await world.until(MONDAY)
    for who in (ben, *others[:2]):
        await write(who, await review(who), best=f"{who.id} likes it")
    await world.until(TUESDAY)
    came = [text for text in mia.inbox() if "of your work" in text]
    assert len(came) == 1
    assert "2 reviews of your work" in came[0]
    assert "Review 1, by Ben" in came[0]
    assert "Review 2, by Dia" in came[0]
    for who in others[2:]:
        await write(who, await review(who), best=f"{who.id} likes it")
    await world.until("2026-01-14T09:30:00Z")
    assert "Review 3, by Fay" in mia.find("1 review of your work").text
    assert "Review 3, by Fay" in (await read(mia)).text
    world.app.storage.close()


async def test_a_second_answer_from_an_older_tab_is_not_lost_without_a_word(world: World) -> None:
    mia, ben, _cem = await told(world, "Mia", "Ben", "Cem")
    page = await read(mia)
    tabs = Tabs(world, mia)
    await mia.press(page, "Was review 1 useful?")
    older = mia.form
    assert older is not None
    await mia.press(page, "Was review 1 useful?")
    assert mia.form is not None
    assert not (await tabs.send(mia.form, useful="very", reply="The first answer")).problems
    refused = await tabs.send(older, useful="very", reply="The second answer")
    assert "The first answer" in refused.problems["reply"]
    assert refused.form is not None
    kept = {f.name: f.value for f in refused.form.fields}
    assert kept["reply"] == "The second answer", "the text is kept"
    assert not (await tabs.send(refused.form, useful="very", reply="")).problems
    await world.until("2026-01-14T09:30:00Z")
    assert not any("The second answer" in text for text in ben.inbox())


async def test_a_reviewer_in_the_middle_hears_that_the_author_is_gone(world: World) -> None:
    mia, ben, cem, _dia = await cohort(world, "Mia", "Ben", "Cem", "Dia")
    await world.until(MONDAY)
    piece = await review(ben)
    assert "The words of Mia" in piece.text
    await ben.press(piece, "Write the review")
    await leave(mia)
    page = await ben.command("")
    assert "is kept for you" not in page.text
    gone = await ben.submit(values={"point_4f5742ef": BEST, "point_4fc858b7": FIRST})
    assert "not there any more" in gone.errors[""]
    assert ben.form is not None
    assert BEST in {f.value for f in ben.form.fields}, "the words are given back"
    await world.until(TUESDAY)
    came = ben.find("The piece that you had for “Look at two drafts”")
    assert "Mia" not in came.text
    assert "The words of Cem" in (await ben.press(came, "Review")).text
    assert cem


async def test_a_review_is_taken_if_its_time_ran_out_while_the_form_was_open(world: World) -> None:
    mia, ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await ben.press(await review(ben), "Write the review")
    await world.wait(hours=49)
    assert "The words of Mia" in (await review(cem)).text, "it is free for others"
    done = await ben.submit(values={"point_4f5742ef": BEST, "point_4fc858b7": FIRST})
    assert "your review is in" in done.text
    await world.until(FRIDAY)
    assert BEST in mia.find("of your work").text


async def test_the_form_the_receipt_and_one_s_own_words_say_who_reads_work(world: World) -> None:
    (mia,) = [await world.learner("mia", "Mia")]
    await mia.command("submit")
    assert mia.form is not None
    named = "Your instructors see it, and some others on the course, with your name."
    assert named in mia.form.intro
    assert not any("instructors" in field.hint for field in mia.form.fields)
    await mia.submit(text="A page about tea")
    assert named in mia.find("Thank you, Mia.").text


async def test_a_form_that_was_open_when_the_setting_changed_says_so(world: World) -> None:
    change(world, REVIEWED[: REVIEWED.index("reviews:")])
    mia = await world.learner("mia", "Mia")
    await mia.command("submit")
    assert mia.form is not None
    assert "others on the course" not in mia.form.intro
    change(world, REVIEWED.replace("reviews: 2\n", "reviews: 2\n    anonymous: yes\n"))
    refused = await mia.submit(text="A page about tea")
    unnamed = "Your instructors see it, and some others on the course, without your name."
    assert unnamed in refused.errors[""]
    await mia.submit(text="A page about tea")
    receipt = mia.find("Thank you, Mia.")
    assert unnamed in receipt.text
    change(world, REVIEWED)
    await world.settle()
    assert "with your name." in mia.find("Thank you, Mia.").text, "the receipt follows, too"


async def test_an_author_who_left_over_the_date_and_is_back_hears_of_it(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await leave(mia)
    await world.until(FRIDAY)
    await mia.command("join", world.join_code)
    await world.until("2026-01-19T12:00:00Z")
    assert [BEST in text for text in mia.inbox()].count(True) == 1


async def test_a_hurtful_review_is_a_line_of_each_desk_until_it_is_dealt_with(world: World) -> None:
    """A useless one that is new comes below it."""
    ines = world.chat.person("ines")
    mia, ben, _cem = await told(world, "Mia", "Ben", "Cem")
    await mia.press(await read(mia), "Was review 1 useful?")
    await mia.submit(values={"useful": "hurtful"})
    await world.until("2026-01-14T20:00:00Z")
    assert "The author found it hurtful" in next(text for text in reversed(ines.inbox()) if "look at" in text)
    await mia.press(await read(mia), "Was review 2 useful?")
    await mia.submit(values={"useful": "not"})
    await world.until("2026-01-15T20:00:00Z")
    desk = next(text for text in reversed(ines.inbox()) if "look at" in text)
    assert "still open since Wed 14 Jan" in desk or "still open since Tue 13 Jan" in desk
    assert desk.index("found it hurtful") < desk.index("found it not useful")
    asked = await ines.command("desk")
    await ines.press(asked, "Seen (1)")
    await ben.command("ask")
    await ben.submit(text="How long may it be?", instructors_only="yes")
    await world.until("2026-01-16T20:00:00Z")
    assert "hurtful" not in ines.inbox()[-1], "it was looked at, and may stay"


async def test_whoever_was_hurt_hears_once_that_it_was_taken_back_and_sees_it_where_it_stood(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, _cem = await told(world, "Mia", "Ben", "Cem")
    page = await read(mia)
    number = page.text[: page.text.index("ben likes it")].rpartition("Review ")[2][0]
    await mia.press(page, f"Was review {number} useful?")
    await mia.submit(values={"useful": "hurtful", "reply": "This is about me"})
    before = len(mia.inbox())
    await ines.press(await ines.command("desk"), "Take it back (1)")
    await ines.submit(values={"why": "It is unkind"})
    gone = f"Review {number} was taken back by the course team."
    assert gone in mia.find("of your work, “").text
    page = await read(mia)
    assert gone in page.text
    assert "This is about me" in page.text, "her own answer stays"
    assert f"Was review {number} useful?" not in page.buttons
    assert "ben likes it" not in page.text
    await world.until("2026-01-25T20:00:00Z")
    closed = f"the course team has taken back review {number}"
    (heard,) = [text for text in mia.inbox()[before:] if closed in text]
    assert "Week 3" in heard or "wrap" in heard.lower(), "it comes with the card that comes anyway"
    assert not [text for text in ben.inbox() if closed in text]


async def test_a_review_that_was_taken_back_before_it_came_is_never_heard_of(world: World) -> None:
    ines = world.chat.person("ines")
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    matrix = await ines.press(await ines.command(""), "Who reviews whom")
    whose = next(label for label in matrix.buttons if label in ("Mia", "Cem"))
    opened = await ines.press(await ines.press(matrix, whose), "Open: Ben")
    await ines.press(opened, "Take it back")
    await ines.submit(values={"why": "It is unkind"})
    await world.until(FRIDAY)
    for person in (mia, _cem):
        assert not any("taken back by the course team" in text for text in person.inbox())
