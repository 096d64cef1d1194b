"""Runs the suite on every platform that has a stage."""

from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest
import pytest_asyncio

from tests.platforms.people import Stage

PLATFORMS = sorted(p.stem.removesuffix("_stage") for p in Path(__file__).parent.glob("*_stage.py"))


@pytest_asyncio.fixture(params=PLATFORMS)
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    module = import_module(f"tests.platforms.{request.param}_stage")
    async with module.open_stage(tmp_path) as opened:
        yield opened
