"""Stages for the tests of Slack: with a recording bot, or with the whole bot and a cohort."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest_asyncio

from bot.app.cohorts import create_cohort
from bot.app.compose import Application, compose
from bot.core.people import Role
from bot.core.time import SystemClock, local_day, monday_of
from tests.kit import COURSE, PLAN, fresh_database
from tests.platforms.slack_stage import SlackStage, open_stage
from tests.slack.local_slack import CHANNELS, INES, TEAM


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[SlackStage]:
    """A stage with a recording bot."""
    async with open_stage(tmp_path) as opened:
        yield opened


@dataclass
class Course:
    """The bot with a cohort 'demo' in its first week, with the instructor Ines."""

    stage: SlackStage
    database: str
    app: Application = field(init=False)
    code: str = ""

    async def open(self) -> None:
        self.app = compose(self.database, SystemClock(), [self.stage.fresh()])
        self.app.storage.never_sync()
        if not self.code:
            plan = replace(
                PLAN,
                course_text=COURSE,
                starts_on=monday_of(local_day(self.app.clock.now(), PLAN.zone)),
                workspace=TEAM,
                channels={"main": CHANNELS["general"], "questions": CHANNELS["questions"], "staff": CHANNELS["staff"]},
                people=((Role.INSTRUCTOR, INES), (Role.MANAGER, INES)),
            )
            _, self.code = create_cohort(self.app.storage, self.app.registry, plan)
        await self.app.runtime.start()
        await self.stage.connected()

    async def close(self) -> None:
        await self.app.runtime.stop()
        self.app.storage.close()


@pytest_asyncio.fixture
async def course(tmp_path: Path) -> AsyncIterator[Course]:
    async with open_stage(tmp_path) as stage:
        await stage.adapter.stop()
        found = Course(stage, fresh_database(tmp_path))
        await found.open()
        yield found
        await found.close()
