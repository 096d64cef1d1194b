"""Fixtures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The demo cohort on its first Monday, 09:00 in Berlin."""
    made = new_world(tmp_path)
    yield made
    made.app.storage.close()
