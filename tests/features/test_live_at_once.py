"""Two people change the course at the same time: each session has its own id, and nothing typed is lost."""

from pathlib import Path

from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, listing, tasting
from tests.features.test_live_proposed import SOUND, opened
from tests.kit import new_world


async def test_two_who_propose_at_once_have_two_sessions(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    await opened(ines)
    first = await ines.submit(SOUND)
    await opened(omar)
    second = await omar.submit({**SOUND, "title": "Guests", "pays": "Watch it: 30"})
    await ines.press(first, "Use it")
    again = await omar.press(second, "Use it")
    assert "Somebody has changed the course since" in again.text
    assert "using yours would undo" not in again.text
    assert "Guests" in again.text
    assert "Week 1 has “Tasting” already" in again.text
    await omar.press(again, "Use it")
    assert [(one["id"], one["state"]) for one in listing(world)] == [("live-1", "announced"), ("live-1-2", "held")]
    card = mia.find("Week 1: ").text
    assert "Live, if you like: “Tasting”" in card
    assert "Guests" not in card
    desk = (await ines.command("desk", place="general")).text
    assert "“Guests”, week 1, is not announced. Is it rare? Week 1 has “Tasting” already" in desk


async def test_two_edits_of_one_session_are_both_kept(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    previews = []
    for speaker, values in ((ines, {"title": "Cupping"}), (omar, {"goal": "Taste together."})):
        page = await speaker.command("live", place="general")
        await speaker.press(await speaker.press(page, "Week 1: Tasting"), "Change it")
        previews.append(await speaker.submit(values))
    await ines.press(previews[0], "Use it")
    await omar.press(await omar.press(previews[1], "Use it"), "Use it")
    assert "Live, if you like: “Cupping”, 30 min. Taste together." in mia.find("Week 1: ").text


async def test_who_would_undo_the_others_change_is_told_so(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    previews = []
    for speaker, title in ((ines, "Cupping"), (omar, "Slurping")):
        page = await speaker.command("live", place="general")
        await speaker.press(await speaker.press(page, "Week 1: Tasting"), "Change it")
        previews.append(await speaker.submit(title=title))
    await ines.press(previews[0], "Use it")
    again = await omar.press(previews[1], "Use it")
    assert "Both change the same, so using yours would undo theirs." in again.text


async def test_what_the_other_takes_away_is_not_paid_with_twice(tmp_path: Path) -> None:
    """Both pay with the same material in the same week: the one that comes second is held, and says why."""
    rules = "live_rules: {per_week: 2}\n"
    world = new_world(tmp_path, now=SUNDAY, course=HEAD + rules)
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    await opened(ines)
    first = await ines.submit({**SOUND, "pays": "Watch it: 30"})
    await opened(omar)
    second = await omar.submit({**SOUND, "title": "Guests", "pays": "Watch it: 30"})
    await ines.press(first, "Use it")
    again = await omar.press(second, "Use it")
    assert "“Watch it” has 10 min to give, and not 30." in again.text
    await omar.press(again, "Use it")
    assert [(one["id"], one["state"]) for one in listing(world)] == [("live-1", "announced"), ("live-1-2", "held")]
    assert "Guests" not in mia.find("Week 1: ").text
