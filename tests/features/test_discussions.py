"""Discussions, as conversations."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Seen, Speaker
from bot.core.facts import CohortPlanned
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.stores.discussions import SqlDiscussions
from storage.tables.discussions import DiscussionPostRow
from storage.tables.people import change_cohort
from tests.features.test_erasure import forget
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

EVE = "2026-01-04T08:00:00Z"
MONDAY = "2026-01-05T08:30:00Z"
WEDNESDAY = "2026-01-07T12:00:00Z"
CLOSED = "2026-01-10T17:30:00Z"
"""Half an hour after the close by the cohort's clock."""

TALK = (
    COURSE
    + """\
discussions:
  - {id: bags, week: 1, title: Bags or leaves, question: "Are bags tea?", opens: Mon 09:00, closes: Sat 18:00 cohort,
     minutes: 20}
"""
)
CLAIM = {"f0": "Bags are tea.", "f1": "A blind tasting of 40 people found no difference.", "f2": "Who can taste it?"}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=TALK)
    yield made
    made.app.storage.close()


async def beginning(world: World, *names: str, until: str = MONDAY) -> list[Speaker]:
    """Learners on the first Monday, half an hour after the discussion opened."""
    learners = [await world.learner(name.lower(), name) for name in names]
    await world.until(until)
    return learners


def root(speaker: Speaker) -> Seen:
    return next(m for m in speaker.sees("general") if m.text.startswith("Bags or leaves"))


def thread(speaker: Speaker) -> list[str]:
    return [m.text for m in speaker.thread(root(speaker).id)]


async def post(speaker: Speaker, quote: str = "", **values: str) -> Result:
    await speaker.press(root(speaker), "Post")
    return await fill(speaker, {**CLAIM, "quote": quote, **values})


async def fill(speaker: Speaker, values: Mapping[str, str]) -> Result:
    """Submits the open form: 'f0' is its first field."""
    assert speaker.form is not None
    names = {f"f{n}": field.name for n, field in enumerate(speaker.form.fields)}
    return await speaker.submit({names.get(name, name): text for name, text in values.items()})


async def read(speaker: Speaker) -> Result:
    return await speaker.press(root(speaker), "Read the others")


async def forge(world: World, speaker: Speaker, name: str, subject: str) -> str:
    """The answer to a press on a button that the person does not see."""
    return await forge_in(world, speaker, "discussions", name, subject)


def course_is(world: World, text: str) -> None:
    """The cohort's course is another one now."""

    def work(turn: Turn[SqlDiscussions]) -> None:
        change_cohort(turn.store._session, world.cohort.id, course_text=text)
        turn.happened(CohortPlanned(world.cohort.id))

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "discussions", world.clock.now(), work))


