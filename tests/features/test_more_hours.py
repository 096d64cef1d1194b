"""More minutes a week during a run: the manager's act, told to every learner, and no room for a live session."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from bot.app.cohorts import turn_in
from bot.features.revisions import changing
from storage.tables.people import AuditRow
from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, everything, tasting
from tests.features.test_revisions import upload
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

MORE = course(tasting()).replace("weekly_minutes: 300", "weekly_minutes: 360")
TOLD = "A week takes up to 6 h now, not 5 h."


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def by_form(who: Speaker, minutes: str) -> Result:
    listed = await who.press(await who.command("course", place="general"), "Edit an item")
    await who.press(listed, "Weeks", "The course as a whole")
    return await who.submit(weekly_minutes=minutes)


def acts(world: World) -> list[str]:
    return [row.act for row in world.rows(AuditRow)]


async def test_an_instructor_asks_and_the_manager_decides(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    preview = await by_form(ines, "360")
    assert "the cohort's manager decides" in preview.text
    assert "Use it" not in preview.buttons
    assert "Only the cohort's manager" in await forge_in(world, ines, "revisions", "use", "1")
    assert "It is with omar now." in (await ines.press(preview, "Ask the manager")).text
    assert "asked the manager to raise the weekly minutes to 360" in acts(world)
    assert "Changes of the course that wait for your word: 1" in (await omar.command("overview")).text
    shown = await omar.press(await omar.command("", place="general"), "Look at it")
    used = await omar.press(shown, "Use it")
    assert "2 learners are told, once each." in used.text
    assert "raised the weekly minutes from 300 to 360" in acts(world)
    await world.until("2026-01-12T12:00:00Z")
    for one in (mia, ben):
        assert sum(TOLD in text for text in one.inbox()) == 1
    assert "Each week has 1 h more" in (await ines.command("week", place="general")).text
    assert ", by Omar" in (await ines.command("week", place="general")).text
    assert any("Omar changed the course" in text for text in ines.inbox()), "who asked hears of it"


async def test_the_manager_can_say_no(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    await ines.press(await upload(world, MORE), "Ask the manager")
    await omar.press(await omar.press(await omar.command("", place="general"), "Look at it"), "Discard")
    await mia.say("questions", "How hot must the water be?")
    await world.until("2026-01-07T12:00:00Z")
    assert any("Omar decided against more time a week" in text for text in ines.inbox())
    assert TOLD not in everything(mia)
    assert "Look at it" not in (await omar.command("", place="general")).buttons


async def test_an_earlier_version_with_more_hours_is_the_managers_too(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await ines.press(await upload(world, MORE), "Use it")
    await world.until(MONDAY)
    await ines.press(await upload(world, course(tasting())), "Use it")
    listed = await ines.press(await ines.command("course", place="general"), "Versions")
    for label in [b for b in listed.buttons if "2" in b][:1]:
        assert "Use it" not in (await ines.press(listed, label)).buttons
    assert "Use it" in (await by_form(omar, "360")).buttons


async def test_before_the_first_day_the_hours_are_the_authors(world: World) -> None:
    preview = await by_form(world.chat.person("ines"), "360")
    assert "Use it" in preview.buttons


async def test_the_operator_does_not_raise_them(world: World) -> None:
    await world.until(MONDAY)

    def propose(turn: changing.Revisions) -> None:
        changing.propose(turn, changing.changed(turn.store.present(turn.here), MORE, {}))

    with pytest.raises(changing.ManagersAlone):
        turn_in(world.app.storage, world.app.registry, "demo", "revisions", propose)


async def test_what_a_rise_makes_room_for_is_no_room_for_a_session(tmp_path: Path) -> None:
    """A milestone grows by the hour that the week got, and gives it to a session: learners would still work longer."""
    head = HEAD + "milestones:\n  - {id: cup, week: 1, title: The cup, minutes: 240}\n"
    world = new_world(tmp_path, now=SUNDAY, course=head)
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    grown = head.replace("weekly_minutes: 300", "weekly_minutes: 360").replace(
        "The cup, minutes: 240", "The cup, minutes: 270"
    )
    file = course(tasting(pays="[{item: cup, minutes: 30}]"), head=grown)
    assert "The cup, minutes: 270" in file
    await ines.press(await upload(world, file), "Ask the manager")
    await omar.press(await omar.press(await omar.command("", place="general"), "Look at it"), "Use it")
    assert "Tasting" not in mia.find("Week 1: ").text
    desk = (await ines.command("desk", place="general")).text
    assert "Week 1 would be 5.5 h of a 5 h budget" in desk
    assert "the hours that learners were told first" in desk
    world.app.storage.close()
