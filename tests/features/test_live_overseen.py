"""What the course team sees of live sessions and does about one, as conversations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, everything, say_yes, tasting
from tests.features.test_live_attendance import OVER, VIDEO, note
from tests.features.test_live_verdict import JUDGED, come, learners
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

OPEN = "Week 1: Tasting"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def test_each_session_is_listed_with_how_many_said_yes_and_opened_from_there(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    page = await ines.command("live", place="general")
    assert "Week 1: “Tasting”, announced; 1 said yes" in page.text
    opened = await ines.press(page, OPEN)
    assert "Wed 7 Jan, 20:00: 1 said yes; outside waking hours for 0 %" in opened.text
    assert {"Code word and recording", "Change it", "Take it out"} <= set(opened.buttons)
    await ines.press(opened, "Code word and recording")
    await ines.submit(word="Green tea")
    assert "Code word to say in the call: Green tea" in (await ines.press(page, OPEN)).text
    await ines.press(opened, "Change it")
    assert ines.form is not None
    assert "minutes" in {field.name for field in ines.form.fields}
    assert "Mia" not in opened.text
    assert "for the instructors and managers" in await forge_in(world, mia, "live", "open", "1")


async def test_one_is_taken_out_in_the_chat_and_who_said_yes_is_named_as_a_number_first(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    opened = await ines.press(await ines.command("live", place="general"), OPEN)
    proposed = await ines.press(opened, "Take it out")
    assert "1 learner said yes, and is told once." in proposed.text
    assert "You come to “Tasting”" in mia.find("Week 1: ").text, "nothing changes before somebody uses it"
    await ines.press(proposed, "Use it")
    await world.until("2026-01-06T12:00:00Z")
    assert "You come to" not in mia.find("Week 1: ").text
    told = "to which you had said yes, does not take place: it was taken out of the course"
    assert sum(told in text for text in mia.inbox()) == 1
    assert "There is none in this course." in (await ines.command("live", place="general")).text


async def test_of_one_that_has_begun_only_what_is_ahead_is_taken_back(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    await say_yes(ben, 1)
    await world.until("2026-01-07T07:10:00Z")
    opened = await ines.press(await ines.command("live", place="general"), OPEN)
    proposed = await ines.press(opened, "Take it out")
    assert (
        "Its other times are taken back; what has begun stays. 1 learner said yes, and is told once." in proposed.text
    )
    await world.until("2026-01-07T19:10:00Z")
    assert "there is nothing to take back" in (await ines.press(opened, "Take it out")).text


async def test_one_that_is_held_says_why_and_what_to_do(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(recorded="no")))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    page = await ines.command("live", place="general")
    assert "Week 1: “Tasting”, held" in page.text
    opened = await ines.press(page, OPEN)
    assert "Question 4, " in opened.text
    assert "Have it recorded" in opened.text
    assert {"Change it", "Take it out", "Replace it"} <= set(opened.buttons)
    assert "Tasting" not in everything(mia)
    world.app.storage.close()


async def test_after_the_call_every_button_of_its_post_opens_what_is_for_the_course_team(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    await note(ines, word="Green tea")
    await world.until(OVER)
    await note(ines, url=VIDEO, transcript="captions")
    await world.settle()
    await mia.press(mia.find("Live, if you like", "general"), "What I took from it")
    await mia.submit(q1="CANARY: it is bitter")
    for button in ("I was there", "What I took from it"):
        opened = await ines.press(ines.find("Live, if you like", "general"), button)
        assert {"Code word and recording", "1 reflection"} <= set(opened.buttons)
    assert "CANARY: it is bitter" in (await ines.press(opened, "1 reflection")).text
    assert "1 reflection" not in (await omar.press(omar.find("Live, if you like", "general"), "I was there")).buttons
    page = await ines.command("live", place="general")
    opened = await ines.press(page, OPEN)
    assert "Take it out" not in opened.buttons, "it took place"
    assert "Not there yet: how many you counted." in opened.text
    assert "Learners say yes" not in opened.text, "there is nothing to say yes to any more"
    await ines.press(opened, "Code word and recording")
    await ines.submit(heads="1")
    assert "Counted in the call: 1" in (await ines.press(page, OPEN)).text


async def test_figure_and_verdict_stand_on_its_page_and_no_button_is_dead(world: World) -> None:
    """It does not come again, so there is nothing to replace in this run."""
    people, ines, omar = await learners(world, 10), world.chat.person("ines"), world.chat.person("omar")
    await come(world, people[:2])
    await world.until(JUDGED)
    page = await ines.command("live", place="general")
    assert "Week 1: “Tasting”, took place. 20 % came (2 of 10)" in page.text
    opened = await ines.press(page, OPEN)
    assert "It may not be worth the effort. It does not come again in this run" in opened.text
    assert "Its recording is missing, so nobody could watch it instead." in opened.text
    desk = await ines.command("desk", place="general")
    assert "“Tasting”, week 1: 20 % came" in desk.text
    assert not any(b.startswith("Replace it") for b in (*opened.buttons, *desk.buttons))
    assert "Came to “Tasting”, week 1: 2 of 10" in (await omar.command("overview")).text


async def test_a_recording_is_missed_where_it_is_what_counts(tmp_path: Path) -> None:
    cup = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n"
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(alternative="{item: cup}"), head=cup))
    people, ines = await learners(world, 10), world.chat.person("ines")
    await come(world, people[:2])
    await world.until(JUDGED)
    opened = await ines.press(await ines.command("live", place="general"), OPEN)
    assert "20 % came" in opened.text
    assert "so nobody could watch it" not in opened.text
    world.app.storage.close()


async def test_who_left_is_in_no_count_of_those_who_said_yes(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(MONDAY)
    for who in (mia, ben):
        await say_yes(who)
    await ben.press(await ben.command("leave"), "Leave")
    page = await ines.command("live", place="general")
    assert "Week 1: “Tasting”, announced; 1 said yes" in page.text
    opened = await ines.press(page, OPEN)
    assert "Wed 7 Jan, 08:00: 1 said yes" in opened.text
    assert "1 learner said yes, and is told once." in (await ines.press(opened, "Take it out")).text


async def test_the_manager_reads_where_learners_read_of_it(tmp_path: Path) -> None:
    later = tasting(week="2", pays="[{item: Read more, minutes: 30}]", trial="yes", alternative="none")
    world = new_world(tmp_path, now=SUNDAY, course=course(later))
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.until(MONDAY)
    agreed = await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    assert "Learners read of “Tasting” on the card of week 2, from Mon 12 Jan." in agreed.text
    assert "Live, if you like" not in everything(mia)
    await world.until("2026-01-12T12:00:00Z")
    assert "Live, if you like" in mia.find("Week 2: ").text
    world.app.storage.close()


async def test_many_sessions_are_in_one_list(tmp_path: Path) -> None:
    many = [tasting(id=f"s{n}", title=f"Tasting {n}") for n in range(7)]
    world = new_world(tmp_path, now=SUNDAY, course=course(*many, head=HEAD))
    ines = world.chat.person("ines")
    page = await ines.command("live", place="general")
    assert "Week 1: “Tasting 6”, held" in page.text
    opened = await ines.press(page, "Open a session", "Week 1: Tasting 3")
    assert "Tasting 3" in opened.text
    world.app.storage.close()


async def test_the_manager_reads_which_question_a_trial_leaves_open(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(trial="yes", alternative="none")))
    omar = world.chat.person("omar")
    await world.until(MONDAY)
    page = await omar.press(await omar.command(""), "Look at it")
    assert "only the cohort's manager can agree to one. Question 3, is there another way" in page.text
    assert "takes effect once the manager agrees" not in page.text
    opened = await omar.press(await omar.command("live", place="general"), OPEN)
    assert "Waits for the manager's word" in opened.text
    assert "Learners read of “Tasting” on the card of week 1, from now on." in (await omar.press(opened, "Agree")).text
    assert "on trial" in (await omar.command("live", place="general")).text
    world.app.storage.close()
