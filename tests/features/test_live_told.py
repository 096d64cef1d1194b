"""What people are told of a live session, from their yes to what became of it: true, whole, and once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Speaker
from bot.app.cohorts import turn_in
from bot.core.contributions import EVIDENCE
from tests.features.test_live import (
    CALL,
    HEAD,
    MONDAY,
    SUNDAY,
    course,
    everything,
    say_yes,
    sequence_of,
    tasting,
    uid_of,
    use,
)
from tests.features.test_live_attendance import BEGINS, OVER, note
from tests.features.test_live_feedback import SENSITIVE
from tests.features.test_live_proposed import SOUND, opened
from tests.features.test_live_verdict import JUDGED, come, figures, learners
from tests.features.test_revisions import upload
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world

OTHER = CALL.replace("7", "8")
ANEW = "“Tasting” was put into the course anew, so your yes for "


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting(link=CALL)))
    yield made
    made.app.storage.close()


def news(speaker: Speaker) -> list[str]:
    """What came to those who said yes."""
    found = [part for text in speaker.inbox() for part in text.split("\n")]
    return [part for part in found if "to which you said yes" in part or "to which you had said yes" in part]


async def test_while_it_runs_ones_own_page_begins_with_the_way_in(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia)
    await world.until("2026-01-07T06:59:00Z")
    assert "I am here" not in (await mia.command("")).buttons
    await world.until(BEGINS)
    for one in (mia, ben):
        page = await one.command("")
        assert page.buttons[0] == "I am here"
        first = next(line for line in page.text.splitlines() if "“" in line or "due" in line)
        assert "“Tasting” is on now." in first
        assert (CALL in page.text) == (one is mia), "as on the card: who said yes"
        assert "“Tasting” is on now." in (await one.command("next")).text
    assert "Choose a time" in (await ben.command("")).buttons, "its other time is still ahead"
    assert CALL in (await ben.press(await ben.command(""), "I am here")).text
    assert "I am here" not in (await ben.command("")).buttons
    await world.until("2026-01-07T07:45:00Z")
    page = await mia.command("")
    assert "“Tasting” has just ended." in page.text
    assert "I was there" in page.buttons
    assert CALL not in page.text
    await world.until("2026-01-07T08:05:00Z")
    assert not {"I am here", "I was there"} & {*(await mia.command("")).buttons}


async def test_an_edit_of_time_and_address_is_told_in_one_message(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    pays = "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 20}]"
    await use(world, course(tasting(link=OTHER, slots="[Wed 08:00, Thu 20:00]", minutes="40", pays=pays)))
    await world.until("2026-01-07T12:00:00Z")
    [told] = news(mia)
    assert "begins Thu 8 Jan, 20:00 instead of Wed 7 Jan, 20:00." in told
    assert "The call is at another address now: here it is" in told
    assert OTHER in told
    assert "It takes 40 min instead of 30 min." in told


async def test_edits_of_one_evening_are_told_as_one_difference(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T18:00:00Z")
    await use(world, course(tasting(link=CALL, slots="[Wed 08:00, Fri 20:00]")))
    await say_yes(mia, 1)
    await world.until("2026-01-05T22:00:00Z")
    await use(world, course(tasting(link=CALL, slots="[Wed 08:00, Fri 19:00]")))
    await use(world, course(tasting(link=OTHER, slots="[Wed 08:00, Fri 19:00]")))
    await use(world, course(tasting(link=OTHER, slots="[Wed 08:00, Fri 18:00]")))
    await world.until("2026-01-08T12:00:00Z")
    [told] = news(mia)
    assert "begins Fri 9 Jan, 18:00 instead of Fri 9 Jan, 20:00." in told
    assert OTHER in told


async def test_an_edit_that_is_undone_before_anybody_reads_of_it_is_told_to_nobody(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T18:00:00Z")
    await say_yes(mia, 1)
    await world.until("2026-01-05T22:00:00Z")
    for other in (tasting(link=OTHER, slots="[Wed 08:00, Thu 20:00]"), tasting(link=CALL, alternative="none")):
        await use(world, course(other))
        await use(world, course(tasting(link=CALL)))
    await world.until("2026-01-07T12:00:00Z")
    assert news(mia) == []
    assert "You come to “Tasting”: Wed 7 Jan, 20:00 your time." in mia.find("Week 1: ").text


FRIDAY = "[Wed 08:00, Fri 08:00, Sat 20:00]"


@pytest.mark.parametrize(
    "gone", [course(), course(tasting(alternative="none")), course(tasting(slots="[Wed 08:00, Fri 08:00]"))]
)
async def test_who_read_that_it_is_off_hears_once_that_it_takes_place_after_all(tmp_path: Path, gone: str) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(slots=FRIDAY)))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    kept = (await say_yes(mia, 2)).files["tasting.ics"]
    await use(world, gone)
    await world.until("2026-01-06T12:00:00Z")
    (off,) = news(mia)
    assert "does not take place" in off or "is not offered any more" in off
    cancelled = (await mia.press(mia.find("had said yes"), "Take it out of my calendar")).files["tasting.ics"]
    await use(world, course(tasting(slots=FRIDAY)))
    await world.until("2026-01-07T12:00:00Z")
    (_off, back) = news(mia)
    assert "takes place after all: Sat 10 Jan, 20:00. Your yes stands until you change it." in back
    file = (await mia.press(mia.find("takes place after all"), "For my calendar")).files["tasting.ics"]
    assert "STATUS:CONFIRMED" in file
    assert uid_of(file) == uid_of(kept) == uid_of(cancelled)
    assert sequence_of(kept) < sequence_of(cancelled) < sequence_of(file)
    assert "You come to “Tasting”: Sat 10 Jan, 20:00 your time." in mia.find("Week 1: ").text
    assert "Live, if you like" in mia.find("Tasting", "general").text
    assert "after all" not in everything(ben)
    page = await mia.press(mia.find("takes place after all"), "Change that")
    await mia.press(page, "I do not come")
    await use(world, gone)
    await use(world, course(tasting(slots=FRIDAY)))
    await world.until("2026-01-09T12:00:00Z")
    assert len(news(mia)) == 2
    world.app.storage.close()


async def test_each_file_for_ones_calendar_replaces_the_one_before(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    page = await say_yes(mia, 1)
    seen: dict[str, list[int]] = {}
    for label in (
        None,
        "I do not come",
        "I come Wed 7 Jan, 20:00",
        "I come Wed 7 Jan, 08:00",
        "I come Wed 7 Jan, 20:00",
    ):
        page = await mia.press(page, label) if label else page
        for event in page.files["tasting.ics"].split("BEGIN:VEVENT")[1:]:
            seen.setdefault(uid_of(event), []).append(sequence_of(event))
    assert sorted(map(len, seen.values())) == [2, 5]
    for numbers in seen.values():
        assert numbers == sorted(set(numbers)), "each is higher than the one before"


async def test_a_missing_recording_that_was_seen_is_on_the_desk_again_the_next_day(world: World) -> None:
    await learners(world, 2)
    ines = world.chat.person("ines")
    await world.until("2026-01-09T09:00:00Z")
    missing = "The recording of “Tasting”, week 1, is missing"
    desk = await ines.command("desk", place="general")
    assert missing in desk.text
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Seen")))
    assert missing not in (await ines.command("desk", place="general")).text
    await world.until("2026-01-12T09:00:00Z")
    assert missing in (await ines.command("desk", place="general")).text


async def test_who_asks_for_feedback_in_private_reads_so_on_their_card_and_nobody_is_asked_to_watch(
    tmp_path: Path,
) -> None:
    world = new_world(
        tmp_path, now=SUNDAY, course=course(tasting(**{**SENSITIVE, "reflection": '["What did you take?"]'}))
    )
    mia, ines = (await learners(world, 3))[0], world.chat.person("ines")
    await world.until(MONDAY)
    file = (await say_yes(mia, 0)).files["tasting.ics"]
    await world.until(OVER)
    card = mia.find("Week 1: ")
    await mia.press(card, "Feedback in private")
    receipt = await mia.submit(about="How I tell somebody no")
    assert "“Tasting”: You asked for feedback in private." in mia.find("Week 1: ").text
    assert "Feedback in private" not in mia.find("Week 1: ").buttons
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    notes = await ines.press(page, "Code word and head count")
    await world.until("2026-01-09T09:00:00Z")
    desk = await ines.command("desk", place="general")
    said = "\n".join((file, everything(mia), receipt.text, (await mia.command("")).text, page.text, notes.text))
    assert "recording" not in said.replace("Written or recorded feedback", "").replace("\r\n ", "")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
    await ines.submit(text="Say it in the first sentence.")
    assert mia.find("You got feedback in private, which counts in full.").id == card.id
    world.app.storage.close()


async def test_a_trial_without_a_recording_asks_nobody_to_reflect_on_one(tmp_path: Path) -> None:
    head = HEAD + "milestones:\n  - {id: cup, week: 1, title: The cup, minutes: 40}\n"
    trial = tasting(trial="yes", recorded="no", alternative="{item: cup}")
    world = new_world(tmp_path, now=SUNDAY, course=course(trial, head=head))
    (mia, *_others), omar = await learners(world, 6), world.chat.person("omar")
    await world.until(MONDAY)
    await omar.press(await omar.press(await omar.command(""), "Look at it"), "Agree")
    assert "It is optional. “The cup” counts in full instead." in mia.find("Week 1: ").text
    await world.until(OVER)
    assert "What I took from it" not in mia.find("Week 1: ").buttons
    assert "asks no questions" in await forge_in(world, mia, "live", "reflect", "1")
    assert "What I took from it" not in (await mia.command("")).buttons
    assert "recording" not in everything(mia)
    world.app.storage.close()


async def test_uncertain_stands_wherever_the_figure_does_and_all_of_that_day_are_its_base(world: World) -> None:
    people, ines, omar = await learners(world, 6), world.chat.person("ines"), world.chat.person("omar")
    await come(world, people[:3])
    await note(ines, heads="5")
    await world.until("2026-01-09T09:00:00Z")
    await people[4].press(await people[4].command("leave"), "Leave")
    await world.until(JUDGED)
    said = "uncertain: 5 were counted in the call"
    assert "100 % had a time in waking hours" in (await ines.command("desk", place="general")).text
    assert said in (await omar.command("overview")).text
    evidence = turn_in(
        world.app.storage,
        world.app.registry,
        "demo",
        "live",
        lambda turn: turn.collect(EVIDENCE, turn.here, frozenset()),
    )
    assert any(said in text for _path, text in evidence)
    assert figures(world)["by"]["uncertain"] is True


@pytest.mark.parametrize(
    "changed",
    [
        {"link": OTHER},
        {"link": CALL, "minutes": "40", "pays": "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 20}]"},
    ],
)
async def test_preview_and_receipt_count_everybody_who_is_told_what_changes(
    world: World, changed: dict[str, str]
) -> None:
    people = await learners(world, 4)
    await world.until(MONDAY)
    for one in people[:3]:
        await say_yes(one, 1)
    ines = world.chat.person("ines")
    preview = await upload(world, course(tasting(**changed)))
    assert "3 learners who said yes to a live session are told what changes." in preview.text
    assert "nobody is told" not in preview.text
    assert "3 learners are told, once each." in (await ines.press(preview, "Use it")).text
    await world.until("2026-01-07T12:00:00Z")
    assert [len(news(one)) for one in people] == [1, 1, 1, 0]


async def test_a_version_that_brings_a_session_back_counts_those_who_hear_of_it(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    used = await ines.press(await upload(world, course()), "Use it")
    await world.until("2026-01-06T12:00:00Z")
    back = await ines.press(await ines.press(used, "Versions"), "Use 1 again")
    assert "1 learner who said yes to a live session is told what changes." in back.text
    assert "1 learner is told once." in (await ines.press(back, "Use it")).text
    await world.until("2026-01-07T12:00:00Z")
    assert sum("takes place after all" in text for text in news(mia)) == 1


async def test_a_session_under_another_id_is_another_one(world: World) -> None:
    """Who said yes says so again, and their calendar loses the date that it had."""
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    said = await say_yes(mia)
    before = uid_of(said.files["tasting.ics"])
    preview = await upload(world, course(tasting(id="another", link=CALL)))
    assert "Mia" not in preview.text
    await world.chat.person("ines").press(preview, "Use it")
    await world.until("2026-01-06T12:00:00Z")
    assert "does not take place" not in everything(mia)
    assert ANEW in mia.inbox()[-1]
    (gone,) = (await mia.press(mia.find(ANEW), "Take it out of my calendar")).files.values()
    assert (uid_of(gone), "METHOD:CANCEL" in gone) == (before, True)
    assert uid_of((await say_yes(mia)).files["another.ics"]) != before


async def test_one_under_an_id_that_another_had_is_told_as_what_it_is(tmp_path: Path) -> None:
    """Also one of two with the same title."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting(id="a")))
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course(tasting(id="b", title="Other")))
    await say_yes(mia)
    await use(world, course(tasting(id="b")))
    await say_yes(ben)
    await use(world, course(tasting(id="a")))
    await world.until("2026-01-06T12:00:00Z")
    for who in (mia, ben):
        assert sum(ANEW in text for text in who.inbox()) == 1
        assert "does not take place" not in everything(who)
        assert "I come" not in (await who.command("")).text
    world.app.storage.close()


