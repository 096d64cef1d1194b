"""The course team offers a pause to a learner who may drop out, as conversations."""

from adapters.sandbox.driver import Speaker
from tests.kit import World

TITLE = "Omar offers you a pause"


async def offered(world: World, omar: Speaker) -> str:
    """The manager offers Leo, who has been quiet for two weeks, a pause; returns the receipt."""
    await world.until("2026-01-20T09:00:00Z")
    names = await omar.press(await omar.command("overview"), "Who may drop out")
    return (await omar.press(names, "Offer a pause (Leo)")).text


async def test_a_pause_is_the_learners_own_press_and_whoever_offered_it_hears_so(world: World) -> None:
    ines, omar, leo = world.chat.person("ines"), world.chat.person("omar"), await world.learner("leo", "Leo")
    receipt = await offered(world, omar)
    assert "Leo gets the offer at their next hour for messages (Wed 21 Jan, 09:00 in Berlin" in receipt
    assert "Nothing is paused before they press 'Pause'." in receipt
    assert "Done by Omar." in ines.find("Your desk, Monday").text
    await world.until("2026-01-21T12:00:00Z")
    assert "May drop out: 1 of 1" in (await omar.command("overview")).text, "an offer changes nothing"
    await leo.press(leo.find(TITLE), "Pause")
    assert not any(TITLE in text for text in leo.inbox()), "the card became its receipt"
    assert "You are paused until you say that you are back." in " ".join(leo.inbox())
    await world.until("2026-01-23T12:00:00Z")
    assert any("Leo has paused in Demo course, as you offered." in text for text in omar.inbox())
    assert "May drop out: 1" not in (await omar.command("overview")).text
    before = len(leo.inbox())
    await world.until("2026-01-31T12:00:00Z")
    assert len(leo.inbox()) == before


async def test_a_pause_by_another_button_answers_the_offer(world: World) -> None:
    omar, leo = world.chat.person("omar"), await world.learner("leo", "Leo")
    await offered(world, omar)
    await world.until("2026-01-21T12:00:00Z")
    await leo.press(await leo.command("away"), "Pause")
    assert not any(TITLE in text for text in leo.inbox())
    await world.until("2026-01-22T12:00:00Z")
    assert sum("Leo has paused in Demo course, as you offered." in text for text in omar.inbox()) == 1


async def test_a_pause_that_is_not_wanted_changes_nothing_and_is_not_offered_again(world: World) -> None:
    omar, leo = world.chat.person("omar"), await world.learner("leo", "Leo")
    await offered(world, omar)
    await world.until("2026-01-21T12:00:00Z")
    names = await omar.press(await omar.command("overview"), "Who may drop out")
    assert "offered a pause in the last two weeks" in (await omar.press(names, "Offer a pause (Leo)")).text
    await leo.press(leo.find(TITLE), "No, thank you")
    assert "nothing changes" in " ".join(leo.inbox())
    await world.until("2026-01-22T12:00:00Z")
    assert any("Leo needs no pause in Demo course" in text for text in omar.inbox())
    assert "You are here." in (await leo.command("away")).text


async def test_nobody_who_is_away_or_gone_is_offered_a_pause(world: World) -> None:
    omar, leo = world.chat.person("omar"), await world.learner("leo", "Leo")
    await world.until("2026-01-20T09:00:00Z")
    names = await omar.press(await omar.command("overview"), "Who may drop out")
    await leo.command("away", "2026-01-25")
    assert "Leo is away already." in (await omar.press(names, "Offer a pause (Leo)")).text
    await leo.press(await leo.command("leave"), "Leave")
    assert "not in this cohort any more" in (await omar.press(names, "Offer a pause (Leo)")).text
