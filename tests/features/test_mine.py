"""A person looks at what is kept about them."""

import re

from bot.app.features import make_registry
from tests.features.test_erasure import a_life
from tests.kit import World


async def test_a_person_reads_what_is_kept_and_why(world: World) -> None:
    mia, _, ines = await a_life(world)
    settings = await mia.command("settings")
    assert "What is kept about you" in settings.text
    shown = await mia.press(settings, "What, why, and until when")
    for said in (
        "So that your questions are answered, and your answers are found",
        "A question of yours",
        "What you typed into a form; how long: 7 days",
        "So that your answers count, and others read what you share",
    ):
        assert said in shown.text
    assert "desk" not in shown.text
    assert "desk of yours" in (await ines.press(await ines.command("settings"), "What, why, and until when")).text


async def test_somebody_new_reads_that_they_are_known_and_no_more(world: World) -> None:
    eve = world.chat.person("eve", "Eve")
    shown = await eve.press(await eve.command("settings"), "What, why, and until when")
    assert "An account of yours on a platform" in shown.text
    assert "question" not in shown.text


def test_whatever_is_about_people_says_what_for_and_speaks_to_them() -> None:
    for kept in make_registry().kept:
        if kept.is_personal:
            assert kept.purpose.startswith("So that "), kept.table
            assert not re.search(r"\b(they|their|theirs)\b", f"{kept.what} {kept.why} {kept.until}"), kept.table
