"""What pays for a session in a week that has begun: what learners have read, as far as it is ahead. As conversations;
the first Monday is 5 January 2026."""

import re
from pathlib import Path

import pytest

from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, listing, tasting
from tests.features.test_live_kept import change, states
from tests.features.test_revisions import upload
from tests.kit import World, new_world

TWO_HOURS = HEAD.replace("goal: Begin, materials", "goal: Begin, minutes: 120, materials")
WATCH = "{title: Watch it, minutes: 40}"
PAD = WATCH + ", {title: Pad, minutes: 30}"
DAILY = (
    HEAD + "checkins:\n  - {id: daily, title: Daily, week: 1, days: [Mon 18:00, Tue 18:00, Wed 18:00, Fri 18:00], "
    "minutes: 10, link: 'https://daily.example.org/sheet'}\n"
)
TALK = (
    HEAD + "discussions:\n  - {id: talk, week: 1, title: Talk, question: 'Why?', minutes: 40, rounds: ["
    "{opens: Mon 09:00, closes: Wed 09:00, fields: [{title: A}]}, "
    "{opens: Wed 10:00, closes: Fri 20:00, fields: [{title: B}]}]}\n"
)
THURSDAY = "2026-01-08T10:00:00Z"
FRIDAY = "[Fri 08:00, Fri 20:00]"


async def opened(tmp_path: Path, text: str, at: str = MONDAY) -> World:
    world = new_world(tmp_path, now=SUNDAY, course=text)
    await world.learner("mia", "Mia")
    await world.until(at)
    return world


async def card(world: World) -> str:
    return world.chat.person("mia").find("Week 1: ").text


async def test_what_was_never_on_a_card_gives_up_nothing(tmp_path: Path) -> None:
    """The week says that it takes two hours, and lists one: what is added in between has room, and nobody would miss
    it."""
    world = await opened(tmp_path, TWO_HOURS)
    assert "About 2 h" in await card(world)
    padded = TWO_HOURS.replace(WATCH, PAD)
    await change(world, course(tasting(pays="[{item: Pad, minutes: 30}]"), head=padded))
    assert states(world) == {"tasting": "held"}
    assert "Live, if you like" not in await card(world)
    desk = await world.chat.person("ines").command("desk", place="general")
    assert "“Pad” was on no card when the week began" in desk.text
    await change(world, course(tasting(), head=TWO_HOURS))
    assert states(world) == {"tasting": "announced"}
    assert "Live, if you like" in await card(world)
    world.app.storage.close()


@pytest.mark.parametrize("padded", ["{title: Watch it, minutes: 80}", PAD])
async def test_what_grows_beside_its_payment_gives_up_nothing(tmp_path: Path, padded: str) -> None:
    """Read it gives 20, but the week gets as much again elsewhere."""
    world = await opened(tmp_path, TWO_HOURS)
    await change(world, course(tasting(), head=TWO_HOURS.replace(WATCH, padded)))
    assert states(world) == {"tasting": "held"}
    assert "Live, if you like" not in await card(world)
    world.app.storage.close()


async def test_what_was_taken_out_comes_back_as_nothing_else(tmp_path: Path) -> None:
    """One upload takes out what was read, the next one adds as much and lets it pay."""
    world = await opened(tmp_path, HEAD)
    await change(world, HEAD.replace(f", {WATCH}", ""))
    pays = "[{item: Pad, minutes: 30}]"
    await change(world, course(tasting(pays=pays), head=HEAD.replace(WATCH, "{title: Pad, minutes: 30}")))
    assert states(world) == {"tasting": "held"}
    await change(world, course(tasting()))
    assert states(world) == {"tasting": "announced"}
    world.app.storage.close()


@pytest.mark.parametrize(("text", "item", "half"), [(DAILY, "daily", 20), (TALK, "talk", 20)])
async def test_only_the_days_and_rounds_ahead_pay(tmp_path: Path, text: str, item: str, half: int) -> None:
    world = await opened(tmp_path, text, THURSDAY)
    await change(world, course(tasting(slots=FRIDAY, pays=f"[{{item: {item}, minutes: 30}}]"), head=text))
    assert states(world) == {"tasting": "held"}
    (found,) = listing(world)
    (why,) = [one["why"] for one in found["failed"]]
    assert "are over" in why
    assert f"has {half} min to give, and not 30" in why
    one = tasting(slots=FRIDAY, minutes=str(half), pays=f"[{{item: {item}, minutes: {half}}}]")
    await change(world, course(one, head=text))
    assert states(world) == {"tasting": "announced"}
    world.app.storage.close()


async def test_days_that_are_over_keep_their_minutes_on_the_card(tmp_path: Path) -> None:
    world = await opened(tmp_path, DAILY, THURSDAY)
    one = tasting(slots=FRIDAY, minutes="10", pays="[{item: daily, minutes: 10}]")
    await change(world, course(one, head=DAILY))
    days = [line for line in (await card(world)).splitlines() if "Daily (" in line]
    assert [re.findall(r"\d+ min", line) for line in days] == [["10 min"], ["10 min"], ["5 min"], ["5 min"]]
    world.app.storage.close()


async def test_a_title_that_is_written_otherwise_pays_on(tmp_path: Path) -> None:
    world = await opened(tmp_path, HEAD)
    renamed = HEAD.replace("title: Watch it", "title: Watch the video")
    pays = "[{item: Watch the video, minutes: 30}]"
    shown = await upload(world, course(tasting(pays=pays), head=renamed))
    assert not shown.errors
    await world.chat.person("ines").press(shown, "Use it")
    await world.settle()
    assert states(world) == {"tasting": "announced"}
    world.app.storage.close()
