"""`/cohort`, `/cohort next` and `/cohort help`, as conversations."""

from pathlib import Path

from bot.app.cohorts import CohortPlan, create_cohort
from tests.features.test_live import HEAD, SUNDAY, course, tasting
from tests.kit import COURSE, MONDAY, World, new_world

MUCH_WORK = f"{COURSE}milestones:\n" + "".join(
    f"  - {{id: s{n}, week: 1, title: Sheet {n}, due: Fri 12:00, minutes: 10}}\n" for n in range(8)
)
SINCE_FRIDAY = "2026-01-09T15:00:00Z"


async def test_help_and_next_always_work(world: World) -> None:
    eve = world.chat.person("eve", "Eve")
    for command in ("", "next", "help"):
        assert "/cohort join CODE" in (await eve.command(command)).text
    mia = await world.learner("mia", "Mia")
    assert "Week 1 of 3: One" in (await mia.command("")).text
    assert "The week 1 wrap-up opens Fri 9 Jan, 16:00" in (await mia.command("")).text
    assert "Next: This week's card" in (await mia.command("next")).text
    await world.until("2026-01-09T15:00:00Z")
    assert "Next: Answer the" in (await mia.command("next")).text
    assert "/cohort leave" in (await mia.command("help")).text
    assert "/cohort setup" not in (await mia.command("help")).text


async def test_a_wrong_command_shows_the_right_one(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    assert "/cohort settings" in (await mia.command("setings")).text


async def test_a_live_session_and_this_week_stay_on_the_page_of_somebody_with_much_to_do(tmp_path: Path) -> None:
    late = "".join(f"  - {{id: m{n}, week: 1, title: Work {n}, due: Mon 12:00, minutes: 5}}\n" for n in range(9))
    made = HEAD.replace("weekly_minutes: 300", "weekly_minutes: 900") + f"milestones:\n{late}"
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots="[Fri 08:00, Fri 20:30]"), head=made))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T12:00:00Z")
    page = await mia.command("")
    assert "Live, if you like: “Tasting”" in page.text
    assert {"Choose a time", "This week"} <= set(page.buttons)
    assert any(b.startswith("Hand in") for b in page.buttons)
    answer = await mia.press(page, "Choose a time")
    await mia.press(answer, next(b for b in answer.buttons if b.startswith("I come ")))
    page = await mia.command("")
    assert "You come to “Tasting”" in page.text
    assert "Change that" in page.buttons
    world.app.storage.close()


async def test_what_is_due_has_its_button_before_figures(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=MUCH_WORK)
    mia = await world.learner("mia", "Mia")
    await world.until(SINCE_FRIDAY)
    page = await mia.command("")
    due = [line for line in page.text.splitlines() if line.startswith("- Hand in “")]
    assert len(due) == 5
    assert [button.startswith("Hand in") for button in page.buttons[: len(due)]] == [True] * len(due)
    assert page.buttons[len(due) :] == ["This week", "Show all", "How long it took", "My progress"]


async def test_what_has_no_room_on_the_page_is_one_press_away(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=MUCH_WORK)
    mia = await world.learner("mia", "Mia")
    await world.until(SINCE_FRIDAY)
    page = await mia.command("")
    lines = [line for line in page.text.splitlines() if line.startswith("- ")]
    (more,) = [line for line in page.text.splitlines() if line.startswith("And ")]
    whole = await mia.press(page, "Show all")
    there = [line for line in whole.text.splitlines() if line.startswith("- ")]
    assert more == f"And {len(there) - len(lines)} more."
    assert [line for line in there if line in lines] == lines
    assert sum(line.startswith("- Hand in “Sheet") for line in there) == 8
    assert sum(button.startswith("Hand in “Sheet") for button in whole.buttons) + ("Hand in" in whole.buttons) == 8
    assert "And " not in whole.text
    assert "Show all" not in whole.buttons
    world.app.storage.close()


async def test_in_two_courses_neither_takes_the_buttons_of_the_other(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=MUCH_WORK)
    mia = await world.learner("mia", "Mia")
    other = MUCH_WORK.replace("id: demo, title: Demo course", "id: other, title: Other course")
    plan = CohortPlan("other", other, MONDAY, "Europe/Berlin", "sandbox", {"main": world.chat.channel("other")})
    await mia.command("join", create_cohort(world.app.storage, world.app.registry, plan)[1])
    await world.until(SINCE_FRIDAY)
    page = await mia.command("")
    ours = [button for button in page.buttons if button.endswith(": Demo course")]
    theirs = [button for button in page.buttons if button.endswith(": Other course")]
    assert [b.partition(":")[0] for b in ours] == [b.partition(":")[0] for b in theirs]
    assert len(ours) == 9
    assert len(page.buttons) < 25
