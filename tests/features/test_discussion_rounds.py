"""The rounds of a discussion keep what was said in them when the course file changes, as conversations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command

from adapters.sandbox.driver import Result, Speaker
from storage.sql.migrate import configuration, upgrade
from tests.features.test_discussions import beginning, course_is, read, root, thread
from tests.kit import COURSE, World, new_world

EVE = "2026-01-04T08:00:00Z"
THURSDAY = "2026-01-08T08:30:00Z"
SUNDAY = "2026-01-11T12:00:00Z"

FIRST = '{opens: "Mon 09:00", closes: Wed 18:00 cohort, fields: [Hunch]}'
SECOND = '{opens: "Thu 09:00", closes: Sat 18:00 cohort, fields: [What changed]}'
MIDDLE = '{opens: "Tue 09:00", closes: Wed 12:00 cohort, fields: [Sketch]}'
PLAIN = '{opens: "Mon 09:00", closes: Wed 18:00 cohort}, {opens: "Thu 09:00", closes: Sat 18:00 cohort}'
EARLY = '{opens: "Mon 07:00", closes: Mon 08:00 cohort, fields: [Before]}'


def with_rounds(*rounds: str, completion: str = "") -> str:
    head = COURSE.replace("weekly_minutes: 300}", f"weekly_minutes: 300{completion}}}", 1)
    bags = f"{{id: bags, week: 1, title: Bags or leaves, question: Talk of tea, rounds: [{', '.join(rounds)}]}}"
    return f"{head}discussions:\n  - {bags}\n"


BOTH = with_rounds(FIRST, SECOND)


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=EVE, course=BOTH)
    yield made
    made.app.storage.close()


async def write(speaker: Speaker, text: str) -> Result:
    await speaker.press(root(speaker), "Post")
    assert speaker.form is not None
    return await speaker.submit({field.name: text for field in speaker.form.fields if field.name != "quote"})


async def in_both(world: World) -> tuple[Speaker, Speaker]:
    """Mia posted in both rounds, and Ben in the second one."""
    mia, ben = await beginning(world, "Mia", "Ben")
    await write(mia, "A hunch of Monday.")
    await world.until(THURSDAY)
    await write(mia, "Changed on Thursday.")
    await write(ben, "Ben changed his mind.")
    return mia, ben


async def use(world: World, text: str) -> None:
    course_is(world, text)
    await world.settle()


async def preview(world: World, text: str) -> Result:
    ines = world.chat.person("ines")
    await ines.press(await ines.command("course", place="general"), "Upload")
    return await ines.submit(file=text)


async def test_removing_the_first_round_gives_its_posts_to_nobody(world: World) -> None:
    mia, ben = await in_both(world)
    await use(world, with_rounds(SECOND))
    found = (await read(ben)).text
    assert "Changed on Thursday." in found
    assert "A hunch of Monday." not in found
    assert "round" not in root(ben).text
    await mia.press(root(mia), "Post")
    assert mia.form is not None
    assert next(f.value for f in mia.form.fields) == "Changed on Thursday."
    await world.until(SUNDAY)
    assert "Closed: 2 of 2 posted." in root(ben).text
    assert [t for t in thread(ben) if "Changed on Thursday." in t]


async def test_a_removed_round_leaves_only_what_people_wrote_in_the_thread(world: World) -> None:
    mia, ben = await in_both(world)
    assert [t for t in thread(ben) if "round 1, in short" in t]
    await use(world, with_rounds(SECOND))
    assert [t for t in thread(ben) if "A hunch of Monday." in t]
    assert not [t for t in thread(ben) if "in short" in t or ("round 2 is open" in t and "round 2" not in t)]
    receipt = next(m for m in mia.sees("dm") if "A hunch of Monday." in m.text and "My part" in m.buttons)
    mine = await mia.press(receipt, "My part")
    assert "A hunch of Monday." in mine.text
    assert "Changed" not in mine.text
    await use(world, COURSE)
    gone = next(m for m in mia.sees("general") if "was taken out of the course" in m.text)
    mine = await mia.press(gone, "My part")
    assert "A hunch of Monday." in mine.text
    assert "Changed on Thursday." in mine.text
    await use(world, BOTH)
    found = (await read(ben)).text
    assert "Changed on Thursday." in found


async def test_a_round_before_it_takes_no_posts_from_another(world: World) -> None:
    _mia, ben = await in_both(world)
    await use(world, with_rounds(EARLY, FIRST, SECOND))
    assert "Bags or leaves, round 3" in root(ben).text
    assert "Changed on Thursday." in (await read(ben)).text
    await use(world, with_rounds(FIRST, MIDDLE, SECOND))
    found = (await read(ben)).text
    assert "Changed on Thursday." in found
    assert "A hunch" not in found


@pytest.mark.parametrize(
    "rounds",
    [
        (SECOND.replace("Thu 09:00", "Thu 08:00"),),
        (SECOND.replace("Thu 09:00", "Mon 09:00"),),
        (FIRST, SECOND.replace("Thu 09:00", "Thu 08:00").replace("What changed", "What is new")),
    ],
    ids=["moved", "moved to where the other began", "all of it changed"],
)
async def test_a_round_is_known_by_its_fields_and_its_place(world: World, rounds: tuple[str, ...]) -> None:
    _mia, ben = await in_both(world)
    await use(world, with_rounds(*rounds))
    found = (await read(ben)).text
    assert "Changed on Thursday." in found
    assert "A hunch" not in found


async def test_rounds_with_the_same_fields_are_known_by_when_they_open(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=with_rounds(PLAIN))
    _mia, ben = await in_both(world)
    await use(world, with_rounds(PLAIN.partition("}, ")[2]))
    found = (await read(ben)).text
    assert "Changed on Thursday." in found
    assert "A hunch" not in found
    world.app.storage.close()


async def test_posts_from_before_rounds_were_stored_keep_their_round(world: World) -> None:
    _mia, ben = await in_both(world)
    with world.app.storage.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0045")
    upgrade(world.app.storage.engine)
    await use(world, with_rounds(SECOND))
    found = (await read(ben)).text
    assert "Changed on Thursday." in found
    assert "A hunch" not in found


async def test_the_preview_names_a_round_with_posts_that_would_go(world: World) -> None:
    await in_both(world)
    shown = (await preview(world, with_rounds(SECOND))).text
    assert "Goes, although people said something in it" in shown
    assert "“Discuss: Bags or leaves, round 1”: 1 learner" in shown
    assert "round 2”: " not in shown
    assert "Goes, although" not in (await preview(world, with_rounds(FIRST, SECOND, completion=", language: en"))).text


async def test_the_preview_names_what_would_count_no_more(tmp_path: Path) -> None:
    asks = ", completion: 1 discussion"
    one = with_rounds(FIRST, completion=asks).replace("question: Talk", "replies: 0, question: Talk")
    world = new_world(tmp_path, now=EVE, course=one)
    mia, _ben = await beginning(world, "Mia", "Ben")
    await write(mia, "A hunch of Monday.")
    assert "1 of 1" in (await mia.command("")).text
    other = one.replace("rounds: [", f"rounds: [{EARLY}, ")
    shown = (await preview(world, other)).text
    assert "Counts towards completion no more" in shown
    assert "1 learner would have 0 of 1 discussion, not 1" in shown
    world.app.storage.close()


async def test_a_close_by_each_learners_clock_reveals_once_it_has_closed_for_the_last(tmp_path: Path) -> None:
    own = COURSE + (
        "discussions:\n  - {id: bags, week: 1, title: Bags or leaves, question: Talk of tea, reveal: own, "
        "opens: Mon 09:00 cohort, closes: Sat 18:00 learner, protocol: [Claim]}\n"
    )
    world = new_world(tmp_path, now=EVE, course=own)
    tane = await world.learner("tane", "Tane", "Pacific/Auckland")
    mia, lupe = await world.learner("mia", "Mia"), await world.learner("lupe", "Lupe", "America/Los_Angeles")
    await world.until("2026-01-05T08:30:00Z")
    assert "Open until Sat 10 Jan, 18:00 by your own clock." in root(mia).text
    assert "once it has closed by everybody's clock" in root(mia).text
    await write(mia, "Bags are tea.")
    await world.until("2026-01-10T20:00:00Z")
    assert not [t for t in thread(lupe) if "Bags are tea." in t]
    assert "Post first" in (await read(lupe)).text
    await write(lupe, "Bags are dust.")
    assert "marked late" not in lupe.find("Thank you").text
    await write(tane, "Tane was late.")
    assert "marked late" in tane.find("Thank you").text
    await world.until("2026-01-11T02:30:00Z")
    await world.until("2026-01-11T09:00:00Z")
    assert [t for t in thread(lupe) if "Bags are tea." in t]
    assert [t for t in thread(mia) if "Bags are dust." in t]
    assert "Closed: 3 of 3 posted." in root(mia).text
    world.app.storage.close()


async def test_the_final_card_names_every_round_that_is_missing(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=EVE, course=with_rounds(FIRST, SECOND, completion=", completion: 1 discussion"))
    mia, ben = await beginning(world, "Mia", "Ben")
    await write(ben, "A hunch of Monday.")
    await write(mia, "Another hunch.")
    await world.until("2026-01-30T20:00:00Z")
    missing = mia.find("Demo course is over").text.partition("this is still missing")[2]
    assert "Bags or leaves, round 1" in missing
    assert "Bags or leaves, round 2" in missing
    world.app.storage.close()


async def test_each_message_in_the_thread_counts_in_one_round(world: World) -> None:
    mia, ben = await beginning(world, "Mia", "Ben")
    await write(mia, "Bags")
    await mia.say("general", "Who has a pot?", root(mia).id)
    await world.until(THURSDAY)
    await write(ben, "Leaves")
    for text in ("I have one.", "So do I."):
        await ben.say("general", text, root(ben).id)
    await world.until(SUNDAY)
    counted = [m.text for m in mia.thread(root(mia).id) if "in short" in m.text]
    assert "1 message in the thread." in counted[0]
    assert "2 messages in the thread." in counted[1]
