"""A private message on every platform: asked about by the whole bot, and seen by nobody else before that."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import Application, compose, open_storage
from bot.app.features import make_registry
from bot.core.people import Role
from bot.core.time import Clock, SystemClock, local_day
from tests.kit import COURSE, fresh_database
from tests.platforms.people import Seen, Stage
from tests.waiting import eventually

ZONE = "Europe/Berlin"
"""The zone of the accounts on the counterparts: a course that begins today has begun for its learners too."""


class OnStage:
    """The adapter that stands on the stage; the stage itself starts and stops it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stage.adapter, name)

    async def start(self, bot: object) -> None:
        pass

    async def stop(self) -> None:
        pass


@asynccontextmanager
async def whole_bot(
    stage: Stage,
    folder: Path,
    course: str = COURSE,
    clock: Clock | None = None,
    ben: Role = Role.INSTRUCTOR,
    others: Mapping[str, Role] = {},
) -> AsyncIterator[Application]:
    """The whole bot behind the stage's adapter, with Mia in a cohort whose instructor is Ben and that begins today, and
    maybe others."""
    clock = clock or SystemClock()
    now, database = clock.now(), fresh_database(folder)
    main, questions = stage.place("general"), stage.place("questions")
    plan = CohortPlan(
        "demo",
        course,
        local_day(now, ZONE),
        ZONE,
        main.workspace,
        {"main": main.channel, "questions": questions.channel},
        people=tuple(
            (role, stage.account(who).user) for who, role in {"ben": ben, "mia": Role.LEARNER, **others}.items()
        ),
    )
    storage = open_storage(database, clock)
    create_cohort(storage, make_registry(), plan)
    storage.close()
    async with process(stage, database, clock) as app:
        yield app


@asynccontextmanager
async def process(stage: Stage, database: str, clock: Clock) -> AsyncIterator[Application]:
    """A process of the bot behind the stage's adapter; another one may have run before."""
    app = compose(database, clock, [OnStage(stage)])  # type: ignore[list-item]
    stage.bot = app.runtime  # type: ignore[assignment]
    await stage.restart()
    await app.runtime.start()
    try:
        yield app
    finally:
        await app.runtime.stop()
        await stage.adapter.stop()
        app.storage.close()


async def in_private(stage: Stage, words: str, gone: bool = False, who: str = "mia") -> Seen | bool:
    """What somebody reads from the bot, once it is there (or not there any more)."""

    async def look() -> Seen | bool | None:
        found = [s for s in await stage.people.sees(who, "dm") if s.by_bot and words in s.text]
        return (not found) if gone else (found[-1] if found else None)

    return await eventually(look)


async def others_see(stage: Stage) -> str:
    seen = [s.text for place in ("general", "questions", "dm") for s in await stage.people.sees("ben", place)]
    return "\n".join(seen)


async def test_a_private_message_is_asked_about_and_goes_where_its_author_says(stage: Stage, tmp_path: Path) -> None:
    async with whole_bot(stage, tmp_path):
        said = await stage.people.say("mia", "dm", "My father is ill CANARY")
        card = await in_private(stage, "What is it?")
        assert isinstance(card, Seen)
        assert "CANARY" in card.text
        assert {"A note for the course team", "Never mind"} <= set(card.buttons)
        await stage.people.press("mia", "dm", "A note for the course team")
        await in_private(stage, "It is on the desk")
        assert "CANARY" not in await others_see(stage)
        await stage.people.edit("mia", "dm", said, "My mother is ill CANARY")
        await in_private(stage, "My mother is ill")
        await stage.people.delete("mia", "dm", said)
        await in_private(stage, "My mother is ill", gone=True)
        await stage.people.send("mia", "dm", "voice")
        await in_private(stage, "You sent a voice message")
        await stage.people.say("mia", "dm", "thanks")
        await in_private(stage, "You are welcome")
        assert "CANARY" not in await others_see(stage)
