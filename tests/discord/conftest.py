"""A new room for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.discord.kit import Room, open_room


@pytest_asyncio.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened
