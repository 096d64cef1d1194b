"""Pods over the weeks of a course, as people come, go, return and change their zone. The first Monday is 5 January."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from adapters.sandbox.driver import Speaker
from tests.effort import tries
from tests.features.test_erasure import forget
from tests.features.test_pods import POD, SUNDAY, WEDNESDAY, asks, channels, learners, pod_post
from tests.kit import COURSE, World, new_world

BUSY = f"""\
{COURSE}
pods: {{size: 4}}
checkins:
  - {{id: page, title: The shared page, weekly: yes, days: [Mon 09:00, Thu 09:00], minutes: 5, pod: yes}}
milestones:
  - {{id: map, week: 1, title: The map, due: Sun 23:59 aoe, essential: yes, pod: yes}}
  - {{id: plan, week: 2, title: The plan, due: Sun 23:59 aoe, essential: yes, pod: yes}}
"""
ZONES = ("Pacific/Auckland", "Pacific/Honolulu", "Pacific/Kiritimati", "Europe/Berlin")
"""Kiritimati and Honolulu have the same time of day, on two dates."""


def written(world: World) -> Counter[tuple[str, int]]:
    """How many messages the bot wrote in each pod's channel, by week."""
    platform = world.chat.sandbox.platform
    found: Counter[tuple[str, int]] = Counter()
    for place in {room.id for n in range(40) for room in platform.places(f"p{n}") if "-pod-" in room.id}:
        for post in platform.posts(place, "p0", limit=1000):
            if post.by == "bot" and post.to is None:
                found[place, post.at.isocalendar().week] += 1
    return found


@pytest.mark.parametrize("seed", range(tries(3)))
async def test_the_bot_writes_in_a_pod_twice_a_week_at_most(tmp_path: Path, seed: int) -> None:
    world, random = new_world(tmp_path, now=SUNDAY, course=BUSY), Random(seed)
    people: list[Speaker] = []

    async def comes() -> None:
        person = await world.learner(f"p{len(people)}", f"P{len(people)}", random.choice(ZONES))
        people.append(person)
        await asks(person)

    async def acts(person: Speaker) -> None:
        mine = [room for room in channels(person) if not world.chat.sandbox.platform.room(room).archived]
        match random.randrange(6):
            case 0 if mine:
                await person.press(pod_post(person, mine[0]), "Introduce yourself")
                await person.submit(q1=f"Day {world.clock.now().day}")
            case 1:
                await person.command("submit", f"Work of {world.clock.now()}")
            case 2 if mine and (found := [m for m in person.sees(mine[0]) if "Check in" in m.buttons]):
                await person.press(found[-1], "Check in")
                await person.submit(done="A page", shown="yes")
            case 3 if mine:
                page = await person.press(pod_post(person, mine[0]), "My pod")
                await person.press(await person.press(page, "Leave the pod"), "Leave the pod")
            case 4:
                for active in (False, True):
                    await world.chat.sandbox.change_account(person.id, active=active)
                    await world.wait(hours=random.randrange(30))
            case 5:
                await world.chat.sandbox.change_account(person.id, zone=random.choice(ZONES))

    for _ in range(7):
        await comes()
    await world.until(WEDNESDAY)
    for _day in range(18):
        for person in random.sample(people, 2):
            await acts(person)
        if random.random() < 0.2:
            await comes()
        await world.until((world.clock.now() + timedelta(days=1)).isoformat())
    counts = written(world)
    assert counts
    assert max(counts.values()) <= 2, counts
    world.app.storage.close()


async def test_people_on_both_sides_of_the_date_line_are_a_pod_and_stay_one(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=BUSY)
    east = [await world.learner(f"p{n}", f"P{n}", "Pacific/Kiritimati") for n in range(2)]
    west = [await world.learner(f"p{n}", f"P{n}", "Pacific/Honolulu") for n in range(2, 4)]
    others = [await world.learner(f"p{n}", f"P{n}", "Europe/Berlin") for n in range(4, 8)]
    for person in (*east, *west, *others):
        await asks(person)
    await world.until(WEDNESDAY)
    together = channels(east[0])
    assert [channels(p) for p in (*east, *west)] == [together] * 4
    assert not any(channels(p) & together for p in others)
    await world.chat.sandbox.change_account("p2", zone="Europe/Lisbon")
    await world.until("2026-01-15T09:00:00Z")
    assert channels(west[0]) == together, "whoever moves stays with their people"
    assert sum("pod with" in text or "pod has changed" in text for text in west[0].inbox()) == 1
    world.app.storage.close()


async def test_who_is_erased_in_mid_run_is_out_of_the_channel_and_the_milestone_goes_on(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=BUSY)
    mia, ben, *_ = people = await learners(world, "Mia", "Ben", "Ada", "Cleo")
    for person in people:
        await asks(person)
    await world.until("2026-01-08T09:00:00Z")
    await mia.press(pod_post(mia), "Introduce yourself")
    await mia.submit(q1="In Lisbon")
    await mia.command("submit", "Our map")
    await forget(world, "mia")
    await world.until("2026-01-14T09:00:00Z")
    assert channels(mia) == set()
    assert "Mia" not in "".join(m.text for m in ben.sees(POD))
    assert "Lisbon" not in "".join(m.text for m in ben.sees(POD))
    assert "Our map" in (await ben.press(await ben.command(""), "My work")).text
    world.app.storage.close()
