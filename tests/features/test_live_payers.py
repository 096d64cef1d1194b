"""What pays for a session that learners know is asked anew once other things are to pay, as conversations. The first
Monday is 5 January 2026."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from tests.features.test_ledger import ledger
from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, listing, say_yes, tasting
from tests.features.test_live_kept import change, states
from tests.features.test_live_ways_in import changed
from tests.kit import World, new_world

CUP = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n"
DUE_MONDAY = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40, due: Mon 20:00}\n"
DONE = "1 of 1 learners have worked on “Cup” already."
LONGER = "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 10}, {item: cup, minutes: 30}]"


async def handed_in(world: World) -> Speaker:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await mia.press(mia.find("Week 1: "), "Hand in")
    await mia.submit(text="My cup")
    return mia


def why(world: World) -> str:
    return " ".join(failed["why"] for failed in listing(world)[0]["failed"])


@pytest.mark.parametrize(
    "edit",
    [
        {"pays": "[{item: cup, minutes: 20}, {item: Watch it, minutes: 10}]"},
        {"minutes": "60", "pays": LONGER},
        {"id": "another", "minutes": "60", "pays": LONGER},
    ],
    ids=["the same length", "longer", "longer, under another id"],
)
async def test_what_most_have_done_pays_for_nothing_that_it_did_not_pay_for(
    tmp_path: Path, edit: dict[str, str]
) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(), head=CUP))
    mia = await handed_in(world)
    await change(world, course(tasting(**edit), head=CUP))
    assert DONE in why(world)
    card = mia.find("Week 1: ").text
    assert "Cup · 40 min" in card
    assert "I come" not in card
    await change(world, course(tasting(), head=CUP))
    assert states(world)["tasting"] == "announced"
    world.app.storage.close()


async def test_a_new_title_of_what_paid_hands_its_promise_to_nothing_else(tmp_path: Path) -> None:
    """In one upload both payers get another title, and what is done already stands in their places."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(), head=CUP))
    await handed_in(world)
    retitled = CUP.replace("title: Read it", "title: Read it!").replace("title: Watch it", "title: Watch it!")
    done = "[{item: cup, minutes: 20}, {item: cup, minutes: 10}]"
    await change(world, course(tasting(pays=done), head=retitled))
    assert DONE in why(world)
    await change(
        world, course(tasting(pays="[{item: Read it!, minutes: 20}, {item: Watch it!, minutes: 10}]"), head=retitled)
    )
    assert states(world)["tasting"] == "announced", "a new title alone changes nothing"
    world.app.storage.close()


async def test_the_form_asks_what_pays_anew(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(), head=CUP))
    await handed_in(world)
    preview = await changed(world.chat.person("ines"), {"minutes": "60", "pays": "Read it: 20\nWatch it: 10\ncup: 30"})
    assert DONE in preview.text + str(preview.errors)
    assert states(world) == {"tasting": "announced"}
    world.app.storage.close()


async def test_another_week_gives_up_what_it_can_give(tmp_path: Path) -> None:
    """What is over there pays for nothing that comes later."""
    later = tasting(week="2", pays="[{item: Read more, minutes: 30}]")
    world = new_world(tmp_path, now=SUNDAY, course=course(later, head=DUE_MONDAY))
    await handed_in(world)
    await world.until("2026-01-06T09:00:00Z")
    assert states(world) == {"tasting": "announced"}
    await change(world, course(tasting(pays="[{item: cup, minutes: 30}]"), head=DUE_MONDAY))
    assert states(world) == {"tasting": "held"}
    assert "“Cup” is over." in why(world)
    world.app.storage.close()


@pytest.mark.parametrize("steps", [1, 2])
async def test_what_learners_never_had_gives_up_nothing(tmp_path: Path, steps: int) -> None:
    """Added together with the change of what pays, or before it."""
    padded = HEAD.replace("{title: Watch it, minutes: 40}", "{title: Watch it, minutes: 40}, {title: Pad, minutes: 30}")
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    if steps == 2:
        await change(world, course(tasting(), head=padded))
        assert states(world) == {"tasting": "announced"}, "a longer week takes no session back"
    await change(world, course(tasting(pays="[{item: Pad, minutes: 20}, {item: Pad, minutes: 10}]"), head=padded))
    assert states(world) == {"tasting": "held"}
    assert "“Pad” was on no card when the week began." in why(world)
    world.app.storage.close()


async def test_what_was_promised_pays_on_once_it_is_done_but_not_for_more(tmp_path: Path) -> None:
    paid = tasting(pays="[{item: cup, minutes: 20}, {item: Watch it, minutes: 10}]")
    world = new_world(tmp_path, now=SUNDAY, course=course(paid, head=CUP))
    await handed_in(world)
    assert states(world) == {"tasting": "announced"}
    planned = ledger(world)
    swapped = tasting(pays="[{item: cup, minutes: 20}, {item: Read it, minutes: 10}]")
    await change(world, course(swapped, head=CUP))
    assert (states(world), ledger(world)) == ({"tasting": "announced"}, planned)
    await change(world, course(tasting(pays="[{item: cup, minutes: 30}]"), head=CUP))
    assert states(world) == {"tasting": "held"}
    assert DONE in why(world)
    world.app.storage.close()


async def test_what_pays_as_before_comes_before_what_pays_differently(tmp_path: Path) -> None:
    """Two sessions that learners know: the first takes over what the second is paid with."""
    head = CUP + "live_rules: {per_week: 2}\n"
    second = tasting(
        id="second", title="Second", slots="[Thu 08:00, Thu 20:00]", pays="[{item: Watch it, minutes: 30}]"
    )
    world = new_world(
        tmp_path, now=SUNDAY, course=course(tasting(pays="[{item: cup, minutes: 30}]"), second, head=head)
    )
    await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert states(world) == {"tasting": "announced", "second": "announced"}
    await change(world, course(tasting(pays="[{item: Watch it, minutes: 30}]"), second, head=head))
    assert states(world) == {"tasting": "held", "second": "announced"}
    world.app.storage.close()
