"""Whoever is not on the platform any more hears nothing and counts nowhere, and goes on when they are back."""

from tests.kit import World


async def test_who_left_the_workspace_is_on_the_desk_once_and_goes_on_when_they_are_back(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines, platform = world.chat.person("ines"), world.chat.sandbox.platform
    platform.deactivate("mia", False)  # and the platform tells only when it is written to
    await world.until("2026-01-09T16:00:00Z")
    await world.settle()
    desk = await ines.command("desk")
    assert "Mia is not there any more" in desk.text
    heard = len(mia.inbox())
    await world.until("2026-01-12T12:00:00Z")
    week = await ines.command("week")
    assert "of 1" in week.text, week.text
    assert "Mia" not in week.text
    await ines.press(await ines.command("desk"), "Seen")
    assert "not there any more" not in (await ines.command("desk")).text
    await world.until("2026-01-26T12:00:00Z")
    assert "not there any more" not in (await ines.command("desk")).text
    assert len(mia.inbox()) == heard
    platform.deactivate("mia", True)
    assert "week" in (await mia.command("")).text.lower()
    await world.until("2026-02-02T12:00:00Z")
    assert len(mia.inbox()) > heard
    assert "of 2" in (await ines.command("week")).text
    assert ben.inbox()


async def test_who_is_not_there_any_more_is_taken_out_by_one_press(world: World) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.chat.sandbox.change_account("mia", active=False)
    await world.settle()
    desk = await ines.command("desk")
    assert "Mia is not there any more" in desk.text
    assert "Mia is out of" in (await ines.press(desk, "Take Mia out")).text
    assert "Mia" not in (await ines.command("desk")).text


async def test_who_is_back_at_once_misses_nothing(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.chat.sandbox.change_account("mia", active=False)
    await world.settle()
    await world.chat.sandbox.change_account("mia", active=True)
    await world.settle()
    assert "not there any more" not in (await ines.command("desk")).text
    await world.until("2026-01-09T16:00:00Z")
    assert [t for t in mia.inbox() if "wrap-up" in t.lower()]
