"""The manager's week, as its manager reads it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord.render import render as for_discord
from adapters.discord.text import References
from adapters.sandbox.driver import Speaker
from adapters.slack.render import draw as for_slack
from adapters.slack.text import Reader
from bot.app.cohorts import create_cohort
from bot.core.actions import Action
from bot.core.events import ButtonPressed
from bot.core.message import Picture
from bot.core.people import Account, Actor, Place, Role
from bot.features.digests.picture_views import _steps
from bot.features.digests.store import Share
from tests.features.test_completion import files
from tests.kit import COURSE, PLAN, World, new_world

ESSENTIAL = (
    COURSE
    + """
milestones:
  - {id: first, week: 1, title: The first page, opens: Mon 00:00, due: Sat 20:00, essential: yes}
  - {id: second, week: 2, title: The second page, opens: Mon 00:00, due: Sat 20:00, essential: yes}
manager: {look_feedback_days: 0}
"""
)


@pytest.fixture
def working(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, course=ESSENTIAL)
    yield made
    made.app.storage.close()


def another(world: World, code: str, title: str, course: str = ESSENTIAL) -> str:
    """A further cohort of Omar; returns the code to join it with."""
    people = ((Role.MANAGER, "omar"),)
    plan = replace(PLAN, code=code, title=title, course_text=course, channels={}, people=people)
    return create_cohort(world.app.storage, world.app.registry, plan)[1]


async def join(world: World, code: str, *names: str) -> list[Speaker]:
    speakers = [world.chat.person(name.lower(), name, "Europe/Berlin") for name in names]
    for speaker in speakers:
        await speaker.command("join", code)
    return speakers


def weeks(speaker: Speaker) -> list[str]:
    return [text for text in speaker.inbox() if text.startswith(("Your ", "Demo course"))]


async def test_a_first_silent_monday_names_whom_to_write_to(working: World) -> None:
    omar = working.chat.person("omar")
    await join(working, working.join_code, "Mia", "Leo", "Ava")
    await working.until("2026-01-12T12:00:00Z")
    (week,) = weeks(omar)
    assert "Active: 0 of 3 (0 %)" in week
    shown = await omar.press(omar.find("Demo course"), "Who was silent")
    assert shown.text.startswith("Who was silent in Demo course:\nMia: nothing under their name in the last seven days")
    await omar.press(shown, "Write to Mia")
    assert "Mia gets it" in (await omar.submit(text="Did the course reach you?")).text


async def test_who_writes_in_a_channel_is_active_and_not_silent(working: World) -> None:
    omar = working.chat.person("omar")
    _mia, leo, _ava = await join(working, working.join_code, "Mia", "Leo", "Ava")
    await working.until("2026-01-08T12:00:00Z")
    await leo.say("general", "I read it twice, and it is good.")
    await working.until("2026-01-12T12:00:00Z")
    assert "Active: 1 of 3 (33 %)" in weeks(omar)[0]
    shown = await omar.press(omar.find("Demo course"), "Who was silent")
    assert "Leo" not in shown.text
    await working.until("2026-01-15T12:00:00Z")
    await leo.say("general", "And once more.")
    await working.until("2026-01-19T12:00:00Z")
    assert "Active: 1 of 3 (33 %)" in weeks(omar)[1]
    assert "Active: 1 of 3 (33 %), +" not in weeks(omar)[1], "nothing is known of his week before"
    await working.until("2026-01-23T12:00:00Z")
    assert "Active: 0 of" in (await omar.command("overview")).text


async def test_a_manager_of_three_cohorts_reads_which_wants_a_look_and_why(working: World) -> None:
    omar = working.chat.person("omar")
    active = await join(working, working.join_code, "Mia", "Leo", "Ava", "Ben")
    halves = await join(working, another(working, "half", "Half of it"), "Ada", "Bea", "Cy", "Dan")
    await join(working, another(working, "gone", "Nobody there"), "Eve", "Fay")
    for week, page in ((1, "first"), (2, "second")):
        await working.until(f"2026-01-{5 + 7 * (week - 1) + 1:02}T12:00:00Z")
        for learner in (*active, *halves[:2]):
            await learner.command("submit", f"My {page} page")
        await working.until(f"2026-01-{9 + 7 * (week - 1):02}T15:30:00Z")
        for learner in (*active, *halves[:2]):
            await learner.press(learner.find(f"Week {week} wrap-up"), "Answer")
            await learner.submit(done="Wrote it")
    await working.until("2026-01-21T09:00:00Z")
    first, second, *_ = weeks(omar)
    assert first.startswith("Your 3 cohorts: 1 would like a look\n- Nobody there, Week 2 of 3: Active: 0 of 2 (0 %)")
    assert "And 2 are well: Demo course, Half of it." in first
    assert second.startswith("Your 3 cohorts: 2 would like a look\n")
    assert "Half of it, Week 3 of 3: May drop out: 2 of 4 (50 %), names for you alone\n" in second
    assert "Nobody there, Week 3 of 3: Active: 0 of 2 (0 %), as the week before; May drop out: 2 of 2" in second
    assert "And 1 is well: Demo course." in second
    assert not {"Cy", "Dan", "Eve"} & set(second.split())
    named = await omar.press(omar.find("Your 3 cohorts: 2"), "Who may drop out (Half of it)")
    assert (
        "Cy: nothing under their name since Mon 5 Jan; “The first page” was due Sun 11 Jan; "
        "“The second page” was due Sun 18 Jan\n" in named.text
    )
    assert {"Write to Cy", "Give more time (Cy)"} <= set(named.buttons)
    chosen = await omar.press(omar.find("Your 3 cohorts: 2"), "All figures of …", str(working.cohort.id))
    assert chosen.text.startswith("Demo course: all is well\n- Week 3 of 3, 4 learners\n- Active: 4 of 4 (100 %)")
    assert "“The second page” handed in: 4 of 4 (100 %)\n" in chosen.text


async def test_nothing_to_judge_by_is_said_and_never_called_well(tmp_path: Path, working: World) -> None:
    omar = working.chat.person("omar")
    overview = (await omar.command("overview")).text
    assert overview.startswith("Demo course: nothing to judge by yet\n- Week 1 of 3, no learners\n")
    assert "it has no learners" in overview
    (mia,) = await join(working, working.join_code, "Mia")
    assert "it has just begun" in (await omar.command("overview")).text
    await mia.command("away", "pause")
    await working.until("2026-01-20T12:00:00Z")
    assert "no learner was there all week" in weeks(omar)[-1]
    assert "well" not in "".join(weeks(omar))


async def test_who_is_away_is_named_as_a_number_and_counts_nowhere(working: World) -> None:
    omar, ines = working.chat.person("omar"), working.chat.person("ines")
    learners = await join(working, working.join_code, "Mia", "Leo", "Ava", "Ben", "Cy", "Dan")
    await join(working, another(working, "half", "Half of it"), "Ada")
    for learner in learners[3:]:
        await learner.command("away", "pause")
    await working.until("2026-01-09T15:30:00Z")
    for learner in learners[:3]:
        await learner.command("submit", "My first page")
        await learner.press(learner.find("Week 1 wrap-up"), "Answer")
        await learner.submit(done="Wrote it")
    assert "3 of 3 answered" in (await ines.command("")).text
    await working.until("2026-01-12T12:00:00Z")
    assert "And 1 is well: Demo course (3 were away)." in weeks(omar)[-1]
    chosen = await omar.press(omar.find("Your 2 cohorts"), "All figures of …", str(working.cohort.id))
    assert chosen.text.startswith(
        "Demo course: all is well\n- Week 2 of 3, 6 learners\n"
        "- Active: 3 of 3 (100 %), 3 were away in these seven days\n"
    )
    assert "Week 1 wrap-ups: 3 of 3 (100 %)" in chosen.text
    assert "3 of 3 answered" in learners[0].find("Week 1: ", "general").text
    await omar.press(await omar.press(chosen, "End this cohort"), "End the cohort")
    following = files(working, omar, "The archive of Demo course")["demo-next.yaml"]
    assert "3 of 3 answered the wrap-up (100 %)" in following
    assert "3 of 3 handed it in" in following


async def test_many_cohorts_are_one_short_message(working: World) -> None:
    omar = working.chat.person("omar")
    for number in range(40):
        code = another(working, f"c{number}", f"Course number {number}")
        await join(working, code, f"Learner{number}")
    await working.until("2026-01-12T09:00:00Z")
    (week,) = [text for text in omar.inbox() if text.startswith("Your 41 cohorts: 40 would like a look\n")]
    assert "Course number 0, Week 2 of 3: Active: 0 of 1 (0 %)" in week
    assert "30 more would like a look: Course number 10, Course number 11, " in week
    assert "Nothing to judge by yet: Demo course (it has no learners)." in week
    (post,) = [seen for seen in omar.sees() if seen.text.startswith("Your 41 cohorts")]
    assert len([b for b in post.buttons if not b.startswith(("All figures", "… or"))]) == 3
    message = working.chat.sandbox.platform.post(post.id).message
    assert message is not None
    assert len(for_slack(message, Reader(), {}).parts) == 1
    assert len(for_discord(message, References(), {})) == 1
    (picture,) = [block for block in message.blocks if isinstance(block, Picture)]
    assert ">c39</text>" in picture.svg, "titles that begin alike do not tell them apart"
    assert "Course number 0, week 1: 0 %; Course number 1, week 1: 0 %" in picture.alt
    assert "prefers-color-scheme: dark" in picture.svg
    (file,) = for_slack(message, Reader(), {}).files
    assert (file.name, file.data[:4]) == ("cohorts.png", b"\x89PNG")


async def test_cohorts_with_one_title_are_told_apart_in_their_picture(working: World) -> None:
    omar = working.chat.person("omar")
    for number in range(2):
        await join(working, another(working, f"run-{number}", "Write one page"), f"Learner{number}")
    await working.until("2026-01-12T09:00:00Z")
    shown = await omar.command("overview")
    assert "[Picture: Active, of all who were there. run-0, week 1: 0 %" in shown.text
    post = omar.find("Your 3 cohorts")
    message = working.chat.sandbox.platform.post(post.id).message
    assert message is not None
    (picture,) = [block for block in message.blocks if isinstance(block, Picture)]
    assert {"run-0</text>", "run-1</text>"} <= set(re.findall(r"run-\d</text>", picture.svg))


async def test_the_course_file_says_what_wants_a_look(tmp_path: Path) -> None:
    made = new_world(tmp_path, course=COURSE + "manager: {look_under: 0, look_at_risk: 0}\n")
    await join(made, made.join_code, "Leo")
    await made.until("2026-01-21T09:00:00Z")
    overview = (await made.chat.person("omar").command("overview")).text
    assert overview.startswith("Demo course: all is well\n")
    assert "May drop out: 1 of 1 (100 %)" in overview
    made.app.storage.close()


async def test_a_milestone_that_is_open_says_how_far_it_has_come(working: World) -> None:
    omar = working.chat.person("omar")
    mia, leo, _ = await join(working, working.join_code, "Mia", "Leo", "Ava")
    await mia.command("submit", "My first page")
    await working.until("2026-01-10T10:00:00Z")
    assert "“The first page” handed in: 1 of 3 (33 %)\n" in (await omar.command("overview")).text
    await working.until("2026-01-11T10:00:00Z")
    await leo.command("submit", "My first page")
    assert "“The first page” handed in: 2 of 3 (67 %), 1 late, 1 overdue\n" in (await omar.command("overview")).text


async def test_nobody_sees_the_figures_of_a_cohort_that_they_do_not_manage(working: World) -> None:
    for account in ("ines", "mia"):
        await join(working, working.join_code, account.title())
        actor = Actor(Account("sandbox", account), account)
        place, action = Place("sandbox", "dm", direct=True), Action("digests", "figures").encode()
        press = ButtonPressed(
            actor=actor, place=place, id=account, at=working.clock.now(), action=action, value=str(working.cohort.id)
        )
        answer = await working.app.runtime.receive(press)
        assert "you do not manage it" in str(answer.message)


async def test_a_manager_of_a_full_course_gets_to_every_figure(tmp_path: Path) -> None:
    listed = "".join(f"  - {{id: c{n}, title: Notes {n}, weekly: yes, days: [Tue 09:00]}}\n" for n in range(1, 12))
    world = new_world(tmp_path, course=f"{COURSE}checkins:\n{listed}")
    omar = world.chat.person("omar")
    await join(world, world.join_code, "Mia")
    await world.until("2026-01-12T12:00:00Z")
    (week,) = weeks(omar)
    assert "Checked in: Notes 11" not in week
    label = next(b for b in omar.find("Demo course").buttons if "more figure" in b)
    whole = await omar.press(omar.find("Demo course"), label)
    assert all(f"Checked in: Notes {n} (" in whole.text for n in range(1, 12))
    assert not any("more figure" in b for b in whole.buttons)
    assert "Checked in: Notes 11 (" in (await omar.command("overview")).text
    world.app.storage.close()


async def test_the_picture_says_how_the_weeks_went(working: World) -> None:
    omar = working.chat.person("omar")
    mia, leo, _ava = await join(working, working.join_code, "Mia", "Leo", "Ava")
    assert "[Picture" not in (await omar.command("overview")).text, "no week is over"
    for learner in (mia, leo):
        await learner.command("submit", "My first page")
    await working.until("2026-01-12T12:00:00Z")
    assert "[Picture: Demo course. Active: week 1: 2 of 3. Handed in: “The first page” 2 of 3," in weeks(omar)[-1]
    post = omar.find("Demo course")
    message = working.chat.sandbox.platform.post(post.id).message
    assert message is not None
    (svg,) = [block.svg for block in message.blocks if isinstance(block, Picture)]
    assert 'aria-label="Demo course. Active: week 1: 2 of 3.' in svg
    assert "prefers-color-scheme: dark" in svg
    (file,) = for_slack(message, Reader(), {}).files
    assert (file.name, file.data[:4], file.alt[:12]) == ("weeks.png", b"\x89PNG", "Demo course.")


def test_titles_above_the_bars_of_a_picture_have_the_room_that_there_is() -> None:
    few = Share("Your reader in five sentences", 3, 4)
    many = Share("Your reader in five sentences, and one more", 4990, 5000, 1200)
    assert [bar["label"] for bar in _steps([few])] == ["Your reader in five sentences"]
    (crowded,) = _steps([many])
    assert crowded["label"].endswith("…")
    assert len(crowded["label"]) + len(crowded["said"]) <= 42
