"""A session over time: what an edit may change of what learners were told, as conversations. The first Monday is
5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.features.test_ledger import ledger
from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, listing, say_yes, tasting
from tests.features.test_live_kept import NOON, change, states, told
from tests.features.test_revisions import upload
from tests.kit import World, new_world

LONG = "[{item: Watch it, minutes: 40}, {item: Read it, minutes: 20}]"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots="[Wed 08:00, Wed 21:00]")))
    yield made
    made.app.storage.close()


async def test_a_yes_hears_of_another_length(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await change(world, course(tasting(slots="[Wed 08:00, Wed 21:00]", minutes="60", pays=LONG)))
    assert states(world) == {"tasting": "announced"}
    await world.until("2026-01-06T12:00:00Z")
    longer = "“Tasting” on Wed 7 Jan, 21:00, to which you said yes, has changed. It takes 60 min instead of 30 min."
    assert (told(mia, longer), told(ben, "instead of 30")) == (1, 0)


@pytest.mark.parametrize(
    "edit",
    [
        {"slots": "[Wed 08:00, Wed 21:15]", "minutes": "60", "pays": LONG},
        {"slots": "[Wed 08:00, Wed 21:00]", "minutes": "90", "pays": LONG},
    ],
    ids=["night", "longer than paid"],
)
async def test_one_yes_carries_no_edit_past_the_gate(world: World, edit: dict[str, str]) -> None:
    mia = await world.learner("mia", "Mia")
    await change(world, course(tasting(slots=edit["slots"], goal="Taste.")))
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await change(world, course(tasting(**edit)))
    assert states(world) == {"tasting": "held"}
    await world.until("2026-01-06T12:00:00Z")
    assert told(mia, "to which you had said yes, does not take place") == 1


async def test_after_the_first_time_the_others_are_as_long_as_was_promised(world: World) -> None:
    """The file's ten minutes would end before ten at night; what stands takes half an hour."""
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await world.until(NOON)
    short = {"minutes": "10", "pays": "[{item: Read it, minutes: 10}]"}
    await change(world, course(tasting(slots="[Wed 08:00, Wed 21:45]", **short)))
    assert "21:45" not in mia.find("Week 1: ").text
    await world.until("2026-01-08T11:00:00Z")
    assert told(mia, "does not take place") == 1


@pytest.mark.parametrize("now", [MONDAY, NOON])
async def test_a_payer_with_another_title_in_an_upload_pays_on(world: World, now: str) -> None:
    await world.learner("mia", "Mia")
    await world.until(now)
    planned = ledger(world)
    text = course(tasting(slots="[Wed 08:00, Wed 21:00]"))
    await change(world, text.replace("{title: Read it, ", "{title: Study it, "))
    assert states(world) == {"tasting": "announced"}
    assert ledger(world) == planned


