"""Whoever loses their pod, or finds nobody, hears why and what happens next, once. The first Monday is 5 January."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_pods import POD, PODS, SUNDAY, WEDNESDAY, asks, channels, formed, learners, pod_post
from tests.kit import World, new_world

CLOSED = "The others have left your pod, so it is closed."
NOBODY = "There is nobody to be in a pod with just now. You are the first to hear when there is."
LATER = "2026-01-14T09:00:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=PODS)
    yield made
    made.app.storage.close()


def heard(person: Speaker, words: str) -> int:
    return sum(words in text for text in person.inbox())


async def leaves_the_pod(person: Speaker) -> None:
    page = await person.press(await person.command(""), "My pod")
    await person.press(await person.press(page, "Leave the pod"), "Leave the pod")


async def test_whom_everybody_left_hears_it_once_and_then_of_the_next_pod(world: World) -> None:
    mia, ben = await formed(world, "Mia", "Ben")
    await world.until("2026-01-08T09:00:00Z")
    await leaves_the_pod(ben)
    await world.until(LATER)
    assert heard(mia, f"{CLOSED} {NOBODY}") == 1
    assert "this channel is closed" in "".join(m.text for m in mia.sees(POD))
    (ada,) = await learners(world, "Ada")
    await asks(ada)
    await world.until("2026-01-15T09:00:00Z")
    assert heard(mia, "You are in a pod with Ada") == 1
    assert heard(mia, NOBODY) == 1
    assert heard(ben, NOBODY) == 0, "they left by themselves"


async def test_who_is_back_and_finds_nobody_hears_why(world: World) -> None:
    mia, ben = await formed(world, "Mia", "Ben")
    await world.until("2026-01-08T09:00:00Z")
    await world.chat.sandbox.change_account("mia", active=False)
    await world.settle()
    await ben.press(await ben.command(""), "No pod for me")
    await world.until("2026-01-09T09:00:00Z")
    await world.chat.sandbox.change_account("mia", active=True)
    await world.until(LATER)
    assert heard(mia, f"{CLOSED} {NOBODY}") == 1
    for active in (False, True):
        await world.chat.sandbox.change_account("mia", active=active)
    await world.until("2026-01-16T09:00:00Z")
    assert heard(mia, CLOSED) == 1


async def test_who_is_back_and_whose_pod_was_joined_with_another_hears_why(world: World) -> None:
    near = await learners(world, "Ann", "Bob", "Cat", "Dov")
    far = [await world.learner(n.lower(), n, "Asia/Tokyo") for n in ("Eve", "Fay", "Gus", "Hal")]
    for person in (*near, *far):
        await asks(person)
    await world.until(WEDNESDAY)
    ann, _bob, cat, dov = near
    for person in (cat, dov):
        await world.chat.sandbox.change_account(person.id, active=False)
    await world.settle()
    home = (channels(far[0])).pop()
    assert "Ann" in pod_post(far[0], home).text
    await leaves_the_pod(far[3])
    await world.until("2026-01-09T09:00:00Z")
    await world.chat.sandbox.change_account("cat", active=True)
    await world.until(LATER)
    (said,) = [text for text in cat.inbox() if "Your earlier pod was closed while you were not here." in text]
    assert "You are in a pod with Ann, Bob, Eve, Fay and Gus" in said
    assert home in channels(cat)
    assert ann.inbox()


async def test_who_goes_on_in_another_pod_hears_why(world: World) -> None:
    first = await learners(world, "Ann", "Bob", "Cat", "Dov", "Eve", "Fay")
    for person in first:
        await asks(person)
    await world.until(WEDNESDAY)
    late = await learners(world, "Gus", "Hal")
    for person in late:
        await asks(person)
    await world.until("2026-01-08T09:00:00Z")
    moved = [p for p in first if POD not in channels(p)]
    # Six and one are seven in one pod; with the eighth there are two pods of four.
    assert len({frozenset(channels(p)) for p in (*first, *late)}) == 2
    for person in (*moved, *(p for p in late if POD not in channels(p))):
        if heard(person, "in a pod with"):
            assert heard(person, "Another pod had become small") <= 1
    assert all(heard(p, "You are in a pod with") for p in moved)
    assert [heard(p, "you go on there") for p in moved] == [1] * len(moved)


async def test_with_pods_for_all_who_comes_alone_or_is_back_hears_what_happens(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=PODS.replace("size: 5", "size: 5, join: all"))
    (mia,) = await learners(world, "Mia")
    await world.chat.sandbox.change_account("mia", active=False)
    await world.until("2026-01-08T09:00:00Z")
    await world.chat.sandbox.change_account("mia", active=True)
    await world.until("2026-01-09T09:00:00Z")
    assert heard(mia, NOBODY) == 1
    (ben,) = await learners(world, "Ben")
    assert channels(mia) == channels(ben) == {POD}
    world.app.storage.close()


@pytest.mark.parametrize("join", ["ask", "all"])
async def test_people_of_joined_pods_hear_of_it_at_their_next_hour(tmp_path: Path, join: str) -> None:
    """All of them, also in a week whose messages are all planned."""
    world = new_world(tmp_path, now=SUNDAY, course=PODS.replace("size: 5", f"size: 4, join: {join}"))
    near = await learners(world, "Ann", "Bob", "Cat", "Dov")
    far = [await world.learner(n.lower(), n, "Asia/Tokyo") for n in ("Eve", "Fay", "Gus", "Hal")]
    for person in (*near, *far) if join == "ask" else ():
        await asks(person)
    await world.until("2026-01-12T12:00:00Z")
    for person in far[2:]:
        await leaves_the_pod(person)
    await world.until("2026-01-13T12:00:00Z")
    assert [heard(p, "joined with another one") for p in far] == [1, 1, 0, 0]
    assert [heard(p, "Your pod has changed. It is you") for p in near] == [1] * 4
    assert [heard(p, "Another pod had become small, so it was joined with yours.") for p in near] == [1] * 4
    world.app.storage.close()


async def test_whoever_is_moved_on_before_they_heard_hears_one_true_word(world: World) -> None:
    first = await learners(world, "Ann", "Bob", "Cat", "Dov", "Eve", "Fay")
    for person in first:
        await asks(person)
    await world.until(WEDNESDAY)
    await world.until("2026-01-08T09:00:00Z")
    late = await learners(world, "Gus", "Hal")
    for person in late:
        await asks(person)
    moved = [p for p in first if POD not in channels(p)]
    others = [p for p in late if POD not in channels(p)]
    assert len(moved) + len(others) == 4
    stays, *leavers = (*moved, *others)
    for person in leavers[-2:]:
        await leaves_the_pod(person)
    assert POD in channels(stays)
    before = heard(stays, "in a pod with")
    await world.until("2026-01-13T09:00:00Z")
    assert heard(stays, "you go on there") == 0
    assert heard(stays, "joined with another one") == 1
    assert heard(stays, "in a pod with") == before + 1
