"""Work that one hands in for their pod, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.sandbox.driver import Speaker
from tests.features.test_erasure import forget
from tests.features.test_pods import formed, learners
from tests.features.test_who_left import leave
from tests.kit import COURSE, World, new_world

HANDED = f"""\
{COURSE}
pods: {{size: 5}}
milestones:
  - {{id: map, week: 1, title: The map, due: Sun 23:59 aoe, essential: yes, pod: yes}}
"""
FRIDAY = "2026-01-09T08:10:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=HANDED)
    yield made
    made.app.storage.close()


async def hands_in(person: Speaker, text: str) -> None:
    await person.press(person.find("Week 1: "), "Hand in")
    await person.submit(text=text)


async def test_one_hands_in_for_the_whole_pod(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    await world.until("2026-01-08T08:10:00Z")
    await mia.press(mia.find("Week 1: "), "Hand in")
    assert mia.form is not None
    assert "for your whole pod, with Ben, Ada and Cleo" in mia.form.intro
    await mia.submit(text="Our map of the harbour")
    assert "Mia handed in, for your whole pod" in mia.find("Our map of the harbour").text
    await world.until("2026-01-09T16:10:00Z")
    assert "Mia handed in, for your whole pod" in ben.find("Our map of the harbour").text
    assert "handed in" in ben.find("Week 1: ").text.split("The map")[1].split("\n")[0]
    assert "to hand in" in dan.find("Week 1: ").text
    assert "Our map" not in "".join(dan.inbox())


async def test_what_stands_already_changes_at_once_and_everybody_can_edit_it(world: World) -> None:
    mia, *others = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await world.until("2026-01-11T10:10:00Z")
    before = [len(person.sees()) for person in others]
    assert all("Hand in “The map”" in person.find("still open").text for person in others)
    await hands_in(mia, "Our map of the harbour")
    for person in others:
        assert "The map · handed in by your pod" in person.find("Week 1: ").text
        assert "Hand in" not in person.find("Week 1: ").buttons
        assert "The map" not in person.find("still open").text
    assert [len(person.sees()) for person in others] == before, "no message more"
    for person in others:
        page = await person.command("")
        assert "to hand in" not in page.text.replace("what to hand in", "")
        assert "Our map of the harbour" in (await person.press(page, "My work")).text
    ben, ada, _cleo = others
    for person, how in ((ben, "Edit: The map"), (ada, "")):
        if how:
            await person.press(await person.command("submit"), how)
        else:
            await person.command("submit", "A map that Ada typed")
        assert person.form is not None
        assert "for your whole pod, with Mia" in person.form.intro
        assert "Your pod and your instructors see it." in person.form.intro
        assert not any("instructors" in getattr(field, "hint", "") for field in person.form.fields)
    await ben.submit(text="Our map, with a legend")
    assert "Ben handed in, for your whole pod" in mia.find("with a legend").text


async def test_whoever_writes_last_sees_what_another_of_the_pod_wrote(world: World) -> None:
    mia, ben, ada, _cleo = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await mia.press(mia.find("Week 1: "), "Hand in")
    await hands_in(ben, "Ben's map")
    conflict = await mia.submit(text="Mia's map")
    assert "Ben's map" in str((conflict.errors, conflict.form, conflict.text))
    assert "handed in by Ben" in str((conflict.errors, conflict.form, conflict.text))
    await mia.submit(text="Both maps")
    await world.until("2026-01-09T16:10:00Z")
    for person in (mia, ben, ada):
        assert "Mia handed in, for your whole pod" in person.find("Both maps").text


async def test_what_somebody_handed_in_for_themselves_stays(world: World) -> None:
    mia, ben, ada, cleo = await learners(world, "Mia", "Ben", "Ada", "Cleo")
    await world.until("2026-01-05T08:30:00Z")
    await hands_in(ben, "My own map")
    for person in (mia, ben, ada, cleo):
        await person.press(person.find("Welcome to"), "I'd like a pod")
    await world.until("2026-01-07T11:01:00Z")
    await hands_in(mia, "Our map")
    await world.until("2026-01-09T16:10:00Z")
    assert "You handed in" in ben.find("My own map").text
    assert "Our map" not in "".join(ben.inbox())
    await ben.press(ben.find("My own map"), "Edit")
    assert ben.form is not None
    assert [field.value for field in ben.form.fields if field.name == "text"] == ["My own map"]
    assert "pod" not in ben.form.intro
    await ben.submit(text="My own map, with a legend")
    assert "Our map" in mia.find("Our map").text
    await mia.press(mia.find("Our map"), "Edit")
    assert "with Ada and Cleo. Others in your pod have work of their own" in str(mia.form and mia.form.intro)


async def test_an_instructor_reads_it_once_and_each_gets_the_feedback(world: World) -> None:
    mia, ben, ada, _cleo = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await hands_in(mia, "Our map of the harbour")
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert desk.text.count("and their pod") == 1
    assert sum(b.startswith("Give feedback") for b in desk.buttons) == 1
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
    given = await ines.submit(text="The legend is the best part.")
    assert "Give feedback" not in "".join((await ines.command("desk")).buttons)
    await ines.press(given, "Edit")
    await ines.submit(text="The legend is by far the best part.")
    await world.until(FRIDAY)
    for person in (mia, ben, ada):
        assert "by far the best part" in person.find("Ines gives you feedback on “The map”").text


async def test_taking_it_back_or_being_erased_leaves_it_to_the_others(world: World) -> None:
    mia, ben, ada, _cleo = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await hands_in(mia, "Our map of the harbour")
    await world.until(FRIDAY)
    sure = await mia.press(mia.find("Our map of the harbour"), "Take it back")
    assert "the others of your pod keep it" in sure.text
    await mia.press(sure, "Take it back")
    ines = world.chat.person("ines")
    assert "and their pod" in (await ines.command("desk")).text
    await forget(world, "mia")
    await world.until("2026-01-09T16:10:00Z")
    assert "Handed in for your whole pod" in ada.find("Our map of the harbour").text
    assert "The map · handed in by your pod" in ben.find("Week 1: ").text
    assert "Mia" not in "".join(ada.find(words).text for words in ("Our map of the harbour", "Week 1: "))


async def merged(world: World) -> tuple[list[Speaker], list[Speaker]]:
    """Two who were joined to a pod of four since the others of theirs had left; both pods had handed in before."""
    near = await learners(world, "Ann", "Bob", "Cat", "Dov")
    far = [await world.learner(n.lower(), n, "Asia/Tokyo") for n in ("Eve", "Fay", "Gus", "Hal")]
    for person in (*near, *far):
        await person.press(person.find("Welcome to"), "I'd like a pod")
    await world.until("2026-01-08T08:10:00Z")
    await hands_in(near[0], "The map of Ann's pod")
    await hands_in(far[0], "The map of Eve's pod")
    await world.wait(minutes=5)
    for leaver in near[2:]:
        await leave(leaver)
    await world.settle()
    return near[:2], far


async def test_two_pods_that_were_merged_go_on_with_what_each_had_handed_in(world: World) -> None:
    (ann, bob), (eve, fay, *_) = await merged(world)
    await world.until("2026-01-09T09:00:00Z")
    assert "The map · handed in by your pod" in bob.find("Week 1: ").text
    await bob.press(await bob.command("submit"), "Edit: The map")
    assert bob.form is not None
    assert [field.value for field in bob.form.fields if field.name == "text"] == ["The map of Ann's pod"]
    assert "Ann handed in, for some of your pod:" in ann.find("The map of Ann's pod").text
    assert "Eve handed in, for some of your pod:" in eve.find("The map of Eve's pod").text
    assert "You hand it in with Ann. Others in your pod have work of their own" in bob.form.intro
    await bob.submit(text="The map of Ann's pod, with a legend")
    await fay.press(await fay.command("submit"), "Edit: The map")
    assert "with Eve, Gus and Hal. Others in your pod" in str(fay.form and fay.form.intro)
    await fay.submit(text="The map of Eve's pod, with a compass")
    await world.until("2026-01-10T16:00:00Z")
    for person, whose in ((ann, "Ann's pod, with a legend"), (bob, "Ann's pod, with a legend")):
        assert whose in person.find("Bob handed in, for some of your pod:\n> The map of").text
        assert "Eve's pod" not in "".join(person.inbox())
    assert "Eve's pod, with a compass" in eve.find("The map of").text
    desk = await world.chat.person("ines").command("desk")
    assert desk.text.count("and their pod") == 2
    assert sum(b.startswith("Give feedback") for b in desk.buttons) == 2


REVIEWED = f"""\
{HANDED}
reviews:
  - id: maps
    milestone: map
    week: 2
    title: Read a map
    reviews: 1
    rubric: ["What works best?"]
