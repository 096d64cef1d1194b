"""Fixtures."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import settings
from sqlalchemy import Engine

from storage.sql import engine
from tests.effort import tries
from tests.kit import World, migrate_by_copy, new_world

# No example has a deadline, since the machine may be busy.
settings.register_profile("ours", max_examples=tries(100), deadline=None)
settings.load_profile("ours")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two cores: a third of the suite's time is spent waiting for browsers, processes and servers."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end, so the garbage collector need not visit it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Lets all SQLite engines share one dialect. SQLAlchemy caches compiled statements per dialect object and each
    engine creates its own, so a quarter of the suite's time went into compiling."""
    first = engine.open_engine("sqlite://")
    first.connect().close()

    def create_engine(*args: Any, **options: Any) -> Engine:
        made = sqlalchemy.create_engine(*args, **options)
        if made.dialect.name == "sqlite":
            made.dialect = first.dialect
            made.update_execution_options(compiled_cache=compiled)
        return made

    compiled: dict[Any, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", create_engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def _migrations_run_once() -> Iterator[None]:
    """New databases of the command line and of rehearsals are copies, as those of `world` are. Those of other processes
    and of PostgreSQL run every migration."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.sql.migrate.migrate", migrate_by_copy)
        yield


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The demo cohort on its first Monday, 09:00 in Berlin."""
    made = new_world(tmp_path)
    yield made
    made.app.storage.close()


@pytest.fixture(autouse=True)
def _no_view_is_cut(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A view is shown without what a feature fails to add; a test then fails, unless it clears the log."""
    yield
    assert [r.getMessage() for r in caplog.get_records("call") if r.name == "bot.runtime.mounted"] == []
