"""Check-ins in pods, as conversations: what a pod says is for the pod alone. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Seen, Speaker
from tests.features.test_after_the_end import end
from tests.features.test_pods import POD, formed, learners
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

CHECKED = f"""\
{COURSE}
pods: {{size: 5}}
checkins:
  - {{id: page, title: The shared page, weekly: yes, days: [Thu 09:00, Sat 09:00], minutes: 5, pod: yes}}
"""
THURSDAY = "2026-01-08T08:10:00Z"
SECRET = "I rewrote the whole thing on the ferry"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKED)
    yield made
    made.app.storage.close()


def by_bot(reader: Speaker, place: str = POD) -> list[Seen]:
    return [m for m in reader.sees(place) if m.by == "bot" and m.to is None]


def page(reader: Speaker, place: str = POD) -> Seen:
    """The post of the check-in, as everybody in a channel sees it."""
    return [m for m in by_bot(reader, place) if m.text.startswith("The shared page")][-1]


async def test_what_a_pod_says_stands_in_its_channel_alone(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    await world.until(THURSDAY)
    await mia.press(mia.find("The shared page", POD), "Check in")
    assert mia.form is not None
    assert mia.form.fields[0].hint == "Your pod sees this, and nobody else."
    assert "Your pod sees it, in its channel." in (await mia.submit(done=SECRET, stuck="The map", shown="yes")).text
    await dan.press(dan.find("The shared page", "general"), "Check in")
    assert "The cohort sees it" in (await dan.submit(done="The outline")).text
    await world.wait(minutes=2)
    assert f"Mia\nDone: {SECRET}\nStuck: The map" in page(ben).text
    assert "The outline" not in page(ben).text
    assert "The outline" in page(dan, "general").text
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for person in (dan, ines, omar):
        for text in ("", "desk", "week", "overview"):
            assert SECRET not in (await person.command(text)).text
        assert SECRET not in "".join(m.text for m in (*person.sees("general"), *person.sees("dm")))
    assert "The map" in (await ines.command("desk")).text


async def test_a_pod_gets_at_most_two_messages_of_the_bot_a_week(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    counts = []
    for sunday in ("2026-01-11T20:00:00Z", "2026-01-18T20:00:00Z", "2026-01-25T20:00:00Z"):
        before = len(by_bot(mia))
        await world.until(sunday)
        counts.append(len(by_bot(mia)) - before)
    assert counts == [1, 1, 1], "beside the one with the people of the pod, in the first week"
    assert "The shared page (Sat 24 Jan)" in by_bot(mia)[-1].text


async def test_the_post_of_the_second_day_leads_to_the_first(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    await world.until(THURSDAY)
    await mia.press(page(mia), "Check in")
    await mia.submit(done=SECRET)
    await world.until("2026-01-10T08:10:00Z")
    assert SECRET not in page(ben).text
    assert SECRET in (await ben.press(page(ben), "Read Thu 8 Jan")).text
    assert "You are in no pod" in await forge_in(world, dan, "checkins", "read_pod", "page/1.0.1")


async def test_everybody_in_a_pod_leaves_no_empty_post_for_the_cohort(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await world.until(THURSDAY)
    assert not any("The shared page" in m.text and "Check in" in m.buttons for m in mia.sees("general"))


async def test_a_check_in_in_a_pod_is_taken_back_and_goes_with_the_channel(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await world.until(THURSDAY)
    await ben.press(ben.find("The shared page", POD), "Check in")
    await ben.submit(done="The figures")
    await mia.press(mia.find("Week 1: "), "Check in")
    receipt = await mia.submit(done=SECRET)
    await world.wait(minutes=2)
    assert SECRET in page(ben).text
    await mia.press(await mia.press(receipt, "Take it back"), "Take it back")
    assert SECRET not in page(ben).text
    await end(world)
    assert world.chat.sandbox.platform.room(POD).archived
    assert "The figures" not in "".join(m.text for m in ben.sees(POD))
