"""What was written to the bot and never pressed: mentioned once, on a card that comes anyway."""

import pytest

from tests.features.test_milestones import WITH_WORK
from tests.features.test_talk import said
from tests.kit import World, new_world

LOST = "honestly I do not understand anything on this card, where do I click"
WRAPUP = "2026-01-09T15:00:00Z"
NOTE = "A note for the course team"
UNREAD = "nobody has read it, since"


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=WITH_WORK)


async def test_what_nobody_pressed_rides_on_the_next_card_once(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-07T10:00:00Z")
    await said(mia, LOST)
    before = len(mia.sees("dm"))
    await world.until("2026-01-09T14:00:00Z")
    assert len(mia.sees("dm")) == before
    await world.until(WRAPUP)
    card = mia.find(UNREAD, "dm")
    assert "What you wrote to me on Wed 7 Jan" in card.text
    assert "Week 1 wrap-up" in card.text
    assert LOST not in (await ines.command("desk")).text
    await world.until("2026-01-23T15:00:00Z")
    assert len([m for m in mia.sees("dm") if UNREAD in m.text]) == 1
    await mia.press(card, NOTE)
    assert "It is on the desk" in mia.last("dm").text
    assert not [m for m in mia.sees("dm") if UNREAD in m.text]
    assert LOST in (await ines.command("desk")).text


async def test_what_was_decided_or_deleted_in_time_is_not_mentioned(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-07T10:00:00Z")
    await mia.press(await said(mia, LOST), "Never mind")
    told = await mia.say("dm", "My laptop still is dead")
    await mia.delete(told.message or 0)
    await world.until("2026-01-08T10:00:00Z")
    await mia.press(await said(mia, "The second text is hard to read"), NOTE)
    await world.until("2026-01-12T15:00:00Z")
    assert not [m for m in mia.sees("dm") if UNREAD in m.text]


async def test_several_of_a_day_are_one_part_and_leave_it_one_by_one(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-07T10:00:00Z")
    await said(mia, LOST)
    await said(mia, "My laptop still is dead")
    await world.until(WRAPUP)
    card = mia.find(UNREAD, "dm")
    assert [b for b in card.buttons if b.startswith(NOTE)] == [f"{NOTE} (1)", f"{NOTE} (2)"]
    await mia.press(card, "Never mind (1)")
    card = mia.find(UNREAD, "dm")
    assert LOST not in card.text
    assert "laptop" in card.text
    await mia.press(card, NOTE)
    assert not [m for m in mia.sees("dm") if UNREAD in m.text]
    assert "laptop" in (await ines.command("desk")).text


async def test_words_deleted_after_they_were_mentioned_stand_nowhere(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-07T10:00:00Z")
    told = await mia.say("dm", LOST)
    await world.until(WRAPUP)
    assert mia.find(UNREAD, "dm")
    await mia.delete(told.message or 0)
    assert not [m for m in mia.sees("dm") if LOST in m.text]
