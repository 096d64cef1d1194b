"""From any version to the newest, with data in it."""

import re
import shutil
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

import storage.migrate
from storage.draft import draft
from storage.engine import open_engine
from storage.migrate import configuration, upgrade, versions


def test_an_older_file_is_copied_and_brought_up(tmp_path: Path) -> None:
    file = tmp_path / "pacekeeper.db"
    engine = open_engine(f"sqlite:///{file}")
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO people (name, zone, picked_zone, hour, met_at)"
                " VALUES ('Mia', 'UTC', 0, 9, '2026-01-05 08:00:00.000000')"
            )
        )
    upgrade(engine)
    newest = versions(engine)[1]
    assert versions(engine)[0] == newest
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM people")).scalar() == "Mia"
    upgrade(engine)
    assert [p.name for p in tmp_path.glob("*.before-*")] == [f"pacekeeper.db.before-{newest}"]
    copy = open_engine(f"sqlite:///{file}.before-{newest}")
    assert versions(copy)[0] == "0001"


def test_a_draft_of_the_next_migration_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The migrations make what the models say; a draft would otherwise hold the difference."""
    copy = tmp_path / "migrations"
    shutil.copytree(storage.migrate.HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(storage.migrate, "HERE", copy)
    text = draft("nothing").read_text()
    assert re.findall(r"^    pass$", text, re.MULTILINE) == ["    pass", "    pass"]
