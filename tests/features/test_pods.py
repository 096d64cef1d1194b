"""Pods, as conversations. The first Monday is 5 January 2026; pods are formed on Wednesday at noon in Berlin."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import CannotSee, Seen, Speaker
from bot.app.cohorts import CohortPlan, create_cohort
from bot.core.events import PlaceMade
from bot.core.people import Role
from bot.features.pods import rules
from tests.features.test_after_the_end import end, reopen
from tests.features.test_erasure import forget
from tests.kit import COURSE, World, new_world

ROOT = Path(__file__).parents[2]
PODS = f"{COURSE}pods: {{size: 5}}\n"
SUNDAY = "2026-01-04T08:00:00Z"
WEDNESDAY = "2026-01-07T11:01:00Z"
POD = "demo-pod-1"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=PODS)
    yield made
    made.app.storage.close()


async def learners(world: World, *names: str) -> list[Speaker]:
    return [await world.learner(name.lower(), name) for name in names]


async def asks(learner: Speaker) -> str:
    """Presses the button of the welcome card; returns the answer."""
    return (await learner.press(learner.find("Welcome to"), "I'd like a pod")).text


async def formed(world: World, *names: str) -> list[Speaker]:
    """These people, all in one pod since Wednesday."""
    people = await learners(world, *names)
    for person in people:
        await asks(person)
    await world.until(WEDNESDAY)
    return people


def channels(person: Speaker) -> set[str]:
    return {room.id for room in person.chat.sandbox.platform.places(person.id) if "-pod-" in room.id}


def pod_post(reader: Speaker, place: str = POD) -> Seen:
    """The one message of the bot in a pod's channel that shows its people."""
    found = [m for m in reader.sees(place) if m.by == "bot" and m.to is None and "Your pod in" in m.text]
    assert len(found) == 1, [m.text for m in reader.sees(place)]
    return found[0]


async def test_those_who_ask_are_in_a_private_channel_on_wednesday(world: World) -> None:
    mia, ben, ada, cleo, dan = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    for person in (mia, ben, ada, cleo):
        assert "You are on the list. Pods are formed" in await asks(person)
    assert channels(mia) == set()
    await world.until(WEDNESDAY)
    assert [channels(p) for p in (mia, ben, ada, cleo)] == [{POD}] * 4
    assert channels(dan) == set()
    assert channels(world.chat.person("ines")) == set()
    assert "Mia, Ben, Ada and Cleo" in pod_post(mia).text
    await world.until("2026-01-08T09:00:00Z")
    heard = mia.find("You are in a pod with")
    assert "Ben, Ada and Cleo" in heard.text
    assert f"#{POD}" in heard.text
    assert not any("in a pod with" in text for text in dan.inbox())


async def test_an_introduction_stands_in_the_pod_alone(world: World) -> None:
    mia, ben, ada, _cleo = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    secret = "On a boat near Horta, with a slow modem"
    await mia.press(pod_post(mia), "Introduce yourself")
    assert mia.form is not None
    assert len(mia.form.fields) == 3
    assert f"It stands in #{POD}" in (await mia.submit(q1=secret)).text
    assert secret in pod_post(ben).text
    assert secret in (await ada.press(pod_post(ada), "My pod")).text
    with pytest.raises(CannotSee):
        ben.find(secret, "general")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for person in (dan, ines, omar):
        for text in ("", "desk", "week", "overview"):
            assert secret not in (await person.command(text)).text
    await mia.press(pod_post(mia), "Introduce yourself")
    assert mia.form.fields[0].value == secret
    await mia.submit(q1="In Lisbon again")
    assert secret not in pod_post(ben).text
    assert "In Lisbon again" in pod_post(ben).text


