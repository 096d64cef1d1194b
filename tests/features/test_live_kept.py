"""What took place is a fact, and an agreement is to what was agreed: the course file changes afterwards, as
conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.app.calendars import of_person
from bot.app.cohorts import turn_in
from bot.features.live.listing import listed
from tests.features.test_after_the_end import end, reopen, sure
from tests.features.test_ledger import ledger
from tests.features.test_live import HEAD, MONDAY, SUNDAY, calendar, course, everything, say_yes, tasting, use
from tests.features.test_live_attendance import VIDEO, note, recorded
from tests.features.test_live_verdict import JUDGED, figures
from tests.features.test_moving_starts import move, new_start
from tests.features.test_revisions import open_materials, upload
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

MORNING = "2026-01-07T07:10:00Z"
NOON = "2026-01-07T11:00:00Z"
OVER = "2026-01-07T20:02:00Z"
MOVED = {"week": "2", "pays": "[{item: Read more, minutes: 30}]"}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def change(world: World, text: str) -> None:
    """The instructor uploads another course file, and uses it."""
    shown = await upload(world, text)
    assert not shown.errors
    await world.chat.person("ines").press(shown, "Use it")
    await world.settle()


def second(week: str = "1", slots: str = "[Thu 08:00, Thu 20:00]", **changed: str) -> dict[str, str]:
    return tasting(**{"id": "second", "title": "Second", "week": week, "slots": slots, **changed})


def states(world: World) -> dict[str, str]:
    """What `pacekeeper live demo --json` says of each session."""
    found = turn_in(world.app.storage, world.app.registry, "demo", "live", lambda turn: listed(turn, turn.here))
    return {one["id"]: one["state"] for one in found}


def told(who: Speaker, words: str) -> int:
    """In how many messages, besides the card of the week, which follows."""
    return sum(words in text for text in who.inbox() if "Week 1: " not in text)


# What took place


@pytest.mark.parametrize("which", ["answers", "removed"])
async def test_what_was_promised_of_a_session_that_took_place_stands(world: World, which: str) -> None:
    """Whoever missed it watches and reflects, and nothing that paid for it comes back."""
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(OVER)
    bare = tasting(recorded="no", alternative="none", reflection="", pays="", optional="no")
    planned = ledger(world)
    await change(world, course(bare) if which == "answers" else HEAD)
    card = ben.find("Week 1: ").text
    assert "“Tasting” took place. Its recording comes here, and counts in full with 1 short question." in card
    assert "Read it" not in card, "its minutes went to the session"
    assert "About 1 h" in card
    assert ledger(world) == planned
    assert "What I took from it" not in (await ben.command("")).buttons, "its recording comes first"
    await world.until("2026-01-08T20:00:00Z")
    desk = await ines.command("desk", place="general")
    assert "The recording of “Tasting”, week 1, is missing" in desk.text
    await note(ines, url=VIDEO, transcript="captions")
    await world.wait(hours=1)
    await ben.press(ben.find("The recording of “Tasting”", "general"), "What I took from it")
    assert "It counts in full" in (await ben.submit(q1="Bitter")).text
    await world.until(JUDGED)
    assert (figures(world)["base"], figures(world)["attended"], figures(world)["reflected"]) == (2, 1, 1)
    assert figures(world)["failed"] == []


@pytest.mark.parametrize("now", [MONDAY, NOON])
async def test_a_payer_with_another_title_pays_on_and_pays_once(world: World, now: str) -> None:
    """Before and after the first time has begun."""
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(now)
    planned = ledger(world)
    _ines, shown = await open_materials(world, "Week 1: One", ines)
    await ines.press(shown, "Materials", "Read it")
    preview = await ines.submit(title="Study it")
    assert not preview.errors
    await ines.press(preview, "Use it")
    await world.settle()
    assert states(world) == {"tasting": "announced"}
    card = mia.find("Week 1: ").text
    assert "Study it" not in card, "all of its minutes went to the session"
    assert "Read it" not in card
    assert "Watch it · 30 min" in card
    assert ledger(world) == planned
    assert told(mia, "does not take place") == 0


async def test_an_alternative_that_is_taken_out_after_the_session_is_promised_no_more(tmp_path: Path) -> None:
    cup = HEAD + "milestones:\n  - {id: cup, week: 1, title: Cup, minutes: 40}\n"
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(alternative="{item: cup}"), head=cup))
    mia = await world.learner("mia", "Mia")
    await world.until(OVER)
    assert "“Cup” counts in full instead" in mia.find("Week 1: ").text
    await change(world, course(tasting()))
    assert "counts in full instead" not in mia.find("Week 1: ").text
    assert "nothing is lost if you do not come" in mia.find("Week 1: ").text
    world.app.storage.close()


CUP_READ = (
    "milestones:\n  - {id: cup, week: 1, title: Cup, due: Fri 20:00, minutes: 60}\n"
    "reviews:\n  - {id: rv, week: 2, milestone: cup, title: Read one, minutes: 50, opens: Mon 09:00, rubric: [A]}\n"
)


async def test_who_did_the_alternative_counts_after_it_is_renamed(tmp_path: Path) -> None:
    session = tasting(week="2", alternative="{item: rv}", reflection="", pays="[{item: rv, minutes: 30}]")
    world = new_world(tmp_path, now=SUNDAY, course=course(session, head=HEAD + CUP_READ))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until("2026-01-05T09:00:00Z")
    for one in (mia, ben):
        await one.command("submit")
        await one.submit(text="A cup of tea")
    await world.until("2026-01-13T09:00:00Z")
    await mia.press(await mia.press(await mia.command(""), "Review"), "Write the review")
    assert not (await mia.submit(point_559aead0="It is hot")).errors
    await world.until("2026-01-15T12:00:00Z")
    assert figures(world)["reflected"] == 1
    await change(world, course(head=HEAD + CUP_READ.replace("Read one", "Read it")))
    found = figures(world)
    assert (found["attended"], found["reflected"], found["neither"]) == (0, 1, 1)
    world.app.storage.close()


async def test_a_shorter_time_for_reflections_holds_for_what_is_ahead_alone(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await recorded(world)
    await world.until(OVER)
    await use(world, course(tasting(), head=HEAD + "live_rules: {reflect_days: 1}\n"))
    await world.until("2026-01-12T12:00:00Z")
    await mia.press(mia.find("Live, if you like", "general"), "What I took from it")
    assert "It counts in full" in (await mia.submit(q1="Bitter")).text


async def test_what_took_place_counts_in_its_week_after_it_is_taken_out(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await use(world, course(tasting(slots="[Mon 08:00, Mon 20:30]")))
    await world.until(NOON)
    watch = "[{item: Watch it, minutes: 30}]"
    await change(world, course(second(pays=watch)))
    assert states(world) == {"tasting": "over", "second": "held"}
    assert "Second" not in everything(mia)
    desk = await world.chat.person("ines").command("desk", place="general")
    assert "Week 1 has “Tasting” already" in desk.text
    # Three weeks have one: half of them is one.
    await change(world, course(second("2", pays="[{item: Read more, minutes: 30}]")))
    assert states(world)["second"] == "held"
    assert (
        "2 of 3 weeks would have a session" in (await world.chat.person("ines").command("desk", place="general")).text
    )


async def test_what_paid_for_one_that_took_place_does_not_pay_again(world: World) -> None:
    twice = HEAD + "live_rules: {per_week: 2}\n"
    await use(world, course(tasting(slots="[Mon 08:00, Mon 20:30]"), head=twice))
    await world.learner("mia", "Mia")
    await world.until(NOON)
    await change(world, course(second(), head=twice))
    assert states(world) == {"tasting": "over", "second": "held"}
    assert "“Read it” has 0 min to give" in (await world.chat.person("ines").command("desk", place="general")).text


async def test_trials_that_took_place_count_as_trials(world: World) -> None:
    rules = HEAD + "live_rules: {trial_sessions: 1, weeks_share: 100}\n"
    trial = {"trial": "yes", "pays": "[{item: Read it, minutes: 10}]", "slots": "[Mon 08:00, Mon 20:30]"}
    await use(world, course(tasting(**trial), head=rules))
    omar = world.chat.person("omar")
    await world.learner("mia", "Mia")
    await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    await world.until(NOON)
    assert states(world)["tasting"] == "over"
    again = tasting(**{**trial, "id": "again", "week": "2", "pays": "", "slots": "[Wed 08:00, Wed 20:00]"})
    await change(world, course(again, head=rules))
    desk = await world.chat.person("ines").command("desk", place="general")
    assert "1 of 1 sessions are on trial already" in desk.text


async def test_what_waits_for_the_manager_counts_for_the_others(world: World) -> None:
    """Two trials in one week, each of which would pass alone, and a third one in the run."""
    loose = HEAD + "live_rules: {weeks_share: 100, trial_sessions: 1}\n"
    trial = {"trial": "yes", "alternative": "none"}
    later = {**trial, "id": "third", "title": "Third", "week": "2", "pays": "[{item: Read more, minutes: 30}]"}
    await use(world, course(tasting(**trial), second(**trial), tasting(**later), head=loose))
    await world.learner("mia", "Mia")
    omar = world.chat.person("omar")
    page = await omar.press(await omar.command(""), "Look at it")
    assert sum(button.startswith("Agree") for button in page.buttons) == 1
    desk = (await world.chat.person("ines").command("desk", place="general")).text
    assert "Week 1 has “Tasting” already" in desk
    assert "1 of 1 sessions are on trial already" in desk
    await omar.press(page, "Agree")
    assert states(world) == {"tasting": "trial", "second": "held", "third": "held"}


async def test_a_start_that_moves_leaves_what_took_place(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(OVER)
    move(world, 1)
    await world.until("2026-01-14T07:10:00Z")
    assert "is not on now" in await forge_in(world, await world.learner("ben", "Ben"), "live", "here", "1")
    await world.until(JUDGED)
    assert figures(world)["attended"] == 1
    assert [slot["at"][:10] for slot in figures(world)["slots"]] == ["2026-01-07", "2026-01-07"]


@pytest.mark.parametrize("there_and_back", [False, True], ids=["moved", "there and back"])
async def test_a_start_that_moves_between_two_times_moves_what_is_ahead_alone(
    world: World, there_and_back: bool
) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    await say_yes(leo, 1)
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(NOON)
    await new_start(world, 1)
    if there_and_back:
        await new_start(world, 0)
    await world.until("2026-01-07T12:00:00Z")
    ahead = "2026-01-07T19:00:00Z" if there_and_back else "2026-01-14T19:00:00Z"
    assert [slot["at"] for slot in figures(world)["slots"]] == ["2026-01-07T07:00:00Z", ahead]
    own = [d.at for d in of_person(world.app.storage, "demo", "leo")[2] if d.kind == "live"]
    assert own == [world.at("2026-01-07T07:00:00Z"), world.at(ahead)]
    assert "You were at “Tasting”" in mia.find("Week 1: ").text
    post = mia.find("Live, if you like", "general").text
    assert ("Wed 7 Jan, 20:00" if there_and_back else "Wed 14 Jan, 20:00") in post
    assert ("Wed 7 Jan, 20:00" if there_and_back else "Wed 14 Jan, 20:00") in leo.find("You come to", "dm").text
    await world.until("2026-01-13T12:00:00Z")
    moved = "“Tasting”, to which you said yes, begins Wed 14 Jan, 20:00 instead of Wed 7 Jan, 20:00."
    assert (told(leo, moved), told(mia, "to which you said yes, begins")) == (0 if there_and_back else 1, 0)


async def test_a_start_that_moves_back_behind_a_time_says_that_it_has_passed(world: World) -> None:
    await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await say_yes(leo, 1)
    await world.until(NOON)
    await new_start(world, -1)
    await world.until("2026-01-08T11:00:00Z")
    gone = "“Tasting” on Wed 7 Jan, 20:00, to which you had said yes, does not take place: its time has passed by the"
    assert told(leo, f"{gone} dates that the course has now.") == 1


async def test_who_came_counts_after_they_have_left(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.learner("ben", "Ben")
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(NOON)
    await mia.press(await mia.press(await mia.command("away", "leave"), "Leave the cohort"), "Leave")
    await world.until(OVER)
    assert (figures(world)["base"], figures(world)["attended"]) == (2, 1)


# Between its times


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"recorded": "no"}, "it would not have been recorded"),
        (MOVED, "it was taken out of the course"),
        (None, "it was taken out of the course"),
    ],
    ids=["fails", "moved", "removed"],
)
async def test_an_edit_between_two_times_takes_back_what_is_ahead_alone(
    world: World, changed: dict[str, str] | None, reason: str
) -> None:
    mia, leo, ines = await world.learner("mia", "Mia"), await world.learner("leo", "Leo"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 0)
    await say_yes(leo, 1)
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(NOON)
    await change(world, HEAD if changed is None else course(tasting(**changed)))
    assert "You were at “Tasting”." in mia.find("Week 1: ").text
    assert "20:00" not in mia.find("Live, if you like", "general").text
    await world.until("2026-01-08T11:00:00Z")
    gone = f"“Tasting” on Wed 7 Jan, 20:00, to which you had said yes, does not take place: {reason}."
    assert (told(leo, gone), told(mia, "does not take place")) == (1, 0)
    assert calendar(world).decode().count("STATUS:CANCELLED") == 1
    assert "The recording of “Tasting”, week 1, is missing" in (await ines.command("desk", place="general")).text
    await note(ines, url=VIDEO, transcript="captions")
    await leo.press(leo.find("Week 1: "), "What I took from it")
    await leo.submit(q1="Bitter")
    assert "is not on now" in await forge_in(world, leo, "live", "here", "1")
    await world.until("2026-01-15T12:00:00Z")
    found = figures(world)
    assert (found["week"], found["state"], found["attended"], found["reflected"]) == (1, "over", 1, 1)


async def test_a_session_under_the_id_of_one_that_took_place_needs_its_own(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.until(OVER)
    await change(world, course(tasting(**MOVED)))
    desk = await world.chat.person("ines").command("desk", place="general")
    assert "“Tasting” took place in week 1 and stays as it was. For a session in week 2, give it an id of its own" in (
        desk.text
    )
    assert states(world) == {"tasting": "over"}


async def test_what_was_changed_by_mistake_is_offered_again(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(NOON)
    await change(world, course(tasting(recorded="no")))
    await change(world, course(tasting()))
    assert "Wed 7 Jan, 20:00" in leo.find("Live, if you like", "general").text
    await say_yes(leo)
    await world.until("2026-01-07T19:10:00Z")
    await leo.press(leo.find("Week 1: "), "I am here")
    await world.until(JUDGED)
    assert figures(world)["attended"] == 2


async def test_the_evening_moves_and_the_morning_stays(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await say_yes(leo, 1)
    await world.until(MORNING)
    await mia.press(mia.find("Week 1: "), "I am here")
    await world.until(NOON)
    await change(world, course(tasting(slots="[Wed 08:00, Thu 20:00]")))
    await world.until("2026-01-07T18:00:00Z")
    assert told(leo, "begins Thu 8 Jan, 20:00 instead of Wed 7 Jan, 20:00") == 1
    await world.until("2026-01-08T19:10:00Z")
    await leo.press(leo.find("Week 1: "), "I am here")
    await world.until("2026-01-16T12:00:00Z")
    assert figures(world)["attended"] == 2


async def test_who_joins_from_another_zone_between_two_times_takes_nothing_back(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots="[Wed 13:00, Thu 13:00]")))
    leo = await world.learner("leo", "Leo")
    await world.until("2026-01-07T13:00:00Z")
    await world.learner("ana", "Ana", "America/Los_Angeles")
    await world.settle()
    assert "Thu 8 Jan, 13:00" in leo.find("Live, if you like", "general").text
    world.app.storage.close()


async def test_a_yes_stays_with_its_time_where_another_one_is_taken_out(world: World) -> None:
    await use(world, course(tasting(slots="[Wed 08:00, Wed 20:00, Thu 09:00]")))
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await say_yes(leo, 2)
    await change(world, course(tasting(slots="[Wed 20:00, Thu 09:00]")))
    for who, at in ((mia, "Wed 7 Jan, 20:00"), (leo, "Thu 8 Jan, 09:00")):
        page = await who.press(who.find("Week 1: "), "Change that")
        assert f"You said that you come: {at}" in page.text
    await world.until("2026-01-08T12:00:00Z")
    assert told(mia, "to which you") == told(leo, "to which you") == 0


# What a manager agrees to


async def agree(world: World) -> None:
    omar = world.chat.person("omar")
    await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    await world.settle()


UNPAID: Any = {"trial": "yes", "pays": "[{item: Read it, minutes: 20}]"}


@pytest.mark.parametrize(
    "changed",
    [
        {"pays": "[{item: Read it, minutes: 10}]"},
        {"minutes": "40", "pays": "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 10}]"},
        {"title": "Lecture"},
        {"kind": "decision"},
        {"week": "2", "pays": "[{item: Read more, minutes: 20}]"},
        {"alternative": "none", "pays": "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 10}]"},
    ],
    ids=["pays less", "longer", "title", "kind", "week", "question"],
)
async def test_what_is_worse_or_another_one_than_was_agreed_waits_for_the_manager_again(
    tmp_path: Path, changed: dict[str, str]
) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**UNPAID)))
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.until(MONDAY)
    await agree(world)
    await say_yes(mia, 1)
    await change(world, course(tasting(**{**UNPAID, **changed})))
    assert "Live, if you like" not in mia.find("Week 1: ").text
    await world.until("2026-01-07T12:00:00Z")
    assert told(mia, "does not take place: the course team is still deciding about it") == 1
    assert "waits for your word" in (await omar.command("")).text
    world.app.storage.close()


@pytest.mark.parametrize(
    "changed",
    [
        {"pays": "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 5}]"},
        {"minutes": "25"},
        {"goal": "Taste, and say what words do not tell."},
        {"slots": "[Wed 08:00, Wed 21:00]"},
    ],
    ids=["pays more", "shorter", "goal", "times"],
)
async def test_what_is_better_than_was_agreed_goes_on(tmp_path: Path, changed: dict[str, str]) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**UNPAID)))
    mia, omar = await world.learner("mia", "Mia"), world.chat.person("omar")
    await world.until(MONDAY)
    await agree(world)
    await change(world, course(tasting(**{**UNPAID, **changed})))
    assert "Live, if you like" in mia.find("Week 1: ").text
    assert "waits for your word" not in (await omar.command("")).text
    world.app.storage.close()


async def test_a_week_that_grows_is_no_longer_what_was_agreed(tmp_path: Path) -> None:
    """1 h 05 of a 1 h budget was agreed to."""
    tight = HEAD.replace("weekly_minutes: 300", "weekly_minutes: 60")
    paid = {"trial": "yes", "pays": "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 5}]"}
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**paid), head=tight))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await agree(world)
    assert "Live, if you like" in mia.find("Week 1: ").text
    longer = {"trial": "yes", "pays": "[{item: Watch it, minutes: 5}]"}
    await change(world, course(tasting(**longer), head=tight))
    assert "Live, if you like" not in mia.find("Week 1: ").text
    assert "week 1 would be 1 h 25 of a 1 h budget" in (await world.chat.person("omar").command("desk")).text
    world.app.storage.close()


async def test_what_was_taken_out_waits_for_the_manager_when_it_is_back(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**UNPAID)))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await agree(world)
    await change(world, HEAD)
    await change(world, course(tasting(**UNPAID)))
    assert "Live, if you like" not in mia.find("Week 1: ").text
    assert states(world) == {"tasting": "held"}
    world.app.storage.close()


async def test_another_policy_waits_for_the_manager_again(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(optional="no", mandated="Rule 4")))
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await agree(world)
    assert "Live: “Tasting”" in mia.find("Week 1: ").text
    await change(world, course(tasting(optional="no", mandated="Rule 5, compulsory")))
    assert "Rule 5" not in everything(mia)
    assert states(world) == {"tasting": "held"}
    world.app.storage.close()


@pytest.mark.parametrize("how", [{"optional": "no", "mandated": "Rule 4"}, UNPAID], ids=["policy", "trial"])
async def test_what_takes_place_by_agreement_is_in_the_managers_week(tmp_path: Path, how: dict[str, str]) -> None:
    """Also where it was agreed to after the week's message."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(**how)))
    await world.learner("mia", "Mia")
    omar = world.chat.person("omar")
    await world.until("2026-01-05T12:00:00Z")
    await agree(world)
    await world.until("2026-01-12T12:00:00Z")
    assert "Live sessions by your agreement: 1" in omar.inbox()[-1]
    said = "Tasting (“Rule 4” asks for it)" if "mandated" in how else "Tasting (trial)"
    assert said in omar.inbox()[-1]
    await world.until("2026-01-19T12:00:00Z")
    assert "by your agreement" not in omar.inbox()[-1]
    world.app.storage.close()


