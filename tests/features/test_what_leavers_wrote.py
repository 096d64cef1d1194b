"""Whoever has left a cohort still decides about their words, and nobody is told that they hear of others, as
conversations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from tests.features.test_discussions import CLOSED, EVE, beginning, forge, post, read, thread
from tests.features.test_recaps import answered, script
from tests.features.test_two_tabs import WITH_ALL
from tests.features.test_who_left import leave
from tests.kit import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path, now=EVE, course=WITH_ALL)
    yield made
    made.app.storage.close()


def everywhere(speaker: Speaker) -> str:
    roots = speaker.sees("general")
    return "\n".join([m.text for m in roots] + [m.text for root in roots for m in speaker.thread(root.id)])


async def test_a_quote_is_taken_back_after_leaving(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(ben, "yes", f0="Bags are only dust.")
    await post(mia)
    await world.until(CLOSED)
    assert "Bags are only dust." in thread(mia)[-1]
    await leave(ben)
    said = await ben.press(ben.find("Thank you, Ben"), "Do not quote me")
    assert said.text == "No summary quotes your post any more."
    assert "Bags are only dust." not in thread(mia)[-1]
    assert "Bags are only dust." in everywhere(mia)


async def test_posts_and_replies_are_taken_back_after_leaving(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia)
    await post(ben, f0="Bags are only dust.")
    await ben.press(await read(ben), "Reply")
    await ben.submit({"text": "My aunt can taste it."})
    await world.until(CLOSED)
    await leave(ben)
    part = await ben.press(ben.find("Thank you, Ben"), "My part")
    assert "My aunt can taste it." in part.text
    sure = await ben.press(ben.find("Thank you, Ben"), "Take it back")
    gone = await ben.press(sure, "Yes, take it back")
    assert gone.text == "It is taken back, and nobody sees it any more."
    assert "dust" not in everywhere(mia)


async def test_a_name_is_taken_back_after_leaving(world: World) -> None:
    mia, leo = await beginning(world, "Mia", "Leo")
    ines = world.chat.person("ines")
    await answered(mia, leo, "How long may the report be?", "Five pages, without the appendix.")
    await world.until("2026-01-09T15:10:00Z")
    await leo.press(leo.find("May I name you on Friday"), "You may name me")
    await ines.press(await script(ines), "Post as text")
    await world.wait(minutes=1)
    assert "Leo" in everywhere(mia)
    await leave(leo)
    asked = next(m for m in leo.sees() if "Do not name me" in m.buttons)
    await leo.press(asked, "Do not name me")
    await world.wait(minutes=1)
    assert "Leo answered" not in everywhere(mia)


async def test_whoever_left_decides_about_nothing_else_and_reads_nothing(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await post(mia, "yes")
    await post(ben)
    await leave(ben)
    assert "taken back already" in await forge(world, ben, "unquote", "1")
    assert "taken back already" in await forge(world, ben, "take_now", "1")
    for what in ("read", "look", "reply"):
        assert "This is for members of the cohort." in await forge(world, ben, what, "1")
    other = world.chat.person("zoe", "Zoe")
    assert "This is for members of the cohort." in await forge(world, other, "unquote", "1")


async def test_a_reply_to_somebody_who_left_promises_nothing_and_the_others_come_first(world: World) -> None:
    mia, ben, cleo = await beginning(world, "Mia", "Ben", "Cleo")
    await post(cleo, f0="Cleo was here first.")
    await leave(cleo)
    assert "Next: reply" not in (await post(ben)).text
    await ben.press(await read(ben), "Reply")
    said = await ben.submit({"text": "Farewell."})
    assert "Thank you. Cleo has left; the others read it." in said.text
    await post(mia)
    others = await read(ben)
    assert others.text.index("Mia") < others.text.index("Cleo was here first.")
    assert "Cleo has left." in others.text
    assert others.text.count("Nobody has answered yet.") == 1


async def test_feedback_for_somebody_who_left_says_that_it_does_not_come(world: World) -> None:
    (mia,) = await beginning(world, "Mia")
    ines = world.chat.person("ines")
    await mia.command("submit")
    await mia.submit({"text": "My draft"})
    await ines.press(await ines.command("desk"), "Give feedback")
    given = await ines.submit({"text": "Good."})
    await leave(mia)
    said = await ines.press(given, "Edit")
    assert "Mia is not in this cohort any more, so your feedback does not come." in said.text
    desk = (await ines.command("desk")).text
    assert "Feedback that did not arrive" in desk
    assert "Mia is not in this cohort any more." in desk
    taken = await ines.press(given, "Take it back")
    assert "Taken back." in taken.text
    assert "did not arrive" not in (await ines.command("desk")).text
