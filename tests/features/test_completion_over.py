"""The end of a course for those who run it: one card, no further week, and a cohort that can start again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import create_cohort
from storage.tables.outbox import RefRow
from storage.tables.schedule import DueRow
from storage.tables.voice import PartRow
from tests.features.test_completion import final
from tests.features.test_weekcard import change
from tests.kit import MONDAY, PLAN, World


def over(speaker: Speaker) -> list[str]:
    """Below the desk of the same hour, or by itself."""
    return [text for text in speaker.inbox() if "Demo course is over\n" in text]


def weeks(speaker: Speaker) -> list[str]:
    return [text for text in speaker.inbox() if text.startswith("Demo course: ")]


async def test_the_end_is_one_card_and_no_further_week(world: World) -> None:
    omar, ines, mia = world.chat.person("omar"), world.chat.person("ines"), await world.learner("mia", "Mia")
    await mia.say("questions", "Where do I find the slides?")
    await world.until("2026-01-27T12:00:00Z")
    # The last wrap-up closed on Monday at noon.
    (told,) = over(ines)
    assert "0 of 1 learner completed it." in told
    assert "[End the cohort]" not in told
    # The manager, who decides, hears of it with the instructors, and no weekly message came the day before.
    (told,) = over(omar)
    assert "[End the cohort]" in told
    assert "This is the last Monday's message" in weeks(omar)[-1]
    assert not any("After the last week" in text for text in weeks(omar))
    before = len(weeks(omar))
    await world.until("2026-03-10T12:00:00Z")
    assert len(weeks(omar)) == before
    assert len(over(ines)) == len(over(omar)) == 1
    # Questions go on.
    assert "Questions, from before:\n> Where do I find the slides?" in (await ines.command("desk")).text
    asked = await omar.press(omar.find("Demo course is over"), "End the cohort")
    assert asked.text.startswith("End Demo course?")
    assert "has ended" in (await omar.press(asked, "End the cohort")).text


async def test_the_last_week_s_figures_reach_the_manager_and_follow_what_comes_late(world: World) -> None:
    omar, ines, mia = world.chat.person("omar"), world.chat.person("ines"), await world.learner("mia", "Mia")
    await world.learner("leo", "Leo")
    await world.until("2026-02-02T12:00:00Z")
    assert "The last seven days:\n- Week 3 wrap-ups: 0 of 2 (0 %)" in over(omar)[-1]
    assert "The last seven days" not in over(ines)[-1]
    await mia.press(mia.find("Week 3 wrap-up"), "Answer")
    await mia.submit(done="all of it")
    await world.wait(minutes=1)
    assert "- Week 3 wrap-ups: 1 of 2 (50 %)" in over(omar)[-1]
    assert len(over(omar)) == 1


async def test_cohorts_that_end_together_are_one_message_to_whoever_runs_them(world: World) -> None:
    omar, ines, mia = world.chat.person("omar"), world.chat.person("ines"), await world.learner("mia", "Mia")
    for number in range(3):
        plan = replace(PLAN, code=f"c{number}", title=f"Course {number}", channels={})
        code = create_cohort(world.app.storage, world.app.registry, plan)[1]
        await world.chat.person(f"l{number}", f"Learner {number}").command("join", code)
    await mia.say("questions", "Where do I find the slides?")
    await world.until("2026-02-03T12:00:00Z")
    for who, may_end in ((ines, False), (omar, True)):
        (told,) = [text for text in who.inbox() if "Course 0 is over" in text]
        for title in ("Course 1", "Course 2", "Demo course"):
            assert f"{title} is over\n" in told
        assert ("[End the cohort]" in told) == may_end
        assert "take nothing more" not in told


async def test_a_cohort_that_starts_again_comes_back_to_life(world: World) -> None:
    omar, mia = world.chat.person("omar"), await world.learner("mia", "Mia")
    await world.until("2026-02-10T12:00:00Z")
    assert len(over(omar)) == 1
    before = len(weeks(omar))
    change(world, starts_on=MONDAY + timedelta(weeks=6))
    await world.settle()
    assert final(mia) == []
    await world.until("2026-03-03T12:00:00Z")
    assert len(weeks(omar)) > before
    await world.until("2026-03-31T12:00:00Z")
    assert len(over(omar)) == 2
    assert len([text for text in mia.inbox() if "is over" in text]) == 1


@pytest.mark.parametrize("up", ["2026-02-03T12:00:00Z", "2026-03-10T12:00:00Z"])
async def test_a_downtime_over_the_end_of_the_course_delays_its_card(world: World, up: str) -> None:
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until("2026-01-20T12:00:00Z")
    await world.jump(up)
    await world.wait(days=14)
    assert len(over(omar)) == len(over(ines)) == 1


@pytest.mark.parametrize("day", ["2026-01-25", "2026-01-26"])
async def test_the_card_comes_once_whatever_day_an_earlier_release_named_it_by(world: World, day: str) -> None:
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until("2026-02-03T12:00:00Z")
    assert len(over(omar)) == len(over(ines)) == 1
    with Session(world.app.storage.engine) as session:
        for row in (*session.exec(select(RefRow)), *session.exec(select(PartRow))):
            if row.anchor.startswith("over/"):
                row.anchor = "/".join([*row.anchor.split("/")[:3], day])
        for due in session.exec(select(DueRow).where(DueRow.kind == "completion.over")):
            due.occurrence = f"earlier {due.id}"
        session.commit()
    change(world, starts_on=MONDAY)
    await world.wait(days=14)
    assert len(over(omar)) == len(over(ines)) == 1