# The end of the cohort


async def test_who_said_yes_hears_that_the_cohort_has_ended(world: World) -> None:
    mia, ben, omar = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("omar")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    await world.until("2026-01-06T12:00:00Z")
    asked = await sure(world)
    assert "“Tasting”: 1 learner has said yes, and is told that it does not take place." in asked.text
    await omar.press(asked, "End the cohort")
    await world.until("2026-01-09T12:00:00Z")
    gone = "to which you had said yes, does not take place: the course has ended."
    assert (told(mia, gone), told(ben, "does not take place")) == (1, 0)


async def test_a_cohort_that_runs_again_offers_what_is_ahead_again(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await end(world)
    await reopen(world)
    assert "Live, if you like" in mia.find("Week 1: ").text
    assert states(world) == {"tasting": "announced"}


async def test_what_took_place_is_reflected_on_after_an_end_between_its_times(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await world.until(MONDAY)
    await say_yes(leo, 1)
    await recorded(world)
    asked = await sure(world)
    assert "“Tasting”: 1 learner has said yes" in asked.text
    await world.chat.person("omar").press(asked, "End the cohort")
    await world.until("2026-01-08T12:00:00Z")
    assert told(leo, "does not take place: the course has ended") == 1
    await mia.press(await mia.command(""), "What I took from it")
    assert "It counts in full" in (await mia.submit(q1="Bitter")).text