"""


async def test_nobody_reviews_the_work_of_their_own_pod(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=REVIEWED)
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    dan, eve = await learners(world, "Dan", "Eve")
    await hands_in(mia, "Our map of the harbour")
    for person in (dan, eve):
        await person.command("submit", f"{person.id}: a map of my own")
    await world.until("2026-01-13T08:30:00Z")
    read = await ben.press(await ben.command(""), "Review")
    assert "a map of my own" in read.text
    assert "harbour" not in read.text
    world.app.storage.close()


async def test_each_work_of_two_pods_that_were_merged_is_reviewed_once(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=REVIEWED.replace("reviews: 1", "reviews: 2"))
    zoe = await world.learner("zoe", "Zoe")
    (ann, bob), (eve, *_) = await merged(world)
    await bob.press(await bob.command("submit"), "Edit: The map")
    await bob.submit(text="The map of Ann's pod, with a legend")
    await zoe.command("submit", "A map by Zoe")
    await world.until("2026-01-13T08:30:00Z")
    read = []
    for _number in range(2):
        piece = await zoe.press(await zoe.command(""), "Review")
        read.append(piece.text)
        await zoe.press(piece, "Write the review")
        assert zoe.form is not None
        await zoe.submit(values=dict.fromkeys([field.name for field in zoe.form.fields], "The colours"))
    assert sorted("with a legend" in text for text in read) == [False, True]
    assert sorted("Eve's pod" in text for text in read) == [False, True]
    for person in (ann, bob, eve):
        piece = await person.press(await person.command(""), "Review")
        assert "A map by Zoe" in piece.text
        assert "pod" not in piece.text
    world.app.storage.close()


async def test_after_one_handed_in_the_cards_of_all_say_so(world: World) -> None:
    people = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    mia, ben, *_ = people
    await hands_in(mia, "The first map")
    await world.wait(minutes=20)
    await ben.command("submit", "The second map")
    await ben.submit(text="The second map")
    for until in ("2026-01-08T08:10:00Z", "2026-01-08T16:10:00Z", FRIDAY, "2026-01-09T16:10:00Z"):
        await world.until(until)
        for person in (mia, ben):
            assert "Ben handed in, for your whole pod" in person.find("The second map").text
            assert not any("The first map" in text for text in person.inbox())
    for person in people:
        receipt = person.find("The second map")
        assert "Ben handed in, for your whole pod" in receipt.text
        assert "Edit" in receipt.buttons
        assert sum("The second map" in text for text in person.inbox()) == 1
        line = person.find("Week 1: ").text.split("The map")[1].split("\n")[0]
        assert "handed in by your pod" in line


async def joined(world: World) -> tuple[list[Speaker], list[Speaker]]:
    """A pod that has handed in, and the two who were joined to it on Friday, after the others of theirs had left."""
    zones = ["Pacific/Auckland", "Pacific/Honolulu", "Asia/Tokyo", "Pacific/Apia"]
    near = ["Europe/Berlin", "Europe/Lisbon", "Europe/Berlin", "Asia/Kolkata"]
    names = ["Ana", "Bo", "Cy", "Di", "Eli", "Fay", "Gus", "Hal"]
    people = [await world.learner(name.lower(), name, zone) for name, zone in zip(names, [*zones, *near], strict=True)]
    for person in people:
        await person.press(person.find("Welcome to"), "I'd like a pod")
    await world.until("2026-01-09T12:00:00Z")
    ana, bo, cy, di, eli, fay, gus, hal = people
    await bo.command("submit")
    await bo.submit(text="Our map of four")
    await gus.command("submit")
    for leaver in (eli, fay):
        await leave(leaver)
    return [ana, bo, cy, di], [gus, hal]


async def test_those_who_are_joined_to_a_pod_have_what_it_handed_in(world: World) -> None:
    (_ana, bo, *_), (gus, hal) = await joined(world)
    back = await gus.submit(text="The map of Gus")
    assert "handed in by Bo" in str((back.errors, back.form, back.text)), "his form was open before he was joined"
    assert "Our map of four" in str((back.errors, back.form))
    await world.until("2026-01-10T16:00:00Z")
    assert "The map · handed in by your pod" in hal.find("Week 1: ").text
    page = await hal.command("")
    assert "Hand in “The map”" not in page.text
    await hal.command("submit", "The map of Hal")
    assert hal.form is not None
    assert "it replaces what your pod has handed in: Our map of four" in hal.form.intro
    await world.until("2026-01-12T09:00:00Z")
    receipt = hal.find("Our map of four")
    assert "Bo handed in, for your whole pod" in receipt.text
    await hal.press(receipt, "Edit")
    assert "Our map of four" in str(hal.form.fields)
    await hal.submit(text="The map of Hal")
    assert "Hal handed in, for your whole pod" in bo.find("The map of Hal").text
    copy = await bo.press(await bo.command("settings"), "Get a copy")
    kept = copy.files["person.json"]
    assert "Our map of four" in kept, "the version before"
    await world.until("2026-01-14T16:00:00Z")
    for person in (gus, hal):
        assert not any("did not arrive" in text for text in person.inbox())
