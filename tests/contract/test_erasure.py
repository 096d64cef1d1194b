"""Nothing of an erased person is left, on each database."""

from pathlib import Path

import pytest

from tests.features.test_erasure import ANSWER, CANARY, a_life, everything, forget
from tests.kit import new_world


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_nothing_of_an_erased_person_is_left(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue("migrated_postgres") if kind == "postgresql" else None
    world = new_world(tmp_path, database=database)
    _, ben, _ = await a_life(world)
    assert CANARY in everything(world)
    await forget(world, "sandbox/mia")
    left = everything(world)
    assert CANARY not in left
    assert "Mia" not in left
    assert ANSWER in left
    assert not any(CANARY in seen.text for seen in ben.sees("general"))
    world.app.storage.close()