async def test_an_empty_introduction_comes_back(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await mia.press(pod_post(mia), "Introduce yourself")
    refused = await mia.submit()
    assert "one of the questions" in refused.errors["q1"]


async def test_whoever_asks_later_gets_a_free_place_at_once(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    answer = await asks(dan)
    assert "With Mia, Ben, Ada and Cleo" in answer
    assert f"#{POD}" in answer
    assert channels(dan) == {POD}
    assert "Dan" in pod_post(mia).text
    await world.until("2026-01-12T08:30:00Z")
    assert not any("You are in a pod with" in text for text in dan.inbox()), "the answer said it"
    assert "Your pod has changed. It is you, Ben, Ada, Cleo and Dan now" in "".join(mia.inbox())


async def test_leaving_the_pod_takes_one_out_of_its_channel(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    await mia.press(pod_post(mia), "Introduce yourself")
    await mia.submit(q1="In Lisbon")
    mine = await mia.press(pod_post(mia), "My pod")
    await mia.press(await mia.press(mine, "Leave the pod"), "Leave the pod")
    left = mia.find("You have left the pod")
    assert channels(mia) == set()
    assert "Mia" not in pod_post(ben).text
    assert "In Lisbon" not in pod_post(ben).text
    await world.wait(minutes=1)
    again = await mia.press(left, "I'd like a pod")
    assert channels(mia) == {POD}
    assert "With Ben" in again.text
    assert "In Lisbon" not in pod_post(ben).text, "they have not said that it may stand here"
    assert "In Lisbon" not in (await ben.press(pod_post(ben), "My pod")).text
    await mia.press(pod_post(mia), "Introduce yourself")
    assert mia.form is not None
    assert "for an earlier pod" in mia.form.intro
    assert mia.form.fields[0].value == "In Lisbon"
    await mia.submit(q1="In Lisbon")
    assert "In Lisbon" in pod_post(ben).text


async def test_a_pod_below_three_is_merged_and_all_hear_of_it(world: World) -> None:
    people = await learners(world, "Ann", "Bob", "Cat", "Dov")
    far = [await world.learner(n.lower(), n, "Asia/Tokyo") for n in ("Eve", "Fay", "Gus", "Hal")]
    for person in (*people, *far):
        await asks(person)
    await world.until(WEDNESDAY)
    ann, bob, cat, dov = people
    eve = far[0]
    assert channels(ann) != channels(eve)
    small, home = channels(ann).pop(), channels(eve).pop()
    await ann.press(pod_post(ann, small), "Introduce yourself")
    await ann.submit(q1="In Berlin, for my old pod")
    await world.wait(minutes=1)
    for person in (cat, dov):
        await person.press(await person.command("leave"), "Leave")
    assert channels(ann) == channels(bob) == {home, small}
    assert "In Berlin" not in pod_post(eve, home).text
    assert "this channel is closed" in "".join(m.text for m in ann.sees(small))
    assert "Ann" in pod_post(eve, home).text
    assert "Cat" not in pod_post(eve, home).text
    assert world.chat.sandbox.platform.room(small).archived
    assert channels(cat) == set()
    await world.until("2026-01-08T09:00:00Z")
    heard = ann.find("You are in a pod with Bob, Eve, Fay, Gus and Hal").text
    assert "Your pod had become small, so it was joined with another one" in heard
    assert f"#{small} is closed, and you can still read it" in heard
    assert f"#{home}" in heard
    await world.until("2026-01-13T09:00:00Z")
    assert "It is you, Ann, Bob, Fay, Gus and Hal now" in "".join(eve.inbox())


async def test_somebody_alone_hears_that_they_wait(world: World) -> None:
    (mia, ben) = await learners(world, "Mia", "Ben")
    await asks(mia)
    await world.until("2026-01-08T09:00:00Z")
    assert "There is nobody to be in a pod with just now" in "".join(mia.inbox())
    assert "1 learner waits for a pod" in (await world.chat.person("ines").command("desk")).text
    await asks(ben)
    assert channels(mia) == channels(ben) == {POD}


async def test_the_week_card_offers_a_pod_and_later_shows_it(world: World) -> None:
    people = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    mia, *others, dan = people
    await world.until("2026-01-05T08:30:00Z")
    assert "A pod?" in mia.find("Week 1: ").text
    for person in (mia, *others):
        await person.press(person.find("Week 1: "), "I'd like a pod")
    assert "You are on the list. Pods are formed on Wed 7 Jan." in mia.find("Week 1: ").text
    await world.until(WEDNESDAY)
    assert "Your pod: With Ben, Ada and Cleo" in mia.find("Week 1: ").text
    await mia.press(mia.find("Week 1: "), "Introduce yourself")
    await mia.submit(q2="Courage")
    assert "My pod" in mia.find("Week 1: ").buttons
    assert "A pod?" in dan.find("Week 1: ").text


async def test_at_the_end_channels_are_archived_without_names_and_reopening_makes_new_ones(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await mia.press(pod_post(mia), "Introduce yourself")
    await mia.submit(q1="In Lisbon")
    await end(world)
    platform = world.chat.sandbox.platform
    assert platform.room(POD).archived
    assert "this channel is closed" in pod_post(ben).text
    assert "In Lisbon" not in pod_post(ben).text
    await reopen(world)
    assert channels(mia) == channels(ben) == {POD, f"{POD}-2"}
    assert "In Lisbon" in pod_post(ben, f"{POD}-2").text
    assert platform.room(POD).archived


# What the course team sees


async def test_a_channel_that_cannot_be_made_is_on_the_desk_until_it_is_there(world: World) -> None:
    for taken in (POD, f"{POD}-2", f"{POD}-3"):
        world.chat.channel(taken)
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    assert "Its channel is not there yet" in (await mia.press(await mia.command(""), "My pod")).text
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert "Pods whose channel does not work" in desk.text
    assert "Pod 1: Mia, Ben, Ada and Cleo" in desk.text
    assert "everybody is in" in desk.text
    world.chat.sandbox.platform.remove_channel(f"{POD}-3")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Try again")))
    assert world.chat.sandbox.platform.room(f"{POD}-3").members == {"mia", "ben", "ada", "cleo"}
    assert "Mia, Ben, Ada and Cleo" in pod_post(mia, f"{POD}-3").text
    assert "Pods whose channel" not in (await ines.command("desk")).text
    await world.until("2026-01-08T09:00:00Z")
    assert "You are in a pod with" in "".join(mia.inbox())


async def test_another_name_is_tried_only_where_the_name_was_in_the_way(world: World) -> None:
    await formed(world, "Mia", "Ben", "Ada", "Cleo")
    why = f"I may not make #{POD} here."
    await world.app.runtime.receive(PlaceMade(anchor="pods/1/1/x/", place=None, at=world.clock.now(), why=why))
    await world.settle()
    assert world.chat.sandbox.platform.room(POD)
    assert f"{POD}-2" not in {room.id for room in world.chat.sandbox.platform.places()}
    assert why in (await world.chat.person("ines").command("desk")).text


async def test_a_quiet_pod_is_on_the_desk_and_can_be_merged(world: World) -> None:
    near = await learners(world, "Ann", "Bob", "Cat", "Dov")
    far = [await world.learner(n.lower(), n, "Asia/Tokyo") for n in ("Eve", "Fay", "Gus")]
    more = [await world.learner("hal", "Hal", "Asia/Tokyo")]
    for person in (*near, *far, *more):
        await asks(person)
    await world.until(WEDNESDAY)
    ann, eve = near[0], far[0]
    small, home = channels(eve).pop(), channels(ann).pop()
    await more[0].press(await more[0].command("leave"), "Leave")
    await ann.press(pod_post(ann, home), "Introduce yourself")
    await ann.submit(q1="In Berlin")
    await world.until("2026-01-15T09:00:00Z")
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert "Pods that may be quiet" in desk.text
    assert "nobody has used 'Introduce yourself'" in desk.text
    assert desk.text.count("nobody has used 'Introduce yourself'") == 1
    assert "In Berlin" not in desk.text
    assert "The nearest pod with room is pod" in desk.text
    sure = await ines.press(desk, next(b for b in desk.buttons if b.startswith("Merge it")))
    assert "Bring Eve, Fay and Gus into pod" in sure.text
    assert "Done" in (await ines.press(sure, "Merge them")).text
    assert channels(eve) >= {home}
    assert world.chat.sandbox.platform.room(small).archived
    assert "have changed since" in (await ines.press(sure, "Merge them")).text
    assert "Pods that may be quiet" not in (await ines.command("desk")).text
    await world.until("2026-01-16T09:00:00Z")
    heard = eve.find("You are in a pod with Ann, Bob, Cat, Dov, Fay and Gus").text
    assert "The course team has joined your pod with another one" in heard


async def test_a_quiet_pod_that_fits_no_other_gets_a_letter_of_the_instructor(world: World) -> None:
    mia, ben, ada, cleo = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await cleo.press(await cleo.command("away"), "I'm away")
    await cleo.submit(start="2026-01-14", until="2026-01-30")
    await world.until("2026-01-15T09:00:00Z")
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert "nobody has used 'Introduce yourself'" in desk.text
    assert not any(b.startswith("Merge it") for b in desk.buttons)
    write = next(b for b in desk.buttons if b.startswith("Write to them"))
    form = (await ines.press(desk, write)).form
    assert form is not None
    assert "Mia, Ben and Ada: each gets it alone" in form.intro
    said = await ines.submit()
    assert "Mia, Ben and Ada get it, each alone at their next hour" in said.text
    assert "Pods that may be quiet" not in (await ines.command("desk")).text
    bot = len([m for m in mia.sees(POD) if m.by == "bot"])
    await world.until("2026-01-17T09:00:00Z")
    got = [sum("Nobody reads what your pod writes" in text for text in p.inbox()) for p in (mia, ben, ada, cleo)]
    assert got == [1, 1, 1, 0], "who is away is left in peace"
    assert len([m for m in mia.sees(POD) if m.by == "bot"]) == bot
    await ines.press(desk, write)
    assert "so nobody gets another one" in (await ines.submit()).text
    letter = mia.find("Nobody reads what your pod writes")
    await mia.press(letter, "Reply")
    await mia.submit(text="Rather another pod")
    assert "Rather another pod" in (await ines.command("desk")).text


async def test_a_posted_desk_follows_an_introduction(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    ines = world.chat.person("ines")
    await world.until("2026-01-15T12:00:00Z")
    assert "nobody has used 'Introduce yourself'" in ines.find("Pods that may be quiet").text
    await mia.press(await mia.press(await mia.command(""), "My pod"), "Introduce yourself")
    await mia.submit(q1="In Berlin")
    await world.wait(minutes=15)
    assert not [seen for seen in ines.sees() if "nobody has used" in seen.text]


def test_the_manual_names_when_a_pod_may_be_quiet() -> None:
    said = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    assert f"with the form after {rules.INTRODUCED_AFTER.days} days" in said
    assert f"done anything in the course for {rules.QUIET_FOR.days} days" in said
    assert f"a word of the course team in the last {rules.QUIET_FOR.days} days" in said


async def test_erasure_takes_somebody_out_of_their_pod(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await mia.press(pod_post(mia), "Introduce yourself")
    await mia.submit(q1="In Lisbon")
    await forget(world, "mia")
    await world.wait(minutes=1)
    assert channels(mia) == set()
    assert "Mia" not in pod_post(ben).text
    assert "In Lisbon" not in pod_post(ben).text
    assert "Mia" not in (await ben.press(pod_post(ben), "My pod")).text


async def test_erasing_people_of_a_small_pod_merges_it_at_once(world: World) -> None:
    near = await learners(world, "Ann", "Bob", "Cat", "Dov")
    far = [await world.learner(n.lower(), n, "Asia/Tokyo") for n in ("Eve", "Fay", "Gus", "Hal")]
    for person in (*near, *far):
        await asks(person)
    await world.until(WEDNESDAY)
    home = channels(far[0]).pop()
    for name in ("cat", "dov"):
        await forget(world, name)
    await world.wait(minutes=1)
    assert [channels(p) for p in near[2:]] == [set(), set()]
    assert "Ann" in pod_post(far[0], home).text


async def test_whoever_leaves_before_the_channel_is_made_does_not_stay_in_it(world: World) -> None:
    people = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan", "Eve")
    for person in people:
        await asks(person)
    mia, _ben, _ada, _cleo, dan, eve = people
    await world.until("2026-01-07T10:59:00Z")
    world.chat.sandbox.platform.faults.plan("429", 1)
    await world.until("2026-01-07T11:00:00Z")
    assert channels(mia) == set(), "the chat is asked too often, and the channel is made a little later"
    await dan.press(await dan.command("leave"), "Leave")
    page = await eve.press(await eve.command(""), "My pod")
    await eve.press(await eve.press(page, "Leave the pod"), "Leave the pod")
    await world.wait(hours=1)
    assert channels(mia) == {POD}
    assert channels(dan) == channels(eve) == set()


async def test_somebody_away_keeps_their_place(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await mia.press(await mia.command("away"), "I'm away")
    await mia.submit(start="2026-01-08", until="2026-01-14")
    await world.until("2026-01-15T09:00:00Z")
    assert channels(mia) == {POD}
    assert "Mia" in pod_post(ben).text


async def test_all_are_in_a_pod_but_those_who_say_no(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=PODS.replace("size: 5", "size: 5, join: all"))
    mia, ben, ada, cleo, dan = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    await dan.press(dan.find("Welcome to"), "No pod for me")
    await world.until(WEDNESDAY)
    assert [channels(p) for p in (mia, ben, ada, cleo, dan)] == [{POD}] * 4 + [set()]
    (eve,) = await learners(world, "Eve")
    assert channels(eve) == {POD}
    world.app.storage.close()


async def test_in_a_later_run_people_meet_others(world: World) -> None:
    names = ("Ann", "Bob", "Cat", "Dov", "Eve", "Fay", "Gus", "Hal")
    people = await formed(world, *names)
    first = {p.id: channels(p) for p in people}
    for name in ("g2", "q2"):
        world.chat.channel(name)
    later = CohortPlan(
        code="later",
        course_text=PODS,
        starts_on=date(2026, 3, 2),
        zone="Europe/Berlin",
        workspace="sandbox",
        channels={"main": "g2", "questions": "q2"},
        people=((Role.INSTRUCTOR, "ines"),),
    )
    _cohort, code = create_cohort(world.app.storage, world.app.registry, later)
    for person in people:
        await person.command("join", code)
        await person.press(
            [m for m in person.sees() if "A pod?" in m.text and "Welcome to" in m.text][-1], "I'd like a pod"
        )
    await world.until("2026-03-04T11:01:00Z")
    for person in people:
        mates = {p.id for p in people if channels(p) & channels(person) & {"later-pod-1", "later-pod-2"}} - {person.id}
        assert len(mates) == 3
        assert any(first[mate] != first[person.id] for mate in mates)