async def test_others_are_read_after_ones_own_post_and_the_thread_follows_at_the_close(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    assert "Are bags tea?" in root(mia).text
    assert "Evidence: What speaks for it" in root(mia).text
    await post(ben, f0="Bags are dust.")
    before = await read(mia)
    assert "Post first" in before.text
    assert "dust" not in before.text
    said = await post(mia)
    assert "Bags or leaves” has your post" in said.text
    assert "Next: reply to 1 post." in said.text
    after = await read(mia)
    assert "Ben" in after.text
    assert "Bags are dust." in after.text
    assert "Nobody has answered yet." in after.text
    assert thread(mia) == []
    await world.until(CLOSED)
    assert [t.partition("\n")[0] for t in thread(mia)] == ["Ben", "Mia", "Bags or leaves, in short"]
    assert "Closed: 2 of 2 posted." in root(mia).text
    assert thread(mia)[-1].rstrip().endswith("Closed: 2 of 2 posted.")


async def test_posts_and_replies_show_the_name_that_people_have_now(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben, f0="Bags are dust.")
    await world.chat.person("mia", "Maria").command("")
    assert "Maria" in (await read(ben)).text
    await world.until(CLOSED)
    assert [t.partition("\n")[0] for t in thread(ben)][:2] == ["Maria", "Ben"]
    await world.chat.person("ben", "Benno").command("")
    await world.wait(minutes=1)
    assert [t.partition("\n")[0] for t in thread(mia)][:2] == ["Maria", "Benno"]


async def test_a_receipt_says_who_reads_it_and_the_post_is_edited_until_the_close(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    receipt = mia.find("Thank you, Mia.")
    assert "Bags are tea." in receipt.text
    assert "The others read it once they have posted, your instructors at once" in receipt.text
    assert "Edit until Sat 10 Jan, 18:00" in receipt.text
    await world.wait(hours=1)
    await mia.press(receipt, "Edit")
    assert mia.form is not None
    assert [f.value for f in mia.form.fields] == [*CLAIM.values(), ""]
    await fill(mia, {**CLAIM, "f0": "Bags are not tea."})
    assert "Bags are not tea." in mia.find("Thank you, Mia.").text
    assert "Edited" in mia.find("Thank you, Mia.").text
    await post(ben)
    assert "Bags are not tea." in (await read(ben)).text
    await world.until(CLOSED)
    late = await mia.press(mia.find("Thank you, Mia."), "Edit")
    assert "closed Sat 10 Jan, 18:00, so posts stand as they are" in late.text


async def test_the_author_hears_of_replies_once_a_day_and_the_card_follows(world: World) -> None:
    mia, ben, cleo = await beginning(world, "Mia", "Ben", "Cleo")
    for learner in (mia, ben, cleo):
        await post(learner, f0=f"{learner.id} says so.")
    assert "Reply to 1 post in “Bags or leaves”" in (await mia.command("")).text
    for learner, found in [(learner, await read(learner)) for learner in (ben, cleo)]:
        assert found.text.index("mia says so.") < found.text.index("Nobody has answered yet.")
        await learner.press(found, "Reply")
        said = await learner.submit(text=f"{learner.id} asks how you know.")
        assert "Mia hears of it." in said.text
    assert all("asks how you know" not in m.text for m in mia.sees())
    await world.until("2026-01-06T08:30:00Z")
    heard = [m.text for m in mia.sees() if "asks how you know" in m.text]
    assert len(heard) == 1
    assert "Ben replied in Bags or leaves:" in heard[0]
    assert "Cleo replied in Bags or leaves:" in heard[0]
    assert "Reply to 1 post" in (await mia.command("")).text
    assert "Reply to 1 post" not in (await ben.command("")).text
    assert "You posted in Bags or leaves." in (await ben.command("")).text
    assert "Feedback: 2 replies" in (await mia.press(await mia.command(""), "My progress")).text
    assert "Feedback" not in (await ben.press(await ben.command(""), "My progress")).text


async def test_whoever_nobody_has_answered_is_offered_first_to_everybody(world: World) -> None:
    mia, ben, cleo = await beginning(world, "Mia", "Ben", "Cleo")
    for learner in (mia, ben, cleo):
        await post(learner, f0=f"{learner.id} says so.")
    await cleo.press(await read(cleo), "Reply")
    await cleo.submit(text="How do you know?")
    ines = world.chat.person("ines")
    shown = (await read(ines)).text
    assert shown.index("ben says so.") < shown.index("cleo says so.") < shown.index("mia says so.")


async def test_a_late_post_is_taken_marked_and_joins_the_thread(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(ben)
    await world.until(CLOSED)
    await mia.press(root(mia), "Post")
    assert mia.form is not None
    assert "It has closed. Your post is welcome still, and marked late." in mia.form.intro
    await fill(mia, CLAIM)
    assert any(t.startswith("Mia (late)") for t in thread(ben))
    assert "Closed: 2 of 2 posted." in root(ben).text
    assert "marked late" in mia.find("Thank you, Mia.").text
    await mia.press(mia.find("Thank you, Mia."), "Edit")
    await fill(mia, {**CLAIM, "f0": "Better late."})
    assert any("Better late." in t for t in thread(ben))


async def test_what_is_taken_back_goes_everywhere(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia, "yes", f0="A word too much.")
    await post(ben)
    await ben.press(await read(ben), "Reply")
    await ben.submit(text="A reply too much.")
    await world.until(CLOSED)
    assert any("A reply too much." in m.text for m in mia.sees())
    assert any("A reply too much." in t for t in thread(mia))
    mine = await ben.press(ben.find("Thank you, Ben."), "My part")
    assert "To Mia:" in mine.text
    await ben.press(mine, "Edit")
    await ben.submit(text="A kinder reply.")
    assert any("A kinder reply." in t for t in thread(mia))
    assert any("A kinder reply." in m.text for m in mia.sees())
    mine = await ben.press(ben.find("Thank you, Ben."), "My part")
    await ben.press(mine, "Take it back")
    assert not any("reply." in t for t in (*thread(mia), *(m.text for m in mia.sees())) if "kinder" in t)
    await mia.press(await mia.press(mia.find("Thank you, Mia."), "Take it back"), "Yes, take it back")
    everywhere = [m.text for s in (mia, ben) for m in (*s.sees(), *s.sees("general")) if not m.to]
    everywhere += thread(ben)
    assert not [t for t in everywhere if "A word too much." in t]
    assert "You took your post back" in mia.find("You took your post back").text


async def test_the_summary_quotes_those_who_agreed(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia, "yes", f0="Quote me.")
    await post(ben, f0="Do not quote me.")
    await mia.say("general", "I had not thought of that.", root(mia).id)
    await world.until(CLOSED)
    summary = thread(ben)[-1]
    assert "Quote me." in summary
    assert "Do not quote me." not in summary
    assert "1 message in the thread." in summary


async def test_a_discussion_in_which_nobody_wrote_has_no_summary(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await world.until(CLOSED)
    assert "Closed: 0 of 2 posted." in root(mia).text
    assert thread(mia) == []
    await post(ben)
    assert "Closed: 1 of 2 posted." in thread(mia)[-1]
    sure = await ben.press(ben.find("Thank you, Ben."), "Take it back")
    await ben.press(sure, "Yes, take it back")
    assert len(thread(mia)) == 1
    assert "Closed: 0 of 2 posted." in thread(mia)[-1]


async def test_a_summary_counts_those_who_only_talked(world: World) -> None:
    mia, __ = await beginning(world, "Mia", "Ben")
    await mia.say("general", "Tea is tea.", root(mia).id)
    await world.until(CLOSED)
    assert "1 message in the thread." in thread(mia)[-1]


async def test_the_desk_has_what_nobody_answered_and_claims_without_evidence(world: World) -> None:
    mia, ben, cleo = await beginning(world, "Mia", "Ben", "Cleo")
    await post(mia, f1="Trust me.")
    await post(ben, f2="Who has tried white tea?")
    await post(cleo)
    await ben.press(await read(ben), "Reply")
    await ben.submit(text="No.")
    await world.until("2026-01-12T08:30:00Z")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    desk = (await ines.command("desk")).text
    assert "Discussions: 3 new" in desk
    assert "Mia, Bags or leaves" in desk
    assert "its claim has no evidence yet" in desk
    assert "Who has tried white tea?" in desk
    assert "tried white tea" not in (await omar.command("desk")).text
    said = await ines.press(await ines.command("desk"), "Make it a question (2)")
    assert "It is a question of the queue now" in said.text
    assert any("Who has tried white tea?" in m.text for m in ben.sees("questions"))


async def test_what_the_desk_finds_among_many_posts_is_one_line(world: World) -> None:
    people = await crowd(world, 14)
    for n, learner in enumerate(people):
        await post(
            learner, f0=f"{learner.id} says so.", f1="Trust me." if n else CLAIM["f1"], f2=f"What of number {n}?"
        )
    await world.until("2026-01-12T08:30:00Z")
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert "Discussions: 1 new" in desk.text
    line = "Bags or leaves: 14 questions without an answer, 13 claims without evidence, 14 posts without an answer"
    assert line in desk.text
    assert "“Learner 1: What of number 1?”" in desk.text
    assert "and 9 more" in desk.text
    assert "about 10 min" in desk.text
    assert " h more" not in desk.text
    page = await ines.press(desk, "All 14")
    assert page.text.count("it asks a question") == 5
    following = await ines.press(page, "9 more")
    assert "What of number 6?" in following.text
    said = await ines.press(page, "Make it a question")
    assert "It is a question of the queue now" in said.text
    assert "13 questions without an answer" in (await ines.command("desk")).text
    await ines.press(await ines.command("desk"), "Seen (2)")
    assert "without an answer" not in (await ines.command("desk")).text


async def test_at_the_close_and_at_once(tmp_path: Path) -> None:
    for reveal in ("close", "open"):
        folder = tmp_path / reveal
        folder.mkdir()
        world = new_world(folder, now=EVE, course=TALK.replace("minutes: 20}", f"minutes: 20, reveal: {reveal}}}"))
        mia, ben = await beginning(world, "Mia", "Ben")
        await post(mia)
        await post(ben)
        found = await read(ben)
        if reveal == "close":
            assert "All posts can be read from Sat 10 Jan, 18:00 on" in found.text
            assert thread(ben) == []
        else:
            assert "Bags are tea." in found.text
            assert [t.partition("\n")[0] for t in thread(ben)] == ["Mia", "Ben"]
        await world.until(CLOSED)
        assert len(thread(ben)) == 3
        world.app.storage.close()


# Groups


ZONES = ("Asia/Tokyo", "America/Los_Angeles")


async def crowd(world: World, number: int) -> list[Speaker]:
    """Learners of two zones far apart, in turns, on the first Monday."""
    people = [await world.learner(f"l{n}", f"Learner {n}", ZONES[n % 2]) for n in range(number)]
    await world.until("2026-01-05T18:30:00Z")
    return people


async def test_sixteen_people_read_one_another_in_groups_of_near_zones(world: World) -> None:
    people = await crowd(world, 16)
    assert "Post first: then you read what the others of your group wrote." in root(people[0]).text
    for learner in people:
        await post(learner, f0=f"{learner.id} of {learner.id} says so.")
    near, far = (await read(people[0])).text, (await read(people[1])).text
    assert "3 more posts" in near
    assert "l2 of l2" in near
    assert "l1 of l1" not in near
    assert "l3 of l3" in far
    cleo = await world.learner("cleo", "Cleo")
    await post(cleo)
    assert "l1 of l1" in (await read(cleo)).text
    assert "4 more posts" in (await read(people[1])).text
    await world.until(CLOSED)
    assert "12 more posts" in (await read(people[1])).text
    assert len(thread(cleo)) == 18


async def test_fifteen_people_stay_together(world: World) -> None:
    people = await crowd(world, 15)
    assert "Post first: then you read what the others wrote." in root(people[0]).text
    await post(people[1])
    await post(people[0])
    assert "Learner 1" in (await read(people[0])).text


async def test_two_hundred_people_read_a_few_and_the_desk_stays_short(world: World) -> None:
    people = await crowd(world, 200)
    for learner in people:
        await post(learner, f0=f"{learner.id} of {learner.id} says so.")
    sizes = [int(found[1]) for one in people[::9] if (found := re.search(r"(\d+) more posts", (await read(one)).text))]
    assert len(sizes) == len(people[::9])
    assert all(8 <= 1 + 4 + more <= 12 for more in sizes), "oneself, the four on the first page, and more"
    await world.until(CLOSED)
    assert len({word for text in thread(people[0]) for word in re.findall(r"l\d+ of l\d+", text)}) == 200
    assert "200 of 200 posted" in root(people[0]).text
    desk = (await world.chat.person("ines").command("desk")).text
    assert len(desk) < 3000, desk


async def test_everybody_answers_the_same_person(world: World) -> None:
    people = await beginning(world, "Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida")
    for learner in people:
        await post(learner)
    pages = [(learner, await read(learner)) for learner in people[1:]]
    for learner, page in pages:
        await learner.press(page, "Reply")
        await learner.submit(text=f"{learner.id} asks why.")
    author = people[0]
    await world.until("2026-01-06T08:30:00Z")
    heard = [m.text for m in author.sees() if "asks why" in m.text]
    assert len(heard) == 1
    assert heard[0].count("asks why") == 5
    assert "3 more replies in Bags or leaves; /cohort shows them." in heard[0]
    mine = await author.press(author.find("Thank you, Ann."), "My part")
    assert "8 replies to your post:" in mine.text
    assert mine.text.count("asks why") == 8
    await world.until(CLOSED)
    first = next(t for t in thread(author) if t.startswith("Ann"))
    assert first.count("asks why") == 5
    assert "All replies (8)" in first


# Rounds and protocols


async def test_two_rounds_with_a_named_protocol(tmp_path: Path) -> None:
    rounds = (
        "protocol: two sides, replies: 0, rounds: ["
        '{opens: "Mon 09:00", closes: Wed 18:00 cohort}, '
        '{opens: "Thu 09:00", closes: Sat 18:00 cohort, fields: [{title: What changed, about: Since Monday}]}]}'
    )
    head = TALK[: TALK.index("opens: Mon 09:00, closes: Sat")]
    world = new_world(tmp_path, now=EVE, course=head + rounds)
    (mia,) = await beginning(world, "Mia")
    assert "The other side: The strongest reason against it." in root(mia).text
    await post(mia, f0="Leaves are dear.")
    await world.until("2026-01-08T08:30:00Z")
    assert "Closed: 1 of 1 posted." in thread(mia)[1]
    assert "Bags or leaves, round 2 is open until" in thread(mia)[2]
    assert "What changed: Since Monday" in root(mia).text
    assert "Post in “Bags or leaves, round 2”" in (await mia.command("")).text
    await mia.press(root(mia), "Post")
    await fill(mia, {"f0": "My mind."})
    await world.until(CLOSED)
    assert any("My mind." in t for t in thread(mia))
    world.app.storage.close()


# Completion


async def test_the_completion_rule_may_ask_for_discussions(tmp_path: Path) -> None:
    asks = TALK.replace("weekly_minutes: 300}", "weekly_minutes: 300, completion: 1 discussion}", 1)
    world = new_world(tmp_path, now=EVE, course=asks)
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    assert "0 of 1" in (await mia.command("")).text
    await post(ben)
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="How do you know?")
    assert "1 of 1" in (await mia.command("")).text
    world.app.storage.close()


# Time


async def test_a_learner_far_ahead_posts_before_the_channel_has_the_discussion(world: World) -> None:
    tane, mia = await world.learner("tane", "Tane", "Pacific/Auckland"), await world.learner("mia", "Mia")
    await world.until("2026-01-04T21:00:00Z")
    assert "Post" in tane.find("Week 1: One").buttons
    await tane.press(tane.find("Week 1: One"), "Post")
    await fill(tane, CLAIM)
    assert "Thank you, Tane." in tane.find("Thank you").text
    early = await mia.command("")
    assert "Post in" not in early.text
    await world.until(CLOSED)
    assert any(t.startswith("Tane\n") for t in thread(mia))


async def test_a_close_that_moves_later_keeps_the_posts_hidden_until_then(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    later = TALK.replace("closes: Sat 18:00 cohort", "closes: Sun 18:00 cohort")
    course_is(world, later)
    await world.settle()
    assert "Open until Sun 11 Jan, 18:00." in root(ben).text
    await world.until(CLOSED)
    assert thread(ben) == []
    await world.until("2026-01-11T17:30:00Z")
    assert len(thread(ben)) == 2


async def test_a_discussion_that_passed_during_a_downtime_waits_on_the_desk(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.jump("2026-01-11T12:00:00Z")
    assert not [m for m in mia.sees("general") if m.text.startswith("Bags or leaves")]
    await world.until("2026-01-12T08:30:00Z")
    assert "The post that opens a discussion" in (await world.chat.person("ines").command("desk")).text


@pytest.mark.parametrize("down", ["2026-01-09T20:00:00Z", "2026-01-07T20:00:00Z"])
async def test_after_a_downtime_root_card_and_page_say_the_same_close(world: World, down: str) -> None:
    """The bot is back on the day of the close, an hour before it or after it."""
    mia, _ben = await beginning(world, "Mia", "Ben")
    await world.until(down)
    back = "2026-01-10T16:00:00Z" if down < "2026-01-09" else "2026-01-11T10:00:00Z"
    assert "Open until Sat 10 Jan, 18:00" in root(mia).text
    await world.jump(back)
    until = "Sun 11 Jan, 17:00" if down < "2026-01-09" else "Mon 12 Jan, 11:00"
    assert f"Open until {until}" in root(mia).text
    assert f"due {until}" in (await mia.command("")).text
    assert f"due {until}" in mia.find("Week 1: ").text
    assert f"due {until}" in mia.find("Week 1: One", "general").text


async def test_a_discussion_that_closed_during_a_downtime_takes_posts_for_another_day(world: World) -> None:
    """Down from the Friday before the close until Sunday noon in Berlin."""
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await world.until("2026-01-09T12:00:00Z")
    await world.app.runtime.jump(world.at("2026-01-11T11:00:00Z"))
    assert thread(ben) == [], "who posts now has not read the others"
    assert "Bags or leaves” has closed" not in (await ben.command("")).text
    assert "12:00" in next(line for line in (await ben.command("")).text.split("\n") if "Bags or leaves" in line)
    await ben.press(root(ben), "Post")
    assert ben.form is not None
    assert "marked late" not in ben.form.intro
    assert "marked late" not in (await fill(ben, CLAIM)).text
    assert [row.late for row in world.rows(DiscussionPostRow)] == [False, False]
    await world.until("2026-01-12T12:00:00Z")
    assert "Closed: 2 of 2 posted." in thread(ben)[-1]
    assert "Closed: 2 of 2 posted." in root(ben).text
    (late,) = [await world.learner("tom", "Tom")]
    await late.press(root(late), "Post")
    assert late.form is not None
    assert "marked late" in late.form.intro


# Borders


async def test_one_may_not_read_or_answer_what_is_not_open_yet(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(ben)
    assert "not for you to read yet" in await forge(world, mia, "reply", "1")
    assert "not for you to read yet" in await forge(world, mia, "look", "1")
    assert "taken back already" in await forge(world, mia, "take_now", "1")
    assert "Post first" in await forge(world, mia, "read", "bags.0")
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    assert "All posts can be read from" in await forge(world, omar, "read", "bags.0")
    assert "Bags are tea." in await forge(world, ines, "read", "bags.0")
    assert "Learners post here." in await forge(world, ines, "post", "bags.0")


async def test_the_manager_reads_how_many_took_part(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await world.until("2026-01-12T08:30:00Z")
    omar = world.chat.person("omar")
    assert "“Bags or leaves”, posted: 1 of 2" in (await omar.command("overview")).text + "".join(
        m.text for m in omar.sees()
    )
    assert ben.id


async def test_whoever_erases_themselves_is_gone_from_the_thread(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia, f0="Mia was here.")
    await post(ben)
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="Mia replied here.")
    await world.until(CLOSED)
    assert any("Mia was here." in t for t in thread(ben))
    await forget(world, "mia")
    await world.settle()
    said = thread(ben) + [m.text for m in ben.sees() if not m.to]
    assert not [t for t in said if "Mia was here." in t or "Mia replied here." in t]
    assert {row.body for row in world.rows(DiscussionPostRow, cohort=world.cohort.id) if row.deleted_at} == {"{}"}


def recap_of_week_1(speaker: Speaker) -> str:
    shown = [s for s in speaker.sees("general") if s.text.startswith("Week 1 in")]
    return shown[-1].text


async def test_the_recap_tells_how_many_posted_and_what_most_answered_by_consent(world: World) -> None:
    ann, ben, cleo = await beginning(world, "Annika", "Benjamin", "Cleopatra")
    ines = world.chat.person("ines")
    await post(ann, quote="yes", f0="Tea bags are tea.")
    await post(ben)
    await post(cleo)
    for other, found in [(other, await read(other)) for other in (ben, cleo)]:
        await other.press(found, "Reply")
        assert "Annika hears of it" in (await other.submit(text="How do you know?")).text
    await world.until("2026-01-09T12:00:00Z")
    friday = (await ines.press(await ines.command("desk", place="general"), "Read and edit")).text
    assert "3 of you posted in “Bags or leaves”." in friday
    assert "Tea bags are tea" not in friday, "others' posts steer, until the close"
    await world.until(CLOSED)
    after = (await ines.press(await ines.command("desk", place="general"), "Read and edit")).text
    assert "One of you wrote in “Bags or leaves”: “Tea bags are tea.” 2 of you answered." in after
    assert "Annika" not in after
    # What was posted follows whoever changes their mind.
    await ines.press(await ines.command("desk", place="general"), "Post as text")
    await world.wait(minutes=1)
    assert "Tea bags are tea." in recap_of_week_1(ben)
    await ann.press(ann.find("Thank you, Annika."), "Do not quote me")
    await world.settle()
    assert "One of you wrote in “Bags or leaves”: “…” 2 of you answered." in recap_of_week_1(ben)


# Fields that move, replies that are owed, and credits


async def test_a_form_that_is_open_while_fields_move_keeps_each_text_at_its_heading(tmp_path: Path) -> None:
    asks = "minutes: 20, protocol: [Claim, Evidence]}"
    world = new_world(tmp_path, now=EVE, course=TALK.replace("minutes: 20}", asks))
    (mia,) = await beginning(world, "Mia")
    await mia.press(root(mia), "Post")
    form = mia.form
    assert form is not None
    course_is(world, TALK.replace("minutes: 20}", "minutes: 20, protocol: [Evidence, Claim]}"))
    await fill(mia, {"f0": "The claim of Mia.", "f1": "Her evidence."})
    assert "Evidence\n> Her evidence.\nClaim\n> The claim of Mia." in mia.find("Thank you, Mia.").text
    world.app.storage.close()


async def test_what_was_written_for_a_field_that_is_gone_is_shown_to_its_author(tmp_path: Path) -> None:
    asks = "minutes: 20, protocol: [Claim, Evidence]}"
    world = new_world(tmp_path, now=EVE, course=TALK.replace("minutes: 20}", asks))
    (mia,) = await beginning(world, "Mia")
    await mia.press(root(mia), "Post")
    course_is(world, TALK.replace("minutes: 20}", "minutes: 20, protocol: [Claim, Source]}"))
    said = await fill(mia, {"f0": "The claim of Mia.", "f1": "Her evidence."})
    assert "The parts of this post have changed" in said.text
    assert "> Her evidence." in said.text
    await mia.press(said, "Post")
    await fill(mia, {"f0": "The claim of Mia.", "f1": "A book."})
    assert "Source\n> A book." in mia.find("Thank you, Mia.").text
    world.app.storage.close()


async def test_nobody_is_asked_to_reply_before_there_is_something_to_read(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=TALK.replace("minutes: 20}", "minutes: 20, reveal: close}"))
    mia, ben = await beginning(world, "Mia", "Ben")
    assert "Next: reply" not in (await post(mia)).text
    await post(ben)
    assert "Reply to" not in (await mia.command("")).text
    await world.until(CLOSED)
    page = await mia.command("")
    assert "Reply to 1 post in “Bags or leaves”" in page.text
    assert "overdue" not in page.text
    assert "Reply to 1 post" in (await mia.press(page, "My progress")).text
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="How do you know?")
    assert "Reply to 1 post" not in (await mia.command("")).text
    world.app.storage.close()


async def test_the_only_one_to_post_owes_no_reply(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    assert "Next: reply" not in (await post(mia)).text
    assert "Reply to" not in (await mia.command("")).text
    await post(ben)
    assert "Reply to 1 post" in (await mia.command("")).text
    await world.until(CLOSED)
    assert "Reply to 1 post" in (await mia.command("")).text


async def test_a_discussion_of_two_rounds_is_one_for_the_completion_rule_and_stays_earned(tmp_path: Path) -> None:
    asks = COURSE.replace("weekly_minutes: 300}", "weekly_minutes: 300, completion: 1 discussion}", 1)
    rounds = (
        "discussions:\n  - {id: bags, week: 1, title: Bags or leaves, question: 'Are bags tea?', replies: 1, rounds: ["
        "{opens: 'Mon 09:00', closes: Wed 18:00 cohort}, {opens: 'Thu 09:00', closes: Sat 18:00 cohort}]}\n"
    )
    world = new_world(tmp_path, now=EVE, course=asks + rounds)
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben)
    await mia.press(await read(mia), "Reply")
    await mia.submit(text="How do you know?")
    assert "0 of 1" in (await mia.command("")).text
    await world.until("2026-01-08T08:30:00Z")
    await post(mia)
    assert "1 of 1" in (await mia.command("")).text
    other = rounds.replace("id: bags", "id: pots")
    course_is(world, asks + other)
    assert "1 of 1" in (await mia.command("")).text
    assert "0 of 1" in (await ben.command("")).text
    world.app.storage.close()


async def test_ones_own_group_comes_first_after_the_close(world: World) -> None:
    people = await crowd(world, 16)
    for learner in people:
        await post(learner, f0=f"{learner.id} says so.")
    await world.until(CLOSED)
    shown = (await read(people[15])).text
    assert "l1 says so." in shown
    assert "l0 says so." not in shown


async def test_a_second_discussion_of_a_week_leaves_the_week_together_its_place(tmp_path: Path) -> None:
    second = TALK[TALK.index("  - {id: bags") :].replace("bags", "pots").replace("Bags or leaves", "Pots or cups")
    world = new_world(tmp_path, now=EVE, course=TALK + second)
    (mia,) = await beginning(world, "Mia")
    opening = next(m for m in mia.sees("general") if m.text.startswith("Week 1"))
    assert [m.thread for m in mia.sees("general") if m.text.startswith("Pots or cups")] == [opening.id]
    assert any(m.text.startswith("Pots or cups") for m in mia.thread(opening.id))
    world.app.storage.close()


async def test_the_card_says_when_a_discussion_opens_and_has_its_button_from_then_on(tmp_path: Path) -> None:
    course = TALK.replace("opens: Mon 09:00", "opens: Tue 09:00")
    world = new_world(tmp_path, now=EVE, course=course)
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben", "America/New_York")
    await world.until("2026-01-06T07:30:00Z")
    for learner in (mia, ben):
        card = learner.find("Week 1: One. ")
        assert "Discuss: Bags or leaves · 20 min · from Tue 6 Jan, 09:00" in card.text
        assert "Post" not in card.buttons
    await world.until("2026-01-06T08:05:00Z")
    assert "Bags or leaves · 20 min · to post" in mia.find("Week 1: One. ").text
    assert "Post" in mia.find("Week 1: One. ").buttons
    assert "Post" not in ben.find("Week 1: One. ").buttons
    await world.until("2026-01-06T14:05:00Z")
    await ben.press(ben.find("Week 1: One. "), "Post")
    await fill(ben, CLAIM)
    assert "> Bags are tea." in ben.find("Thank you, ").text
    world.app.storage.close()


async def test_late_posts_of_two_discussions_are_told_apart_on_ones_page(tmp_path: Path) -> None:
    second = """\
  - {id: milk, week: 1, title: Milk first, question: "Milk or tea first?", opens: Mon 09:00, closes: Sat 18:00 cohort,
     minutes: 20}
"""
    world = new_world(tmp_path, now=EVE, course=TALK + second)
    (mia,) = await beginning(world, "Mia")
    page = await mia.command("")
    assert {"Post: Bags or leaves", "Post: Milk first"} <= set(page.buttons)
    await world.until(CLOSED)
    page = await mia.command("")
    assert {"Post: Bags or leaves", "Post: Milk first"} <= set(page.buttons)
    await mia.press(page, "Post: Milk first")
    await fill(mia, CLAIM)
    assert "Post" in (await mia.command("")).buttons, "one alone needs no title"
    world.app.storage.close()