async def test_no_yes_goes_to_another_session_that_has_the_id_of_one_that_was_taken_out(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course())
    await world.until("2026-01-06T12:00:00Z")
    assert "does not take place" in mia.inbox()[-1]
    guest = tasting(title="Guest talk", week="2", pays="[{item: Read more, minutes: 30}]")
    await use(world, course(guest))
    await world.until("2026-01-08T12:00:00Z")
    assert "takes place after all" not in everything(mia)
    assert "“Guest talk”, to which" not in everything(mia)
    ines = world.chat.person("ines")
    assert "“Guest talk”, announced; 0 said yes" in (await ines.command("live", place="general")).text


async def test_one_under_another_id_that_is_held_says_what_holds_it(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(MONDAY)
    await say_yes(mia)
    await use(world, course(tasting(id="another", recorded="no", alternative="none")))
    await world.until("2026-01-06T12:00:00Z")
    assert "does not take place: it would not have been recorded" in mia.inbox()[-1]


async def test_one_that_is_taken_out_and_proposed_again_takes_place_for_all(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    ben = await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    await ines.press(await ines.press(page, "Take it out"), "Use it")
    await world.wait(minutes=5)
    await opened(ines)
    again = {**SOUND, "title": "tasting", "slots": "Wed 08:00\nWed 20:00", "link": CALL}
    await ines.press(await ines.submit(again), "Use it")
    await world.until("2026-01-07T12:00:00Z")
    assert "You come to “tasting”: Wed 7 Jan, 20:00 your time." in mia.find("Week 1: ").text
    assert "Live, if you like: “tasting”" in ben.find("Week 1: ").text
    for one in (mia, ben):
        assert "does not take place" not in one.find("Week 1: ").text
    assert ["does not take place" in text for text in news(mia)] in ([], [True, False])


async def test_another_session_of_that_week_is_one_of_its_own(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    await ines.press(await ines.press(page, "Take it out"), "Use it")
    await opened(ines)
    await ines.press(await ines.submit({**SOUND, "title": "Pouring"}), "Use it")
    await world.until("2026-01-07T12:00:00Z")
    card = mia.find("Week 1: ").text
    assert "Live, if you like: “Pouring”" in card
    assert "The live session “Tasting” does not take place: it was taken out of the course." in card