async def test_a_payer_that_is_taken_out_holds_what_is_ahead_and_nothing_that_began(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    text = course(tasting(slots="[Wed 08:00, Wed 21:00]"))
    without = text.replace("{title: Read it, minutes: 20}, ", "")
    await world.until(MONDAY)
    await change(world, without)
    assert states(world) == {"tasting": "held"}
    await change(world, text)
    await world.until(NOON)
    planned = ledger(world)
    await change(world, without)
    assert states(world) == {"tasting": "announced"}
    assert ledger(world) == planned
    assert "21:00" in mia.find("Week 1: ").text
    assert "About 1 h" in mia.find("Week 1: ").text


async def test_an_objective_and_its_session_come_in_two_edits(tmp_path: Path) -> None:
    """The first objective is the instructor's to name: it is logged, and in the manager's week. Without it, the session
    is held; and taking it out opens no way to another one."""
    none = HEAD.replace(", live_only: [Taste and argue]", "")
    world = new_world(tmp_path, now=SUNDAY, course=none)
    await world.learner("mia", "Mia")
    omar = world.chat.person("omar")
    await world.until(MONDAY)
    await change(world, course(tasting(), head=none))
    assert states(world) == {"tasting": "held"}
    await change(world, course(tasting()))
    assert states(world) == {"tasting": "announced"}
    await change(world, course(tasting(), head=none))
    assert states(world) == {"tasting": "held"}
    other = course(tasting(objective="Chat"), head=HEAD.replace("[Taste and argue]", "[Chat]"))
    assert "Use it" not in (await upload(world, other)).buttons, "only the manager can"
    await change(world, course(tasting()))
    await world.until("2026-01-12T12:00:00Z")
    assert "New objectives for live sessions: " in omar.inbox()[-1]
    assert "“Taste and argue”, by " in omar.inbox()[-1]
    world.app.storage.close()


async def test_what_most_handed_in_pays_for_no_new_session(tmp_path: Path) -> None:
    cup = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n"
    world = new_world(tmp_path, now=SUNDAY, course=cup)
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await mia.press(mia.find("Week 1: "), "Hand in")
    await mia.submit(text="My cup")
    await change(world, course(tasting(pays="[{item: cup, minutes: 30}]"), head=cup))
    assert states(world) == {"tasting": "held"}
    desk = await world.chat.person("ines").command("desk", place="general")
    assert "1 of 1 learners have worked on “Cup” already. “Cup” has 0 min to give, and not 30." in desk.text
    world.app.storage.close()


async def test_what_a_mandated_session_is_paid_with_is_no_content_of_it(tmp_path: Path) -> None:
    both = "materials: [{title: Read it, minutes: 20}, {title: Watch it, minutes: 40}]"
    head = HEAD.replace(both, "materials: [{title: Invoices, minutes: 30}]")
    rule = {"optional": "no", "mandated": "Rule 4", "pays": "[{item: Invoices, minutes: 30}]"}
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**rule), head=head))
    await world.learner("mia", "Mia")
    await world.until(MONDAY)
    (found,) = listing(world)
    assert found["state"] == "held"
    assert "Its content is not there as material." in [one["why"] for one in found["failed"]]
    world.app.storage.close()


async def test_what_is_new_in_a_week_that_has_begun_makes_no_room(tmp_path: Path) -> None:
    """One upload adds a material, and a session that it pays for: nothing would leave anybody's card."""
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    padded = HEAD.replace("{title: Watch it, minutes: 40}", "{title: Watch it, minutes: 40}, {title: Pad, minutes: 30}")
    pays = "[{item: Pad, minutes: 30}]"
    await change(world, course(tasting(pays=pays), head=padded))
    assert states(world) == {"tasting": "held"}
    assert "Live, if you like" not in mia.find("Week 1: ").text
    desk = await world.chat.person("ines").command("desk", place="general")
    assert "“Pad” was on no card when the week began." in desk.text
    await change(world, course(tasting(), head=padded.replace(", {title: Pad, minutes: 30}", "")))
    assert states(world) == {"tasting": "announced"}
    world.app.storage.close()


async def test_what_was_announced_stays_when_reading_is_added_to_its_week(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    more = HEAD.replace("{title: Watch it, minutes: 40}", "{title: Watch it, minutes: 40}, {title: More, minutes: 30}")
    await change(world, course(tasting(), head=more))
    assert states(world) == {"tasting": "announced"}
    assert "Live, if you like" in mia.find("Week 1: ").text


async def test_a_preview_names_words_that_say_that_people_have_to_come(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=HEAD)
    shown = await upload(world, course(tasting(goal="'You MUST come, it is graded.'")))
    assert shown.text.count("Learners would read “You MUST come” beside “It is optional”") == 1
    assert "Say what somebody who comes gets from it." in shown.text
    await world.chat.person("ines").press(shown, "Use it")
    await world.settle()
    assert states(world) == {"tasting": "announced"}, "it is advice"
    world.app.storage.close()
