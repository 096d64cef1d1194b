"""No way into a course brings learners a session that the gate holds."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from adapters.sandbox.driver import Result, Speaker
from tests.features.test_live import HEAD, MONDAY, SUNDAY, calendar, course, everything, listing, tasting, use
from tests.features.test_live_proposed import MILESTONE, SOUND, opened
from tests.features.test_revisions import upload
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

FILE = HEAD + MILESTONE
TIGHT = FILE.replace("weekly_minutes: 300", "weekly_minutes: 60")

FAULTS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "mandatory": ({"optional": "no"}, {"optional": "no"}),
    "unrecorded": ({"recorded": "no"}, {"recorded": "no"}),
    "unpaid": ({"pays": "[{item: Read it, minutes: 10}]"}, {"pays": "Read it: 10"}),
    "without another way": ({"alternative": "none"}, {"alternative": "none"}),
    "at night": ({"slots": "[Wed 03:00, Wed 04:00]"}, {"slots": "Wed 03:00\nWed 04:00"}),
    "three hours": (
        {"minutes": "180", "pays": "[{item: Watch it, minutes: 40}]"},
        {"minutes": "180", "pays": "Watch it: 40"},
    ),
    "on trial, unrecorded": ({"trial": "yes", "recorded": "no"}, {"trial": "yes", "recorded": "no"}),
    "by a policy": ({"optional": "no", "mandated": "Rule 4"}, {"optional": "no", "mandated": "Rule 4"}),
    "by a policy and on trial": (
        {"optional": "no", "mandated": "Rule 4", "trial": "yes"},
        {"optional": "no", "mandated": "Rule 4", "trial": "yes"},
    ),
    "paid twice by one": (
        {"pays": "[{item: Read it, minutes: 15}, {item: Read it, minutes: 15}]"},
        {"pays": "Read it: 15\nRead it: 15"},
    ),
}
"""What is wrong, in the file and in the form."""

Way = Callable[[World, dict[str, str], dict[str, str]], Awaitable[None]]


async def by_change(world: World, file: dict[str, str], form: dict[str, str]) -> None:
    await use(world, course(tasting(**file), head=FILE))


async def by_upload(world: World, file: dict[str, str], form: dict[str, str]) -> None:
    await by_hand(world, course(tasting(**file), head=FILE))


async def by_hand(world: World, text: str) -> None:
    await world.chat.person("ines").press(await upload(world, text), "Use it")


async def by_edit_afterwards(world: World, file: dict[str, str], form: dict[str, str]) -> None:
    await by_change(world, {}, {})
    assert [one["state"] for one in listing(world)] == ["announced"]
    await by_upload(world, file, form)


async def by_form(world: World, file: dict[str, str], form: dict[str, str]) -> None:
    await by_change(world, {}, {})
    await world.chat.person("ines").press(await changed(world.chat.person("ines"), form), "Use it")


async def by_two_at_once(world: World, file: dict[str, str], form: dict[str, str]) -> None:
    """One changes the title, the other what the gate asks for."""
    await by_upload(world, {}, {})
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    first, second = await changed(ines, {"title": "Cupping"}), await changed(omar, form)
    await ines.press(first, "Use it")
    await omar.press(await omar.press(second, "Use it"), "Use it")


async def changed(speaker: Speaker, form: dict[str, str]) -> Result:
    page = await speaker.command("live", place="general")
    await speaker.press(await speaker.press(page, "Week 1: Tasting"), "Change it")
    return await speaker.submit(form)


async def is_held(world: World, mia: Speaker) -> None:
    assert [one["state"] for one in listing(world)] == ["held"]
    seen = everything(mia)
    assert "Live, if you like" not in seen
    assert "Live: " not in seen
    assert "Choose a time" not in seen
    events = calendar(world).decode().split("BEGIN:VEVENT")
    assert not [one for one in events if "STATUS:CONFIRMED" in one and ("Tasting" in one or "Cupping" in one)]
    await forge_in(world, mia, "live", "rsvp", "1")
    await forge_in(world, mia, "live", "rsvp", "1.1")
    assert all(one["state"] == "held" for one in listing(world))
    assert "Tasting" not in (await mia.command("")).text


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("way", [by_change, by_upload, by_edit_afterwards, by_form, by_two_at_once])
async def test_what_the_gate_holds_reaches_no_learner(tmp_path: Path, way: Way, fault: str) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=FILE)
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await way(world, *FAULTS[fault])
    await is_held(world, mia)
    world.app.storage.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_the_gate_holds_reaches_no_learner_of_a_new_cohort(tmp_path: Path, fault: str) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**FAULTS[fault][0]), head=FILE))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await is_held(world, mia)
    world.app.storage.close()


async def test_over_the_budget_is_held_with_the_figure(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**FAULTS["unpaid"][0]), head=TIGHT))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await is_held(world, mia)
    assert "week 1 would be 1 h 20 of a 1 h budget" in (await ines.command("desk", place="general")).text
    longer = await upload(world, course(tasting(**FAULTS["three hours"][0]), head=TIGHT))
    await ines.press(longer, "Use it")
    await is_held(world, mia)
    world.app.storage.close()


@pytest.mark.parametrize(
    "answers",
    [{"pays": "Read it: 10"}, {"reflection": ""}, {"slots": "Wed 03:00\nWed 04:00"}, {"minutes": "180"}, {"pays": ""}],
)
async def test_the_form_of_a_proposal_takes_none_of_it(tmp_path: Path, answers: dict[str, str]) -> None:
    """It has no answer for a mandatory or an unrecorded one."""
    world = new_world(tmp_path, now=SUNDAY, course=FILE)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    form = (await opened(ines)).form
    assert form is not None
    assert not {"optional", "recorded", "trial", "mandated"} & {field.name for field in form.fields}
    refused = await ines.submit({**SOUND, **answers})
    assert refused.errors
    assert listing(world) == []
    assert "Tasting" not in everything(mia)
    world.app.storage.close()


@pytest.mark.parametrize(
    ("sound", "version"),
    [
        ({"alternative": "{item: cup}"}, ("  - {id: cup, week: 1, title: Cup, minutes: 40}\n", "")),
        ({}, ("{title: Read it, minutes: 20}, ", "")),
        ({}, ("Taste and argue]", "Pour under pressure]")),
        ({}, ("minutes: 60}", "minutes: 5}")),
    ],
)
async def test_a_version_that_takes_away_what_it_stood_on_takes_it_back(
    tmp_path: Path, sound: dict[str, str], version: tuple[str, str]
) -> None:
    """The alternative, a payer, or the objective; the last one concerns another week alone."""
    cup = "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n  - {id: pot, week: 3, title: Pot}\n"
    before = course(tasting(**sound), head=HEAD + cup)
    world = new_world(tmp_path, now=SUNDAY, course=before)
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    assert "Live, if you like" in everything(mia)
    await use(world, before.replace(*version))
    if version[0] == "minutes: 60}":
        assert "Live, if you like" in everything(mia)
    else:
        await is_held(world, mia)
    world.app.storage.close()


EARLY = "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40, due: Mon 08:00}\n"
OTHER = {"id": "other", "title": "Other", "slots": "[Thu 08:00, Thu 20:00]"}


@pytest.mark.parametrize("way", [use, by_hand])
@pytest.mark.parametrize(
    ("sessions", "why"),
    [
        ([tasting(pays="[{item: cup, minutes: 30}]")], "“Cup” is over."),
        (
            [
                tasting(pays="[{item: pot, minutes: 30}]"),
                tasting(**OTHER, alternative="{item: pot}"),
            ],
            "“Pot” gives up 30 min for “Tasting”, so it is no full way any more.",
        ),
        (
            [
                tasting(alternative="{item: pot}"),
                tasting(**OTHER, pays="[{item: pot, minutes: 30}]"),
            ],
            "“Pot” counts in full for “Tasting”.",
        ),
    ],
)
async def test_what_is_over_or_does_for_another_one_neither_pays_nor_stands_in(
    tmp_path: Path, sessions: list[dict[str, str]], why: str, way: Callable[[World, str], Awaitable[None]]
) -> None:
    head = HEAD + EARLY + "  - {id: pot, week: 1, title: Pot, minutes: 40}\nlive_rules: {per_week: 2}\n"
    world = new_world(tmp_path, now=SUNDAY, course=head)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until("2026-01-06T12:00:00Z")
    await way(world, course(*sessions, head=head))
    assert why in (await ines.command("desk", place="general")).text
    assert listing(world)[-1]["state"] == "held"
    assert f"“{sessions[-1]['title']}”, 30 min" not in mia.find("Week 1: ").text
    world.app.storage.close()
