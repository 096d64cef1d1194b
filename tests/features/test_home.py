"""`/cohort`, `/cohort next` and `/cohort help`, as conversations."""

from tests.kit import World


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
