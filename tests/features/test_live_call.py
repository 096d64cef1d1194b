"""Where a session's call is: those who said yes read it, and no file or page of anybody else has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.app.cohorts import turn_in
from bot.features.completion import archive
from bot.features.faq import markdown, site
from bot.features.faq.book import collect
from tests.features.test_erasure import copy
from tests.features.test_faq import solve
from tests.features.test_live import CALL, MONDAY, SUNDAY, course, everything, say_yes, tasting
from tests.kit import World, new_world

BARE = "call.example.org/room/7"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting(link=CALL)))
    yield made
    made.app.storage.close()


def pages(world: World) -> str:
    """Every file of the FAQ's site."""

    def look(turn):  # type: ignore[no-untyped-def]
        book = collect(turn.store, "demo", turn.now, turn.here.id)
        return "\n".join([markdown.page(book), *markdown.files(book).values(), *map(str, site.files(book).values())])

    return turn_in(world.app.storage, world.app.registry, "demo", "faq", look)  # type: ignore[no-any-return]


async def test_an_answer_that_tells_where_the_call_is_reaches_no_page(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(MONDAY)
    said = f"It is at {CALL.removeprefix('https://')}, or {CALL}."
    await solve(world, mia, ben, "Where is the tasting held, please?", said)
    await world.settle()
    drafted = await ines.command("faq")
    assert "[link]" in drafted.text
    await ines.press(drafted, "Edit")
    refused = await ines.submit(answer=f"Come to {BARE}")
    assert "only those read who said yes" in refused.errors["answer"]
    await ines.submit(answer="Say yes on your week card, and it has the call.")
    written = pages(world)
    assert "Say yes on your week card" in written
    assert "call.example.org" not in written


async def test_the_archive_and_the_next_run_do_not_have_it(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(MONDAY)
    await say_yes(mia, 1)
    assert "call.example.org" in everything(mia)
    assert "call.example.org" not in everything(ben)
    files = turn_in(
        world.app.storage, world.app.registry, "demo", "completion", lambda turn: archive.files(turn, turn.here)
    )
    assert "Tasting" in "\n".join(one.document.text for one in files)
    assert [one.document.name for one in files if "call.example.org" in one.document.text] == []
    assert "call.example.org" not in str(copy(world, "Ben"))
