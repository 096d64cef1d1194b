"""A person asks for a copy of what is kept about them, and then to be forgotten."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from adapters.sandbox.driver import Speaker
from bot.app.personal import copy_of, erase, find_person
from bot.core.errors import Refused
from tests.features.test_faq import approve, pair, solve
from tests.kit import World

CANARY = "zebrafish"
ASKED = "How many pages may the final report have?"
ANSWER = "At most ten pages, in landscape format"


def everything(world: World) -> str:
    """All that the database holds, as one text."""
    with world.app.storage.engine.connect() as connection:
        rows = [row for table in SQLModel.metadata.sorted_tables for row in connection.execute(sa.select(table))]
    return "\n".join(map(str, rows))


def copy(world: World, who: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What `pacekeeper person export` writes."""
    storage, kept = world.app.storage, world.app.registry.kept
    document, files = storage.run_now(
        lambda unit: copy_of(unit.personal(kept), find_person(unit, who, kept), world.clock.now())
    )
    found: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return found, dict(files)


async def forget(world: World, who: str) -> None:
    """What `pacekeeper person erase --yes` does."""
    registry = world.app.registry
    world.app.storage.run_now(
        lambda unit: erase(registry, unit, find_person(unit, who, registry.kept), world.clock.now())
    )
    await world.settle()


async def a_life(world: World) -> tuple[Speaker, Speaker, Speaker]:
    """Mia asks, answers, thanks and searches; Ben replies to her."""
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, f"{ASKED} It is about the {CANARY}.", ANSWER)
    await world.until("2026-01-09T15:00:00Z")
    await mia.press(mia.find("wrap-up"), "Answer")
    await mia.submit(done=f"I drew the {CANARY}.", stuck=f"My {CANARY} hides.", quote="yes")
    await mia.command("find", "lemurs")
    asked = (await ben.say("questions", "Which tank is best for the aquarium?")).message
    await mia.say("questions", f"The one of my {CANARY} is fine.", asked)
    await world.until("2026-01-12T12:00:00Z")
    return mia, ben, ines


async def test_nothing_of_an_erased_person_is_left(world: World) -> None:
    _, ben, ines = await a_life(world)
    assert CANARY in everything(world)
    assert any(CANARY in seen.text for seen in ben.sees("general"))
    await forget(world, "sandbox/mia")
    left = everything(world)
    assert CANARY not in left
    assert "Mia" not in left
    assert not any(CANARY in seen.text for seen in ben.sees("general"))
    assert ANSWER in left
    assert "Mia" not in (await ines.command("status")).text
    assert (await ben.command("")).text


async def test_an_erased_person_hears_nothing_and_comes_back_as_somebody_new(world: World) -> None:
    mia, _, _ = await a_life(world)
    await forget(world, "sandbox/mia")
    before = len(mia.sees())
    await world.until("2026-01-19T12:00:00Z")
    assert len(mia.sees()) == before
    await mia.command("join", world.join_code)
    document, _ = copy(world, "sandbox/mia")
    assert CANARY not in json.dumps(document)
    assert {table["table"] for table in document["tables"]} >= {"people", "accounts", "memberships"}


async def test_a_copy_holds_what_is_theirs_and_nobody_elses(world: World) -> None:
    _, ben, _ = await a_life(world)
    await ben.say("questions", "Is there a lamprey here, too?")
    document, _ = copy(world, "sandbox/mia")
    tables = {table["table"]: table["rows"] for table in document["tables"]}
    assert CANARY in tables["questions"][0]["text"]
    assert CANARY in tables["question_replies"][0]["text"]
    assert CANARY in tables["wrapup_answers"][0]["body"]
    assert tables["faq_misses"][0]["words"] == "lemurs"
    told = json.dumps(document)
    assert not [other for other in ("Ben", "Ines", ANSWER, "lamprey") if other in told]


async def test_the_only_manager_stays_until_another_is_named(world: World) -> None:
    with pytest.raises(Refused, match="only manager of Demo"):
        await forget(world, "sandbox/omar")
    assert "'omar'" in everything(world)


async def test_a_name_that_two_people_have_does_not_do(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.learner("mia2", "mia")
    with pytest.raises(Refused, match="2 people are called") as refused:
        await forget(world, "Mia")
    assert "sandbox/mia2" in str(refused.value)
    with pytest.raises(Refused, match="Nobody is called"):
        await forget(world, "Nobody")


async def test_what_an_erased_instructor_did_stays_without_a_name(world: World) -> None:
    _, _, ines = await a_life(world)
    await approve(ines)
    await world.learner("tom", "Tom")
    await forget(world, "sandbox/ines")
    left = everything(world)
    assert "Ines" not in left
    assert ANSWER in left
