"""Somebody erases what is theirs, on every platform: what the adapter itself stores forgets them, too."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from adapters.sandbox.adapter import Sandbox
from tests.platforms.people import Stage
from tests.platforms.test_private_talk import in_private, whole_bot
from tests.waiting import eventually


def rows(stage: Stage, folder: Path) -> Iterator[str]:
    """What the adapter stores, a row a line; of the sandbox what stands beside the chat itself."""
    if isinstance(stage.adapter, Sandbox):
        for sql in ("SELECT person, form FROM forms", "SELECT event FROM deliveries WHERE event IS NOT NULL"):
            yield from (str(tuple(row)) for row in stage.adapter.platform._db.rows(sql))
    for path in folder.rglob("*.db"):
        if path.name != "pacekeeper.db":
            with closing(sqlite3.connect(path)) as database:
                yield from database.iterdump()


async def test_what_the_adapter_stores_forgets_whoever_erases_what_is_theirs(stage: Stage, tmp_path: Path) -> None:
    people, name = stage.people, re.compile(rf"\b{stage.account('mia').user}\b")
    async with whole_bot(stage, tmp_path):
        await people.command("mia", "dm", "settings")
        await in_private(stage, "What is kept about you")
        await people.press("mia", "dm", "Erase what is mine")
        await in_private(stage, "Erase what is yours?")
        assert any(map(name.search, rows(stage, tmp_path)))
        await people.press("mia", "dm", "Erase it all")

        async def look() -> bool:
            return not any(map(name.search, rows(stage, tmp_path)))

        await eventually(look)


async def test_no_post_of_the_bot_shows_the_words_of_whoever_erased_what_is_theirs(
    stage: Stage, tmp_path: Path
) -> None:
    """The receipt says until when; what they wrote themselves stays theirs."""
    people = stage.people
    async with whole_bot(stage, tmp_path):

        async def shows(words: str) -> bool:
            return any(one.by_bot and words in one.text for one in await people.sees("ben", "questions"))

        await people.command("mia", "general", "ask Where is the tea from Assam?")
        await eventually(lambda: shows("Assam"))
        await people.command("mia", "dm", "settings")
        await in_private(stage, "What is kept about you")
        await people.press("mia", "dm", "Erase what is mine")
        await in_private(stage, "Erase what is yours?")
        await people.press("mia", "dm", "Erase it all")
        await in_private(stage, "My messages that showed you are changed by")

        async def gone() -> bool:
            return not await shows("Assam")

        await eventually(gone)
