"""A session is known to people by its title and week. What its id in the course file does, leaves true what they were
told."""

from pathlib import Path

import pytest

from tests.features.test_live import MONDAY, SUNDAY, course, everything, say_yes, tasting, use
from tests.features.test_live_kept import states
from tests.features.test_revisions import upload
from tests.kit import World, new_world

MORE = "[{item: Read more, minutes: 30}]"
FIRST = tasting(id="a", title="First")
SECOND = tasting(id="b", title="Second", week="2", pays=MORE)
LOST = "was put into the course anew, so your yes for Wed 7 Jan, 08:00 does not count any more"


def world_of(tmp_path: Path, *sessions: dict[str, str]) -> World:
    head = "live_rules: {weeks_share: 100}\n" + course()
    return new_world(tmp_path, now=SUNDAY, course=course(*sessions, head=head))


async def test_an_id_that_is_changed_and_changed_back_revives_no_yes(tmp_path: Path) -> None:
    world = world_of(tmp_path, tasting(id="a"))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course(tasting(id="b")))
    await world.until("2026-01-06T08:00:00Z")
    assert LOST in mia.inbox()[-1]
    await say_yes(mia, 1)
    await use(world, course(tasting(id="a")))
    await world.until("2026-01-06T18:00:00Z")
    assert "takes place after all" not in everything(mia)
    assert "your yes for Wed 7 Jan, 20:00 does not count any more" in everything(mia)
    assert "You come to" not in (await mia.command("")).text + mia.find("Week 1: ").text
    world.app.storage.close()


async def test_a_yes_stays_with_what_it_was_said_to_where_two_swap_their_ids(tmp_path: Path) -> None:
    world = world_of(tmp_path, FIRST, SECOND)
    assert set(states(world).values()) == {"announced"}
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    before = "live_rules: {weeks_share: 100}\n" + course(FIRST, SECOND)
    swapped = before.replace("id: a", "id: c").replace("id: b", "id: a").replace("id: c", "id: b")
    preview = await upload(world, swapped)
    assert "1 of them loses their yes: under another id" in preview.text
    await world.chat.person("ines").press(preview, "Use it")
    await world.until("2026-01-06T12:00:00Z")
    assert "“Second”" not in everything(mia)
    assert f"“First” {LOST}" in everything(mia)
    assert "You come to" not in mia.find("Week 1: ").text
    await say_yes(mia)
    assert "You come to “First”" in mia.find("Week 1: ").text
    world.app.storage.close()


async def test_another_session_under_the_id_of_one_that_was_held_between_gets_no_yes(tmp_path: Path) -> None:
    world = world_of(tmp_path, tasting(id="a"))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course())
    await world.until("2026-01-06T08:00:00Z")
    await use(world, course(tasting(id="a", title="Guest", week="2", pays=MORE, alternative="none")))
    await use(world, course(tasting(id="a", title="Guest", week="2", pays=MORE)))
    await world.until("2026-01-08T12:00:00Z")
    assert "takes place after all" not in everything(mia)
    assert "You come to" not in (await mia.command("")).text
    world.app.storage.close()


async def test_one_upload_that_puts_another_session_under_the_id_says_that_the_old_one_is_gone(tmp_path: Path) -> None:
    world = world_of(tmp_path, tasting(id="a"))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course(tasting(id="a", title="Guest", week="2", pays=MORE)))
    await world.until("2026-01-06T12:00:00Z")
    assert (
        "“Tasting” on Wed 7 Jan, 08:00, to which you had said yes, does not take place: it was taken out"
        in (mia.inbox()[-1])
    )
    assert "“Guest”, to which" not in everything(mia)
    assert "You come to" not in (await mia.command("")).text
    world.app.storage.close()


async def test_a_new_title_alone_keeps_each_yes(tmp_path: Path) -> None:
    world = world_of(tmp_path, tasting(id="a"))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course(tasting(id="a", title="Tasting and arguing")))
    await world.until("2026-01-06T12:00:00Z")
    assert "You come to “Tasting and arguing”: Wed 7 Jan, 08:00" in mia.find("Week 1: ").text
    world.app.storage.close()


async def test_another_id_after_it_began_says_no_reason_of_another_session(tmp_path: Path) -> None:
    world = world_of(tmp_path, tasting(id="a"))
    ben, ines = await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(ben, 1)
    await world.until("2026-01-07T07:10:00Z")
    await use(world, course(tasting(id="b")))
    await world.until("2026-01-07T12:00:00Z")
    assert "makes room" not in ben.inbox()[-1]
    assert "does not take place: it was taken out of the course" in ben.inbox()[-1]
    labels = (await ines.command("live", place="general")).buttons
    assert len(set(labels)) == len(labels)
    world.app.storage.close()


@pytest.mark.parametrize("again", ["a", "b"])
async def test_the_preview_counts_each_yes_that_another_id_loses(tmp_path: Path, again: str) -> None:
    world = world_of(tmp_path, tasting(id="a"))
    people = [await world.learner(f"l{n}", f"Lea {n}") for n in range(3)]
    await world.until(MONDAY)
    for one in people[:2]:
        await say_yes(one)
    preview = await upload(world, course(tasting(id=again, link="https://meet.example.org/1")))
    said = "2 of them lose their yes: under another id, a live session is another one."
    assert (said in preview.text) == (again == "b")
    world.app.storage.close()
