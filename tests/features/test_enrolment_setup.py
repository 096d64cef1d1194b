"""Setting a cohort up from the chat, as conversations."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from adapters.sandbox.refusals import BadAct
from bot.app.cohorts import create_cohort
from bot.core.events import FormSubmitted, PlaceFound, PlaceLost, PlaceMade, PlaceMoved
from bot.core.people import Account, Actor, Cohort, Place, Role
from storage.tables.outbox import OutboxRow, RefRow
from storage.tables.people import ChannelRow, MembershipRow
from storage.tables.questions import QuestionRow
from tests.kit import PLAN, World, new_world


async def test_a_manager_sees_how_the_cohort_is_set_up(world: World) -> None:
    omar = world.chat.person("omar")
    page = await omar.command("setup")
    assert "Set up: Demo course" in page.text
    assert "The cohort's own channel: #general" in page.text
    assert "The course team: no channel yet" in page.text
    assert f"/cohort join {world.join_code}" in page.text


async def test_a_channel_is_chosen_where_one_is(world: World) -> None:
    omar = world.chat.person("omar")
    page = await omar.command("setup", place="staff")
    await omar.press(page, "Choose a channel")
    assert "The course team: #staff" in (await omar.submit(purpose="staff")).text


async def test_a_channel_is_chosen_from_the_direct_conversation(world: World) -> None:
    omar = world.chat.person("omar")
    await omar.press(await omar.command("setup", place="dm"), "Choose a channel")
    assert (await omar.submit(purpose="staff")).errors == {"channel": "Please fill this in."}
    assert "The course team: #staff" in (await omar.submit(channel="staff", purpose="staff")).text
    await omar.press(await omar.command("setup", place="dm"), "Choose a channel")
    with pytest.raises(BadAct, match="a channel that you are in"):
        await omar.submit(channel="dm:omar", purpose="staff")


async def test_a_form_from_before_the_list_of_channels_is_about_the_channel_that_it_was_opened_in(
    world: World,
) -> None:
    omar = world.chat.person("omar")
    await omar.press(await omar.command("setup", place="staff"), "Choose a channel")
    opened = world.chat.sandbox.platform.form_of("omar")
    assert opened is not None
    old = FormSubmitted(
        action=opened.form.action,
        values={"purpose": "staff"},
        actor=Actor(Account("sandbox", "omar"), "Omar"),
        place=Place("sandbox", "staff"),
        id="old",
        at=world.clock.now(),
    )
    await world.app.runtime.receive(old)
    assert "The course team: #staff" in (await omar.command("setup")).text


async def test_a_channel_of_another_cohort_stays_with_it(world: World) -> None:
    omar = world.chat.person("omar")
    world.chat.channel("elsewhere")
    page = await omar.command("setup", place="general")
    await omar.press(page, "Choose a channel")
    assert "The cohort's own channel: #general" in (await omar.submit(purpose="main")).text
    page = await omar.command("setup", place="elsewhere")
    await omar.press(page, "Choose a channel")
    moved = await omar.submit(purpose="main")
    assert "The cohort's own channel: #elsewhere" in moved.text
    assert "#general" not in moved.text


async def test_missing_channels_are_made_and_bound(world: World) -> None:
    omar, ines = world.chat.person("omar"), world.chat.person("ines")
    mia = await world.learner("mia", "Mia")
    page = await omar.command("setup")
    assert "#demo-team" in (await omar.press(page, "Make the missing channels")).text
    assert "#demo-team is there" in omar.inbox()[-1]
    page = await omar.press(omar.last(), "See the set-up")
    assert "The course team: #demo-team" in page.text
    rooms = {r.id for r in world.chat.sandbox.platform.places("ines")}
    assert "demo-team" in rooms
    assert "demo-team" not in {r.id for r in world.chat.sandbox.platform.places("mia")}
    assert "Make the missing channels" not in page.buttons
    assert ines.sees("demo-team") == []
    assert "for the managers of a cohort" in (await mia.command("setup")).text


async def test_an_administrator_connects_a_cohort_that_has_no_manager_yet(world: World) -> None:
    world.chat.sandbox.platform.add_person("ada", "Ada", "Europe/Berlin")
    world.chat.sandbox.platform.set_standing("ada", admin=True)
    ada = world.chat.person("ada")
    assert (await ada.command("setup")).form is not None
    assert "No cohort has this code" in (await ada.submit(code="NOPE")).errors["code"]
    refused = (await ada.submit(code=world.join_code)).errors[""]
    assert "has a manager already: omar. To become one, too, write `/cohort join" in refused
    assert "ask omar to choose you" in refused
    with Session(world.app.storage.engine) as session, session.begin():
        session.exec(
            update(MembershipRow).where(col(MembershipRow.role) == "manager").values(left_at=world.clock.now())
        )
    assert "Set up: Demo course" in (await ada.command("setup", world.join_code)).text
    eve = world.chat.person("eve", "Eve")
    assert "whoever administers this workspace" in (await eve.command("setup")).text


async def test_a_code_that_was_typed_wrongly_is_corrected_in_the_form(world: World) -> None:
    world.chat.sandbox.platform.add_person("ada", "Ada", "Europe/Berlin")
    world.chat.sandbox.platform.set_standing("ada", admin=True)
    ada = world.chat.person("ada")
    wrong = await ada.command("setup", "NOPE")
    assert "No cohort has this code" in wrong.errors["code"]
    assert wrong.form is not None
    assert [field.value for field in wrong.form.fields] == ["NOPE"]
    assert "No cohort has this code" in (await ada.submit(code="NOPE-2")).errors["code"]
    assert "has a manager" in (await ada.submit(code=world.join_code)).errors[""]


async def test_whoever_does_not_administer_the_workspace_hears_who_does_and_what_the_operator_writes(
    world: World,
) -> None:
    mia, eve = await world.learner("mia", "Mia"), world.chat.person("eve", "Eve")
    for person, code in ((mia, ""), (mia, world.join_code), (eve, ""), (eve, world.join_code)):
        answer = (await person.command("setup", code)).text
        assert "whoever administers this workspace or server: ask one of them" in answer
        assert f"pacekeeper cohort name {code or 'demo'} {person.id} manager --workspace sandbox" in answer
        assert "/cohort join CODE" in answer


async def test_a_group_gives_its_role_and_takes_it_along(world: World) -> None:
    omar, leo = world.chat.person("omar"), world.chat.person("leo", "Leo")
    platform = world.chat.sandbox.platform
    platform.set_standing("leo", groups=["teachers"])
    assert "no cohort" in (await leo.command("desk")).text
    page = await omar.command("setup")
    await omar.press(page, "Role of a group")
    bound = await omar.submit(group="teachers:teachers", role="instructor")
    assert "Group teachers: gives the role instructor" in bound.text
    assert "desk" in (await leo.command("desk")).text.lower()
    assert "Leo" in (await omar.command("setup")).text
    platform.set_standing("leo", groups=[])
    assert "no cohort" in (await leo.command("desk")).text
    log = (await omar.press(await omar.command("setup"), "What was done")).text
    assert "Leo became instructor through the group teachers" in log
    assert "Leo lost the role instructor with its group" in log
    assert "Omar let the group teachers give the role instructor" in log


async def test_a_listed_group_brings_its_people_before_they_do_anything(world: World) -> None:
    omar = world.chat.person("omar")
    leo = world.chat.person("leo", "Leo")
    world.chat.sandbox.platform.set_standing("leo", groups=["teachers"])
    await omar.press(await omar.command("setup"), "Role of a group")
    await omar.submit(group="teachers:teachers", role="instructor")
    await world.chat.sandbox.list_group("teachers")
    await world.settle()
    assert "Welcome to Demo course" in leo.last().text
    world.chat.sandbox.platform.set_standing("leo", groups=[])
    await world.chat.sandbox.list_group("teachers")
    await world.settle()
    assert "Leo" not in (await omar.command("setup")).text


async def test_whoever_left_by_themselves_is_not_brought_back_by_their_group(world: World) -> None:
    omar, leo = world.chat.person("omar"), world.chat.person("leo", "Leo")
    world.chat.sandbox.platform.set_standing("leo", groups=["cohort-5"])
    await omar.press(await omar.command("setup"), "Role of a group")
    await omar.submit(group="cohort-5:cohort-5", role="learner")
    assert "Week 1" in (await leo.command("")).text
    await leo.press(await leo.command("leave"), "Leave")
    assert "no cohort" in (await leo.command("")).text


async def test_a_lost_channel_is_told_once_and_the_rest_goes_on(world: World) -> None:
    omar = world.chat.person("omar")
    mia = await world.learner("mia", "Mia")
    await world.chat.sandbox.lose("questions")
    await world.settle()
    told = [t for t in omar.inbox() if "cannot write in its channel for questions" in t]
    assert len(told) == 1
    assert "It was deleted" in told[0]
    lost = PlaceLost(place=Place("sandbox", "questions"), why="gone", at=world.clock.now(), turn="again")
    await world.app.runtime.receive(lost)
    await world.settle()
    assert sum("cannot write in its channel" in t for t in omar.inbox()) == 1
    assert "I cannot write there any more" in (await omar.command("setup")).text
    assert "Week 1" in (await mia.command("")).text
    world.chat.channel("help-desk")
    await omar.press(await omar.command("setup", place="help-desk"), "Choose a channel")
    assert "any more" not in (await omar.submit(purpose="questions")).text


async def also_in_another_workspace(world: World) -> Place:
    """The cohort has a channel in a workspace in which its manager is not."""
    elsewhere = Place("elsewhere", "general")
    await world.app.storage.run(lambda unit: unit.store("enrolment").bind_channel(world.cohort.id, "main", elsewhere))
    return Place("elsewhere", "")


async def test_a_loss_that_cannot_be_told_in_time_is_not_told_afterwards(world: World) -> None:
    omar, workspace = world.chat.person("omar"), Place("sandbox", "")
    await world.app.runtime.receive(PlaceLost(place=workspace, why="removed", at=world.clock.now(), turn="1"))
    await world.wait(hours=2)
    await world.app.runtime.receive(PlaceFound(place=workspace, at=world.clock.now(), turn="1"))
    await world.until("2026-01-08T12:00:00Z")
    assert not [t for t in omar.inbox() if "in its workspace" in t], "his messages come in that very workspace"


@pytest.mark.parametrize("where", ["general", "staff", "elsewhere"])
async def test_the_questions_may_share_the_cohorts_own_channel(world: World, where: str) -> None:
    """Wherever the manager is, nothing is 'newer', and the weeks keep their place."""
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    if where == "elsewhere":
        world.chat.channel("elsewhere")
    await omar.press(await omar.command("setup", place=where), "Choose a channel")
    page = await omar.submit(channel="general", purpose="questions")
    assert "The cohort's own channel: #general" in page.text
    assert "in the cohort's own channel" in page.text
    await mia.command("ask", text="How long may the report be?")
    await world.settle()
    assert "How long may the report be?" in mia.last("general").text


async def test_a_cohort_does_not_lose_its_own_channel_to_another_use(world: World) -> None:
    omar = world.chat.person("omar")
    await omar.press(await omar.command("setup", place="general"), "Choose a channel")
    refused = await omar.submit(channel="general", purpose="staff")
    assert "Choose another one as its own first." in refused.errors["purpose"]
    assert "The cohort's own channel: #general" in (await omar.command("setup")).text


async def test_a_lost_workspace_is_told_to_the_managers(world: World) -> None:
    omar = world.chat.person("omar")
    lost = PlaceLost(place=await also_in_another_workspace(world), why="removed", at=world.clock.now(), turn="1")
    await world.app.runtime.receive(lost)
    await world.settle()
    assert sum("in its workspace no more" in t for t in omar.inbox()) == 1
    for turn in ("1", "2"):  # Slack says it in two events, and each refused call says it once more
        await world.app.runtime.receive(replace(lost, turn=turn))
    await world.until("2026-01-08T12:00:00Z")
    assert sum("in its workspace no more" in t for t in omar.inbox()) == 1


async def test_a_workspace_that_is_found_again_is_told_to_whom_its_loss_was_told(world: World) -> None:
    omar, workspace = world.chat.person("omar"), await also_in_another_workspace(world)
    lost = PlaceLost(place=workspace, why="removed", at=world.clock.now(), turn="1")
    await world.app.runtime.receive(lost)
    await world.settle()
    assert "I cannot write there any more" in (await omar.command("setup")).text
    for turn in ("1", "2"):  # each start of the bot says it
        await world.app.runtime.receive(PlaceFound(place=workspace, at=world.clock.now(), turn=turn))
        await world.settle()
    assert "any more" not in (await omar.command("setup")).text
    await world.until("2026-01-08T12:00:00Z")
    assert sum("I can write in its workspace again" in t for t in omar.inbox()) == 1
    await world.app.runtime.receive(replace(lost, turn="2"))
    await world.settle()
    assert sum("in its workspace no more" in t for t in omar.inbox()) == 1, "what was told first was corrected in place"


def another_cohort(world: World, **channels: str) -> Cohort:
    """Of the same course, with the same manager."""
    for channel in channels.values():
        world.chat.channel(channel)
    managers = tuple(p for p in PLAN.people if p[0] is Role.MANAGER)
    plan = replace(PLAN, code="autumn", channels=channels, people=managers)
    return create_cohort(world.app.storage, world.app.registry, plan)[0]


async def test_a_lost_workspace_is_told_once_for_all_of_a_managers_cohorts(world: World) -> None:
    omar, workspace = world.chat.person("omar"), await also_in_another_workspace(world)
    other = another_cohort(world, main="autumn")
    bound = Place("elsewhere", "autumn")
    await world.app.storage.run(lambda unit: unit.store("enrolment").bind_channel(other.id, "main", bound))
    await world.app.runtime.receive(PlaceLost(place=workspace, why="removed", at=world.clock.now(), turn="1"))
    await world.settle()
    (told,) = [t for t in omar.inbox() if "workspace no more" in t]
    assert f"({other.code}): I can write in their workspace no more." in told
    await world.app.runtime.receive(PlaceFound(place=workspace, at=world.clock.now(), turn="1"))
    await world.settle()
    (told,) = [t for t in omar.inbox() if "their workspace" in t]
    assert f"({other.code}): I can write in their workspace again." in told


async def test_a_cause_that_no_other_channel_mends_is_told_once_for_all_of_a_managers_cohorts(world: World) -> None:
    omar, other = world.chat.person("omar"), another_cohort(world, main="autumn")
    places = [Place("sandbox", channel) for channel in ("general", "questions", "autumn")]
    for place in places:
        lost = PlaceLost(place=place, why="quarantined", at=world.clock.now(), turn="1", guessed=True)
        await world.app.runtime.receive(lost)
        await world.settle()
    (told,) = [t for t in omar.inbox() if "The platform has quarantined me" in t]
    assert f"({other.code}): I cannot write in their channels." in told
    await world.app.runtime.receive(PlaceFound(place=places[-1], at=world.clock.now(), turn="2"))
    await world.settle()
    (told,) = [t for t in omar.inbox() if "The platform has quarantined me" in t]
    assert other.code not in told
    assert "I cannot write in its own channel and its channel for questions." in told
    for place in places[:2]:
        await world.app.runtime.receive(PlaceFound(place=place, at=world.clock.now(), turn="2"))
    await world.settle()
    assert not [t for t in omar.inbox() if "The platform has quarantined me" in t]
    assert sum("I can write in their channels again" in t for t in omar.inbox()) == 1


async def test_a_workspace_lost_and_found_overnight_wakes_nobody_and_is_no_news(world: World) -> None:
    omar, workspace = world.chat.person("omar"), await also_in_another_workspace(world)
    await world.until("2026-01-06T01:00:00Z")
    await world.app.runtime.receive(PlaceLost(place=workspace, why="removed", at=world.clock.now(), turn="1"))
    await world.settle()
    await world.app.runtime.receive(PlaceFound(place=workspace, at=world.clock.now(), turn="1"))
    await world.until("2026-01-07T12:00:00Z")
    assert not [t for t in omar.inbox() if "its workspace" in t]


async def test_a_channel_that_the_manager_has_chosen_since_is_not_replaced_by_the_one_that_is_made(
    world: World,
) -> None:
    omar = world.chat.person("omar")
    for name in ("ours", "late"):
        world.chat.channel(name)
    await omar.press(await omar.command("setup", place="ours"), "Choose a channel")
    await omar.submit(purpose="staff")
    (manager,) = world.rows(MembershipRow, role="manager")
    anchor = f"channel/{world.cohort.id}/staff/{manager.person}"
    made = PlaceMade(anchor=anchor, place=Place("sandbox", "late"), at=world.clock.now())
    await world.app.runtime.receive(made)
    await world.settle()
    assert "The course team: #ours" in (await omar.command("setup")).text
    told = omar.inbox()[-1]
    assert "#late is there, but you have chosen #ours since, and that stays" in told
    assert "To use the new one, choose it with /cohort setup; else delete it." in told


async def test_a_channel_with_another_id_is_the_same_channel(world: World) -> None:
    """Slack does that to a private channel that is shared with another organization."""
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await mia.command("ask", text="How long may the report be?")
    await world.settle()
    root = mia.last("questions")
    world.chat.channel("shared")
    moved = PlaceMoved(place=Place("sandbox", "questions"), to=Place("sandbox", "shared"), at=world.clock.now())
    for _ in range(2):
        await world.app.runtime.receive(moved)
        await world.settle()
    assert [row.channel for row in world.rows(RefRow, message=str(root.id))] == ["shared"]
    await ben.say("shared", "Where are the slides of week 2?")
    await world.settle()
    assert {row.channel for row in world.rows(QuestionRow)} == {None, "shared"}, "one by the bot, one by Ben"


async def test_a_cohort_in_two_workspaces_has_its_week_in_both(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    with Session(world.app.storage.engine) as session, session.begin():
        session.add(ChannelRow(workspace="T2", channel="C2", cohort=world.cohort.id, purpose="main", position=3))
    await world.until("2026-01-09T15:00:00Z")  # the wrap-up opens
    assert any("wrap-up" in seen.text for seen in mia.sees("general"))
    there = {row.anchor for row in world.rows(OutboxRow, workspace="T2")}
    here = {row.anchor for row in world.rows(OutboxRow, workspace="sandbox", lane="general")}
    assert there
    assert {anchor.removesuffix("@T2") for anchor in there} <= here
    await mia.command("ask", "How long may the page be?")
    assert "How long may the page be?" in mia.last("questions").text


async def test_a_cohort_that_began_before_anybody_joined_says_what_is_over(tmp_path: Path) -> None:
    world = new_world(tmp_path, starts_on=date(2025, 12, 22))
    omar = world.chat.person("omar")
    page = await omar.command("setup")
    assert "It began on Mon 22 Dec 2025, and nobody has joined." in page.text
    assert "1 of 3 dates are over. Nobody is asked for 1 of them." in page.text
    await omar.press(page, "Change dates")
    shown = await omar.submit(starts_on="2026-01-12")
    await omar.press(shown, "Use it")
    assert "nobody has joined" not in (await omar.command("setup")).text
    world.app.storage.close()
