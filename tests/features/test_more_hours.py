"""More minutes a week during a run: the manager's act, told to every learner, and no room for a live session."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from bot.app.cohorts import turn_in
from bot.features.revisions import changing
from storage.tables.people import AuditRow
from tests.features.test_live import HEAD, MONDAY, SUNDAY, course, everything, tasting
from tests.features.test_revisions import move_start, upload
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

MORE = course(tasting()).replace("weekly_minutes: 300", "weekly_minutes: 360")
TOLD = "A week takes up to 6 h now, not 5 h."


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def by_form(who: Speaker, minutes: str) -> Result:
    listed = await who.press(await who.command("course", place="general"), "Edit an item")
    await who.press(listed, "Weeks", "The course as a whole")
    return await who.submit(weekly_minutes=minutes)


def acts(world: World) -> list[str]:
    return [row.act for row in world.rows(AuditRow)]


async def test_an_instructor_asks_and_the_manager_decides(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    preview = await by_form(ines, "360")
    assert "the cohort's manager decides" in preview.text
    assert "Use it" not in preview.buttons
    assert "Only the cohort's manager" in await forge_in(world, ines, "revisions", "use", "1")
    assert "It is with omar now." in (await ines.press(preview, "Ask the manager")).text
    assert "asked the manager to loosen course.weekly_minutes from 300 to 360" in acts(world)
    assert "Changes of the course that wait for your word: 1" in (await omar.command("overview")).text
    shown = await omar.press(await omar.command("", place="general"), "Look at it")
    used = await omar.press(shown, "Use it")
    assert "2 learners are told, once each." in used.text
    assert "loosened course.weekly_minutes from 300 to 360" in acts(world)
    await world.until("2026-01-12T12:00:00Z")
    for one in (mia, ben):
        assert sum(TOLD in text for text in one.inbox()) == 1
    assert "Each week has 1 h more" in (await ines.command("week", place="general")).text
    assert ", by Omar" in (await ines.command("week", place="general")).text
    assert any("Omar changed the course" in text for text in ines.inbox()), "who asked hears of it"


async def test_the_manager_can_say_no(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    await ines.press(await upload(world, MORE), "Ask the manager")
    await omar.press(await omar.press(await omar.command("", place="general"), "Look at it"), "Discard")
    await mia.say("questions", "How hot must the water be?")
    await world.until("2026-01-07T12:00:00Z")
    assert any("Omar decided against more time a week" in text for text in ines.inbox())
    assert TOLD not in everything(mia)
    assert "Look at it" not in (await omar.command("", place="general")).buttons


async def test_an_earlier_version_with_more_hours_is_the_managers_too(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await ines.press(await upload(world, MORE), "Use it")
    await world.until(MONDAY)
    await ines.press(await upload(world, course(tasting())), "Use it")
    listed = await ines.press(await ines.command("course", place="general"), "Versions")
    for label in [b for b in listed.buttons if "2" in b][:1]:
        assert "Use it" not in (await ines.press(listed, label)).buttons
    assert "Use it" in (await by_form(omar, "360")).buttons


async def test_before_the_first_day_the_hours_are_the_authors(world: World) -> None:
    preview = await by_form(world.chat.person("ines"), "360")
    assert "Use it" in preview.buttons


async def test_the_operator_does_not_raise_them(world: World) -> None:
    await world.until(MONDAY)

    def propose(turn: changing.Revisions) -> None:
        changing.propose(turn, changing.changed(turn.store.present(turn.here), MORE, {}))

    with pytest.raises(changing.ManagersAlone):
        turn_in(world.app.storage, world.app.registry, "demo", "revisions", propose)


@pytest.mark.parametrize(
    ("week", "held"),
    [
        (
            "1",
            "Week 1 would be 5 h 30, and learners have read 5 h: what is new in a week that has begun makes no room.",
        ),
        ("2", "Week 2 would be 5 h 30 of a 5 h budget: live sessions go by the hours that learners were told first."),
    ],
)
async def test_what_a_rise_makes_room_for_is_no_room_for_a_session(tmp_path: Path, week: str, held: str) -> None:
    """A milestone grows by the hour that the week got, and gives it to a session: learners would still work longer."""
    head = HEAD.replace("Read more, minutes: 30", "Read more, minutes: 60") + (
        f"milestones:\n  - {{id: cup, week: {week}, title: The cup, minutes: 240}}\n"
    )
    world = new_world(tmp_path, now=SUNDAY, course=head)
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    grown = head.replace("weekly_minutes: 300", "weekly_minutes: 360").replace(
        "The cup, minutes: 240", "The cup, minutes: 270"
    )
    file = course(tasting(week=week, pays="[{item: cup, minutes: 30}]"), head=grown)
    assert "The cup, minutes: 270" in file
    await ines.press(await upload(world, file), "Ask the manager")
    await omar.press(await omar.press(await omar.command("", place="general"), "Look at it"), "Use it")
    assert "Tasting" not in mia.find("Week 1: ").text
    assert held in (await ines.command("desk", place="general")).text
    world.app.storage.close()


WIDER = HEAD + "live_rules: {longest: 180, waking: 00:00-23:59, slots_apart: 0, per_week: 7, weeks_share: 100}\n"


async def test_the_rules_of_live_sessions_are_loosened_by_the_manager_alone(world: World) -> None:
    """Three hours at night, with the rules that would let them pass, in one file."""
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    night = tasting(id="night", title="Night", minutes="150", slots="[Thu 03:00, Thu 06:00]")
    preview = await upload(world, course(tasting(), night, head=WIDER))
    assert "Live sessions would have more room than learners were told" in preview.text
    assert "Use it" not in preview.buttons
    assert "Only the cohort's manager" in await forge_in(world, ines, "revisions", "use", "1")
    await ines.press(preview, "Ask the manager")
    assert "asked the manager to loosen live_rules.longest from 60 to 180" in acts(world)
    page = await omar.command("", place="general")
    assert "A change gives live sessions more room: you decide" in page.text
    await omar.press(await omar.press(page, "Look at it"), "Discard")
    await world.until("2026-01-07T12:00:00Z")
    assert any("Omar decided against more room for live sessions" in text for text in ines.inbox())
    assert "Night" not in everything(mia)


def reviewed(anonymous: str) -> str:
    cup = "milestones:\n  - {id: cup, week: 1, title: A cup, minutes: 10}\n"
    review = f"{{id: rv, week: 2, milestone: cup, title: Read one, rubric: [A], anonymous: {anonymous}}}"
    return f"{HEAD}{cup}reviews:\n  - {review}\n"


async def test_who_was_promised_no_names_in_a_review_is_named_by_the_managers_word_alone(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=reviewed("yes"))
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    preview = await upload(world, reviewed("no"))
    assert "Learners were told that nobody is named in a peer review, so the cohort's manager decides." in preview.text
    assert "Use it" not in preview.buttons
    assert "Only the cohort's manager" in await forge_in(world, ines, "revisions", "use", "1")
    await ines.press(preview, "Ask the manager")
    page = await omar.command("", place="general")
    assert "A change names people in a peer review that was anonymous: you decide" in page.text
    await omar.press(await omar.press(page, "Look at it"), "Discard")
    await world.until("2026-01-07T12:00:00Z")
    assert any("Omar decided against names in a peer review" in text for text in ines.inbox())
    await omar.press(await omar.command("course", place="general"), "Upload")
    await omar.press(await omar.submit(file=reviewed("no")), "Use it")
    assert "loosened reviews.rv.anonymous from yes to no" in acts(world)
    # The way back is a promise more, which an instructor gives.
    assert "Use it" in (await upload(world, reviewed("yes"))).buttons
    world.app.storage.close()


async def test_what_the_manager_loosens_is_logged_and_tightening_takes_effect_at_once(world: World) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    longer = course(tasting(), head=f"{HEAD}live_rules: {{longest: 90, waking: 07:00-22:00}}\n")
    await omar.press(await omar.command("course", place="general"), "Upload")
    await omar.press(await omar.submit(file=longer), "Use it")
    assert "loosened live_rules.longest from 60 to 90" in acts(world)
    assert "loosened live_rules.waking from 08:00-22:00 to 07:00-22:00" in acts(world)
    assert "Live, if you like: “Tasting”" in mia.find("Week 1: ").text
    shorter = course(tasting(), head=f"{HEAD}live_rules: {{longest: 20, replace_under: 60}}\n")
    await ines.press(await upload(world, shorter), "Use it")
    assert "Live, if you like: “Tasting”" not in mia.find("Week 1: ").text
    assert "20 are the most" in (await ines.command("desk", place="general")).text


async def test_one_more_objective_is_the_managers_too(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until(MONDAY)
    more = course(tasting()).replace("[Taste and argue]", "[Taste and argue, Have a chat]")
    assert "Ask the manager" in (await upload(world, more)).buttons


NIGHT = {"id": "night", "title": "Night", "minutes": "150", "slots": "[Thu 03:00, Thu 06:00]"}


@pytest.mark.parametrize("file", [course(tasting(**NIGHT), head=WIDER), MORE], ids=["rules", "hours"])
async def test_a_start_that_moves_ahead_gives_nothing_back_to_the_author(world: World, file: str) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await ines.press(await move_start(world, "2026-01-12"), "Use it")
    preview = await upload(world, file)
    assert ("Use it" in preview.buttons, "Ask the manager" in preview.buttons) == (False, True)


async def test_before_the_start_the_rules_are_the_managers_once_somebody_has_joined(world: World) -> None:
    wider = course(tasting(), head=WIDER)
    assert "Use it" in (await upload(world, wider)).buttons, "nobody was told of others"
    await world.learner("mia", "Mia")
    preview = await upload(world, wider)
    assert ("Use it" in preview.buttons, "Ask the manager" in preview.buttons) == (False, True)


async def test_the_managers_week_names_what_became_looser(world: World) -> None:
    await world.learner("mia", "Mia")
    omar = world.chat.person("omar")
    await world.until(MONDAY)
    await omar.press(await omar.command("course", place="general"), "Upload")
    await omar.press(await omar.submit(file=MORE), "Use it")
    await world.until("2026-01-12T12:00:00Z")
    assert "minutes a week: 300 → 360, by Omar, Mon 5 Jan, 09:30" in omar.inbox()[-1]


PAD = HEAD.replace("{title: Watch it, minutes: 40}]", "{title: Watch it, minutes: 40}, {title: Pad, minutes: 30}]")


@pytest.mark.parametrize("now", ["2026-01-01T12:00:00Z", SUNDAY])
async def test_what_the_author_makes_room_for_before_the_start_is_announced(tmp_path: Path, now: str) -> None:
    short = "weekly_minutes: 60"
    world = new_world(tmp_path, now=now, course=HEAD.replace("weekly_minutes: 300", short))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    grown = course(
        tasting(pays="[{item: Pad, minutes: 30}]"), head=PAD.replace("weekly_minutes: 300", "weekly_minutes: 600")
    )
    await ines.press(await upload(world, grown), "Use it")
    await world.until(MONDAY)
    assert "Live, if you like: “Tasting”" in mia.find("Week 1: ").text
    world.app.storage.close()
