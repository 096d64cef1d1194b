"""What pays for a live session: one figure for the week on every view, and what gave up all of its minutes on none."""

from pathlib import Path

import pytest

from bot.app.cohorts import turn_in
from bot.core.people import Role
from bot.course.gate.payment import could_pay
from bot.course.gate.values import Circumstances
from bot.course.loader import course_of, load
from bot.features.ledger import listing
from bot.features.weekcard import cards
from bot.features.weekcard.rules import minutes
from tests.features.test_live import HEAD, MONDAY, SUNDAY, calendar, course, everything, tasting, use
from tests.kit import World, new_world

CUP = "milestones:\n  - {id: cup, week: 1, title: The cup, due: Sun 20:00, minutes: 60}\n"
TALK = (
    "discussions:\n  - {id: talk, week: 1, title: The talk, question: Why, protocol: [claim], opens: Mon 09:00,\n"
    "     closes: Sat 20:00, minutes: 30}\n"
)
PAGE = "checkins:\n  - {id: page, title: Our page, week: 1, days: [Tue 09:00], minutes: 30, link: 'https://x.test/p'}\n"
BY_TALK = "[{item: talk, minutes: 30}]"
BY_PAGE = "[{item: page, minutes: 30}]"


def ledger(world: World, week: int = 1) -> tuple[int | None, ...]:
    found = turn_in(
        world.app.storage, world.app.registry, "demo", "ledger", lambda turn: listing.listed(turn, turn.here)
    )
    return tuple(found[week - 1][key] for key in ("planned", "live", "paid"))


async def test_a_payer_that_is_also_the_other_way_counts_once_on_every_view(tmp_path: Path) -> None:
    head = (HEAD + CUP).replace("weekly_minutes: 300", "weekly_minutes: 120")
    both = tasting(minutes="60", alternative="{item: cup}", reflection="", pays="[{item: cup, minutes: 60}]")
    world = new_world(tmp_path, now=SUNDAY, course=course(both, head=head))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    card = mia.find("Week 1: ").text
    assert "About 2 h" in card
    assert "The cup · 60 min" in card or "The cup · 1 h" in card
    assert "or come to “Tasting”" in card
    assert ledger(world) == (120, 60, 60)
    assert "Week 1: 2 h planned of 2 h." in (await ines.command("week", place="general")).text
    assert "Week 1: about 2 h planned" in (await mia.command("")).text
    world.app.storage.close()


async def test_the_longer_of_the_two_counts(tmp_path: Path) -> None:
    pays = "[{item: cup, minutes: 30}, {item: Watch it, minutes: 30}]"
    longer = tasting(minutes="60", alternative="{item: cup}", reflection="", pays=pays)
    world = new_world(
        tmp_path, now=SUNDAY, course=course(longer, head=HEAD + CUP.replace("minutes: 60", "minutes: 30"))
    )
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    # What is left to read and watch, and an hour of Tasting or half an hour of the cup.
    assert "About 1 h 30" in mia.find("Week 1: ").text
    assert ledger(world) == (90, 60, 60)
    assert "Week 1: about 1 h 30 planned" in (await mia.command("")).text
    world.app.storage.close()


async def test_what_the_author_says_of_a_week_goes_down_with_what_pays(tmp_path: Path) -> None:
    head = HEAD.replace("goal: Begin, materials", "goal: Begin, minutes: 200, materials")
    assert "minutes: 200" in head
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(), head=head))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert "About 3 h 15" in mia.find("Week 1: ").text
    assert ledger(world) == (200, 30, 30)
    assert "Week 1: about 3 h 15 planned" in (await mia.command("")).text
    world.app.storage.close()


async def test_a_discussion_that_gave_up_all_of_its_minutes_is_asked_for_nowhere(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(pays=BY_TALK), head=HEAD + TALK))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T18:00:00Z")
    assert "Live, if you like" in mia.find("Week 1: ").text or "took place" in mia.find("Week 1: ").text
    assert "The talk" not in everything(mia)
    assert "The talk" not in (await mia.command("")).text
    assert "The talk" not in (await mia.press(await mia.command(""), "My progress")).text
    assert b"The talk" not in calendar(world)
    world.app.storage.close()


async def test_it_comes_back_with_the_session_gone(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(pays=BY_TALK), head=HEAD + TALK))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert "The talk" not in everything(mia)
    await use(world, course(head=HEAD + TALK))
    await world.wait(hours=2)
    assert "The talk" in mia.find("Week 1: ").text
    assert "The talk" in mia.find("The talk", "general").text
    assert "The talk" in (await mia.command("")).text
    world.app.storage.close()


async def test_a_check_in_that_gave_up_all_of_its_minutes_is_asked_for_nowhere(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(pays=BY_PAGE), head=HEAD + PAGE))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-06T12:00:00Z")
    assert "Tasting" in mia.find("Week 1: ").text
    assert "Our page" not in everything(mia)
    assert "Our page" not in (await mia.command("")).text
    world.app.storage.close()


async def test_what_completion_counts_stays(tmp_path: Path) -> None:
    head = (HEAD + TALK).replace("live_only:", "completion: {discussions: 1}, live_only:")
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(pays=BY_TALK), head=head))
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T10:00:00Z")
    assert "The talk" in mia.find("Week 1: ").text
    assert "The talk" in (await mia.command("")).text
    world.app.storage.close()


@pytest.mark.parametrize("name", ["demo", "data-engineering", "digital-marketing"])
async def test_card_and_ledger_agree_on_each_week_of_the_courses(tmp_path: Path, name: str) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=Path(f"courses/{name}.yaml").read_text())
    await world.learner("mia", "Mia")
    await world.until(MONDAY)

    def on_the_card(turn: cards.Weekcards, week: int) -> int:
        here, mia = turn.here, turn.people.members(turn.here.id, Role.LEARNER)
        own = cards.own(turn, here, week, mia, cards.items_of(turn, here, mia))[mia[0].id]
        extras = cards.extras_of(turn, here, week, mia)[mia[0].id]
        content = cards.content_of(turn, here, week)
        assert content is not None
        return minutes(content, own, extras)

    for week in range(1, len(course_of(world.cohort.course_text).weeks) + 1):
        card = turn_in(
            world.app.storage, world.app.registry, "demo", "weekcard", lambda turn, n=week: on_the_card(turn, n)
        )
        assert card == ledger(world, week)[0], week
    world.app.storage.close()


def test_a_part_of_a_material_is_suggested_before_work() -> None:
    text = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 90}\n"
    found = could_pay(load(text), 1, 60, Circumstances())
    assert [(pay.item, pay.minutes) for pay in found] == [("Watch it", 40), ("Read it", 10), ("cup", 10)]
