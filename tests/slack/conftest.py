"""Stages for the tests of Slack: with a recording bot, or with the whole bot and a cohort."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest_asyncio

from bot.app.cohorts import create_cohort
from bot.app.compose import Application, compose
from bot.core.people import Role
from bot.core.time import SystemClock, monday_of
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
    app: Application
    code: str


@pytest_asyncio.fixture
async def course(tmp_path: Path) -> AsyncIterator[Course]:
    async with open_stage(tmp_path) as stage:
        await stage.adapter.stop()
        clock = SystemClock()
        app = compose(fresh_database(tmp_path), clock, [stage.fresh()])
        app.storage.never_sync()
        plan = replace(
            PLAN,
            course_text=COURSE,
            starts_on=monday_of(clock.now().date()),
            workspace=TEAM,
            channels={"main": CHANNELS["general"], "questions": CHANNELS["questions"], "staff": CHANNELS["staff"]},
            people=((Role.INSTRUCTOR, INES), (Role.MANAGER, INES)),
        )
        _, code = create_cohort(app.storage, app.registry, plan)
        await app.runtime.start()
        await stage.connected()
        yield Course(stage, app, code)
        await app.runtime.stop()
