"""Somebody who takes part in everything is erased: no message of the bot to anybody has their name or their words."""

import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from adapters.sandbox.driver import Speaker
from bot.core.message import message, paragraph
from bot.core.turn import Turn
from storage.tables.voice import PartRow
from tests.borders_world import living_world
from tests.features.test_digests_week import ESSENTIAL
from tests.features.test_mine import number_of
from tests.kit import World, new_world
from tests.test_voice import do

SAID = re.compile(
    r"\bMia\b|How long may the report be|cannot go on|lost\?|example\.org/(?:mia|notes)|read the first chapter|"
    r"father is ill|second chapter|Nobody knows yet|The outline|The figures|In Lisbon|coffee|Steam|Visitors|"
    r"forty tasters|Not to me|So I begin there|the second note is"
)
"""What Mia is called and writes in the living world."""


def of_the_bot(world: World) -> list[str]:
    """All messages of the bot that stand somewhere, and the forms that it shows."""
    rows = world.chat.sandbox.platform._db.rows
    said = rows("SELECT place, text, message FROM messages WHERE author = 'bot' AND deleted = 0")
    return [str(tuple(row)) for row in (*said, *rows("SELECT * FROM forms"))]


def stored(world: World) -> list[tuple[str, str]]:
    with world.app.storage.engine.connect() as connection:
        return [
            (table.name, str(tuple(row)))
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]


async def erase(world: World, who: Speaker) -> str:
    done = await who.press(await who.press(await who.command("settings"), "Erase what is mine"), "Erase it all")
    await world.settle()
    await world.wait(minutes=2)
    return done.text


async def test_no_message_to_anybody_and_no_row_has_the_name_or_the_words_of_whoever_is_erased(tmp_path: Path) -> None:
    world, _ = await living_world(tmp_path)
    mia, ben = world.chat.person("mia"), world.chat.person("ben")
    ben.find("You are in a pod with Mia")
    assert "It is erased" in await erase(world, mia)
    assert [one for one in of_the_bot(world) if SAID.search(one)] == []
    assert [row for row in stored(world) if SAID.search(row[1])] == []
    ben.find("You are in a pod with Somebody")


async def test_after_the_end_no_message_and_no_file_has_whoever_is_erased(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=ESSENTIAL)
    omar = world.chat.person("omar")
    mia, bob = await world.learner("mia", "Mia"), await world.learner("bob", "Bob")
    await mia.command("submit", "The first page of Mia's.")
    await world.until("2026-02-02T09:00:00Z")
    sure = await omar.press(await omar.command("overview"), "End this cohort")
    await omar.press(sure, sure.buttons[0])
    await world.wait(hours=30)
    card = omar.find("Promised, and still taken")
    assert "Mia, Bob" in card.text
    (listed,) = [text for seen in omar.sees() for name, text in seen.files.items() if name == "completion.csv"]
    assert "Mia,mia," in listed
    await erase(world, mia)
    assert [one for one in of_the_bot(world) if SAID.search(one)] == []
    assert [row for row in stored(world) if SAID.search(row[1])] == []
    assert "Somebody, Bob" in omar.find("Promised, and still taken").text
    (listed,) = [text for seen in omar.sees() for name, text in seen.files.items() if name == "completion.csv"]
    assert "mia" not in listed
    assert "Bob,bob," in listed
    await erase(world, bob)
    assert not [seen for seen in omar.sees() if seen.by == "bot" and "Bob" in seen.text]


async def test_a_name_of_several_words_or_with_a_sign_at_its_end_is_found_and_what_was_taken_back_stays_so(
    tmp_path: Path,
) -> None:
    world = new_world(tmp_path)
    ben = await world.learner("ben", "Ben")
    reader = int(number_of(world, "ben"))
    for who, name in (("ana", "Ana María de la Cruz"), ("al", "Al P.")):
        other = await world.learner(who, name)

        def work(turn: Turn[Any], name: str = name, who: str = who) -> None:
            turn.cohort = world.cohort
            turn.show_to(reader, f"test/{who}", message(paragraph(f"{name} says: It went well for all of us.")))

        do(world, work)
        await world.settle()
        do(world, lambda turn: turn.forget("It went well for all of us."))
        assert "went well" not in str(world.rows(PartRow))
        assert name in ben.last().text
        await erase(world, other)
        assert not [text for text in ben.inbox() if name in text]
